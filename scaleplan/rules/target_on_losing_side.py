"""SP202 target-on-losing-side: a target lies where the position would be losing, however many tiers have filled.

A target is compared with the average entry after each tier: where it lies on the losing side of all of them, it takes
a loss and calls it a profit. One that wins for some counts of filled tiers is left alone.
"""

from collections.abc import Iterator

from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.quantity.number import brief, plain
from scaleplan.quantity.price import Fixed, RMultiple
from scaleplan.rules.subject import Subject

KIND = Kind(
    "SP202", "target-on-losing-side", Severity.ERROR, "A target lies on the losing side of every average entry."
)


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare each target with the average entries."""
    plan = subject.plan
    averages = [step.position.average_entry for step in subject.ladder.steps]
    nearest = min(averages, key=lambda average: plan.sign * average)
    for index, target in enumerate(plan.targets):
        if isinstance(target.price, Fixed):
            wins = plan.sign * (target.price.price - nearest) > 0
            clash = f"{brief(target.price.price)} is not {subject.winning} the average entry of {brief(nearest)}"
            help = f"write a price {subject.winning} {brief(nearest)}"
        elif isinstance(target.price, RMultiple):
            wins = target.price.n > 0
            clash = f"{plain(target.price.n)}R is not above 0R, the average entry"
            help = "write a distance above 0, such as `2R`"
        else:
            continue
        if not wins:
            yield subject.finding(
                KIND,
                f"targets[{index}].price",
                f"target {index + 1} of this {plan.side} takes a loss: {clash}",
                help,
                [("side", "the side")],
            )
