"""Records of a sweep: what every piece of it is about, and what became of each variant."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import isfinite
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scaleplan.book.rules import Rules
from scaleplan.quantity.signal import SignalRule
from scaleplan.replay import Manner
from scaleplan.study import Settings
from scaleplan.sweep.vary import VariantGrid

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
#: So many variants are a piece, and so many results at most, where it is of more than one.
PIECE, PIECE_RESULTS = 64, 400_000
#: More results, of each variant at each signal, are not judged: the judge holds them as a matrix, in memory.
MOST_RESULTS = 40_000_000


class BarsPlace(NamedTuple):
    """Where a process finds bars: the file and how it is read, its hash, the folder of the arrays, how many are used.

    `form` is a `BarsForm`, as a tuple. Without a `folder` no other process finds them.
    """

    path: str
    form: tuple[object, ...]
    sha256: str
    folder: str
    length: int
    step_ns: int


class Task(NamedTuple):
    """What every piece of a sweep is about; it goes to other processes whole.

    `kept` are the files that the template names, by name. Without a `rule` each variant is traded as it says itself.
    """

    name: str
    data: bytes
    settings: Settings
    kept: Mapping[str, bytes]
    grid: VariantGrid
    rule: SignalRule | None
    rules: Rules
    manner: Manner
    seed: int
    bars: BarsPlace


class VariantTrades(NamedTuple):
    """What became of a variant: its trades in order of time, or the `code` of why it is no plan.

    A trade has the bar and the sign of its signal, the bar until which it lived, and its worst and best result in R
    and in settle currency. `counts` are as in a backtest, `no_plan` by code; `live` plans stood at once on average.
    `exact` says that the exact machine did it, not the kernel. `rule` is when it was traded, on which `sides`.
    """

    number: int
    code: str
    bar: Ints
    sign: Ints
    last: Ints
    worst_r: Floats
    best_r: Floats
    worst_net: Floats
    best_net: Floats
    counts: Mapping[str, int]
    no_plan: Mapping[str, int]
    live: float
    exact: bool
    rule: str = ""
    sides: tuple[int, ...] = (1,)


#: What is counted of signals.
COUNTED = ("found", "taken", "overlapping", "too_late", "not_entered", "no_level", "no_margin")


class Came(NamedTuple):
    """What is known of a variant beside its trades; see `VariantTrades`."""

    counts: Mapping[str, int]
    no_plan: Mapping[str, int]
    live: float
    exact: bool
    rule: str
    sides: tuple[int, ...]


def no_variant(number: int, code: str) -> VariantTrades:
    """Returns a variant that is no plan."""
    none, nothing = np.zeros(0, dtype=np.int64), np.zeros(0)
    return VariantTrades(number, code, none, none, none, nothing, nothing, nothing, nothing, {}, {}, 1.0, exact=True)


def variant_of(number: int, rows: Sequence[Sequence[float]], came: Came) -> VariantTrades:
    """Returns a variant of rows of bar, sign, last bar, worst and best R, worst and best net result."""
    whole = np.array([row[:3] for row in rows], dtype=np.int64).reshape(-1, 3)
    parts = np.array([row[3:] for row in rows], dtype=np.float64).reshape(-1, 4)
    return variant_of_parts(number, whole, parts, came)


def variant_of_parts(number: int, whole: Ints, parts: Floats, came: Came) -> VariantTrades:
    """Returns a variant of rows of bar, sign and last bar, and rows of worst and best R, worst and best net result."""
    bar, sign, last = (np.ascontiguousarray(whole[:, at]) for at in range(3))
    worst_r, best_r, worst_net, best_net = (np.ascontiguousarray(parts[:, at]) for at in range(4))
    return VariantTrades(number, "", bar, sign, last, worst_r, best_r, worst_net, best_net, *came)


def written(value: float | None) -> Decimal | None:
    """Returns a double as a decimal of 15 digits, to be written; absent where it is no number."""
    return None if value is None or not isfinite(value) else Decimal(f"{value:.15g}")
