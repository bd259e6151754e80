"""Every path of small plans, worked by hand: ends, results, chances, proofs.

The chance of `b` before `a` from `x` is `(x - a)/(b - a)`; every figure below is that and sums of money.
"""

from decimal import Decimal
from fractions import Fraction

import pytest

from scaleplan.engine import Unreckonable
from scaleplan.engine.event import End, EventKind
from scaleplan.paths.records import Claim, Outcome, Paths, Proof
from tests.given import known, plan_of, same, walked

D = Decimal
F = Fraction
SPOT = "symbol: ABC/USDT\nside: long\n"
LINEAR = "symbol: ABC/USDT:USDT\nside: long\n"


def check(
    found: Paths, *expected: tuple[str, tuple[int, ...], int, Fraction | int | str, Fraction | int | str]
) -> None:
    """Hold the ends (in order of result: end, tiers, targets hit, gross, chance) against those worked by hand."""
    told = [(one.end, one.tiers, one.targets, str(one.gross), str(one.probability)) for one in found.outcomes]
    assert len(found.outcomes) == len(expected), told
    for one, (end, tiers, targets, gross, chance) in zip(found.outcomes, expected, strict=True):
        assert (one.end, one.tiers, one.targets) == (end, tiers, targets), told
        assert same(one.gross, gross), (one, gross)
        assert same(one.probability, chance), (one, chance)


def proof(found: Paths, claim: Claim) -> Proof:
    """The proof of a claim."""
    return next(one for one in found.proofs if one.claim is claim)


def events(one: Proof | Outcome) -> list[str]:
    """What happens on the path of an end or of a counterexample, in short."""
    path = one.path if isinstance(one, Outcome) else one.counterexample
    return [f"{event.kind} {event.number or ''}".strip() + f" at {event.price.normalize():f}" for event in path]


def only(found: Paths, end: End) -> Outcome:
    """The one end of its kind."""
    (one,) = [outcome for outcome in found.outcomes if outcome.end is end]
    return one


ONE = SPOT + "size: 1 ABC\ntiers: [100]\nstop: 90\ntargets: [rest at 120]\n"


def test_a_target_of_less_than_a_lot_closes_nothing_and_cancels_nothing() -> None:
    """30% of 2 are no lot: at 105 nothing is closed, and tier 2 at 95 still fills (4 in all: 30% of 4 are 1 lot).

    From 100 to 105 before 95: (100 - 95)/10 = 1/2. There, 95 before 110 is 1/3, and then 90 or 110 from 95: 3/4, 1/4.
    """
    text = (
        "symbol: X/USDT\nside: long\nsize: 4 X\ninstrument: {lot_size: 1}\nfees: {maker: 0%, taker: 0%}\n"
        "tiers: [100, 95]\nstop: 90\ntargets: [{price: 105, close: 30%}, {price: 110, close: rest}]\n"
    )
    found = walked(text)
    (alone,) = [one for one in found.outcomes if one.end is End.TARGETS and one.tiers == (1,)]
    # 2 from 100 to 110, with nothing closed at 105.
    assert alone.net == 20
    assert same(alone.probability, F(1, 3))
    # 4 at 97.50, stopped at 90, after target 1 was hit.
    (late,) = [one for one in found.outcomes if one.tiers == (1, 2) and one.targets == 1 and one.net == -30]
    assert same(late.probability, F(1, 8))


def test_a_breakeven_that_a_rebate_moves_below_the_average_is_a_lock() -> None:
    """Maker -0.01%: breakeven after target 1 lies below the average; tier 2 is bought above, and the stop loses."""
    text = (
        "symbol: X/USDT:USDT\nside: long\nsize: 10 X\nleverage: 1\nmaintenance: 1%\n"
        "fees: {maker: -0.01%, taker: 0%}\nentries_end: never\n"
        "tiers: [98, {price: 104, order: limit, after: 105}]\nstop: 90\n"
        "targets: [{price: 101, close: 0%, stop: breakeven}, 110]\n"
    )
    assert proof(walked(text), Claim.LOCKED).holds is False


def test_a_liquidation_is_never_a_gain() -> None:
    """Others have spoken for 120 of 100: there is nothing left to lose, and nothing is won."""
    text = (
        "symbol: X/USDT:USDT\nside: long\nsize: 10 X\nleverage: 10\nmaintenance: 1%\nmargin_mode: cross\n"
        "account: {equity: 100 USDT, reserved: 120 USDT}\nfees: {maker: 0%, taker: 0%}\ntiers: [100]\nstop: 90\n"
    )
    assert only(walked(text), End.LIQUIDATED).net == 0


