"""Every export that is known, by the shape of its head or its keys."""

from collections.abc import Mapping

from scaleplan.fills import (
    binance,
    bitget,
    bitmex,
    bybit,
    coinbase,
    gate,
    generic,
    hyperliquid,
    ibkr,
    kraken,
    kucoin,
    metatrader,
    mexc,
    okx,
    tradingview,
)
from scaleplan.fills.shape import NoFills, Shape

_VENUES = (
    binance,
    bybit,
    okx,
    kraken,
    coinbase,
    hyperliquid,
    kucoin,
    mexc,
    gate,
    bitget,
    bitmex,
    ibkr,
    metatrader,
    tradingview,
    generic,
)
SHAPES: tuple[Shape, ...] = tuple(shape for venue in _VENUES for shape in venue.SHAPES)
REFUSALS: tuple[NoFills, ...] = tuple(refusal for venue in _VENUES for refusal in venue.REFUSALS)
#: The first words of all exports' names, by which `--source` picks.
NAMES = tuple(dict.fromkeys(shape.name.partition(" ")[0] for shape in SHAPES))


def shape_of(heads: Mapping[str, int], source: str = "") -> Shape | NoFills | None:
    """Returns the export that a head or the keys of a row are of: the one that knows most of them.

    An export without fills is told where it knows as many of them. `source` leaves those alone whose names begin so.
    """
    found: Shape | None = None
    best = 0
    for shape in SHAPES:
        if is_of(shape.name, source):
            score = shape.matches(heads)
            if score > best:
                found, best = shape, score
    if found is not None and found.name != "generic table":
        return found
    for refusal in REFUSALS:
        if is_of(refusal.name, source) and refusal.matches(heads):
            return refusal
    return found


def is_of(name: str, source: str) -> bool:
    """Returns whether an export's name is what was asked for: its first words, with blanks or dashes."""
    words = source.lower().partition(":")[0].replace("-", " ").replace("_", " ").strip()
    return not words or name.lower().replace("_", " ").startswith(words)
