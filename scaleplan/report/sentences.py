"""Sentences around the tables: the head, the best and the worst, the totals, and what all figures rest on."""

from decimal import Decimal

from scaleplan.diagnostic import Severity
from scaleplan.engine.holding import bits
from scaleplan.ladder import Ladder
from scaleplan.ladder.totals import as_r
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.exact import ZERO, above
from scaleplan.quantity.number import read_number
from scaleplan.quantity.rounding import CONTEXT
from scaleplan.report.figures import (
    NONE,
    UNKNOWN,
    Figures,
    leverage,
    limit_share,
    of_equity,
    one_unit,
    r_gain,
    r_loss,
    ratio,
    win_rate,
    written,
)
from scaleplan.report.page import Cell, Fact, Role
from scaleplan.report.visible import visible
from scaleplan.report.words import no_equity, numbered
from scaleplan.study import Study


def head(plan: Plan) -> tuple[Cell, ...]:
    """The plan in a few words: name, symbol, side, style, size, leverage."""
    style = str(plan.style) if plan.style_written else f"{plan.style} (inferred)"
    side = Cell(plan.side.upper(), Role.STRONG)
    parts = [Cell(visible(plan.name), Role.STRONG), Cell(visible(plan.symbol.text)), side, Cell(style)]
    if plan.size.text:
        parts.append(Cell(visible(_size(plan.size.text))))
    if plan.contract is Contract.SPOT:
        return (*parts, Cell("spot"))
    if plan.contract is Contract.INVERSE:
        parts.append(Cell("inverse"))
    if plan.initial_per_contract is not None:
        put_up = f"{written(plan.initial_per_contract)} {plan.settle} a {one_unit(plan)}"
        return (*parts, Cell(f"{put_up}, {plan.margin_mode}"))
    return (*parts, Cell(f"{written(plan.leverage)}x {plan.margin_mode}"))


def _size(text: str) -> str:
    """Returns a size as it was written, its number in the form of all others: `5,000 USDT`, `2% risk`."""
    number, blank, unit = text.partition(" ")
    amount = read_number(number)
    return f"{written(amount)}{blank}{unit}" if isinstance(amount, Decimal) else text


def worst(figures: Figures, ladder: Ladder) -> Cell:
    """The planned loss, of what, and under which limit."""
    plan, totals = figures.plan, ladder.totals
    if plan.is_misplaced:
        return Cell(f"planned loss {UNKNOWN}: the stop is on the wrong side of tier 1", Role.ALARM)
    if totals.risk is None:
        return Cell(f"planned loss {UNKNOWN}: {no_equity(plan)}", Role.ALARM)
    if totals.risk <= 0:
        at_worst = f": stopped, it makes {figures.money(-totals.risk)} {plan.settle}" if totals.risk else ""
        return Cell(f"planned loss {NONE}{at_worst}", Role.GAIN)
    equity, limit = plan.account.equity, plan.account.max_risk
    over = limit is not None and above(totals.risk, limit)
    lost = figures.loss(totals.risk) if limit is None else figures.loss_against(totals.risk, limit)
    own = figures.own(totals.risk)
    text = f"planned loss {lost} {plan.settle}{f' ({own})' if own else ''}"
    if equity is None:
        bound = None if limit is None else written(limit)
        text += " (share of equity n/a"
        text += ")" if bound is None else f", {'over the limit of' if over else 'limit'} {bound})"
        return Cell(text, Role.ALARM if over else Role.STRONG)
    fraction = None if limit is None or not equity else CONTEXT.divide(limit, equity)
    text += f" = {of_equity(totals.risk_fraction, fraction)} of {figures.equity}"
    if fraction is not None:
        text += f" ({'over the limit of' if over else 'limit'} {limit_share(fraction)})"
    return Cell(text, Role.ALARM if over else Role.STRONG)


def more(figures: Figures, ladder: Ladder) -> list[Cell]:
    """What is lost beyond the planned loss: on another path, and if tiers fill that no path fills."""
    plan, elsewhere, totals = figures.plan, ladder.elsewhere, ladder.totals
    found: list[Cell] = []
    if plan.is_misplaced:
        return found
    if elsewhere is not None and elsewhere.loss is not None:
        way = ", ".join(event.name for event in elsewhere.events)
        equity = plan.account.equity
        share = f" = {of_equity(CONTEXT.divide(elsewhere.loss, equity))}" if equity else ""
        lost = f"{figures.loss(elsewhere.loss)} {plan.settle}{share}"
        found.append(Cell(f"another path loses {lost}: {way}", Role.ALARM))
    if totals.risk is None or totals.risk_if_all is None:
        return found
    if above(totals.risk_if_all, max(totals.risk, ZERO)):
        lost = f"{figures.loss(totals.risk_if_all)} {plan.settle}"
        found.append(Cell(f"all tiers as listed would lose {lost}, and no path fills them so", Role.CAUTION))
    return found