def test_one_tier_and_one_target_have_the_textbook_odds() -> None:
    """From 100 the target at 120 comes before the stop at 90 in 10 cases of 30; the expected result is 0."""
    found = walked(ONE)
    check(found, ("stopped", (1,), 0, -10, F(2, 3)), ("targets", (1,), 1, 20, F(1, 3)))
    (state,) = found.states
    assert state.up is not None
    assert state.down is not None
    assert (state.tiers, state.targets, state.price, state.stop) == ((1,), 0, D(100), D(90))
    assert (state.up.event.kind, state.up.event.price, state.up.end) == (EventKind.TARGET, D(120), End.TARGETS)
    assert (state.down.event.kind, state.down.event.price, state.down.end) == (EventKind.STOP, D(90), End.STOPPED)
    assert same(state.up.probability, F(1, 3))
    assert events(found.outcomes[0]) == ["tier 1 at 100", "stop at 90"]
    summary = found.summary
    assert same(summary.expected_gross, 0)
    assert (summary.worst, summary.worst_r, summary.best, summary.best_r) == (D(-10), D(-1), D(20), D(2))
    assert same(summary.probability_of_profit, F(1, 3))
    assert same(summary.probability_stopped, F(2, 3))
    assert summary.probability_liquidated == 0
    assert summary.breakeven_edge is not None
    assert (summary.breakeven_edge.g, summary.breakeven_edge.chance) == (D(1), D("0.5"))


def test_two_tiers_have_three_ends() -> None:
    """100 -> 120 in 10 of 30 (+20); else 90, average 95: from there 120 in 10 of 40 (+50), else 80 (-30)."""
    found = walked(SPOT + "size: 2 ABC\ntiers: [50% at 100, 50% at 90]\nstop: 80\ntargets: [rest at 120]\n")
    check(
        found,
        ("stopped", (1, 2), 0, -30, F(1, 2)),
        ("targets", (1,), 1, 20, F(1, 3)),
        ("targets", (1, 2), 1, 50, F(1, 6)),
    )
    assert [state.tiers for state in found.states] == [(1,), (1, 2)]
    assert found.states[1].average_entry == D(95)
    assert same(found.states[1].probability, F(2, 3))


def test_costs_are_in_net_alone() -> None:
    """Entry 0.1% of 100, exit 0.2% of the stop's 90 less 1%: 89.1; net -10.9 - 0.1 - 0.1782. The target pays maker."""
    found = walked(ONE + "fees: {maker: 0.1%, taker: 0.2%}\nslippage: 1%\n")
    stopped, hit = found.outcomes
    assert (stopped.gross, stopped.net) == (D(-10), D("-11.1782"))
    assert (hit.gross, hit.net) == (D(20), D("19.78"))
    assert same(found.summary.expected_net, F("-11.1782") * 2 / 3 + F("19.78") / 3)


LIQUIDATED = LINEAR + "leverage: 10\nmaintenance: 1%\nsize: 1 ABC\ntiers: [100]\nstop: 85\ntargets: [rest at 110]\n"


def test_liquidation_comes_before_a_stop_beyond_it() -> None:
    """100 less the margin of 10 over 0.99 is 90.9090: gross is the loss there, net loses the margin."""
    found = walked(LIQUIDATED)
    liquidated = only(found, End.LIQUIDATED)
    price = F(90) / F("0.99")
    assert same(liquidated.gross, price - 100)
    assert liquidated.net == -10
    assert same(liquidated.probability, 10 / (110 - price))
    assert same(found.summary.expected_gross, 0)
    claim = proof(found, Claim.NO_LIQUIDATION)
    assert claim.holds is False
    assert [event.kind for event in claim.counterexample] == [EventKind.TIER, EventKind.LIQUIDATION]
    assert claim.counterexample[1].stop == 85
    assert proof(found, Claim.WORST_PLANNED).holds is True


def test_an_exit_releases_isolated_margin_in_proportion() -> None:
    """Half is sold: half of the margin and half of the reserve stay, and the liquidation price with them.

    Margin 10 and 2 extra, reserve 1: (100 - 12 + 1)/0.99 = 89.8989; of the half (50 - 6 + 0.5)/(0.5*0.99) is the same.
    """
    text = LINEAR + (
        "leverage: 10\nextra_margin: 2\nvenue: {name: v, maintenance: 1%, reserve: 1}\nsize: 1 ABC\ntiers: [100]\n"
        "stop: 95\ntargets: [50% at 110, rest at 120]\n"
    )
    before, after = walked(text).states
    assert same(before.liquidation_price, F(89) / F("0.99"))
    assert same(after.liquidation_price, F(89) / F("0.99"))
    assert (before.initial_margin, after.initial_margin) == (D(12), D(6))


