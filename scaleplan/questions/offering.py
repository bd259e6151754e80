"""Which trade an imported fill is of: the one that is open at its time, or a plan whose first tier it meets.

Fills are offered in time order. Each trade is played as far as the fill's moment, so that what is offered meets the
trade as it stood then. What a trade cannot take of a fill is offered on, like a fill.
"""

import os
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.sizing import lot_of
from scaleplan.fills.symbols import UNSPECIFIC, parts_of, unified
from scaleplan.journal import EventRow, RowKind, TradeRow
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.exact import ZERO
from scaleplan.questions.trades import Locking, Trades, part_of
from scaleplan.trade import Version
from scaleplan.trade.play import Playing, moment_of, place_of, text_of

#: So long before it was locked in time, a trade takes what meets its plan.
_BEFORE_BEGIN = timedelta(days=1)


class Offered(NamedTuple):
    """A fill, a part of one or a payment that is to find its trade.

    `event` is as it would be in the trade; `rest_of` is the event that it is a part of. `holds` is the side of the
    position where the source names it. `is_stored` is whether the journal has it already.
    """

    event: EventRow
    holds: str | None = None
    is_stored: bool = False
    rest_of: str | None = None


class Placed(NamedTuple):
    """Where something that was offered came to be; without a trade it stays where it is."""

    offered: Offered
    trade: TradeRow | None


def meaning(event: EventRow, symbols: Mapping[str, str]) -> str:
    """Returns what the symbol of an imported event means, as the trader or else its venue says."""
    own = event.symbol or ""
    meant = symbols.get(own.upper())
    return meant if meant is not None else unified(event.source or "", own)


def is_symbol_of(plan: Plan, meant: str, venue: str) -> bool:
    """Returns whether a symbol is that of a plan; whether it is spot counts where the venue says that."""
    base, quote, _ = parts_of(meant)
    own = plan.symbol
    if meant.upper() == own.text.upper():
        return True
    if not quote:
        return base.upper() == own.base.upper()
    if (base.upper(), quote.upper()) != (own.base.upper(), own.quote.upper()):
        return False
    if venue in UNSPECIFIC and ":" not in meant:
        return True
    expiry, own_expiry = (text.partition(":")[2].partition("-")[2] for text in (meant, own.text))
    return (":" in meant) is (plan.contract is not Contract.SPOT) and expiry == own_expiry


class LiveTrade:
    """A trade while fills are offered to it: played up to a moment, with what the journal has of it still to come."""

    def __init__(
        self, row: TradeRow, versions: Sequence[Version], events: Iterable[EventRow], trades: Trades, began: str
    ) -> None:
        self.row = row
        self.versions = versions
        self.trades = trades
        self.playing = Playing(row, versions, trades.habits)
        self.plan = versions[0].plan
        #: When it was locked, or first filled where that was before; empty for one that is locked for its first fill.
        self.began = began
        self.is_new = False
        sign = self.playing.sign
        self._waiting = sorted(events, key=lambda event: place_of(event, sign))
        #: Whether fills of it were typed: those say when it began.
        self.is_typed = any(event.kind is RowKind.FILL and event.source == "typed" for event in self._waiting)
        self._places = [place_of(event, sign) for event in self._waiting]
        self._next = 0
        self._ids = frozenset(event.id for event in self._waiting)
        #: Whether its first fill came before its lock: then it begins where the venue's record of it does.
        self.is_late = any(event.kind is RowKind.LOCK and event.at > began for event in self._waiting)

    def again(self) -> "LiveTrade":
        """Returns the trade as before anything was offered to it."""
        return LiveTrade(self.row, self.versions, self._waiting, self.trades, self.began)

    def has(self, event: str) -> bool:
        """Returns whether an event is one that the journal has of the trade."""
        return event in self._ids

    def advance(self, event: EventRow) -> None:
        """Plays what the journal has of the trade before an event."""
        here = place_of(event, self.playing.sign)
        while self._next < len(self._waiting) and self._places[self._next] < here:
            self.playing.feed(self._waiting[self._next])
            self._next += 1

    def finish(self) -> None:
        """Plays all that the journal still has of the trade."""
        while self._next < len(self._waiting):
            self.playing.feed(self._waiting[self._next])
            self._next += 1

    def could_take(self, offered: Offered) -> bool:
        """Returns whether a fill may be of the trade as it stands: open, and of its side."""
        event, playing = offered.event, self.playing
        if not playing.is_open or (offered.holds is not None and offered.holds != str(self.plan.side)):
            return False
        is_entry = (event.side == "buy") is (playing.sign > 0)
        return is_entry or bool(playing.held)

    def take(self, event: EventRow) -> Decimal:
        """Plays a fill. Returns what of it the trade could not take; less than a lot is nothing."""
        before = len(self.playing.loose)
        self.playing.feed(event)
        rest = sum((loose.quantity for loose in self.playing.loose[before:]), ZERO)
        return rest if rest and rest >= (lot_of(self.plan) or ZERO) else ZERO


