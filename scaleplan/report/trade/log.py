"""The log as a page and as a record: an event a line."""

from collections.abc import Mapping, Sequence

from scaleplan.questions.log import LogLine
from scaleplan.report.figures import Figures
from scaleplan.report.page import UNLIMITED, Cell, Page, Role, Sentence
from scaleplan.report.record import Record, digits
from scaleplan.report.trade.record import fill_record
from scaleplan.report.trade.words import event_at, event_words, figures_for
from scaleplan.trade import Trade


def log_page(lines: Sequence[LogLine]) -> Page:
    """Returns the page of the log: a line each, the trade where there are several, and the batch that undoes it."""
    if not lines:
        return Page((Sentence((Cell("nothing is recorded there", Role.FAINT),)),))
    names = {line.event.id: line.event.name for line in lines}
    several = len({_name(line.trade) for line in lines}) > 1
    width = max(len(line.event.name) for line in lines)
    texts = []
    figures = _figures(lines)
    for line in lines:
        trade = f"{_name(line.trade):<4}  " if several else ""
        head = f"{line.event.name:<{width}}  {trade}{event_at(line.event)}  "
        texts.append(f"{head}{_what(line, names, figures)}  [batch {line.event.batch}]")
    return Page(tuple(Sentence((Cell(text),), limit=UNLIMITED, hang=width + 2) for text in texts))


def _name(trade: Trade | None) -> str:
    return "-" if trade is None else f"T{trade.row.number}"


def _figures(lines: Sequence[LogLine]) -> dict[int, Figures]:
    """Returns how the figures of each trade are written, by its number."""
    trades = {line.trade.row.number: line.trade for line in lines if line.trade is not None}
    return {number: figures_for(trade) for number, trade in trades.items()}


def _what(line: LogLine, names: Mapping[str, str], figures: Mapping[int, Figures]) -> str:
    of_trade = None if line.trade is None else figures[line.trade.row.number]
    words = event_words(line.event, line.moment, of_trade, line.trade, names)
    if line.part is not None:
        words = f"{digits(line.part)} of {line.event.name}: {words}"
    return f"{words} (voided)" if line.is_voided else words


def log_record(lines: Sequence[LogLine]) -> Record:
    """Returns the record of the log."""
    names = {line.event.id: line.event.name for line in lines}
    figures = _figures(lines)
    return {
        "events": [
            fill_record(line.event)
            | {
                "batch": line.event.batch,
                "in_trade": None if line.trade is None else _name(line.trade),
                "voided": line.is_voided,
                "rest": digits(line.part),
                "what": _what(line, names, figures),
            }
            for line in lines
        ],
        "diagnostics": [],
    }