def best(figures: Figures, ladder: Ladder) -> Cell:
    """What is made if every target is hit."""
    reward = ladder.totals.reward
    if figures.plan.is_misplaced:
        return Cell("make n/a: the stop would exit first", Role.ALARM)
    if reward is None:
        return Cell(f"make n/a: {_no_reward(figures.plan, ladder)}")
    in_r = as_r(reward, ladder)
    # With fewer tiers than all, or with some that may not be reachable, the best result says so.
    provided, filled = "", tiers_filled(ladder.exits[-1].filled, ladder)
    if filled:
        provided = f" with {filled} filled"
    elif not all(step.position.fills for step in ladder.steps):
        provided = " if all tiers could fill"
    if reward > 0:
        multiple = "" if in_r is None else f" = {r_gain(in_r)}R"
        return Cell(f"make {figures.money(reward)}{multiple}{provided}", Role.CAUTION if provided else Role.GAIN)
    return Cell(f"every target hit brings {figures.money(reward)}{provided}", Role.ALARM)


def _no_reward(plan: Plan, ladder: Ladder) -> str:
    """Why nothing can be said to be made."""
    if not ladder.exits:
        return f"no {'targets' if plan.runner is None else 'target has a price'}"
    never = [exit_.target for exit_ in ladder.exits if not exit_.reached]
    if never:
        return f"no path hits {numbered(never, 'target')}"
    return "nothing says where what the targets leave ends"


def tiers_filled(filled: int, ladder: Ladder) -> str:
    """Tiers (as bits) in words; empty where they are all."""
    return "" if filled == ladder.every_tier else numbered(bits(filled))


def wrong(study: Study) -> Cell | None:
    """How many errors and warnings there are, said before the figures that they cast doubt on."""
    errors, warnings = study.count(Severity.ERROR), study.count(Severity.WARNING)
    counted = ((errors, "error"), (warnings, "warning"))
    counts = [f"{count} {word}{'' if count == 1 else 's'}" for count, word in counted if count]
    return Cell(f"{' and '.join(counts)}, told at the end", Role.ALARM if errors else Role.CAUTION) if counts else None


def all_in(figures: Figures, ladder: Ladder) -> Fact:
    """The position with all tiers filled: breakeven, margin and leverage, each beside its limit."""
    plan, totals = figures.plan, ladder.totals
    last = ladder.steps[-1].position
    account = plan.account
    text = f"{figures.held(totals.quantity)}, breakeven {figures.price(last.breakeven)}"
    text += f", {'cost' if plan.contract is Contract.SPOT else 'margin'} {figures.money(last.initial_margin)}"
    limited = account.max_margin is not None and above(last.initial_margin, account.max_margin)
    if account.equity:
        margin = CONTEXT.divide(last.initial_margin, account.equity)
        bound = None if account.max_margin is None else CONTEXT.divide(account.max_margin, account.equity)
        text += f" ({of_equity(margin, bound, places=1)}"
        if bound is not None:
            text += f", {'over the limit of' if limited else 'limit'} {limit_share(bound)}"
        text += ")"
    if last.effective_leverage is not None and plan.contract is not Contract.SPOT:
        text += f", leverage {leverage(last.effective_leverage, account.max_leverage)}"
        if account.max_leverage is not None:
            over = above(last.effective_leverage, account.max_leverage)
            text += f" ({'over the limit of' if over else 'limit'} {written(account.max_leverage)}x)"
            limited = limited or over
    return Fact("all in", text, Role.ALARM if limited else Role.PLAIN)


def all_at_first(figures: Figures, ladder: Ladder) -> Fact:
    """What the whole size at tier 1 would risk, and its average beside that of the ladder."""
    totals = ladder.totals
    in_r = as_r(totals.all_at_first, ladder)
    text = f"risk {figures.loss(totals.all_at_first)}"
    text += "" if in_r is None else f" ({r_loss(in_r)}R)"
    average = f"average {figures.price(totals.all_at_first_average)}"
    if totals.all_at_first_average != totals.average_entry:
        average += f" instead of {figures.price(totals.average_entry)}"
    return Fact("all at tier 1", f"{text}, {average}")


def payoff(ladder: Ladder) -> Fact | None:
    """Reward to risk, and how often a plan of that payoff must win."""
    totals = ladder.totals
    if totals.reward is None:
        return None
    if totals.risk is None:
        return Fact("payoff", f"reward to risk {UNKNOWN}: what is lost is not known")
    pays = win_rate(totals.breakeven_win_rate)
    needed = f"breaks even at {pays} wins" if pays != UNKNOWN else "no win rate breaks even"
    return Fact("payoff", f"reward to risk {ratio(totals.reward_to_risk)}, {needed}")
