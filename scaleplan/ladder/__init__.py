"""The ladder: where a position stands after each tier and each target, in the order listed."""

from scaleplan.ladder.climb import climb
from scaleplan.ladder.records import Ladder, Rung, Standing, TargetExit, TierFill, Totals, Walk

__all__ = ["Ladder", "Rung", "Standing", "TargetExit", "TierFill", "Totals", "Walk", "climb"]
