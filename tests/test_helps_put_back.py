"""Helps are put back: each change that a help names leaves the plan without what it answers, and with no new error."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.diagnostic import Diagnostic, Edit, Severity
from scaleplan.study import Studied
from tests.given import study_of

BAD = sorted((Path(__file__).parent.parent / "plans" / "bad").glob("*.yaml"))
#: What no text could be put in place for, by code, and why.
TRADERS_CHOICE = {
    "which of two is meant": "SP010 SP011 SP012 SP014 SP121 SP133 SP205 SP210 SP501",
    "a figure, a word or a file that only the trader knows": (
        "SP008 SP013 SP018 SP101 SP104 SP105 SP106 SP109 SP110 SP111 SP113 SP116 SP120 SP123 SP124 SP125 "
        "SP119 SP126 SP130 SP131 SP132 SP135 SP206 SP209 SP305 SP414 SP605 SP606 SP609 SP820 SP821"
    ),
    "more than one place changes": "SP204 SP301 SP306 SP307 SP603",
    "another plan: other prices, another size or another leverage": (
        "SP118 SP201 SP202 SP203 SP208 SP302 SP303 SP304 SP309 SP401 SP402 SP403 SP404 SP405 SP407 SP408 SP409 SP412 "
        "SP413 SP502 SP505 SP508 SP509 SP511 SP512 SP513 SP601 SP602 SP607 SP702 SP703 SP704 SP705"
    ),
    "nothing that stands in the text of a plan": "SP019",
}
CHOICES = frozenset(code for codes in TRADERS_CHOICE.values() for code in codes.split())
#: Those of which the bad plan is one that can be mended.
OTHERS = {"SP108"}


def applied(text: str, edit: Edit) -> str:
    """Returns the text with a change made."""
    return text[: edit.span.start] + edit.text + text[edit.span.end :]


def errors_of(found: Studied) -> set[tuple[str, str, str]]:
    """Returns what is wrong at error level."""
    return {(one.code, one.path, one.message) for one in found.diagnostics if one.severity is Severity.ERROR}


def is_told(found: Studied, diagnostic: Diagnostic) -> bool:
    """Returns whether a study says of the same place what a diagnostic says."""
    said = (diagnostic.code, diagnostic.path, diagnostic.message)
    return any((one.code, one.path, one.message) == said for one in found.diagnostics)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_the_help_of_a_bad_plan_mends_it(path: Path) -> None:
    """Every change of every help; what has none is the trader's choice, listed with the reason."""
    text = path.read_text(encoding="utf-8")
    found = study_of(text, str(path))
    for diagnostic in found.diagnostics:
        edits = [edit for edit in diagnostic.edits if edit.span.source.name == str(path)]
        assert edits or diagnostic.code in CHOICES, (diagnostic.code, diagnostic.help)
        for edit in edits:
            mended = study_of(applied(text, edit), str(path))
            assert not is_told(mended, diagnostic), (diagnostic.message, diagnostic.help, edit.text)
            assert errors_of(mended) <= errors_of(found), (diagnostic.help, edit.text)


def test_no_choice_is_listed_in_vain() -> None:
    """A code is listed only where some help of it, over the bad plans, names no change."""
    without = {
        diagnostic.code
        for path in BAD
        for diagnostic in study_of(path.read_bytes(), str(path)).diagnostics
        if not diagnostic.edits
    }
    assert without == CHOICES


