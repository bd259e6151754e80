"""Numbers of exports: grouped or not, with a point or a comma, with a unit behind them, as exact decimals.

An exponent is read, and a number with more digits than a journal keeps is none. What reads two ways (`1,234` where a
comma may be either, `1.234` where a point may be) is none either.
"""

import re
from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation

from scaleplan.fills import RowProblem
from scaleplan.quantity.exact import EXACT, ZERO
from scaleplan.quantity.number import quote
from scaleplan.trade.kinds import UNREADABLE_ROW

#: Digits that a journal keeps, before the point and behind it.
_BEFORE, _BEHIND = 16, 20
_PLAIN = re.compile(r"[+-]?[0-9]{1,16}(?:\.[0-9]{1,20})?")
_EXPONENT = re.compile(r"[+-]?(?:[0-9]{1,25}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,9})?")
#: Points that group digits where decimals stand behind a comma; elsewhere a number with three decimals.
_POINTED = re.compile(r"[+-]?[1-9][0-9]{0,2}(?:\.[0-9]{3})+")
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
_SPACED = re.compile(r"[+-]?[0-9]{1,3}(?:[ '\u00a0\u202f\u2009][0-9]{3})+(?:[.,][0-9]+)?")
_COMMA = re.compile(r"[+-]?[0-9]{1,16}(?:\.[0-9]{3})*,[0-9]+")
#: A number is taken whole, its exponent with it: no digit and no exponent is ever left to be a unit.
_UNIT = re.compile(
    r"(?P<number>(?>[+-]?(?:[0-9](?:[0-9.,' \u00a0\u202f]*[0-9.,])?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?))"
    r"\s*(?P<unit>[^\W\d_][\w.$-]{0,19})"
)
#: Cells that only a file with a decimal comma, or with a decimal point, has: so many digits as no group has.
_HAS_COMMA = re.compile(r"\s*-?[0-9 .\u00a0\u202f]*[0-9],(?:[0-9]{1,2}|[0-9]{4,})(?:\s*[^\W\d_]\w*)?\s*")
_HAS_POINT = re.compile(
    r"\s*-?(?:[0-9 ,\u00a0\u202f]*[0-9]\.(?:[0-9]{1,2}|[0-9]{4,})|0\.[0-9]+|[0-9]{4,}\.[0-9]+)(?:\s*[^\W\d_]\w*)?\s*"
)
#: So many numbers of a file are read once.
_KEPT = 1 << 15
_NOTHING = frozenset({"", "-", "--", "n/a", "null", "none", "—"})
_SMALLEST = Decimal(1).scaleb(-_BEHIND)


class Numbers:
    """Reads the numbers of one file, each text once.

    `comma` is whether decimals stand behind a comma, absent where a comma and a point may be either.
    """

    def __init__(self, *, comma: bool | None = False) -> None:
        self.comma = comma
        self._known: dict[str, Decimal] = {}
        #: Whether a text is a number as it stands: not where its points may part thousands.
        self._is_plain: Callable[[str], object] = _PLAIN.fullmatch if comma is False else _is_ungrouped

    def read(self, text: str, field: str) -> Decimal:
        """Returns the number that a cell has. Raises `RowProblem` where it has none."""
        known = self._known.get(text)
        if known is None:
            known = Decimal(text) if self._is_plain(text) else self._other(text, field)
            if len(self._known) < _KEPT:
                self._known[text] = known
        return known

    def optional(self, text: str, field: str) -> Decimal | None:
        """Returns the number that a cell has, absent for an empty one or a dash."""
        if not text or text.strip().lower() in _NOTHING:
            return None
        return self.read(text, field)

    def with_unit(self, text: str, field: str, base: str = "") -> tuple[Decimal | None, str]:
        """Returns a number and the unit behind it, `0.29528919 USDC`; empty where there is none.

        A `base` that begins with digits, as 1INCH does, is the unit before they are a number's.
        """
        if self._is_plain(text):
            return Decimal(text), ""
        head, _, unit = text.partition(" ")
        if unit.isalpha() and unit.isascii() and self._is_plain(head):
            return Decimal(head), unit.upper()
        text = text.strip()
        if text.lower() in _NOTHING:
            return None, ""
        if base[:1].isdigit() and not base.isdigit() and text.upper().endswith(base):
            return self.read(text[: -len(base)].rstrip(), field), base
        match = _UNIT.fullmatch(text)
        if match is None:
            return self.read(text, field), ""
        return self.read(match["number"], field), match["unit"].upper()

    def _other(self, text: str, field: str) -> Decimal:
        word = text.strip().replace("\u2212", "-").lstrip("$€£")
        if word.startswith("(") and word.endswith(")"):
            word = f"-{word[1:-1]}"
        if self.comma is not False and _POINTED.fullmatch(word):
            if self.comma is None:
                raise _two_ways(text, word.replace(".", ""), word, field)
            return _kept(word.replace(".", ""), text, field)
        if _EXPONENT.fullmatch(word):
            return _kept(word, text, field)
        if _SPACED.fullmatch(word):
            return _kept(re.sub(r"[ '\u00a0\u202f\u2009]", "", word).replace(",", "."), text, field)
        if _GROUPED.fullmatch(word) and not (self.comma and word.count(",") == 1 and "." not in word):
            if self.comma is None and word.count(",") == 1 and "." not in word:
                raise _two_ways(text, word.replace(",", ""), word.replace(",", "."), field)
            return _kept(word.replace(",", ""), text, field)
        if _COMMA.fullmatch(word) and self.comma is not False:
            return _kept(word.replace(".", "").replace(",", "."), text, field)
        raise RowProblem(
            UNREADABLE_ROW, f"{quote(text)} is no number", "mend the row, or pass it over: --skip-bad", field
        )


