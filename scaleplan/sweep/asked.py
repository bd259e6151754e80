"""What is asked of the judge of a sweep. Loads no library."""

from enum import StrEnum
from typing import NamedTuple


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
