"""Helps lead to what was meant: a word of the trade to the key that means it, never to one that looks like it."""

from decimal import Decimal

import pytest

from scaleplan.diagnostic import Diagnostic
from tests.given import plan_of, study_of

PLAN = """\
symbol: BTC/USDT:USDT
leverage: 5
maintenance: 0.5%
fees: {maker: 0.02%, taker: 0.05%}
"""
LONG = f"{PLAN}side: long\naccount: {{equity: 10000}}\nsize: 5000 USDT\ntiers: [60000, 59000]\nstop: 57000\n"


def unknown(text: str) -> Diagnostic:
    """Returns the one diagnostic of an unknown key, or of a venue."""
    (found,) = [one for one in study_of(text).diagnostics if one.code in ("SP103", "SP129")]
    return found


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("tp: 64000", "write `targets: [64000]`"),
        ("take_profit: 64000", "write `targets: [64000]`"),
        ("tp1: 64000", "write `targets: [64000]`"),
        ("sl: 57000", "delete it, because `stop` is written already"),
        ("stop_loss: 57000", "delete it, because `stop` is written already"),
        ("entry: 60000", "a tier is an item of `tiers:`: write `60000` there, and delete it here"),
        ("risk: 2%", "`size` is written already; as a limit write `max_risk: 2%` under `account:`, and delete it here"),
        ("trailing_stop: 3%", "write `trail: 3%` at the last target: what is left trails from there"),
        ("amount: 3", "delete it, because `size` is written already"),
        ("qty: 3", "delete it, because `size` is written already"),
        ("balance: 9000", "write `equity: 9000` under `account:`, and delete it here"),
        ("exchange: okx", "write `venue`"),
        ("tick_size: 0.1", "write it under `instrument:`, as `instrument: {tick_size: 0.1}`"),
        ("max_risk: 3%", "write `max_risk: 3%` under `account:`, and delete it here"),
        ("margin_type: isolated", "write `margin_mode`"),
        ("be: 61000", "write `stop: breakeven` at the target after which the stop moves"),
        ("venue: bitget", "write one of binance, bybit, "),
    ],
)
def test_a_word_of_the_trade_leads_to_the_key_that_means_it(line: str, help: str) -> None:
    """Not to the one that is nearest in letters, and not past what is written already."""
    assert unknown(LONG + line + "\n").help.startswith(help)


def with_line(line: str) -> str:
    """Returns the plan with a key, and what stands below it, written otherwise."""
    key = line.partition(":")[0]
    return "".join(kept + "\n" for kept in LONG.splitlines() if not kept.startswith(f"{key}:")) + line + "\n"


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("stop: 2 ATR", "nothing here measures it: work it out, as a price or as a distance such as `-3%`"),
        ("stop: 3%", "write `-3%`"),
        ("invalidation: 3%", "write `-3%`"),
        ("targets: [3%]", "write `+3%`"),
        ("stop: 10k", "write it out: `10000`"),
        ("tiers: [60000 @ 50%, 50% at 59000]", "write `50% at 60000`"),
        ("tiers: [60000 50%, 50% at 59000]", "write `50% at 60000`"),
        ("tiers: [2 at 60000, 50% at 59000]", "write `2 contracts at 60000`"),
        ("targets:\n  - 30% at 61000, stop: breakeven", "write `{price: 61000, close: 30%, stop: breakeven}`"),
        ("size: $5000", "write `5000 USDT`"),
        ("size: 5000 €", "write `5000 USDT`"),
        ("size: 5k", "write `5000 USDT`"),
        ("size: 5k USDT", "write `5000 USDT`"),
        ("size: 0.5btc", "write `0.5 BTC`"),
        ("account: 10000", "write `{equity: 10000}`"),
        ("account: {equity: $10000}", "write `10000`"),
        ("account: 10k", "write `{equity: 10000}`"),
        ("stop: 1.5x ATR", "nothing here measures it"),
        ("stop: 3 percent", "write `-3%`"),
        ("stop: -300 pts", "write `-300 points`"),
        ("stop: -3", "write `-3%` or `-3 points` as a distance"),
        ("stop: below 57000", "write `57000`"),
        ("targets: [tp1 64000]", "write `64000`"),
        ("tiers: [60000 (50%), 50% at 59000]", "write `50% at 60000`"),
        ("tiers: [60000=50%, 50% at 59000]", "write `50% at 60000`"),
        ("side: Buy", "write `long`"),
        ("leverage: x5", "write `5`"),
        ("leverage: 1:5", "write `5`"),
        ("size: 3 coins", "write `3 BTC`"),
        ("size: all in", "write `5 USDT` (money)"),
        ("fees: 0.02%/0.05%", "write `{maker: 0.02%, taker: 0.05%}`"),
        ("expires: 3 dys", "write `3d`"),
    ],
)
def test_a_help_is_made_of_what_was_typed(line: str, help: str) -> None:
    """The trader's own number comes back in the form that the language has for it."""
    (found,) = [one for one in study_of(with_line(line)).diagnostics if one.severity == "error"]
    assert found.help.startswith(help)


def test_a_distance_of_a_short_lies_on_the_other_side() -> None:
    """The stop of a short is above tier 1, its targets are below."""
    short = with_line("side: short").replace("57000", "3%") + "targets: [4%]\n"
    helps = [one.help for one in study_of(short).diagnostics if one.severity == "error"]
    assert helps == ["write `+3%`", "write `-4%`"]


