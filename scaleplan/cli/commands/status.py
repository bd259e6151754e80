"""`scaleplan status`: what stands and what is due, of one trade or of all that are open."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option, WrongUsage, text
from scaleplan.cli.journaling import FORMAT, JOURNAL, JournalPlace, place_of, read, right
from scaleplan.cli.options import STRICT, WATCH, complete_path
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from decimal import Decimal

    from scaleplan.journal import TradeRow
    from scaleplan.journal.database import Journal
    from scaleplan.questions.trades import Stood, Trades
    from scaleplan.trade.standing import TradeStanding

TRADES: Option[tuple[str, ...]] = Option(
    (),
    "Plans' files, or trades by their numbers (T7); none: every open trade, a line each.",
    (),
    "PLAN...",
    many=True,
    complete=complete_path,
)
PRICE = text("--price", "P", "Price now; left out, that of the last event.")
BEST = text("--best", "P", "The best price since the trail began.")
HELD = text("--held", "Q", "What the venue says is held.")
COMMAND = Command(
    """What stands, and what is due now. Of one trade, or a line for each that is open.

    What the locked plan asks for comes first: the stop and where it should be, what to cancel, what rests. Then what
    comes next and how likely, and where the plan was left.
    """,
    (TRADES, PRICE, BEST, HELD, STRICT._replace(help="Exit with 1 on any deviation."), WATCH, JOURNAL, FORMAT),
    examples=("scaleplan status plans/range-short.yaml --price 29640", "scaleplan status"),
)
#: Watched, it is drawn anew after so many seconds: what is overdue is so by the clock.
_MINUTE = 60
#: Errors that can still be mended make the exit code 1.
_MENDABLE = frozenset({"SP902", "SP910", "SP911", "SP912", "SP913", "SP918"})


def run(call: Call) -> Reply:
    """Says where trades stand; watched, anew when the journal or a plan is saved, and as time goes by."""
    if not call[WATCH]:
        return _shown(call)
    from scaleplan.cli.watch import AlsoWatched, watched
    from scaleplan.questions.trades import trade_number

    plans = [word for word in call[TRADES] if trade_number(word) is None]
    return watched(call, plans, FORMAT, _shown, AlsoWatched(lambda: _files(call), _MINUTE))


def _shown(call: Call) -> Reply:
    return read(call, lambda journal, place: _answer(call, journal, place))


def _files(call: Call) -> tuple[str, ...]:
    """Returns the journal, and the files of its open trades."""
    from scaleplan.journal import JournalRefused
    from scaleplan.journal.database import reading

    path = place_of(call).path
    try:
        with reading(path) as journal:
            trades = () if journal is None else journal.trades("open = 1")
    except JournalRefused:
        return (path,)
    return (path, *(trade.path for trade in trades))


def _answer(call: Call, journal: "Journal", place: JournalPlace) -> Reply:
    from scaleplan.clock import now
    from scaleplan.questions.trades import Trades, habits_of, stood

    trades = Trades(journal, habits_of(place.policy))
    words = call[TRADES]
    rows = _rows(trades, words) if words else list(journal.trades("open = 1"))
    if len(rows) != 1 and (call[PRICE], call[BEST], call[HELD]) != (None, None, None):
        option = next(option for option in (PRICE, BEST, HELD) if call[option] is not None)
        raise WrongUsage(option, "it is of one trade: name that")
    price, best = _price(call, PRICE), _price(call, BEST)
    at = now()
    found = [stood(trades.trade(row), at, trades, price, best) for row in rows]
    held = call[HELD]
    if held is not None and found:
        others = [row for row in journal.trades("open = 1") if row.number != rows[0].number and _alike(row, rows[0])]
        found[0] = _with_held(found[0], held, [trades.trade(row).held for row in others])
    talk = _beyond(found[0].standing) if len(found) == 1 else ""
    out = _json(place, trades, found, at) if call[FORMAT] == "json" else _text(call, trades, found, one=bool(words))
    said = [deviation for each in found for deviation in each.deviations]
    open_ones = [each for each in said if each.can_be_mended and each.kind.code in _MENDABLE]
    failing = said if call[STRICT] else [each for each in open_ones if each.severity == "error"]
    return Reply(out, talk, ExitCode.ERRORS if failing else ExitCode.OK)


def _rows(trades: "Trades", words: tuple[str, ...]) -> "list[TradeRow]":
    from scaleplan.questions.trades import NoTrade

    rows = []
    for word in words:
        if word == "-":
            raise WrongUsage(TRADES, "a trade is of a plan in a file; standard input has none")
        row = trades.last_of(word)
        if row is None:
            raise NoTrade(f"{word} has no trade in this journal; `scaleplan lock {word}` begins one")
        rows.append(row)
    return rows


def _price(call: Call, option: "Option[str | None]") -> "Decimal | None":
    from scaleplan.quantity.number import read_number

    written = call[option]
    if written is None:
        return None
    value = right(option, read_number(written, what="a price"))
    if value <= 0:
        raise WrongUsage(option, "a price is above zero")
    return value


def _alike(row: "TradeRow", other: "TradeRow") -> bool:
    return (row.symbol, row.side) == (other.symbol, other.side)


def _with_held(found: "Stood", held: str, others: "Sequence[Decimal]") -> "Stood":
    """Returns a trade with what its venue holds, where that is something else than the journal has.

    A venue states one position a symbol and side: what other open trades hold of it is in it.
    """
    from scaleplan.engine.sizing import lot_of
    from scaleplan.quantity.number import read_number
    from scaleplan.trade.deviation import Deviation
    from scaleplan.trade.kinds import HELD_DIFFERS

    standing, deviations, _ = found
    stated = right(HELD, read_number(held, what="a quantity"))
    own = sum(others, standing.trade.held)
    if abs(stated - own) < (lot_of(standing.trade.plan) or abs(own) / 10**9) or stated == own:
        return found
    differs = Deviation(
        HELD_DIFFERS, HELD_DIFFERS.severity, standing.now, None, (), (stated, own), None, can_be_mended=True
    )
    return found._replace(deviations=(*deviations, differs))


def _beyond(standing: "TradeStanding") -> str:
    """Returns what is to be said where the price given is past what ends the trade, or past an order of it."""
    from scaleplan.trade.standing import orders_passed, passed_by

    if not standing.trade.is_open:
        return ""
    past, talk = passed_by(standing), ""
    if past is not None:
        level = "liquidation price" if past.value == "liquidation" else "stop due"
        talk = f"price is past the {level}: record what became of it\n"
    orders = orders_passed(standing)
    if orders:
        rested = "what rested there was filled; without a record it counts as filled here"
        talk += f"price is past {' and '.join(orders)}: {rested}\n"
    return talk


def _json(place: JournalPlace, trades: "Trades", found: "list[Stood]", at: "datetime") -> str:
    from scaleplan.report.record import to_json
    from scaleplan.report.trade.record import begin, fill_record, trade_record

    records = [trade_record(*each) for each in found]
    unassigned = [fill_record(event) for event in trades.unassigned()]
    return to_json(begin("status", place.path, at) | {"trades": records, "unassigned": unassigned, "diagnostics": []})


def _text(call: Call, trades: "Trades", found: "list[Stood]", *, one: bool) -> str:
    from scaleplan.cli.studied import paged
    from scaleplan.report.trade.page import trade_page, trades_page

    if one:
        pages = [trade_page(*each) for each in found]
    else:
        pages = [trades_page([each.standing for each in found], [len(each.deviations) for each in found])]
    out = paged(lambda _: pages, "table", call.screen.out)
    count = len(trades.unassigned())
    if count and not one:
        out += f"warning SP915 no-plan: {count} fill{'s' if count > 1 else ''} in no trade: scaleplan log --no-plan\n"
    return out
