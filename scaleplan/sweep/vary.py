"""What a sweep varies: places of a template, each with the values that it takes, and the variants that these make.

`tiers.to=-1%..-4% by 0.5%` are seven values, `stop=-2 atr,-3 atr` two; several such make a product, of which a sample
may be drawn. A variant is told by its number in the product, the last place counting fastest. Loads no library.
"""

import random
import re
import sys
from decimal import Decimal, InvalidOperation
from math import prod
from typing import NamedTuple

from scaleplan.decode.overrides import Override, read_override
from scaleplan.quantity.number import plain, quote

#: More variants, and more values of one place, than a sweep has.
MOST_VARIANTS, MOST_VALUES = 1_000_000, 100_000
_NUMBER = re.compile(r"(?P<before>[^0-9+-]*)(?P<sign>[+-]?) ?(?P<number>[0-9][0-9_]*(?:\.[0-9]+)?)(?P<behind>[^0-9]*)")
_DIGITS = re.compile(r"[0-9][0-9_]*(?:\.[0-9]+)?")
_RANGE = re.compile(r"(?P<first>.+?)\.\.(?P<last>.+?)(?: by (?P<step>.+))?")


class Axis(NamedTuple):
    """A place of a template, as it was typed, and the values that it takes, each with the change that puts it there."""

    path: str
    values: tuple[str, ...]
    overrides: tuple[Override, ...]


class VariantGrid(NamedTuple):
    """The places that are varied, and the variants that are tried, by their number in the product, in its order."""

    axes: tuple[Axis, ...]
    numbers: tuple[int, ...]

    @property
    def whole(self) -> int:
        """Returns how many variants the product has."""
        return prod(len(axis.values) for axis in self.axes)

    def places(self, number: int) -> tuple[int, ...]:
        """Returns which value of each place a variant has."""
        found = []
        for axis in reversed(self.axes):
            number, place = divmod(number, len(axis.values))
            found.append(place)
        return tuple(reversed(found))

    def number(self, places: tuple[int, ...]) -> int:
        """Returns the number of the variant with these values."""
        number = 0
        for axis, place in zip(self.axes, places, strict=True):
            number = number * len(axis.values) + place
        return number

    def settings(self, number: int) -> dict[str, str]:
        """Returns what a variant sets, by place."""
        return {axis.path: axis.values[at] for axis, at in zip(self.axes, self.places(number), strict=True)}

    def overrides(self, number: int) -> tuple[Override, ...]:
        """Returns the changes that make a variant of the template."""
        return tuple(axis.overrides[at] for axis, at in zip(self.axes, self.places(number), strict=True))

    def neighbours(self, number: int) -> tuple[int, ...]:
        """Returns the variants one step away in one place, as listed: down and up."""
        places = self.places(number)
        found = []
        for index, axis in enumerate(self.axes):
            for step in (-1, 1):
                at = places[index] + step
                if 0 <= at < len(axis.values):
                    found.append(self.number((*places[:index], at, *places[index + 1 :])))
        return tuple(found)


def read_axis(text: str) -> Axis | str:
    """Reads `PATH=VALUES`. A returned text says what is wrong with it as an option."""
    path, equals, written = text.partition("=")
    if not equals or not path.strip() or not written.strip():
        return f"{quote(text)} is not PATH=VALUES; write it as `stop=-2 atr,-3 atr` or `tiers.to=-1%..-4% by 0.5%`"
    values: list[str] = []
    for part in _parts(written):
        word = " ".join(part.split())
        ranged = _RANGE.fullmatch(word)
        found = [word] if ranged is None else _between(ranged["first"], ranged["last"], ranged["step"])
        if isinstance(found, str):
            return f"{quote(word)}: {found}"
        values += found
        if len(values) > MOST_VALUES:
            return f"{quote(path.strip())} takes more than {MOST_VALUES:,} values; take larger steps"
    seen: dict[str, str] = {}
    for value in values:
        before = seen.setdefault(_meant(value), value)
        if before is not value:
            other = "" if before == value else f", as {quote(value)} too"
            return f"{quote(path.strip())} takes {quote(before)} twice{other}"
    overrides = []
    for value in values:
        override = read_override(f"{path.strip()}={value}", "--vary")
        if isinstance(override, str):
            return override
        overrides.append(override)
    return Axis(path.strip(), tuple(values), tuple(overrides))


