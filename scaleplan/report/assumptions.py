"""Assumptions: what the figures of a plan rest on, in words, as they stand under the tables."""

from datetime import date
from decimal import Decimal

from scaleplan.decode.contract import CLOSEOUT
from scaleplan.engine.holding import bits
from scaleplan.engine.margin import Answer
from scaleplan.engine.risk import covered
from scaleplan.ladder import Ladder, Standing
from scaleplan.ladder.totals import distance_differs
from scaleplan.plan import ALONE, BracketBy, Contract, EntriesEnd, MaintenanceOn, MarginModel, Plan, RiskUnit
from scaleplan.quantity.amount import say_duration
from scaleplan.quantity.number import brief, percent, plain
from scaleplan.quantity.price import Fixed, RMultiple
from scaleplan.quantity.rounding import CONTEXT, places_of, rounded, trimmed
from scaleplan.report.figures import UNKNOWN, Figures, level_text, one_unit, rate, share, written
from scaleplan.report.models import WRITTEN
from scaleplan.report.page import Fact, Role
from scaleplan.report.sentences import tiers_filled
from scaleplan.report.visible import visible
from scaleplan.report.words import (
    fee_amounts,
    has_rates,
    holding,
    holding_basis,
    no_equity,
    numbered,
    slips,
    took_away,
    trails,
)
from scaleplan.venue import AS_WRITTEN, UNDATED, VENUE_NAMES, say_age

#: A rate of exchange with more digits behind the point is the inverse of the one that was written.
_RATE_PLACES = 12
_RATE_DIGITS = 12
_LOT_DIGITS = 6


def assumptions(figures: Figures, ladder: Ladder, *, distances: bool, today: date | None) -> list[Fact]:
    """Every assumption of a plan that has something to say, in the order of their weight.

    `distances` says whether a table beside them has a column of distances in R; the age of data counts to `today`.
    """
    plan = figures.plan
    found = [
        _one_r(figures, ladder),
        _distance(figures, ladder, shown=distances),
        _locked(figures, ladder),
        _locked_first(ladder),
        _stop(figures, ladder),
        _runner(figures, ladder),
        _moving_targets(plan, ladder),
        _targets_with(ladder),
        _entries(plan),
        _time_stop(plan),
        _lots(figures, ladder),
        _costs(figures, ladder),
        _funding(figures, ladder),
        _account(figures),
        _liquidation(figures, ladder, today),
    ]
    return [item for item in found if item is not None]


def _one_r(figures: Figures, ladder: Ladder) -> Fact:
    plan, totals = figures.plan, ladder.totals
    if totals.r is None:
        return Fact("1R", f"{UNKNOWN}: {no_equity(plan)}", Role.CAUTION)
    if totals.r <= 0:
        return Fact("1R", f"{UNKNOWN}: it would be no loss", Role.CAUTION)
    after = f" (after tier {totals.worst_tier})" if len(plan.tiers) > 1 else ""
    basis = {
        RiskUnit.PLAN: f"the worst planned loss{after}",
        RiskUnit.FIRST_TIER: "the risk after tier 1",
        RiskUnit.AMOUNT: "as written",
    }[plan.risk_unit]
    return Fact("1R", f"{figures.loss(totals.r)} {plan.settle}, {basis}")


def _distance(figures: Figures, ladder: Ladder, *, shown: bool) -> Fact | None:
    plan = figures.plan
    stop = plan.stop
    money = distance_differs(ladder)
    if stop is None or money is None or not (_counts_distances(plan) or shown):
        return None
    away = abs(CONTEXT.subtract(ladder.totals.average_entry, stop))
    return Fact(
        "dist R",
        f"`nR` and dist R are distances: {figures.price(away)} of price, worth {figures.money(money)} {plan.settle} "
        "at full size; every other R is money",
    )


def _counts_distances(plan: Plan) -> bool:
    """Whether the plan writes a level in R."""
    levels = [tier.stop for tier in plan.tiers]
    for target in plan.targets:
        levels += [target.price, target.stop]
    levels.append(plan.time_stop.unless if plan.time_stop else None)
    return any(isinstance(level, RMultiple) for level in levels)


def _locked(figures: Figures, ladder: Ladder) -> Fact | None:
    if not any(figures.loss(step.position.risk).startswith("-") for step in ladder.steps):
        return None
    return Fact("risk", "below 0 it is a gain that the stop locks in")


