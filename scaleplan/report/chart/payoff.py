"""What a plan pays as curves: net R against price, one for each number of filled tiers."""

from collections.abc import Sequence
from decimal import Decimal

from scaleplan.questions.payoff import Payoff, Piece, Point, payoffs_of, points_of
from scaleplan.report.drawings import Curve, Curves, Tick
from scaleplan.report.figures import Figures
from scaleplan.report.page import Fact
from scaleplan.report.words import numbered
from scaleplan.study import Study

#: How far the axis of price goes beyond the outermost level, as a part of what lies between these.
_BEYOND = Decimal("0.05")
#: The characters of curves, and how many are drawn: more than these nobody tells apart.
_NUMBERS, _LETTERS = "123456789", "abcdefghi"


def drawn_payoffs(study: Study, most: int | None = None) -> tuple[tuple[Payoff, tuple[Point, ...]], ...]:
    """Returns the payoff of every number of tiers, or of so many, with the points that draw it over one range."""
    ladder = study.ladder
    filled = None if study.facts is None else study.facts.reached.counts
    payoffs = payoffs_of(ladder, filled, most)
    pieces = [piece for payoff in payoffs for piece in (*payoff.winning, *payoff.losing)]
    prices = [price for piece in pieces for price in _ends(piece)]
    prices += [] if study.plan.stop is None else [study.plan.stop]
    low, high = min(prices), max(prices)
    beyond = (high - low or low) * _BEYOND
    least = low / 2 if beyond >= low else low - beyond
    return tuple((payoff, points_of(ladder, payoff, least, high + beyond)) for payoff in payoffs)


def _ends(piece: Piece) -> tuple[Decimal, ...]:
    return (piece.start,) if piece.end is None else (piece.start, piece.end)


def payoff_curves(study: Study, figures: Figures, rows: int | None = None) -> Curves:
    """Returns the curves of a plan; of many tiers as many as can be told apart, the first and the last among them."""
    signs = _NUMBERS if len(study.ladder.steps) <= len(_NUMBERS) else _LETTERS
    found = drawn_payoffs(study, len(signs))
    in_r = all(point.net_r is not None for _, points in found for point in points)
    curves = tuple(
        Curve(
            str(payoff.tiers) if signs is _NUMBERS else signs[index],
            numbered(range(1, payoff.tiers + 1)),
            tuple((point.price, point.net if point.net_r is None or not in_r else point.net_r) for point in points),
        )
        for index, (payoff, points) in enumerate(found)
    )
    return Curves(
        curves, _ticks(study, figures, [payoff for payoff, _ in found]), "R" if in_r else study.plan.settle, rows
    )


def _ticks(study: Study, figures: Figures, payoffs: Sequence[Payoff]) -> tuple[Tick, ...]:
    """The prices below the curves: the stop, liquidations before it, tier 1, the last target, then the others."""
    plan, ladder = study.plan, study.ladder
    tiers = [
        Tick(tier.price, figures.price(tier.price), f"tier {step.tier}")
        for tier, step in zip(plan.tiers, ladder.steps, strict=True)
    ]
    targets = [Tick(each.price, figures.price(each.price), f"target {each.target}") for each in ladder.exits]
    stop = [] if plan.stop is None else [Tick(plan.stop, figures.price(plan.stop), "stop")]
    lost = [
        Tick(each.liquidated, figures.price(each.liquidated), f"liquidated {each.tiers}")
        for each in payoffs
        if each.liquidated is not None
    ]
    return (*stop, *lost, *tiers[:1], *reversed(targets), *tiers[1:])


def payoff_facts(curves: Curves) -> list[Fact]:
    """Returns what each curve is, and what all of them suppose."""
    facts = [Fact(curve.sign, f"{curve.name} filled, and no further one") for curve in curves.curves]
    facts += [Fact("*", "several of these")] if len(facts) > 1 else []
    told = "net of costs, if price goes straight from the last fill to a price, targets on the way are hit, and what is"
    unit = "" if curves.unit == "R" else f" in {curves.unit}"
    return [*facts, Fact("each", f"{told} left is closed there at taker cost{unit}")]
