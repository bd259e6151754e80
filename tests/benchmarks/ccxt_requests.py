"""Whether ccxt takes the orders of `scaleplan export --to ccxt`: `python tests/benchmarks/ccxt_requests.py`.

Every order of plans of each kind is handed to `create_order_request` of binance, bybit, okx, gate, bitget and
hyperliquid, which build what would be sent and send nothing; no connection is made. What they build is held against the
plan: quantity, price, trigger and its direction, margin mode, reduce-only. ccxt is 74 MB, so it is no part of the
extras: `pip install ccxt==4.5.90`. With `--show PLAN` the requests of one plan are printed.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from scaleplan.decode.overrides import read_override
from scaleplan.orders.venues import CHECKED_WITH, DIALECTS
from scaleplan.orders.walk import order_list
from scaleplan.quantity.exact import exact
from scaleplan.report.orders.ccxt import ccxt_record
from scaleplan.study import Session, Settings, Study

ROOT = Path(__file__).resolve().parents[2]
_HEAD = "account: {equity: 100000}\nfees: {maker: 0.02%, taker: 0.05%}\ninstrument: {tick_size: 0.1, lot_size: 1"
_TARGETS = "targets: [{price: 70000, close: 50%, stop: breakeven}, {price: 80000, close: rest, order: market}]"
SYMBOLS = ("BTC/USDT:USDT", "BTC/USD:BTC", "BTC/USDT")
#: Every kind of order on every kind of contract; amounts are whole contracts, as some venues count.
PLANS = {
    "linear long": f"symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nsize: 20 BTC\n{_HEAD}}}\nstop: 50000\n{_TARGETS}\n"
    "tiers: [60000, 58000, {price: 61000, order: stop, after: tier 2}, {price: 57000, order: market}]",
    "linear short": f"symbol: BTC/USDT:USDT\nside: short\nleverage: 5\nmargin_mode: cross\nsize: 20 BTC\n{_HEAD}}}\n"
    "stop: 70000\ntargets: [50% at 50000, rest at 2R]\n"
    "tiers: [{price: 60000, order: stop}, {price: 59000, order: stop, after: 59500, stop: breakeven}]",
    "market first": f"symbol: BTC/USDT:USDT\nside: long\nleverage: 5\nsize: 20 BTC\n{_HEAD}}}\nstop: 50000\n"
    "tiers: [{price: 60000, order: market}]\ntargets: [rest at 3R]",
    "inverse long": f"symbol: BTC/USD:BTC\nside: long\nleverage: 3\nsize: 40 contracts\n{_HEAD}, contract_size: 100}}\n"
    f"stop: 50000\ntiers: [60000, {{price: 61000, order: stop}}]\n{_TARGETS}".replace("100000}", "10 BTC}"),
    "spot long": f"symbol: BTC/USDT\nside: long\nsize: 20 BTC\n{_HEAD}}}\nstop: 50000\n{_TARGETS}\n"
    "tiers: [{price: 60000}, {price: 61000, order: stop, after: tier 1}, {price: 57000, order: market}]",
    "spot market": f"symbol: BTC/USDT\nside: long\nsize: 20 BTC\n{_HEAD}}}\nstop: 50000\n"
    "tiers: [{price: 60000, order: market}]",
}


def market(venue: str, symbol: str) -> dict[str, Any]:
    """Returns a market as ccxt keeps them, of our own making: no answer of any venue."""
    pair, _, settle = symbol.partition(":")
    base, _, quote = pair.partition("/")
    contract, inverse = bool(settle), settle == base
    ids = {"okx": f"{base}-{quote}{'-SWAP' if contract else ''}", "gate": f"{base}_{quote}"}
    kinds = "LIMIT MARKET STOP STOP_MARKET TAKE_PROFIT TAKE_PROFIT_MARKET STOP_LOSS STOP_LOSS_LIMIT TAKE_PROFIT_LIMIT"
    step = {"okx": 0.01, "gate": 1}.get(venue, 0.001)
    names = {
        "symbol": symbol,
        "id": ids.get(venue, f"{base}{quote}"),
        "base": base,
        "baseId": "0" if venue == "hyperliquid" else base,
        "quote": quote,
        "quoteId": quote,
        "settle": settle or None,
        "settleId": (settle.lower() if venue == "gate" else settle) or None,
    }
    flags = {
        "spot": not contract,
        "swap": contract,
        "contract": contract,
        "linear": contract and not inverse,
        "inverse": contract and inverse,
        "active": True,
    }
    return {
        **names,
        **dict.fromkeys(("margin", "future", "option"), False),
        **flags,
        "type": "swap" if contract else "spot",
        "subType": ("inverse" if inverse else "linear") if contract else None,
        "contractSize": 1 if contract else None,
        "precision": {"amount": step if contract else 0.001, "price": 0.1},
        "limits": {name: {"min": None, "max": None} for name in ("amount", "price", "cost", "leverage")},
        "info": {"orderTypes": kinds.split()},
    }


class Exchange(Protocol):
    """What of a venue of ccxt is asked for."""

    def set_markets(self, markets: list[dict[str, Any]]) -> object:
        """Takes the markets that a venue would be asked for."""

    def create_order_request(self, **order: object) -> dict[str, Any]:
        """Returns what would be sent."""


def exchange_of(ccxt: ModuleType, venue: str, symbols: Iterable[str] = SYMBOLS) -> Exchange:
    """Returns a venue that knows the markets of the plans, and is not connected."""
    exchange: Exchange = getattr(ccxt, venue)()
    exchange.set_markets([market(venue, symbol) for symbol in symbols])
    return exchange


@exact
def exported(text: bytes, venue: str, name: str = "plan.yaml", rules: str = "") -> dict[str, Any]:
    """Returns what `export --to ccxt --for VENUE` says of a plan, as a program reads it."""
    override = read_override(f"venue={rules}") if rules else ""
    changed = () if isinstance(override, str) else (override,)
    study = Session(Settings(changed, with_policies=False)).study(name, text)
    if not isinstance(study, Study):
        raise SystemExit("\n".join(diagnostic.message for diagnostic in study.diagnostics))
    found: dict[str, Any] = json.loads(json.dumps(ccxt_record(study, order_list(study), venue)))
    return found


def orders_in(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields every order that is placed, and every one as it is amended."""
    for step in record["steps"]:
        yield from step["place"]
        for amended in step["amend"]:
            yield {key: value for key, value in amended.items() if key != "id"}


