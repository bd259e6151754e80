"""Which contract a plan trades (spot, linear or inverse), and what a broker asks for each.

The symbol, the key `contract` and the leverage say which. Settle = quote is linear, settle = base is inverse, a third
currency (quanto) is not supported; without a settle currency it is linear if leverage is written, or a margin for each
contract, else spot. Spot has no leverage and no short.

Brokers of futures and currencies write margin as so much for each contract, and where they close out. A futures broker
asks for a sum to open each contract and for another to keep it. A broker of currencies closes out when equity has
fallen to a part of the margin in use, which moves with the price: the maintenance rate is `closeout / leverage` of the
mark value.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.keys import MARGIN, PLAN
from scaleplan.decode.kinds import CONTRACT_CLASH, MISSING_KEY, OUT_OF_BOUNDS, QUANTO, WRITTEN_TWICE, WRONG_SHAPE
from scaleplan.decode.money import Paid, Terms, check_positive, read_amount_per
from scaleplan.decode.reader import NO_FIELDS, Fields, Reader
from scaleplan.diagnostic import Help, Related, write
from scaleplan.plan import (
    Bracket,
    BracketBy,
    Contract,
    MaintenanceOn,
    MarginMode,
    MarginModel,
    Side,
    Size,
    SizeKind,
    Tier,
)
from scaleplan.quantity.amount import Per, Symbol
from scaleplan.quantity.exact import ONE, ZERO, as_decimal
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import percent, plain, quote, read_number, read_share
from scaleplan.tree import Node, Scalar, Unreadable

#: What the name of a margin model that a close-out makes begins with.
CLOSEOUT = "margin closeout"


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


class PerContract(NamedTuple):
    """The sums of a broker for each contract, in the settle currency; maintenance is absent where it is not written.

    `shares` says that they are for each share: then it is known how much one is.
    """

    initial: Decimal
    maintenance: Decimal | None
    shares: bool = False


def read_margin(reader: Reader, fields: Fields, terms: Terms) -> PerContract | None:
    """Reads the plan's `margin`, which stands in place of a leverage."""
    node = fields.get("margin")
    if node is None:
        return None
    if isinstance(node, Scalar):
        _no_margin(reader, node, terms)
        return None
    if "leverage" in fields:
        reader.report(
            WRITTEN_TWICE,
            node.span,
            "margin",
            "what is put up to open is written as a margin for each contract and as a leverage",
            "keep one of the two",
            [Related(fields["leverage"].span, "the leverage")],
        )
    inside = reader.fields(MARGIN, node, "margin") or NO_FIELDS
    initial = _sum(reader, *inside.at("initial"), terms, "500 USD per contract")
    maintenance = _sum(reader, *inside.at("maintenance"), terms, "400 USD per contract")
    if initial is None:
        return None
    return PerContract(initial.amount, maintenance.amount if maintenance else None, initial.per is Per.SHARE)


def _no_margin(reader: Reader, node: Scalar, terms: Terms) -> None:
    """Reports a text in the place of a margin: the mode under its own key, or one sum."""
    text = node.text.strip()
    message = f"the text {quote(text)} stands where a margin for each contract belongs"
    settle = terms.settle or "USD"
    help = f"write `{{initial: 500 {settle} per contract, maintenance: 400 {settle} per contract}}`"
    number = text.split(" ", 1)[0].lstrip("$€£¥")
    if text.lower() in [mode.value for mode in MarginMode]:
        help = f"write it as `margin_mode: {text.lower()}`"
    elif isinstance(read_number(number), Decimal):
        help = write(f"{{initial: {number} {settle} per contract}}")
    reader.report(WRONG_SHAPE, node.span, "margin", message, help)


