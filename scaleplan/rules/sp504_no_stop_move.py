"""SP504 no-stop-move: the first of several targets leaves the stop where it was.

A part of the gain is taken and the rest is still at full risk: a trade that has been right can end as a loss.

Looked at is the first target that closes something, with others to come. Silent where it, or a target before it,
moves the stop; where the stop in force locks in no loss for the whole plan; and where there is no stop on purpose.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.closes import first_closing_target
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP504", "no-stop-move", Severity.WARNING, "The first of several targets does not move the stop.")


def check(case: Case) -> Findings:
    """Looks at the first target that closes something and is followed by another."""
    plan, exits = case.plan, case.ladder.exits
    index = first_closing_target(plan.targets)
    if index is None or index + 1 == len(plan.targets):
        return
    stop, locked = exits[index].stop, exits[index].locked
    moved = any(target.stop is not None for target in plan.targets[: index + 1])
    if moved or stop is None or locked is None or locked >= 0:
        return
    yield Finding(
        f"targets[{index}]",
        f"after target {index + 1} the stop stays at {case.price(stop)}: "
        f"{'hit next' if exits[index].liquidated is None else 'liquidated before it'}, the plan loses "
        f"{case.money(-locked)} {plan.settle}"
        + (f" although {case.money(exits[index].realized)} was won" if exits[index].realized > 0 else ""),
        "list the targets, the first with `stop: breakeven`"
        if "targets.from" in case.places.spans
        else case.putting(
            f"add `stop: breakeven` to target {index + 1}, or another level", f"targets[{index}]", "stop", "breakeven"
        ),
        [(case.stop_path, "the stop")],
    )
