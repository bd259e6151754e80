"""A variant as numbers for the kernel: what its plans have in common, and how their prices follow from a signal.

Each price of a template is a line in the signal's close, the ATR and the columns. The lines are found by reading the
template at some bars, exactly, and tried at others: where a price is no line, or something else of the plan changes
with prices, the variant is the exact machine's.
"""

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import numpy as np

from scaleplan.book.rules import Rules
from scaleplan.decode.lowered import stand_in
from scaleplan.decode.template import SignalBar, first_price
from scaleplan.engine.closes import entries_ended_by, held_fractions
from scaleplan.engine.position import costs_of
from scaleplan.engine.sizing import lot_of
from scaleplan.plan import (
    AfterPrice,
    AfterTier,
    BracketBy,
    CloseOf,
    Contract,
    EntriesEnd,
    Level,
    LevelsLie,
    MaintenanceOn,
    Order,
    Plan,
    RiskUnit,
    Size,
    SizeKind,
)
from scaleplan.quantity.exact import ONE, ZERO, are_whole, exact
from scaleplan.quantity.price import Anchor, AtSignal, Fixed, Reference, RMultiple, read_at_signal
from scaleplan.sweep import kernel as k
from scaleplan.sweep.records import Floats, Ints
from scaleplan.template.maker import Maker

_MINUTE = 60_000_000_000
_ORDERS = {Order.LIMIT: k.LIMIT, Order.STOP: k.STOP, Order.MARKET: k.MARKET}
_REFERENCES = {
    Reference.ENTRY: k.AT_ENTRY,
    Reference.BREAKEVEN: k.AT_BREAKEVEN,
    Reference.TIER: k.AT_TIER,
    Reference.TARGET: k.AT_TARGET,
}
_CLOSES = {CloseOf.POSITION: k.OF_POSITION, CloseOf.REST: k.OF_REST}
#: A moment at which the lines are tried has so many times the close, the ATR and the columns of the first.
_CLOSE, _ATR, _COLUMN = Decimal("1.6375"), Decimal("1.4"), Decimal("1.55")


class Program(NamedTuple):
    """A side of a variant for the kernel; see there."""

    pi: Ints
    pf: Floats


class _NotOurs(Exception):  # noqa: N818 - it is a state of a template, not an error of the program
    """The kernel does not know something that the variant says."""


@exact
def program_of(maker: Maker, sign: int, rules: Rules, step_ns: int) -> Program | None:
    """Returns a side of a variant as numbers; absent where the kernel cannot do it."""
    try:
        return _program(maker, sign, rules, step_ns)
    except _NotOurs:
        return None


def _program(maker: Maker, sign: int, rules: Rules, step_ns: int) -> Program:
    bars = _bars(maker, sign)
    known = maker.template.standing_in if sign == maker.template.sign else None
    plan = known or _written(maker, bars[0])
    if rules.compound or len(plan.tiers) > k.MOST or len(plan.targets) > k.MOST or plan.account.wallet.beside:
        raise _NotOurs
    shares = [tier.share for tier in plan.tiers if tier.share is not None]
    if plan.runner is not None or (shares and not are_whole(shares)):
        # A rule has something to say of it.
        raise _NotOurs
    others = [_written(maker, bar) for bar in bars[1:]]
    shape = _shape(plan)
    if any(_shape(other) != shape for other in others):
        raise _NotOurs
    values, modes = _slots(plan)
    coefficients = _lines(bars[:-1], [values, *(_slots(other)[0] for other in others[:-1])])
    given = _given(bars[-1])
    for row, value in zip(coefficients, _slots(others[-1])[0], strict=True):
        expected = sum((part * each for part, each in zip(row, given, strict=True) if part), ZERO)
        if abs(expected - value) > Decimal("1e-30") * max(abs(value), ONE):
            raise _NotOurs
    pi, pf = _numbers(plan, maker, rules, step_ns)
    tick = plan.instrument.tick_size
    modes = [mode + 4 * _digits(row, tick) if mode else mode for mode, row in zip(modes, coefficients, strict=True)]
    pi[k.SLOTS], pi[k.MODES], pi[k.LINES] = len(modes), len(pi), len(pf)
    lines = [float(part) for row in coefficients for part in row]
    if len(pf) + len(lines) > k.PROGRAM_NUMBERS:
        raise _NotOurs
    return Program(np.array([*pi, *modes], dtype=np.int64), np.array([*pf, *lines]))


# Lines


