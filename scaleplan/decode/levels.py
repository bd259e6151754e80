"""Prices, levels and distances against their context: tier 1's price, the tiers and targets they name, the stop.

A point is 1 of price. A tick is the venue's smallest step, and has to be written. A pip is 0.0001 of a pair of two
currencies, 0.01 where the yen is the quote, and has to be written for anything else.
"""

from decimal import Decimal
from typing import NamedTuple, TypeVar

from scaleplan.decode.kinds import NEEDS_STOP, NO_SUCH_LEVEL, WRONG_PLACE
from scaleplan.decode.reader import Reader
from scaleplan.diagnostic import Help
from scaleplan.plan import Instrument, Level, Plan, Side
from scaleplan.quantity.amount import Symbol
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.form import PRICE_NOT_POSITIVE, TEMPLATE_ONLY, Mistake
from scaleplan.quantity.number import brief, plain, quote
from scaleplan.quantity.price import (
    NUMBER_OR_PERCENT,
    STOP_PRICE,
    TARGET_PRICE,
    Anchor,
    Fixed,
    NoStop,
    PriceForm,
    PriceForms,
    PriceUnit,
    Reference,
    RMultiple,
    Steps,
    read_price,
    say_price,
)
from scaleplan.tree import Node, Scalar

#: Currencies of states that are traded in pairs.
_CURRENCIES = (
    *("AUD", "BRL", "CAD", "CHF", "CNH", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR", "JPY", "KRW"),
    *("MXN", "NOK", "NZD", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "ZAR"),
)
_PIP, _YEN_PIP = Decimal("0.0001"), Decimal("0.01")


_Relative = TypeVar("_Relative", RMultiple, Anchor)


class Units(NamedTuple):
    """The price of one tick and of one pip; absent where nothing says it."""

    tick: Decimal | None = None
    pip: Decimal | None = None

    def of(self, unit: PriceUnit) -> Decimal | None:
        """Returns the price of one of a unit."""
        return {PriceUnit.TICK: self.tick, PriceUnit.POINT: ONE, PriceUnit.PIP: self.pip}.get(unit)


def units_of(rules: Instrument, symbol: Symbol) -> Units:
    """Returns the units of an instrument; a pair of two currencies has a pip of its own."""
    pip = rules.pip_size
    if pip is None and is_pair(symbol):
        pip = _YEN_PIP if symbol.quote.upper() == "JPY" else _PIP
    return Units(rules.tick_size, pip)


def is_pair(symbol: Symbol) -> bool:
    """Returns whether a symbol is a pair of two currencies of states."""
    return symbol.base.upper() in _CURRENCIES and symbol.quote.upper() in _CURRENCIES


def is_currency(name: str) -> bool:
    """Returns whether a name is that of a state's currency, or of a coin that stands for one."""
    return name.upper() in (*_CURRENCIES, "USDT", "USDC", "BUSD", "FDUSD", "DAI")


def measure_steps(reader: Reader, node: Node, path: str, steps: Steps, units: Units) -> Decimal | None:
    """Returns steps as an amount of price, and reports those of which nothing says how much one is."""
    unit = units.of(steps.unit)
    if unit is not None:
        return steps.number * unit
    if steps.unit is PriceUnit.ATR:
        message = f"{quote(node.span.text)}: an ATR is measured at a signal, for the prices of a template"
        help = "write `signal` as tier 1's price, or the distance as a percentage or in price"
        reader.report(TEMPLATE_ONLY, node.span, path, message, help)
        return None
    name = "tick_size" if steps.unit is PriceUnit.TICK else "pip_size"
    reader.lacks(
        node,
        path,
        name,
        f"{quote(node.span.text)} does not say how much of price a {steps.unit} is",
        reader.added("instrument", reader.examples().tick_line(name)),
    )
    return None


class Ground(NamedTuple):
    """What levels stand on: the tiers' prices as far as they could be read, how many targets there are, and the stop.

    `first` is absent where tier 1's price could not be read, which has been reported. `units` are those in
    which distances are counted.
    """

    first: Decimal | None
    tiers: tuple[Decimal | None, ...] = ()
    targets: int = 0
    has_stop: bool = True
    units: Units = Units()
    side: Side | None = None

    @property
    def losing(self) -> str:
        """The sign of a distance to where a stop belongs; empty where the side could not be read."""
        return "" if self.side is None else "-" if self.side is Side.LONG else "+"

    @property
    def winning(self) -> str:
        """The sign of a distance to where a target belongs; empty where the side could not be read."""
        return "" if self.side is None else "+" if self.side is Side.LONG else "-"


def ground_of(plan: Plan) -> Ground:
    """Returns what levels stand on in a plan that was read."""
    return Ground(
        first=plan.tiers[0].price,
        tiers=tuple(tier.price for tier in plan.tiers),
        targets=len(plan.targets),
        has_stop=plan.stop is not None,
        units=units_of(plan.instrument, plan.symbol),
        side=plan.side,
    )


def read_fixed_price(
    reader: Reader, node: Node | None, path: str, ground: Ground, forms: PriceForms = NUMBER_OR_PERCENT
) -> Decimal | None:
    """Reads a price that stands still: a number, or a distance from tier 1."""
    form = _written(reader, node, path, forms, ground)
    if form is None or node is None:
        return None
    fixed = fix_level(reader, node, path, form, ground)
    return fixed.price if isinstance(fixed, Fixed) else None


def fix_level(reader: Reader, node: Node, path: str, form: PriceForm, ground: Ground) -> Level | None:
    """Returns a form with its distances made prices; absent where that cannot be, or is not above zero."""
    if isinstance(form, Anchor):
        return _offset(reader, node, path, form, ground)
    if isinstance(form, RMultiple):
        return _offset(reader, node, path, form, ground)
    if isinstance(form, Fixed):
        return form
    away = measure_steps(reader, node, path, form.steps, ground.units) if form.steps else Decimal(0)
    first = ground.first
    if first is None or away is None:
        return None
    value = first * (ONE + form.ratio) + away
    if value > 0:
        return Fixed(value)
    of = "from" if form.steps else "of"
    message = f"{quote(node.span.text)} {of} tier 1's {brief(first)} is the price {brief(value)}, not above 0"
    reader.report(PRICE_NOT_POSITIVE, node.span, path, message, "write a smaller distance")
    return None


def _offset(reader: Reader, node: Node, path: str, form: _Relative, ground: Ground) -> _Relative | None:
    """Returns a relative level with its steps as an amount of price beside them."""
    if form.steps is None:
        return form
    away = measure_steps(reader, node, path, form.steps, ground.units)
    return None if away is None else form._replace(amount=away)


def read_target_price(
    reader: Reader, node: Node | None, path: str, ground: Ground, forms: PriceForms = TARGET_PRICE
) -> Level | None:
    """Reads a target's price: a number, a distance from tier 1, in R, or from the average."""
    form = _written(reader, node, path, forms._replace(sign=ground.winning), ground)
    if form is None or node is None or not _measurable(reader, node, path, form, ground):
        return None
    return fix_level(reader, node, path, form, ground)


def read_stop_level(reader: Reader, node: Node | None, path: str, ground: Ground) -> Level | None:
    """Reads a stop of a tier or target: any level; the level of a tier becomes a price."""
    if isinstance(node, Scalar) and node.text.strip().lower() == "none":
        message = "`none` cannot stand here: a stop moves to a level"
        reader.report(WRONG_PLACE, node.span, path, message, "leave the key out where the stop stays")
        return None
    return read_any_level(reader, node, path, ground)


def read_any_level(reader: Reader, node: Node | None, path: str, ground: Ground) -> Level | None:
    """Reads a price in any form that the language has; the level of a tier becomes a price."""
    form = _written(reader, node, path, STOP_PRICE, ground)
    if form is None or node is None or not _measurable(reader, node, path, form, ground):
        return None
    if isinstance(form, Anchor) and form.reference in (Reference.TIER, Reference.TARGET):
        return _named(reader, node, path, form, ground)
    return fix_level(reader, node, path, form, ground)


def read_plan_stop(reader: Reader, node: Node | None, path: str, ground: Ground) -> Fixed | NoStop | None:
    """Reads the plan's own stop: a price that stands still, since R and `entry` are measured by it, or `none`."""
    if isinstance(node, Scalar) and node.text.strip().lower() == "none":
        return NoStop()
    form = _written(reader, node, path, STOP_PRICE._replace(sign=ground.losing), ground)
    if form is None or node is None:
        return None
    if isinstance(form, RMultiple) or (isinstance(form, Anchor) and form.reference is not Reference.TIER):
        message = f"the plan's own stop cannot be {quote(say_price(form))}, because such levels are measured by it"
        help = "write a price, a distance from tier 1 such as `-3%` or `-24 ticks`, or `none`"
        reader.report(WRONG_PLACE, node.span, path, message, help)
        return None
    level = (
        _named(reader, node, path, form, ground)
        if isinstance(form, Anchor)
        else fix_level(reader, node, path, form, ground)
    )
    return level if isinstance(level, Fixed) else None


def _written(reader: Reader, node: Node | None, path: str, forms: PriceForms, ground: Ground) -> PriceForm | None:
    text = reader.word(node, path)
    if text is None or node is None:
        return None
    form = read_price(text, forms)
    if isinstance(form, Mistake):
        near = forms if ground.first is None else forms._replace(near=plain(ground.first))
        again = read_price(text, near)
        reader.mistake(again if isinstance(again, Mistake) else form, node, path)
        return None
    return form


def _measurable(reader: Reader, node: Node, path: str, form: PriceForm, ground: Ground) -> bool:
    if ground.has_stop or not isinstance(form, RMultiple):
        return True
    message = f"{quote(node.span.text)} is a distance in R, and the plan has no stop to measure R by"
    reader.report(NEEDS_STOP, node.span, path, message, "write a price, or give the plan a stop")
    return False


def _named(reader: Reader, node: Node, path: str, anchor: Anchor, ground: Ground) -> Level | None:
    count = len(ground.tiers) if anchor.reference is Reference.TIER else ground.targets
    if not 1 <= anchor.number <= count:
        message = f"there is no {anchor.reference} {anchor.number}: the plan has {count}"
        names = tuple(f"{anchor.reference} {number}" for number in dict.fromkeys((1, count)) if count)
        # What is written behind the level stays as it is.
        rest = node.span.text.strip("'\"").partition(str(anchor.number))[2]
        words = f"write {' to '.join(f'`{name}`' for name in names)}" if names else "write a price"
        help = Help(words, tuple(name + rest for name in names))
        reader.report(NO_SUCH_LEVEL, node.span, path, message, help)
        return None
    offset = _offset(reader, node, path, anchor, ground)
    if anchor.reference is Reference.TARGET:
        return offset
    at = ground.tiers[anchor.number - 1]
    if at is None or offset is None:
        return None
    value = at * (ONE + offset.ratio) + offset.amount
    if value > 0:
        return Fixed(value)
    message = f"{quote(node.span.text)} is the price {brief(value)}, not above 0"
    reader.report(PRICE_NOT_POSITIVE, node.span, path, message, "write a smaller offset")
    return None
