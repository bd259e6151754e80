"""What each venue asks of an order beside what all of them take, as ccxt 4.5.90 builds its requests.

Found by handing every kind of order to its `create_order_request`: what it refuses, what it leaves out of the request,
and what it takes for something else. `tests/benchmarks/ccxt_requests.py` does so anew.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.profiles import read_profile, terms_in, text_of
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.number import read_number

CHECKED_WITH = "ccxt 4.5.90"


class VenueDialect(NamedTuple):
    """How a venue's orders differ.

    `directs` asks for the direction of a trigger. `says_margin` takes cross where an order names no margin mode.
    `counts_contracts` counts linear orders in contracts, the others in base. `prices_market` wants a price with a
    market order. `long_ids` takes ids of 128 bits alone. `limits_spot` takes conditional orders and market buys on spot
    with a price alone, or counts them in quote; `triggers_spot_stop` knows no stop-loss there, only a trigger.
    `sets_margin` has a call for the margin mode, whose key for the leverage is `margin_leverage`, and `leverage_mode`
    says the margin mode with the leverage. The notes say what else becomes of orders on spot, and of contracts.
    """

    directs: bool = False
    says_margin: bool = False
    counts_contracts: bool = False
    prices_market: bool = False
    long_ids: bool = False
    limits_spot: bool = False
    triggers_spot_stop: bool = False
    sets_margin: bool = True
    margin_leverage: str = ""
    leverage_mode: bool = False
    spot_note: str = ""
    contract_note: str = ""


#: What holds where no venue is named.
ANY_VENUE = VenueDialect()
DIALECTS = {
    "binance": VenueDialect(),
    "bybit": VenueDialect(
        directs=True, contract_note="a unified account has one margin mode for all: setMarginMode sets the account's"
    ),
    "okx": VenueDialect(
        says_margin=True,
        counts_contracts=True,
        margin_leverage="lever",
        leverage_mode=True,
        spot_note="a conditional order on spot is sent with cross margin, as ccxt does",
    ),
    "gate": VenueDialect(
        counts_contracts=True,
        limits_spot=True,
        sets_margin=False,
        leverage_mode=True,
        spot_note="a conditional order on spot ends after a day, unless `expiration` says how many seconds",
        contract_note="an amount that is no whole number of contracts loses what is behind the point",
    ),
    "bitget": VenueDialect(
        says_margin=True,
        limits_spot=True,
        triggers_spot_stop=True,
        spot_note="triggers go by mark price",
        contract_note="triggers go by mark price",
    ),
    "hyperliquid": VenueDialect(
        prices_market=True,
        long_ids=True,
        margin_leverage="leverage",
        leverage_mode=True,
        spot_note="prices have at most five significant digits",
        contract_note="prices have at most five significant digits",
    ),
}


def contract_size_at(venue: str, plan: Plan) -> Decimal | None:
    """Returns how much one contract of a venue is, in base (inverse: quote); absent where its data do not say.

    A linear order that is counted in base has contracts of 1.
    """
    if plan.contract is Contract.SPOT or (plan.contract is Contract.LINEAR and not DIALECTS[venue].counts_contracts):
        return ONE
    if venue == "bitget":
        return None
    terms = read_profile(venue).terms(plan.symbol, plan.contract)
    size = read_number(text_of(terms_in(terms.get("instrument")), "contract_size"))
    return size if isinstance(size, Decimal) else None
