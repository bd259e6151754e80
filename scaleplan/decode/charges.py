"""What trading costs: fees as rates and as amounts, slippage, and the spread.

Rates are of the value traded. Amounts are paid by every fill, for each contract (lot, share) or once for the order.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.keys import FEES
from scaleplan.decode.kinds import OUT_OF_BOUNDS, WRONG_SHAPE
from scaleplan.decode.levels import Units, measure_steps
from scaleplan.decode.money import Terms, read_amount, read_amount_per, read_bounded_rate
from scaleplan.decode.reader import NO_FIELDS, Fields, Reader
from scaleplan.diagnostic import Help
from scaleplan.plan import Fees, Plan
from scaleplan.quantity.amount import Per
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import brief, quote, read_number, read_rate
from scaleplan.quantity.price import Fixed, Steps, read_distance
from scaleplan.tree import Node, Scalar

_EXAMPLE = "2.25 USD per contract"


class WrittenFees(NamedTuple):
    """Fees as written, each absent where it is not: rates, and amounts in the settle currency.

    `shares` says that an amount is for each share: then it is known how much one is.
    """

    maker: Decimal | None = None
    taker: Decimal | None = None
    per_contract: Decimal | None = None
    per_order: Decimal | None = None
    shares: bool = False

    @property
    def has_rates(self) -> bool:
        """Whether a rate is written."""
        return self.maker is not None or self.taker is not None

    @property
    def has_amounts(self) -> bool:
        """Whether an amount is written."""
        return self.per_contract is not None or self.per_order is not None


NO_FEES = WrittenFees()


def read_fees(reader: Reader, node: Node | None, path: str, terms: Terms) -> WrittenFees:
    """Reads rates and amounts from a mapping, or one amount: `2.25 USD per contract`."""
    if node is None:
        return NO_FEES
    if isinstance(node, Scalar):
        return _one_amount(reader, node, path, terms)
    fields = reader.fields(FEES, node, path) or NO_FIELDS
    return WrittenFees(
        maker=read_bounded_rate(reader, *fields.at("maker"), negative=True),
        taker=read_bounded_rate(reader, *fields.at("taker"), negative=True),
        per_contract=read_amount(reader, *fields.at("per_contract"), terms),
        per_order=read_amount(reader, *fields.at("per_order"), terms),
    )


def _one_amount(reader: Reader, node: Scalar, path: str, terms: Terms) -> WrittenFees:
    text = node.text.strip()
    if text.endswith("%") and isinstance(read_rate(text), Decimal):
        # One rate for both.
        rate = read_bounded_rate(reader, node, path, negative=True)
        return WrittenFees(maker=rate, taker=rate)
    both = [part.strip() for part in text.split("/" if "/" in text else ",")]
    if len(both) == 2 and all(part.endswith("%") and isinstance(read_rate(part), Decimal) for part in both):
        message = f"{quote(text)} does not say which rate is which"
        words = f"write `{{maker: {both[0]}, taker: {both[1]}}}`, if the first is that of limit orders"
        reader.report(WRONG_SHAPE, node.span, path, message, Help(words, (words.split("`")[1],)))
        return NO_FEES
    if not text.lstrip("$€£¥")[:1].isdigit():
        message = f"the text {quote(text)} stands where fees belong"
        help = f"write `{{maker: 0.02%, taker: 0.05%}}`, `{_EXAMPLE}` or `1 USD per order`"
        reader.report(WRONG_SHAPE, node.span, path, message, help)
        return NO_FEES
    found = read_amount_per(reader, node, path, terms, _EXAMPLE)
    if found is None:
        return NO_FEES
    if found.per is Per.ORDER:
        return WrittenFees(per_order=found.amount)
    return WrittenFees(per_contract=found.amount, shares=found.per is Per.SHARE)


def merge_fees(own: WrittenFees, of_venue: WrittenFees) -> Fees:
    """Returns the plan's fees, each else the venue's, else 0; `written` is false where all are assumed.

    A plan that writes rates alone, or amounts alone, pays these: a broker's fee for each contract is not added to
    another venue's rates.
    """
    if own.has_rates != own.has_amounts:
        kept = of_venue._replace(per_contract=None, per_order=None)
        of_venue = kept if own.has_rates else of_venue._replace(maker=None, taker=None)
    pairs = zip(own[:4], of_venue[:4], strict=True)
    maker, taker, per_contract, per_order = (mine if mine is not None else theirs for mine, theirs in pairs)
    written = any(fee is not None for fee in (maker, taker, per_contract, per_order))
    return Fees(maker or ZERO, taker or ZERO, written, per_contract or ZERO, per_order or ZERO)


class Slip(NamedTuple):
    """How much worse than its level a fill is: a ratio of price, or an amount of it."""

    ratio: Decimal = ZERO
    price: Decimal = ZERO


def read_slippage(reader: Reader, node: Node | None, units: Units) -> Slip:
    """Reads `0.05%`, or `1 tick`, `0.5 points`, `2 pips`."""
    return _worse(reader, node, "slippage", units)


def read_spread(reader: Reader, node: Node | None, units: Units, first: Decimal | None) -> Decimal:
    """Reads `0.8 pips`, or `0.01%` of tier 1's price. Returns an amount of price."""
    ratio, price = _worse(reader, node, "spread", units)
    return price + ratio * first if ratio and first is not None else price


def _worse(reader: Reader, node: Node | None, path: str, units: Units) -> Slip:
    def read(text: str) -> Steps | Decimal | Mistake:
        steps = read_distance(text)
        if steps is not None:
            return steps
        found = read_rate(text, what="a distance")
        if not isinstance(found, Mistake):
            return found
        if isinstance(read_number(text), Decimal):
            return found._replace(help=f"{found.help}; or `{text} ticks`, `{text} points`, `{text} pips`")
        return found._replace(help="write a percentage such as `0.05%`, or `1 tick`, `0.5 points`, `2 pips`")

    found = reader.form(node, path, read)
    if node is None or found is None:
        return Slip()
    if isinstance(found, Steps):
        return Slip(price=measure_steps(reader, node, path, found, units) or ZERO)
    return Slip(ratio=read_bounded_rate(reader, node, path) or ZERO)


def report_too_wide(reader: Reader, fields: Fields, plan: Plan) -> None:
    """Reports slippage and spread that leave nothing of the plan's lowest price: fills are above 0."""
    worse = plan.slippage_price + plan.spread / 2
    if not worse:
        return
    levels = [*(tier.stop for tier in plan.tiers), *(target.stop for target in plan.targets)]
    levels += [target.price for target in plan.targets]
    prices = [*(tier.price for tier in plan.tiers), *(level.price for level in levels if isinstance(level, Fixed))]
    prices += [price for price in (plan.stop, plan.invalidation) if price is not None]
    lowest = min(prices)
    if worse < lowest * (ONE - plan.slippage):
        return
    name = "slippage" if plan.slippage_price >= plan.spread / 2 else "spread"
    message = f"a fill would be {brief(worse)} of price worse than its level, and the lowest level is {brief(lowest)}"
    reader.report(OUT_OF_BOUNDS, fields[name].span, name, message, "write fewer ticks, points or pips")