#: Plans in which nothing is wrong, each with a price far from the others'.
GOOD = {
    "linear": (
        "symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nmaintenance: 0.5%\naccount: {equity: 10000, max_risk: 5%}\n"
        "fees: {maker: 0.02%, taker: 0.05%}\nsize: 3000 USDT\n"
        "tiers:\n  - {price: 60000, share: 50%}\n  - {price: 59000, share: 50%}\nstop: 57000\n"
        "targets:\n  - {price: 63000, close: 50%, stop: breakeven}\n  - {price: 66000, close: rest}\n"
        "time_stop: {after: 48h}\n"
    ),
    "short": (
        "symbol: DOGE/USDT:USDT\nside: short\nleverage: 3\nmaintenance: 1%\naccount:\n  equity: 2000 USDT\n"
        "  max_risk: 5%\nfees: {maker: 0.02%, taker: 0.05%}\nsize: 10% equity\ntiers: [0.1234, 0.1266]\nstop: 0.1303\n"
        "targets: [50% at 0.118, rest at 2R]\nexpires: 3d\n"
    ),
    "pair": (
        "symbol: EUR/USD\nside: long\nleverage: 20\nmaintenance: 0.5%\naccount: {equity: 50000 USD}\n"
        "fees: {maker: 0%, taker: 0.01%}\nsize: 40000 USD\ntiers: [50% at 1.1, 50% at 1.0975]\nstop: 1.092\n"
        "targets: [1.11, 1.12]\nstyle: dca\n"
    ),
    "spot": (
        "symbol: SOL/USDT\nside: long\nsize: 900 USDT\ninstrument: {tick_size: 0.5}\n"
        "tiers: {from: 150, to: 130, count: 3}\nstop: 118\ntargets: [50% at 170, 50% at 180]\n"
    ),
    "inverse": (
        "symbol: BTC/USD:BTC\nside: short\nleverage: 2\nmaintenance: 0.5%\naccount: {equity: 1 BTC, max_risk: 10%}\n"
        "fees: {maker: 0.02%, taker: 0.05%}\nsize: 0.1 BTC\ntiers: [60000]\nstop: 62000\ntargets: [56000]\n"
    ),
    "futures": (
        "symbol: ES/USD\nside: long\naccount: {equity: 100000 USD, max_risk: 5%}\n"
        "margin: {initial: 15000 USD per contract, maintenance: 13500 USD per contract}\n"
        "instrument: {tick_size: 0.25, contract_size: 50}\nfees: 2.25 USD per contract\nsize: 2 contracts\n"
        "tiers: [5400, 5390]\nstop: 5360\ntargets: [1 contract at 5450, rest at 5500]\n"
    ),
}
#: How a text is broken: what stands in it, and what a slip or a habit from elsewhere makes of it.
SLIPS = [
    *(("57000", "below 57000"), ("57000", "-3"), ("5360", "-40 pts"), ("stop: 5360", "stop: -0.5 percent")),
    *(("leverage: 5", "leverage: 5:1"), ("side: long", "side: buy"), ("50% at 1.1", "1.1 (50%)")),
    *(("side:", "sde:"), ("leverage:", "levrage:"), ("targets:", "target:"), ("symbol:", "simbol:")),
    *(
        ("\nsize:", "\namount:"),
        ("stop: 5", "sl: 5"),
        ("equity:", "balance:"),
        ("max_risk:", "risk:"),
        ("tiers:", "entry:"),
    ),
    *(("side: long", "side: lnog"), ("style: dca", "style: dac"), ("48h", "48"), ("3d", "3 dys"), ("0.05%", "0.05")),
    *(
        ("60000", "60,000"),
        ("59000", "59k"),
        ("57000", "-5%"),
        ("57000", "5%"),
        ("57000", "57000 usd"),
        ("1.11", "1,11"),
    ),
    *(
        ("3000 USDT", "$3000"),
        ("3000 USDT", "3,000 USDT"),
        ("3000 USDT", "3000"),
        ("3000 USDT", "3k"),
        ("max_risk: 5%", "max_risk: 0.05"),
    ),
    *(("0.1 BTC", "0.1btc"), ("1 BTC", "1"), ("10% equity", "10%"), ("10% equity", "10 equity"), ("900 USDT", "900")),
    *(
        ("40000 USD", "40k USD"),
        ("50% at", "50% @"),
        ("50% at", "50"),
        ("50% at 1.1", "1.1 @ 50%"),
        ("rest at", "rest"),
    ),
    *(
        ("share: 50%", "share: 0.5"),
        ("close: 50%", "close: 50"),
        ("close: rest", "close: 150%"),
        ("2R", "2 R"),
        ("1.1", "\u0661.\u0661"),
    ),
    *(("breakeven", "break even"), ("breakeven", "tier 3"), ("BTC/USDT:USDT", "BTCUSDT"), ("SOL/USDT", "SOL-USDT")),
    *(
        ("USDT:USDT", "USDT:BTC"),
        ("price: 60000", "entry: 60000"),
        ("close: 50%", "percent: 50%"),
        ("after:", "afetr:"),
    ),
    *(
        ("tick_size", "tickSize"),
        ("contract_size", "multiplier"),
        ("initial:", "initialMargin:"),
        ("count: 3", "count: 1"),
    ),
    *(
        ("2.25 USD", "2,25 USD"),
        ("2.25 USD per contract", "2.25"),
        ("15000 USD per contract", "15000"),
        ("stop: 118", "stop: @118"),
    ),
    *(
        ("stop: 118", "stop: \u00a0118"),
        ("size: 900", "size: &a 900"),
        ("size: 900", "size: !!int 900"),
        ("62000", "62000 # high"),
        ("1 contract", "1 lot"),
    ),
    *(
        ("2 contracts", "2"),
        ("3000 USDT", "3000 EUR"),
        ("{equity: 10000,", "{equity: 10000 EUR,"),
        ("0.5%", "0,5%"),
        ("1.092", "1.1 -80 ticks"),
    ),
    *(
        ("stop: 1.092", "stop: -80 ticks"),
        ("stop: 118", "stop: 118,5"),
        ("side: short", "side: Sell"),
        ("rest at 2R", "rest at 2"),
    ),
]


