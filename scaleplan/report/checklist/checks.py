"""The boxes of the sheet: is it a trade to scale, and what must be settled before it while nothing is at stake."""

from scaleplan.diagnostic import Severity
from scaleplan.engine.margin import Answer
from scaleplan.ladder import Ladder
from scaleplan.ladder.counts import Count, pullback_of, room_of
from scaleplan.ladder.totals import as_r, costs_if_stopped
from scaleplan.plan import Contract, Plan, Target, Tier
from scaleplan.quantity.exact import above
from scaleplan.quantity.price import Fixed
from scaleplan.quantity.rounding import CONTEXT, against, grouped, percent, rounded
from scaleplan.report.assumptions import unknown_because
from scaleplan.report.checklist.sheet import BoxState, Check
from scaleplan.report.figures import Figures, level_text, limit_share, part, r_loss, rate, stop_text, written
from scaleplan.report.page import Role
from scaleplan.report.sentences import all_in
from scaleplan.report.visible import visible
from scaleplan.report.words import (
    closed_parts,
    fee_amounts,
    has_rates,
    holding,
    no_equity,
    numbered,
    runner_words,
    shares_of,
    slips,
    trails,
)
from scaleplan.rules.sp409_thin_liquidation_buffer import LIQUIDATION_BUFFER, standings_met
from scaleplan.rules.sp703_costs_eat_risk import COSTS_OF_R
from scaleplan.study import Study

_PLACES = 1


