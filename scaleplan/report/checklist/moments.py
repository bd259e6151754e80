"""Moments: every fill, target, stop and date, what to do then, and what is another number for each count filled."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

from scaleplan.engine.closes import entries_ended_by
from scaleplan.ladder import Exit, Ladder, Rung
from scaleplan.ladder.counts import Count
from scaleplan.ladder.totals import as_r
from scaleplan.plan import Plan
from scaleplan.quantity.amount import say_duration
from scaleplan.quantity.price import say_price
from scaleplan.report.checklist import records
from scaleplan.report.checklist.records import Figure, Level, Moment
from scaleplan.report.checklist.scale import numbered
from scaleplan.report.figures import Figures, level_text, r_loss, r_signed, share
from scaleplan.report.visible import visible
from scaleplan.report.words import never_fills, trails

_NOWHERE = Figure("")


def moments_of(figures: Figures, ladder: Ladder) -> tuple[Moment, ...]:
    """One moment for each tier: the stop and the quantity it has to cover change with every fill."""
    return tuple(_moment(figures, ladder, step) for step in ladder.steps)


def steps_of(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> tuple[records.Step, ...]:
    """What comes after the fills, with every tier that can fill filled."""
    return (*_full(figures, counts), *_targets(figures, ladder, counts), *_ends(figures, ladder, counts))


def levels_of(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> tuple[Level, ...]:
    """What differs from one count of filled tiers to the next; nothing where there is one count."""
    if len(counts) == 1:
        return ()
    return tuple(
        level for level in _levels(figures, ladder, counts) if len({figure.text for figure in level.figures}) > 1
    )


def result(figures: Figures, ladder: Ladder, amount: Decimal | None) -> Figure:
    """A result in R, or in money where there is no 1R."""
    in_r = as_r(amount, ladder)
    return Figure(figures.money(amount), amount) if in_r is None else Figure(r_signed(in_r), in_r)


def _moment(figures: Figures, ladder: Ladder, step: Rung) -> Moment:
    here = step.position
    no_r = ladder.totals.r <= 0
    return Moment(
        tier=step.tier,
        price=Figure(figures.price(figures.plan.tiers[step.tier - 1].price), figures.plan.tiers[step.tier - 1].price),
        stop=Figure(figures.stop(here.stop), here.stop),
        quantity=Figure(figures.order(here.quantity), here.quantity),
        average_entry=Figure(figures.price(here.average_entry), here.average_entry),
        breakeven=Figure(figures.price(here.breakeven), here.breakeven),
        risk=Figure(figures.loss(here.risk), here.risk) if no_r else Figure(r_loss(here.risk_r), here.risk_r),
        liquidation=Figure(figures.liquidated(here), here.liquidation.price),
        remark=never_fills(step),
    )


def _full(figures: Figures, counts: tuple[Count, ...]) -> Iterator[records.Step]:
    whole = counts[-1].tiers
    if len(figures.plan.tiers) > 1:
        when = f"all {whole} in" if whole == len(figures.plan.tiers) else f"{numbered(range(1, whole + 1))} in"
        yield records.Step(when, _NOWHERE, "NO MORE ADDS, whatever price does", "")


def _targets(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> Iterator[records.Step]:
    plan = figures.plan
    exits = counts[-1].walk.exits
    closing = entries_ended_by(plan)
    before = ladder.steps[counts[-1].tiers - 1].position.stop
    for index, exit_ in enumerate(exits):
        do = []
        if exit_.quantity:
            do.append(f"close {figures.order(exit_.quantity)}")
        if index == closing and len(plan.tiers) > 1:
            do.append("CANCEL unfilled tiers")
        do.append(_stop_then(figures, exit_, moved=exit_.stop != before))
        before = exit_.stop
        price = Figure(figures.price(exit_.price), exit_.price)
        yield records.Step(f"target {exit_.target}", price, ", ".join(do), _locked(figures, ladder, exit_))
    if exits and exits[-1].remaining:
        last, target = exits[-1], plan.targets[-1]
        trail = trails(figures, target)
        do = [trail or "no price: the stop stands"]
        do += [f"or out: {visible(target.exit)}"] if target.exit else []
        at = Figure(figures.stop(last.stop), last.stop)
        yield records.Step("the rest", at, ", ".join(do), _least(figures, ladder, last))


def _stop_then(figures: Figures, exit_: Exit, *, moved: bool) -> str:
    if not exit_.remaining:
        return "cancel the stop"
    if exit_.stop is None:
        return "no stop"
    return f"stop {'to' if moved else 'stays at'} {figures.price(exit_.stop)} for {figures.order(exit_.remaining)}"


def _locked(figures: Figures, ladder: Ladder, exit_: Exit) -> str:
    if not exit_.remaining:
        return f"flat {result(figures, ladder, exit_.realized).text}"
    return "" if exit_.locked is None else f"locks {result(figures, ladder, exit_.locked).text}"


def _least(figures: Figures, ladder: Ladder, exit_: Exit) -> str:
    return "" if exit_.locked is None else f"least {result(figures, ladder, exit_.locked).text}"


def _ends(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> Iterator[records.Step]:
    plan = figures.plan
    lost = result(figures, ladder, ladder.totals.risk.copy_negate()).text
    if plan.stop is not None:
        yield records.Step("stop hit", _NOWHERE, "flat: CANCEL everything, no re-entry", f"worst {lost}")
    else:
        yield records.Step("no stop", _NOWHERE, "out by hand, at the price written above", f"worst {lost}")
    if plan.time_stop is not None:
        after, unless, close = plan.time_stop
        do = f"close {'all' if close == 1 else share(close)} of it"
        at = _NOWHERE
        if unless is not None:
            price = counts[-1].unless
            do += f", unless {level_text(unless)} was reached"
            at = Figure(figures.price(price), price)
        yield records.Step(f"{say_duration(after)} old", at, do, "")
    if plan.expires is not None:
        when = plan.expires.isoformat() if isinstance(plan.expires, date) else f"{say_duration(plan.expires)} over"
        yield records.Step(when, _NOWHERE, "CANCEL unfilled tiers", "")


def _levels(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> Iterator[Level]:
    plan = figures.plan
    # With fewer tiers filled the closes are smaller than any that the tables show: none of their digits is cut.
    closes = tuple(exit_.quantity for count in counts for exit_ in count.walk.exits)
    finer = figures.finer(closes)

    def row(label: str, figure: Callable[[Count], Figure]) -> Level:
        return Level(label, tuple(figure(count) for count in counts))

    def of_exit(label: str, index: int, figure: Callable[[Exit], Figure], *, spare: bool = False) -> Level:
        return row(label, lambda count: figure(count.walk.exits[index]))._replace(spare=spare)

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
            yield of_exit(f"then stop {say_price(target.stop)}", index, lambda exit_: price(exit_.stop))
    if plan.time_stop is not None and plan.time_stop.unless is not None:
        yield row(f"{level_text(plan.time_stop.unless)} is at", lambda count: price(count.unless))
    if plan.targets:
        yield row("all targets", lambda count: result(figures, ladder, count.walk.reward))._replace(spare=True)


def basis_of(plan: Plan, counts: tuple[Count, ...]) -> str:
    """How many tiers are filled in the steps, in words."""
    whole = counts[-1].tiers
    if len(plan.tiers) == 1:
        return "tier 1 filled"
    return "all tiers filled" if whole == len(plan.tiers) else f"{numbered(range(1, whole + 1))} filled"