@st.composite
def _broken(draw: st.DrawFn) -> tuple[str, str]:
    """Draws a good plan and the same with a line, or a part of one, left out or written as a slip has it."""
    good = draw(st.sampled_from(sorted(GOOD.values())))
    lines = good.splitlines(keepends=True)
    if draw(st.booleans()):
        begins = [index for index, line in enumerate(lines) if not line.startswith(" ")]
        at = draw(st.sampled_from(begins))
        end = next((index for index in begins if index > at), len(lines))
        return good, "".join(lines[:at] + lines[end:])
    slips = [(typed, wrong) for typed, wrong in SLIPS if typed in good]
    typed, wrong = draw(st.sampled_from(slips))
    return good, good.replace(typed, wrong, 1)


@given(_broken())
@settings(max_examples=60)
def test_the_help_of_a_slip_mends_it(drawn: tuple[str, str]) -> None:
    """Of every help, whatever its level: the plan is without what it answers, and no error comes in its place."""
    good, text = drawn
    assert not errors_of(study_of(good))
    found = study_of(text)
    for diagnostic in found.diagnostics:
        # What one contract is only the trader knows.
        is_choice = diagnostic.code in CHOICES | OTHERS or diagnostic.help.startswith("add `contract_size`, what")
        assert diagnostic.edits or diagnostic.severity is not Severity.ERROR or is_choice
        for edit in diagnostic.edits:
            mended = study_of(applied(text, edit))
            assert not is_told(mended, diagnostic), (diagnostic.message, diagnostic.help, edit.text)
            assert errors_of(mended) <= errors_of(found), (diagnostic.help, edit.text, errors_of(mended))


