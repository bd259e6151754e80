"""What a page draws: levels to scale, curves, a band over time, bars that float, sticks.

They are drawn in characters, or in a document of HTML as shapes (`scale`, `curves`, `band`, `spans`).
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


class MarkKind(StrEnum):
    """What stands at a price of a scale."""

    TARGET = "target"
    TIER = "tier"
    AVERAGE = "average"
    STOP = "stop"
    LIQUIDATION = "liquidation"


class Mark(NamedTuple):
    """A level on a scale of prices: its price and the digits of it, its name, what happens there, and the result in R.

    `number` is that of a tier or a target, or of the last tier that it supposes filled. `size` is what is filled or
    closed there as a part of the whole size. `words` are the program's own, with `between` between two; `more` has the
    trader's too, and is for lines that have room.
    """

    kind: MarkKind
    number: int
    price: Decimal
    text: str
    name: str
    words: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    result: str = ""
    size: Decimal = Decimal(0)
    net_r: Decimal | None = None
    between: str = ", "


class PriceScale(NamedTuple):
    """Levels drawn to scale, the highest price first. `places` are the digits of a distance between two of them.

    `rows` is how many rows the scale has; without it there is a row for each price. A `bare` one has no words: what
    happens at each level stands around it.
    """

    marks: tuple[Mark, ...]
    places: int
    rows: int | None = None
    bare: bool = False


class Curve(NamedTuple):
    """A line through points of price and result, the lowest price first; it is drawn with its one character `sign`."""

    sign: str
    name: str
    points: tuple[tuple[Decimal, Decimal], ...]


class Tick(NamedTuple):
    """A price below curves: its digits and whose it is."""

    price: Decimal
    text: str
    name: str


class Curves(NamedTuple):
    """Curves over one axis of price, and the prices to be written below it, those first that matter most.

    Results are counted in `unit`: R, or a currency; `rows` is how many rows they are drawn in at most.
    """

    curves: tuple[Curve, ...]
    ticks: tuple[Tick, ...]
    unit: str
    rows: int | None = None


class BandSpan(NamedTuple):
    """One step of a band: from the least to the most of two lines, and how far the worst line fell at most.

    `moment` says when it begins; `fall` is the deepest at any close of the step, from the highest close before.
    """

    moment: str
    least: Decimal
    most: Decimal
    fall: Decimal


class BandMark(NamedTuple):
    """Something that happened at a step of a band (from 0): a letter for a terminal, and words."""

    step: int
    letter: str
    words: str


class BandTrade(NamedTuple):
    """A trade that begins at a step of a band (from 0): its worst and its best result in R."""

    step: int
    worst: Decimal
    best: Decimal


class Band(NamedTuple):
    """Money over time as a band from worst to best, with what happened, and below it the fall from the highest.

    `title` heads it, `words` say what it is; `places` are the digits of its money. `trades` stand below a band that has
    many.
    """

    title: str
    words: str
    spans: tuple[BandSpan, ...]
    marks: tuple[BandMark, ...]
    places: int
    trades: tuple[BandTrade, ...] = ()


class FloatingBar(NamedTuple):
    """A bar that floats between two values: what it is of, what that is in words, and from where to where it goes.

    One that is `whole` begins at 0, and stands for a sum; the others are what is added to it.
    """

    label: str
    text: str
    begin: Decimal
    end: Decimal
    whole: bool = False


class FloatingBars(NamedTuple):
    """Bars under each other on one axis that has 0 on it; `title` heads them, `words` say what they are."""

    title: str
    words: str
    spans: tuple[FloatingBar, ...]


class Sticks(NamedTuple):
    """A stick for each value, from 0 up or down, in their order; `first` and `last` are what its ends are called.

    Values are counted in `unit`; `title` heads them, `words` say what they are.
    """

    title: str
    words: str
    values: tuple[Decimal, ...]
    unit: str
    first: str
    last: str


Drawn = PriceScale | Curves | Band | FloatingBars | Sticks
