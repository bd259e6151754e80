"""A written size against its plan: which currency it is in, what it is a share of, how much one contract is."""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.kinds import OUT_OF_BOUNDS, WRONG_CURRENCY, WRONG_PLACE
from scaleplan.decode.levels import is_currency
from scaleplan.decode.money import Terms, report_no_equity, settle_money
from scaleplan.decode.reader import Reader
from scaleplan.diagnostic import Help, write
from scaleplan.plan import Size, SizeKind
from scaleplan.quantity import amount as amounts
from scaleplan.quantity.amount import Money, SizeForm, SizeUnit
from scaleplan.quantity.exact import times
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import plain, quote
from scaleplan.tree import Node, Scalar


class SizeRules(NamedTuple):
    """What a size may be here: contracts need to know their size, a tier's own size is no share of risk."""

    has_contract_size: bool
    of_tier: bool = False


#: Words for what is traded: whether they count it by itself, else by the contract.
_UNITS = {
    **dict.fromkeys(("unit", "units", "coin", "coins", "token", "tokens"), True),
    **dict.fromkeys(("car", "cars", "cts", "cons"), False),
}


def read_size(reader: Reader, node: Node | None, path: str, terms: Terms, rules: SizeRules) -> Size | None:
    """Reads a size. Its amount is in quote (notional), base (quantity), contracts, or settle currency (the others)."""
    symbol = terms.symbol

    def read(text: str) -> SizeForm | Mistake:
        return amounts.read_size(text, symbol.base, symbol.quote) if symbol.base else amounts.read_size(text)

    form = reader.form(node, path, read)
    if form is None or node is None:
        return None
    text = _typed(node) if form.word == "" else _counted(form.amount or Decimal(0), form.word)
    if form.unit is SizeUnit.CURRENCY:
        return _of_currency(reader, node, path, form, terms)
    if form.unit is SizeUnit.CONTRACTS:
        if form.word != "shares" and not rules.has_contract_size:
            reader.lacks(
                node,
                path,
                "contract_size",
                f"{quote(node.span.text)} does not say how much one of them is",
                contract_size_added(reader, ", or write the size in a currency"),
            )
            return None
        return _sized(reader, node, path, SizeKind.CONTRACTS, form.amount, text)
    if form.unit is SizeUnit.RISK and rules.of_tier:
        message = "a tier's own size cannot be a risk, because risk is counted over all tiers"
        help = "write the plan's `size` as risk, and a `share` in each tier"
        reader.report(WRONG_PLACE, node.span, path, message, help)
        return None
    return _sized(reader, node, path, SizeKind(form.unit.value), _settled(reader, node, path, form, terms), text)


def _of_currency(reader: Reader, node: Node, path: str, form: SizeForm, terms: Terms) -> Size | None:
    symbol = terms.symbol
    if not symbol.base:
        return None
    word = form.currency.upper()
    if word == symbol.quote.upper():
        return _sized(reader, node, path, SizeKind.NOTIONAL, form.amount, _typed(node))
    if word == symbol.base.upper():
        return _sized(reader, node, path, SizeKind.QUANTITY, form.amount, _typed(node))
    amount = plain(form.amount or Decimal(0))
    message = f"the size is in {form.currency}, and {symbol.text} has {symbol.base} and {symbol.quote}"
    texts = f"{amount} {symbol.quote}", f"{amount} {symbol.base}"
    if form.currency.lower() in _UNITS:
        text = f"{amount} {symbol.base}" if _UNITS[form.currency.lower()] else f"{amount} contracts"
        reader.report(WRONG_CURRENCY, node.span, path, message, write(text))
        return None
    # So many euros are no quantity of a coin.
    is_money = is_currency(form.currency)
    help = write(texts[0]) if is_money else Help(f"write `{texts[0]}` (money) or `{texts[1]}` (quantity)", texts)
    reader.report(WRONG_CURRENCY, node.span, path, message, help)
    return None


def _settled(reader: Reader, node: Node, path: str, form: SizeForm, terms: Terms) -> Decimal | None:
    """Returns a share of equity, or an amount of money, in the settle currency."""
    if form.share is not None:
        if terms.equity is None:
            report_no_equity(reader, node, path)
            return None
        return times(form.share, terms.equity)
    if form.amount is not None and form.currency:
        return settle_money(reader, node, path, Money(form.amount, form.currency), terms)
    if terms.settle and not form.currency and terms.settle == terms.symbol.base:
        reader.report(
            WRONG_CURRENCY,
            node.span,
            path,
            f"{quote(node.span.text)} could be {terms.symbol.base} or {terms.symbol.quote}, "
            "because an inverse contract settles in coin",
            write(f"{plain(form.amount or Decimal(0))} {terms.settle} {form.unit}"),
        )
        return None
    return form.amount


def _counted(amount: Decimal, word: str) -> str:
    """Returns a count with its word: `2 lots`, `1 share`."""
    return f"{plain(amount)} {word.removesuffix('s') if amount == 1 else word}"


def _typed(node: Node) -> str:
    """Returns what was typed, without quotes around it."""
    return node.text if isinstance(node, Scalar) else ""


def _sized(reader: Reader, node: Node, path: str, kind: SizeKind, amount: Decimal | None, text: str) -> Size | None:
    if amount is None:
        return None
    if amount > 0:
        return Size(kind, amount, " ".join(text.split()))
    reader.report(
        OUT_OF_BOUNDS, node.span, path, f"the size {quote(node.span.text)} is nothing", "write a size above zero"
    )
    return None


def contract_size_added(reader: Reader, more: str = "") -> Help:
    """Returns the help that adds how much one contract is; where nothing tells it, the key alone."""
    line = reader.examples().contract_size_line()
    if line:
        return reader.added("instrument", line, more)
    return Help(f"add `contract_size`, what one contract is on the venue, under `instrument:`{more}")
