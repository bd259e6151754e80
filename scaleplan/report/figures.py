"""Figures in words: each kind of figure of a plan as the digits and units that a reader sees.

What is not known is `n/a`, what does not exist is `none`, what does not apply is `-`; none of them is ever 0.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.engine.margin import Answer
from scaleplan.ladder import Ladder, Standing
from scaleplan.ladder.precision import Precision, enough, precision_of
from scaleplan.plan import AfterPrice, AfterTier, Contract, Level, Plan, SizeKind
from scaleplan.quantity.amount import COUNT_WORDS
from scaleplan.quantity.number import plain, significant
from scaleplan.quantity.price import Fixed, say_price
from scaleplan.quantity.rounding import (
    CONTEXT,
    Toward,
    against,
    grouped,
    percent,
    price_level,
    result,
    rounded,
    trimmed,
)

UNKNOWN = "n/a"
NONE = "none"
NOT_APPLICABLE = "-"

#: Digits behind the point of what every plan counts alike.
_R_PLACES = 2
_PERCENT_PLACES = 2
_ROOM_PLACES = 1
_LEVERAGE_PLACES = 2
_BUFFER_PLACES = 2
#: More digits than these no trader writes.
_WRITTEN_DIGITS = 16

#: The most digits behind the point that a quantity is written with: a journal keeps no more.
_MOST_DIGITS = 20


class Figures(NamedTuple):
    """How the figures of one plan are written."""

    plan: Plan
    places: Precision

    def price(self, value: Decimal | None) -> str:
        """A price."""
        return UNKNOWN if value is None else grouped(price_level(value, self.places.price))

    def stop(self, value: Decimal | None) -> str:
        """A stop: `none` where the trader said that there is none."""
        return NONE if value is None else self.price(value)

    def liquidated(self, standing: Standing) -> str:
        """A price, `none` or `n/a`; a price before the stop never reads as one at or behind it."""
        answer, price, *_ = standing.liquidation
        if price is None:
            return NONE if answer is Answer.NONE else UNKNOWN
        if standing.stop is None:
            return self.price(price)
        return grouped(against(price, self.places.price, standing.stop, worse=self.plan.sign))

    def room(self, standing: Standing) -> str:
        """The room behind the stop, rounded down."""
        past = standing.liquidation_past_stop
        if past is None:
            return _absent(standing)
        return _percent(past, _ROOM_PLACES, Toward.DOWN, signed=True)

    def distance(self, standing: Standing) -> str:
        """How far liquidation is from the tier's price, rounded down."""
        if standing.liquidation.answer is Answer.NONE:
            return NONE
        away = standing.liquidation_distance
        return UNKNOWN if away is None else _percent(away, _ROOM_PLACES, Toward.DOWN)

    def buffer(self, standing: Standing) -> str:
        """The part of the way from the average to liquidation that lies behind the stop, rounded down."""
        buffer = standing.liquidation_buffer
        return _absent(standing) if buffer is None else grouped(rounded(buffer, _BUFFER_PLACES, Toward.DOWN))

    @property
    def by_contracts(self) -> bool:
        """Whether orders are counted in contracts, lots or shares."""
        return self.plan.instrument.contract_size is not None or _counted_as(self.plan) != ""

    @property
    def quantity_unit(self) -> str:
        """What a quantity counts: base, or quote for an inverse contract."""
        symbol = self.plan.symbol
        return symbol.quote if self.plan.contract is Contract.INVERSE else symbol.base

    @property
    def quantity_head(self) -> str:
        """The head of a column of quantities; an inverse contract's are a value in quote, and the head says so."""
        return f"qty {self.quantity_unit}" if self.plan.contract is Contract.INVERSE else "qty"

    @property
    def order_head(self) -> str:
        """The head of a column of quantities as they are typed into orders."""
        return f"{one_unit(self.plan)}s" if self.by_contracts else self.quantity_head

    def finer(self, quantities: Sequence[Decimal]) -> "Figures":
        """These figures with the digits that more quantities need; a lot size stands, because nothing finer trades."""
        instrument = self.plan.instrument
        if instrument.lot_size is not None or not any(quantities):
            return self
        size = instrument.contract_size
        counted = quantities if size is None else [CONTEXT.divide(quantity, size) for quantity in quantities]
        places = self.places._replace(
            quantity=max(self.places.quantity, enough(quantities)),
            contracts=max(self.places.contracts, enough(counted)),
        )
        return self._replace(places=places)

    def with_digits(self, quantities: Sequence[Decimal]) -> "Figures":
        """These figures with all digits of some quantities, whatever the lot size is."""
        most = max(-int(quantity.normalize(CONTEXT).as_tuple().exponent) for quantity in quantities)
        return self._replace(places=self.places._replace(quantity=max(self.places.quantity, min(most, _MOST_DIGITS))))

    def quantity(self, value: Decimal) -> str:
        """A quantity, rounded down."""
        return grouped(rounded(value, self.places.quantity, Toward.DOWN))

    def contracts(self, value: Decimal) -> str:
        """A quantity counted in contracts, rounded down."""
        count = CONTEXT.divide(value, self.plan.instrument.contract_size or Decimal(1))
        return grouped(rounded(count, self.places.contracts, Toward.DOWN))

    def order(self, value: Decimal) -> str:
        """A quantity as it is typed into an order: in contracts where there is a contract size."""
        return self.contracts(value) if self.by_contracts else self.quantity(value)

    def held(self, value: Decimal) -> str:
        """A quantity in a sentence, with its unit: `8 ETH`, `12 contracts (0.12 BTC)`."""
        amount = f"{trimmed(rounded(value, self.places.quantity, Toward.DOWN))} {self.quantity_unit}"
        if not self.by_contracts:
            return amount
        count = self.counted(value)
        return count if self.plan.instrument.contract_size is None else f"{count} ({amount})"

    def counted(self, value: Decimal) -> str:
        """A quantity in contracts, lots or shares: `3 contracts`, `1 lot`."""
        count = self.contracts(value)
        return f"{count} {one_unit(self.plan)}{'' if count == '1' else 's'}"

    def money(self, value: Decimal | None) -> str:
        """A result in the settle currency: a loss is negative and never reads as nothing."""
        return UNKNOWN if value is None else grouped(result(value, self.places.money, loss=-1))

    def loss(self, value: Decimal | None) -> str:
        """A risk: a loss is positive and never reads as nothing."""
        return UNKNOWN if value is None else grouped(result(value, self.places.money, loss=1))

    def loss_against(self, value: Decimal, limit: Decimal) -> str:
        """A risk that has a limit."""
        return grouped(against(value, self.places.money, limit, worse=1))

    def own(self, value: Decimal) -> str:
        """An amount in the account's own currency; empty where the plan settles in it."""
        account = self.plan.account
        if not account.currency:
            return ""
        return f"{grouped(result(CONTEXT.divide(value, account.rate), self.places.money, loss=1))} {account.currency}"

    @property
    def equity(self) -> str:
        """The equity as the trader wrote it, in the account's own currency; `n/a` where none is."""
        account = self.plan.account
        if account.equity is None:
            return UNKNOWN
        if not account.currency:
            return written(account.equity)
        own = rounded(CONTEXT.divide(account.equity, account.rate), self.places.money)
        return f"{trimmed(own)} {account.currency}"

    def fee(self, value: Decimal) -> str:
        """A fee or another small cost."""
        return grouped(result(value, self.places.fee, loss=1))

    def notional(self, value: Decimal) -> str:
        """A value in quote."""
        return grouped(rounded(value, self.places.notional))


