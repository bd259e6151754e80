"""How a file of bars is to be read: what a trader asks for, and nothing that reads."""

from typing import NamedTuple

#: The most bars, where nothing else is asked for.
MOST_BARS = 2_000_000_000


class BarsForm(NamedTuple):
    """How a file of bars is to be read: see `scaleplan help bars`. `since` and `until` are times as typed."""

    columns: tuple[tuple[str, str], ...] = ()
    tz: str = "UTC"
    closes: bool = False
    since: str | None = None
    until: str | None = None
    adjust: bool = False
    drop_bad: bool = False
    most: int = MOST_BARS
    #: Further columns that are kept, by name.
    keep: tuple[str, ...] = ()


class WrongForm(ValueError):  # noqa: N818 - it is the trader's own word that is wrong
    """A moment, a zone or a file of rates that was asked for and is none."""