def test_cross_margin_is_the_account_with_what_was_realised() -> None:
    """30 stand behind 1 at 100: (100 - 30)/0.99. Half sold 10 higher: (50 - 35)/(0.5*0.99). All 30 are lost there."""
    text = LINEAR + (
        "leverage: 10\nmargin_mode: cross\naccount: {equity: 40, reserved: 10}\nmaintenance: 1%\nsize: 1 ABC\n"
        "tiers: [100]\nstop: none\ntargets: [50% at 110, rest at 120]\n"
    )
    found = walked(text)
    first, second = found.states
    assert same(first.liquidation_price, F(70) / F("0.99"))
    assert same(second.liquidation_price, F(15) / (F("0.5") * F("0.99")))
    ends = [outcome for outcome in found.outcomes if outcome.end is End.LIQUIDATED]
    assert [outcome.net for outcome in ends] == [-30, -30]
    assert same(found.summary.expected_gross, 0)


def test_an_inverse_contract_counts_in_coin() -> None:
    """1000 USD at 100: at 125 they are 8 coins instead of 10, at 80 they are 12.5; 125 comes first in 20 of 45."""
    text = "symbol: ABC/USD:ABC\nside: long\nleverage: 2\nmaintenance: 1%\nsize: 1000 USD\ntiers: [100]\nstop: 80\n"
    found = walked(text + "targets: [rest at 125]\n")
    check(found, ("stopped", (1,), 0, "-2.5", F(5, 9)), ("targets", (1,), 1, 2, F(4, 9)))
    assert same(found.states[0].liquidation_price, 1000 * F("1.01") / 15)


TRAIL = SPOT + "size: 1 ABC\ntiers: [100]\nstop: 90\ntargets:\n  - {price: 120, close: 50%, trail: 10%}\n"


def test_a_trail_is_booked_where_it_begins_with_its_worst_beside() -> None:
    """Half sold at 120, half trails from there at 108: 10 + 10 expected, 10 + 4 at worst."""
    found = walked(TRAIL)
    check(found, ("stopped", (1,), 0, -10, F(2, 3)), ("trail", (1,), 1, 20, F(1, 3)))
    assert found.outcomes[1].net_worst == 14
    assert found.summary.best_unbounded
    assert events(found.outcomes[1]) == ["tier 1 at 100", "target 1 at 120", "trail 1 at 120"]


def test_a_stop_inside_a_trail_lives_until_the_trail_has_passed_it() -> None:
    """A stop at 114 is above the trail's 108; at 114/0.9 = 126.67 the trail is there: (120-114)/(126.67-114) = 9/19."""
    found = walked(TRAIL.replace("trail: 10%", "trail: 10%, stop: 114"))
    check(
        found,
        ("stopped", (1,), 0, -10, F(2, 3)),
        ("stopped", (1,), 1, 17, F(10, 57)),
        ("trail", (1,), 1, 10 + (F(114) / F("0.9") - 100) / 2, F(9, 57)),
    )
    assert same(found.outcomes[2].net_worst, 17)
    assert same(found.summary.expected_gross, 0)
    distance = walked(TRAIL.replace("trail: 10%", "trail: 12, stop: 114"))
    assert same(only(distance, End.TRAIL).probability, F(1, 6))
    short = TRAIL.replace(SPOT, "symbol: ABC/USDT:USDT\nside: short\nleverage: 1\nmaintenance: 1%\n")
    short = short.replace("stop: 90", "stop: 110").replace("price: 120", "price: 80")
    mirrored = walked(short.replace("trail: 10%", "trail: 10%, stop: 84"))
    # The trail starts at 88 and is at 84 once price is at 84/1.1 = 76.36: (84-80)/(84-76.36) = 11/21 of a third.
    assert same(only(mirrored, End.TRAIL).probability, F(11, 63))


def test_the_chance_of_profit_of_a_trail_follows_its_exit() -> None:
    """All trails by 10% from 101: it exits above 100 where the high passes 111.11, (101/111.11)^10 = 0.909^10."""
    found = walked(TRAIL.replace("price: 120, close: 50%", "price: 101, close: 0%"))
    trail = only(found, End.TRAIL)
    assert same(trail.profit, F("0.909") ** 10)
    assert same(found.summary.probability_of_profit, F("0.909") ** 10 * 10 / 11)
    distance = only(
        walked(TRAIL.replace("price: 120, close: 50%, trail: 10%", "price: 101, close: 0%, trail: 2")), End.TRAIL
    )
    # The run past 101 is exponential with mean 2; it exits 2 below its end, above 100 if that is past 102.
    assert round(distance.profit, 12) == D("0.606530659713")


AFTER = SPOT + (
    "size: 2 ABC\ntiers: [{price: 100, share: 50%}, {price: 100, share: 50%, after: 105}]\nstop: 95\n"
    "targets: [rest at 110]\n"
)


