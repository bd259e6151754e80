"""Laws of `import`: no bytes break it, a rendered signal reads back however it is copied, and no price is made up."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.diagnostic import Severity
from scaleplan.draft.imported import ImportedSignal, import_signal
from scaleplan.plan import Plan, Side
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Fixed
from scaleplan.report.orders.cornix import signal_of
from scaleplan.signals.text import MOST_BYTES, cleaned
from scaleplan.signals.words import Wishes
from scaleplan.source import Source
from scaleplan.study import Session, Study
from tests.test_hostile_text import too_slow

#: What hostile texts are made of.
PIECES = (
    *("Entry", "Entry zone", "SL", "TP", "Target 1:", "Sell", "Buy", "Stop:", "Leverage:", "Amount: 5%", "RM 1%"),
    *("#BTC/USDT", "ETHUSDT", "$SOL", "XAUUSD", "LONG", "SHORT", "шорт", "20x", "3-5x", "1)", "2.", "7) 🚀", "market"),
    *("Stop: Moving 2 Target - Trigger: Target (2)", "Stop: Percent Below Highest (1%) - Trigger: Target (1)"),
    *("100", "1,234", "65.000", "60K", "0", ".5", "1e5", "0.0₄1", "9" * 40, "5%", "-", "(", ")", "\n", " ", "@", "🎯"),
    *(
        "Breakout",
        "Signal Type: ",
        "spot",
        "Cross",
        "above",
        "below",
        "sats",
        "\u200f",
        "１",
        "100%",
        "hit",
        "cancelled",
    ),
)
WISHES = (
    Wishes(),
    Wishes(equity="10000", zone_tiers=3),
    Wishes(price=Decimal(100), quote="USDT", nth=1),
    Wishes(leverage="x", size="1"),
    Wishes(scale=Decimal("0.0001"), side=Side.LONG),
)


class Signal(NamedTuple):
    """A signal of Cornix, as its help page has them: what is rendered, and what is read again."""

    side: Side
    leverage: int
    cross: bool
    entries: tuple[tuple[Decimal, int], ...]
    targets: tuple[tuple[Decimal, int], ...]
    stop: Decimal
    breakeven: int

    def rendered(self) -> str:
        """Returns its text."""
        mode = "Cross" if self.cross else "Isolated"
        lines = [
            "#ABC/USDT",
            f"Signal Type: Regular ({self.side.value.title()})",
            f"Leverage: {mode} ({self.leverage}X)",
            "",
            "Entry Targets:",
            *(f"{index}) {plain(price)} - {share}%" for index, (price, share) in enumerate(self.entries, 1)),
            "",
            "Take-Profit Targets:",
            *(f"{index}) {plain(price)} - {share}%" for index, (price, share) in enumerate(self.targets, 1)),
            "",
            "Stop Targets:",
            f"1) {plain(self.stop)} - 100%",
        ]
        if self.breakeven:
            lines += ["", "Trailing Configuration:", "Stop: Breakeven -", f"  Trigger: Target ({self.breakeven})"]
        return "\n".join(lines) + "\n"


@st.composite
def signals(draw: st.DrawFn) -> Signal:
    """Draws a signal whose entries lie between its stop and its targets, all within ten times of each other."""
    side = draw(st.sampled_from(Side))
    digits = draw(st.integers(0, 6))
    steps = sorted(draw(st.sets(st.integers(2_000, 15_000), min_size=3, max_size=12)))
    prices = [Decimal(step).scaleb(-digits) for step in (steps if side is Side.LONG else steps[::-1])]
    count = draw(st.integers(1, len(prices) - 2))
    entries, targets = prices[1 : count + 1][::-1], prices[count + 1 :]
    return Signal(
        side,
        draw(st.integers(1, 125)),
        draw(st.booleans()),
        tuple(zip(entries, draw(shares(len(entries))), strict=True)),
        tuple(zip(targets, draw(shares(len(targets))), strict=True)),
        prices[0],
        draw(st.integers(0, max(0, len(targets) - 1))),
    )


def shares(count: int) -> st.SearchStrategy[list[int]]:
    """Draws whole percentages above zero that add up to a hundred."""
    cuts = st.sets(st.integers(1, 99), min_size=count - 1, max_size=count - 1).map(sorted)
    return cuts.map(lambda found: [b - a for a, b in zip([0, *found], [*found, 100], strict=True)])


def imported(text: str | bytes, wishes: Wishes = WISHES[0]) -> ImportedSignal:
    """Returns what is made of a text."""
    data = text.encode(errors="ignore") if isinstance(text, str) else text
    return import_signal("signal.txt", data, wishes, Session())


def as_signal(plan: Plan) -> Signal:
    """Returns the signal that a plan says."""
    return Signal(
        plan.side,
        int(plan.leverage),
        str(plan.margin_mode) == "cross",
        tuple((tier.price, int((tier.share or Fraction(1)) * 100)) for tier in plan.tiers),
        tuple(
            (target.price.price, int(target.close.amount * 100))
            for target in plan.targets
            if isinstance(target.price, Fixed)
        ),
        plan.stop or Decimal(0),
        next((index for index, target in enumerate(plan.targets, 1) if target.stop is not None), 0),
    )


COPIES: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text.replace("\n", "\r\n"),
    lambda text: " ".join(text.split()),
    lambda text: text.replace("\n", ""),
    lambda text: text.upper(),
    lambda text: text.lower(),
    lambda text: re.sub(r"(?m)^", "> ", text),
    lambda text: re.sub(r"(?m)^([A-Za-z -]+):", "**\\1:**", text),
    lambda text: re.sub(r"(?m)^(\d)\) ", "\\1\ufe0f\u20e3 ", text),
    lambda text: re.sub(r"(?m)^(\d+)\) ", "🔹 ", text),
    lambda text: "".join(f"{sign}\u200b" for sign in text),
    lambda text: "\u202e" + text.replace(" ", "\u00a0"),
    lambda text: "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in text),
    lambda text: "".join(chr(ord(sign) - 0x30 + 0x0660) if sign.isdigit() else sign for sign in text),
    lambda text: text.replace(") ", ")"),
    lambda text: re.sub(r"(?m)^(\d+)\) ", "\\1. ", text),
    lambda text: re.sub(r" - (\d+%)", r" (\1)", text),
    lambda text: text.replace("\n\n", "\n\n\n\n").replace(": ", " :  "),
    lambda text: f"⚡⚡ NEW ⚡⚡\n{text}\nJoin us: https://t.me/x/123 for 24/7 support\nAccuracy 92.5%",
    lambda text: text.replace("Take-Profit Targets", "🎯 Targets").replace("Stop Targets", "❌ SL"),
)


@given(signals(), st.sampled_from(COPIES))
@settings(max_examples=80, deadline=None)
def test_a_rendered_signal_reads_back(signal: Signal, copied: Callable[[str], str]) -> None:
    """Whatever copying does to it: line ends, blanks, marks that nobody sees, digits of other scripts, bullets."""
    found = imported(copied(signal.rendered()))
    assert isinstance(found.study, Study), [each.message for each in found.diagnostics]
    assert as_signal(found.study.plan) == signal


#: Lines with numbers that say nothing of a plan.
PROSE = (
    *("Risk management: close 50% at TP1", "High risk trade! use small size, 75% of profits", "Risk: low. 80% success"),
    *(
        "Reduce risk: take 25% off at 155",
        "Current price: 155",
        "Price now: 155.5",
        "Average entry 149",
        "Re-entry: 140",
    ),
    *("Trailing stop 5% after TP1", "After TP1 move SL to 152", "Emergency stop 130", "(old SL 140)", "This can 10x"),
    *("Support at 140, resistance at 165", "Valid for 24h, RR 1:3", "Close 60% 30% 5% 3%", "RSI 30, volume 2x"),
    *("Cancel the trade if it falls below 147", "Never risk 5% of your account", "Last signal made 35% in 2 hours"),
    *(
        "24h high 165, 24h low 140",
        "EMA 50 and EMA 200 golden cross",
        "Profit 30-50% expected",
    ),
)


@given(signals(), st.lists(st.sampled_from(PROSE), min_size=1, max_size=4, unique=True), st.booleans())
@settings(max_examples=60, deadline=None)
def test_prose_changes_no_plan(signal: Signal, prose: Sequence[str], before: bool) -> None:  # noqa: FBT001
    """A number belongs to a word only where the line says so: the plan is that of the signal, and each line is told."""
    lines = "\n".join(prose)
    text = f"{lines}\n\n{signal.rendered()}" if before else f"{signal.rendered()}\n{lines}\n"
    found = imported(text, WISHES[1])
    assert isinstance(found.study, Study), [each.message for each in found.diagnostics]
    alone = imported(signal.rendered(), WISHES[1])
    assert found.yaml.replace("none is read", "none is said") == alone.yaml
    first = 1 if before else text[: text.index(lines)].count("\n") + 1
    told = {each.span.source.position(each.span.start).line for each in found.diagnostics}
    assert set(range(first, first + len(prose))) <= told


MOVES: dict[str, Callable[[Signal, int], str]] = {
    "breakeven": lambda signal, number: "entry" if number == signal.breakeven else "",
    "moving": lambda signal, number: behind(number, 1) if number >= signal.breakeven else "",
    "moving 2": lambda signal, number: behind(number, 2) if number >= max(2, signal.breakeven) else "",
    "percent": lambda signal, number: percent_below(signal, number) if number == signal.breakeven else "",
}


def behind(number: int, steps: int) -> str:
    """Returns the level that lies so many targets behind one."""
    return "entry" if number == steps else f"target {number - steps}"


def percent_below(signal: Signal, number: int) -> str:
    """Returns the level a quarter of a percent behind a target, on its losing side."""
    return f"target {number} {'-' if signal.side is Side.LONG else '+'}0.25%"


def plan_text(signal: Signal, move: str, order: str, size: str) -> str:
    """Returns the plan of a signal, written by hand."""
    count = len(signal.targets)
    lines = [f"symbol: ABC/USDT:USDT\nside: {signal.side}\nleverage: {signal.leverage}\nsize: {size}"]
    lines += [f"margin_mode: {'cross' if signal.cross else 'isolated'}", "account: {equity: 10000 USDT}", "tiers:"]
    lines += [f"  - {{price: {plain(price)}, share: {share}%, order: {order}}}" for price, share in signal.entries]
    lines += [f"stop: {plain(signal.stop)}", "targets:"]
    for number, (price, share) in enumerate(signal.targets, 1):
        stop = MOVES[move](signal, number) if signal.breakeven and number < count else ""
        lines.append(f"  - {{price: {plain(price)}, close: {share}%{f', stop: {stop}' if stop else ''}}}")
    return "\n".join(lines) + "\n"


@given(signals(), st.sampled_from(sorted(MOVES)), st.booleans(), st.sampled_from(("2% margin", "0.5% risk")))
@settings(max_examples=80, deadline=None)
def test_what_export_says_is_read_back(signal: Signal, move: str, breakout: bool, size: str) -> None:  # noqa: FBT001
    """`import(export --to cornix(P))` is P, and what is exported of that is the same text, for all that can be said."""
    order = "limit"
    if breakout and len(signal.entries) <= 2:
        order, signal = "stop", signal._replace(entries=signal.entries[::-1])
    study = Session().study("plan.yaml", plan_text(signal, move, order, size).encode())
    assert isinstance(study, Study)
    said = signal_of(study)
    assert not said.unsaid
    found = imported(said.text, Wishes(equity="10000 USDT"))
    assert isinstance(found.study, Study)
    again, plan = found.study.plan, study.plan
    kept = ("symbol", "side", "contract", "margin_mode", "leverage", "stop", "targets", "size", "account")
    assert [getattr(again, name) for name in kept] == [getattr(plan, name) for name in kept]
    assert [(tier.price, tier.share, tier.order) for tier in again.tiers] == [
        (tier.price, tier.share, tier.order) for tier in plan.tiers
    ]
    assert signal_of(found.study).text == said.text


@given(signals())
@settings(max_examples=25, deadline=None)
def test_the_other_side_is_the_mirror(signal: Signal) -> None:
    """Without its side a signal has that of its targets; with the other one it is no signal."""
    text = signal.rendered().replace("Signal Type: Regular (Long)", "").replace("Signal Type: Regular (Short)", "")
    found = imported(text)
    assert isinstance(found.study, Study)
    assert found.study.plan.side is signal.side
    other = Side.SHORT if signal.side is Side.LONG else Side.LONG
    assert imported(text, Wishes(side=other)).study is None


def numbers_in(text: str) -> set[Decimal]:
    """Returns every number of a text that is written without signs between digits."""
    return {Decimal(number) for number in re.findall(r"\d+(?:\.\d+)?|\.\d+", cleaned(Source("", text)).plain)}


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(("", " ", "\n", ": "))), max_size=40), st.data())
@settings(max_examples=120, deadline=None)
def test_no_text_breaks_it(pieces: Sequence[tuple[str, str]], data: st.DataObject) -> None:
    """There is a plan, or an error that says why; each price of a plan stands in the text, or is said as assumed."""
    text = "".join(piece + behind for piece, behind in pieces)
    wishes = data.draw(st.sampled_from(WISHES))
    found = imported(text, wishes)
    assert (found.study is None) == any(each.severity is Severity.ERROR for each in found.diagnostics)
    assert (found.study is None) == (not found.yaml)
    if isinstance(found.study, Study) and wishes.scale is None and wishes.price is None:
        plan = found.study.plan
        typed = {tier.price for tier in plan.tiers} | {
            target.price.price for target in plan.targets if isinstance(target.price, Fixed)
        }
        is_said = any("is read" in each.message or "satoshi" in each.message for each in found.diagnostics)
        known = numbers_in(text) | {number * 1000 for number in numbers_in(text)}
        assert typed <= known or is_said or "a zone" in found.yaml


@given(st.binary(max_size=400))
@settings(max_examples=60, deadline=None)
def test_no_bytes_break_it(data: bytes) -> None:
    """Any bytes at all, and any bytes behind a signal."""
    for text in (data, b"#SOL/USDT LONG\nEntry: 150\nTP: 160\nSL: 140\n" + data):
        found = imported(text)
        assert (found.study is None) == any(each.severity is Severity.ERROR for each in found.diagnostics)


@given(signals(), st.text(max_size=60))
@settings(max_examples=30, deadline=None)
def test_what_is_said_has_its_place(signal: Signal, noise: str) -> None:
    """Every diagnostic stands inside the text, and the plan is what `fmt` leaves."""
    text = f"{noise}\n{signal.rendered()}"
    found = imported(text)
    for each in found.diagnostics:
        assert 0 <= each.span.start <= each.span.end <= len(each.span.source.text)
    if found.study is not None:
        again = Session().study("import.yaml", found.yaml.encode())
        assert isinstance(again, Study)
        assert again.plan == found.study.plan


HUGE = (
    *("A", "1,", "5-", "(", "\n", "e\u0301", "BTC/USDT\n", "Entry ", "TP1 100 ", "Stop: a ", "leverage isolated "),
    *("buy zone (", "buy targets ", "target 1 ", "Stop:\n\n\n\n", "a.", "#BTC/USDT LONG Entry 100 TP 110 SL 90\n"),
)


@pytest.mark.parametrize("piece", HUGE)
def test_a_signal_takes_time_in_proportion_to_its_length(piece: str) -> None:
    """No pattern looks over the same characters again and again, up to the longest text that is read."""

    def make(length: int) -> str:
        return "#SOL/USDT LONG\n" + piece * (length // len(piece.encode()))

    assert not too_slow(make, imported, MOST_BYTES - 1_000)
