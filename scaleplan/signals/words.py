"""A plan in words: what of a signal goes into a plan, each value as it is written there, and what was assumed."""

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.plan import MarginMode, Order, Side
from scaleplan.quantity.exact import as_decimal
from scaleplan.quantity.number import plain
from scaleplan.signals.scan import Extent

_DENOMINATOR = 10_000


class SaidPrice(NamedTuple):
    """A price of a text: its value, how a plan writes it, and where it stands; what was typed stands nowhere.

    `assumed` tells how it was read, where it could have been read otherwise.
    """

    value: Decimal
    text: str
    place: Extent | None = None
    assumed: str = ""


class Wishes(NamedTuple):
    """What the command line says beside the text: each goes before what the text says of it."""

    size: str = ""
    risk: str = ""
    equity: str = ""
    leverage: str = ""
    venue: str = ""
    quote: str = ""
    price: Decimal | None = None
    side: Side | None = None
    zone_tiers: int | None = None
    scale: Decimal | None = None
    nth: int | None = None


class TierWords(NamedTuple):
    """A tier: its price, its order, and its share, absent where all are equal."""

    price: SaidPrice
    order: Order = Order.LIMIT
    share: Fraction | None = None


class ZoneWords(NamedTuple):
    """A zone of entries, from the price that is met first."""

    start: SaidPrice
    end: SaidPrice
    tiers: int
    order: Order = Order.LIMIT


class TargetWords(NamedTuple):
    """A target: its price, what it closes, where the stop goes once it is hit, and by how much what is left trails."""

    price: SaidPrice
    close: Fraction
    stop: str = ""
    trail: str = ""


class PlanWords(NamedTuple):
    """A plan: what stands behind each key. `assumed` says of a key what of it the text does not say."""

    symbol: str
    side: Side
    size: str
    #: The size by what it may lose, where the command line says that.
    risk: str
    tiers: tuple[TierWords, ...] | ZoneWords
    stop: str
    targets: tuple[TargetWords, ...]
    assumed: dict[str, str]
    leverage: str = ""
    margin_mode: MarginMode | None = None
    venue: str = ""
    equity: str = ""


def share_text(share: Fraction) -> str:
    """Returns a share as a plan writes it: in percent where that has few digits, else as a ratio."""
    percent = share * 100
    if _DENOMINATOR % percent.denominator == 0:
        return f"{plain(as_decimal(percent))}%"
    return f"{share.numerator}/{share.denominator}"