def _bars(maker: Maker, sign: int) -> list[SignalBar]:
    """Returns bars at which lines are found: one, and for each thing that is given one with another value of it.

    The last is to try them at: nothing in it is as in the first.
    """
    first = stand_in(maker.template._replace(sign=sign))
    atr, columns = first.atr if maker.atr is not None else None, first.columns
    first = first._replace(atr=atr)
    found = [first, first._replace(price=first.price * 2)]
    if atr is not None:
        found.append(first._replace(atr=atr * Decimal("1.25")))
    found += [first._replace(columns={**columns, name: price * 2}) for name, price in columns.items()]
    other = {name: price * _COLUMN for name, price in columns.items()}
    return [*found, SignalBar(first.price * _CLOSE, None if atr is None else atr * _ATR, other, sign)]


def _given(bar: SignalBar) -> list[Decimal]:
    """Returns what a bar gives, in the order of coefficients: close, ATR, one, columns."""
    return [bar.price, bar.atr or ZERO, ONE, *bar.columns.values()]


def _lines(bars: list[SignalBar], values: list[list[Decimal]]) -> list[list[Decimal]]:
    """Returns the coefficients of each price."""
    first = bars[0]
    steps: list[tuple[int, Decimal]] = [(0, first.price)]
    if first.atr is not None:
        steps.append((1, first.atr / 4))
    steps += [(3 + at, price) for at, price in enumerate(first.columns.values())]
    wide = 3 + len(first.columns)
    given, found = _given(first), []
    for slot, value in enumerate(values[0]):
        row = [ZERO] * wide
        for number, (place, step) in enumerate(steps, start=1):
            row[place] = (values[number][slot] - value) / step
        row[2] = value - sum((part * each for part, each in zip(row, given, strict=True) if part), ZERO)
        # What rounding at the fiftieth digit leaves is nothing.
        found.append([ZERO if abs(part) < Decimal("1e-35") else part for part in row])
    return found


def _digits(row: list[Decimal], tick: Decimal | None) -> int:
    """Returns the digits behind the point that a price has in ticks where the close has none: 99 for any number."""
    if tick is None or row[1] or any(row[3:]):
        return 99
    parts = (row[0], row[2] / tick)
    return min(max(max(-int(part.normalize().as_tuple().exponent), 0) for part in parts), 99)


def _written(maker: Maker, bar: SignalBar) -> Plan:
    plan = maker.written(bar)
    if plan is None:
        raise _NotOurs
    return plan


def _slots(plan: Plan) -> tuple[list[Decimal], list[int]]:
    """Returns the prices and distances of a plan in the kernel's order, and how each is put on ticks."""
    found: list[tuple[Decimal, int]] = [
        (plan.stop or ZERO, k.AWAY_TICK if plan.stop is not None else k.NO_TICK),
        (plan.invalidation or ZERO, k.AWAY_TICK if plan.invalidation is not None else k.NO_TICK),
    ]
    trail = plan.targets[-1].trail if plan.targets else None
    away = None if trail is None else trail.distance
    # What trails by a distance does so by whole ticks.
    found.append((away or ZERO, k.NO_TICK if away is None else k.UP_TICK))
    unless = None if plan.time_stop is None else plan.time_stop.unless
    found.append(_slot(unless, k.NEAR_TICK))
    for tier in plan.tiers:
        after = tier.after.price if isinstance(tier.after, AfterPrice) else None
        found += [
            (tier.price, k.NEAR_TICK),
            (after or ZERO, k.NO_TICK if after is None else k.NEAR_TICK),
            _slot(tier.stop, k.AWAY_TICK),
        ]
    for target in plan.targets:
        found += [_slot(target.price, k.NEAR_TICK), _slot(target.stop, k.AWAY_TICK)]
    return [value for value, _ in found], [mode for _, mode in found]


def _slot(level: Level | None, mode: int) -> tuple[Decimal, int]:
    """Returns the number of a level that prices change: its price, or its offset, which lies on no tick."""
    if isinstance(level, Fixed):
        return level.price, mode
    return (ZERO if level is None else level.amount), k.NO_TICK


