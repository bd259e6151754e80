"""Bounds of a replay against a witness written apart: every path by ticks through small bars, played naively.

The witness knows nothing of the engine. It plays plain plans (limits and stops to enter, a stop, fixed targets, a
trail, entries that end or do not) one tick of price after another, with its own few rules, on every path that a bar
stands for. What it finds least and most must be the worst and the best of the replay: none outside, and both attained.
"""

import random
from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import NamedTuple

import pytest

from scaleplan.replay import LimitFills, Manner, Tape, replayed
from scaleplan.study import Study, study
from tests.series import Rows

Bar = tuple[int, int, int, int]
CLOSES = {"rest": Fraction(1), "0%": Fraction(0), "50% of rest": Fraction(1, 2)}


class Naive(NamedTuple):
    """A plain plan in ticks: each tier holds 2 units."""

    sign: int
    tiers: tuple[int, ...]
    orders: tuple[str, ...]
    stop: int
    targets: tuple[int, ...]
    closes: tuple[str, ...]
    trail: int | None
    never: bool

    def text(self) -> str:
        """Returns the plan as a trader writes it."""
        side = "side: long\n" if self.sign > 0 else "side: short\nleverage: 1\n"
        text = f"symbol: {'T/USDT' if self.sign > 0 else 'T/USDT:USDT'}\n{side}stop: {self.stop}\ntiers:\n"
        for price, order in zip(self.tiers, self.orders, strict=True):
            text += f"  - {{price: {price}, size: 2 T, order: {order}}}\n"
        for number, (price, close) in enumerate(zip(self.targets, self.closes, strict=True), start=1):
            trail = f", trail: {self.trail}" if self.trail and number == len(self.targets) else ""
            text += f"{'targets:' if number == 1 else ''}\n  - {{price: {price}, close: {close}{trail}}}"
        return text + ("\nentries_end: never\n" if self.never else "\n")


class Played(NamedTuple):
    """Where a naive plan stands: tiers filled and waiting as bits, what is held and won, the trail's best price."""

    filled: int = 0
    waiting: int = 0
    hits: int = 0
    closed: bool = False
    held: Fraction = Fraction(0)
    cost: Fraction = Fraction(0)
    won: Fraction = Fraction(0)
    best: int | None = None
    over: bool = False


def passed(plan: Naive, tier: int, price: int) -> bool:
    """Returns whether price is at a tier or past it, where its order acts."""
    way = 1 if plan.orders[tier] == "stop" else -1
    return plan.sign * way * (price - plan.tiers[tier]) >= 0


def out(plan: Naive, at: Played, price: int) -> Played:
    """Closes all at a price."""
    won = at.won + plan.sign * (at.held * price - at.cost)
    return at._replace(held=Fraction(0), cost=Fraction(0), won=won, over=True)


def act(plan: Naive, at: Played, price: int) -> Played:
    """Does whatever acts with price there: the stop, the target, the tiers in turn, until nothing more does."""
    sign = plan.sign
    while not at.over:
        if at.held and at.best is not None:
            best = max(at.best, price, key=lambda tick: sign * tick)
            stop = max(best - sign * (plan.trail or 0), plan.stop, key=lambda tick: sign * tick)
            return out(plan, at, price) if sign * (price - stop) <= 0 else at._replace(best=best)
        if sign * (price - plan.stop) <= 0 and (at.held or not at.filled):
            return out(plan, at, price)
        if at.held and at.hits < len(plan.targets) and sign * (price - plan.targets[at.hits]) >= 0:
            part = CLOSES[plan.closes[at.hits]]
            won = at.won + sign * part * (at.held * price - at.cost)
            left = Fraction(1) - part
            last = at.hits + 1 == len(plan.targets)
            at = at._replace(hits=at.hits + 1, closed=at.closed or part > 0, won=won, over=not left)
            at = at._replace(held=at.held * left, cost=at.cost * left, best=price if last and plan.trail else None)
            continue
        if (at.closed and not plan.never) or (plan.trail and at.hits == len(plan.targets)):
            return at
        for tier in range(len(plan.tiers)):
            bit = 1 << tier
            waits = at.waiting & bit and tier and not at.filled & bit >> 1
            if at.filled & bit or waits or not (at.waiting & bit or passed(plan, tier, price)):
                continue
            filled, waiting = at.filled | bit, at.waiting & ~bit
            at = at._replace(filled=filled, waiting=waiting, held=at.held + 2, cost=at.cost + 2 * price)
            break
        else:
            return at
    return at


def begun(plan: Naive, price: int) -> Played:
    """Returns the begin with price there: what would act at once waits for the tier before it."""
    return Played(waiting=sum(1 << tier for tier in range(len(plan.tiers)) if passed(plan, tier, price)))


