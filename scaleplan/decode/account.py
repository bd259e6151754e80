"""The account: equity, the limits that a plan must keep, and what other positions have spoken for."""

from scaleplan.decode.keys import ACCOUNT
from scaleplan.decode.money import Terms, leverage, limit, money, positive
from scaleplan.decode.reader import Reader
from scaleplan.plan import Account
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.tree import Node


def account(reader: Reader, node: Node | None, terms: Terms) -> Account:
    """The account as far as it could be read; limits that are shares of equity have become amounts."""
    if node is None:
        return Account()
    fields = reader.fields(ACCOUNT, node, "account") or {}
    own = fields.get("equity")
    equity = positive(reader, own, "account.equity", money(reader, own, "account.equity", terms))
    if equity is None and "equity" in fields:
        # It is written but wrong, which has been told: what is a share of it is read against 1, and not told again.
        equity = ONE
    terms = terms._replace(equity=equity)
    return Account(
        equity=equity,
        max_risk=limit(reader, fields["max_risk"], "account.max_risk", terms) if "max_risk" in fields else None,
        max_margin=limit(reader, fields["max_margin"], "account.max_margin", terms) if "max_margin" in fields else None,
        max_leverage=leverage(reader, fields.get("max_leverage"), "account.max_leverage"),
        reserved=money(reader, fields.get("reserved"), "account.reserved", terms) or ZERO,
    )
