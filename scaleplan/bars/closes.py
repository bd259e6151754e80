"""What a position is worth at many closes: where that is least and most, and where it fell deepest. Search, in doubles.

Who asks reckons anew, exactly, what it is there.
"""

from decimal import Decimal
from typing import NamedTuple

import numpy as np

from scaleplan.bars.records import Floats
from scaleplan.engine.position import Position

#: What is won before anything is.
START = 0.0


class ClosePlaces(NamedTuple):
    """The places among closes at which worth is least and most, and those between which it fell deepest.

    `high` is -1 where the high of the fall is one before these closes.
    """

    least: int
    most: int
    high: int
    low: int
    #: What it is at most.
    highest: float


def worth_at(position: Position | None, closed: Decimal, prices: Floats) -> Floats:
    """Returns what is won at prices: what is closed, and the open result of what is held less its entry fees."""
    if position is None:
        return np.full(len(prices), float(closed))
    quantity, slope = float(position.quantity), position.slope
    worth = quantity / prices if position.inverse else quantity * prices
    return slope * (worth - float(position.cost)) + float(closed - position.entry_fees)


def places_in(worth: Floats, highest: float) -> ClosePlaces:
    """Returns the places that matter, where the highest before was so much."""
    highs = np.maximum.accumulate(worth)
    low = int((np.maximum(highs, highest) - worth).argmax())
    high = int(worth[: low + 1].argmax()) if highs[low] > highest else -1
    most = int(worth.argmax())
    return ClosePlaces(int(worth.argmin()), most, high, low, max(highest, float(worth[most])))
