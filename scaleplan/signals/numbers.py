"""Numbers as channels write them: every way to read each, and the one that its neighbours allow.

`1,234` is a thousand and some with commas between thousands, less than two with a decimal comma, or two numbers. The
prices of a signal lie within ten times of each other, so that mostly one reading of a number fits to the others. Where
none or several do, nothing is guessed.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import read_number
from scaleplan.signals.scan import Extent

#: Prices of a signal differ by no more.
FURTHEST = 10
_THOUSAND = 1000
#: A run of digits and of what stands between digits. Blanks do in groups of three, not before a percentage.
CHUNK = (
    r"(?:(?<![\d.,])[1-9]\d{0,2}(?: \d{3}(?!\d))+(?! ?%)(?:[.,]\d+)?"
    r"|(?:\d|(?<![\w.,])\.(?=\d))(?:[\d_]|[.,'’](?=\d))*)"  # as phones write it
)
_PLAIN = re.compile(r"\d+|\d*\.\d+")
_COMMA_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?")
_POINT_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_MARK_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:['’_]\d{3})+(?:\.\d+)?")
_BLANK_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d+)?")
_COMMA_DECIMAL = re.compile(r"\d+,\d+")
_LEADING_ZERO = re.compile(r"0\d")


class Notation(Enum):
    """How a number is written: what a point, a comma or a blank in it is."""

    PLAIN = "as it is written"
    COMMA_THOUSANDS = "with commas between thousands"
    POINT_THOUSANDS = "with points between thousands"
    BLANK_THOUSANDS = "with blanks between thousands"
    COMMA_DECIMAL = "with a decimal comma"
    LIST = "as several numbers"


class Chunk(NamedTuple):
    """A number of a text, not read yet. `kilo` tells whether a K stands behind it."""

    place: Extent
    text: str
    kilo: bool = False


#: What a chunk may mean: the numbers, by how it is written.
Readings = dict[Notation, tuple[Decimal, ...]]


class Settled(NamedTuple):
    """What a chunk means. `assumed` tells how it was read where it could have been read otherwise."""

    values: tuple[Decimal, ...]
    assumed: str = ""


def readings(chunk: Chunk) -> Readings:
    """Returns every way to read a chunk; none where it is no number at all, or one of too many digits."""
    text = chunk.text
    found: dict[Notation, tuple[str, ...]] = {}
    if _PLAIN.fullmatch(text):
        found[Notation.PLAIN] = (text,)
    if _MARK_THOUSANDS.fullmatch(text):
        found[Notation.PLAIN] = (re.sub("['’_]", "", text),)
    if _COMMA_THOUSANDS.fullmatch(text):
        found[Notation.COMMA_THOUSANDS] = (text.replace(",", ""),)
    if _POINT_THOUSANDS.fullmatch(text) and (text.count(".") > 1 or "," in text):
        found[Notation.POINT_THOUSANDS] = (text.replace(".", "").replace(",", "."),)
    if _BLANK_THOUSANDS.fullmatch(text):
        found[Notation.BLANK_THOUSANDS] = (text.replace(" ", "").replace(",", "."),)
    if _COMMA_DECIMAL.fullmatch(text):
        found[Notation.COMMA_DECIMAL] = (text.replace(",", "."),)
    parts = re.split("[, ]", text)
    if len(parts) > 1 and all(_PLAIN.fullmatch(part) and not _LEADING_ZERO.match(part) for part in parts):
        found[Notation.LIST] = tuple(parts)
    read = {notation: tuple(map(_read, texts)) for notation, texts in found.items()}
    factor = _THOUSAND if chunk.kilo else 1
    return {
        notation: tuple(value * factor for value in values if value is not None)
        for notation, values in read.items()
        if all(value is not None and value > 0 for value in values) and is_near(value for value in values if value)
    }


def _read(text: str) -> Decimal | None:
    number = read_number(f"0{text}" if text.startswith(".") else text)
    return None if isinstance(number, Mistake) else number


def is_near(values: Iterable[Decimal]) -> bool:
    """Returns whether no two of some numbers above zero differ by more than ten times."""
    ordered = sorted(values)
    return not ordered or ordered[-1] <= ordered[0] * FURTHEST


def settled(chunks: Sequence[Chunk], *, dear: bool = False) -> list[Settled | None]:
    """Returns what each of a signal's prices means; absent where it is no number, or two readings fit.

    With `dear` it is about something that costs thousands: there `65,000` is no 65 with three decimals.
    """
    possible = [readings(chunk) for chunk in chunks]
    certain = [value for found in possible if len(found) == 1 for values in found.values() for value in values]
    notations = _fitting_notations(possible) if not certain else ()
    if dear and set(notations) == {Notation.COMMA_THOUSANDS, Notation.COMMA_DECIMAL}:
        notations = (Notation.COMMA_THOUSANDS,)
    kilo = any(chunk.kilo for chunk in chunks)
    found = _settled_each(chunks, possible, certain, notations, kilo=kilo)
    if is_near(value for each in found if each is not None for value in each.values):
        return found
    # Where one is out of place, it may be the others that are short of a thousand.
    larger = [
        each if each is None or each.assumed else _larger(chunk, each.values, kilo=kilo) or each
        for chunk, each in zip(chunks, found, strict=True)
    ]
    return larger if is_near(value for each in larger if each is not None for value in each.values) else found


def in_thousands(found: Sequence[Settled | None]) -> list[Settled | None]:
    """Returns prices a thousand times as large: their points stand between thousands."""
    return [
        each
        if each is None or each.assumed
        else Settled(tuple(value * _THOUSAND for value in each.values), Notation.POINT_THOUSANDS.value)
        for each in found
    ]


def _settled_each(
    chunks: Sequence[Chunk],
    possible: Sequence[Readings],
    certain: Sequence[Decimal],
    notations: Sequence[Notation],
    *,
    kilo: bool,
) -> list[Settled | None]:
    """Returns what each price means: its one reading, the one that fits to the certain ones, or a common notation."""
    found: list[Settled | None] = []
    for chunk, each in zip(chunks, possible, strict=True):
        if len(each) == 1:
            values = next(iter(each.values()))
            found.append(_moved(chunk, values, certain, kilo=kilo))
            continue
        fitting = {
            notation: values
            for notation, values in each.items()
            if (notation in notations if not certain else _fits(values, certain))
        }
        if len(fitting) == 1:
            notation, values = next(iter(fitting.items()))
            found.append(Settled(values, notation.value))
        else:
            found.append(None)
    return found


def _fits(values: Sequence[Decimal], others: Sequence[Decimal]) -> bool:
    """Returns whether numbers lie within ten times of the middle of others."""
    middle = sorted(others)[len(others) // 2]
    return all(is_near((value, middle)) for value in values)


def _fitting_notations(possible: Sequence[Readings]) -> tuple[Notation, ...]:
    """Returns the notations in which all numbers can be written at once, and lie near each other."""
    read = [found for found in possible if found]
    return tuple(
        notation
        for notation in Notation
        if read
        and all(notation in found for found in read)
        and is_near(value for found in read for value in found[notation])
    )


def _moved(chunk: Chunk, values: tuple[Decimal, ...], certain: Sequence[Decimal], *, kilo: bool) -> Settled:
    """Returns a number of one reading; a thousand times that where only so it lies near the others.

    `65.000` beside 64500 has a point between thousands, and the K of `60-65K` stands for both.
    """
    others = list(certain)
    for value in values:
        others.remove(value)
    if not others or _fits(values, others):
        return Settled(values)
    larger = _larger(chunk, values, kilo=kilo)
    return larger if larger is not None and _fits(larger.values, others) else Settled(values)


def _larger(chunk: Chunk, values: tuple[Decimal, ...], *, kilo: bool) -> Settled | None:
    """Returns a thousand times what a number is by itself, where it can be meant so."""
    points = _POINT_THOUSANDS.fullmatch(chunk.text) is not None and not chunk.kilo
    if not points and (chunk.kilo or not kilo):
        return None
    assumed = Notation.POINT_THOUSANDS.value if points else "in thousands, as the K beside it says"
    return Settled(tuple(value * _THOUSAND for value in values), assumed)


def comma_decimal(text: str | None) -> Decimal | None:
    """Returns a number in which a comma stands for a point; absent where there is none."""
    if not text:
        return None
    number = read_number(text.replace(",", "."))
    return None if isinstance(number, Mistake) else number
