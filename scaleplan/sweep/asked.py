"""What is asked of a sweep, and of its judge. Loads no library."""

from enum import StrEnum
from typing import NamedTuple

from scaleplan.book.rules import Baseline


class RankBy(StrEnum):
    """What variants are ranked by, always over their worst results."""

    EXPECTANCY = "expectancy"
    PROFIT_FACTOR = "profit_factor"
    SHARPE = "sharpe"
    NET = "net"


class JudgeOrder(NamedTuple):
    """How a sweep is judged: see the help of `sweep`. `tried` counts variants that were tried before it."""

    by: RankBy = RankBy.EXPECTANCY
    least: int = 30
    folds: int = 5
    rolling: bool = False
    tried: int = 0
    seed: int = 0


class SweepOrder(NamedTuple):
    """What is asked of a sweep beside what each piece has to know; `dca_every` is in minutes."""

    judge: JudgeOrder
    baselines: tuple[Baseline, ...]
    dca_every: int
