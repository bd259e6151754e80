"""The thresholds of the rules: one number each, with its reason. A repository of plans may set its own."""

from decimal import Decimal
from typing import NamedTuple


class Thresholds(NamedTuple):
    """Ratios, as plain decimals (`data_days` counts days); each is the last value at which its rule is still silent."""

    #: SP206: a lost digit moves a price by 90%, a wrong leading one mostly by more than this; few plans span as much.
    price_away: Decimal = Decimal("0.5")
    #: SP304: above this the other tiers together move the average by less than half of their distance.
    tier_share: Decimal = Decimal("0.6")
    #: SP309: what fees and slippage take of a trade, or less: not worth another size.
    lots_lost: Decimal = Decimal("0.01")
    #: SP309: a tier that is a tenth larger or smaller than written moves the average by less than the tiers lie apart.
    lots_share: Decimal = Decimal("0.1")
    #: SP409: a fifth of the way left: venues' models differ by up to a tenth of it, a fast market takes the other.
    liquidation_buffer: Decimal = Decimal("0.2")
    #: SP410: below twice the leverage that would do: venues offer whole steps, and some room is wanted.
    leverage_times: Decimal = Decimal(2)
    #: SP410: what a plan may tie up where no `max_margin` says so; the other plans of an account need the rest.
    margin_of_equity: Decimal = Decimal("0.25")
    #: SP414: a quarter of a year: long enough that data need no daily care, short enough to notice a venue's change.
    data_days: Decimal = Decimal(90)
    #: SP414: a new rate moves liquidation by its change in percent of price: a tenth is room for several such changes.
    data_room: Decimal = Decimal("0.1")
    #: SP505: ticks, and the rounding of a level drawn by eye.
    stop_inside: Decimal = Decimal("0.001")
    #: SP508: below this a plan has to win more often than it loses.
    reward_to_risk: Decimal = Decimal(1)
    #: SP510: seven such losses in a row take half of the account, and streaks of seven are ordinary.
    risk_of_equity: Decimal = Decimal("0.1")
    #: SP601, SP603: shares rounded to whole percents or lots (33%, 33%, 34%) differ by a few hundredths.
    add_growth: Decimal = Decimal("1.1")
    #: SP703: a tenth of what is risked paid for trading takes a tenth of every R that is won, too.
    costs_of_r: Decimal = Decimal("0.1")


DEFAULT = Thresholds()
