"""Rules that ask every path: what can never fill or be hit, and what goes wrong in another order than listed."""

import pytest

from scaleplan.diagnostic import Severity
from tests.given import studied, told
from tests.reported import show_text

HEAD = "symbol: BTC/USDT\nside: long\nsize: 900 USDT\nstyle: range\n"
SHORT = HEAD.replace("long", "short").replace("BTC/USDT", "BTC/USDT:USDT") + "leverage: 1\nmaintenance: 0.1%\n"


# The machine is asked only where it is needed


@pytest.mark.parametrize(
    "tiers",
    [
        "[100]",
        "[100, 95, 90]",
        "[100, {price: 105, order: stop}, {price: 110, order: stop}]",
        "[100, {price: 105, order: stop, after: tier 1}]",
    ],
)
def test_tiers_on_one_line_need_no_machine(tiers: str) -> None:
    """Each is met after the one before: the ladder has said all."""
    assert studied(HEAD + f"tiers: {tiers}\nstop: 80\n").facts is None


@pytest.mark.parametrize(
    "tiers",
    ["[100, 95, 97]", "[100, {price: 98, after: 104}]", "[100, {price: 95, after: tier 3}, 90]", "[100, 100]"],
)
def test_another_order_asks_the_machine(tiers: str) -> None:
    """A tier between others, one that waits, twins: what fills first is not the table's to say."""
    assert studied(HEAD + f"tiers: {tiers}\nstop: 80\n").facts is not None


# Tiers that never fill


def test_a_tier_that_waits_for_what_cannot_come_never_fills() -> None:
    """Below the stop at 90 nothing trades while the plan lives: 89 does not, 91 does."""
    (found,) = told("SP208", HEAD + "tiers: [100, {price: 95, after: 89}]\nstop: 90\n")
    assert found.severity is Severity.ERROR
    assert found.path == "tiers[1].after"
    assert "tier 2 at 95.00 after 89.00 has traded never fills" in found.message
    assert not told("SP208", HEAD + "tiers: [100, {price: 95, after: 91}]\nstop: 90\n")


def test_a_short_waits_in_vain_above_its_stop() -> None:
    """The mirror: the stop at 110, an `after` at 111."""
    assert told("SP208", SHORT + "tiers: [100, {price: 105, after: 111}]\nstop: 110\n")
    assert not told("SP208", SHORT + "tiers: [100, {price: 105, after: 109}]\nstop: 110\n")


def test_what_waits_for_a_tier_that_never_fills_is_named_with_it() -> None:
    """Tier 3 waits for tier 2, and tier 2 for a price beyond the stop."""
    text = HEAD + "tiers: [100, {price: 95, after: 89}, {price: 93, after: tier 2}]\nstop: 90\n"
    (found,) = told("SP208", text)
    assert found.message.endswith("; nor tier 3")


def test_a_tier_beyond_the_stop_is_told_once() -> None:
    """What only follows from a tier beyond the stop is not told beside it."""
    text = HEAD + "tiers: [100, {price: 95, after: tier 3}, 85]\nstop: 90\n"
    assert told("SP203", text)
    assert not told("SP208", text)


def test_a_tier_that_another_order_fills_is_no_error() -> None:
    """Tier 2 at 110 moves the stop to 105, beyond tier 3 at 95; but price may come to 95 before it comes to 110."""
    text = HEAD + "tiers: [100, {price: 110, order: stop, stop: 105}, 95]\nstop: 90\n"
    (found,) = told("SP203", text)
    assert found.severity is Severity.WARNING
    assert "unless price comes to it before tier 2" in found.message
    shown = show_text(studied(text), width=80, colour=False)
    assert "not as listed: the tiers before it are stopped first" in shown
    assert "never fills" not in shown


def test_a_table_says_what_never_fills() -> None:
    """Dim and in words, whether the ladder or the machine found it."""
    shown = show_text(studied(HEAD + "tiers: [100, {price: 95, after: 89}]\nstop: 90\n"), width=80, colour=False)
    assert "never fills" in shown


# Targets that are never hit


def test_a_target_with_nothing_left_is_never_hit() -> None:
    """Target 1 closes all: target 2, which only moves the stop, does not come. With 99% closed it does."""
    text = HEAD + "tiers: [100]\nstop: 90\ntargets: [{price: 110, close: ALL}, {price: 120, close: 0%, stop: entry}]\n"
    (found,) = told("SP511", text.replace("ALL", "100%"))
    assert found.severity is Severity.WARNING
    assert found.message.startswith("target 2 is never hit")
    assert not told("SP511", text.replace("ALL", "99%"))


# Tiers that would execute at once


