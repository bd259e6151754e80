"""The plan that a template is at a signal: the words of templates become prices in the tree, before it is read.

`-2 atr` becomes `-1700 points`, `column low` a price, and what comes out is a plan like any other. Its levels lie on
ticks: tiers and targets on the nearer, stops away from price. What the position held decides the engine puts there
(`instrument.levels`).
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

from scaleplan.decode.plan import Outline, decode_plan
from scaleplan.decode.reader import Reader
from scaleplan.decode.template import SignalBar, Template, each_price, first_price, template_of
from scaleplan.plan import AfterPrice, Level, LevelsLie, Order, Plan, Tier, Trail
from scaleplan.plan.sizes import sum_of_own
from scaleplan.quantity.exact import ONE, on_tick
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import plain, read_number
from scaleplan.quantity.price import OFFSET, AtSignal, Fixed, PriceUnit, read_at_signal
from scaleplan.tree import Entry, Mapping, Scalar

#: More digits behind the point than any venue prices in; what has more is rounded to `_SHORT` digits.
_DIGITS = 12
_SHORT = Context(prec=15, rounding=ROUND_HALF_EVEN)


def decode_template(
    reader: Reader, root: Mapping, plan_name: str, moment: SignalBar | None
) -> tuple[Mapping, Plan | Outline | None, Template | None]:
    """Returns the tree that was read, what it is as a plan, and the template that it was made of, if it was."""
    read, template = template_of(root, reader)
    if template is None:
        return read, decode_plan(reader, read, plan_name), None
    at = moment or stand_in(template)
    read = lowered(template, at)
    reader.root = read
    decoded = decode_plan(reader, read, plan_name)
    if not isinstance(decoded, Plan):
        return read, decoded, template
    return read, settled(template, at, decoded), template._replace(standing_in=None if moment else decoded)


#: Stands in for a signal where a template is judged without prices: high enough for any distance in points.
_STAND_IN = Decimal(1_000_000)


def stand_in(template: Template) -> SignalBar:
    """Returns a moment at which reading and shape of a template can be judged, and nothing else."""
    columns = {
        name: _STAND_IN * (1 - template.sign * Decimal(index + 1) / 1000) for index, name in enumerate(template.columns)
    }
    return SignalBar(_STAND_IN, _STAND_IN / 100, columns, template.sign)


def lacking(template: Template, moment: SignalBar | None) -> tuple[str, ...]:
    """Returns what a moment does not say and the prices of a template need, as options of the command line."""
    wanted = [] if moment is not None else ["--at PRICE"]
    wanted += ["--atr DISTANCE"] if template.needs_atr and (moment is None or moment.atr is None) else []
    known = () if moment is None else moment.columns
    return (*wanted, *(f"--column {name}=PRICE" for name in template.columns if name not in known))


def lowered(template: Template, moment: SignalBar) -> Mapping:
    """Returns the tree of the plan that a template is at a moment, before its levels are put on ticks."""
    sign = moment.sign if template.by_signal else 1

    def change(node: Scalar, first: bool) -> Scalar:  # noqa: FBT001 - is handed by place
        text = " ".join(node.text.split())
        at = read_at_signal(text)
        if at is None or isinstance(at, Mistake):
            changed = _distance(text, moment, sign)
            return node if changed == text else node._replace(text=changed)
        if not at.column and not first:
            return node
        price = moment.columns.get(at.column) if at.column else moment.price
        if price is None:
            return node
        away = at.amount
        if at.steps is not None:
            # What a tick or a pip is, the plan's own reading knows, and that reads none beside a signal.
            unit = {PriceUnit.ATR: moment.atr, PriceUnit.POINT: ONE}.get(at.steps.unit)
            if unit is None:
                return node
            away = at.steps.number * unit
        return node._replace(text=plain(_short(price + sign * (price * at.ratio + away))))

    root = each_price(template.root, change)
    if not template.by_signal:
        return root
    side = "long" if sign > 0 else "short"
    return root._replace(
        entries=tuple(
            Entry(key, value._replace(text=side))
            if key.text == "side" and isinstance(value, Scalar)
            else Entry(key, value)
            for key, value in root.entries
        )
    )


def _distance(text: str, moment: SignalBar, sign: int) -> str:
    """Returns a price with its distance mirrored for a short, and in points where it was in ATR."""
    if moment.atr is not None and text[-3:].lower() == "atr" and text[:1].isdigit():
        number = read_number(text[:-3].strip())
        return text if isinstance(number, Mistake) else plain(_short(number * moment.atr))
    match = OFFSET.fullmatch(text) if "-" in text or "+" in text else None
    if match is None:
        return text
    before, written, number_text, unit = match[1], match[2], match[3], match[4] or ""
    direction = written if sign > 0 else "+" if written == "-" else "-"
    if unit.strip().lower() != PriceUnit.ATR or moment.atr is None:
        return f"{before}{direction}{number_text}{unit}"
    number = read_number(number_text)
    if isinstance(number, Mistake):
        return text
    return f"{before}{direction}{plain(_short(number * moment.atr))} points"


def _short(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return _SHORT.plus(value) if isinstance(exponent, int) and -exponent > _DIGITS else value


def settled(template: Template, moment: SignalBar, plan: Plan) -> Plan:
    """Returns the plan with tier 1 executed as a template says, and its levels on ticks."""
    first = plan.tiers[0]
    if not first.order_written:
        node = first_price(template.root)
        at = None if node is None else read_at_signal(" ".join(node[0].text.split()))
        away = plan.sign * (first.price - moment.price)
        is_plain = isinstance(at, AtSignal) and at == AtSignal("")
        order = Order.MARKET if is_plain else Order.STOP if away > 0 else Order.LIMIT
        first = first._replace(order=order, order_written=True)
    tick = plan.instrument.tick_size
    near, away_from = _Grid(tick, 0), _Grid(tick, -plan.sign)
    tiers = tuple(_tier(tier, near, away_from) for tier in (first, *plan.tiers[1:]))
    targets = tuple(
        target._replace(
            price=near.level(target.price) or target.price,
            stop=away_from.level(target.stop),
            trail=_trail(target.trail, tick),
        )
        for target in plan.targets
    )
    stop = None if plan.stop is None else away_from.of(plan.stop)
    invalidation = None if plan.invalidation is None else away_from.of(plan.invalidation)
    time_stop = plan.time_stop
    if time_stop is not None:
        time_stop = time_stop._replace(unless=near.level(time_stop.unless))
    plan = plan._replace(tiers=tiers, targets=targets, stop=stop, invalidation=invalidation, time_stop=time_stop)
    if tick is not None and plan.instrument.levels is None:
        plan = plan._replace(instrument=plan.instrument._replace(levels=LevelsLie.ON_TICKS))
    return plan._replace(size=sum_of_own(plan)) if all(tier.size is not None for tier in tiers) else plan


def _trail(trail: Trail | None, tick: Decimal | None) -> Trail | None:
    """Returns what trails with a distance of whole ticks: the stop lies on a tick where the best price does."""
    if trail is None or trail.distance is None or tick is None:
        return trail
    return trail._replace(distance=on_tick(trail.distance, tick, 1))


def _tier(tier: Tier, near: "_Grid", away: "_Grid") -> Tier:
    after = AfterPrice(near.of(tier.after.price)) if isinstance(tier.after, AfterPrice) else tier.after
    return tier._replace(price=near.of(tier.price), after=after, stop=away.level(tier.stop))


class _Grid(NamedTuple):
    """The ticks of a market; a level goes to the nearer, or to that below (-1) or above (1)."""

    tick: Decimal | None
    direction: int

    def of(self, price: Decimal) -> Decimal:
        """Returns a price on a tick; one that has no digits too many where there is none, or the first tick."""
        if self.tick is None:
            return _short(price)
        return on_tick(price, self.tick, self.direction)

    def level(self, level: "Level | None") -> "Level | None":
        """Returns a level on a tick where it stands still."""
        return Fixed(self.of(level.price)) if isinstance(level, Fixed) else level
