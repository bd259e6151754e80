"""Other ways to trade the same signals: same size, stop and targets; each beside the plan, trade by trade.

`lump` is all in tier 1; `reversed` the shares the other way round; `martingale` 1, 2, 4 ...; `dca` equal market buys in
time, until the first exit. A baseline's quantities divide what the plan's size came to, which is not solved anew.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.bars.indicators import BarSignal
from scaleplan.book.metrics import Interval, interval_of, mean
from scaleplan.book.rules import Baseline, Rules
from scaleplan.book.trades import SignalTrade, Taken, TradeSide, replay_of, side_of, taken
from scaleplan.engine import Unreckonable
from scaleplan.engine.risk import in_r
from scaleplan.ladder import climb
from scaleplan.plan import AfterPrice, Order, Plan
from scaleplan.plan.shapes import divided, doubling_shares, equal_shares, with_shares
from scaleplan.quantity.exact import ZERO, exact, same
from scaleplan.replay import Manner, Tape
from scaleplan.template.maker import Made, Maker

#: So many times are random bars drawn.
DRAWS = 200
#: Is told each bar that work has come to.
Progressing = Callable[[int], None] | None


class Against(NamedTuple):
    """A baseline over the trades: its mean R in the plan's 1R and in its own, from worst to best, and the difference.

    `better` is the mean of plan less baseline, worst less worst and best less best; `least` and `most` are its bounds
    (worst less best, best less worst). `rank` is that of the signals' expectancy among random ones, as a ratio.
    """

    name: Baseline
    trades: int
    worst: Decimal | None
    best: Decimal | None
    own_worst: Decimal | None = None
    own_best: Decimal | None = None
    better: tuple[Decimal, Decimal] | None = None
    bounds: tuple[Decimal, Decimal] | None = None
    ci: Interval | None = None
    rank: tuple[Decimal, Decimal] | None = None
    #: Whether every trade came to the same as the plan's.
    alike: bool = False

    @property
    def undecided(self) -> bool:
        """Whether the bounds of the difference hold 0 and its mean does not say."""
        if self.bounds is None or self.better is None or self.alike:
            return False
        return self.bounds[0] <= 0 <= self.bounds[1] and min(self.better) <= 0 <= max(self.better)


class _Pair(NamedTuple):
    """The plan's worst and best of a trade and those of a baseline, in the plan's 1R, and the baseline's in its own."""

    plan: tuple[Decimal, Decimal]
    other: tuple[Decimal, Decimal]
    own: tuple[Decimal | None, Decimal | None]


def like(plan: Plan, quantities: tuple[Decimal, ...], name: Baseline) -> Plan:
    """Returns the plan of a baseline, whose quantities are those of the plan divided otherwise."""
    held = divided(plan, quantities)
    count = len(plan.tiers)
    if name is Baseline.LUMP:
        return with_shares(plan, held.kind, held.total, (Fraction(1),))
    if name is Baseline.REVERSED:
        return with_shares(plan, held.kind, held.total, held.shares[::-1])
    if name is Baseline.MARTINGALE:
        return with_shares(plan, held.kind, held.total, doubling_shares(count))
    # A buy in time waits for no price: the one that it would wait for is never met.
    first = plan.tiers[0]._replace(order=Order.MARKET)
    never = first._replace(after=AfterPrice(Decimal("1e-15")), stop=None, trigger="")
    in_time = plan._replace(tiers=(first, *[never] * (count - 1)))
    return with_shares(in_time, held.kind, held.total, equal_shares(count))


def _pair(trade: SignalTrade, sides: tuple[TradeSide, TradeSide]) -> _Pair | None:
    one_rs = [side.made.ladder.totals.r for side in (trade.worst, trade.best)]
    plan = [side.r for side in (trade.worst, trade.best)]
    other = [in_r(side.result.net, one_r) for side, one_r in zip(sides, one_rs, strict=True)]
    if plan[0] is None or plan[1] is None or other[0] is None or other[1] is None:
        return None
    return _Pair((plan[0], plan[1]), (other[0], other[1]), (sides[0].r, sides[1].r))


