"""The account: equity, the limits that a plan must keep, and what other positions have spoken for."""

from scaleplan.decode.keys import ACCOUNT
from scaleplan.decode.kinds import WRONG_CURRENCY
from scaleplan.decode.money import Terms, check_positive, read_amount, read_leverage, read_limit
from scaleplan.decode.reader import NO_FIELDS, Fields, Reader
from scaleplan.plan import Account
from scaleplan.quantity.amount import read_exchange, read_money
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.mistake import Mistake
from scaleplan.tree import Node, Scalar


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
