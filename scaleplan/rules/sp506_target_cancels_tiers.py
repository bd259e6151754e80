"""SP506 target-cancels-tiers: the first target that closes something lies on the way to a tier.

Price meets the target first, which cancels every unfilled tier: the add never fills, though the risk and the average
count it.

Told at the first such tier. Silent with `entries_end: never`, and where the tiers before it are stopped (SP203) or
liquidated (SP404) first.
"""

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.engine.closes import entries_ended_by
from scaleplan.quantity.price import Fixed, say_price
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP506", "target-cancels-tiers", Severity.WARNING, "A target lies on the way to a tier and cancels it.")
SILENCES = ("SP208",)


def check(case: Case) -> Findings:
    """Follows the ladder's own answer to what can be reached."""
    plan = case.plan
    for index, step in enumerate(case.steps):
        if step.position.unreachable_because != "entries ended" or step.position.fills:
            continue
        target = entries_ended_by(plan)
        if target is None:
            return
        price = plan.targets[target].price
        level = case.price(price.price) if isinstance(price, Fixed) else say_price(price)
        yield Finding(
            f"tiers[{index}].price",
            f"target {target + 1} at {level} comes on the way to tier {index + 1} at "
            f"{case.price(plan.tiers[index].price)} and cancels it",
            Help("move the target beyond the tier, or leave the trail out")
            if plan.targets[target].trail is not None
            else case.putting(
                "move the target beyond the tier, or write `entries_end: never`", "", "entries_end", "never"
            ),
            [(f"targets[{target}].price", f"target {target + 1}")],
        )
        return
