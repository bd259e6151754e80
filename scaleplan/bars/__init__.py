"""Bars: a series of prices as it came, read, judged, and kept for search and for exact results.

Prices are doubles in the search alone; of any bar the decimals that were typed are at hand. The one room that knows
polars and numpy, which come with the extra `replay`.
"""

# ruff: noqa: PLC0415 - nothing of it is loaded before bars are asked for

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scaleplan.bars.form import BarsForm
    from scaleplan.bars.reading import BarsFile

#: What to type where the libraries are missing.
INSTALL = "pip install 'scaleplan[replay]'"


class NoLibraries(Exception):  # noqa: N818 - it is a state of the world, not an error of the program
    """The libraries that read bars are not installed."""


def read_bars(path: str, form: "BarsForm | None" = None) -> "BarsFile":
    """Reads a file of bars. Raises `Unreachable`, or `NoLibraries` where polars or numpy are not installed."""
    try:
        import numpy  # noqa: ICN001, F401
        import polars  # noqa: ICN001, F401
    except ImportError as error:
        raise NoLibraries(f"bars need polars and numpy: {INSTALL}") from error
    from scaleplan.bars.form import BarsForm
    from scaleplan.bars.reading import read

    return read(path, BarsForm() if form is None else form)