def _locked_first(ladder: Ladder) -> Fact | None:
    """After which targets the stop locks nothing, because liquidation comes before it."""
    found = [each.target for each in ladder.exits if each.reached and each.liquidated is not None]
    if not found:
        grows = [each.target for each in ladder.exits if each.reached and each.may_grow and each.locked is not None]
        if not grows:
            return None
        return Fact("locked", f"after {numbered(grows, 'target')}: if no other tier fills before the stop")
    return Fact(
        "locked", f"after {numbered(found, 'target')}: liquidation comes before the stop, and counts", Role.CAUTION
    )


def _stop(figures: Figures, ladder: Ladder) -> Fact | None:
    plan = figures.plan
    if plan.stop is None:
        return Fact("stop", f"none: the risk is {_without_stop(plan, ladder)}", Role.CAUTION)
    if plan.invalidation is None or plan.invalidation == plan.stop:
        return None
    return Fact("wrong at", f"{figures.price(plan.invalidation)}; the stop sits at {figures.price(plan.stop)}")


def _without_stop(plan: Plan, ladder: Ladder) -> str:
    """What is lost where no stop ends the plan, in words."""
    worst = ladder.steps[ladder.totals.worst_tier - 1]
    if worst.position.stop is not None:
        return "the loss at the stop that the tiers set"
    held = worst.state.held.position
    if covered(plan, held, worst.position.liquidation.answer):
        return "the whole cost" if plan.contract is Contract.SPOT else "the whole cost: the margin covers it to the end"
    if plan.is_isolated:
        return "the margin posted and the entry fees, lost whole where it is liquidated"
    if worst.position.risk is None:
        return f"what stands behind cross margin, {UNKNOWN}"
    return "all that stands behind it and the entry fees, lost where it is liquidated"


def _runner(figures: Figures, ladder: Ladder) -> Fact | None:
    runner = figures.plan.runner
    if not ladder.exits and runner is not None:
        return Fact("runner", f"all of it is out by {visible(runner.exit)}, without a price: no reward is counted")
    if not ladder.exits or not ladder.exits[-1].remaining or not ladder.exits[-1].reached:
        return None
    last, target = ladder.exits[-1], figures.plan.targets[-1]
    text = f"{figures.held(last.remaining)} {'without a price' if runner is None else f'out by {visible(runner.exit)}'}"
    if target.trail is not None:
        text = f"{figures.held(last.remaining)} {trails(figures, target)}"
    if last.liquidated is not None:
        text += f", counted at {figures.price(last.liquidated)}, where it is liquidated before its stop"
    elif last.stop is not None:
        text += f", counted at {figures.price(last.stop)}, the stop {'it starts with' if target.trail else 'in force'}"
    return Fact("runner", text + (f"; or {visible(target.exit)}" if target.exit else ""))


def _moving_targets(plan: Plan, ladder: Ladder) -> Fact | None:
    rows = [row for row in zip(plan.targets, ladder.exits, strict=True) if not isinstance(row[0].price, Fixed)]
    if not rows or len(plan.tiers) == 1:
        return None
    moving = [f"{exit_.target} ({level_text(target.price)})" for target, exit_ in rows]
    which = f"target {moving[0]} moves" if len(moving) == 1 else f"targets {', '.join(moving)} move"
    sets = {exit_.filled for _, exit_ in rows if exit_.reached}
    here = ""
    if len(sets) == 1:
        filled = sets.pop()
        verb = "is" if filled.bit_count() == 1 else "are"
        here = f"; here {tiers_filled(filled, ladder) or 'all tiers'} {verb} filled"
    return Fact("moves", f"{which} with the average of what fills{here}")


def _targets_with(ladder: Ladder) -> Fact | None:
    """With which tiers the targets are shown, where no path has all of them filled by then."""
    hit = [exit_ for exit_ in ladder.exits if exit_.reached]
    sets = list(dict.fromkeys(exit_.filled for exit_ in hit))
    if not sets or sets == [ladder.every_tier]:
        return None
    parts = [
        f"{numbered([each.target for each in hit if each.filled == filled], 'target')} with {numbered(bits(filled))}"
        for filled in sets
    ]
    return Fact("targets", f"{', '.join(parts)} filled: no path has more by then")


