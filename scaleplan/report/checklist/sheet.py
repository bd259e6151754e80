"""A sheet is what the checklist says, apart from how it looks: boxes, orders, moments, and what to write down after.

Every text is one line without control characters; nothing of it is markup. A figure keeps its unrounded value beside
the digits that a reader sees.
"""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.report.drawings import PriceScale


class BoxState(StrEnum):
    """Of a box: the plan answers it well, answers it badly, or only the trader can; a note has no box."""

    ANSWERED = "answered"
    FLAGGED = "flagged"
    OPEN = "open"
    NOTE = "note"


class Figure(NamedTuple):
    """The digits that a reader sees, and the value they stand for; absent where they are words."""

    text: str
    value: Decimal | None = None


class Check(NamedTuple):
    """One box: its question, the evidence in numbers, room to write where `blank`, the trader's own where `yours`."""

    state: BoxState
    label: str
    evidence: str = ""
    blank: bool = False
    yours: bool = False


class Ticket(NamedTuple):
    """One order: whose it is (`tier 1`), `buy limit`, what it waits for or is, and what is wrong with it."""

    what: str
    order: str
    condition: str
    price: Figure
    quantity: Figure
    remark: str = ""


class Moment(NamedTuple):
    """A tier's fill: the stop to set and the quantity it must cover, and where the position stands then."""

    tier: int
    price: Figure
    stop: Figure
    quantity: Figure
    average_entry: Figure
    breakeven: Figure
    risk: Figure
    liquidation: Figure
    remark: str


class Stage(NamedTuple):
    """What happens, at which price, what to do then, and what is so afterwards."""

    when: str
    at: Figure
    do: str
    then: str


class Level(NamedTuple):
    """What is another level or result for each count of filled tiers; `spare` where a full page leaves it out."""

    label: str
    figures: tuple[Figure, ...]
    spare: bool = False


class Blank(NamedTuple):
    """A line to fill in afterwards, its unit behind it, and what is known already."""

    label: str
    unit: str = ""
    known: str = ""


class Heads(NamedTuple):
    """Column heads that say their unit."""

    quantity: str
    risk: str
    #: Where nothing can be liquidated there is no column of it.
    liquidation: str


class Sheet(NamedTuple):
    """The whole sheet, in the order in which it is used."""

    file: str
    title: str
    about: tuple[str, ...]
    printed: str
    alarm: str
    lead: tuple[str, ...]
    scale: tuple[Check, ...]
    before: tuple[Check, ...]
    now: tuple[Ticket, ...]
    later: tuple[Ticket, ...]
    heads: Heads
    moments: tuple[Moment, ...]
    #: What the steps suppose: how many tiers are filled.
    basis: str
    steps: tuple[Stage, ...]
    #: The tiers from the first on of which the levels tell, a column each: 2 are tiers 1 and 2.
    counts: tuple[int, ...]
    levels: tuple[Level, ...]
    after: tuple[Check, ...]
    log: tuple[Blank, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The heads of the columns of the levels: `1`, `1-2`."""
        return tuple("1" if count == 1 else f"1-{count}" for count in self.counts)

    #: The ladder to scale, for a form that can draw.
    ladder: PriceScale
