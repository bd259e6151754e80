"""Instruments: rules and tables of one exchange, joined by the names that they give each, and those that are taken.

Taken are those asked for, and else every perpetual contract, where there are tables every one that has its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from scaleplan.imports.records import (
    BracketTable,
    ContractRules,
    ImportNote,
    ImportOptions,
    Origin,
    SavedAnswer,
    Unasked,
    Unusable,
)
from scaleplan.imports.symbols import contract_of, has_expiry, pair_of, trouble_with
from scaleplan.plan import Contract
from scaleplan.quantity.number import quote

_ONE_EACH = "name one file of each answer"
#: How many names a message lists.
_LISTED = 8


class Market(NamedTuple):
    """What is known of one instrument: rules, table, or both, and the answers that they come from."""

    symbol: str
    rules: ContractRules | None
    table: BracketTable | None
    answers: tuple[SavedAnswer, ...]

    @property
    def contract(self) -> Contract:
        """Which kind of contract it is."""
        return self.rules.contract if self.rules is not None else contract_of(self.symbol)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return (
            self.symbol,
            *(self.rules.ids if self.rules is not None else ()),
            *(self.table.ids if self.table is not None else ()),
        )

    @property
    def own_name(self) -> str:
        """What the exchange calls it."""
        return next((name for name in self.ids[1:] if name), "")

    @property
    def expires(self) -> bool:
        """Whether it is a contract with an end."""
        of = self.rules or self.table
        return of is not None and of.expires

    @property
    def renewed(self) -> bool:
        """Whether it is a contract with an end that the exchange puts off."""
        of = self.rules or self.table
        return of is not None and of.renewed


def markets_of(answers: Sequence[SavedAnswer]) -> Iterator[Market]:
    """Yields every instrument that the answers speak of."""
    tables = _gathered(answers)
    by_id = {name: table for table in tables for name in table[0].ids}
    used: set[int] = set()
    seen: dict[str, str] = {}
    for answer in answers:
        for rules in answer.rules:
            name = rules.ids[0]
            if name in seen:
                raise Unusable(f"{quote(name)} is described twice, in {seen[name]} and in {answer.label}", _ONE_EACH)
            seen[name] = answer.label
            found = next((by_id[own] for own in rules.ids if own in by_id), None)
            if found is None or rules.contract is Contract.SPOT:
                yield Market(rules.symbol, rules, None, (answer,))
            else:
                used.add(id(found[0]))
                yield Market(rules.symbol, rules, found[0], (*found[1], answer))
    for table, of_answers in tables:
        if id(table) not in used:
            yield Market(table.symbol, None, table, of_answers)


def _gathered(answers: Sequence[SavedAnswer]) -> list[tuple[BracketTable, tuple[SavedAnswer, ...]]]:
    """Returns each table once: Bybit's pages may cut one in two, of others it must not be there twice."""
    found: dict[tuple[str, ...], tuple[BracketTable, tuple[SavedAnswer, ...]]] = {}
    for answer in answers:
        for table in answer.tables:
            before = found.get(table.ids)
            if before is None:
                found[table.ids] = table, (answer,)
            elif answer.origin is Origin.BYBIT:
                had = set(before[0].rows)
                rows = before[0].rows + tuple(row for row in table.rows if row not in had)
                found[table.ids] = table._replace(rows=rows), (*before[1], answer)
            else:
                where = f"in {before[1][0].label} and in {answer.label}"
                raise Unusable(f"{quote(table.ids[0])} has two tables, {where}", _ONE_EACH)
    return list(found.values())


# Which are taken