def _entries(plan: Plan) -> Fact | None:
    parts = []
    closing = next((number for number, target in enumerate(plan.targets, start=1) if target.close.amount > 0), None)
    if plan.entries_end is EntriesEnd.NEVER:
        parts.append("targets cancel no tier")
    elif closing is not None and len(plan.tiers) > 1:
        parts.append(f"after target {closing}, unfilled tiers are cancelled")
    if isinstance(plan.expires, date):
        parts.append(f"tiers unfilled on {plan.expires.isoformat()} are cancelled")
    elif plan.expires is not None:
        parts.append(f"tiers unfilled after {say_duration(plan.expires)} are cancelled")
    return Fact("entries", "; ".join(parts)) if parts else None


def _time_stop(plan: Plan) -> Fact | None:
    if plan.time_stop is None:
        return None
    after, unless, close = plan.time_stop
    closed = "all" if close == 1 else share(close)
    text = f"{say_duration(after)} after the first fill close {closed} of what is held"
    return Fact("time stop", text + (f", unless {level_text(unless)} has been reached" if unless is not None else ""))


def _costs(figures: Figures, ladder: Ladder) -> Fact:
    plan = figures.plan
    if not plan.fees.written:
        return Fact("costs", f"fees: none written, 0 assumed; {slips(plan)}", Role.CAUTION)
    rates = (f"maker {rate(plan.fees.maker)}", f"taker {rate(plan.fees.taker)}") if has_rates(plan) else ()
    fees = ", ".join((*rates, *fee_amounts(plan)))
    return Fact("costs", f"{fees}, {slips(plan)}; fees in all {figures.fee(ladder.totals.fees)}")


def _funding(figures: Figures, ladder: Ladder) -> Fact | None:
    held = holding(figures, ladder)
    if held is None:
        return None
    name, paid = held
    return Fact(name, f"{paid}: {holding_basis(figures.plan)}; no part of risk, reward or R")


def _account(figures: Figures) -> Fact | None:
    plan = figures.plan
    currency, at = plan.account.currency, plan.account.rate
    if not currency:
        return None
    changed = f"{plain(at)} {plan.settle} per {currency}"
    if places_of(at) > _RATE_PLACES:
        changed = f"{brief(CONTEXT.divide(Decimal(1), at), _RATE_DIGITS)} {currency} per {plan.settle}"
    equity = ""
    if plan.account.equity is not None:
        in_settle = trimmed(rounded(plan.account.equity, figures.places.money))
        equity = f"{figures.equity} = {in_settle} {plan.settle}, "
    return Fact("account", f"kept in {currency}: {equity}at {changed}")


def _lots(figures: Figures, ladder: Ladder) -> Fact | None:
    """What whole lots take away; nothing where the tiers are whole lots as planned."""
    plan, left = figures.plan, ladder.totals.rounded_off
    if not took_away(ladder):
        return None
    lot, size = plan.instrument.lot_size or Decimal(1), plan.instrument.contract_size or Decimal(1)
    whole = CONTEXT.divide(CONTEXT.add(ladder.totals.quantity, left), size)
    unit = f"{one_unit(plan)}s" if figures.by_contracts else figures.quantity_unit
    steps = f"whole {unit}" if lot == 1 and figures.by_contracts else f"steps of {plain(lot)} {unit}"
    if plan.contract is Contract.INVERSE and plan.instrument.contract_size is None:
        steps = f"steps of {plain(lot)} {plan.symbol.base}"
    off = CONTEXT.divide(left, size)
    return Fact("lots", f"{steps}; {brief(off, _LOT_DIGITS)} of {brief(whole, _LOT_DIGITS)} not traded")


def _liquidation(figures: Figures, ladder: Ladder, today: date | None) -> Fact:
    plan = figures.plan
    if plan.contract is Contract.SPOT:
        return Fact("liquidation", "none: spot is bought outright")
    answers = {step.position.liquidation.answer for step in ladder.steps}
    if Answer.UNKNOWN in answers:
        if plan.margin is not None:
            untold = next(step for step in ladder.steps if step.position.liquidation.answer is Answer.UNKNOWN)
            after = "" if len(ladder.steps) == 1 else f" after tier {untold.tier}"
            return Fact("liquidation", f"{UNKNOWN}{after}: {unknown_because(figures, untold.position)}", Role.CAUTION)
        latest = ladder.steps[-1].position.bankruptcy_price
        bound = "" if latest is None else f"; no later than the bankruptcy price, {figures.price(latest)} with all in"
        return Fact("liquidation", f"{UNKNOWN}: {no_maintenance(plan)}{bound}", Role.CAUTION)
    text = "by mark price"
    if plan.margin is not None:
        text += f"; {model_text(plan.margin, plan, today, ladder.steps[-1].position.liquidation.bracket)}"
    if Answer.NONE in answers:
        text += "; none where the margin covers the position to the end"
    return Fact("liquidation", text)