def _sum(reader: Reader, node: Node | None, path: str, terms: Terms, example: str) -> Paid | None:
    found = read_amount_per(reader, node, path, terms, example)
    if found is None or node is None or check_positive(reader, node, path, found.amount) is None:
        return None
    if found.per is not Per.ORDER:
        return found
    message = f"{quote(node.span.text)} is for an order, and margin is put up for each contract"
    reader.report(OUT_OF_BOUNDS, node.span, path, message, write(node.span.text.replace(Per.ORDER, Per.CONTRACT)))
    return None


def read_closeout(reader: Reader, node: Node | None) -> Decimal | None:
    """Reads the part of the margin in use at which a broker closes out: above 0%, at most 100%."""

    def read(text: str) -> Decimal | Mistake:
        share = read_share(text)
        return share if isinstance(share, Mistake) else as_decimal(share)

    value = reader.form(node, "margin_closeout", read)
    if value is None or node is None or 0 < value <= 1:
        return value
    message = f"{quote(node.span.text)} of the margin in use is not between 0% and 100%"
    help = "write the broker's margin close-out, such as `50%`"
    reader.report(OUT_OF_BOUNDS, node.span, "margin_closeout", message, help)
    return None


def choose_margin_model(
    reader: Reader,
    fields: Fields,
    of_venue: MarginModel | None,
    posted: PerContract | None,
    at: Decimal | None,
    leverage: Decimal | None,
) -> MarginModel | None:
    """Returns the venue's model, or that of the plan's own margin or close-out; two of them are reported."""
    written = [name for name in ("margin", "margin_closeout") if _keeps(name, posted, at)]
    if of_venue is not None:
        written.append("maintenance" if "maintenance" in fields else "venue")
    if len(written) > 1:
        first, second = written[:2]
        reader.report(
            WRITTEN_TWICE,
            fields[first].span,
            first,
            f"where the position is closed out is written under {quote(first)} and under {quote(second)}",
            "keep one of the two",
            [Related(fields[second].span, "the other")],
        )
    if at is not None and posted is not None:
        return _fixed(f"{CLOSEOUT} {percent(at)}", at * posted.initial)
    if at is not None:
        rate = at / (leverage or ONE)
        if rate >= 1:
            reader.report(
                OUT_OF_BOUNDS,
                fields["margin_closeout"].span,
                "margin_closeout",
                f"{percent(at)} of a margin that leverage {plain(leverage or ONE)} asks for is {percent(rate)} of the "
                "value held: nothing could be held at all",
                "write the broker's margin close-out, such as `50%`, and the leverage that it gives",
            )
            return None
        bracket = Bracket(None, rate, ZERO)
        name = f"{CLOSEOUT} {percent(at)}"
        return MarginModel(name, "", "", MaintenanceOn.MARK, BracketBy.NOTIONAL, (bracket,))
    if posted is not None and posted.maintenance is not None:
        return _fixed("written", posted.maintenance)
    return of_venue


def _keeps(name: str, posted: PerContract | None, at: Decimal | None) -> bool:
    """Whether a key says where the position is closed out."""
    if name == "margin_closeout":
        return at is not None
    return posted is not None and posted.maintenance is not None


def _fixed(name: str, amount: Decimal) -> MarginModel:
    """Returns the model of a fixed maintenance margin for each contract."""
    bracket = Bracket(None, ZERO, ZERO)
    return MarginModel(name, "", "", MaintenanceOn.ENTRY, BracketBy.NOTIONAL, (bracket,), per_contract=amount)


def in_contracts(size: Size, posted: PerContract | None) -> Size:
    """Returns a size in margin as the contracts that it opens, where margin is a sum for each of them."""
    if posted is None or size.kind is not SizeKind.MARGIN:
        return size
    return size._replace(kind=SizeKind.CONTRACTS, amount=size.amount / posted.initial)


def tiers_in_contracts(tiers: tuple[Tier, ...], posted: PerContract | None) -> tuple[Tier, ...]:
    """Returns the tiers with their own sizes in margin made contracts."""
    if posted is None:
        return tiers
    return tuple(tier._replace(size=in_contracts(tier.size, posted)) if tier.size else tier for tier in tiers)
