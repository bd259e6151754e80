"""The orders of a plan as calls of ccxt: arguments of `createOrder` by name, of `editOrder`, and ids to cancel.

Amounts and prices are texts in plain digits, amounts in contracts. No order is sent, and no list is one to be sent at
once: each step waits for its event.
"""

from collections.abc import Iterator
from decimal import Decimal

from scaleplan.engine.sizing import down, up
from scaleplan.engine.ticks import tick_of
from scaleplan.orders import OrderEventKind, OrderList, OrderStep, OrderType, VenueOrder, Whose
from scaleplan.orders.venues import ANY_VENUE, CHECKED_WITH, DIALECTS, VenueDialect
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.number import plain
from scaleplan.report.figures import figures_of
from scaleplan.report.orders.words import contracts_words, order_facts, order_words
from scaleplan.report.record import FORMAT_VERSION, Record, digits
from scaleplan.report.show.record import diagnostic_records
from scaleplan.study import Studied, Study

#: So much worse than its level is the price of a market order where a venue asks for one.
_WORSE = Decimal("0.05")
#: An id of 128 bits, in hexadecimal digits.
_LONG_ID = 32


def ccxt_record(study: Studied, orders: OrderList | None, venue: str = "") -> Record:
    """Returns the calls for a venue, or for any; of a plan that could not be read only the diagnostics are there."""
    plan = study.plan
    known = isinstance(study, Study) and orders is not None
    return {
        "format_version": FORMAT_VERSION,
        "command": "export",
        "file": study.file,
        "venue": venue or None,
        "checked_with": CHECKED_WITH,
        "setup": [] if plan is None or not known else _setup(plan, venue),
        "steps": [_step(orders, step, venue) for step in orders.steps] if orders is not None else [],
        "notes": _notes(study, orders, venue) if isinstance(study, Study) and orders is not None else [],
        "diagnostics": diagnostic_records(study),
    }


def client_id(orders: OrderList, name: str, venue: str = "") -> str:
    """Returns the id under which an order is placed: letters and digits, the same for the same plan."""
    written = f"sp{orders.key}{name}"
    return f"0x{written.encode().hex():0<{_LONG_ID}}" if _dialect(venue).long_ids else written


def _dialect(venue: str) -> VenueDialect:
    return DIALECTS.get(venue, ANY_VENUE)


def _setup(plan: Plan, venue: str) -> list[Record]:
    """Returns the calls that set margin mode and leverage; none for spot, nor where a broker sets the margin."""
    if plan.contract is Contract.SPOT or plan.initial_per_contract is not None:
        return []
    dialect, mode, symbol = _dialect(venue), str(plan.margin_mode), plan.symbol.text
    leverage = _whole(plan.leverage)
    behind: list[object] = [{dialect.margin_leverage: leverage}] if dialect.margin_leverage else []
    calls: list[Record] = []
    if dialect.sets_margin:
        calls.append({"method": "setMarginMode", "args": [mode, symbol, *behind]})
    moded: list[object] = [{"marginMode": mode}] if dialect.leverage_mode else []
    return [*calls, {"method": "setLeverage", "args": [leverage, symbol, *moded]}]


def _whole(leverage: Decimal) -> int | str:
    """Returns a leverage as a number where it is whole, as venues take it, else as text."""
    return int(leverage) if leverage == leverage.to_integral_value() else plain(leverage)


def _step(orders: OrderList, step: OrderStep, venue: str) -> Record:
    event = step.event
    return {
        "event": {
            "kind": str(event.kind),
            "index": event.number or None,
            "price": digits(event.price) if event.kind is not OrderEventKind.NOW else None,
        },
        "place": [_order(orders, order, venue) for order in step.place],
        "amend": [{"id": client_id(orders, order.id, venue)} | _order(orders, order, venue) for order in step.amend],
        "cancel": [client_id(orders, order.id, venue) for order in step.cancel],
        "entries_end": step.entries_end,
        "resting": [client_id(orders, name, venue) for name in step.resting],
    }