def _meant(value: str) -> str:
    """Returns a value as all ways to write it have it: small letters, no blanks, numbers without needless digits.

    Names of columns and files are as they are.
    """
    if any(sign in value.lower() for sign in ("column", "/", "\\", ".y")):
        return value

    def number(found: re.Match[str]) -> str:
        return plain(Decimal(found[0].replace("_", "")))

    return _DIGITS.sub(number, value.lower()).replace(" ", "")


def _parts(text: str) -> list[str]:
    """Returns what stands between commas; those inside of brackets separate nothing."""
    parts, depth = [""], 0
    for letter in text:
        depth += (letter in "[{(") - (letter in "]})")
        if letter == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def _between(first: str, last: str, step: str | None) -> list[str] | str:
    """Returns the values from one to another, both included where a step meets it; whole numbers step by 1."""
    if step is None:
        if not (first.strip().isdecimal() and last.strip().isdecimal()):
            return "a range says its step: `-1%..-4% by 0.5%`"
        step = "1"
    ends = [_NUMBER.fullmatch(word.strip()) for word in (first, last)]
    start, stop = ends
    by = _NUMBER.fullmatch(step.strip())
    if start is None or stop is None or by is None:
        return "a range is two values and a step, such as `-1%..-4% by 0.5%`"
    if (start["before"], start["behind"].strip()) != (stop["before"], stop["behind"].strip()):
        return f"{quote(first.strip())} and {quote(last.strip())} are of two kinds"
    if by["behind"].strip() not in ("", start["behind"].strip()) or by["before"].strip() not in (
        "",
        start["before"].strip(),
    ):
        return f"a step of {quote(step.strip())} is of another kind than {quote(first.strip())}"
    try:
        here, end, width = (Decimal(f"{each['sign']}{each['number'].replace('_', '')}") for each in (start, stop, by))
    except InvalidOperation:
        return "a number in it cannot be read"
    width = abs(width)
    if not width:
        return "a step is above 0"
    if abs(end - here) / width > MOST_VALUES:
        return f"are more than {MOST_VALUES:,} values; take larger steps"
    way = 1 if end >= here else -1
    signed = bool(start["sign"] or stop["sign"])
    found = []
    while way * (end - here) >= 0:
        sign = "-" if here < 0 else "+" if signed else ""
        found.append(f"{start['before']}{sign}{plain(abs(here))}{start['behind']}")
        here += way * width
    return found


def grid_of(axes: tuple[Axis, ...], sample: int | None, seed: int) -> VariantGrid | str:
    """Returns the variants of a product, or a sample of them; a text says why there is none."""
    grid = VariantGrid(axes, ())
    whole = grid.whole
    count = whole if sample is None else min(sample, whole)
    if count > MOST_VARIANTS:
        return f"{count:,} variants are more than {MOST_VARIANTS:,}: take larger steps, or draw some with `--sample N`"
    if count == whole:
        return grid._replace(numbers=tuple(range(whole)))
    dice = random.Random(f"variants {seed}")  # noqa: S311 - drawn, not secret
    if whole <= sys.maxsize:
        return grid._replace(numbers=tuple(sorted(dice.sample(range(whole), count))))
    # More than a range can have; one is hardly drawn twice.
    drawn: set[int] = set()
    while len(drawn) < count:
        drawn.add(dice.randrange(whole))
    return grid._replace(numbers=tuple(sorted(drawn)))
