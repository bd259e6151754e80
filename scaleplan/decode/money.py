"""Amounts against their context: the settle currency, bounds, and the account, whose equity shares of it need."""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.keys import ACCOUNT
from scaleplan.decode.kinds import NEEDS_EQUITY, OUT_OF_BOUNDS, WRONG_CURRENCY
from scaleplan.decode.reader import NO_FIELDS, Fields, Reader
from scaleplan.diagnostic import write
from scaleplan.plan import Account, Contract
from scaleplan.quantity.amount import Money, Per, Symbol, read_exchange, read_money, read_money_per
from scaleplan.quantity.exact import ONE, ZERO, times
from scaleplan.quantity.form import NOT_MONEY, Mistake
from scaleplan.quantity.number import plain, quote, read_number, read_rate, read_share
from scaleplan.tree import Node, Scalar


class Terms(NamedTuple):
    """What amounts are read against: the symbol, the contract, and the equity once it is known.

    An account in another `currency` has a `rate`: settle currency for one of its own; inside the account a bare number
    is in that currency (`bare`).
    """

    symbol: Symbol
    contract: Contract
    equity: Decimal | None = None
    currency: str = ""
    rate: Decimal = ONE
    bare: str = ""

    @property
    def settle(self) -> str:
        """The currency that amounts are in."""
        return self.symbol.base if self.contract is Contract.INVERSE else self.symbol.quote


class Paid(NamedTuple):
    """An amount in the settle currency for each of something."""

    amount: Decimal
    per: Per


def read_amount(reader: Reader, node: Node | None, path: str, terms: Terms, *, signed: bool = False) -> Decimal | None:
    """Reads an amount of money. Returns it in the settle currency."""

    def read(text: str) -> Money | Mistake:
        bare = text.removeprefix("-").removeprefix("+") if signed else text
        found = read_money(bare)
        if isinstance(found, Mistake):
            return found._replace(message=f"{quote(text)} is not an amount of money")
        if text.startswith("-") and signed:
            return Money(-found.amount, found.currency)
        return found

    found = reader.form(node, path, read)
    return None if found is None or node is None else settle_money(reader, node, path, found, terms)


def settle_money(reader: Reader, node: Node, path: str, found: Money, terms: Terms) -> Decimal | None:
    """Returns money in the settle currency; what is in the account's own is changed at its rate."""
    settle = terms.settle
    if terms.currency and (found.currency or terms.bare).upper() == terms.currency:
        return found.amount * terms.rate
    if settle and found.currency and found.currency.upper() != settle.upper():
        other = found.currency.upper()
        rate = f", or give the account its `rate: ... {settle} per {other}`" if path.startswith("account") else ""
        message = f"the amount is in {found.currency}, but {terms.symbol.text} settles in {settle}"
        reader.report(WRONG_CURRENCY, node.span, path, message, f"write it in {settle}{rate}")
        return None
    if settle and not found.currency and terms.contract is Contract.INVERSE:
        reader.report(
            NOT_MONEY,
            node.span,
            path,
            f"{quote(plain(found.amount))} could be {terms.symbol.base} or {terms.symbol.quote}, "
            "because an inverse contract settles in coin",
            write(f"{plain(found.amount)} {settle}"),
        )
        return None
    return found.amount


def read_amount_per(
    reader: Reader, node: Node | None, path: str, terms: Terms, example: str, *, signed: bool = False
) -> Paid | None:
    """Reads an amount for each contract or order, in the settle currency."""
    shown = example.replace(" USD ", f" {terms.settle} ") if terms.settle else example
    found = reader.form(node, path, lambda text: read_money_per(text, shown, signed=signed))
    if found is None or node is None:
        return None
    amount = settle_money(reader, node, path, found.money, terms)
    return None if amount is None else Paid(amount, found.per)


def read_limit(reader: Reader, node: Node | None, path: str, terms: Terms) -> Decimal | None:
    """Reads a share of equity, or an amount. Returns an amount in the settle currency."""
    if not isinstance(node, Scalar):
        return reader.form(node, path, read_number)
    text = node.text.strip()
    if "%" not in text and "/" not in text:
        return check_positive(reader, node, path, read_amount(reader, node, path, terms))
    share = reader.form(node, path, read_share)
    if share is None:
        return None
    if terms.equity is None:
        report_no_equity(reader, node, path)
        return None
    return check_positive(reader, node, path, times(share, terms.equity))


def report_no_equity(reader: Reader, node: Node, path: str) -> None:
    """Reports that a share of equity has nothing to be a share of."""
    text = node.text if isinstance(node, Scalar) else ""
    message = f"{quote(text)} is a share of equity, and no equity is written"
    reader.report(
        NEEDS_EQUITY,
        node.span,
        path,
        message,
        "add `equity`, what the account holds, under `account:`, or write an amount",
    )