def test_a_lot_of_a_pair_is_a_hundred_thousand() -> None:
    """One contract of a coin may be anything; a lot of a pair of currencies is 100,000 of the first."""
    text = "symbol: EUR/USD\nside: long\nsize: 1 lot\ntiers: [1.1]\nstop: 1.09\n"
    (found,) = [one for one in study_of(text).diagnostics if one.severity == "error"]
    assert found.help.startswith("add `instrument: {contract_size: 100000}`")


@pytest.mark.parametrize(
    "line",
    [
        *("side: LONG", "margin_mode: Isolated", "style: DCA", "time_stop: 48h", "time_stop: {after: 2 days}"),
        *("fees: 0.1%", "expires: 3 hours", "size: 5000\u00a0USDT", "targets: [50%\u202fat 62000, rest\u3000at 63000]"),
    ],
)
def test_what_is_plain_is_taken(line: str) -> None:
    """Words in any case, a duration in words, one rate for both fees, a blank that was pasted from a page."""
    assert not [one for one in study_of(with_line(line)).diagnostics if one.severity == "error"]


def test_a_fee_of_another_name_is_a_taker_fee() -> None:
    """Which every stop pays."""
    (found,) = [one for one in study_of(with_line("fees: {commission: 0.05%}")).diagnostics if one.code == "SP103"]
    assert found.help == "write `taker`"


def test_one_rate_is_that_of_both_fees() -> None:
    """0.1% on 5,000 bought and on what it is worth at the stop."""
    plan = plan_of(with_line("fees: 0.1%"))
    assert (plan.fees.maker, plan.fees.taker) == (Decimal("0.001"), Decimal("0.001"))


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2009", "\u3000"])
@pytest.mark.parametrize("line", ["stop:{}57000", "checklist:\n  -{}no news\n  - no size", "notes:\n{}- a\n"])
def test_a_wide_blank_where_yaml_needs_a_plain_one_is_named(blank: str, line: str) -> None:
    """As indent, or behind a dash or a colon; nothing else is wrong."""
    (found,) = [one for one in study_of(with_line(line.format(blank))).diagnostics if one.severity == "error"]
    assert f"U+{ord(blank):04X}" in found.message


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("instrument: {step_size: 0.001}", "write `lot_size`"),
        ("instrument: {tick_value: 12.5}", "delete it: a tick is worth `contract_size` times `tick_size`"),
        ("targets: [{price: 64000, percent: 50%}]", "write `close`"),
        ("funding: {rate: 0.01%, evry: 8h, hold: 1d}", "write `every`"),
    ],
)
def test_a_word_inside_a_mapping_leads_to_its_key(line: str, help: str) -> None:
    """A slip of a letter leads to the key, and another word to the one that means it."""
    assert unknown(LONG + line + "\n").help.startswith(help)


@pytest.mark.parametrize("key", ["symbol", "leverage", "maintenance", "side", "account", "tiers", "equity", "taker"])
@pytest.mark.parametrize("at", [0, 2, -1])
def test_a_slip_is_mended_by_its_edit(key: str, at: int) -> None:
    """A letter left out of a key: the edit of the help gives the plan back, with the diagnostics that it had."""
    slipped = key[:at] + key[at:][1:]
    text = LONG.replace(f"{key}:", f"{slipped}:")
    (edit,) = unknown(text).edits
    assert text[: edit.span.start] + edit.text + text[edit.span.end :] == LONG


def test_no_help_repeats_a_long_value() -> None:
    """A key of another name with a megabyte behind it is told in a line."""
    for line in (f"tp: {'9' * 100_000}", f"targets:\n  - 30% at 2100, stop: {'9' * 100_000}"):
        text = f"symbol: BTC/USDT\nside: long\nsize: 900 USDT\ntiers: [150]\nstop: 118\n{line}\n"
        assert all(len(diagnostic.help) < 300 for diagnostic in study_of(text).diagnostics)


@pytest.mark.parametrize(
    "line",
    [
        "multiplier: 50",
        "contract_size: 50",
        "point_value: 50",
        "instrument: {multiplier: 50}",
        "instrument: {contract_sise: 50}",
        "instrument: {tick_size: 1}\nmultiplier: 50",
    ],
)
@pytest.mark.parametrize("sizes", ["size: 2 contracts\ntiers: [5400]", "tiers: [{price: 5400, size: 2 contracts}]"])
def test_what_stands_in_another_place_is_not_asked_for_as_well(line: str, sizes: str) -> None:
    """Two helps that each add a contract size, one of them an example's, would leave the example's."""
    text = f"symbol: ES/USD\nside: long\nleverage: 10\n{line}\n{sizes}\nstop: 5360\n"
    assert [one.code for one in study_of(text).diagnostics if one.severity == "error"] == ["SP103"]


def test_each_target_without_a_price_is_asked_for_one() -> None:
    """A key that is missing in two places is missing twice."""
    text = f"{LONG}targets: [{{close: 50%}}, {{close: 50%}}]\n"
    assert [one.code for one in study_of(text).diagnostics if one.severity == "error"] == ["SP102", "SP102"]
