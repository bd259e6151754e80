"""Assumptions: what the figures of a plan rest on, in words, as they stand under the tables."""

from datetime import date

from scaleplan.ladder import Ladder
from scaleplan.margin import Answer
from scaleplan.plan import Contract, EntriesEnd, MaintenanceOn, MarginMode, MarginModel, Plan, RiskUnit
from scaleplan.quantity.amount import say_duration
from scaleplan.quantity.price import RMultiple
from scaleplan.report.figures import UNKNOWN, Figures, level_text, rate, share, written
from scaleplan.report.layout import Item, Role
from scaleplan.report.rounding import CONTEXT
from scaleplan.report.sentences import distance_differs
from scaleplan.report.visible import visible
from scaleplan.report.words import trails


def assumptions(figures: Figures, ladder: Ladder, *, distances: bool) -> list[Item]:
    """Every assumption of a plan that has something to say, in the order of their weight.

    `distances` says whether a table beside them has a column of distances in R.
    """
    plan = figures.plan
    found = [
        _one_r(figures, ladder),
        _distance(figures, ladder, shown=distances),
        _locked(figures, ladder),
        _stop(figures),
        _runner(figures, ladder),
        _moving_targets(plan),
        _entries(plan),
        _time_stop(plan),
        _costs(figures, ladder),
        _funding(figures, ladder),
        _liquidation(figures, ladder),
    ]
    return [item for item in found if item is not None]


def _one_r(figures: Figures, ladder: Ladder) -> Item:
    plan, totals = figures.plan, ladder.totals
    if totals.r <= 0:
        return Item("1R", f"{UNKNOWN}: it would be no loss", Role.CAUTION)
    after = f" (after tier {totals.worst_tier})" if len(plan.tiers) > 1 else ""
    basis = {
        RiskUnit.PLAN: f"the worst planned loss{after}",
        RiskUnit.FIRST_TIER: "the risk after tier 1",
        RiskUnit.AMOUNT: "as written",
    }[plan.risk_unit]
    return Item("1R", f"{figures.loss(totals.r)} {plan.settle}, {basis}")


