"""Bars that several processes share: arrays in files that each of them maps, known by what the bars are made of.

They lie in the cache, a folder for each series. A folder that is there is whole: it is made under another name first.
Prices as they were typed are read from the file itself, where they are asked for.
"""

import shutil
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from scaleplan.bars import read_bars
from scaleplan.bars.form import BarsForm
from scaleplan.bars.records import BarArrays, Bars
from scaleplan.bars.store import cache_folder
from scaleplan.sweep.records import BarsPlace

_NAMES = ("time", "open", "high", "low", "close")


class NoBars(Exception):  # noqa: N818 - it is a state of a machine, not an error of the program
    """A process does not see the bars, or the file is no longer what it was."""


def put(bars: Bars, key: str) -> str:
    """Keeps bars under a key. Returns the folder; empty where the system gives us none."""
    cache = cache_folder()
    if cache is None:
        return ""
    folder = cache / key
    if folder.is_dir():
        return str(folder)
    try:
        made = Path(tempfile.mkdtemp(dir=cache, prefix=".making-"))
        try:
            for name in _NAMES:
                np.save(made / f"{name}.npy", getattr(bars, name))
            made.rename(folder)
        except OSError:
            shutil.rmtree(made, ignore_errors=True)
            # Another run may have been faster.
            return str(folder) if folder.is_dir() else ""
    except OSError:
        return ""
    return str(folder)


def arrays_at(folder: str) -> BarArrays | None:
    """Returns the arrays of a folder, mapped; absent where they are not seen from here."""
    try:
        # As plain arrays: of a mapped one each number is read by a function of Python.
        found: list[Any] = [np.asarray(np.load(Path(folder) / f"{name}.npy", mmap_mode="r")) for name in _NAMES]
    except (OSError, ValueError):
        return None
    return BarArrays(*found)


def bars_at(place: BarsPlace, arrays: BarArrays | None = None) -> Bars:
    """Returns bars by their place; `arrays` are those that were sent. Raises `NoBars`."""
    form = BarsForm(*place.form)  # type: ignore[arg-type]
    if form.keep:
        # Columns that are kept are in no array.
        return _read(place).part(0, place.length)
    found = arrays or arrays_at(place.folder)
    if found is None:
        raise NoBars
    typed: list[Bars] = []

    def exact(index: int) -> tuple[Decimal, Decimal, Decimal, Decimal]:
        if not typed:
            typed.append(_read(place))
        return typed[0].exact(index)

    cut = slice(0, place.length)
    time, prices = found.time[cut], [each[cut] for each in (found.open, found.high, found.low, found.close)]
    return Bars(BarArrays(time, *prices), place.step_ns, exact)


def _read(place: BarsPlace) -> Bars:
    try:
        file = read_bars(place.path, BarsForm(*place.form))  # type: ignore[arg-type]
    except Exception as error:
        raise NoBars from error
    if file.bars is None or file.sha256 != place.sha256:
        raise NoBars
    return file.bars
