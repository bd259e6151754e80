"""SP509 no-stop: a plan with leverage says `stop: none`.

Nothing then ends the trade but the venue: the risk is the loss at the liquidation price, with isolated margin all of
the margin, with cross margin all of the account. Where nobody knows where that is, it is at the bankruptcy price at the
latest.

Silent where the tiers set a stop that every path meets first, for spot, where nothing is liquidated and holding through
is a plan of its own, and where the margin covers the position to the end.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.margin import Answer
from scaleplan.plan import Contract
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP509", "no-stop", Severity.WARNING, "A plan with leverage has no stop.")


def check(case: Case) -> Findings:
    """Looks for a stop, and for what ends the trade instead."""
    plan, facts = case.plan, case.facts
    # The tiers that some path comes to as listed, and that set no stop themselves.
    bare = [step for step in case.steps if step.position.reachable and step.position.stop is None]
    if plan.stop is not None or plan.contract is Contract.SPOT or not bare:
        return
    last = bare[-1].position
    if last.liquidation.answer is Answer.NONE:
        return
    if facts is not None and facts.liquidated is None and last.liquidation.answer is Answer.PRICE:
        # The stops that tiers set come before it on every path.
        return
    at, latest = case.ladder.machine.taken_over_at(bare[-1].state), last.liquidation.answer is Answer.UNKNOWN
    if facts is not None and facts.liquidated is not None:
        event = facts.liquidated.events[-1]
        at, latest = event.price, event.latest
    where = f" at {case.price(at)}{' at the latest' if latest else ''}" if at is not None else ""
    lost = case.ladder.totals.risk
    if lost is not None:
        loses = f"that loses up to {case.money(lost)} {plan.settle}"
    else:
        loses = "what that loses is not known, because cross margin stands on the account, and no equity is written"
    yield Finding(
        "stop",
        f"nothing ends this trade before it is liquidated{where}: {loses}",
        f"write a stop {case.beyond(at, latest=latest)}"
        if at is not None
        else "write the price at which the idea is wrong",
        [("leverage", "the leverage")],
    )
