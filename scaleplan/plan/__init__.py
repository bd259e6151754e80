"""Plan, Tier, Target, Account and the venue's terms: what the trader wrote, read exactly and frozen.

Prices are in quote currency, shares exact ratios. Percentages from tier 1 and references to tiers have become prices;
what depends on the position held (R, `entry`, `breakeven`, `target 1`) is kept as written, because only a position can
say where it lies.

Records are `NamedTuple`s throughout: immutable like frozen dataclasses, and a seventh of their cost to define, which
every start of the program pays.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import NamedTuple

from scaleplan.quantity.amount import Symbol
from scaleplan.quantity.price import Anchor, Fixed, RMultiple


class MaintenanceOn(StrEnum):
    """The value that maintenance is taken of: at the mark price, or at the average entry."""

    MARK = "mark"
    ENTRY = "entry"


class BracketBy(StrEnum):
    """What chooses the bracket: notional in quote, the position in coin, or its number of contracts."""

    NOTIONAL = "notional"
    COIN = "coin"
    CONTRACTS = "contracts"


class Bracket(NamedTuple):
    """One step of a maintenance-margin table.

    It reaches to `up_to` (absent: open), in the unit of `bracket_by`; `rate` is a ratio of value; `deduction` is in the
    same unit as `up_to` and makes the margin continuous (0 where the whole position takes the bracket's rate). The
    deduction of a single rate is in the settle currency.
    """

    up_to: Decimal | None
    rate: Decimal
    deduction: Decimal
    max_leverage: Decimal | None = None


class MarginModel(NamedTuple):
    """How a venue reckons liquidation. `name` and `as_of` stand under every table.

    `closing_fee` is a rate on the value at the liquidation price, `reserve` an amount in the settle currency.
    `per_contract` is a fixed maintenance margin in the settle currency for each contract, in place of rates: futures
    brokers ask for that; the one bracket then has the rate 0. `bankruptcy_fee` is a rate on the value at the bankruptcy
    price that a venue keeps with isolated margin, to close with: it stands behind the position too.
    """

    name: str
    as_of: str
    source: str
    maintenance_on: MaintenanceOn
    bracket_by: BracketBy
    brackets: tuple[Bracket, ...]
    closing_fee: Decimal = Decimal(0)
    reserve: Decimal = Decimal(0)
    per_contract: Decimal = Decimal(0)
    bankruptcy_fee: Decimal = Decimal(0)


class Fees(NamedTuple):
    """Rates on the value traded, and what every fill costs in settle currency for each contract and for each order.

    `written` is false where neither plan nor venue names them and 0 is assumed.
    """

    maker: Decimal
    taker: Decimal
    written: bool
    per_contract: Decimal = Decimal(0)
    per_order: Decimal = Decimal(0)


class LevelsLie(StrEnum):
    """Where levels lie that the position held decides (`2R`, `entry`, `breakeven`): exactly there, or on ticks."""

    EXACT = "exact"
    ON_TICKS = "on ticks"


class Instrument(NamedTuple):
    """Contract rules: `contract_size` in base (inverse: quote); `lot_size` counts contracts where that is set.

    `tick_size` and `pip_size` are steps of price: the smallest that the venue takes, and what traders of currencies
    count in. `levels` says where levels lie that the position held decides; absent, and without a tick: exactly.
    """

    tick_size: Decimal | None = None
    lot_size: Decimal | None = None
    min_notional: Decimal | None = None
    contract_size: Decimal | None = None
    max_leverage: Decimal | None = None
    pip_size: Decimal | None = None
    levels: LevelsLie | None = None

    @property
    def level_tick(self) -> Decimal | None:
        """Returns the tick that such levels are put on; absent where they lie exactly."""
        return self.tick_size if self.levels is LevelsLie.ON_TICKS else None


#: A level of a plan: a price, a distance in R, or a level that the position held decides.
Level = Fixed | RMultiple | Anchor


class Side(StrEnum):
    """Long or short; formulas are written once with `sign`."""

    LONG = "long"
    SHORT = "short"

    @property
    def sign(self) -> int:
        """+1 for long, -1 for short."""
        return 1 if self is Side.LONG else -1


class Contract(StrEnum):
    """What is traded: the asset itself, a contract settled in quote, or one settled in base."""

    SPOT = "spot"
    LINEAR = "linear"
    INVERSE = "inverse"


class Style(StrEnum):
    """The way of scaling in that the trader has in mind."""

    PYRAMID = "pyramid"
    CONFIRMATION = "confirmation"
    DCA = "dca"
    RANGE = "range"
    SINGLE = "single"


class MarginMode(StrEnum):
    """Whether only this position's margin stands behind it, or the account."""

    ISOLATED = "isolated"
    CROSS = "cross"


class Order(StrEnum):
    """How a tier or a target is executed; limit pays maker, the others taker and slippage."""

    LIMIT = "limit"
    STOP = "stop"
    MARKET = "market"


class Divides(StrEnum):
    """What the shares of a size divide."""

    NOTIONAL = "notional"
    QUANTITY = "quantity"
    CONTRACTS = "contracts"


class SizeKind(StrEnum):
    """What the total is counted in."""

    NOTIONAL = "notional"
    QUANTITY = "quantity"
    CONTRACTS = "contracts"
    EQUITY = "equity"
    MARGIN = "margin"
    RISK = "risk"

    @property
    def divides(self) -> Divides:
        """What a share of such a size divides: everything that is money in the end divides notional."""
        if self is SizeKind.QUANTITY:
            return Divides.QUANTITY
        return Divides.CONTRACTS if self is SizeKind.CONTRACTS else Divides.NOTIONAL

    @property
    def of_account(self) -> bool:
        """Whether such a size may be written as a part of the account's equity, and follows from it then."""
        return self in (SizeKind.EQUITY, SizeKind.MARGIN, SizeKind.RISK)


class Size(NamedTuple):
    """An exact amount: quote currency (notional), base (quantity), contracts, or settle currency (the others).

    `text` is what the trader wrote; it is empty where the size is the sum of the tiers' own.
    """

    kind: SizeKind
    amount: Decimal
    text: str


class AfterPrice(NamedTuple):
    """A price that must trade before the tier is live."""

    price: Decimal


class AfterTier(NamedTuple):
    """A tier (from 1) that must fill before this one is live."""

    tier: int


#: What stands where a trigger belongs and names nothing that can be seen.
_NO_TRIGGER = frozenset({"", "~", "null", "nil", "none", "no", "n/a", "na", "tbd", "tba", "todo"})


class Tier(NamedTuple):
    """One planned entry. Exactly one of `share` and `size` is set; `stop` moves the stop of the whole position."""

    price: Decimal
    share: Fraction | None
    size: Size | None
    order: Order
    order_written: bool
    after: AfterPrice | AfterTier | None
    trigger: str
    stop: Level | None
    note: str

    @property
    def has_trigger(self) -> bool:
        """Whether its trigger names something: `null`, `~`, `-` or `tbd` do not."""
        return self.trigger.strip(" .-?_").lower() not in _NO_TRIGGER


class CloseOf(StrEnum):
    """What a close counts: shares of the position at the first exit, shares of what is held, or contracts."""

    POSITION = "position"
    REST = "rest"
    CONTRACTS = "contracts"


class Close(NamedTuple):
    """How much a target closes: a share, or a number of contracts."""

    amount: Fraction
    of: CloseOf
    written: bool = True


class Trail(NamedTuple):
    """A trailing stop's distance: a ratio of the extreme price, or an amount of price. One of the two is set."""

    ratio: Decimal | None
    distance: Decimal | None


class Target(NamedTuple):
    """One planned exit. A close of 0 means that the level only moves the stop."""

    price: Level
    close: Close
    stop: Level | None
    trail: Trail | None
    exit: str
    order: Order
    note: str


class Runner(NamedTuple):
    """What is left after the last target, with an exit in words and no price: it ends by that alone, or by the stop."""

    exit: str
    note: str


class Beside(NamedTuple):
    """A position of another plan of the same market and account, fully filled; `cost` and fees in settle currency."""

    sign: int
    quantity: Decimal
    cost: Decimal
    entry_fees: Decimal
    margin: MarginModel


class Wallet(NamedTuple):
    """The other plans on one cross margin: what those of other markets keep of it, and the positions of this one."""

    kept: Decimal = Decimal(0)
    beside: tuple[Beside, ...] = ()


#: A plan that has the account for itself.
ALONE = Wallet()


class Account(NamedTuple):
    """The account's money and limits, in settle currency; what is not written is absent.

    An account kept in another `currency` was changed at `rate`, settle currency for one of its own.
    """

    equity: Decimal | None = None
    max_risk: Decimal | None = None
    max_margin: Decimal | None = None
    max_leverage: Decimal | None = None
    reserved: Decimal = Decimal(0)
    currency: str = ""
    rate: Decimal = Decimal(1)
    wallet: Wallet = ALONE

    @property
    def kept(self) -> Decimal:
        """What others have spoken for: positions outside of all plans, and plans of other markets."""
        return self.reserved + self.wallet.kept


class Funding(NamedTuple):
    """A rate on notional for each whole period held; a positive rate is paid by longs."""

    rate: Decimal
    every_minutes: int
    hold_minutes: int

    @property
    def periods(self) -> int:
        """The whole periods in the time held."""
        return self.hold_minutes // self.every_minutes


class Swap(NamedTuple):
    """What a night costs for each contract (lot), in settle currency; positive is paid, negative received."""

    per_contract: Decimal
    nights: int


class TimeStop(NamedTuple):
    """`after_minutes` after the first fill `close` of what is held is closed, unless price has reached `unless`."""

    after_minutes: int
    unless: Level | None
    close: Fraction


class RiskUnit(StrEnum):
    """What 1R is: the worst planned loss, the risk after tier 1, or an amount."""

    PLAN = "plan"
    FIRST_TIER = "first tier"
    AMOUNT = "amount"


class EntriesEnd(StrEnum):
    """When unfilled tiers are cancelled by targets."""

    FIRST_TARGET = "first target"
    NEVER = "never"


class Plan(NamedTuple):
    """A whole plan. Prices are in quote, money in the settle currency; `stop` is absent where it is `none`.

    `slippage` is a ratio of price and `slippage_price` an amount of it, both on every taker fill; half of `spread`, an
    amount of price, is paid on every fill. `initial_per_contract` stands in place of leverage where a broker asks for
    a fixed margin for each contract.
    """

    name: str
    symbol: Symbol
    side: Side
    contract: Contract
    style: Style
    style_written: bool
    account: Account
    margin: MarginModel | None
    margin_mode: MarginMode
    leverage: Decimal
    extra_margin: Decimal
    size: Size
    tiers: tuple[Tier, ...]
    invalidation: Decimal | None
    stop: Decimal | None
    targets: tuple[Target, ...]
    fees: Fees
    slippage: Decimal
    funding: Funding | None
    instrument: Instrument
    risk_unit: RiskUnit
    risk_unit_amount: Decimal | None
    entries_end: EntriesEnd
    expires: date | int | None
    time_stop: TimeStop | None
    checklist: tuple[str, ...]
    notes: tuple[str, ...]
    venue_name: str
    slippage_price: Decimal = Decimal(0)
    spread: Decimal = Decimal(0)
    initial_per_contract: Decimal | None = None
    swap: Swap | None = None
    runner: Runner | None = None

    @property
    def is_isolated(self) -> bool:
        """Whether a margin of its own alone stands behind the position; false for spot."""
        return self.margin_mode is MarginMode.ISOLATED and self.contract is not Contract.SPOT

    @property
    def is_cross(self) -> bool:
        """Whether the account stands behind the position; false for spot."""
        return self.margin_mode is MarginMode.CROSS and self.contract is not Contract.SPOT

    @property
    def is_misplaced(self) -> bool:
        """Whether the stop is on the winning side of tier 1: a loss there is none that was planned."""
        return self.stop is not None and self.sign * (self.stop - self.tiers[0].price) >= 0

    @property
    def settle(self) -> str:
        """The currency in which margin, fees and results are counted."""
        return self.symbol.base if self.contract is Contract.INVERSE else self.symbol.quote

    @property
    def sign(self) -> int:
        """+1 for long, -1 for short."""
        return 1 if self.side is Side.LONG else -1