@pytest.mark.parametrize(
    ("tiers", "fires"),
    [
        ("[100, {price: 105, order: limit}]", True),
        ("[100, {price: 105, order: stop}]", False),
        ("[100, {price: 95, order: stop}]", True),
        ("[100, {price: 95, order: limit}]", False),
        ("[100, {price: 98, order: limit, after: 96}]", True),
        ("[100, {price: 110, order: stop}, 105]", True),
        ("[100, {price: 110, order: stop}, {price: 105, after: tier 2}]", False),
        ("[100, {price: 98, order: limit, after: 104}]", False),
    ],
)
def test_an_order_that_would_execute_at_once(tiers: str, fires: bool) -> None:  # noqa: FBT001 - a row of the table
    """A limit passed already, or a stop triggered already, when it becomes live."""
    assert bool(told("SP608", HEAD + f"tiers: {tiers}\nstop: 80\n")) == fires


def test_a_tier_that_waits_for_one_that_never_fills_does_not_fill_at_once() -> None:
    """Tier 2 at 94 lies beyond the stop at 95: tier 3 at 97 would wait for it, and so never fills."""
    assert not told("SP608", HEAD + "tiers: [100, 94, 97]\nstop: 95\n")


# Another order


def test_a_stop_that_loosens_in_another_order_is_a_note() -> None:
    """A tier at 96 moves the stop to 92, which loosens where the one at 110 has moved it to 94 before.

    Listed after that tier it is an error; listed before it, it is so in the other order alone.
    """
    listed = "tiers: [100, {price: 110, order: stop, stop: 94}, {price: 96, stop: 92}]\nstop: 90\n"
    (found,) = told("SP501", HEAD + listed)
    assert found.severity is Severity.ERROR
    other = "tiers: [100, {price: 96, stop: 92}, {price: 110, order: stop, stop: 94}]\nstop: 90\n"
    (found,) = told("SP501", HEAD + other)
    assert found.severity is Severity.NOTE
    assert "in another order than listed" in found.message
    assert "the stop of tier 2 moves to 92.00, looser than the 94.00 in force" in found.message


def test_liquidation_in_another_order_comes_before_the_stop() -> None:
    """Listed, tier 2 is bought at 80 before tier 3 at 120; but target 1 may cancel it, and the average stays higher.

    2x, 1 each, maintenance 10%. As listed: 2 at 90 are liquidated at (180 - 90)/1.8 = 50, 3 at 100 at
    (300 - 150)/2.7 = 55.56. Up to 120 and 125 first: 2 at 110 at (220 - 110)/1.8 = 61.11. A stop at 60 lies between.
    """
    text = (
        "symbol: BTC/USDT:USDT\nside: long\nsize: 3 BTC\nstyle: range\nleverage: 2\nmaintenance: 10%\n"
        "tiers: [100, 80, {price: 120, order: stop}]\nstop: STOP\ntargets: [1% at 125, rest at 150]\n"
    )
    (found,) = told("SP401", text.replace("STOP", "60"))
    assert found.severity is Severity.ERROR
    assert found.message.startswith("on another path than planned the position is liquidated at 61.1")
    assert found.message.endswith("before the stop at 60.00: tier 1 at 100.00, tier 3 at 120.00, target 1 at 125.00")
    assert not told("SP401", text.replace("STOP", "62"))


def test_a_stop_that_a_tier_always_moves_in_time_is_no_liquidation() -> None:
    """A short at 100, 5x, 1%: alone it is liquidated at 120/1.01 = 118.81, before the stop at 125.

    But price meets 110 first, and there the stop moves to 115: 2 at 105 are liquidated at 126/1.01 = 124.75 only.
    """
    text = (
        "symbol: BTC/USDT:USDT\nside: short\nsize: 2 BTC\nstyle: dca\nleverage: 5\nmaintenance: 1%\n"
        "tiers: [100, {price: 110, stop: 115}]\nstop: 125\ntargets: [90]\n"
    )
    assert not told("SP401", text)
    # Where nothing moves the stop it is one.
    assert told("SP401", text.replace(", stop: 115", ""))


@pytest.mark.parametrize("ending", ["", "entries_end: never\n"])
def test_a_trail_ends_entries(ending: str) -> None:
    """Target 1 closes nothing and only trails from 115: tier 3 at 120 is cancelled there, with any `entries_end`."""
    text = HEAD + "tiers: [100, 105, 120]\nstop: 80\ntargets: [{price: 115, trail: 10%}]\n" + ending
    (found,) = told("SP506", text)
    assert "target 1 at 115.00 comes on the way to tier 3 at 120.00 and cancels it" in found.message
    assert "leave the trail out" in found.help
    assert not told("SP506", text.replace("115", "125"))