def _order(orders: OrderList, order: VenueOrder, venue: str) -> Record:
    """Returns the arguments of `createOrder` for one order."""
    plan, dialect = orders.plan, _dialect(venue)
    params: Record = {"clientOrderId": client_id(orders, order.id, venue)}
    spot = plan.contract is Contract.SPOT
    if order.trigger is not None:
        params[_trigger_key(order, dialect, spot=spot)] = plain(order.trigger)
    if order.trigger is not None and order.whose is Whose.TIER and dialect.directs and not spot:
        params["triggerDirection"] = "ascending" if order.buys else "descending"
    if order.reduce_only:
        params["reduceOnly"] = True
    if dialect.says_margin and not spot:
        params["marginMode"] = str(plan.margin_mode)
    kind, price = "limit" if order.type is OrderType.LIMIT else "market", order.price
    if kind == "market":
        kind, price, more = _market(plan, order, dialect, spot=spot)
        params |= more
    return {
        "symbol": plan.symbol.text,
        "type": kind,
        "side": order.side,
        "amount": plain(order.quantity / (plan.instrument.contract_size or ONE)),
        "price": None if price is None else plain(price),
        "params": params,
    }


def _trigger_key(order: VenueOrder, dialect: VenueDialect, *, spot: bool) -> str:
    if order.whose is Whose.TIER or (spot and dialect.triggers_spot_stop):
        return "triggerPrice"
    return "takeProfitPrice" if order.type is OrderType.TAKE_PROFIT_MARKET else "stopLossPrice"


def _market(plan: Plan, order: VenueOrder, dialect: VenueDialect, *, spot: bool) -> tuple[str, Decimal | None, Record]:
    """Returns the type and the price of an order that takes what it gets, and further parameters.

    Where a venue asks for a price it is 5% worse than the level: as a limit where it would else count in quote.
    """
    limits = spot and dialect.limits_spot and (order.trigger is not None or order.buys)
    if not dialect.prices_market and not limits:
        return "market", None, {}
    worse, tick = order.at * (ONE + _WORSE if order.buys else ONE - _WORSE), tick_of(plan)
    worse = up(worse, tick) if order.buys else max(down(worse, tick), tick)
    # On Hyperliquid ccxt would take another 5% off.
    return ("limit", worse, {}) if limits else ("market", worse, {"slippage": "0"})


def _notes(study: Study, orders: OrderList, venue: str) -> list[str]:
    figures = figures_of(study.plan, study.ladder)
    found = [contracts_words(study.plan, venue), *_venue_notes(orders, venue)]
    found += [f"{fact.label}: {fact.text}" for fact in order_facts(figures, study, orders)]
    for step in orders.steps:
        for order in (*step.amend, *step.place):
            words = order_words(figures, order, step)
            found.append(f"{order.level}: {words}" if words else "")
    return list(dict.fromkeys(note for note in found if note))


def _venue_notes(orders: OrderList, venue: str) -> Iterator[str]:
    """Yields what a venue makes of the orders that is not as the plan says."""
    plan, dialect = orders.plan, _dialect(venue)
    spot = plan.contract is Contract.SPOT
    takes = any(order.type is not OrderType.LIMIT for step in orders.steps for order in step.place)
    if not venue:
        yield "no venue is named: `--for` adds what some ask for (the margin mode on OKX and Bitget, ...)"
    if not spot:
        yield "one position for both sides (one-way mode) is taken for granted"
    note = dialect.spot_note if spot else dialect.contract_note
    if note:
        yield f"{venue}: {note}"
    if dialect.prices_market and takes:
        yield f"{venue} wants a price with a market order: the level, 5% worse"
    if dialect.limits_spot and spot and takes:
        yield f"{venue} counts a market buy on spot in quote, or wants a price: a limit 5% worse than the level"
    if dialect.long_ids:
        yield f"{venue} takes ids of 128 bits: they are the letters and digits of the id in hexadecimal"
    if not spot and not isinstance(_whole(plan.leverage), int):
        yield f"a leverage of {plain(plan.leverage)} is not whole: most venues refuse it"
