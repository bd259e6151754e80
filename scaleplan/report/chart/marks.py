"""The levels of a plan as marks on a scale of prices: targets, tiers, the average, the stop, where it is liquidated."""

from collections.abc import Iterator
from decimal import Decimal

from scaleplan.engine.event import EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.margin import Answer
from scaleplan.ladder import Ladder, Rung, TargetExit
from scaleplan.ladder.totals import as_r
from scaleplan.plan import AfterPrice, AfterTier, Contract, Target, Tier
from scaleplan.quantity.exact import ZERO, same
from scaleplan.quantity.price import Fixed
from scaleplan.quantity.rounding import CONTEXT
from scaleplan.report.drawings import Mark, MarkKind
from scaleplan.report.figures import NONE, UNKNOWN, Figures, level_text, r_signed, rate, stop_text, written
from scaleplan.report.page import Fact, Role
from scaleplan.report.visible import visible
from scaleplan.report.words import never_fills, numbered

#: In which order levels at one price stand, from the winning side to the losing one.
_ORDER = tuple(MarkKind)


def marks_of(figures: Figures, ladder: Ladder) -> tuple[Mark, ...]:
    """Returns every level of a plan that has a price, the highest first."""
    plan = figures.plan
    found = [*_targets(figures, ladder), *_tiers(figures, ladder), _average(figures, ladder)]
    found += [*_stop(figures, ladder), *_liquidations(figures, ladder)]
    # Those at one price keep the order in which they are listed.
    return tuple(sorted(found, key=lambda mark: (-mark.price, plan.sign * _ORDER.index(mark.kind))))


def unplaced(figures: Figures, ladder: Ladder) -> list[Fact]:
    """Returns what a trader looks for on the ladder and what has no price to stand at."""
    plan, last = figures.plan, last_filled(ladder).position
    facts = [] if plan.stop is not None else [Fact("stop", "none, as written")]
    if plan.contract is Contract.SPOT:
        return facts
    if last.liquidation.answer is Answer.NONE:
        facts.append(Fact("liquidated", NONE))
    if last.liquidation.answer is Answer.UNKNOWN:
        known = [
            f"not before {figures.price(price)}" for price in (last.liquidation.not_before,) if price is not None
        ] + [f"no later than {figures.price(price)}" for price in (last.bankruptcy_price,) if price is not None]
        count = UNKNOWN if len(ladder.steps) == 1 else f"{UNKNOWN} all in"
        facts.append(Fact("liquidated", ", ".join((count, *known)), Role.CAUTION))
    return facts


def last_filled(ladder: Ladder) -> Rung:
    """Returns the last tier that some path fills, those before it filled as listed; without any the last of all."""
    return _reached(ladder)[-1]


def _reached(ladder: Ladder) -> tuple[Rung, ...]:
    if all(step.position.fills for step in ladder.steps):
        return ladder.steps
    return tuple(step for step in ladder.steps if step.position.reachable) or ladder.steps


def _part(quantity: Decimal, ladder: Ladder) -> Decimal:
    whole = ladder.totals.quantity
    return CONTEXT.divide(quantity, whole) if whole else ZERO


def _tiers(figures: Figures, ladder: Ladder) -> Iterator[Mark]:
    for tier, step in zip(figures.plan.tiers, ladder.steps, strict=True):
        why, _, because = never_fills(step).partition(": ")
        # A tier that never fills is named so: its words may find no room.
        words = [why] if why and step.position.fills else []
        words += [*_after(tier), *([f"stop to {stop_text(tier.stop)}"] if tier.stop is not None else [])]
        yield Mark(
            MarkKind.TIER,
            step.tier,
            tier.price,
            figures.price(tier.price),
            f"tier {step.tier} {tier.order if step.position.fills else why}",
            tuple(words),
            tuple(visible(text) for text in (because, tier.trigger, tier.note) if text),
            size=_part(step.fill.quantity, ladder),
        )


def _after(tier: Tier) -> list[str]:
    match tier.after:
        case AfterPrice(price):
            return [f"after {written(price)} traded"]
        case AfterTier(number):
            return [f"after tier {number}"]
        case None:
            return []


def _targets(figures: Figures, ladder: Ladder) -> Iterator[Mark]:
    plan = figures.plan
    for target, each in zip(plan.targets, ladder.exits, strict=True):
        relative = "" if isinstance(target.price, Fixed) else f", {level_text(target.price)}"
        yield Mark(
            MarkKind.TARGET,
            each.target,
            each.price,
            figures.price(each.price),
            f"target {each.target}{relative}",
            _target_words(figures, target, each, ladder),
            tuple(text for text in (f"or {visible(target.exit)}" if target.exit else "", visible(target.note)) if text),
            r_signed(each.realized_r) if each.quantity and each.realized_r is not None else "",
            _part(each.quantity, ladder),
            each.realized_r if each.quantity else None,
        )


