"""The review of a journal: which trades are over and meant, each reviewed, and what is counted beside them."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.engine.sizing import lot_of
from scaleplan.journal import RowKind, TradeRow
from scaleplan.quantity.exact import ZERO
from scaleplan.questions.trades import Trades
from scaleplan.review import TradeReview
from scaleplan.review.summary import ReviewSummary, summed
from scaleplan.review.trades import reviewed
from scaleplan.trade import Loose, Trade
from scaleplan.trade.deviations import Deviation, Orders, deviations_when_over
from scaleplan.trade.play import moment_of

if TYPE_CHECKING:
    from scaleplan.bars.records import Bars


class Wanted(NamedTuple):
    """Which trades are meant: rows, absent for all; ended from `since` to `until`; of a symbol; of a style."""

    rows: tuple[TradeRow, ...] | None = None
    since: datetime | None = None
    until: datetime | None = None
    symbol: str | None = None
    style: str | None = None


class ReviewCounts(NamedTuple):
    """Trades that are over, open, released, locked late, and fills that no trade has."""

    over: int
    open: int
    released: int
    late: int
    unassigned: int


class OneTrade(NamedTuple):
    """A single trade with its review and what is to be told of it."""

    trade: Trade
    review: TradeReview
    deviations: tuple[Deviation, ...]


class Review(NamedTuple):
    """What is meant, what is counted, and the figures; `single` where one trade was asked for."""

    wanted: Wanted
    counts: ReviewCounts
    summary: ReviewSummary
    single: OneTrade | None


def review(trades: Trades, wanted: Wanted, bars: "Bars | None" = None) -> Review:
    """Returns the review of those trades of a journal that are meant."""
    orders = Orders()
    found: list[TradeReview] = []
    single: OneTrade | None = None
    open_ones = released = loose = 0
    rows = trades.journal.trades() if wanted.rows is None else wanted.rows
    for row in rows:
        if wanted.symbol is not None and row.symbol.casefold() != wanted.symbol.casefold():
            continue
        events = trades.events(row)
        if not any(event.kind is RowKind.LOCK for event in events):
            # It was taken back with its lock.
            continue
        trade = trades.trade(row, events)
        if wanted.style is not None and str(trade.plan.style) != wanted.style:
            continue
        loose += sum(_is_something(trade, each) and _between(moment_of(each.event.at), wanted) for each in trade.loose)
        if not trade.is_over:
            open_ones += trade.is_open
            released += trade.is_released
            continue
        closed = next(moment.at for moment in reversed(trade.moments) if moment.is_exit)
        if not _between(closed, wanted):
            continue
        deviations = deviations_when_over(trade, orders)
        silent = trades.silent(trade.version.digest)
        known = orders.of(trade.versions[0]) is not None
        found.append(reviewed(trade, deviations, silent, bars, knows_orders=known))
        if wanted.rows is not None and len(rows) == 1:
            shown = tuple(each for each in deviations if each.kind.code not in silent)
            single = OneTrade(trade, found[-1], shown)
    late = sum(trade.late for trade in found)
    unassigned = loose + (_unassigned(trades, wanted) if wanted.rows is None else 0)
    return Review(wanted, ReviewCounts(len(found), open_ones, released, late, unassigned), summed(found), single)


def _is_something(trade: Trade, loose: Loose) -> bool:
    """Returns whether a piece of a fill that its trade could not take is a lot, or where there are none anything."""
    return loose.quantity >= (lot_of(trade.plan) or ZERO)


def symbols_of(trades: Iterable[TradeReview]) -> tuple[str, ...]:
    """Returns the symbols of trades, each once."""
    return tuple(sorted({trade.symbol for trade in trades}))


def _between(moment: datetime, wanted: Wanted) -> bool:
    is_late = wanted.since is None or moment >= wanted.since
    return is_late and (wanted.until is None or moment <= wanted.until)


def _unassigned(trades: Trades, wanted: Wanted) -> int:
    """Returns how many fills belong to no trade, of those that are meant."""
    return sum(
        _between(moment_of(event.at), wanted)
        and (wanted.symbol is None or (event.symbol or "").casefold() == wanted.symbol.casefold())
        for event in trades.unassigned()
    )
