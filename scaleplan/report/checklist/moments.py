"""The order ticket: what can rest at the venue now, and what has to wait for what.

The plan starts at tier 1. Before it has filled, price stands where tier 1 is still ahead: a limit order of the same
side beyond it rests until price has passed tier 1, and so does a stop order beyond a stop order. Anything else could
fill before tier 1, or at once, and waits.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from scaleplan.engine.closes import entries_ended_by
from scaleplan.engine.resting import waits_for
from scaleplan.ladder import Ladder, Rung, TargetExit
from scaleplan.ladder.counts import Count
from scaleplan.ladder.totals import as_r
from scaleplan.plan import AfterPrice, AfterTier, Contract, Plan
from scaleplan.quantity.amount import say_duration
from scaleplan.report.checklist.checks import too_small
from scaleplan.report.checklist.sheet import Figure, Level, Moment, Stage, Ticket
from scaleplan.report.figures import Figures, level_text, r_loss, r_signed, share, stop_text
from scaleplan.report.visible import visible
from scaleplan.report.words import (
    expired_words,
    never_fills,
    never_hit,
    numbered,
    runner_words,
    trails,
    unlike_listed,
)


def orders_now(figures: Figures, ladder: Ladder, today: date) -> tuple[Ticket, ...]:
    """The tiers that can rest, and the stop that stands behind whatever of them fills."""
    plan = figures.plan
    tickets = list(_entries(figures, ladder, today, waiting=False))
    if plan.stop is not None:
        stop = Figure(figures.price(plan.stop), plan.stop)
        tickets.append(Ticket("stop", f"{_exit(plan)} stop", _reduce_only(plan), stop, Figure("as held")))
    return tuple(tickets)


def orders_later(figures: Figures, ladder: Ladder, counts: tuple[Count, ...], today: date) -> tuple[Ticket, ...]:
    """The tiers that wait, and the targets, which reduce what is held; their quantities are those of all tiers.

    Of a plan whose day is past no tier is placed any more.
    """
    return (*_entries(figures, ladder, today, waiting=True), *_exits(figures, counts))


def _waits_for(figures: Figures, ladder: Ladder, index: int) -> str:
    """What has to happen before a tier's order is placed; empty where it can rest now."""
    machine = ladder.machine
    match waits_for(machine, machine.flat(figures.plan.tiers[0].price), index):
        case AfterPrice(price):
            return f"after {figures.price(price)}"
        case AfterTier(number):
            return f"after tier {number} fills"
        case None:
            return ""


def _entries(figures: Figures, ladder: Ladder, today: date, *, waiting: bool) -> Iterator[Ticket]:
    plan = figures.plan
    expired = f"not placed: {expired_words(plan)}" if plan.has_expired(today) else ""
    entry = "buy" if plan.sign > 0 else "sell"
    for index, (tier, step) in enumerate(zip(plan.tiers, ladder.steps, strict=True)):
        remark = expired or never_fills(step) or too_small(figures, ladder, index)
        waits = _waits_for(figures, ladder, index)
        if waiting is bool(waits or remark):
            yield Ticket(
                f"tier {step.tier}",
                f"{entry} {tier.order}",
                waits,
                Figure(figures.price(tier.price), tier.price),
                Figure(figures.order(step.fill.quantity), step.fill.quantity),
                remark,
            )


def _exits(figures: Figures, counts: tuple[Count, ...]) -> Iterator[Ticket]:
    plan = figures.plan
    exits = counts[-1].walk.exits
    for target, exit_ in zip(plan.targets, exits, strict=True):
        if exit_.quantity:
            yield Ticket(
                f"target {exit_.target}",
                f"{_exit(plan)} {target.order}",
                _reduce_only(plan),
                Figure(figures.price(exit_.price), exit_.price),
                Figure(figures.order(exit_.quantity), exit_.quantity),
            )


def _exit(plan: Plan) -> str:
    return "sell" if plan.sign > 0 else "buy"


def _reduce_only(plan: Plan) -> str:
    return "" if plan.contract is Contract.SPOT else "reduce-only"


_NOWHERE = Figure("")


def moments_of(figures: Figures, ladder: Ladder) -> tuple[Moment, ...]:
    """One moment for each tier: the stop and the quantity it has to cover change with every fill."""
    return tuple(_moment(figures, ladder, step) for step in ladder.steps)