def one_unit(plan: Plan) -> str:
    """What orders are counted in, one of them, as the trader writes it: contract, lot or share."""
    return _counted_as(plan) or "contract"


def _counted_as(plan: Plan) -> str:
    """The word behind the size, or behind the first tier's own; empty where sizes are no counts."""
    for size in (plan.size, plan.tiers[0].size):
        if size is not None and size.kind is SizeKind.CONTRACTS and size.text:
            word = size.text.split()[-1].removesuffix("s")
            return word if word in COUNT_WORDS else ""
    return ""


def figures_of(plan: Plan, ladder: Ladder) -> Figures:
    """The figures of a plan at the precision that its amounts ask for."""
    return Figures(plan, precision_of(plan, ladder))


def r_loss(value: Decimal | None) -> str:
    """A risk in R."""
    return UNKNOWN if value is None else grouped(result(value, _R_PLACES, loss=1))


def r_gain(value: Decimal | None) -> str:
    """A result in R."""
    return UNKNOWN if value is None else grouped(result(value, _R_PLACES, loss=-1))


def r_signed(value: Decimal | None) -> str:
    """A result in R with its sign and its unit: `+0.58R`."""
    if value is None:
        return UNKNOWN
    return f"{grouped(result(value, _R_PLACES, loss=-1), signed=True)}R"