def test_a_tier_waits_for_its_after_price() -> None:
    """Up to 105 in 5 of 10, then 110 in 5 of 10 or back to 100, where tier 2 fills: 110 in 5 of 15."""
    found = walked(AFTER)
    check(
        found,
        ("stopped", (1, 2), 0, -10, F(1, 6)),
        ("stopped", (1,), 0, -5, F(1, 2)),
        ("targets", (1,), 1, 10, F(1, 4)),
        ("targets", (1, 2), 1, 20, F(1, 12)),
    )
    assert events(found.outcomes[0]) == ["tier 1 at 100", "after 2 at 105", "tier 2 at 100", "stop at 95"]
    assert [state.touched for state in found.states] == [(), (2,), ()]


def test_a_limit_already_passed_waits_for_the_tier_before_and_fills_at_its_price() -> None:
    """Tier 3, a limit at 102, would buy at once at 100; it waits for tier 2 at 95 and then buys at 95."""
    tiers = "tiers: [{price: 100, share: 1/3}, {price: 95, share: 1/3}, {price: 102, share: 1/3, order: limit}]\n"
    found = walked(SPOT + "size: 3 ABC\n" + tiers + "stop: 90\ntargets: [rest at 110]\n")
    assert found.waits == (3,)
    check(
        found,
        # 3 held, for 100 + 95 + 95.
        ("stopped", (1, 2, 3), 0, -20, F(2, 3) * F(3, 4)),
        ("targets", (1,), 1, 10, F(1, 3)),
        ("targets", (1, 2, 3), 1, 40, F(2, 3) * F(1, 4)),
    )
    at_once = found.states[1]
    assert at_once.waiting == (3,)
    assert at_once.down is not None
    assert at_once.up is None
    assert (at_once.down.at_once, at_once.down.event.price, at_once.down.probability) == (True, D(95), D(1))
    assert walked(AFTER).waits == ()


def test_entries_may_go_on_after_a_target() -> None:
    """50% is of the position at the first exit; what fills later is averaged with what is still held.

    110 first (1/2): 5 won, half held. Then 120 (2/3): 10 more; or 90, 1.5 held for 140: 120 (1/4) or 80.
    90 first: 2 held for 190. Then 110 (1/3): 15 won, 1 held for 95, 120 (3/4) or 80; or 80 (2/3).
    """
    text = SPOT + "size: 2 ABC\ntiers: [50% at 100, 50% at 90]\nstop: 80\nentries_end: never\n"
    text = text.replace(
        "size: 2 ABC\ntiers: [50% at 100, 50% at 90]", "tiers: [{price: 100, size: 1 ABC}, {price: 90, size: 1 ABC}]"
    )
    found = walked(text + "targets: [50% at 110, rest at 120]\n")
    check(
        found,
        ("stopped", (1, 2), 0, -30, F(1, 3)),
        ("stopped", (1, 2), 1, -15, F(1, 8)),
        ("stopped", (1, 2), 1, 0, F(1, 24)),
        ("targets", (1,), 2, 15, F(1, 3)),
        ("targets", (1, 2), 2, 40, F(1, 8)),
        ("targets", (1, 2), 2, 45, F(1, 24)),
    )
    ended = walked(text.replace("never", "first target") + "targets: [50% at 110, rest at 120]\n")
    assert {outcome.tiers for outcome in ended.outcomes if outcome.targets == 2} == {(1,), (1, 2)}
    assert only_tier_one_stopped(ended) == [F(-5)]


def only_tier_one_stopped(found: Paths) -> list[Fraction]:
    """The results of being stopped after target 1 with tier 1 alone."""
    return [
        Fraction(one.gross) for one in found.outcomes if (one.end, one.tiers, one.targets) == (End.STOPPED, (1,), 1)
    ]


def test_a_tier_moves_the_stop_when_it_fills() -> None:
    """Tier 2 at 110 brings the stop to 100: of 2 held for 210, 200 is a loss of 10."""
    tiers = "tiers: [{price: 100, share: 50%}, {price: 110, share: 50%, order: stop, stop: tier 1}]\n"
    found = walked(SPOT + "size: 2 ABC\n" + tiers + "stop: 90\ntargets: [rest at 120]\n")
    check(
        found,
        ("stopped", (1,), 0, -10, F(1, 2)),
        ("stopped", (1, 2), 0, -10, F(1, 4)),
        ("targets", (1, 2), 1, 30, F(1, 4)),
    )
    assert [state.stop for state in found.states] == [90, 100]


def test_a_stop_beyond_the_price_exits_at_the_price() -> None:
    """Tier 2 at 95 moves the stop to its average of 97.5: it is out at once, at 95 and not at 97.5."""
    tiers = "tiers: [{price: 100, share: 50%}, {price: 95, share: 50%, stop: entry}]\n"
    found = walked(SPOT + "size: 2 ABC\n" + tiers + "stop: 90\ntargets: [rest at 110]\n")
    check(found, ("stopped", (1, 2), 0, -5, F(2, 3)), ("targets", (1,), 1, 10, F(1, 3)))


