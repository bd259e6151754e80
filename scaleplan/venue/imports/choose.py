"""Which instruments are taken: those asked for, and else every perpetual contract that has its brackets."""

from collections.abc import Iterable, Iterator

from scaleplan.plan import Contract
from scaleplan.quantity.number import quote
from scaleplan.venue.imports.entries import Entry
from scaleplan.venue.imports.names import trouble_with
from scaleplan.venue.imports.records import Note, Unasked, Unusable, Wishes

#: How many names a message lists.
_LISTED = 8


def chosen_of(entries: list[Entry], wishes: Wishes, notes: list[Note]) -> list[Entry]:
    """The instruments that are written; `notes` learns which are left out, and why."""
    entries = _named(entries, wishes)
    if wishes.symbols:
        chosen = [_asked(entries, symbol) for symbol in dict.fromkeys(wishes.symbols)]
        chosen = list({entry.ids: entry for entry in chosen}.values())
        for entry in chosen:
            trouble = _trouble(entry)
            if trouble:
                raise Unusable(f"{entry.ids[0] or entry.ids[-1]} cannot be written: {trouble}", "leave it out")
    else:
        chosen = list(_usual(entries, notes))
    if not chosen:
        reasons = "; ".join(dict.fromkeys(note.text for note in notes))
        raise Unusable(f"nothing is left to be written ({reasons})", "name a symbol with `--symbol`")
    twice = _first_twice(entry.symbol.upper() for entry in chosen)
    if twice:
        raise Unusable(
            f"two instruments are called {twice}", "name the symbols wanted with `--symbol`, by their own names"
        )
    return chosen


def _named(entries: list[Entry], wishes: Wishes) -> list[Entry]:
    """A single table whose symbol nobody can tell is that of the one symbol asked for."""
    nameless = [entry for entry in entries if not entry.symbol]
    if len(nameless) != 1 or len(wishes.symbols) != 1:
        return entries
    wish = wishes.symbols[0]
    if trouble_with(wish) or any(_same(name, wish) for entry in entries for name in entry.ids):
        return entries
    return [entry._replace(symbol=wish) if entry is nameless[0] else entry for entry in entries]


def _asked(entries: list[Entry], wish: str) -> Entry:
    found = [entry for entry in entries if any(_same(name, wish) for name in entry.ids)]
    exact_names = [entry for entry in found if _same(entry.symbol, wish)]
    found = exact_names or found or [entry for entry in entries if _same(entry.symbol.partition(":")[0], wish)]
    if len(found) > 1:
        # A pair, or a family, is its contract without an end, where there is one.
        found = [entry for entry in found if not entry.expires] or found
    if len(found) == 1:
        return found[0]
    names = sorted(entry.symbol or entry.ids[-1] for entry in (found or entries))
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


def _usual(entries: list[Entry], notes: list[Note]) -> Iterator[Entry]:
    """What is taken when nothing is asked for: perpetual contracts, and where there are tables those that have one."""
    tables = any(entry.table is not None for entry in entries)
    for entry in entries:
        reason = _trouble(entry)
        if not reason and entry.contract is Contract.SPOT:
            reason = "spot has no margin"
        if not reason and entry.expires:
            reason = "it expires"
        if not reason and tables and entry.table is None:
            reason = "no file has its brackets"
        if not reason:
            yield entry
            continue
        way_out = "" if _trouble(entry) else "; `--symbol` takes it all the same"
        notes.append(Note(entry.symbol or entry.ids[-1], f"left out: {reason}{way_out}"))


def _trouble(entry: Entry) -> str:
    if entry.rules is not None and entry.rules.trouble:
        return entry.rules.trouble
    if not entry.symbol:
        return "its name does not say what is traded; name it with `--symbol BASE/QUOTE:SETTLE`, or add its rules"
    return trouble_with(entry.symbol)