def unknown_because(figures: Figures, standing: Standing) -> str:
    """Why it is not known where a position is liquidated, and from which price on it may be, or what to write."""
    plan, found = figures.plan, standing.liquidation
    if plan.margin is None:
        return no_maintenance(plan)
    if not found.past_end:
        return "cross margin needs `equity` under `account:`"
    if found.not_before is None:
        return f"past the last bracket; {brackets_end(plan)}"
    past = found.not_before_stop(standing.stop, plan.sign)
    where = f"{figures.price(found.not_before)}, {'past the stop' if past else 'where the position leaves the table'}"
    return f"not before {where}; {brackets_end(plan)}"


def brackets_end(plan: Plan) -> str:
    """Where a plan's brackets end."""
    end = None if plan.margin is None else plan.margin.brackets[-1].up_to
    if plan.margin is None or end is None:
        return no_maintenance(plan)
    unit = {BracketBy.COIN: plan.symbol.base, BracketBy.NOTIONAL: plan.symbol.quote}.get(plan.margin.bracket_by)
    return f"the brackets end at {written(end)} {visible(unit or 'contracts')}"


def no_maintenance(plan: Plan) -> str:
    """Why a plan has no maintenance, and what to write."""
    if plan.venue_name in VENUE_NAMES:
        return f"{plan.venue_name}'s brackets for {visible(plan.symbol.text)} are not bundled; write `maintenance:`"
    if plan.initial_per_contract is not None:
        return "no maintenance margin; write `maintenance` in `margin:`"
    return "no maintenance rate; write `maintenance:` or `venue:`"


def model_text(model: MarginModel, plan: Plan, today: date | None, bracket: int) -> str:
    """A margin model in words: its name, its rates, what they are taken of, and the date and age of its figures.

    `bracket` is the one that decides at full size, from 1; 0 where none does.
    """
    rates = [bracket.rate for bracket in model.brackets]
    basis = "mark value" if model.maintenance_on is MaintenanceOn.MARK else "entry value"
    if model.per_contract:
        taken = f"{written(model.per_contract)} {plan.settle} a {one_unit(plan)}"
    elif model.name.startswith(CLOSEOUT):
        taken = f"{percent(rates[0])} of {basis}"
    elif len(rates) == 1:
        taken = f"{maintenance_rate(rates[0])} of {basis}"
    else:
        span = f"{maintenance_rate(min(rates))} to {maintenance_rate(max(rates))}"
        taken = f"{span} of {basis} in {len(rates)} brackets by {model.bracket_by}"
        if bracket:
            taken += f", {_bracket_text(model, bracket)} at full size"
    parts = [visible(model.name), taken, *_held_back(model, plan)]
    if plan.is_cross:
        reserved, wallet = plan.account.reserved, plan.account.wallet
        behind = f"cross: equity less {written(reserved)} reserved" if reserved else "cross: all equity behind it"
        parts.append(f"{behind}, shared with the other plans" if wallet != ALONE else behind)
    if model.as_of:
        parts.append(dated(model.as_of, today))
    elif model.name != WRITTEN and not model.name.endswith(AS_WRITTEN) and not model.name.startswith(CLOSEOUT):
        parts.append("as of n/a")
    return ", ".join(parts)


def _held_back(model: MarginModel, plan: Plan) -> list[str]:
    """What a venue keeps to close with."""
    parts = []
    if model.closing_fee:
        parts.append(f"closing fee {rate(model.closing_fee)}")
    if model.bankruptcy_fee and plan.is_isolated:
        parts.append(f"{rate(model.bankruptcy_fee)} at the bankruptcy price beside the margin")
    if model.reserve:
        parts.append(f"reserve {written(model.reserve)}")
    return parts


def maintenance_rate(value: Decimal) -> str:
    """A maintenance rate as percent: whole, but that half of a fifteenth goes on for ever."""
    return percent(value, 8)


def _bracket_text(model: MarginModel, bracket: int) -> str:
    return f"bracket {bracket} of {len(model.brackets)} ({maintenance_rate(model.brackets[bracket - 1].rate)})"


def dated(as_of: str, today: date | None) -> str:
    """The date of data and how old they are; a text that is no date stands as it is."""
    age = say_age(as_of, today) if today is not None else ""
    text = visible(as_of) if as_of == UNDATED else f"as of {visible(as_of)}"
    return f"{text}, {age}" if age else text