def test_a_target_behind_the_price_is_hit_at_the_price() -> None:
    """Target 2 at 0.1R (101) is live once target 1 is hit at 106: what is left goes at 106."""
    found = walked(ONE.replace("[rest at 120]", "[50% at 106, rest at 0.1R]"))
    check(found, ("stopped", (1,), 0, -10, F(6, 16)), ("targets", (1,), 2, 6, F(10, 16)))


def test_a_target_in_r_moves_with_every_fill() -> None:
    """1R is 110 from 100, and 100 from the average of 95 with the stop at 90."""
    found = walked(
        SPOT + "size: 2 ABC\ntiers: [{price: 100, size: 1 ABC}, {price: 90.5, size: 1 ABC}]\nstop: 90\n"
        "targets: [rest at 1R]\n"
    )
    assert found.states[0].up is not None
    assert found.states[1].up is not None
    # (100 + 90.5)/2 = 95.25, and 5.25 above it.
    assert (found.states[0].up.event.price, found.states[1].up.event.price) == (D(110), D("100.5"))


def test_at_one_price_the_target_comes_before_the_tier() -> None:
    """Target 1 at 110 ends entries: tier 2 at 110 never fills."""
    tiers = "tiers: [{price: 100, share: 50%}, {price: 110, share: 50%, order: stop}]\n"
    found = walked(SPOT + "size: 2 ABC\n" + tiers + "stop: 90\ntargets: [50% at 110, rest at 120]\n")
    assert {outcome.tiers for outcome in found.outcomes} == {(1,)}
    claim = proof(found, Claim.TIERS)
    assert (claim.holds, claim.value, claim.limit, claim.numbers) == (False, D(1), D(2), (2,))


def test_exits_go_down_to_whole_lots() -> None:
    """A third of 10 is 3 at lots of 1; the last target takes the other 4."""
    text = SPOT + "size: 10 ABC\ninstrument: {lot_size: 1}\ntiers: [100]\nstop: 90\n"
    found = walked(text + "targets: [1/3 at 110, 1/3 at 120, 1/3 at 130]\n")
    assert [state.quantity for state in found.states] == [10, 7, 4]
    assert found.outcomes[-1].gross == 3 * 10 + 3 * 20 + 4 * 30


def test_at_one_price_liquidation_comes_before_the_stop() -> None:
    """75 of 100 are borrowed at 6.25%: 75/0.9375 = 80, where the stop is. Fees of 0.1% to enter are lost beside it."""
    text = LINEAR + "leverage: 4\nmaintenance: 6.25%\nsize: 1 ABC\ntiers: [100]\nstop: 80\ntargets: [rest at 120]\n"
    found = walked(text + "fees: {maker: 0.1%, taker: 0.1%}\n")
    assert [(outcome.end, outcome.net) for outcome in found.outcomes] == [
        (End.LIQUIDATED, D("-25.1")),
        (End.TARGETS, D("19.78")),
    ]


def test_at_one_price_what_a_tier_waits_for_comes_before_tiers() -> None:
    """At 95 it is touched for tier 3 before tier 2 fills there."""
    tiers = (
        "tiers: [{price: 100, share: 1/3}, {price: 95, share: 1/3}, {price: 98, share: 1/3, order: stop, after: 95}]\n"
    )
    found = walked(SPOT + "size: 3 ABC\n" + tiers + "stop: 90\ntargets: [rest at 110]\n")
    assert events(found.outcomes[0])[1:3] == ["after 3 at 95", "tier 2 at 95"]


def test_a_stop_at_a_target_is_at_its_level_not_where_it_filled() -> None:
    """Target 2 at 0.1R (101) is hit at 106; the stop moved to `target 2` at 130 lies at 101."""
    targets = "[50% at 106, 20% at 0.1R, {price: 130, close: 10%, stop: target 2}]"
    found = walked(ONE.replace("[rest at 120]", targets))
    assert [state.stop for state in found.states] == [90, 90, 90, 101]


SHORTCUT = SPOT + (
    "size: 2 ABC\ntiers: [{price: 100, share: 50%}, {price: 125, share: 50%, order: stop, after: 92}]\nstop: 90\n"
    "targets: [10% at 110, rest at 120]\n"
)


def test_the_path_told_is_the_shortest() -> None:
    """Price may touch 92 and come back, or go straight to target 1: what follows is the same. Told is the latter."""
    found = walked(SHORTCUT + "account: {equity: 100, max_leverage: 1}\n")
    stopped = [one for one in found.outcomes if (one.end, one.tiers, one.targets) == (End.STOPPED, (1,), 1)]
    assert [events(one) for one in stopped] == [["tier 1 at 100", "target 1 at 110", "stop at 90"]]
    # 0.9 of 1 at 120 would be 108, but there all is closed; at 110 it is 99, and 100 at the start is the most.
    assert proof(found, Claim.MAX_LEVERAGE).holds is True
    beyond = walked(SHORTCUT.replace("10% at 110", "10% at 119") + "account: {equity: 100, max_leverage: 1.05}\n")
    told = proof(beyond, Claim.MAX_LEVERAGE)
    assert (told.holds, told.value) == (False, D("1.071"))
    assert events(told) == ["tier 1 at 100", "target 1 at 119"]