def after(plan: Naive, at: Played, bar: Bar) -> set[Played]:
    """Returns all that a bar may make of a plan: every path by ticks from open to close with its high and low."""
    first, high, low, last = bar
    seen: set[tuple[int, bool, bool, Played]] = set()
    ends: set[Played] = set()
    todo = [(first, first == high, first == low, act(plan, at, first))]
    while todo:
        here = price, met_high, met_low, now = todo.pop()
        if here in seen:
            continue
        seen.add(here)
        if now.over or (price == last and met_high and met_low):
            ends.add(now)
        if now.over:
            continue
        todo += [
            (tick, met_high or tick == high, met_low or tick == low, act(plan, now, tick))
            for tick in (price - 1, price + 1)
            if low <= tick <= high
        ]
    return ends


def bounds(plan: Naive, bars: list[Bar]) -> tuple[Fraction, Fraction]:
    """Returns the least and the most that any path through the bars makes of a plan."""
    live = {begun(plan, bars[0][0])}
    for bar in bars:
        live = {end for at in live for end in ((at,) if at.over else after(plan, at, bar))}
    results = [at.won + plan.sign * (at.held * bars[-1][3] - at.cost) for at in live]
    return min(results), max(results)


def drawn(seed: int) -> tuple[Naive, list[Bar]]:
    """Returns a plan and one to four bars around it."""
    dice = random.Random(seed)  # noqa: S311 - drawn, not secret
    sign = dice.choice((1, -1))
    offsets = sorted(dice.sample(range(-4, 5), dice.randint(1, 3)), key=abs)
    targets = sorted({50 + sign * dice.randint(5, 8) for _ in range(dice.randint(0, 2))}, reverse=sign < 0)
    trail = dice.choice((None, 1, 2, 3)) if targets else None
    closes = ["50% of rest"] * len(targets)
    if targets:
        closes[-1] = dice.choice(("0%", "50% of rest")) if trail else "rest"
    tiers = tuple(50 + sign * offset for offset in offsets)
    orders = tuple(dice.choice(("limit", "stop")) for _ in tiers)
    stop = 50 - sign * dice.randint(5, 7)
    plan = Naive(sign, tiers, orders, stop, tuple(targets), tuple(closes), trail, dice.random() < 0.4)
    bars, price = [], dice.randint(46, 54)
    for _ in range(dice.randint(1, 4)):
        first = price + dice.choice((0, 0, 0, 1, -1, 3, -4))
        price = first + dice.randint(-4, 4)
        high, low = max(first, price) + dice.randint(0, 4), min(first, price) - dice.randint(0, 4)
        bars.append((first, high, low, price))
    return plan, bars


def engine_bounds(plan: Naive, bars: list[Bar]) -> tuple[Fraction, Fraction]:
    """Returns the worst and the best that the replay tells."""
    studied = study("plan.yaml", plan.text().encode())
    assert isinstance(studied, Study), studied.diagnostics
    replay = replayed(studied.plan, studied.ladder, Tape(Rows(bars)), Manner((LimitFills.TOUCH,)))
    return Fraction(replay.worst.result.net), Fraction(replay.best.result.net)


@pytest.mark.parametrize("batch", range(4))
def test_bounds_are_those_of_every_path_by_ticks(batch: int) -> None:
    """No path by ticks leaves the bounds, and some path attains each: worst and best are neither narrow nor wide."""
    undecided = 0
    for seed in range(batch * 300, batch * 300 + 300):
        plan, bars = drawn(seed)
        expected = bounds(plan, bars)
        assert engine_bounds(plan, bars) == expected, (seed, plan.text(), bars)
        undecided += expected[0] != expected[1]
    assert undecided > 30


def paths(bar: Bar, steps: int) -> Iterator[list[int]]:
    """Yields every path of so many ticks from open to close that has the bar's high and low."""
    first, high, low, last = bar
    for moves in product((-1, 1), repeat=steps):
        path = [first]
        for move in moves:
            path.append(path[-1] + move)
        if path[-1] == last and max(path) == high and min(path) == low:
            yield path


def test_listed_paths_stay_inside_and_reach_both_ends() -> None:
    """Path after path written out, 16 ticks long each: tiers 52 and 50, stop 48, target 54, the bar 52 54 48 52.

    Low first: both tiers, stopped at 48, 2 * (-4) + 2 * (-2) = -12. High first: tier 1 alone at the target, 2 * 2 = 4.
    Down to 50, up to 54, then to 48: both at the target, 2 * 2 + 2 * 4 = 12.
    """
    plan = Naive(1, (52, 50), ("limit", "limit"), 48, (54,), ("rest",), None, never=False)
    bar = (52, 54, 48, 52)
    results = set()
    for path in paths(bar, 16):
        at = begun(plan, path[0])
        for price in path:
            at = act(plan, at, price)
        results.add(at.won)
    assert results == {-12, 4, 12}
    assert engine_bounds(plan, [bar]) == (Fraction(-12), Fraction(12))