def _shape(plan: Plan) -> Plan:
    """Returns a plan without what the lines say, and without orders that its prices decide."""
    none = Fixed(ZERO)

    def bare(level: Level | None) -> Level | None:
        if level is None or isinstance(level, Fixed):
            return None if level is None else none
        return level._replace(amount=ZERO, steps=None)

    tiers = tuple(
        tier._replace(
            price=ZERO,
            stop=bare(tier.stop),
            order=tier.order if tier.order_written else Order.LIMIT,
            after=AfterPrice(ZERO) if isinstance(tier.after, AfterPrice) else tier.after,
        )
        for tier in plan.tiers
    )
    targets = tuple(
        target._replace(
            price=bare(target.price) or none,
            stop=bare(target.stop),
            trail=None if target.trail is None else target.trail._replace(distance=None),
        )
        for target in plan.targets
    )
    time_stop = plan.time_stop
    if time_stop is not None:
        time_stop = time_stop._replace(unless=bare(time_stop.unless))
    return plan._replace(
        tiers=tiers,
        targets=targets,
        time_stop=time_stop,
        stop=None if plan.stop is None else ZERO,
        invalidation=None if plan.invalidation is None else ZERO,
        size=plan.size if plan.size.text else plan.size._replace(amount=ZERO),
        style=plan.style if plan.style_written else plan.style.__class__("single"),
    )


# Numbers


def _numbers(plan: Plan, maker: Maker, rules: Rules, step_ns: int) -> tuple[Ints, Floats]:
    """Returns what the plans of a variant have in common."""
    tiers, targets = len(plan.tiers), len(plan.targets)
    model = plan.margin
    brackets = () if model is None else model.brackets
    pi = np.zeros(k.PI_TIERS + k.PI_TIER * tiers + k.PI_TARGET * targets, dtype=np.int64)
    pf = np.zeros(k.PF_TIERS + k.PF_TIER * tiers + k.PF_TARGET * targets + 3 * max(len(brackets), 1))
    _basic(plan, pi, pf)
    _margin(plan, pi, pf)
    _size(plan, pi, pf)
    _clock(plan, pi, pf)
    for index in range(tiers):
        _tier(plan, maker, index, pi, pf)
    for index in range(targets):
        _target(plan, index, pi, pf)
    pi[k.STEP_NS] = step_ns
    pi[k.COLUMNS] = len(maker.columns)
    pi[k.OVERLAP] = -1 if rules.overlap is None else rules.overlap
    pi[k.FILLED_BEFORE] = rules.at_close
    return pi, pf


def _basic(plan: Plan, pi: Ints, pf: Floats) -> None:
    costs = costs_of(plan)
    trail = plan.targets[-1].trail if plan.targets else None
    pi[k.TIERS], pi[k.TARGETS], pi[k.SIGN] = len(plan.tiers), len(plan.targets), plan.sign
    pi[k.INVERSE], pi[k.SPOT] = plan.contract is Contract.INVERSE, plan.contract is Contract.SPOT
    pi[k.CROSS] = plan.is_cross
    pi[k.FIRST_ENDS] = plan.entries_end is EntriesEnd.FIRST_TARGET
    pi[k.TRAIL] = 0 if trail is None else 1 if trail.ratio is not None else 2
    pi[k.ENDS_AT] = len(plan.targets) if trail is not None else len(plan.targets) + 1
    pi[k.RISK_UNIT] = [RiskUnit.PLAN, RiskUnit.FIRST_TIER, RiskUnit.AMOUNT].index(plan.risk_unit)
    pi[k.HAS_STOP], pi[k.HAS_WRONG] = plan.stop is not None, plan.invalidation is not None
    closing = entries_ended_by(plan)
    pi[k.CLOSING] = -1 if closing is None else closing
    left = held_fractions(plan.targets, ONE)
    pi[k.ALWAYS_GRAPH] = (
        any(each <= 0 for each in left[:-1])
        or (plan.entries_end is EntriesEnd.NEVER and bool(plan.targets) and len(plan.tiers) > 1)
        or (plan.time_stop is not None and plan.time_stop.close < 1)
    )
    pf[k.MAKER], pf[k.TAKER] = float(costs.maker.rate), float(costs.taker.rate)
    pf[k.PER_UNIT], pf[k.PER_ORDER] = float(costs.taker.per_unit), float(costs.taker.per_order)
    pf[k.SLIP], pf[k.SLIP_PRICE], pf[k.HALF] = map(float, (costs.slippage, costs.slippage_price, costs.half_spread))
    pf[k.LEAST_PRICE] = float(plan.slippage_price + plan.spread / 2)
    pf[k.TRAIL_RATIO] = 0.0 if trail is None else float(trail.ratio or ZERO)
    pf[k.RISK] = float(plan.risk_unit_amount or ZERO)
    levels = plan.instrument.levels
    pi[k.LEVEL_TICKS] = plan.instrument.tick_size is not None and levels in (None, LevelsLie.ON_TICKS)
    pf[k.TICK] = float(plan.instrument.tick_size or ZERO)
    pf[k.CONTRACT] = float(plan.instrument.contract_size or ONE)
    lot = lot_of(plan)
    if lot is None and plan.instrument.lot_size is not None:
        # A lot in coin has another value at every price.
        raise _NotOurs
    pi[k.HAS_LOT], pf[k.LOT] = lot is not None, float(lot or ZERO)
    pi[k.HAS_LEAST] = plan.instrument.min_notional is not None
    pf[k.LEAST] = float(plan.instrument.min_notional or ZERO)