@pytest.mark.parametrize(
    ("kind", "key", "help"),
    [
        # 59,000 less 3%; at 20x 30% of the margin's 5% below 1.0975; 0.1266 and 3%, each in four digits.
        ("linear", "stop", "add `stop: 57230`, or `stop: none`"),
        ("pair", "stop", "add `stop: 1.081`, or `stop: none`"),
        ("short", "stop", "add `stop: 0.1304`, or `stop: none`"),
        ("inverse", "side", "add `side: short`"),
        ("futures", "symbol", "add `symbol: BTC/USD`"),
        ("inverse", "leverage", "add `leverage: 10`"),
        ("linear", "size", "add `size: 1000 USDT`"),
        ("futures", "size", "add `size: 2 contracts`"),
    ],
)
def test_an_example_is_made_of_the_plan(kind: str, key: str, help: str) -> None:
    """Prices, currencies, side and equity are those that the plan has."""
    text = "".join(f"{line}\n" for line in _without(GOOD[kind].splitlines(), key))
    assert any(one.help.startswith(help) for one in study_of(text).diagnostics), [
        one.help for one in study_of(text).diagnostics
    ]


def _without(lines: list[str], key: str) -> list[str]:
    """Returns the lines of a plan without a key and what stands below it."""
    at = next(index for index, line in enumerate(lines) if line.startswith(f"{key}:"))
    end = next((index for index in range(at + 1, len(lines)) if not lines[index].startswith(" ")), len(lines))
    return lines[:at] + lines[end:]


def test_an_example_lies_on_the_side_of_its_key() -> None:
    """A stop of a long is below its tiers, of a short above, at any price and leverage that leaves room."""
    for text in GOOD.values():
        without = "\n".join(_without(text.splitlines(), "stop")) + "\n"
        (edit, *_) = [edit for one in study_of(without).diagnostics if one.code == "SP102" for edit in one.edits]
        plan = study_of(applied(without, edit)).plan
        assert plan is not None
        assert plan.stop is not None
        assert all(plan.sign * (tier.price - plan.stop) > Decimal(0) for tier in plan.tiers)


@st.composite
def _plans(draw: st.DrawFn) -> tuple[str, str]:
    """Draws a plan at any price, side and leverage, and a key that it is written without."""
    side = draw(st.sampled_from(["long", "short"]))
    sign = 1 if side == "long" else -1
    first = draw(st.sampled_from(["0.00001234", "0.5512", "1.0845", "148.3", "4321.5", "61234", "1512000000"]))
    leverage = draw(st.integers(1, 20))
    step = Decimal("0.25") / leverage

    def at(steps: Decimal | int) -> str:
        return f"{Decimal(first) * (1 + sign * steps * step / 4):.12f}".rstrip("0").rstrip(".")

    tiers = ", ".join(at(-each) for each in range(draw(st.integers(1, 3))))
    lines = {
        "symbol": "symbol: ABC/USDT:USDT",
        "side": f"side: {side}",
        "leverage": f"leverage: {leverage}",
        "maintenance": "maintenance: 0.4%",
        "account": "account: {equity: 100000}",
        "fees": "fees: {maker: 0.01%, taker: 0.04%}",
        "size": f"size: {draw(st.integers(1000, 20000))} USDT",
        "tiers": f"tiers: [{tiers}]",
        "stop": f"stop: {at(-3)}",
        "targets": f"targets: [50% at {at(2)}, rest at {at(5)}]",
    }
    without = draw(st.sampled_from(["symbol", "side", "leverage", "account", "fees", "size", "tiers", "stop"]))
    return without, "\n".join(line for key, line in lines.items() if key != without) + "\n"


@given(_plans())
@settings(max_examples=60)
def test_what_a_drawn_plan_lacks_can_be_added_as_the_help_says(drawn: tuple[str, str]) -> None:
    """At any price and leverage the example lies where the plan takes it: no error comes of it."""
    without, text = drawn
    found = study_of(text)
    for diagnostic in found.diagnostics:
        for edit in diagnostic.edits:
            mended = study_of(applied(text, edit))
            assert not is_told(mended, diagnostic), (without, diagnostic.message, edit.text)
            assert errors_of(mended) <= errors_of(found), (without, diagnostic.help, errors_of(mended))
