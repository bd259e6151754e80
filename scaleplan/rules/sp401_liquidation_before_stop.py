"""SP401 liquidation-before-stop: the position is liquidated at or before the stop.

The stop then never comes: the venue closes the position first, and the whole margin is lost instead of the planned
risk.

Told is the liquidation on the shortest path to one, with the tiers that it has filled. Where nothing says where it is,
it is at the bankruptcy price at the latest, and it is enough that this lies before the stop.

Silent where liquidation is unknown otherwise (SP406), where the position is liquidated as soon as it is entered
(SP402), and without a stop (SP509).
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.event import EventKind
from scaleplan.engine.levels import reached
from scaleplan.engine.margin import Answer, lost_account
from scaleplan.ladder import Rung
from scaleplan.ladder.records import WorsePath
from scaleplan.plan import MarginMode
from scaleplan.quantity.exact import ZERO
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind(
    "SP401", "liquidation-before-stop", Severity.ERROR, "The position is liquidated before the stop is reached."
)


def check(case: Case) -> Findings:
    """Finds the liquidation that comes before the stop: that of a shortest path, where paths can be walked."""
    facts = case.facts
    bankrupt = _bankrupt_before_stop(case)
    if bankrupt is not None:
        yield from _after(case, bankrupt.tier, bankrupt.position.bankruptcy_price, bankrupt.position.stop)
    elif facts is not None:
        if facts.liquidated is not None:
            yield from _on_a_path(case, facts.liquidated)
    else:
        late = [
            step
            for step in case.steps
            if step.position.liquidation_buffer is not None and (step.position.liquidation_past_stop or ZERO) <= 0
        ]
        if late:
            worst = min(late, key=lambda step: step.position.liquidation_past_stop or ZERO)
            yield from _after(case, worst.tier, worst.position.liquidation.price, worst.position.stop)


def _bankrupt_before_stop(case: Case) -> Rung | None:
    """Returns the first tier after which price passes the bankruptcy price, and no other tier, before the stop.

    Of a position of which it is known where it is liquidated that says nothing.
    """
    plan, sign = case.plan, case.plan.sign
    for step in case.steps:
        position = step.position
        bankrupt, stop = position.bankruptcy_price, position.stop
        if bankrupt is None or stop is None or not position.reachable or plan.is_misplaced:
            continue
        if position.liquidation.answer is not Answer.UNKNOWN or not reached(stop, bankrupt, sign):
            continue
        later = plan.tiers[step.tier].price if step.tier < len(plan.tiers) else None
        if later is None or sign * (step.state.price - later) < 0 or reached(later, bankrupt, sign):
            return step
    return None


def _on_a_path(case: Case, liquidated: WorsePath) -> Findings:
    """Reports a liquidation that a path meets before a stop, unless entering alone brings it."""
    *before, last = liquidated.events
    numbers = [event.number for event in before if event.kind is EventKind.TIER]
    count = len(numbers)
    plain = all(event.kind in (EventKind.TIER, EventKind.AFTER) for event in before)
    as_listed = plain and numbers == list(range(1, count + 1))
    if as_listed:
        if case.steps[count - 1].position.liquidation_buffer is not None:
            yield from _after(case, count, last.price, last.stop)
        return
    if last.stop is None:
        return
    first, second = case.prices_apart(last.price, last.stop)
    yield Finding(
        case.stop_path,
        f"on another path than planned the position is liquidated at {first}, before the stop at {second}: "
        f"{case.in_words(before)}",
        f"{case.more_room}, or put the stop {case.winning} {case.past(last.price)}",
        [case.margin_place],
    )


def _after(case: Case, count: int, at: Decimal | None, stop: Decimal | None) -> Findings:
    """Reports the liquidation of the tiers to `count`, filled as listed."""
    if at is None or stop is None:
        return
    plan, position = case.plan, case.steps[count - 1].position
    first, second = case.prices_apart(at, stop)
    latest = " at the latest" if position.liquidation.answer is Answer.UNKNOWN else ""
    lost = f"the margin of {case.money(position.initial_margin)} {plan.settle} is lost"
    account = lost_account(plan) if plan.margin_mode is MarginMode.CROSS else None
    if account is not None:
        lost = f"the {case.money(-account)} {plan.settle} of the account behind it are lost"
    yield Finding(
        case.stop_path,
        f"after tier {count} the position is liquidated at {first}{latest}, before the stop at {second}: {lost}, "
        "not the planned risk",
        f"{case.more_room}, or put the stop {case.winning} {case.past(at)}",
        [case.margin_place],
    )
