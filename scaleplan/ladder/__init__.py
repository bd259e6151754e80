"""The ladder: where a position stands after each tier and each target, in the order listed."""

from scaleplan.ladder.climb import climb
from scaleplan.ladder.records import Entry, Exit, Ladder, Rung, Standing, Totals, Walk

__all__ = ["Entry", "Exit", "Ladder", "Rung", "Standing", "Totals", "Walk", "climb"]