def texts_in(value: object) -> Iterator[str]:
    """Yields every value of a request, as text."""
    if isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif not isinstance(value, list):
        yield str(value)


def faults(venue: str, order: dict[str, Any], request: dict[str, Any]) -> Iterator[str]:
    """Yields what of an order its request does not say, or says otherwise."""
    said = list(texts_in(request))
    numbers = {abs(Decimal(text)) for text in said if text.replace(".", "", 1).lstrip("-").isdecimal()}
    params = order["params"]
    wanted = [order["amount"], *(params[name] for name in params if name.endswith("Price"))]
    if order["price"] is not None:
        wanted.append(order["price"])
    # Hyperliquid takes five significant digits of a price.
    close = Decimal("0.0001") if venue == "hyperliquid" else Decimal(0)
    for number in map(Decimal, wanted):
        if not any(abs(number - other) <= close * number for other in numbers):
            yield f"{number} is not in it"
    if params.get("reduceOnly") and venue != "bitget" and "True" not in said:
        yield "it is not reduce-only"
    if ":" in order["symbol"]:
        yield from _contract_faults(venue, order, request)
    name = params["clientOrderId"]
    if name not in said and f"t-{name}" not in said:
        yield f"{name} is not in it"


def _contract_faults(venue: str, order: dict[str, Any], request: dict[str, Any]) -> Iterator[str]:
    params = order["params"]
    if venue == "okx" and request["tdMode"] != params["marginMode"]:
        yield f"margin is {request['tdMode']}"
    if venue == "bitget" and "marginMode" in request:
        mode = "crossed" if params["marginMode"] == "cross" else params["marginMode"]
        if request["marginMode"] != mode:
            yield f"margin is {request['marginMode']}"
    if venue == "bybit" and "triggerPrice" in request:
        rises = (order["side"] == "buy") is ("takeProfitPrice" not in params)
        if request["triggerDirection"] != (1 if rises else 2):
            yield f"the trigger's direction is {request['triggerDirection']}"


def shown(ccxt: ModuleType, path: str) -> None:
    """Prints the requests of one plan; by the rules of a venue that counts in contracts."""
    text = Path(path).read_bytes()
    for venue, dialect in DIALECTS.items():
        record = exported(text, venue, path, venue if dialect.counts_contracts else "")
        exchange = exchange_of(ccxt, venue, {order["symbol"] for order in orders_in(record)})
        for order in orders_in(record):
            print(venue, json.dumps(exchange.create_order_request(**order)))


def main() -> int:
    """Hands every order to every venue. Returns 1 where one is refused, or a request says something else."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", metavar="PLAN", help="print the requests of a plan")
    plan = parser.parse_args().show
    try:
        ccxt = import_module("ccxt")
    except ModuleNotFoundError:
        print(f"{CHECKED_WITH} is not installed, and nothing was tried")
        return 1
    print(f"ccxt {ccxt.__version__}, orders made for {CHECKED_WITH}")
    if plan:
        shown(ccxt, plan)
        return 0
    wrong = tried = 0
    for venue in DIALECTS:
        exchange = exchange_of(ccxt, venue)
        for name, text in PLANS.items():
            for order in orders_in(exported(text.encode(), venue)):
                tried += 1
                try:
                    found = list(faults(venue, order, exchange.create_order_request(**order)))
                except Exception as error:  # noqa: BLE001 - whatever ccxt raises is a refusal
                    found = [f"{type(error).__name__}: {error}"]
                wrong += bool(found)
                for fault in found:
                    print(f"{venue}, {name}: {json.dumps(order)}: {fault}")
    print(f"{tried} orders for {len(DIALECTS)} venues, {wrong} of them refused or changed")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
