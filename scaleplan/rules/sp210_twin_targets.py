"""SP210 twin-targets: two targets stand at one price, and nothing tells them apart.

Both are hit at the same moment: it is one exit in two lines, or a digit of one of them is wrong.

Told where the same level is written twice, and, with a single tier, where two levels come to one price (`66000` and
`3R`); and where two prices lie 0.005% apart, and the others ten times as far. Silent where levels meet only with all
tiers filled.
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import same
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Fixed, say_price
from scaleplan.rules.case import Case, Finding, Findings, near_twins

KIND = Kind("SP210", "twin-targets", Severity.WARNING, "Two targets stand at one price.")
NEEDS = ("targets",)


def check(case: Case) -> Findings:
    """Compares each target with those before it."""
    targets = case.plan.targets
    for index in range(1, len(targets)):
        first = next((before for before in range(index) if _are_one(case, before, index)), None)
        if first is None:
            continue
        level = targets[index].price
        yield Finding(
            f"targets[{index}].price",
            f"targets {first + 1} and {index + 1} are both at "
            f"{case.price(level.price) if isinstance(level, Fixed) else say_price(level)}: they are hit as one",
            "make them one target, or check the digits",
            [(f"targets[{first}].price", f"target {first + 1}")],
        )
    if not all(isinstance(target.price, Fixed) for target in targets):
        return
    prices = [target.price.price for target in targets if isinstance(target.price, Fixed)]
    for index in near_twins(prices):
        if case.is_in_steps(f"targets[{index}].price"):
            continue
        yield Finding(
            f"targets[{index}].price",
            f"targets {index} and {index + 1} lie {case.price(abs(prices[index] - prices[index - 1]))} apart, at "
            f"{plain(prices[index - 1])} and {plain(prices[index])}: they are hit almost as one",
            "make them one target, or check the digits",
            [(f"targets[{index - 1}].price", f"target {index}")],
        )


def _are_one(case: Case, first: int, second: int) -> bool:
    plan, machine = case.plan, case.ladder.machine
    if plan.targets[first].price == plan.targets[second].price:
        return True
    # Two forms of one price: the average of a single tier is known. An outline is played without its targets.
    if len(plan.tiers) > 1 or len(machine.plan.targets) < len(plan.targets):
        return False
    one, other = (machine.holdings.target(case.steps[0].state.held, index) for index in (first, second))
    return one is not None and other is not None and same(one, other)
