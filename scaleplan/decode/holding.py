"""Time and R: what holding costs, when entries expire, what is closed after a while, and what 1R is."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from scaleplan.decode.keys import FUNDING, TIME_STOP
from scaleplan.decode.kinds import OUT_OF_BOUNDS
from scaleplan.decode.levels import Ground, read_target_price
from scaleplan.decode.money import Terms, check_positive, read_amount, read_bounded_rate
from scaleplan.decode.reader import Reader, nearest
from scaleplan.plan import Funding, RiskUnit, TimeStop
from scaleplan.quantity.amount import read_date, read_duration, read_money
from scaleplan.quantity.mistake import NOT_A_DURATION, NOT_ONE_OF, Mistake
from scaleplan.quantity.number import quote, read_share
from scaleplan.tree import Node, Scalar


def read_funding(reader: Reader, node: Node | None) -> Funding | None:
    """The funding rate, its period, and the time held."""
    if node is None:
        return None
    fields = reader.fields(FUNDING, node, "funding") or {}
    value = read_bounded_rate(reader, fields.get("rate"), "funding.rate", negative=True)
    every = reader.form(fields.get("every"), "funding.every", read_duration)
    hold = reader.form(fields.get("hold"), "funding.hold", read_duration)
    return None if value is None or every is None or hold is None else Funding(value, every, hold)


def read_expiry(reader: Reader, node: Node | None) -> date | int | None:
    """A date, or a duration in minutes, after which unfilled tiers are cancelled."""
    text = reader.word(node, "expires")
    if text is None or node is None:
        return None
    value = read_date(text) if "-" in text else read_duration(text)
    if not isinstance(value, Mistake):
        return value
    if value.kind is NOT_A_DURATION:
        neither = f"{quote(text)} is neither a date nor a duration"
        value = value._replace(message=neither, help="write `2026-12-24` or `3d`")
    reader.mistake(value, node, "expires")
    return None


def read_time_stop(reader: Reader, node: Node | None, ground: Ground) -> TimeStop | None:
    """What is closed after a time, unless price has got somewhere."""
    if node is None:
        return None
    fields = reader.fields(TIME_STOP, node, "time_stop") or {}
    after = reader.form(fields.get("after"), "time_stop.after", read_duration)
    unless = read_target_price(reader, fields.get("unless"), "time_stop.unless", ground)
    close = reader.form(fields.get("close"), "time_stop.close", _read_close) or Fraction(1)
    return None if after is None else TimeStop(after, unless, close)


def _read_close(text: str) -> Fraction | Mistake:
    if text in ("rest", "all"):
        return Fraction(1)
    share = read_share(text)
    if isinstance(share, Fraction) and not 0 < share <= 1:
        return Mistake(
            OUT_OF_BOUNDS, f"{quote(text)} is no part of what is held", "write a share from above `0%` to `100%`"
        )
    return share


def read_risk_unit(reader: Reader, node: Node | None, terms: Terms) -> tuple[RiskUnit, Decimal | None]:
    """What 1R is, and its amount where it is one."""
    if not isinstance(node, Scalar):
        reader.form(node, "risk_unit", read_money)
        return RiskUnit.PLAN, None
    text = node.text.strip()
    if text in (RiskUnit.PLAN, RiskUnit.FIRST_TIER):
        return RiskUnit(text), None
    if text[:1].isdigit():
        amount = check_positive(reader, node, "risk_unit", read_amount(reader, node, "risk_unit", terms))
        return (RiskUnit.PLAN, None) if amount is None else (RiskUnit.AMOUNT, amount)
    near = nearest(text, ["plan", "first tier"])
    reader.mistake(
        Mistake(
            NOT_ONE_OF,
            f"{quote(text)} is no unit of risk",
            f"write `{near}`" if near else "write `plan`, `first tier`, or an amount such as `250`",
        ),
        node,
        "risk_unit",
    )
    return RiskUnit.PLAN, None