def steps_of(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> tuple[Stage, ...]:
    """What comes after the fills, with every tier that can fill filled."""
    return (*_full(figures, ladder), *_targets(figures, ladder, counts), *_ends(figures, ladder, counts))


def levels_of(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> tuple[tuple[int, ...], tuple[Level, ...]]:
    """What differs from one count of filled tiers to the next, and these counts; nothing where there is one count.

    What no path comes to is blank. The last count is that of the steps: a row that says no more than they do is left
    out, and so is a count of which nothing is said.
    """
    levels = [level for level in _levels(figures, ladder, counts) if _differs(level)]
    kept = [index for index in range(len(counts)) if any(level.figures[index].text for level in levels)]
    return (
        tuple(counts[index].tiers for index in kept),
        tuple(level._replace(figures=tuple(level.figures[index] for index in kept)) for level in levels),
    )


def _ends_so(count: Count, plan: Plan) -> bool:
    """Whether a path ends with just these tiers filled and every target hit: what is left may wait for a stop."""
    last = count.walk.exits[-1]
    return count.hit == len(plan.targets) and not (last.remaining and last.may_grow)


def _differs(level: Level) -> bool:
    """Whether a level is another for some count than it is in the steps."""
    *others, steps = (figure.text for figure in level.figures)
    return any(text not in ("", steps) for text in others)


def result(figures: Figures, ladder: Ladder, amount: Decimal | None) -> Figure:
    """A result in R, or in money where there is no 1R."""
    in_r = as_r(amount, ladder)
    return Figure(figures.money(amount), amount) if in_r is None else Figure(r_signed(in_r), in_r)


def _moment(figures: Figures, ladder: Ladder, step: Rung) -> Moment:
    here = step.position
    no_r = not ladder.totals.has_r
    return Moment(
        tier=step.tier,
        price=Figure(figures.price(figures.plan.tiers[step.tier - 1].price), figures.plan.tiers[step.tier - 1].price),
        stop=Figure(figures.stop(here.stop), here.stop),
        quantity=Figure(figures.order(here.quantity), here.quantity),
        average_entry=Figure(figures.price(here.average_entry), here.average_entry),
        breakeven=Figure(figures.price(here.breakeven), here.breakeven),
        risk=Figure(figures.loss(here.risk), here.risk) if no_r else Figure(r_loss(here.risk_r), here.risk_r),
        liquidation=Figure(figures.liquidated(here), here.liquidation.price),
        remark=unlike_listed(step),
    )


def _full(figures: Figures, ladder: Ladder) -> Iterator[Stage]:
    fill = [step.tier for step in ladder.steps if step.position.fills]
    if len(figures.plan.tiers) > 1:
        when = f"all {len(fill)} in" if len(fill) == len(figures.plan.tiers) else f"{numbered(fill)} in"
        yield Stage(when, _NOWHERE, "NO MORE ADDS, whatever price does", "")


def _targets(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> Iterator[Stage]:
    plan = figures.plan
    exits = counts[-1].walk.exits
    closing = entries_ended_by(plan)
    before = ladder.steps[counts[-1].tiers - 1].position.stop
    for index, exit_ in enumerate(exits):
        if not exit_.reached:
            at = Figure(figures.price(exit_.price), exit_.price)
            yield Stage(f"target {exit_.target}", at, never_hit(exit_), "")
            continue
        do = []
        if exit_.quantity:
            do.append(f"close {figures.order(exit_.quantity)}")
        if index == closing and len(plan.tiers) > 1:
            do.append("CANCEL unfilled tiers")
        do.append(_stop_then(figures, exit_, moved=exit_.stop != before))
        before = exit_.stop
        price = Figure(figures.price(exit_.price), exit_.price)
        yield Stage(f"target {exit_.target}", price, ", ".join(do), _locked(figures, ladder, exit_))
    if not exits and plan.runner is not None:
        stop = ladder.steps[counts[-1].tiers - 1].position.stop
        yield Stage("the exit", Figure(figures.stop(stop), stop), runner_words(plan), "")
    if exits and exits[-1].remaining and exits[-1].reached:
        last, target = exits[-1], plan.targets[-1]
        trail = trails(figures, target)
        do = [runner_words(plan) or trail or "no price: the stop stands"]
        do += [f"or out: {visible(target.exit)}"] if target.exit else []
        at = Figure(figures.stop(last.stop), last.stop)
        yield Stage("the rest", at, ", ".join(do), _least(figures, ladder, last))


def _stop_then(figures: Figures, exit_: TargetExit, *, moved: bool) -> str:
    if not exit_.remaining:
        return "cancel the stop"
    if exit_.stop is None:
        return "no stop"
    return f"stop {'to' if moved else 'stays at'} {figures.price(exit_.stop)} for {figures.order(exit_.remaining)}"


def _locked(figures: Figures, ladder: Ladder, exit_: TargetExit) -> str:
    if not exit_.remaining:
        return f"flat {result(figures, ladder, exit_.realized).text}"
    verb = "stopped" if exit_.may_grow or (exit_.locked or 0) < 0 else "locks"
    verb = verb if exit_.liquidated is None else "liquidated"
    return "" if exit_.locked is None else f"{verb} {result(figures, ladder, exit_.locked).text}"


def _least(figures: Figures, ladder: Ladder, exit_: TargetExit) -> str:
    word = "stopped" if exit_.may_grow else "least"
    return "" if exit_.locked is None else f"{word} {result(figures, ladder, exit_.locked).text}"


def _ends(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> Iterator[Stage]:
    plan = figures.plan
    lost = result(figures, ladder, _worst(ladder)).text
    if ladder.unstopped is not None:
        worst = ladder.unstopped.loss
        lost = result(figures, ladder, None if worst is None else worst.copy_negate()).text
        yield Stage("liquidated", _NOWHERE, "before any stop: CANCEL everything", f"worst {lost}")
    elif ladder.steps[0].position.stop is not None:
        yield Stage("stop hit", _NOWHERE, "flat: CANCEL everything, no re-entry", f"worst {lost}")
    else:
        yield Stage("no stop", _NOWHERE, "out by hand, at the price written above", f"worst {lost}")
    if plan.time_stop is not None:
        after, unless, close = plan.time_stop
        do = f"close {'all' if close == 1 else share(close)} of it"
        at = _NOWHERE
        if unless is not None:
            price = counts[-1].unless
            do += f", unless {level_text(unless)} was reached"
            at = Figure(figures.price(price), price)
        yield Stage(f"{say_duration(after)} old", at, do, "")
    if plan.expires is not None:
        when = plan.expires.isoformat() if isinstance(plan.expires, date) else f"{say_duration(plan.expires)} over"
        yield Stage(when, _NOWHERE, "CANCEL unfilled tiers", "")


def _worst(ladder: Ladder) -> Decimal | None:
    """The worst result: of the tiers that some path holds as listed, or of the path that loses more.

    Absent where the brackets end before the stop, or that is on the wrong side: then nobody knows.
    """
    risk, worse = ladder.totals.risk, ladder.elsewhere
    plan = ladder.machine.plan
    known = [loss for loss in (risk, None if worse is None else worse.loss) if loss is not None]
    reached = [step.position for step in ladder.steps if step.position.fills]
    past = any(
        here.liquidation.past_end and not here.liquidation.not_before_stop(here.stop, plan.sign) for here in reached
    )
    return None if risk is None or past or plan.is_misplaced else max(known).copy_negate()


def _levels(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> Iterator[Level]:
    plan = figures.plan
    # With fewer tiers filled the closes are smaller than any that the tables show: none of their digits is cut.
    closes = tuple(exit_.quantity for count in counts for exit_ in count.walk.exits)
    finer = figures.finer(closes)

    def row(label: str, figure: Callable[[Count], Figure]) -> Level:
        return Level(label, tuple(figure(count) for count in counts))

    def of_exit(label: str, index: int, figure: Callable[[TargetExit], Figure], *, spare: bool = False) -> Level:
        return row(label, lambda count: figure(count.walk.exits[index]) if index < count.hit else _NOWHERE)._replace(
            spare=spare
        )

    def price(value: Decimal | None) -> Figure:
        return Figure("-" if value is None else figures.price(value), value)

    for index, target in enumerate(plan.targets):
        number = index + 1
        yield of_exit(f"target {number} at", index, lambda exit_: price(exit_.price))
        yield of_exit(
            f"target {number} closes",
            index,
            lambda exit_: Figure(finer.order(exit_.quantity), exit_.quantity),
            spare=True,
        )
        if target.stop is not None:
            yield of_exit(f"then stop {stop_text(target.stop)}", index, lambda exit_: price(exit_.stop))
    if plan.time_stop is not None and plan.time_stop.unless is not None:
        yield row(f"{level_text(plan.time_stop.unless)} is at", lambda count: price(count.unless))
    if plan.targets:
        yield row(
            "all targets",
            lambda count: result(figures, ladder, count.walk.reward) if _ends_so(count, plan) else _NOWHERE,
        )._replace(spare=True)


def basis_of(plan: Plan, counts: tuple[Count, ...]) -> str:
    """How many tiers are filled in the steps, in words."""
    whole = counts[-1].tiers
    if len(plan.tiers) == 1:
        return "tier 1 filled"
    return "all tiers filled" if whole == len(plan.tiers) else f"{numbered(range(1, whole + 1))} filled"