def _target_words(figures: Figures, target: Target, each: TargetExit, ladder: Ladder) -> tuple[str, ...]:
    words = [f"close {figures.order(each.quantity)}"] if each.quantity else []
    if target.stop is not None and each.remaining:
        words.append(f"stop to {figures.stop(each.stop)}")
    if target.trail is not None and each.remaining:
        ratio = target.trail.ratio
        away = f"{figures.price(target.trail.distance)}" if ratio is None else rate(ratio)
        words.append(f"runner trails {away}")
    elif each.target == len(ladder.exits) and each.remaining:
        words.append(f"{figures.order(each.remaining)} left to the stop")
    if each.filled != ladder.every_tier:
        words.append(f"with {numbered(bits(each.filled))} filled")
    return tuple(words)


def _average(figures: Figures, ladder: Ladder) -> Mark:
    last = last_filled(ladder)
    here = last.position
    name = "average" if last.tier == len(ladder.steps) else f"average {_span(last.tier)}"
    words = () if here.breakeven is None else (f"breakeven {figures.price(here.breakeven)}",)
    return Mark(MarkKind.AVERAGE, last.tier, here.average_entry, figures.price(here.average_entry), name, words)


def _span(tiers: int) -> str:
    return "1" if tiers == 1 else f"1-{tiers}"


def _stop(figures: Figures, ladder: Ladder) -> Iterator[Mark]:
    plan = figures.plan
    if plan.stop is None:
        return
    wrong = plan.invalidation
    words = [] if wrong is None or wrong == plan.stop else [f"wrong at {figures.price(wrong)}"]
    elsewhere = ladder.elsewhere
    if (
        elsewhere is not None
        and elsewhere.events[-1].kind is EventKind.STOP
        and elsewhere.events[-1].price == plan.stop
    ):
        # With tiers filled in another order this stop loses more than as listed.
        worse = None if elsewhere.loss is None else as_r(-elsewhere.loss, ladder)
        words += [] if worse is None else [f"{r_signed(worse)} on another path"]
    net = _at_stop(plan.stop, ladder)
    result = "" if net is None else r_signed(net)
    yield Mark(MarkKind.STOP, 0, plan.stop, figures.price(plan.stop), "stop", tuple(words), (), result, net_r=net)


def _at_stop(stop: Decimal, ladder: Ladder) -> Decimal | None:
    """The worst result at the plan's own stop: with tiers filled that some path holds and that have not moved it."""
    worst = ladder.steps[ladder.totals.worst_tier - 1]
    if worst.position.stop == stop:
        lost = worst.position.risk_r
    else:
        losses = [step.position.risk_r for step in _reached(ladder) if step.position.stop == stop]
        lost = max((loss for loss in losses if loss is not None), default=None)
    return None if lost is None else -lost


def _liquidations(figures: Figures, ladder: Ladder) -> Iterator[Mark]:
    """Where the whole position is liquidated, and where a smaller one is if that lies nearer to price."""
    steps, sign = _reached(ladder), figures.plan.sign
    known = [step for step in steps if step.position.liquidation.price is not None]
    if not known:
        return
    last = steps[-1]
    nearest = max(known, key=lambda step: sign * _liquidation(step))
    if last.position.liquidation.price is None:
        yield _liquidated(figures, ladder, nearest)
        return
    others = [step for step in known if step is not last]
    furthest = min(others, key=lambda step: sign * _liquidation(step), default=None)
    beside = furthest if nearest is last else None
    yield _liquidated(figures, ladder, last, beside)
    # What differs in the fiftieth digit alone is one price.
    if nearest is not last and not same(_liquidation(nearest), _liquidation(last)):
        yield _liquidated(figures, ladder, nearest)


def _liquidation(step: Rung) -> Decimal:
    price = step.position.liquidation.price
    if price is None:
        raise AssertionError("asked of what is known alone")
    return price


def _liquidated(figures: Figures, ladder: Ladder, step: Rung, beside: Rung | None = None) -> Mark:
    whole = step.tier == len(ladder.steps)
    words = ["all in" if whole else f"after {numbered(range(1, step.tier + 1))}"]
    if beside is not None and figures.liquidated(beside.position) != figures.liquidated(step.position):
        words.append(f"{figures.liquidated(beside.position)} after {numbered(range(1, beside.tier + 1))}")
    return Mark(
        MarkKind.LIQUIDATION,
        step.tier,
        _liquidation(step),
        figures.liquidated(step.position),
        "liquidated" if whole else f"liquidated {_span(step.tier)}",
        tuple(words) if len(ladder.steps) > 1 else (),
        between="; ",
    )