def _is_ungrouped(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and _POINTED.fullmatch(text) is None


def _two_ways(text: str, first: str, second: str, field: str) -> RowProblem:
    return RowProblem(
        UNREADABLE_ROW,
        f"{quote(text)} reads two ways: as {first} and as {second}",
        "export it with commas between cells and a point before decimals",
        field,
    )


def comma_of(texts: "list[str]") -> bool | None:
    """Returns whether the decimals of some cells stand behind a comma; absent where none tells, or they disagree."""
    has_comma = any(map(_HAS_COMMA.fullmatch, texts))
    has_point = any(map(_HAS_POINT.fullmatch, texts))
    return None if has_comma is has_point else has_comma


def _kept(word: str, text: str, field: str) -> Decimal:
    try:
        value = Decimal(word)
    except InvalidOperation as error:
        raise RowProblem(UNREADABLE_ROW, f"{quote(text)} is no number", "mend the row", field) from error
    exponent = value.as_tuple().exponent
    if not value:
        return ZERO
    if -_BEHIND <= value.adjusted() < _BEFORE and isinstance(exponent, int):
        if exponent >= -_BEHIND:
            return Decimal(f"{value:f}") if exponent > 0 else value
        trimmed = value.normalize(EXACT)
        if trimmed == value and int(trimmed.as_tuple().exponent) >= -_BEHIND:
            return trimmed
    raise RowProblem(
        UNREADABLE_ROW,
        f"{quote(text)} has more than {_BEFORE} digits before the point or {_BEHIND} behind it",
        "mend the row, or pass it over: --skip-bad",
        field,
    )


def kept(value: Decimal) -> Decimal:
    """Returns a quotient with as many digits behind the point as a journal keeps, half to even."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -_BEHIND:
        return value.quantize(_SMALLEST, ROUND_HALF_EVEN, EXACT)
    return value


def last_digit(value: Decimal) -> Decimal:
    """Returns one of the last digit that a number is written with."""
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def shortest(low: Decimal, high: Decimal) -> Decimal | None:
    """Returns the number with the fewest digits between two; absent where several have as few, or they lie far apart.

    So a contract's size follows from a row that has its value rounded: 0.01396 / (0.13969 x 1) lies near 0.1.
    """
    if not 0 < low <= high or (high - low) * 200 > high:
        return None
    digit = high.adjusted()
    for exponent in range(digit, digit - 8, -1):
        step = Decimal(1).scaleb(exponent)
        first = (low / step).to_integral_value(rounding="ROUND_CEILING") * step
        last = (high / step).to_integral_value(rounding="ROUND_FLOOR") * step
        if first <= last:
            return first if first == last else None
    return None