def _distance(figures: Figures, ladder: Ladder, *, shown: bool) -> Item | None:
    plan = figures.plan
    stop = plan.stop
    money = distance_differs(plan, ladder)
    if stop is None or money is None or not (_counts_distances(plan) or shown):
        return None
    away = abs(CONTEXT.subtract(ladder.totals.average_entry, stop))
    return Item(
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


def _locked(figures: Figures, ladder: Ladder) -> Item | None:
    if not any(figures.loss(step.position.risk).startswith("-") for step in ladder.steps):
        return None
    return Item("risk", "below 0 it is a gain that the stop locks in")


def _stop(figures: Figures) -> Item | None:
    plan = figures.plan
    if plan.stop is None:
        cost = "the whole cost" if plan.contract is Contract.SPOT else "the loss where it is liquidated"
        return Item("stop", f"none: the risk is {cost}", Role.CAUTION)
    if plan.invalidation is None or plan.invalidation == plan.stop:
        return None
    return Item("wrong at", f"{figures.price(plan.invalidation)}; the stop sits at {figures.price(plan.stop)}")


def _runner(figures: Figures, ladder: Ladder) -> Item | None:
    if not ladder.exits or not ladder.exits[-1].remaining:
        return None
    last, target = ladder.exits[-1], figures.plan.targets[-1]
    text = f"{figures.held(last.remaining)} without a price"
    if target.trail is not None:
        text = f"{figures.held(last.remaining)} {trails(figures, target)}"
    if last.stop is not None:
        text += f", counted at {figures.price(last.stop)}, the stop {'it starts with' if target.trail else 'in force'}"
    return Item("runner", text + (f"; or {visible(target.exit)}" if target.exit else ""))


def _moving_targets(plan: Plan) -> Item | None:
    moving = [
        f"{number} ({level_text(target.price)})"
        for number, target in enumerate(plan.targets, start=1)
        if isinstance(target.price, RMultiple)
    ]
    if not moving or len(plan.tiers) == 1:
        return None
    which = f"target {moving[0]} moves" if len(moving) == 1 else f"targets {', '.join(moving)} move"
    return Item("moves", f"{which} with the average of what fills; here all tiers are filled")


def _entries(plan: Plan) -> Item | None:
    parts = []
    closing = next((number for number, target in enumerate(plan.targets, start=1) if target.close.share > 0), None)
    if plan.entries_end is EntriesEnd.NEVER:
        parts.append("targets cancel no tier")
    elif closing is not None and len(plan.tiers) > 1:
        parts.append(f"after target {closing}, unfilled tiers are cancelled")
    if isinstance(plan.expires, date):
        parts.append(f"tiers unfilled on {plan.expires.isoformat()} are cancelled")
    elif plan.expires is not None:
        parts.append(f"tiers unfilled after {say_duration(plan.expires)} are cancelled")
    return Item("entries", "; ".join(parts)) if parts else None


def _time_stop(plan: Plan) -> Item | None:
    if plan.time_stop is None:
        return None
    after, unless, close = plan.time_stop
    closed = "all" if close == 1 else share(close)
    text = f"{say_duration(after)} after the first fill close {closed} of what is held"
    return Item("time stop", text + (f", unless {level_text(unless)} has been reached" if unless is not None else ""))


def _costs(figures: Figures, ladder: Ladder) -> Item:
    plan = figures.plan
    slips = f"slippage {rate(plan.slippage)}" if plan.slippage else "slippage 0 assumed"
    if not plan.fees.written:
        return Item("costs", f"fees: none written, 0 assumed; {slips}", Role.CAUTION)
    fees = f"maker {rate(plan.fees.maker)}, taker {rate(plan.fees.taker)}"
    return Item("costs", f"{fees}, {slips}; fees in all {figures.fee(ladder.totals.fees)}")


def _funding(figures: Figures, ladder: Ladder) -> Item | None:
    plan, paid = figures.plan, ladder.totals.funding
    if plan.funding is None or paid is None:
        return None
    every, hold = say_duration(plan.funding.every_minutes), say_duration(plan.funding.hold_minutes)
    way = "pays" if paid >= 0 else "receives"
    periods = plan.funding.periods
    return Item(
        "funding",
        f"{way} {figures.fee(abs(paid))} {plan.settle}: {rate(plan.funding.rate)} every {every} for {hold}, "
        f"{periods} {'period' if periods == 1 else 'periods'}; no part of risk, reward or R",
    )


def _liquidation(figures: Figures, ladder: Ladder) -> Item:
    plan = figures.plan
    if plan.contract is Contract.SPOT:
        return Item("liquidation", "none: spot is bought outright")
    answers = {step.position.liquidation.answer for step in ladder.steps}
    if Answer.UNKNOWN in answers:
        if plan.margin is not None:
            return Item("liquidation", f"{UNKNOWN}: cross margin needs `equity` under `account:`", Role.CAUTION)
        latest = ladder.steps[-1].position.bankruptcy_price
        bound = "" if latest is None else f"; no later than the bankruptcy price, {figures.price(latest)} with all in"
        return Item(
            "liquidation", f"{UNKNOWN}: no maintenance rate; write `maintenance:` or `venue:`{bound}", Role.CAUTION
        )
    text = "by mark price" if plan.margin is None else f"by mark price; {model_text(plan.margin, plan)}"
    if Answer.NONE in answers:
        text += "; none where the margin covers the position to the end"
    return Item("liquidation", text)


def model_text(model: MarginModel, plan: Plan) -> str:
    """A margin model in words: its name, its rates, what they are taken of, and the date of its figures."""
    rates = [bracket.rate for bracket in model.brackets]
    basis = "mark value" if model.maintenance_on is MaintenanceOn.MARK else "entry value"
    if len(rates) == 1:
        taken = f"{rate(rates[0])} of {basis}"
    else:
        taken = f"{rate(min(rates))} to {rate(max(rates))} of {basis} in {len(rates)} brackets by {model.bracket_by}"
    parts = [visible(model.name), taken]
    if model.closing_fee:
        parts.append(f"closing fee {rate(model.closing_fee)}")
    if model.reserve:
        parts.append(f"reserve {written(model.reserve)}")
    if plan.margin_mode is MarginMode.CROSS:
        reserved = plan.account.reserved
        parts.append(f"cross: equity less {written(reserved)} reserved" if reserved else "cross: all equity behind it")
    if model.as_of:
        parts.append(f"as of {visible(model.as_of)}")
    elif model.name != "written":
        parts.append("as of n/a")
    return ", ".join(parts)
