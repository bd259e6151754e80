"""The review of a journal: which trades are over and meant, each reviewed, and what is counted beside them."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.engine.sizing import lot_of
from scaleplan.journal import RowKind, TradeRow
from scaleplan.quantity.exact import ZERO
from scaleplan.questions.trades import NoTrade, Trades, rests_of
from scaleplan.review import TradeReview
from scaleplan.review.summary import ReviewSummary, summed
from scaleplan.review.trades import reviewed
from scaleplan.trade import Loose, Trade
from scaleplan.trade.deviation import Deviation
from scaleplan.trade.deviations import Orders, deviations_when_over
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
    """Trades that are over, open, released, locked late, those that cannot be reckoned, and fills that no trade has."""

    over: int
    open: int
    released: int
    late: int
    unassigned: int
    unreckoned: int = 0


class OneTrade(NamedTuple):
    """A single trade with its review and what is to be told of it."""

    trade: Trade
    review: TradeReview
    deviations: tuple[Deviation, ...]


class Review(NamedTuple):
    """What is meant, what is counted, and the figures; `single` where one trade was asked for.

    `with_bars` says that excursions were asked for.
    """

    wanted: Wanted
    counts: ReviewCounts
    summary: ReviewSummary
    single: OneTrade | None
    with_bars: bool = False


def review(trades: Trades, wanted: Wanted, bars: "Bars | None" = None) -> Review:
    """Returns the review of those trades of a journal that are meant."""
    orders = Orders()
    found: list[TradeReview] = []
    single: OneTrade | None = None
    open_ones = released = loose = unreckoned = 0
    is_single = wanted.rows is not None and len(wanted.rows) == 1
    for trade in _meant(trades, wanted):
        if trade is None:
            unreckoned += 1
            continue
        rests = rests_of(trades, trade)
        loose += sum(_is_something(trade, each) and _between(moment_of(each.event.at), wanted) for each in rests)
        if not trade.is_over:
            open_ones += trade.is_open
            released += trade.is_released
        elif _between(next(moment.at for moment in reversed(trade.moments) if moment.is_exit), wanted):
            silent = trades.silent(trade.version.digest)
            deviations = deviations_when_over(trade, orders)
            known = orders.of(trade.versions[0]) is not None
            found.append(reviewed(trade, deviations, silent, bars, knows_orders=known))
            if is_single:
                shown = tuple(each for each in deviations if each.kind.code not in silent)
                single = OneTrade(trade, found[-1], shown)
        for version in trade.versions:
            # What is remembered of one trade's positions says nothing of the next one's.
            version.machine.holdings.forget()
    late = sum(each.late for each in found)
    unassigned = loose + (_unassigned(trades, wanted) if wanted.rows is None else 0)
    counts = ReviewCounts(len(found), open_ones, released, late, unassigned, unreckoned)
    return Review(wanted, counts, summed(found), single, bars is not None)


def _meant(trades: Trades, wanted: Wanted) -> Iterator[Trade | None]:
    """Yields the trades that are meant, whenever they ended; absent for one that another scaleplan has locked."""
    for row in trades.journal.trades() if wanted.rows is None else wanted.rows:
        if wanted.symbol is not None and row.symbol.casefold() != wanted.symbol.casefold():
            continue
        events = trades.events(row)
        if not any(event.kind is RowKind.LOCK for event in events):
            # It was taken back with its lock.
            continue
        try:
            trade = trades.trade(row, events)
        except NoTrade:
            if wanted.rows is not None:
                raise
            yield None
            continue
        if wanted.style is None or str(trade.plan.style) == wanted.style:
            yield trade


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