# From another price


FROM = SPOT + "size: 1 ABC\ninvalidation: 92\ntiers: [{price: 110, order: stop}]\nstop: 90\ntargets: [rest at 130]\n"


def test_from_a_price_the_plan_may_never_be_entered() -> None:
    """From 98 the entry at 110 comes before the invalidation at 92 in 6 of 18; then 130 in 20 of 40."""
    found = walked(FROM, start="98")
    check(
        found,
        ("stopped", (1,), 0, -20, F(1, 6)),
        ("not entered", (), 0, 0, F(2, 3)),
        ("targets", (1,), 1, 20, F(1, 6)),
    )
    first = found.states[0]
    assert (first.tiers, first.quantity, first.average_entry, first.stop) == ((), D(0), None, None)
    assert found.begin == ()
    assert only(found, End.NOT_ENTERED).path[0].kind is EventKind.INVALIDATION


def test_a_tier_beyond_the_invalidation_never_fills() -> None:
    """From 98 the limit at 91 lies behind the invalidation at 92, and once tier 1 holds behind the stop at 91.5."""
    tiers = "[{price: 110, order: stop, share: 50%}, {price: 91, order: limit, share: 50%}]"
    found = walked(FROM.replace("[{price: 110, order: stop}]", tiers).replace("stop: 90", "stop: 91.5"), start="98")
    assert proof(found, Claim.TIERS).numbers == (2,)


def test_from_a_price_past_the_entry_it_fills_there() -> None:
    """A stop to buy at 110 is triggered at 115: it fills at 115. At the invalidation nothing is entered at all."""
    check(walked(FROM, start="115"), ("stopped", (1,), 0, -25, F(15, 40)), ("targets", (1,), 1, 15, F(25, 40)))
    check(walked(FROM, start="92"), ("not entered", (), 0, 0, 1))


def test_from_above_a_limit_is_reached_for_sure() -> None:
    """Nothing is held and nothing else lies on the way: from 105 price comes to 100."""
    found = walked(ONE, start="105")
    check(found, ("stopped", (1,), 0, -10, F(2, 3)), ("targets", (1,), 1, 20, F(1, 3)))
    assert events(found.outcomes[0]) == ["tier 1 at 100", "stop at 90"]


# What stays open


def test_a_plan_without_any_level_stays_open() -> None:
    """Nothing ends it: the result is that at the price, and all of the cost can be lost."""
    found = walked(SPOT + "size: 2 ABC\ntiers: [50% at 100, 50% at 90]\nstop: none\n")
    check(found, ("open", (1, 2), 0, -10, 1))
    assert found.outcomes[0].net_worst == -190
    assert found.states[-1].open_probability == 1
    assert found.summary.best_unbounded


def test_with_levels_on_one_side_the_nearest_is_reached_for_sure() -> None:
    """Only a target: it is reached, but on the way down nothing stops the loss. Only a stop: it is reached."""
    found = walked(ONE.replace("stop: 90", "stop: none"))
    check(found, ("targets", (1,), 1, 20, 1))
    # All that it cost may be lost on the way.
    assert found.summary.worst == -100
    assert proof(found, Claim.WORST_PLANNED).holds is True
    check(walked(ONE.replace("targets: [rest at 120]\n", "")), ("stopped", (1,), 0, -10, 1))


# Drift


def test_with_drift_the_odds_are_powers() -> None:
    """At g = 2: (100^2 - 90^2)/(120^2 - 90^2) = 1900/6300; at 0 logarithms; at 1 no drift."""
    found = walked(ONE, edge="2")
    assert same(only(found, End.TARGETS).probability, F(19, 63))
    assert same(found.summary.expected_gross, F(19, 63) * 30 - 10)
    level = only(walked(ONE, edge="0"), End.TARGETS).probability
    # ln(10/9)/ln(4/3).
    assert round(known(level), 10) == D("0.3662394210")
    assert same(only(walked(ONE, edge="1"), End.TARGETS).probability, F(1, 3))


def test_with_drift_a_level_alone_may_never_be_reached() -> None:
    """At g = -1 price rises: 90 is reached from 100 with (100/90)^-1 = 0.9, and the rest stays open."""
    found = walked(ONE.replace("targets: [rest at 120]\n", ""), edge="-1")
    assert same(only(found, End.STOPPED).probability, F(9, 10))
    assert same(only(found, End.OPEN).probability, F(1, 10))
    assert found.summary.expected_net is None
    assert sum(known(outcome.probability) for outcome in found.outcomes) == 1


