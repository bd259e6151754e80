"""The ladder: where a position stands after each tier and each target, in the order listed."""

from scaleplan.ladder.climb import climb
from scaleplan.ladder.records import (
    Exit,
    Fill,
    Ladder,
    MoveFault,
    Standing,
    Step,
    StopMove,
    Totals,
    Unreckonable,
    Walk,
)

__all__ = [
    "Exit",
    "Fill",
    "Ladder",
    "MoveFault",
    "Standing",
    "Step",
    "StopMove",
    "Totals",
    "Unreckonable",
    "Walk",
    "climb",
]
