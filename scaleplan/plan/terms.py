"""The venue's terms as a plan carries them: margin model, brackets, fees, contract rules. Data, no arithmetic."""

from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple


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
    """How a venue reckons liquidation: section 4 of the plan language. `name` and `as_of` stand under every table.

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


class Instrument(NamedTuple):
    """Contract rules: `contract_size` in base (inverse: quote); `lot_size` counts contracts where that is set.

    `tick_size` and `pip_size` are steps of price: the smallest that the venue takes, and what traders of currencies
    count in.
    """

    tick_size: Decimal | None = None
    lot_size: Decimal | None = None
    min_notional: Decimal | None = None
    contract_size: Decimal | None = None
    max_leverage: Decimal | None = None
    pip_size: Decimal | None = None
