"""SP404 liquidated-before-tier: the tiers before a tier are liquidated before price gets to it.

The lower tranches that were to lower the average never fill: the position is gone. Scaling in needs the margin to live
through the whole ladder.

Told at the first such tier. Where nothing says where they are liquidated, they are at their bankruptcy price at the
latest, and it is enough that this lies before the tier.

Silent where liquidation is unknown otherwise (SP406), and where the stop comes first (SP203).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.margin import Answer
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP404", "liquidated-before-tier", Severity.ERROR, "The position is liquidated before a tier fills.")
SILENCES = ("SP208",)


def check(case: Case) -> Findings:
    """Follows the ladder's own answer to what can be reached."""
    steps = case.steps
    for index in range(1, len(steps)):
        before = steps[index - 1].position
        if steps[index].position.unreachable_because != "liquidated" or before.unreachable_because:
            continue
        at = case.ladder.machine.taken_over_at(steps[index - 1].state)
        if at is None:
            continue
        latest = " at the latest," if before.liquidation.answer is Answer.UNKNOWN else ","
        first, second = case.prices_apart(at, case.plan.tiers[index].price)
        tiers = "tier 1" if index == 1 else f"tiers 1-{index}"
        never = not steps[index].position.fills
        unless = "" if never else f", unless price comes to it before tier {index}"
        yield Finding(
            f"tiers[{index}].price",
            f"{tiers} {'is' if index == 1 else 'are'} liquidated at {first}{latest} "
            f"before tier {index + 1} at {second} fills{unless}",
            f"{case.more_room}, or bring the tiers closer together",
            [case.margin_place],
            severity=None if never else Severity.WARNING,
        )
