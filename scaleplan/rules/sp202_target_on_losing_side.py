"""SP202 target-on-losing-side: a target lies where the position would be losing, however many tiers have filled.

A target is compared with the average entry after each tier: where it lies on the losing side of all of them, it takes
a loss and calls it a profit.

Silent for a target that wins for some counts of filled tiers.
"""

from scaleplan.diagnostic import Kind, Severity, write
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Anchor, Fixed, Reference, RMultiple, say_price
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind(
    "SP202", "target-on-losing-side", Severity.ERROR, "A target lies on the losing side of every average entry."
)
_WORDS = {Reference.ENTRY: "average entry", Reference.BREAKEVEN: "breakeven"}
SILENCES = ("SP504", "SP506", "SP508", "SP511", "SP702")
NEEDS = ("side", "tiers", "size", "stop", "targets", "slippage", "spread")


def losers(case: Case) -> dict[int, tuple[str, str]]:
    """Returns the targets that take a loss, by index: what clashes, and the way out."""
    plan = case.plan
    nearest = min((step.position.average_entry for step in case.steps), key=lambda average: plan.sign * average)
    found = {}
    for index, target in enumerate(plan.targets):
        if isinstance(target.price, Fixed) and plan.sign * (target.price.price - nearest) <= 0:
            found[index] = (
                f"{case.price(target.price.price)} is not {case.winning} the average entry of {case.price(nearest)}",
                f"write a price {case.winning} {case.price(nearest)}",
            )
        elif isinstance(target.price, RMultiple) and target.price.n <= 0:
            found[index] = (
                f"{plain(target.price.n)}R is not above 0R, the average entry",
                "write a distance above 0, such as `2R`",
            )
        elif isinstance(target.price, Anchor) and plan.sign * (target.price.ratio + target.price.amount) < 0:
            offset = say_price(target.price).removeprefix(f"{target.price.reference} ")
            found[index] = (
                f"{say_price(target.price)} is not {case.winning} the {_WORDS[target.price.reference]}",
                write(f"{target.price.reference} {'+' if plan.sign > 0 else '-'}{offset[1:]}"),
            )
    return found


def check(case: Case) -> Findings:
    """Compares each target with the average entries."""
    for index, (clash, help) in losers(case).items():
        yield Finding(
            f"targets[{index}].price",
            f"target {index + 1} of this {case.plan.side} takes a loss: {clash}",
            help,
            [("side", "the side")],
        )