def chosen_markets(markets: list[Market], options: ImportOptions, notes: list[ImportNote]) -> list[Market]:
    """Returns the instruments that are written; `notes` learns which are left out, and why."""
    markets = _named(markets, options)
    if options.symbols and markets:
        found = [_asked(markets, symbol) for symbol in dict.fromkeys(options.symbols)]
        chosen = list({market.ids: market for market in found}.values())
        for market in chosen:
            trouble = _trouble(market)
            if trouble:
                raise Unusable(f"{market.symbol or market.own_name} cannot be written: {trouble}", "leave it out")
    else:
        chosen = _plainest(list(_usual(markets, notes)), notes)
    if not chosen:
        reasons = "; ".join(dict.fromkeys(note.text for note in notes))
        help = "name a symbol with `--symbol`" if markets else "save the answer for perpetual contracts"
        raise Unusable(f"nothing is left to be written ({reasons})", help)
    twice = _first_twice(market.symbol.upper() for market in chosen)
    if twice:
        raise Unusable(
            f"two instruments are called {twice}", "name the symbols wanted with `--symbol`, by their own names"
        )
    return chosen


def _named(markets: list[Market], options: ImportOptions) -> list[Market]:
    """Returns the markets with a single table whose symbol nobody can tell under the one symbol asked for."""
    nameless = [market for market in markets if not market.symbol]
    if len(nameless) != 1 or len(options.symbols) != 1:
        return markets
    wish = options.symbols[0]
    if trouble_with(wish) or any(_same(name, wish) for market in markets for name in market.ids):
        return markets
    return [market._replace(symbol=wish) if market is nameless[0] else market for market in markets]


def _asked(markets: list[Market], wish: str) -> Market:
    found = [market for market in markets if any(_same(name, wish) for name in market.ids)]
    exact_names = [market for market in found if _same(market.symbol, wish)]
    found = exact_names or found or [market for market in markets if _same(pair_of(market.symbol), wish)]
    # A pair, or a family, is its contract without an end, where there is one.
    if len(found) > 1:
        found = [market for market in found if not market.expires] or found
    if len(found) > 1:
        found = [market for market in found if not market.renewed] or found
    if len(found) == 1:
        return found[0]
    names = sorted(market.symbol or market.own_name for market in (found or markets))
    listed = ", ".join(map(quote, names[:_LISTED])) + (", ..." if len(names) > _LISTED else "")
    if found:
        raise Unasked(f"{quote(wish)} may be {listed}", "name one of them with `--symbol`")
    raise Unasked(f"the files have no {quote(wish)}", f"they have {listed}")


def _same(first: str, second: str) -> bool:
    return first.upper() == second.upper()


def _first_twice(names: Iterable[str]) -> str:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            return name
        seen.add(name)
    return ""


def _usual(markets: list[Market], notes: list[ImportNote]) -> Iterator[Market]:
    """Yields perpetual contracts, and where there are tables those that have one."""
    tables = any(market.table is not None for market in markets)
    for market in markets:
        reason = _trouble(market)
        if not reason and market.contract is Contract.SPOT:
            reason = "spot has no margin"
        if not reason and market.expires:
            reason = "it expires"
        if not reason and tables and market.table is None:
            reason = "no file has its brackets"
        if not reason:
            yield market
            continue
        way_out = "" if _trouble(market) else "; `--symbol` takes it all the same"
        notes.append(ImportNote(market.symbol or market.own_name, f"left out: {reason}{way_out}"))


def _plainest(markets: list[Market], notes: list[ImportNote]) -> list[Market]:
    """Returns the markets without those whose end is put off and whose symbol another has that has no end."""
    endless = {market.symbol: market for market in markets if not market.renewed}
    chosen = []
    for market in markets:
        other = endless.get(market.symbol, market)
        if other is market or not market.renewed:
            chosen.append(market)
        else:
            reason = f"left out: {other.own_name} is called {other.symbol} too; `--symbol` takes it all the same"
            notes.append(ImportNote(market.own_name, reason))
    return chosen


def _trouble(market: Market) -> str:
    if market.rules is not None and market.rules.trouble:
        return market.rules.trouble
    if not market.symbol:
        return "its name does not say what is traded; name it with `--symbol BASE/QUOTE:SETTLE`, or add its rules"
    if market.expires and not has_expiry(market.symbol):
        return "no file says on which day it expires"
    return trouble_with(market.symbol)
