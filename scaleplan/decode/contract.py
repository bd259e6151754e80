"""Which contract a plan trades: spot, linear or inverse, from the symbol, the key `contract` and the leverage.

Settle = quote is linear, settle = base is inverse, a third currency (quanto) is not supported; without a settle
currency it is linear if leverage is written, or a margin for each contract, else spot. Spot has no leverage and no
short.
"""

from scaleplan.decode.keys import PLAN
from scaleplan.decode.kinds import CONTRACT_CLASH, MISSING_KEY, QUANTO
from scaleplan.decode.reader import Fields, Reader
from scaleplan.diagnostic import Help
from scaleplan.plan import Contract, Side
from scaleplan.quantity.amount import Symbol
from scaleplan.quantity.number import quote
from scaleplan.tree import Unreadable


def read_contract(reader: Reader, fields: Fields, symbol: Symbol | None, side: Side | None) -> Contract | None:
    """Returns the contract; absent where the symbol could not be read or the plan contradicts itself."""
    written = reader.choice(*fields.at("contract"), Contract)
    if symbol is None or ("contract" in fields and written is None):
        return None
    by_symbol: Contract | None = None
    if symbol.settle:
        settle = symbol.settle.upper()
        if settle == symbol.quote.upper():
            by_symbol = Contract.LINEAR
        elif settle == symbol.base.upper():
            by_symbol = Contract.INVERSE
        else:
            reader.report(
                QUANTO,
                fields["symbol"].span,
                "symbol",
                f"{quote(symbol.text)} settles in {symbol.settle}, neither {symbol.base} nor {symbol.quote} (quanto)",
                Help(
                    f"quanto is not supported; a linear one is `{symbol.base}/{symbol.quote}:{symbol.quote}`",
                    (f"{symbol.base}/{symbol.quote}:{symbol.quote}",),
                ),
            )
            return None
    if written is not None and by_symbol is not None and written is not by_symbol:
        message = f"the contract is {written}, but {quote(symbol.text)} is {by_symbol}: it settles in {symbol.settle}"
        help = f"delete `contract`, or write the symbol without `:{symbol.settle}`"
        reader.report(CONTRACT_CLASH, fields["contract"].span, "contract", message, help)
        return None
    is_margined = "leverage" in fields or "margin" in fields
    found = written or by_symbol or (Contract.LINEAR if is_margined else Contract.SPOT)
    if found is Contract.SPOT:
        _spot(reader, fields, symbol, side)
    elif not is_margined:
        place = fields.get("contract") or fields["symbol"]
        message = f"what leverage is set on the venue? {quote(symbol.text)} is {found}, and the plan does not say"
        more = f", or a broker's `margin: {{initial: 500 {symbol.quote} per contract}}`"
        help = reader.added("", reader.examples().leverage_line(), more)
        reader.report(MISSING_KEY, place.span, "leverage", message, help)
    return found


def _spot(reader: Reader, fields: Fields, symbol: Symbol, side: Side | None) -> None:
    for name in (key.name for key in PLAN.keys if key.margined):
        if name in fields and not isinstance(fields[name], Unreadable):
            message = f"{quote(symbol.text)} is spot, and spot has no {quote(name)}"
            help = Help(
                f"delete it, or write the symbol as `{symbol.base}/{symbol.quote}:{symbol.quote}` with a leverage"
            )
            if name != "leverage" and "contract" not in fields:
                help = reader.added("", reader.examples().leverage_line(), ", or delete it")
            reader.report(CONTRACT_CLASH, fields[name].span, name, message, help)
            # Reported once: what it says does not matter where it has no place.
            fields[name] = Unreadable(fields[name].span)
    if side is Side.SHORT:
        reader.report(
            CONTRACT_CLASH,
            fields["side"].span,
            "side",
            f"{quote(symbol.text)} is spot, and spot cannot be sold short",
            f"write the symbol as `{symbol.base}/{symbol.quote}:{symbol.quote}` with a leverage (`leverage: 1` is one)"
            if "contract" in fields
            else reader.added("", "leverage: 1", " where it is borrowed, or a higher one"),
        )
