"""The page of what a command has recorded: each event in a line, then where the trade stands and what is due."""

import shlex
from collections.abc import Container

from scaleplan.journal import RowKind
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import plain
from scaleplan.questions.recording import RecordedBatch
from scaleplan.questions.trades import stood
from scaleplan.report.figures import NONE, UNKNOWN, Figures
from scaleplan.report.page import Cell, Fact, FactList, Page, Role, Sentence
from scaleplan.report.paths.words import signed_money
from scaleplan.report.trade.page import deviation_line
from scaleplan.report.trade.words import due_words, event_words, figures_for, in_r, one_r_words, stop_doubts
from scaleplan.report.visible import visible
from scaleplan.trade import Trade, kinds
from scaleplan.trade.play import moment_of
from scaleplan.trade.standing import Action, StopState, TradeStanding

#: Commands whose first word is a plan or a trade.
_OF_A_TRADE = frozenset({"lock", "fill", "exit", "stop", "note"})
#: So many events that are taken back are listed one by one.
_MANY = 30
#: What the lines of what is due say already.
_DUE_BELOW = frozenset({kinds.NO_STOP, kinds.STOP_NOT_MOVED, kinds.STOP_QUANTITY})


def recorded_page(found: RecordedBatch) -> Page:
    """Returns the page of a batch, and of the trade after it."""
    trade = found.after
    figures = None if trade is None else figures_for(trade)
    lines: list[Sentence] = []
    if trade is not None and figures is not None and any(event.kind is RowKind.LOCK for event in found.events):
        lines.append(Sentence((Cell(_locked(figures, trade, found), Role.STRONG),)))
    twins = (f"note SP909 same-plan-again: T{twin.number} was locked with these numbers" for twin in found.twins)
    lines += [Sentence((Cell(text, Role.FAINT),)) for text in twins]
    moments = {} if trade is None else {moment.event.id: moment for moment in trade.moments}
    voids = [event for event in found.events if event.kind is RowKind.VOID]
    many = len(voids) > _MANY
    if many:
        names = dict(found.names)
        first, last = names.get(voids[0].refers or "", "an event"), names.get(voids[-1].refers or "", "an event")
        text = f"{voids[0].name} to {voids[-1].name}  take back {len(voids):,} events, {first} to {last}"
        lines.append(Sentence((Cell(text),)))
    for event in found.events:
        if event.kind is RowKind.LOCK or (many and event.kind is RowKind.VOID):
            continue
        words = event_words(event, moments.get(event.id), figures, trade, dict(found.names))
        lines.append(Sentence((Cell(f"{event.name}  {words}"),)))
    if not found.events and trade is not None:
        lines.append(Sentence((Cell(f"T{trade.row.number} is locked already, with these numbers"),)))
    if trade is None or figures is None:
        return Page((*lines, _undo(found)))
    standing, deviations, _ = stood(trade, moment_of(found.batch.recorded))
    # What is due is told below; here stands what this command itself left of the plan.
    own = {event.name for event in found.events}
    earlier = _earlier_parts(trade, own)
    told = stood(found.before, moment_of(found.batch.recorded)).deviations if earlier and found.before else ()
    lines += [
        deviation_line(figures, trade, each)
        for each in deviations
        if each.kind not in _DUE_BELOW and (each.event in own or (each.event in earlier and each not in told))
    ]
    return Page(
        (
            *lines,
            Sentence((Cell(stands(figures, standing), Role.STRONG),)),
            *_due(figures, standing),
            *(Sentence((Cell(text, Role.CAUTION),)) for text in stop_doubts(figures, standing)),
            _then(found, standing),
        )
    )


def _earlier_parts(trade: Trade, own: Container[str]) -> set[str]:
    """Returns the fills of which some are further parts: what is told of an order is told of the first of its parts."""
    found: set[str] = set()
    chain: list[str] = []
    for moment in trade.moments:
        if not (moment.is_entry or moment.is_exit):
            continue
        chain = [*chain, moment.event.name] if moment.continues else [moment.event.name]
        if moment.event.name in own:
            found.update(chain[:-1])
    return found


def _locked(figures: Figures, trade: Trade, found: RecordedBatch) -> str:
    at_first = any(event.kind is RowKind.FILL for event in found.events)
    most = figures.held(sum(trade.machine.quantities, ZERO))
    one = one_r_words(figures, trade)
    how = " at its first fill" if at_first else ""
    return f"T{trade.row.number} locked{how}: {visible(trade.plan.name)}, 1R = {one}, at most {most}"


def stands(figures: Figures, standing: TradeStanding) -> str:
    """Returns where a trade stands, in a line: what is held, what the stop due makes of it, where it is liquidated."""
    trade, state = standing.trade, standing.state
    position = state.held.position
    if trade.is_released:
        return f"T{trade.row.number} is released: nothing was held"
    if trade.is_over:
        booked = f"{signed_money(figures, trade.booked)} {trade.plan.settle} = {in_r(trade, trade.booked)}"
        return f"T{trade.row.number} is over: {booked}"
    if not position.quantity:
        return "nothing is held yet"
    text = f"held {figures.quantity(position.quantity)} at {figures.price(position.average_entry)}"
    due = standing.locks.due
    if due is not None:
        text += f", stopped {signed_money(figures, due)} = {in_r(trade, due)}"
    at = trade.machine.liquidation(state)
    if at.price is not None:
        return f"{text}, liquidated {figures.price(at.price)}"
    return (
        text if trade.plan.contract == "spot" else f"{text}, liquidated {NONE if str(at.answer) == 'none' else UNKNOWN}"
    )


def _due(figures: Figures, standing: TradeStanding) -> list[FactList]:
    """Returns what is due: the stop and the entries; targets rest, and `status` has them."""
    rows = [
        due_words(figures, standing.trade, each, standing.stop)
        for each in standing.due
        if each.action is not Action.EXIT
    ]
    if not rows:
        return []
    return [
        FactList(
            tuple(Fact(f"{'DUE' if index == 0 else '':<4} {what}", text) for index, (what, text) in enumerate(rows))
        )
    ]


def _then(found: RecordedBatch, standing: TradeStanding) -> Sentence:
    stop, trade = standing.stop, standing.trade
    wrong = _wrong(found)
    if stop is None or stop.state in (StopState.RIGHT, StopState.NOT_RECORDED):
        return Sentence((Cell(wrong, Role.FAINT),))
    word = shlex.quote(_word(found, trade))
    price = stop.price
    if stop.state is StopState.RESIZE and trade.recorded is not None and trade.recorded.price is not None:
        # A stop that was set tighter than the plan has it is not loosened for its quantity.
        price = trade.recorded.price
    return Sentence((Cell(f"then: scaleplan stop {word} {plain(price)}    {wrong}", Role.FAINT),))


def _word(found: RecordedBatch, trade: Trade) -> str:
    words = shlex.split(found.batch.command)
    is_of_trade = len(words) > 2 and words[1] in _OF_A_TRADE and not words[2].startswith("-")
    return words[2] if is_of_trade else f"T{trade.row.number}"


def _wrong(found: RecordedBatch) -> str:
    return "(wrong? scaleplan undo)" if found.events else ""


def _undo(found: RecordedBatch) -> Sentence:
    return Sentence((Cell(_wrong(found), Role.FAINT),))
