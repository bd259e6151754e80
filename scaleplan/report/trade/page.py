"""The page of a trade: what is due first, then what comes next, then where the plan was left."""

from collections.abc import Sequence
from decimal import Decimal

from scaleplan.diagnostic import Severity
from scaleplan.engine.event import EventKind
from scaleplan.engine.state import Step
from scaleplan.engine.ticks import stop_or_entry_on_tick
from scaleplan.quantity.rounding import grouped, percent, rounded
from scaleplan.questions.trades import Changed
from scaleplan.report.figures import UNKNOWN, Figures
from scaleplan.report.page import Cell, Column, Fact, FactList, Heading, Page, Role, Sentence, Table, Title, column
from scaleplan.report.paths.words import chance, signed_money
from scaleplan.report.trade.words import (
    deviation_words,
    due_words,
    figures_for,
    in_r,
    one_r_words,
    stop_doubts,
    when,
)
from scaleplan.report.visible import visible
from scaleplan.trade import Trade
from scaleplan.trade.deviation import Deviation, span_of
from scaleplan.trade.standing import Action, StopState, TradeStanding

_ROLES = {Severity.ERROR: Role.ALARM, Severity.WARNING: Role.CAUTION, Severity.NOTE: Role.FAINT}


def trade_page(standing: TradeStanding, deviations: Sequence[Deviation], changed: Changed) -> Page:
    """Returns the page of one trade as it stands."""
    trade = standing.trade
    figures = figures_for(trade)
    parts = [
        Title((Cell(f"T{trade.row.number}", Role.STRONG), *_head(trade))),
        *(Sentence((cell,)) for cell in _held(figures, standing)),
    ]
    doubts = (Sentence((Cell(text, Role.CAUTION),)) for text in stop_doubts(figures, standing))
    page: list[object] = [*parts, *_due(figures, standing), *doubts, *_next(figures, standing)]
    page += _said(figures, trade, deviations, changed)
    if trade.is_open:
        best = ["give --best, the best price since it trails"] if standing.best_needed else []
        page.append(Heading())
        page += [Sentence((Cell(text, Role.FAINT),)) for text in (*best, _assumed(figures, standing))]
    return Page(tuple(page))  # type: ignore[arg-type]


def _head(trade: Trade) -> tuple[Cell, ...]:
    plan = trade.plan
    locked = "released" if trade.is_released else "over" if trade.is_over else "as locked"
    since = when(trade.versions[0].since, trade.versions[0].zone)
    return (
        Cell(visible(plan.name), Role.STRONG),
        Cell(visible(plan.symbol.text)),
        Cell(plan.side.upper(), Role.STRONG),
        Cell(f"{locked} {since}" if locked == "as locked" else locked),
    )


def _held(figures: Figures, standing: TradeStanding) -> list[Cell]:
    trade, position = standing.trade, standing.state.held.position
    booked = f"booked {signed_money(figures, trade.booked)} = {in_r(trade, trade.booked)}"
    if trade.is_released:
        return [Cell("it never came: nothing was held")]
    if trade.is_over:
        return [Cell(f"{booked}: nothing is held any more", Role.STRONG)]
    if not position.quantity:
        return [Cell("nothing is held yet", Role.STRONG)]
    first = standing.state.held.first
    was = "" if first is None or first.quantity == position.quantity else f", was {figures.quantity(first.quantity)}"
    breakeven = position.breakeven(trade.machine.costs.taker)
    held = f"held {figures.quantity(position.quantity)}{was}   average {figures.price(position.average_entry)}"
    cells = [Cell(f"{held}   breakeven {figures.price(breakeven)}", Role.STRONG)]
    if standing.closed_now is not None:
        total = trade.booked + standing.closed_now
        cells.append(
            Cell(
                f"{booked}   closed now {signed_money(figures, standing.closed_now)} more, in all {in_r(trade, total)}",
                Role.GAIN if total > 0 else Role.LOSS,
            )
        )
    return cells


def _due(figures: Figures, standing: TradeStanding) -> list[object]:
    due = standing.due
    if not standing.trade.is_open and not due:
        return []
    if not due:
        return [Heading("Due", shown=False), Sentence((Cell("DUE  nothing", Role.STRONG),))]
    rows = [due_words(figures, standing.trade, each, standing.stop) for each in due]
    roles = [
        Role.ALARM
        if each.overdue is not None
        else Role.STRONG
        if each.action in (Action.STOP, Action.CANCEL, Action.TIME)
        else Role.PLAIN
        for each in due
    ]
    return [
        Heading("Due"),
        FactList(
            tuple(
                Fact(f"{'DUE' if index == 0 else '':<4} {what}", text, role)
                for index, ((what, text), role) in enumerate(zip(rows, roles, strict=True))
            )
        ),
    ]


def _next(figures: Figures, standing: TradeStanding) -> list[object]:
    trade, chances = standing.trade, standing.chances
    steps = [("up", standing.up), ("down", standing.down)]
    found = [(way, step) for way, step in steps if step is not None]
    if not trade.is_open or not found:
        return []
    odds = {"up": None if chances is None else chances.up, "down": None if chances is None else chances.down}
    table = Table(
        (
            column("next", [way for way, _ in found], left=True),
            column("at", [step.event.name for _, step in found], left=True),
            column("price", [figures.price(_told(standing, step)) for _, step in found]),
            column("away", [_away(standing.price, step.event.price) for _, step in found]),
            column("then", [_then(figures, trade, step) for _, step in found], left=True),
            column("chance", [chance(odds[way]) for way, _ in found]),
        )
    )
    return [Heading("Next"), table, *_ends(standing)]