def test_with_drift_a_trail_exits_elsewhere() -> None:
    """At g = 2 the exponent is 2/(1 - 0.9^2) = 2/0.19: the mean exit is 120*0.9*(2/0.19)/(2/0.19 - 1) = 216/1.81."""
    found = walked(TRAIL, edge="2")
    assert same(only(found, End.TRAIL).gross, 10 + (F(216) / F("1.81") - 100) / 2)
    short = TRAIL.replace(SPOT, "symbol: ABC/USDT:USDT\nside: short\nleverage: 1\nmaintenance: 1%\n")
    short = short.replace("stop: 90", "stop: 110").replace("price: 120", "price: 80")
    # A short's low at g = 2: exponent 2/(1.1^2 - 1) = 2/0.21, mean exit 80*1.1*(2/0.21)/(2/0.21 + 1) = 176/2.21.
    assert same(only(walked(short, edge="2"), End.TRAIL).gross, 10 + (100 - F(176) / F("2.21")) / 2)
    with pytest.raises(Unreckonable, match="distance"):
        walked(TRAIL.replace("trail: 10%", "trail: 12"), edge="2")


def test_the_breakeven_edge_is_the_chance_that_pays_the_costs() -> None:
    """Stop and target are -1R and +1R: 0.5% of 100 and of 110 or 90 cost 8.95 p = 10.95 (1 - p): p = 10.95/19.9."""
    found = walked(ONE.replace("120", "110") + "fees: {maker: 0.5%, taker: 0.5%}\n")
    breakeven = found.summary.breakeven_edge
    assert breakeven is not None
    assert abs(Fraction(breakeven.chance) - F("10.95") / F("19.9")) < F(1, 10**12)
    at_edge = walked(ONE.replace("120", "110") + "fees: {maker: 0.5%, taker: 0.5%}\n", edge=str(breakeven.g))
    assert at_edge.summary.expected_net is not None
    assert abs(at_edge.summary.expected_net) < D("1e-11")


def test_there_is_not_always_a_breakeven_edge() -> None:
    """Not without a stop, nor where what is left stays open or trails at a distance in price; it says why."""
    for text in (
        ONE.replace("stop: 90", "stop: none"),
        ONE.replace("targets: [rest at 120]\n", "fees: {maker: 1%, taker: 1%}\n"),
        TRAIL.replace("trail: 10%", "trail: 12") + "fees: {maker: 1%, taker: 1%}\n",
    ):
        summary = walked(text).summary
        assert summary.breakeven_edge is None
        assert summary.breakeven_missing


# Proofs


def test_other_orders_of_tiers_can_lose_more_than_planned() -> None:
    """Planned: 10 after tier 1. But tier 3 may fill before tier 2 brings the stop up: (100-90) + (95-90) = 15."""
    tiers = (
        "tiers: [{price: 100, share: 1/3}, {price: 110, share: 1/3, order: stop, stop: 100}, {price: 95, share: 1/3}]\n"
    )
    found = walked(SPOT + "account: {equity: 1000, max_risk: 1%}\nsize: 3 ABC\n" + tiers + "stop: 90\n")
    for claim in (Claim.WORST_PLANNED, Claim.MAX_RISK):
        told = proof(found, claim)
        assert (told.holds, told.value, told.limit) == (False, D(15), D(10))
        assert events(told) == ["tier 1 at 100", "tier 3 at 95", "stop at 90"]


def test_leverage_and_margin_hold_in_every_state() -> None:
    """2 at 110 are 220 on an equity of 50: 4.4 times; their margin is (100 + 110)/10 = 21."""
    tiers = "tiers: [{price: 100, share: 50%}, {price: 110, share: 50%, order: stop}]\n"
    text = LINEAR + "leverage: 10\nmaintenance: 1%\nsize: 2 ABC\n" + tiers + "stop: 95\ntargets: [rest at 120]\n"
    found = walked(text + "account: {equity: 50, max_leverage: 4, max_margin: 21}\n")
    leverage, margin = proof(found, Claim.MAX_LEVERAGE), proof(found, Claim.MAX_MARGIN)
    assert (leverage.holds, leverage.value, leverage.limit) == (False, D("4.4"), D(4))
    assert events(leverage) == ["tier 1 at 100", "tier 2 at 110"]
    assert (margin.holds, margin.value, margin.limit) == (True, D(21), D(21))
    without = walked(text)
    assert [proof(without, claim).holds for claim in (Claim.MAX_RISK, Claim.MAX_LEVERAGE, Claim.MAX_MARGIN)] == [
        None
    ] * 3
    assert proof(without, Claim.MAX_LEVERAGE).missing == "account.equity"
    assert proof(walked(text + "account: {equity: 50}\n"), Claim.MAX_LEVERAGE).missing == "account.max_leverage"


