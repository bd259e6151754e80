"""What an import has done: of each file, of each trade, and what is to be said of fees and positions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import NamedTuple

from scaleplan.engine.sizing import lot_of
from scaleplan.fills import ReadFile
from scaleplan.fills.identity import position_in
from scaleplan.fills.symbols import parts_of, unified
from scaleplan.journal import BatchRow, EventRow, RowKind, TradeRow
from scaleplan.plan import Contract
from scaleplan.quantity.exact import ZERO
from scaleplan.questions.offering import is_symbol_of, meaning
from scaleplan.questions.trades import held_at
from scaleplan.trade import Trade

#: What a fee is in, and what tells in what it would have to be.
_FEE_OF = attrgetter("fee_currency", "source", "symbol", "trade")
#: Typed fills, and those that replace them.
Replaced = tuple[tuple[EventRow, ...], tuple[EventRow, ...]]


class FileOutcome(NamedTuple):
    """What became of a file: how many rows are new and how many known, and which typed fills its rows replaced.

    `replaced` are the names of typed fills, each with those that replace it.
    """

    read: ReadFile
    new: int
    known: int
    replaced: tuple[Replaced, ...] = ()


class TradeOutcome(NamedTuple):
    """A trade after an import: its imported events, what they replaced, and whether it was locked by it."""

    trade: Trade
    events: tuple[EventRow, ...]
    replaced: tuple[Replaced, ...]
    is_new: bool


class Unconverted(NamedTuple):
    """So many fees in a coin whose price nobody gave; `settle` is what it would have to be given in."""

    currency: str
    settle: str
    count: int  # type: ignore[assignment]


class Stated(NamedTuple):
    """A position that a source states, and what the trades of its symbol hold at that moment, in base."""

    event: EventRow
    stated: Decimal
    held: Decimal


class ImportedFills(NamedTuple):
    """What an import has done; without a batch there was nothing to record."""

    files: tuple[FileOutcome, ...]
    trades: tuple[TradeOutcome, ...]
    unassigned: tuple[EventRow, ...]
    batch: BatchRow | None
    unconverted: tuple[Unconverted, ...] = ()
    stated: tuple[Stated, ...] = ()
    corrected: int = 0
    #: Of the new rows, those that lie more than five minutes ahead of the clock.
    ahead: int = 0
    #: Trades that earlier imports had locked, and that with these fills never were.
    never: tuple[TradeRow, ...] = ()


def unconverted(fills: Sequence[EventRow], trades: Sequence[Trade]) -> tuple[Unconverted, ...]:
    """Returns the fees that are neither in what a trade settles in nor, of spot, in the coin traded."""
    plans = {trade.row.id: trade.plan for trade in trades}
    kind = RowKind.FILL
    alike = Counter(map(_FEE_OF, (fill for fill in fills if fill.fee and fill.kind is kind)))
    counts: Counter[tuple[str, str]] = Counter()
    for (currency, source, symbol, trade), count in alike.items():
        if currency is None:
            continue
        plan = plans.get(trade or "")
        if plan is not None:
            settle, spot = plan.settle, plan.symbol.base if plan.contract is Contract.SPOT else ""
        else:
            own = unified(source or "", symbol or "")
            base, quote, settle = parts_of(own)
            settle, spot = (settle, base if ":" not in own else "") if quote else ("", "")
        if settle and currency not in (settle, spot):
            counts[currency, settle] += count
    return tuple(Unconverted(currency, settle, count) for (currency, settle), count in sorted(counts.items()))


def stated_positions(
    fills: Sequence[EventRow], trades: Sequence[Trade], symbols: Mapping[str, str]
) -> tuple[Stated, ...]:
    """Returns the last position that a source states of each symbol, where its trades hold something else then."""
    last: dict[tuple[str, str], EventRow] = {}
    for fill in fills:
        if fill.text is not None and position_in(fill.text) is not None:
            last[fill.source or "", fill.symbol or ""] = fill
    found = []
    for event in last.values():
        stated = position_in(event.text) or ZERO
        own = [trade for trade in trades if is_symbol_of(trade.plan, meaning(event, symbols), event.source or "")]
        held = sum((trade.machine.sign * held_at(trade, event) for trade in own), ZERO)
        least = max((lot_of(trade.plan) or ZERO for trade in own), default=ZERO)
        if own and stated != held and abs(stated - held) >= least:
            found.append(Stated(event, stated, held))
    return tuple(found)