def scale_checks(figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> tuple[Check, ...]:
    """What the plan can answer first; then what only the trader can."""
    found = [
        _room(figures, counts),
        _worth(figures, ladder),
        _smallest(figures, ladder),
        _pullback(figures, ladder),
    ]
    return (
        *(check for check in found if check is not None),
        Check(BoxState.OPEN, "no news before it ends"),
        Check(BoxState.OPEN, "small in the book"),
        Check(BoxState.OPEN, "I watch, or orders rest"),
    )


def _room(figures: Figures, counts: tuple[Count, ...]) -> Check | None:
    plan = figures.plan
    label = "room for adds"
    if len(plan.tiers) == 1:
        return None
    room = room_of(plan, counts)
    if room is None:
        return Check(BoxState.FLAGGED, label, "no target is written: it should be beyond", blank=True)
    away = grouped(against(percent(room.away), _PLACES, percent(room.depth), worse=-1))
    depth = grouped(rounded(percent(room.depth), _PLACES))
    near = room.away < room.depth
    text = f"target {room.target} is {away}% from tier 1, the ladder {depth}% deep"
    return Check(BoxState.FLAGGED if near else BoxState.ANSWERED, label, text)


def _worth(figures: Figures, ladder: Ladder) -> Check:
    plan = figures.plan
    label = "worth its fees"
    if not plan.fees.written and not (plan.slippage or plan.slippage_price or plan.spread):
        return Check(BoxState.FLAGGED, label, "no fees written, 0 assumed: they take", blank=True)
    costs = costs_if_stopped(plan, ladder)
    if costs is None:
        costs, what = ladder.totals.fees, f"fees in all {figures.fee(ladder.totals.fees)} {plan.settle}"
    else:
        what = f"{figures.fee(costs)} {plan.settle} if stopped"
    in_r = as_r(costs, ladder)
    if in_r is None:
        return Check(BoxState.FLAGGED, label, f"{what}; 1R is n/a")
    heavy = above(in_r, COSTS_OF_R.default)
    limit = "over the limit of" if heavy else "limit"
    cost = grouped(against(in_r, 2, COSTS_OF_R.default, worse=1))
    text = f"{what} = {cost}R ({limit} {r_loss(COSTS_OF_R.default)}R)"
    return Check(BoxState.FLAGGED if heavy else BoxState.ANSWERED, label, text)


def too_small(figures: Figures, ladder: Ladder, index: int) -> str:
    """Why the venue does not take a tier's order; empty where it does, or its terms are not known."""
    plan, fill = figures.plan, ladder.steps[index].fill
    instrument = plan.instrument
    if instrument.min_notional is not None and fill.notional < instrument.min_notional:
        least = f"{figures.notional(instrument.min_notional)} {plan.symbol.quote}"
        return f"too small: {figures.notional(fill.notional)}, the venue takes {least} or more"
    return ""


def _smallest(figures: Figures, ladder: Ladder) -> Check | None:
    small = [step.tier for index, step in enumerate(ladder.steps) if too_small(figures, ladder, index)]
    if not small:
        return None
    reason = too_small(figures, ladder, small[0] - 1)
    return Check(BoxState.FLAGGED, "large enough", f"{numbered(small)} {reason}")


def _pullback(figures: Figures, ladder: Ladder) -> Check | None:
    plan = figures.plan
    if len(plan.tiers) == 1:
        return None
    waiting, never, without = pullback_of(plan, ladder)
    label = "will it return?"
    lost = f"; {numbered(never)} never fill{'s' if len(never) == 1 else ''}" if never else ""
    if not waiting:
        if never:
            return Check(BoxState.FLAGGED, label, f"it need not{lost}")
        return Check(BoxState.ANSWERED, label, "it need not: every tier fills on the winning side")
    verb = "waits" if len(waiting) == 1 else "wait"
    text = f"{numbered(waiting)} {verb} for it: if it runs, only {figures.held(without)} is on{lost}"
    return Check(BoxState.OPEN, label, text)


def before_checks(study: Study, figures: Figures, ladder: Ladder, counts: tuple[Count, ...]) -> tuple[Check, ...]:
    """The boxes in the order in which a trader settles them, the trader's own items and notes last."""
    plan = figures.plan
    settled = (
        _maximum(figures, ladder),
        _all_fill(figures, ladder),
        _stop(figures, ladder),
        _moves(figures),
        _liquidation(figures, study),
        _targets(figures, counts),
        _costs(figures, ladder),
        _triggers(plan),
    )
    return (
        *(_questioned(check, study) for check in settled),
        *(Check(BoxState.OPEN, visible(item), yours=True) for item in plan.checklist),
        *(Check(BoxState.NOTE, note, yours=True) for note in _notes(plan)),
    )


def alarm(study: Study) -> str:
    """The line at the top of a plan with errors or warnings: how many of each, and their codes."""
    counts = []
    for severity in (Severity.ERROR, Severity.WARNING):
        number = study.count(severity)
        if number:
            codes = dict.fromkeys(each.code for each in study.diagnostics if each.severity is severity)
            word = severity.value.upper() + ("" if number == 1 else "S")
            counts.append(f"{number} {word} ({', '.join(codes)})")
    if not counts:
        return ""
    do = "mend it first, `scaleplan check` says how" if study.count(Severity.ERROR) else "see `scaleplan check`"
    return f"THE PLAN HAS {' AND '.join(counts)}: {do}"


#: The codes of rules that speak of what a box ticks, by its label.
SPEAK_OF = {
    "maximum defined": (
        *("SP203", "SP205", "SP208", "SP301", "SP302", "SP304", "SP305", "SP306", "SP309"),
        *("SP405", "SP407", "SP408", "SP411", "SP601", "SP603"),
    ),
    "as if all fill": ("SP305", "SP401", "SP402", "SP406", "SP503", "SP510", "SP512"),
    "stop, and why": ("SP201", "SP209", "SP505", "SP509"),
    "stop moves": ("SP209", "SP501", "SP502", "SP504", "SP701"),
    "liquidation": ("SP401", "SP402", "SP403", "SP404", "SP406", "SP409", "SP413", "SP414"),
    "targets": (
        *("SP202", "SP204", "SP210", "SP303", "SP307", "SP308", "SP506", "SP507", "SP508", "SP511", "SP513"),
        *("SP702", "SP704", "SP705"),
    ),
    "costs": ("SP703", "SP705", "SP706"),
    "triggers": ("SP605", "SP609"),
}
_MOVES = ("tiers", "targets")


def _questioned(check: Check, study: Study) -> Check:
    """Returns a box with the codes of errors and warnings about what it says; none of which is ticked beside them."""
    about = SPEAK_OF.get(check.label, ())
    found = [each for each in study.diagnostics if each.code in about and each.severity is not Severity.NOTE]
    if check.label in ("stop, and why", "stop moves"):
        # One rule speaks of both: of a stop, and of the stop of a tier or a target.
        moves = check.label == "stop moves"
        found = [each for each in found if each.code != "SP209" or each.path.startswith(_MOVES) is moves]
    codes = dict.fromkeys(each.code for each in found)
    if check.state is not BoxState.ANSWERED or not codes:
        return check
    return check._replace(state=BoxState.FLAGGED, evidence=f"{', '.join(codes)}: {check.evidence}")


def _maximum(figures: Figures, ladder: Ladder) -> Check:
    """The total allocation, its tiers, and what they tie up at most."""
    plan = figures.plan
    shares = shares_of(plan, ladder)
    if not all(shares):
        shares = [part(step.fill.quantity, ladder.totals.quantity) for step in ladder.steps]
    item = all_in(figures, ladder)
    held = figures.held(ladder.totals.quantity)
    # The breakeven stands beside each fill.
    text = item.text.removeprefix(f"{held}, breakeven {figures.price(ladder.steps[-1].position.breakeven)}, ")
    tiers = "1 tier" if len(shares) == 1 else f"{len(shares)} tiers ({_slashed(shares)})"
    state = BoxState.FLAGGED if item.role is Role.ALARM else BoxState.ANSWERED
    return Check(state, "maximum defined", f"{held} in {tiers}, {text}")


def _slashed(shares: list[str]) -> str:
    """Shares as a trader says them: `50/30/20%`."""
    if all(text.endswith("%") for text in shares):
        return "/".join(text.removesuffix("%") for text in shares) + "%"
    return ", ".join(shares)


def _all_fill(figures: Figures, ladder: Ladder) -> Check:
    plan, totals = figures.plan, ladder.totals
    risk = totals.risk_if_all
    if risk is not None and totals.risk is not None:
        # Where a tier fills at once, what paths hold may lose more.
        risk = max(risk, totals.risk)
    label = "as if all fill"
    if plan.is_misplaced:
        return Check(BoxState.FLAGGED, label, "n/a: the stop is on the wrong side of tier 1")
    if risk is None:
        return Check(BoxState.FLAGGED, label, f"loses n/a: {no_equity(plan)}")
    worse = ladder.elsewhere
    lost = ladder.most_lost
    other = "" if worse is None or worse.loss is None else f", {figures.loss(worse.loss)} on another path"
    limit, own = plan.account.max_risk, figures.own(risk)
    own = f" ({own})" if own else ""
    if limit is None:
        text = f"loses {figures.loss(risk)} {plan.settle}{own} as listed{other}; no limit is written: at most"
        return Check(BoxState.FLAGGED, label, text, blank=True)
    over = lost is not None and above(lost, limit)
    planned = f"{figures.loss_against(risk, limit)} {plan.settle}{own} as listed{other}"
    share = limit_share(CONTEXT.divide(limit, plan.account.equity)) if plan.account.equity else ""
    bound = "over the limit of" if over else "limit"
    text = f"loses {planned}, {bound} {written(limit)}{f' ({share})' if share else ''}"
    if other and share:
        # One line of the sheet.
        text = f"{planned} ({bound} {share})"
    return Check(BoxState.FLAGGED if over else BoxState.ANSWERED, label, text)


def _triggers(plan: Plan) -> Check:
    label = "triggers"
    parts = [
        f"{number}: {visible(tier.trigger)}" for number, tier in enumerate(plan.tiers, start=1) if tier.has_trigger
    ]
    missing = [number for number, tier in enumerate(plan.tiers, start=1) if not tier.has_trigger]
    if not missing:
        if len({tier.trigger for tier in plan.tiers}) == 1 < len(parts):
            parts = [f"every tier: {visible(plan.tiers[0].trigger)}"]
        return Check(BoxState.ANSWERED, label, "; ".join(parts))
    parts.append(f"{numbered(missing)}: no objective one written ->")
    return Check(BoxState.FLAGGED, label, "; ".join(parts), blank=True)


def _stop(figures: Figures, ladder: Ladder) -> Check:
    plan, first = figures.plan, ladder.steps[0].position.stop
    label = "stop, and why"
    if plan.stop is None and first is not None:
        return Check(BoxState.ANSWERED, label, f"{figures.price(first)}, which tier 1 sets, because", blank=True)
    if plan.stop is None:
        return Check(BoxState.FLAGGED, label, "none, on purpose: out at", blank=True)
    text = figures.price(plan.stop)
    wrong = plan.invalidation
    if wrong is not None:
        text += f"; wrong {'there' if wrong == plan.stop else f'at {figures.price(wrong)}'}"
    return Check(BoxState.ANSWERED, label, f"{text}, because", blank=True)


def _targets(figures: Figures, counts: tuple[Count, ...]) -> Check:
    plan = figures.plan
    label = "targets"
    exits = counts[-1].walk.exits
    if not exits and plan.runner is not None:
        return Check(BoxState.ANSWERED, label, f"none with a price: {runner_words(plan)}")
    if not exits:
        return Check(BoxState.FLAGGED, label, "none written: out with a gain at", blank=True)
    shares, share_left = closed_parts(exits)
    parts = []
    for target, exit_, share in zip(plan.targets, exits, shares, strict=True):
        relative = "" if isinstance(target.price, Fixed) else f" ({level_text(target.price)})"
        closes = (share or figures.order(exit_.quantity)) if exit_.quantity else "moves the stop"
        parts.append(f"{figures.price(exit_.price)}{relative} {closes}")
    left = exits[-1].remaining
    if left:
        out = trails(figures, plan.targets[-1]) or runner_words(plan) or "has no price"
        parts.append(f"{share_left or figures.order(left)} {out}")
    return Check(BoxState.ANSWERED, label, ", ".join(parts))


def _moves(figures: Figures) -> Check:
    plan = figures.plan
    label = "stop moves"
    owners: list[tuple[str, Tier | Target]] = [
        *((f"tier {number}", tier) for number, tier in enumerate(plan.tiers, start=1)),
        *((f"target {number}", target) for number, target in enumerate(plan.targets, start=1)),
    ]
    parts = [f"{name}: {stop_text(owner.stop)}" for name, owner in owners if owner.stop is not None]
    trail = trails(figures, plan.targets[-1]) if plan.targets else ""
    parts += [f"then {trail}" if parts else f"{trail} after target {len(plan.targets)}"] if trail else []
    if parts:
        return Check(BoxState.ANSWERED, label, "; ".join(parts))
    if len(plan.targets) > 1 or len(plan.tiers) > 1:
        return Check(BoxState.FLAGGED, label, "never moves, as written; I move it to", blank=True)
    return Check(BoxState.ANSWERED, label, "never moves: one tier, one way out")


def _liquidation(figures: Figures, study: Study) -> Check:
    plan, ladder = figures.plan, study.ladder
    label = "liquidation"
    if plan.contract is Contract.SPOT:
        return Check(BoxState.ANSWERED, label, "none: spot is bought outright")
    if plan.is_misplaced:
        return Check(BoxState.FLAGGED, label, "n/a: the stop is on the wrong side of tier 1")
    first, last = ladder.steps[0].position, ladder.steps[-1].position
    answers = {step.position.liquidation.answer for step in ladder.steps}
    if Answer.UNKNOWN in answers:
        if plan.margin is None:
            return Check(BoxState.FLAGGED, label, "n/a: no maintenance rate; the venue says", blank=True)
        unknown = [step.position for step in ladder.steps if step.position.liquidation.answer is Answer.UNKNOWN]
        return Check(BoxState.FLAGGED, label, f"n/a: {unknown_because(figures, unknown[-1])}", blank=True)
    if answers == {Answer.NONE}:
        return Check(BoxState.ANSWERED, label, "none: the margin covers it to the end")
    if last.stop is None:
        return Check(BoxState.FLAGGED, label, f"liquidated at {figures.liquidated(last)}, and no stop before it")
    text = f"{figures.room(last)} past the stop all in"
    met = standings_met(ladder.steps, study.facts)
    text += f", {figures.room(first)} after tier 1" if ladder.steps[0] in met and len(ladder.steps) > 1 else ""
    standings = [step.position for step in met]
    buffers = [(each.liquidation_buffer, each) for each in standings if each.liquidation_buffer is not None]
    least = min(buffers, key=lambda pair: pair[0], default=None)
    near = least is None or least[0] < LIQUIDATION_BUFFER.default
    if near and least is not None:
        text += f"; buffer {figures.buffer(least[1])} at the least"
    return Check(BoxState.FLAGGED if near else BoxState.ANSWERED, label, text)


def _costs(figures: Figures, ladder: Ladder) -> Check:
    plan, held = figures.plan, holding(figures, ladder)
    rates = (f"{rate(plan.fees.maker)}/{rate(plan.fees.taker)}",) if has_rates(plan) else ()
    fees = f"fees {', '.join((*rates, *fee_amounts(plan)))}" if plan.fees.written else "fees 0 assumed"
    text = f"{fees}, {slips(plan)}"
    if held is not None:
        text += f", {held[0]} {held[1]}"
    slip = plan.slippage or plan.slippage_price or plan.spread
    return Check(BoxState.ANSWERED if plan.fees.written and slip else BoxState.FLAGGED, "costs", text)


def _notes(plan: Plan) -> list[str]:
    found = [visible(note) for note in plan.notes]
    found += [f"tier {n}: {visible(tier.note)}" for n, tier in enumerate(plan.tiers, start=1) if tier.note]
    return found + [f"target {n}: {visible(each.note)}" for n, each in enumerate(plan.targets, start=1) if each.note]
