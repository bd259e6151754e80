"""SP401 liquidation-before-stop: the position is liquidated at or before the stop.

The stop then never comes: the venue closes the position first, and the whole margin is lost instead of the planned
risk.

Told is the liquidation on the shortest path to one, with the tiers that it has filled. Where nothing says where it is,
it is at the bankruptcy price at the latest, and it is enough that this lies before the stop. How much further from it
the stop has to be, only the maintenance says.

Silent where liquidation is unknown otherwise (SP406), where the position is liquidated as soon as it is entered
(SP402), and without a stop (SP509).
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.event import EventKind
from scaleplan.engine.margin import Answer, lost_account
from scaleplan.ladder import Rung
from scaleplan.ladder.records import WorsePath
from scaleplan.plan import MarginMode
from scaleplan.quantity.exact import ZERO, same
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind(
    "SP401", "liquidation-before-stop", Severity.ERROR, "The position is liquidated before the stop is reached."
)


def check(case: Case) -> Findings:
    """Finds the liquidation that comes before the stop: that of a shortest path, where paths can be walked."""
    facts = case.facts
    if facts is not None:
        if facts.liquidated is not None:
            yield from _on_a_path(case, facts.liquidated)
    else:
        machine = case.ladder.machine
        stops = [(step, machine.losing(step.state)) for step in case.steps if step.position.stop is not None]
        late = [(step, levels.nearest) for step, levels in stops if not levels.is_stop and levels.nearest is not None]
        late = [(step, at) for step, at in late if not _is_on_entry(case, step, at)]
        if late:
            worst, at = max(late, key=lambda pair: case.plan.sign * (pair[1] - (pair[0].position.stop or ZERO)))
            yield from _after(case, worst.tier, at, worst.position.stop)


def _is_on_entry(case: Case, step: Rung, at: Decimal) -> bool:
    """Whether the position after a tier is liquidated as soon as it is entered."""
    average = step.position.average_entry
    return case.plan.sign * (average - at) <= 0 or same(average, at)


def _on_a_path(case: Case, liquidated: WorsePath) -> Findings:
    """Reports a liquidation that a path meets before a stop, unless entering alone brings it."""
    *before, last = liquidated.events
    numbers = [event.number for event in before if event.kind is EventKind.TIER]
    count = len(numbers)
    plain = all(event.kind in (EventKind.TIER, EventKind.AFTER) for event in before)
    as_listed = plain and numbers == list(range(1, count + 1))
    if as_listed:
        if not _is_on_entry(case, case.steps[count - 1], last.price):
            yield from _after(case, count, last.price, last.stop)
        return
    if last.stop is None:
        return
    first, second = case.prices_apart(last.price, last.stop)
    latest = " at the latest" if last.latest else ""
    yield Finding(
        case.stop_path,
        f"on another path than planned the position is liquidated at {first}{latest}, before the stop at {second}: "
        f"{case.in_words(before)}",
        f"{case.more_room}, or put the stop {case.beyond(last.price, latest=last.latest)}",
        [case.margin_place],
    )


def _after(case: Case, count: int, at: Decimal | None, stop: Decimal | None) -> Findings:
    """Reports the liquidation of the tiers to `count`, filled as listed."""
    if at is None or stop is None:
        return
    plan, position = case.plan, case.steps[count - 1].position
    first, second = case.prices_apart(at, stop)
    is_latest = position.liquidation.answer is Answer.UNKNOWN
    latest = " at the latest" if is_latest else ""
    lost = f"the margin of {case.money(position.initial_margin)} {plan.settle} is lost"
    account = lost_account(plan) if plan.margin_mode is MarginMode.CROSS else None
    if account is not None:
        lost = f"the {case.money(-account)} {plan.settle} of the account behind it are lost"
    yield Finding(
        case.stop_path,
        f"after tier {count} the position is liquidated at {first}{latest}, before the stop at {second}: {lost}, "
        "not the planned risk",
        f"{case.more_room}, or put the stop {case.beyond(at, latest=is_latest)}",
        [case.margin_place],
    )
