"""SP209 stop-next-to-entry: a stop lies so near an entry that a digit was lost.

59999 for 59000: the plan looks as if it risked next to nothing and won a thousand times that, and the first trade at
the next price takes it out. Fills, ticks and the spread are wider than such a distance.

Told where the plan's stop, or its invalidation, lies within 0.02% of a tier that it follows, where a stop move lies as
near to the price at which it is set, or a trail as near to the price that it follows, and where a target written as a
price is more than 100 times as far from the average entry as the stop. Silent for distances written in ticks, points or
pips, in which no digit of a price is lost, unless a target is that far; and for a stop on the wrong side (SP201).
"""

from collections.abc import Iterator
from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import above
from scaleplan.quantity.number import brief
from scaleplan.quantity.price import Fixed
from scaleplan.rules.case import Case, Finding, Findings, Threshold, at_most, named, owner_of

KIND = Kind("SP209", "stop-next-to-entry", Severity.WARNING, "A stop lies so near an entry that a digit was lost.")
SILENCES = ("SP703",)
NEEDS = ("side", "tiers", "stop", "invalidation")
#: Two pips of a currency pair, a point of an index: nearer than what a fill is uncertain by.
STOP_NEAR = Threshold("stop_near", Decimal("0.0002"))
#: Nobody plans to win a hundred times what is risked from one stop.
TARGET_R = Threshold("target_r", Decimal(100))


def check(case: Case) -> Findings:
    """Compares the stops with what they follow, and the targets with the stop."""
    plan = case.plan
    if plan.stop is None or plan.sign * (plan.tiers[0].price - plan.stop) <= 0:
        return
    found = next(_near(case), None) or next(_far(case), None)
    if found is not None:
        yield found
    yield from _moves(case)


def _near(case: Case) -> Iterator[Finding]:
    """Yields the tiers next to the plan's stop, or its invalidation."""
    plan = case.plan
    for place, level in ((case.stop_path, plan.stop), ("invalidation", plan.invalidation)):
        if level is None or case.is_in_steps(place):
            continue
        for index, tier in enumerate(plan.tiers):
            away = plan.sign * (tier.price - level)
            path = f"tiers[{index}].price"
            if not 0 < away <= case.limit(STOP_NEAR) * tier.price or case.is_in_steps(path):
                continue
            yield Finding(
                path if index else place,
                f"the {place} at {case.price(level)} is {at_most(away / tier.price)} from tier {index + 1} at "
                f"{case.price(tier.price)}, nearer than a fill is certain by",
                "check the digits of both",
                [(place, f"the {place}") if index else (path, "tier 1")],
            )


def _far(case: Case) -> Iterator[Finding]:
    """Yields the targets that are out of all proportion to the stop."""
    for done, target in zip(case.ladder.exits, case.plan.targets, strict=False):
        multiple, stop = done.r_multiple, case.plan.stop
        if not isinstance(target.price, Fixed) or multiple is None or stop is None:
            continue
        path = f"targets[{done.target - 1}].price"
        if not above(multiple, case.limit(TARGET_R)) or case.is_percentage(path):
            continue
        yield Finding(
            case.stop_path,
            f"the stop at {case.price(stop)} is so near that target {done.target} at {case.price(done.price)} is "
            f"{brief(multiple, 3)}R away",
            "check the digits of both",
            [(path, named("target", [done.target - 1])), ("tiers[0].price", "tier 1")],
        )


def _moves(case: Case) -> Iterator[Finding]:
    """Yields stop moves, and a trail, next to the price that they follow."""
    plan, near = case.plan, case.limit(STOP_NEAR)
    for move in case.ladder.moves:
        path = f"{move.owner}[{move.row}].stop"
        away = plan.sign * (move.set_at - move.level)
        rows = plan.tiers if move.owner == "tiers" else plan.targets
        if move.fault is None and isinstance(rows[move.row].stop, Fixed) and 0 < away <= near * move.set_at:
            if case.is_in_steps(path):
                continue
            yield Finding(
                path,
                f"the stop of {owner_of(move)} moves to {case.price(move.level)}, {at_most(away / move.set_at)} from "
                f"the price of {case.price(move.set_at)} at which it is set",
                "check the digits, or close the part there instead",
            )
    trail = plan.targets[-1].trail if plan.targets else None
    if trail is None or not case.ladder.exits or case.is_in_steps(f"targets[{len(plan.targets) - 1}].trail"):
        return
    price = case.ladder.exits[-1].price
    ratio = trail.ratio if trail.ratio is not None else (trail.distance or price) / price
    if ratio <= near:
        yield Finding(
            f"targets[{len(plan.targets) - 1}].trail",
            f"the trail is {at_most(ratio)} of the price of {case.price(price)}: nearer than a fill is certain by",
            "check the digits, or close that part at the target",
        )
