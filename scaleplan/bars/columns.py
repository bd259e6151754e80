"""The columns of a file of bars: found by name in any case, by place where there is no head, or as the trader says."""

from typing import NamedTuple

from scaleplan.bars.typed import decimal_of, fields_of

#: What each column may be called, in small letters; the first that is there is taken.
COLUMN_NAMES = {
    "time": ("time", "timestamp", "date", "datetime", "open_time", "open time"),
    "open": ("open", "o"),
    "high": ("high", "h"),
    "low": ("low", "l"),
    "close": ("close", "c"),
    "volume": ("volume", "vol", "v"),
}
#: What a close adjusted for splits and dividends may be called.
_ADJUSTED = ("adj close", "adj_close", "adjclose", "adjusted close", "adjusted_close")
#: The columns of a file without a head.
NUMBERED = ("time", "open", "high", "low", "close", "volume")
_PRICES = ("open", "high", "low", "close")
_SEPARATORS = (",", ";", "\t", "|")
#: So many columns are named where one is missing.
_NAMED = 8
#: Of a longer name its beginning is said.
_LONGEST = 40


class ColumnPlaces(NamedTuple):
    """The places of the columns, from 0; that of an adjusted close only where prices are to be scaled by it."""

    time: int
    open: int
    high: int
    low: int
    close: int
    adjusted: int | None = None
    #: Columns that a template asks for, by the names that it has for them.
    others: tuple[tuple[str, int], ...] = ()

    @property
    def prices(self) -> tuple[int, ...]:
        """Returns the places of prices: the four, and the adjusted close behind them."""
        four = self.open, self.high, self.low, self.close
        return four if self.adjusted is None else (*four, self.adjusted)

    @property
    def wanted(self) -> set[int]:
        """Returns the places of all columns that are read."""
        return {self.time, *self.prices, *(place for _, place in self.others)}


def separator_of(line: str) -> str:
    """Returns what stands between the fields of a line."""
    return max(_SEPARATORS, key=line.count)


def has_header(line: str, separator: str) -> bool:
    """Whether a first line is a head: its second to fifth fields are no numbers."""
    fields = fields_of(line, separator)
    return not (len(fields) > 4 and all(decimal_of(field) is not None for field in fields[1:5]))


def columns_of(
    line: str,
    separator: str,
    asked: tuple[tuple[str, str], ...],
    *,
    headed: bool,
    adjust: bool,
    keep: tuple[str, ...] = (),
) -> ColumnPlaces | str:
    """Returns the places of the columns, or which is missing or there twice."""
    names = [field.strip().lower() for field in fields_of(line, separator)] if headed else list(NUMBERED)
    places: dict[str, int] = {}
    for key, word in asked:
        place = _asked(word, names, line, separator)
        if place is None:
            return f"there is no column `{word}` for {key}; there are {_listed(names)}"
        places[key] = place
    for key, known in COLUMN_NAMES.items():
        if key in places:
            continue
        found = next(([at for at, name in enumerate(names) if name == word] for word in known if word in names), [])
        if len(found) > 1:
            return f"the column {key} is there twice; there are {_listed(names)}"
        if found:
            places[key] = found[0]
    places.setdefault("time", 0)
    missing = [key for key in _PRICES if key not in places]
    if missing:
        return f"no column for {', '.join(missing)}; there are {_listed(names)}"
    adjusted = next((names.index(word) for word in _ADJUSTED if word in names), None) if adjust else None
    if adjust and adjusted is None:
        return f"no column `adj close` to scale prices by; there are {_listed(names)}"
    width = len(fields_of(line, separator))
    others = tuple(
        (name, names.index(name.lower()))
        for name in keep
        if name.lower() in names and names.index(name.lower()) < width
    )
    return ColumnPlaces(
        places["time"], places["open"], places["high"], places["low"], places["close"], adjusted, others
    )


def _asked(word: str, names: list[str], line: str, separator: str) -> int | None:
    if word.isascii() and word.isdecimal():
        place = int(word) if len(word) < 9 else len(names)
        return place if place < max(len(names), len(fields_of(line, separator))) else None
    return names.index(word.lower()) if word.lower() in names else None


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    shown = [name if len(name) <= _LONGEST else f"{name[:_LONGEST]}..." for name in names[:_NAMED]]
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
