"""What a backtest can be asked for: how signals are taken, and beside what. Loads no library."""

from enum import StrEnum
from typing import NamedTuple

from scaleplan.quantity.signal import SignalKind

#: Rules whose signals have no sign that could decide a side.
WITHOUT_SIGN = frozenset({SignalKind.EVERY, SignalKind.RANDOM})


class Rules(NamedTuple):
    """How signals are taken: how many plans may be live at once (absent: any number), whether equity compounds.

    With `at_close` a market tier 1 fills at the very close that gave the signal.
    """

    overlap: int | None = 1
    compound: bool = False
    at_close: bool = False


class Baseline(StrEnum):
    """A way to trade the same signals, or none of them."""

    LUMP = "lump"
    DCA = "dca"
    REVERSED = "reversed"
    MARTINGALE = "martingale"
    RANDOM = "random"
    HOLD = "hold"