class Offers:
    """Offers fills to the trades of a journal, and to plans that may be locked for them."""

    def __init__(
        self,
        trades: Trades,
        symbols: Mapping[str, str],
        new_trade: Callable[[Locking], "LiveTrade"],
        files: Sequence[Locking] = (),
        only: "LiveTrade | Locking | None" = None,
    ) -> None:
        self.trades = trades
        self.symbols = symbols
        self._new_trade = new_trade
        self.files = files
        self._only = only
        self.live: dict[str, LiveTrade] = {}
        self._by_meaning: dict[tuple[str, str], list[LiveTrade]] = {}
        #: What is offered, in time order: what lies between a fill and a trade says whether it is that trade's.
        self.pool: Sequence[Offered] = ()
        self._moves: dict[str, tuple[list[str], list[Decimal]]] = {}
        if isinstance(only, LiveTrade):
            self.live[only.row.id] = only

    def add(self, live: LiveTrade) -> None:
        """Adds a trade to which fills are offered."""
        self.live[live.row.id] = live
        self._by_meaning.clear()

    def put(self, live: LiveTrade) -> None:
        """Puts a trade in the place of itself, with other events."""
        self.add(live)
        if isinstance(self._only, LiveTrade) and self._only.row.id == live.row.id:
            self._only = live

    def again(self) -> "Offers":
        """Returns the same trades and plans as before anything was offered to them."""
        only = self._only.again() if isinstance(self._only, LiveTrade) else self._only
        found = Offers(self.trades, self.symbols, self._new_trade, self.files, only)
        for live in self.live.values():
            if not live.is_new and live.row.id not in found.live:
                found.add(live.again())
        return found

    def of(self, event: EventRow) -> list[LiveTrade]:
        """Returns the trades of an event's symbol."""
        meant, venue = meaning(event, self.symbols), event.source or ""
        known = self._by_meaning.get((meant, venue))
        if known is None:
            known = [live for live in self.live.values() if is_symbol_of(live.plan, meant, venue)]
            self._by_meaning[meant, venue] = known
        return known

    def offer(self, offered: Offered) -> list[Placed]:
        """Returns where a fill comes to be, and where the rest of it does that its trade cannot take."""
        event = offered.event
        if event.kind is RowKind.FUNDING:
            return [Placed(offered, self._paying(offered))]
        live = self._taker(offered)
        if live is None:
            return [Placed(offered, None)]
        placed = [Placed(offered, live.row)]
        rest = live.take(event._replace(trade=live.row.id))
        if rest and event.quantity:
            others = self.offer(
                Offered(part_of(event, rest), None, is_stored=True, rest_of=offered.rest_of or event.id)
            )
            placed += [each for each in others if each.trade is not None and each.trade.id != live.row.id]
        return placed

    def keep(self, live: LiveTrade, event: EventRow) -> None:
        """Plays a fill that is a trade's without being asked."""
        live.advance(event)
        live.take(event)

    def _taker(self, offered: Offered) -> LiveTrade | None:
        event = offered.event
        found = [self._only] if isinstance(self._only, LiveTrade) else [] if self._only is not None else self.of(event)
        for live in found:
            live.advance(event)
        able = [live for live in found if live.could_take(offered) and self._is_there(live, event)]
        # What a trade could not take of a fill of its own it takes by itself, once it can.
        able = [live for live in able if offered.rest_of is None or not live.has(offered.rest_of)]
        # A trade that has begun comes before one that only begins later.
        able = [live for live in able if event.at >= live.began] or able
        if len(able) > 1:
            able = [live for live in able if live.playing.meets(event)]
            if len(able) != 1:
                return None
        if able:
            return None if able[0].playing.is_undecided(event) else able[0]
        return self._locked_for(offered)

    def _locked_for(self, offered: Offered) -> LiveTrade | None:
        """Returns a new trade for a fill: of the plan that was named, or of the only one whose first tier it meets."""
        event = offered.event
        if isinstance(self._only, LiveTrade):
            return None
        if isinstance(self._only, Locking):
            open_ones = [live for live in self.live.values() if live.is_new and live.playing.is_open]
            if open_ones:
                live = open_ones[-1]
                if live.could_take(offered) and not live.playing.is_undecided(event):
                    return live
                return None
            is_entry = event.side == ("buy" if self._only.study.plan.sign > 0 else "sell")
            if not is_entry:
                return None
            live = self._new_trade(self._only)
            self.add(live)
            return None if live.playing.is_undecided(event) else live
        meeting = [each for each in self.files if self._meets_first(each, offered)]
        if len(meeting) != 1:
            return None
        live = self._new_trade(meeting[0])
        self.add(live)
        return live

    def _meets_first(self, locking: Locking, offered: Offered) -> bool:
        plan, event = locking.study.plan, offered.event
        if event.side != ("buy" if plan.sign > 0 else "sell") or offered.holds not in (None, str(plan.side)):
            return False
        if not is_symbol_of(plan, meaning(event, self.symbols), event.source or ""):
            return False
        path = os.path.realpath(locking.study.file)
        same = [live for live in self.live.values() if live.row.path == path and live.playing.is_open]
        if any(self._is_there(live, event) for live in same):
            return False
        row = TradeRow(0, "", path, plan.symbol.text, str(plan.side), is_open=True)
        moment = moment_of(event.at)
        version = Version(moment, plan, locking.study.ladder, locking.plan.digest, moment)
        return self._is_first(row, version, event)

    def _is_first(self, row: TradeRow, version: Version, event: EventRow) -> bool:
        """Returns whether a fill meets the first tier of a plan."""
        plan = version.plan
        playing = Playing(row, (version,), self.trades.habits)
        if not playing.meets(event):
            return False
        playing.feed(event)
        tiers = [part.tier for moment in playing.moments for part in moment.parts]
        # Twins of tier 1 lie at its price.
        first = plan.tiers[0].price
        return all(tier is not None and plan.tiers[tier - 1].price == first for tier in tiers)

    def _is_there(self, live: LiveTrade, event: EventRow) -> bool:
        """Returns whether a trade has begun at a fill, or begins with it.

        A plan locked in time takes what meets it a day before. One that was locked by a fill afterwards begins with an
        earlier fill of its first tier, if nothing that is offered closes that one before: pieces come in any order.
        """
        if event.at >= live.began or live.is_typed:
            return event.at >= live.began
        if not live.is_late:
            return event.at >= text_of(moment_of(live.began) - _BEFORE_BEGIN) and live.playing.meets(event)
        is_entry = (event.side == "buy") is (live.playing.sign > 0)
        return is_entry and self._is_first(live.row, live.versions[0], event) and self._runs_into(live, event)

    def _runs_into(self, live: LiveTrade, event: EventRow) -> bool:
        """Returns whether a fill is still held when a trade begins, by what is offered in between."""
        symbol, sign = event.symbol or "", live.playing.sign
        moves = self._moves.get(symbol)
        if moves is None:
            own = [each.event for each in self.pool if each.event.symbol == symbol and each.event.kind is RowKind.FILL]
            signed = [(each.quantity or ZERO) * (1 if each.side == "buy" else -1) for each in own]
            moves = self._moves[symbol] = [each.at for each in own], signed
        held = (event.quantity or ZERO) * sign if event.side == "buy" else (event.quantity or ZERO) * -sign
        for number in range(bisect_right(moves[0], event.at), len(moves[0])):
            if moves[0][number] >= live.began:
                break
            held += moves[1][number] * sign
            if held <= 0:
                return False
        return True

    def _paying(self, offered: Offered) -> TradeRow | None:
        """Returns the trade that holds something when a payment falls due; absent where several do."""
        event = offered.event
        found = [self._only] if isinstance(self._only, LiveTrade) else self.of(event)
        for live in found:
            live.advance(event)
        holding = [
            live
            for live in found
            if (live.playing.held or self._was_held(live, event)) and offered.holds in (None, str(live.plan.side))
        ]
        if len(holding) != 1:
            return None
        return holding[0].row

    @staticmethod
    def _was_held(live: LiveTrade, event: EventRow) -> bool:
        """Returns whether a trade was closed at the very moment of a payment, as a swap is booked with its deal."""
        moments = live.playing.moments
        return bool(moments) and moments[-1].event.at == event.at and live.playing.is_over