def test_a_stop_at_entry_is_no_locked_gain_after_costs() -> None:
    """Half of 1 held at 100: 0.05 to enter and 0.05 to leave are lost at `entry`, nothing at `breakeven`."""
    text = ONE.replace("[rest at 120]", "[{price: 110, close: 50%, stop: entry}, rest at 120]")
    text += "fees: {maker: 0.1%, taker: 0.1%}\n"
    told = proof(walked(text), Claim.LOCKED)
    assert (told.holds, told.value) == (False, D("0.1"))
    assert events(told) == ["tier 1 at 100", "target 1 at 110", "stop at 100"]
    held = proof(walked(text.replace("stop: entry", "stop: breakeven")), Claim.LOCKED)
    assert held.holds is True
    assert same(held.value, 0)
    assert proof(walked(ONE), Claim.LOCKED).value is None


def test_without_a_maintenance_rate_liquidation_is_not_known() -> None:
    """It is neither held nor broken, and what is missing is said; a stop behind 90, where it is bankrupt, breaks it."""
    text = LIQUIDATED.replace("maintenance: 1%\n", "")
    found = walked(text.replace("stop: 85", "stop: 95"))
    unknown = proof(found, Claim.NO_LIQUIDATION)
    assert (unknown.holds, unknown.missing) == (None, "maintenance")
    assert found.summary.probability_liquidated is None
    broken = proof(walked(text), Claim.NO_LIQUIDATION)
    assert (broken.holds, broken.counterexample[-1].price) == (False, D(90))
    assert walked(text).summary.probability_liquidated is None
    cross = LIQUIDATED.replace("stop: 85", "margin_mode: cross\nstop: 95")
    unknown = proof(walked(cross), Claim.NO_LIQUIDATION)
    assert (unknown.holds, unknown.missing) == (None, "account.equity")
    assert proof(walked(ONE), Claim.NO_LIQUIDATION).holds is True


def test_a_target_that_no_path_reaches_is_named() -> None:
    """Target 1 moves the stop to where it exits at once: target 2 is never hit."""
    found = walked(ONE.replace("[rest at 120]", "[{price: 110, close: 50%, stop: 110}, rest at 120]"))
    claim = proof(found, Claim.TARGETS)
    assert (claim.holds, claim.value, claim.limit, claim.numbers) == (False, D(1), D(2), (2,))
    assert proof(walked(ONE), Claim.TARGETS).holds is True


# The clock, and too many states


def test_the_clock_makes_ends_without_a_chance() -> None:
    """Time does not exist for the machine: what it would do is named beside the ends."""
    found = walked(ONE + "expires: 24h\ntime_stop: {after: 48h, close: 50%}\n")
    assert [timed.end for timed in found.timed] == ["time stop", "expires"]
    assert walked(ONE).timed == ()


MANY = SPOT + (
    "size: 20 ABC\nentries_end: never\ntiers: {from: 100, to: 81, count: 20}\nstop: 70\n"
    "fees: {maker: 0.1%, taker: 0.1%}\naccount: {equity: 1000, max_risk: 90%}\n"
    "targets: {from: 110, to: 119, count: 10}\n"
)


def test_too_many_states_give_bounds_and_no_chances() -> None:
    """Spread over ten exits, twenty tiers have some thirty million histories: it says so, and bounds what is lost.

    Bought at the dearest, 100, and stopped at 70: (30 + 0.1 + 0.07) * 20 = 603.4, within the 900 of max_risk.
    """
    found = walked(MANY)
    assert not found.complete
    assert "100,000" in found.missing
    assert (found.states, found.outcomes) == ((), ())
    summary = found.summary
    assert (summary.worst, summary.probability_of_profit, summary.expected_net) == (D("-603.4"), None, None)
    assert proof(found, Claim.MAX_RISK).holds is True
    assert (proof(found, Claim.TIERS).holds, proof(found, Claim.TIERS).missing) == (None, found.missing)


def test_the_bound_on_states_is_kept() -> None:
    """A plan of as many states as are allowed is walked; of one more it is not."""
    plan = plan_of(AFTER)
    assert walked(plan, most=3).complete
    assert not walked(plan, most=2).complete


def test_twenty_tiers_and_ten_targets_are_few_states() -> None:
    """Where the first target ends entries a state is a number of tiers and of targets: 20 and 20 for each of 9."""
    found = walked(MANY.replace("never", "first target"))
    assert found.summary.states == 20 + 20 * 9
    assert found.summary.outcomes <= 20 * 11


def test_chances_are_exact_decimals() -> None:
    """They sum to 1 within 1e-20, whatever the caller's own precision."""
    found = walked(MANY.replace("never", "first target"))
    total = sum((known(outcome.probability) for outcome in found.outcomes), D(0))
    assert abs(total - 1) < D("1e-20")