@exact
def against(
    name: Baseline,
    trades: Iterable[SignalTrade],
    tape: Tape,
    manner: Manner,
    rules: Rules,
    live: Decimal,
    seed: int,
) -> Against:
    """Returns a baseline over the trades of a plan; trades of which it can make no plan are left out."""
    pairs = []
    for trade in trades:
        sides: list[TradeSide] = []
        for index, side in enumerate((trade.worst, trade.best)):
            if index and trade.best.made is trade.worst.made:
                replay = sides[0].replay
                sides.append(side_of(sides[0].made, replay, 1))
                continue
            plan = like(side.made.plan, side.made.ladder.machine.quantities, name)
            try:
                made = Made(plan, climb(plan), side.made.bar)
            except Unreckonable:
                break
            sides.append(side_of(made, replay_of(made, trade.signal, tape, manner, rules), index))
        if len(sides) == 2 and (pair := _pair(trade, (sides[0], sides[1]))) is not None:
            pairs.append(pair)
    return _summed(name, pairs, live, seed)


def _summed(name: Baseline, pairs: list[_Pair], live: Decimal, seed: int) -> Against:
    worst, best = (mean([pair.other[index] for pair in pairs]) for index in (0, 1))
    if worst is None or best is None:
        return Against(name, 0, None, None)
    own = [mean([value for pair in pairs if (value := pair.own[index]) is not None]) for index in (0, 1)]
    paired = [[pair.plan[index] - pair.other[index] for pair in pairs] for index in (0, 1)]
    better = [mean(values) or ZERO for values in paired]
    crossed = [mean([pair.plan[index] - pair.other[1 - index] for pair in pairs]) or ZERO for index in (0, 1)]
    spans = [interval_of(values, live, seed) for values in paired]
    ci = None
    if spans[0] is not None and spans[1] is not None:
        ci = Interval(min(spans[0].low, spans[1].low), max(spans[0].high, spans[1].high))
    alike = all(same(*two) for pair in pairs for two in zip(pair.plan, pair.other, strict=True))
    return Against(
        name,
        len(pairs),
        worst,
        best,
        own[0],
        own[1],
        (better[0], better[1]),
        (crossed[0], crossed[1]),
        ci,
        alike=alike,
    )


@exact
def against_random(
    maker: Maker,
    book: Taken,
    tape: Tape,
    manner: Manner,
    rules: Rules,
    draws: Callable[[int], list[BarSignal]],
    progress: Progressing = None,
) -> Against:
    """Returns the template at as many random bars, drawn again and again, and the rank of its own signals there."""
    own = [mean([r for trade in book.trades if (r := side(trade).r) is not None]) for side in _SIDES]
    found: list[list[Decimal]] = [[], []]
    count = 0
    for number in range(DRAWS):
        other = taken(maker, draws(number), tape, manner, rules, progress)
        count += len(other.trades)
        for index, side in enumerate(_SIDES):
            value = mean([r for trade in other.trades if (r := side(trade).r) is not None])
            if value is not None:
                found[index].append(value)
    ranks = [
        Decimal(sum(value < mine for value in values)) / len(values) if values and mine is not None else ZERO
        for values, mine in zip(found, own, strict=True)
    ]
    return Against(Baseline.RANDOM, count, mean(found[0]), mean(found[1]), rank=(ranks[0], ranks[1]))


_SIDES: tuple[Callable[[SignalTrade], TradeSide], ...] = (lambda trade: trade.worst, lambda trade: trade.best)


@exact
def holding(trades: tuple[SignalTrade, ...], tape: Tape) -> Against:
    """Returns the first trade's whole size in at the first open and out at the last close, in its 1R."""
    if not trades:
        return Against(Baseline.HOLD, 0, None, None)
    made = trades[0].worst.made
    machine = made.ladder.machine
    costs, sign = machine.costs, machine.sign
    held = made.ladder.steps[-1].state.held.position
    bars = tape.bars
    quantity = held.quantity
    entry = costs.entry_price(bars.exact(0)[0], Order.MARKET, sign)
    leave = costs.exit_price(bars.exact(len(bars) - 1)[3], sign)
    bought = held._replace(quantity=ZERO, cost=ZERO, entry_fees=ZERO).filled(entry, quantity, costs.taker)
    net = in_r(bought.net(leave, costs.taker), made.ladder.totals.r)
    return Against(Baseline.HOLD, 1, net, net, net, net)