def _margin(plan: Plan, pi: Ints, pf: Floats) -> None:
    model, account = plan.margin, plan.account
    pi[k.HAS_EQUITY] = account.equity is not None
    pf[k.EQUITY], pf[k.KEPT_BACK] = float(account.equity or ZERO), float(account.kept)
    pf[k.LEVERAGE], pf[k.EXTRA] = float(plan.leverage), float(plan.extra_margin)
    pi[k.BY_CONTRACT] = plan.initial_per_contract is not None
    pf[k.INITIAL] = float(plan.initial_per_contract or ZERO)
    pi[k.MODEL] = model is not None
    pi[k.KEEPS] = bool(plan.extra_margin) or (model is not None and bool(model.reserve))
    if model is None:
        return
    inverse = plan.contract is Contract.INVERSE
    pi[k.ON_MARK] = model.maintenance_on is MaintenanceOn.MARK
    pi[k.BY_VALUE] = model.bracket_by is (BracketBy.COIN if inverse else BracketBy.NOTIONAL)
    pi[k.MEASURE] = 0 if pi[k.BY_VALUE] else 1 if model.bracket_by is BracketBy.CONTRACTS else 2
    pi[k.PER_CONTRACT] = bool(model.per_contract)
    pi[k.BRACKETS] = len(model.brackets)
    pf[k.CLOSING_FEE], pf[k.RESERVE] = float(model.closing_fee), float(model.reserve)
    pf[k.OF_CONTRACT], pf[k.BANKRUPTCY] = float(model.per_contract), float(model.bankruptcy_fee)
    tables = k.PF_TIERS + k.PF_TIER * len(plan.tiers) + k.PF_TARGET * len(plan.targets)
    for number, bracket in enumerate(model.brackets):
        pf[tables + 3 * number] = float(bracket.rate)
        pf[tables + 3 * number + 1] = float(bracket.deduction)
        pf[tables + 3 * number + 2] = float("inf") if bracket.up_to is None else float(bracket.up_to)


def _size(plan: Plan, pi: Ints, pf: Floats) -> None:
    size = plan.size
    own = [tier.size for tier in plan.tiers if tier.size is not None]
    if own:
        kinds = {each.kind for each in own}
        if len(kinds) > 1:
            raise _NotOurs
        size = own[0]
        pi[k.OWN_SIZES] = 1
        for index, each in enumerate(own):
            pf[k.PF_TIERS + k.PF_TIER * index + k.F_OWN] = float(each.amount)
    pi[k.SIZE_KIND] = _size_kind(plan, size, own=bool(own))
    # Of a margin it is the notional that is divided; what is posted is scaled to the size itself.
    pf[k.SIZE] = float(size.amount)
    if size.kind is SizeKind.RISK and (plan.fees.per_order or plan.stop is None):
        raise _NotOurs


def _size_kind(plan: Plan, size: Size, *, own: bool) -> int:
    inverse = plan.contract is Contract.INVERSE
    match size.kind:
        case SizeKind.QUANTITY:
            return k.QUANTITY
        case SizeKind.CONTRACTS:
            return k.CONTRACTS
        case SizeKind.RISK:
            return k.BY_RISK
        case SizeKind.MARGIN if not own:
            return k.BY_MARGIN
        case SizeKind.NOTIONAL:
            return k.NOTIONAL
        case SizeKind.EQUITY if not (inverse and own):
            return k.IN_COIN if inverse else k.NOTIONAL
    raise _NotOurs


def _clock(plan: Plan, pi: Ints, pf: Floats) -> None:
    pi[k.EXPIRES] = pi[k.TIME_STOP] = -1
    if plan.expires is not None:
        if not isinstance(plan.expires, int):
            raise _NotOurs
        pi[k.EXPIRES] = plan.expires * _MINUTE
        pi[k.TIMED_PLAN] = 1
    time_stop = plan.time_stop
    if time_stop is not None:
        pi[k.TIME_STOP] = time_stop.after_minutes * _MINUTE
        pi[k.TIMED_PLAN] = 1
        pf[k.TIME_CLOSE] = float(time_stop.close)
        pi[k.UNLESS], pi[k.UNLESS_NUMBER], pf[k.UNLESS_N], pf[k.UNLESS_RATIO] = _level(time_stop.unless)
        if pi[k.UNLESS] == k.AT_TARGET:
            raise _NotOurs


