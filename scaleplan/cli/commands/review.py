"""`scaleplan review`: what trades came to, planned against done, and whether scaling in was worth it."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option, WrongUsage, choice, text
from scaleplan.cli.journaling import JOURNAL, JournalPlace, read, right
from scaleplan.cli.options import complete_path
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scaleplan.bars.reading import BarsFile
    from scaleplan.diagnostic import Diagnostic
    from scaleplan.journal import TradeRow
    from scaleplan.journal.database import Journal
    from scaleplan.questions.review import Review, Wanted
    from scaleplan.questions.trades import Trades

TRADES: Option[tuple[str, ...]] = Option(
    (),
    "Plans' files, or trades by their numbers (T7); none: every trade that is over.",
    (),
    "PLAN...",
    many=True,
    complete=complete_path,
)
SINCE = text("--since", "TIME", "Trades that ended from here on.")
UNTIL = text("--until", "TIME", "Trades that ended up to here.")
SYMBOL = text("--symbol", "SYMBOL", "Trades of this symbol alone, as the plan writes it.")
STYLE = text("--style", "STYLE", "Trades of this style alone: pyramid, confirmation, dca, range, single.")
BARS = text("--bars", "FILE", "Bars of the symbol: how far each trade went against you and for you.")
FORMAT = choice("--format", ("text", "table", "md", "html", "json", "csv"), "How to show it; text and table are one.")
COMMAND = Command(
    """Hold trades that are over against plans. A single one gets its card.

    What a trade brings and how sure that is; planned against done, step by step; whether scaling in was worth it beside
    the whole size at once; how often the plan was kept to, and what it cost. No grade, no advice.
    """,
    (TRADES, SINCE, UNTIL, SYMBOL, STYLE, BARS, FORMAT, JOURNAL),
    examples=("scaleplan review", "scaleplan review T1", "scaleplan review --since 2026-01-01 --format html"),
)


def run(call: Call) -> Reply:
    """Reviews trades."""
    return read(call, lambda journal, place: _answer(call, journal, place))


def _answer(call: Call, journal: "Journal", place: JournalPlace) -> Reply:
    from scaleplan.cli.studied import written
    from scaleplan.questions.review import review, symbols_of
    from scaleplan.questions.trades import Trades, habits_of
    from scaleplan.report.visible import visible

    trades = Trades(journal, habits_of(place.policy))
    wanted = _wanted(call, trades)
    if call[BARS] is None:
        return Reply(_out(call, review(trades, wanted), ()), "", ExitCode.OK)
    file = _bars(call)
    if isinstance(file, Reply):
        return file
    talk = written(file.diagnostics, call.screen.talk)
    if file.bars is None:
        return Reply("", talk, ExitCode.ERRORS)
    found = review(trades, wanted, file.bars)
    symbols = symbols_of(found.summary.trades)
    if len(symbols) > 1:
        raise WrongUsage(BARS, f"bars are of one symbol, and trades are of {visible(', '.join(symbols))}: add --symbol")
    return Reply(_out(call, found, file.diagnostics), talk, ExitCode.OK)


def _wanted(call: Call, trades: "Trades") -> "Wanted":
    from scaleplan.clock import now
    from scaleplan.plan import Style
    from scaleplan.questions.review import Wanted
    from scaleplan.trade.words import read_day_or_moment

    at = now()
    bounds: list[datetime | None] = []
    for option, ends in ((SINCE, False), (UNTIL, True)):
        word = call[option]
        bounds.append(None if word is None else right(option, read_day_or_moment(word, at, ends=ends)))
    style = call[STYLE]
    styles = [str(each) for each in Style]
    if style is not None and style.lower() not in styles:
        raise WrongUsage(STYLE, f"`{style}` is none of {', '.join(styles)}")
    rows = _rows(trades, call[TRADES])
    since, until = bounds
    return Wanted(rows, since, until, call[SYMBOL], None if style is None else style.lower())


def _rows(trades: "Trades", words: tuple[str, ...]) -> "tuple[TradeRow, ...] | None":
    """Returns the trades that words mean, of a plan's file all of them; absent without a word."""
    from scaleplan.questions.trades import NoTrade

    if not words:
        return None
    rows: dict[str, TradeRow] = {}
    for word in words:
        if word == "-":
            raise WrongUsage(TRADES, "a trade is of a plan in a file; standard input has none")
        found = trades.all_of(word)
        if not found:
            raise NoTrade(f"{word} has no trade in this journal; `scaleplan status` lists those that are open")
        rows |= {row.id: row for row in found}
    return tuple(rows.values())


def _bars(call: Call) -> "BarsFile | Reply":
    from scaleplan.bars import NoLibraries, read_bars
    from scaleplan.bars.form import WrongForm
    from scaleplan.cli.tape import not_read
    from scaleplan.source import Unreachable

    name = call[BARS] or ""
    try:
        return read_bars(name)
    except (NoLibraries, WrongForm, Unreachable) as error:
        return not_read(name, error)


def _out(call: Call, found: "Review", diagnostics: "Sequence[Diagnostic]") -> str:
    format = call[FORMAT]
    if format == "json":
        from scaleplan.report.record import to_json
        from scaleplan.report.review.record import review_record

        return to_json(review_record(found, diagnostics))
    if format == "csv":
        from scaleplan.report.record_csv import csv_table
        from scaleplan.report.review.record import COLUMNS, TEXTS, trade_rows

        return csv_table(COLUMNS, TEXTS, trade_rows(found))
    from scaleplan.cli.studied import paged
    from scaleplan.report.review.card import card_page
    from scaleplan.report.review.page import review_page

    single = found.single
    if single is not None:
        return paged(lambda medium: [card_page(single, medium, with_bars=found.with_bars)], format, call.screen.out)
    return paged(lambda medium: [review_page(found, medium)], format, call.screen.out)
