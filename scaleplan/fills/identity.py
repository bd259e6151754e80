"""Which rows of an export are known already: by the venue's number, else by what they say.

Equal rows without a number are told apart by which of the equal rows of their file they are.

A row without a number that equals one with it, in price, quantity, fee and time at the coarser precision of the two, is
that one. Each pairs once.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from scaleplan.fills import MINUTE, SourceRow
from scaleplan.fills.symbols import identity
from scaleplan.quantity.exact import ZERO

#: Sources that do not say whose executions they have: any venue's may be among them.
OF_ANY = frozenset({"generic", "tradervue"})
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_SECONDS = re.compile(r"[0-9]:[0-9]{2}:[0-9]{2}|;[0-9]{6}|[0-9]T[0-9]{6}")
#: An execution of Interactive Brokers: what stands behind the last point counts its corrections.
_CORRECTING = "ibkr"
_CORRECTED = re.compile(r"(.+)\.([0-9]{2})")
#: The mark of a row without a number that is not the first of its equals.
ORDINAL = "#"
_FEE_GIVEN = re.compile(r"fee (?P<fee>-?[0-9.]+ [^;]+)")
_HOLDS = re.compile(r"(?:^|; )of (?P<holds>long|short)$")
_POSITION = re.compile(r"position (?P<position>-?[0-9.]+)")


class StoredRow(NamedTuple):
    """A row of the journal that came from an export, as far as it tells it from others.

    `number` is the venue's, absent for none; `is_kept` is whether it is in force.
    """

    event: str
    seq: int
    is_funding: bool
    venue: str
    number: str | None
    ordinal: int
    symbol: str
    side: str | None
    price: Decimal | None
    quantity: Decimal | None
    fee: Decimal | None
    fee_currency: str | None
    at: str
    given_fee: str | None
    is_kept: bool


class Recognised(NamedTuple):
    """What a row is to the journal: known as `stored`, `differing` from it, or new, as the `ordinal`-th of its equals.

    A new row may correct one that is stored: `corrects`.
    """

    stored: StoredRow | None = None
    differs: bool = False
    corrects: StoredRow | None = None
    ordinal: int = 1


_NEW = Recognised()
_Group = tuple[str, str, str | None, bool]
#: What is known: a row of the journal, or a new one with which of its equals it is and its number among the new ones.
_Entry = StoredRow | tuple[SourceRow, int, int]
#: In front of the number of a new row, where an event has its id; and of one that is compared with other sources'.
NEW, ALIKE = "new ", "alike "


def text_of(row: SourceRow, position: Decimal | None = None) -> str | None:
    """Returns what a row says that an event has no column for.

    That is a fee before its rate, a position that it states, and the side of the position that it is of.
    """
    parts = []
    if row.given_fee is not None:
        parts.append(f"fee {row.given_fee}")
    if position is not None:
        parts.append(f"position {position:f}")
    if row.holds is not None:
        parts.append(f"of {row.holds}")
    return "; ".join(parts) or None


def given_fee_in(text: str | None) -> str | None:
    """Returns the fee before its rate, as `text_of` wrote it."""
    match = _FEE_GIVEN.search(text) if text else None
    return None if match is None else match["fee"]


def holds_in(text: str | None) -> str | None:
    """Returns the side of the position that a row is of, as `text_of` wrote it."""
    match = _HOLDS.search(text) if text else None
    return None if match is None else match["holds"]


def position_in(text: str | None) -> Decimal | None:
    """Returns the position that a row stated, as `text_of` wrote it."""
    match = _POSITION.search(text) if text else None
    return None if match is None else Decimal(match["position"])


class Identities:
    """What is known of some venues. `raw_of` returns the row of a stored event, where its precision is asked for.

    Rows that become events are kept as they are, with their number among these: most are never looked at again.
    """

    def __init__(self, rows: Iterable[StoredRow], raw_of: Callable[[str], str]) -> None:
        self._raw_of = raw_of
        self._raws: dict[str, str] = {}
        self._groups: dict[tuple[str, str, str | None, bool], _Group] = {}
        self._names: dict[_Group, _Group] = {}
        self._numbered: dict[tuple[_Group, str], _Entry] = {}
        self._equal: dict[tuple[object, ...], _Entry] = {}
        self._bases: dict[tuple[str, str], tuple[int, _Entry]] = {}
        self._minutes: dict[tuple[_Group, str], list[_Entry]] = {}
        self._of_file: list[tuple[_Group, _Entry]] = []
        self._others: list[tuple[_Group, _Entry]] = []
        self._paired: set[str] = set()
        self._seen: dict[tuple[object, ...], int] = {}
        for row in rows:
            group = self._group(row.venue, row.symbol, row.side, row.is_funding)
            self._know(group, row, row, row.number, row.ordinal)
            self._of_file.append((group, row))

    def _group(self, venue: str, symbol: str, side: str | None, is_funding: bool) -> _Group:  # noqa: FBT001
        key = venue, symbol, side, is_funding
        group = self._groups.get(key)
        if group is None:
            group = venue, identity(venue, symbol), side, is_funding
            group = self._groups[key] = self._names.setdefault(group, group)
        return group

    def _know(
        self, group: _Group, entry: "_Entry", row: "StoredRow | SourceRow", number: str | None, ordinal: int
    ) -> None:
        if number is not None:
            self._numbered[group, number] = entry
            base = _base_of(row.venue, number) if row.venue == _CORRECTING else None
            if base is not None:
                known = self._bases.get((row.venue, base[0]))
                if known is None or known[0] < base[1]:
                    self._bases[row.venue, base[0]] = base[1], entry
        else:
            self._equal[group, row.at, row.price, row.quantity, _paid(row)[0], ordinal] = entry

    @property
    def is_empty(self) -> bool:
        """Returns whether nothing is known."""
        return not (self._numbered or self._equal)

    def begin_file(self) -> None:
        """Begins another file: which of the equal rows one is counts within its own, and pairs are of two files."""
        self._others += self._of_file
        self._of_file = []
        self._seen = {}
        self._paired = set()

    def match(self, row: SourceRow, number: int) -> Recognised:
        """Returns what a row is. One that is new is known from here on, by its number among those that are."""
        key = row.venue, row.symbol, row.side, row.is_funding
        group = self._groups.get(key) or self._group(*key)
        source_id = row.source_id
        match = self._of_content(row, group) if source_id is None else self._of_number(row, group, source_id)
        if match.stored is None:
            entry = row, match.ordinal, number
            self._know(group, entry, row, source_id, match.ordinal)
            if source_id is None or row.grain < 0:
                self._raws[f"{NEW}{number}"] = row.raw
            self._of_file.append((group, entry))
        return match

    def _of_number(self, row: SourceRow, group: _Group, number: str) -> Recognised:
        known = self._numbered.get((group, number))
        if known is not None:
            stored = _stored(known)
            return Recognised(stored, differs=not self._same(row, stored))
        base = _base_of(row.venue, number) if row.venue == _CORRECTING else None
        if base is not None:
            latest = self._bases.get((row.venue, base[0]))
            if latest is not None and latest[0] > base[1]:
                return Recognised(_stored(latest[1]))
            if latest is not None:
                return Recognised(corrects=_stored(latest[1]))
        other = self._pair(row, group, has_number=False) if self._others or self._minutes else None
        if other is None:
            return _NEW
        self._numbered[group, number] = other
        return Recognised(other)

    def _of_content(self, row: SourceRow, group: _Group) -> Recognised:
        fee, _ = _paid(row)
        content = group, row.at, row.price, row.quantity, fee
        ordinal = self._seen[content] = self._seen.get(content, 0) + 1
        known = self._equal.get((*content, ordinal))
        if known is not None:
            return Recognised(_stored(known))
        other = self._pair(row, group, has_number=True)
        if other is None:
            return _NEW if ordinal == 1 else Recognised(ordinal=ordinal)
        self._equal[(*content, ordinal)] = other
        return Recognised(other)

    def _pair(self, row: SourceRow, group: _Group, *, has_number: bool) -> StoredRow | None:
        """Returns a row with a number for one without, or the other way round, that says the same; each pairs once."""
        # Few files need it: it is made for the first row that asks.
        for each, entry in self._others:
            self._minutes.setdefault((each, _stored(entry).at[:16]), []).append(entry)
        self._others = []
        for entry in self._minutes.get((group, row.at[:16]), ()):
            other = _stored(entry)
            if (other.number is not None) is has_number and other.event not in self._paired and self._same(row, other):
                self._paired.add(other.event)
                return other
        return None

    def look_alikes(self, rows: Sequence[SourceRow], stored: Iterable[StoredRow]) -> list[tuple[SourceRow, StoredRow]]:
        """Returns new rows with what looks like the same execution from another source: each pairs once.

        One of the two is of a source that does not say whose executions it has. Market, side, time, price and quantity
        are the same, whatever their numbers.
        """
        entries = [row for row in stored if row.is_kept]
        if any(row.venue in OF_ANY for row in rows):
            for number, row in enumerate(rows):
                self._raws[f"{ALIKE}{number}"] = row.raw
                if not row.is_funding:
                    entries.append(_stored((row, 1, number))._replace(event=f"{ALIKE}{number}"))
        places: dict[tuple[str, str | None, str], list[StoredRow]] = {}
        for each in entries:
            places.setdefault((identity(each.venue, each.symbol), each.side, each.at[:16]), []).append(each)
        found: list[tuple[SourceRow, StoredRow]] = []
        used: set[str] = set()
        for number, row in enumerate(rows):
            if row.is_funding or f"{ALIKE}{number}" in used:
                continue
            for each in places.get((identity(row.venue, row.symbol), row.side, row.at[:16]), ()):
                is_other = each.venue != row.venue and not OF_ANY.isdisjoint((each.venue, row.venue))
                if is_other and each.event not in used and self._same_content(row, each):
                    used |= {each.event, f"{ALIKE}{number}"}
                    found.append((row, each))
                    break
        return found

    def _same(self, row: SourceRow, known: StoredRow) -> bool:
        """Returns whether price, quantity, fee and time are the same, each at the coarser precision of the two."""
        return self._same_content(row, known) and self._same_fee(row, known)

    def _same_content(self, row: SourceRow, known: StoredRow) -> bool:
        return (
            (row.at == known.at or self._same_time(row, known))
            and (row.price == known.price or self._same_number(row.price, known.price, known))
            and (row.quantity == known.quantity or self._same_number(row.quantity, known.quantity, known))
        )

    def _same_fee(self, row: SourceRow, known: StoredRow) -> bool:
        first, currency = _paid(row)
        second, other = _paid(known)
        if first is None or second is None or first == second or (currency and other and currency != other):
            return True
        return self._same_number(first, second, known)

    def _same_time(self, row: SourceRow, known: StoredRow) -> bool:
        raw = self._raw(known)
        digits = known.at[20:26].rstrip("0")
        has_seconds = known.at[17:19] != "00" or raw.startswith("{") or _SECONDS.search(raw) is not None
        grain = len(digits) or (0 if has_seconds else MINUTE)
        coarser = min(grain, row.grain)
        # At the end of the moment stand the seconds, a point, six digits and Z.
        cut = 16 if coarser == MINUTE else 19 if coarser == 0 else 20 + coarser
        if row.at[:cut] == known.at[:cut]:
            return True
        finer, rough = (row.at, known.at) if row.grain > grain else (known.at, row.at)
        return coarser != MINUTE and _rounded(finer, coarser)[:cut] == rough[:cut]

    def _same_number(self, first: Decimal | None, second: Decimal | None, known: StoredRow) -> bool:
        if first is None or second is None:
            return first is second
        coarser = max(_exponent(first), self._written(second, known))
        step = Decimal(1).scaleb(coarser)
        for rounding in (ROUND_HALF_EVEN, ROUND_DOWN, "ROUND_HALF_UP"):
            if first.quantize(step, rounding) == second.quantize(step, rounding):
                return True
        return False

    def _written(self, value: Decimal, known: StoredRow) -> int:
        """Returns the exponent that a stored number was written with: in its row stand zeros that say something."""
        found = [
            _exponent(Decimal(text.replace(",", ".")))
            for text in _NUMBER.findall(self._raw(known))
            if len(text) < 50 and Decimal(text.replace(",", ".")) == abs(value)
        ]
        # What is not in the row was reckoned from it, and is exact.
        return min(found) if found else min(_exponent(value), -20)

    def _raw(self, known: StoredRow) -> str:
        raw = self._raws.get(known.event)
        if raw is None:
            raw = self._raws[known.event] = self._raw_of(known.event)
        return raw


def _stored(entry: _Entry) -> StoredRow:
    """Returns what is known as if the journal had it."""
    if isinstance(entry, StoredRow):
        return entry
    row, ordinal, number = entry
    return StoredRow(
        f"{NEW}{number}",
        number,
        row.is_funding,
        row.venue,
        row.source_id,
        ordinal,
        row.symbol,
        row.side,
        row.price,
        row.quantity,
        row.fee,
        row.fee_currency,
        row.at,
        row.given_fee,
        is_kept=True,
    )


def _paid(row: SourceRow | StoredRow) -> tuple[Decimal | None, str | None]:
    """Returns a fee and its currency as the source has them, before a rate."""
    if row.given_fee is None:
        return row.fee, row.fee_currency
    number, _, currency = row.given_fee.partition(" ")
    return Decimal(number), currency


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return exponent if isinstance(exponent, int) else 0


def _rounded(at: str, digits: int) -> str:
    moment = datetime.fromisoformat(at)
    micro = moment.microsecond
    step = 10 ** (6 - digits)
    up = (micro + step // 2) // step * step - micro
    return f"{(moment + timedelta(microseconds=up)).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"


def _base_of(venue: str, number: str) -> tuple[str, int] | None:
    match = _CORRECTED.fullmatch(number) if venue == _CORRECTING else None
    return None if match is None else (match[1], int(match[2]))


def stored_rows(
    found: Iterable[tuple[object, ...]], undone: frozenset[int], voided: frozenset[str]
) -> Iterator[StoredRow]:
    """Yields what `Journal.imported` finds, those of whole imports that were undone left out."""
    texts: dict[object, str] = {}
    for seq, event, batch, is_funding, at, source, number, symbol, side, price, quantity, fee, currency, text in found:
        if batch in undone:
            continue
        numbered: str | None = number  # type: ignore[assignment]
        ordinal = 1
        if numbered is not None and numbered.startswith(ORDINAL):
            ordinal, numbered = int(numbered.removeprefix(ORDINAL)), None
        # Names are few, and each row brings its own copy of them.
        venue, name = (texts.setdefault(each, str(each or "")) for each in (source, symbol))
        yield StoredRow(
            event,  # type: ignore[arg-type]
            seq,  # type: ignore[arg-type]
            bool(is_funding),
            venue,
            numbered,
            ordinal,
            name,
            None if side is None else texts.setdefault(side, str(side)),
            _number(price),
            _number(quantity),
            _number(fee),
            None if currency is None else texts.setdefault(currency, str(currency)),
            at,  # type: ignore[arg-type]
            None if text is None else given_fee_in(str(text)),
            event not in voided,
        )


def _number(value: object) -> Decimal | None:
    return None if value is None else Decimal(str(value)) or ZERO