def _level(level: Level | None) -> tuple[int, int, float, float]:
    """Returns the kind of a level, the tier or target that it names, its distance in R, its offset as a ratio."""
    match level:
        case None:
            return k.NOTHING, 0, 0.0, 0.0
        case Fixed():
            return k.FIXED, 0, 0.0, 0.0
        case RMultiple(n, ratio, _):
            return k.IN_R, 0, float(n), float(ratio)
        case Anchor(reference, number, ratio, _):
            return _REFERENCES[reference], number, 0.0, float(ratio)
    raise _NotOurs


def _tier(plan: Plan, maker: Maker, index: int, pi: Ints, pf: Floats) -> None:
    tier, at, to = plan.tiers[index], k.PI_TIERS + k.PI_TIER * index, k.PF_TIERS + k.PF_TIER * index
    if tier.order_written:
        pi[at + k.T_ORDER] = _ORDERS[tier.order]
    elif index:
        pi[at + k.T_ORDER] = k.BY_PRICE
    else:
        pi[at + k.T_ORDER] = k.MARKET if _is_plain(maker) else k.BY_SIGNAL
    if isinstance(tier.after, AfterPrice):
        pi[at + k.T_AFTER] = 1
    elif isinstance(tier.after, AfterTier):
        pi[at + k.T_AFTER], pi[at + k.T_AFTER_TIER] = 2, tier.after.tier
    kind, number, times, ratio = _level(tier.stop)
    pi[at + k.T_STOP], pi[at + k.T_STOP_NUMBER] = kind, number
    pf[to + k.F_STOP_N], pf[to + k.F_STOP_RATIO] = times, ratio
    pf[to + k.F_SHARE] = float(tier.share or Fraction(0))


def _is_plain(maker: Maker) -> bool:
    """Returns whether tier 1 is at the signal's close itself: a market order, where none is written."""
    node = first_price(maker.template.root)
    at = None if node is None else read_at_signal(" ".join(node[0].text.split()))
    return isinstance(at, AtSignal) and at == AtSignal("")


def _target(plan: Plan, index: int, pi: Ints, pf: Floats) -> None:
    target = plan.targets[index]
    at = k.PI_TIERS + k.PI_TIER * len(plan.tiers) + k.PI_TARGET * index
    to = k.PF_TIERS + k.PF_TIER * len(plan.tiers) + k.PF_TARGET * index
    kind, _, times, ratio = _level(target.price)
    if kind in (k.AT_TIER, k.AT_TARGET) or (kind == k.AT_BREAKEVEN and plan.fees.per_order):
        raise _NotOurs
    if isinstance(target.price, RMultiple) and target.price.n <= 0:
        raise _NotOurs
    if isinstance(target.price, Anchor) and plan.sign * (target.price.ratio + target.price.amount) < 0:
        raise _NotOurs
    pi[at + k.G_PRICE], pf[to + k.H_N], pf[to + k.H_RATIO] = kind, times, ratio
    pi[at + k.G_ORDER] = _ORDERS[target.order]
    if target.close.of is CloseOf.CONTRACTS:
        raise _NotOurs
    left = held_fractions(plan.targets, ONE)
    if left[index] < 0 or (index and left[index - 1] == 0 and target.close.amount > 0):
        raise _NotOurs
    if target.close.amount > 0:
        pi[at + k.G_CLOSES] = k.OF_ALL if left[index] <= 0 else _CLOSES[target.close.of]
    pf[to + k.H_CLOSE] = float(target.close.amount)
    kind, number, times, ratio = _level(target.stop)
    pi[at + k.G_STOP], pi[at + k.G_STOP_NUMBER] = kind, number
    pf[to + k.H_STOP_N], pf[to + k.H_STOP_RATIO] = times, ratio
    pi[at + k.G_MARKED] = _is_marked(plan, index)


def _is_marked(plan: Plan, index: int) -> bool:
    """Returns whether some stop is measured from a target whose price moves with the average."""
    if isinstance(plan.targets[index].price, Fixed):
        return False
    levels: Sequence[Level | None] = [*(tier.stop for tier in plan.tiers), *(each.stop for each in plan.targets)]
    return any(
        isinstance(level, Anchor) and level.reference is Reference.TARGET and level.number == index + 1
        for level in levels
    )
