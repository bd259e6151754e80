"""What time and risk mean to a plan: what holding costs, when entries expire, the time stop, and what 1R is."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

from scaleplan.decode.changes import begin_of
from scaleplan.decode.keys import FUNDING, SWAP, TIME_STOP
from scaleplan.decode.kinds import MISSING_KEY, OUT_OF_BOUNDS, WRITTEN_TWICE
from scaleplan.decode.levels import Ground, read_target_price
from scaleplan.decode.money import Paid, Terms, check_positive, read_amount, read_amount_per, read_bounded_rate
from scaleplan.decode.reader import NO_FIELDS, Reader, nearest
from scaleplan.diagnostic import Related, add, write
from scaleplan.plan import Funding, RiskUnit, Side, Swap, TimeStop
from scaleplan.quantity.amount import Per, read_date, read_duration, read_money
from scaleplan.quantity.form import NOT_A_DURATION, NOT_ONE_OF, Mistake
from scaleplan.quantity.number import quote, read_number, read_share
from scaleplan.quantity.price import PROGRESS
from scaleplan.tree import Node, Scalar, key_path

#: The longest that a swap is counted for, in nights.
_MOST_NIGHTS = 9999


def read_funding(reader: Reader, node: Node | None) -> Funding | None:
    """Reads the funding rate, its period, and the time held."""
    if node is None:
        return None
    fields = reader.fields(FUNDING, node, "funding") or NO_FIELDS
    value = read_bounded_rate(reader, *fields.at("rate"), negative=True)
    every = reader.form(*fields.at("every"), read_duration)
    hold = reader.form(*fields.at("hold"), read_duration)
    return None if value is None or every is None or hold is None else Funding(value, every, hold)


def read_swap(
    reader: Reader, node: Node | None, side: Side | None, terms: Terms, held: Funding | None, funding: Node | None
) -> Swap | None:
    """Returns what a night costs for each lot; brokers write what they charge below zero."""
    if node is None:
        return None
    fields = reader.fields(SWAP, node, "swap")
    if fields is None:
        return None
    paid: dict[Side, Paid | None] = {}
    for way in Side:
        path = key_path("swap", way)
        found = read_amount_per(reader, fields.get(way), path, terms, "-6.20 USD per lot", signed=True)
        if found is not None and found.per is Per.ORDER:
            message = f"{quote(fields[way].span.text)} is for an order, and a swap is for each lot and night"
            reader.report(OUT_OF_BOUNDS, fields[way].span, path, message, "write `-6.20 USD per lot`")
            found = None
        paid[way] = found
    nights = _nights(reader, fields.get("nights"))
    if funding is not None and held is not None:
        reader.report(
            WRITTEN_TWICE,
            node.span,
            "swap",
            "what holding costs is written as a swap and as funding",
            "keep one of the two",
            [Related(funding.span, "the funding")],
        )
    if side is None or nights is None:
        return None
    if side not in fields:
        message = f"the plan is {side}, and its swap says nothing of {side} positions"
        help = add(
            f"{side}: -6.20 {terms.settle or 'USD'} per lot", begin_of(node), more=", below 0 where it is charged"
        )
        reader.report(MISSING_KEY, node.span, "swap", message, help)
        return None
    own = paid[side]
    return None if own is None else Swap(-own.amount, nights)


def _nights(reader: Reader, node: Node | None) -> int | None:
    value = reader.form(node, "swap.nights", read_number)
    if value is None or node is None:
        return None
    if value == int(value) and 1 <= value <= _MOST_NIGHTS:
        return int(value)
    message = f"{quote(node.span.text)} is no number of nights"
    reader.report(OUT_OF_BOUNDS, node.span, "swap.nights", message, f"write a whole number from 1 to {_MOST_NIGHTS}")
    return None


def read_expiry(reader: Reader, node: Node | None) -> date | int | None:
    """Returns the date, or the duration in minutes, after which unfilled tiers are cancelled."""
    text = reader.word(node, "expires")
    if text is None or node is None:
        return None
    value = read_date(text) if "-" in text else read_duration(text)
    if not isinstance(value, Mistake):
        return value
    if value.kind is NOT_A_DURATION:
        value = value._replace(message=f"{quote(text)} is neither a date nor a duration")
        if len(getattr(value.help, "instead", ())) != 1:
            value = value._replace(help="write `2026-12-24` or `3d`")
    reader.mistake(value, node, "expires")
    return None


def read_time_stop(reader: Reader, node: Node | None, ground: Ground) -> TimeStop | None:
    """Reads what is closed after a time, unless price has got somewhere."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        # The time alone: what is left is closed then.
        after = reader.form(node, "time_stop", read_duration)
        return None if after is None else TimeStop(after, None, Fraction(1))
    fields = reader.fields(TIME_STOP, node, "time_stop") or NO_FIELDS
    after = reader.form(*fields.at("after"), read_duration)
    unless = read_target_price(reader, *fields.at("unless"), ground, PROGRESS)
    close = reader.form(*fields.at("close"), _read_close) or Fraction(1)
    return None if after is None else TimeStop(after, unless, close)


def _read_close(text: str) -> Fraction | Mistake:
    if text.lower() in ("rest", "all"):
        return Fraction(1)
    share = read_share(text)
    if isinstance(share, Fraction) and not 0 < share <= 1:
        return Mistake(
            OUT_OF_BOUNDS, f"{quote(text)} is no part of what is held", "write a share from above `0%` to `100%`"
        )
    return share


def read_risk_unit(reader: Reader, node: Node | None, terms: Terms) -> tuple[RiskUnit, Decimal | None]:
    """Returns what 1R is, and its amount where it is one."""
    if not isinstance(node, Scalar):
        reader.form(node, "risk_unit", read_money)
        return RiskUnit.PLAN, None
    text = node.text.strip()
    if text.lower() in (RiskUnit.PLAN, RiskUnit.FIRST_TIER):
        return RiskUnit(text.lower()), None
    if text[:1].isdigit():
        amount = check_positive(reader, node, "risk_unit", read_amount(reader, node, "risk_unit", terms))
        return (RiskUnit.PLAN, None) if amount is None else (RiskUnit.AMOUNT, amount)
    near = nearest(text, ["plan", "first tier"])
    reader.mistake(
        Mistake(
            NOT_ONE_OF,
            f"{quote(text)} is no unit of risk",
            write(near) if near else "write `plan`, `first tier`, or an amount such as `250`",
        ),
        node,
        "risk_unit",
    )
    return RiskUnit.PLAN, None