def _told(standing: TradeStanding, step: Step) -> Decimal:
    """Returns the price of a step; of the stop due as it is told and placed, on the tick."""
    stop, price = standing.stop, step.event.price
    is_due = stop is not None and step.event.kind is EventKind.STOP and price == stop.exact_price
    return stop.price if stop is not None and is_due else price


def _away(price: Decimal, level: Decimal) -> str:
    if price <= 0:
        return UNKNOWN
    return f"{grouped(rounded(percent((level - price) / price), 1), signed=True)}%"


def _then(figures: Figures, trade: Trade, step: Step) -> str:
    """Returns what comes of a step: the end in R, or what stands after it."""
    if step.over is not None:
        return f"flat, in all {in_r(trade, trade.booked + step.over.net)}"
    state = step.state
    if state is None:
        return ""
    position = state.held.position
    if step.event.kind is EventKind.AFTER:
        return f"tier {step.event.number} is live"
    if step.event.kind is EventKind.TARGET:
        booked = trade.booked + step.net
        left = f"{figures.quantity(position.quantity)} left, booked {in_r(trade, booked)}"
        return left + _stop(figures, trade, state.stop)
    return f"average {figures.price(position.average_entry)}{_stop(figures, trade, state.stop)}"


def _stop(figures: Figures, trade: Trade, stop: Decimal | None) -> str:
    moved = stop is not None and stop != trade.state.stop
    return f", stop to {figures.price(stop_or_entry_on_tick(trade.plan, stop))}" if stop is not None and moved else ""


def _ends(standing: TradeStanding) -> list[object]:
    trade = standing.trade
    if not standing.outcomes:
        return []
    nets = [outcome.net for outcome in standing.outcomes]
    worst = [outcome.net_worst for outcome in standing.outcomes if outcome.net_worst is not None]
    least = min([*nets, *worst])
    text = f"ends between {in_r(trade, least)} and {in_r(trade, max(nets))}"
    if standing.stop is None and standing.trade.held and not standing.trade.machine.liquidation(standing.state).price:
        # Price reaches what lies on the other side for sure, and that is no promise to a trader.
        text += "; the plan has no stop, so a loss is not among the ends"
    recorded = standing.worst_recorded
    if recorded is not None and standing.stop is not None and standing.stop.state is not StopState.RIGHT:
        text += f"; by the stop as recorded, {in_r(trade, min(recorded, least))} at worst"
    return [Sentence((Cell(text),))]


def deviation_line(figures: Figures, trade: Trade, found: Deviation) -> Sentence:
    """Returns a deviation in a sentence, with its rule."""
    text = f"{found.severity} {found.kind.code} {found.kind.name}: {deviation_words(figures, trade, found)}"
    return Sentence((Cell(text, _ROLES[found.severity]),))


def _said(figures: Figures, trade: Trade, deviations: Sequence[Deviation], changed: Changed) -> list[object]:
    said: list[object] = [deviation_line(figures, trade, found) for found in deviations]
    if changed.kind in ("words", "account"):
        where = "its words" if changed.kind == "words" else "the account"
        said.append(Sentence((Cell(f"the file has changed since the lock, in {where} alone", Role.FAINT),)))
    if changed.missing:
        said.append(Sentence((Cell(f"the plan's file was not looked at: {changed.missing}", Role.FAINT),)))
    return [Heading("Deviations"), *said] if said else []


def _assumed(figures: Figures, standing: TradeStanding) -> str:
    trade = standing.trade
    one = one_r_words(figures, trade)
    stood = sum(moment.fee_stands_in for moment in trade.moments)
    fees = f"; the plan's own fee stands in for {stood} fill{'s' if stood > 1 else ''}" if stood else ""
    chances = f"chances at the fair price from {figures.price(standing.price)}"
    return f"{chances}; 1R = {one}, the worst planned loss as locked{fees}"


def trades_page(standings: Sequence[TradeStanding], counts: Sequence[int]) -> Page:
    """Returns a page with a line for each trade: what is due first; `counts` are the deviations of each."""
    if not standings:
        return Page((Sentence((Cell("no open trades"),)),))
    rows = [(standing, figures_for(standing.trade)) for standing in standings]
    columns: tuple[Column, ...] = (
        column("trade", [f"T{standing.trade.row.number}" for standing in standings], left=True),
        column("plan", [visible(standing.trade.plan.name) for standing in standings], left=True),
        column("side", [str(standing.trade.plan.side) for standing in standings], left=True),
        column("held", [figures.quantity(standing.trade.held) for standing, figures in rows]),
        column("in all", [_in_all(standing) for standing in standings]),
        column("due", [_due_shortly(figures, standing) for standing, figures in rows], left=True),
        column("left", [str(count) for count in counts]),
    )
    return Page((Table(columns),))


def _in_all(standing: TradeStanding) -> str:
    return in_r(standing.trade, standing.trade.booked + (standing.closed_now or Decimal(0)))


def _due_shortly(figures: Figures, standing: TradeStanding) -> str:
    urgent = [each for each in standing.due if each.action in (Action.STOP, Action.CANCEL, Action.TIME)]
    if not urgent:
        return f"{len(standing.due)} orders rest" if standing.due else "nothing"
    first, more = urgent[0], f" (+{len(urgent) - 1})" if len(urgent) > 1 else ""
    late = "" if first.overdue is None else f", OVERDUE {span_of(first.overdue)}"
    if first.action is Action.STOP:
        return f"stop to {figures.price(first.price)}{late}{more}"
    return (
        f"{'CANCEL tier' if first.action is Action.CANCEL else 'time stop'} {first.tier or ''}".rstrip() + late + more
    )
