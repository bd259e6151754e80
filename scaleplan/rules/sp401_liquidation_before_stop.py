"""SP401 liquidation-before-stop: the position is liquidated at or before the stop.

The stop then never comes: the venue closes the position first, and the whole margin is lost instead of the planned
risk.

Looked at after every tier with the stop in force there; the one with the least room is told, where any path is
liquidated at all. Silent where liquidation
is unknown (SP406), where the position is liquidated as soon as it is entered (SP402), and without a stop (SP509).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.number import brief, told_apart
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind(
    "SP401", "liquidation-before-stop", Severity.ERROR, "The position is liquidated before the stop is reached."
)


def check(case: Case) -> Findings:
    """Finds the tiers after which liquidation comes first; the one with the least room is reported."""
    if case.facts is not None and not case.facts.liquidated:
        # A tier that is always filled before moves the stop, or the average, out of the way.
        return
    rooms = [(step.position.liquidation_past_stop, step) for step in case.steps]
    before = [(room, step) for room, step in rooms if room is not None and room <= 0]
    if not before:
        yield from _on_another_path(case)
    late = [(room, step) for room, step in before if step.position.liquidation_buffer is not None]
    if not late:
        return
    _, worst = min(late, key=lambda entry: entry[0])
    at, stop = worst.position.liquidation.price, worst.position.stop
    if at is None or stop is None:
        return
    first, second = told_apart(at, stop)
    tiers = ", ".join(str(step.tier) for _, step in late)
    yield Finding(
        case.stop_path,
        f"after tier {worst.tier} the position is liquidated at {first}, before the stop at {second}"
        + (f" (so it is after tiers {tiers})" if len(late) > 1 else "")
        + f": the margin of {brief(worst.position.initial_margin)} {case.plan.settle} is lost, not the planned risk",
        f"{case.more_room}, or put the stop {case.winning} {first}",
        [("leverage", "the leverage")],
    )


def _on_another_path(case: Case) -> Findings:
    """Reports a liquidation that the order listed does not meet, where it comes before a stop."""
    path = case.facts.liquidated if case.facts is not None else ()
    if not path or path[-1].stop is None:
        return
    before = ", ".join(f"{event.kind} {event.number} at {brief(event.price)}" for event in path[:-1] if event.number)
    first, second = told_apart(path[-1].price, path[-1].stop)
    yield Finding(
        case.stop_path,
        f"in another order than listed the position is liquidated at {first}, before the stop at {second}: {before}",
        f"{case.more_room}, or write `after` so that the order is a part of the plan",
        [("leverage", "the leverage")],
    )