def r_pair(low: Decimal | None, high: Decimal | None) -> str:
    """Returns two bounds in R, once where they read alike."""
    first, last = r_signed(low), r_signed(high)
    return first if first == last else f"{first.removesuffix('R')} to {last}"


def ratio(value: Decimal | None) -> str:
    """A plain ratio, two digits."""
    return UNKNOWN if value is None else grouped(rounded(value, _R_PLACES))


def leverage(value: Decimal | None, limit: Decimal | None = None) -> str:
    """An effective leverage: `1.05x`."""
    if value is None:
        return UNKNOWN
    shown = rounded(value, _LEVERAGE_PLACES)
    return f"{grouped(shown if limit is None else against(value, _LEVERAGE_PLACES, limit, worse=1))}x"


def of_equity(value: Decimal | None, limit: Decimal | None = None, *, places: int = _PERCENT_PLACES) -> str:
    """A share of equity, on the worse side of its limit where it is past it."""
    if value is None:
        return UNKNOWN
    share = percent(value)
    shown = result(share, places, loss=1) if limit is None else against(share, places, percent(limit), worse=1)
    return f"{grouped(shown)}%"


def win_rate(value: Decimal | None) -> str:
    """The win rate at which a plan breaks even, rounded up."""
    return UNKNOWN if value is None else _percent(value, _ROOM_PLACES, Toward.UP)


def rate(value: Decimal) -> str:
    """A written ratio as percent, whole: `0.02%`."""
    return f"{plain(percent(value))}%"


def limit_share(value: Decimal) -> str:
    """A limit as a share of equity: as written, or down to two digits where it was an amount of money."""
    return f"{trimmed(rounded(percent(value), _PERCENT_PLACES, Toward.DOWN))}%"


def share(value: Fraction) -> str:
    """A share in percent: beside a quantity, `1 1/3` would read as one and a third."""
    hundredths = value * 10000
    return f"{trimmed(rounded(CONTEXT.divide(hundredths.numerator, hundredths.denominator).scaleb(-2), 2))}%"


def part(value: Decimal, whole: Decimal) -> str:
    """A part of a whole as percent, to a tenth."""
    return f"{trimmed(rounded(percent(CONTEXT.divide(value, whole)), _ROOM_PLACES))}%"


def written(value: Decimal) -> str:
    """An amount that the trader wrote, whole, with thousands separators."""
    return trimmed(value)


def after_text(after: AfterPrice | AfterTier | None) -> str:
    """What must come before a tier, as a trader writes it; empty where nothing must."""
    match after:
        case AfterPrice(price):
            return plain(price)
        case AfterTier(tier):
            return f"tier {tier}"
        case None:
            return ""


def level_text(level: Level) -> str:
    """A level to reach, as a trader writes it: `64000`, `4R`."""
    return stop_text(level).removeprefix("+")


def stop_text(level: Level) -> str:
    """A level of a stop, as a trader writes it; of a price that a ladder has worked out not every digit."""
    is_long = isinstance(level, Fixed) and len(level.price.as_tuple().digits) > _WRITTEN_DIGITS
    return plain(significant(level.price, 8)) if is_long and isinstance(level, Fixed) else say_price(level)


def _absent(standing: Standing) -> str:
    """What stands for a distance between stop and liquidation that is not there."""
    if standing.liquidation.answer is Answer.NONE:
        return NONE
    return NOT_APPLICABLE if standing.stop is None and standing.liquidation.price is not None else UNKNOWN


def _percent(value: Decimal, places: int, toward: Toward, *, signed: bool = False) -> str:
    digits = grouped(rounded(percent(value), places, toward))
    return f"{'+' if signed and value >= 0 else ''}{digits}%"
