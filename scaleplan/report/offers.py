"""Offers: the columns that a table may show, and from which width on each is offered a place.

The essential ones have a place at every width; the others are added from left to right while there is room.
"""

from collections.abc import Sequence
from typing import NamedTuple

from scaleplan.report.layout import Column, table_width

#: A column without which there is no table, and one that is welcome wherever there is room.
ESSENTIAL, WELCOME = 0, 1
#: The widths from which a table offers its second and its third set of columns a place.
WIDE = 100
WIDEST = 140
#: So much beyond them a set has to be complete, if need be with a single blank between columns.
_COMPLETE = 20
_GAPS = (2, 1)


class Offered(NamedTuple):
    """A column and the width from which it is offered a place; one that is essential has its place at every width."""

    column: Column
    since: int = ESSENTIAL


class Choice(NamedTuple):
    """The columns of a table and the blanks between them."""

    columns: tuple[Column, ...]
    gap: int
    #: How many of the columns belong to the wider sets.
    wide: int


def choose(offered: Sequence[Offered], width: int) -> Choice | None:
    """The essential columns and as many others as fit into `width`; nothing where the essential ones do not."""
    first: Choice | None = None
    due = sum(WELCOME < offer.since <= width - _COMPLETE for offer in offered)
    for gap in _GAPS:
        choice = _fitting(offered, width, gap)
        if choice is not None and choice.wide >= due:
            return choice
        first = first or choice
    return first


def _fitting(offered: Sequence[Offered], width: int, gap: int) -> Choice | None:
    kept = {index for index, offer in enumerate(offered) if not offer.since}
    used = table_width([offered[index].column for index in kept], gap)
    if used > width:
        return None
    for since in (WELCOME, WIDE, WIDEST):
        for index, (column, offered_since) in enumerate(offered):
            needed = gap + column.width
            if offered_since == since <= width and used + needed <= width:
                kept.add(index)
                used += needed
    columns = tuple(offer.column for index, offer in enumerate(offered) if index in kept)
    return Choice(columns, gap, sum(offered[index].since > WELCOME for index in kept))


def essential(offered: Sequence[Offered]) -> tuple[Column, ...]:
    """The columns that every layout shows."""
    return tuple(offer.column for offer in offered if not offer.since)