def check_positive(reader: Reader, node: Node | None, path: str, value: Decimal | None) -> Decimal | None:
    """Returns a value that is above zero, and reports any other."""
    if value is None or node is None:
        return None
    if value > 0:
        return value
    text = node.text if isinstance(node, Scalar) else plain(value)
    reader.report(OUT_OF_BOUNDS, node.span, path, f"{quote(text)} is not above 0", "write a value above zero")
    return None


def read_positive_number(reader: Reader, node: Node | None, path: str) -> Decimal | None:
    """Reads a number above zero."""
    return check_positive(reader, node, path, reader.form(node, path, read_number))


def read_leverage(reader: Reader, node: Node | None, path: str) -> Decimal | None:
    """Reads a leverage, `10` or `10x`, above zero."""

    def read(text: str) -> Decimal | Mistake:
        found = read_number(text[:-1] if text[-1:] in ("x", "X") else text, what="a leverage")
        # `x5`, `5 x`, and `1:30` as brokers of currencies write it.
        bare = text.lower().strip("x ").removeprefix("1:").removesuffix(":1")
        if isinstance(found, Mistake) and isinstance(read_number(bare), Decimal):
            return found._replace(help=write(bare))
        return found

    return check_positive(reader, node, path, reader.form(node, path, read))


def read_bounded_rate(
    reader: Reader,
    node: Node | None,
    path: str,
    *,
    negative: bool = False,
    read: Callable[[str], Decimal | Mistake] = read_rate,
) -> Decimal | None:
    """Reads a rate below 100%; zero or above unless `negative` rates are allowed, and then above -100%."""
    value = reader.form(node, path, read)
    if value is None or node is None:
        return None
    if value >= 1 or value <= -1 or (value < 0 and not negative):
        low = "-100%" if negative else "0%"
        message = f"the rate {quote(plain(value * 100) + '%')} is not between {low} and 100%"
        reader.report(OUT_OF_BOUNDS, node.span, path, message, "write a percentage such as `0.05%`")
        return None
    return value


def read_account(reader: Reader, node: Node | None, terms: Terms) -> Account:
    """Returns the account as far as it could be read; limits that are shares of equity have become amounts.

    One that is kept in another currency than the plan settles in has a rate; a bare number is then in its currency.
    """
    if node is None:
        return Account()
    fields = reader.fields(ACCOUNT, node, "account") or NO_FIELDS
    terms = _changed(reader, fields, terms)
    own = fields.get("equity")
    equity = check_positive(reader, own, "account.equity", read_amount(reader, own, "account.equity", terms))
    if equity is None and "equity" in fields:
        # It is written but wrong, and reported: shares of it are read against 1, so that they are not reported too.
        equity = ONE
    terms = terms._replace(equity=equity)
    return Account(
        equity=equity,
        max_risk=read_limit(reader, *fields.at("max_risk"), terms),
        max_margin=read_limit(reader, *fields.at("max_margin"), terms),
        max_leverage=read_leverage(reader, *fields.at("max_leverage")),
        reserved=read_amount(reader, *fields.at("reserved"), terms) or ZERO,
        currency=terms.currency,
        rate=terms.rate,
    )


def _changed(reader: Reader, fields: Fields, terms: Terms) -> Terms:
    """Returns the terms with the account's currency and rate, where the plan settles in another currency."""
    node = fields.get("rate")
    kept_in = _currency(fields.get("equity"))
    settle = terms.settle.upper()
    # Those that are not known stand for themselves in the words of a mistake.
    own_word = kept_in if kept_in not in ("", settle) else "GBP"
    found = reader.form(node, "account.rate", lambda text: read_exchange(text, own_word, settle or "USD"))
    if node is None or not settle or kept_in == settle:
        return terms
    if found is None:
        # It is written but wrong, and reported: any rate will do for what follows.
        return terms._replace(currency=kept_in)
    pair = (found.currency.upper(), found.per.upper())
    own = kept_in or pair[0 if pair[1] == settle else 1]
    if own != settle and pair == (settle, own):
        return terms._replace(currency=own, rate=found.amount, bare=own)
    if own != settle and pair == (own, settle):
        return terms._replace(currency=own, rate=ONE / found.amount, bare=own)
    currency = own if own != settle else "GBP"
    reader.report(
        WRONG_CURRENCY,
        node.span,
        "account.rate",
        f"the rate is between {pair[0]} and {pair[1]}; {terms.symbol.text} settles in {terms.settle}"
        + (f", and the account is in {kept_in}" if kept_in else ""),
        f"write what one {currency} costs in {settle}: `... {settle} per {currency}`",
    )
    return terms._replace(currency=own)


def _currency(node: Node | None) -> str:
    """Returns the currency that the equity is written in; empty where none is."""
    money_of = read_money(node.text.strip()) if isinstance(node, Scalar) else None
    return "" if money_of is None or isinstance(money_of, Mistake) else money_of.currency.upper()
