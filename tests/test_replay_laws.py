"""Laws of a replay, whatever plan and bars: bounds hold, order, scale and mirror, and a fair walk brings nothing.

Plans are drawn in ticks of 1 around a price of 200, with stops that move, targets in R, trails, a clock and costs; a
walk of ticks makes the bars.
"""

import random
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.paths import EveryPath
from scaleplan.quantity.exact import EXACT, ONE
from scaleplan.replay import BarOrder, LimitFills, Manner, Replayed, Tape, replayed, series
from scaleplan.study import Study, study
from tests.given import known
from tests.series import MINUTE, Rows

D = Decimal
BOTH = Manner(through=D(1))
ROUNDING = D("1e-30")
SEEDS = st.integers(0, 2**32)
Bar = tuple[Decimal, Decimal, Decimal, Decimal]
#: The 0.999 quantiles of chi-square for 1 to 10 degrees of freedom: NIST/SEMATECH e-Handbook, section 1.3.6.7.4.
CHI_SQUARE = (10.828, 13.816, 16.266, 18.467, 20.515, 22.458, 24.322, 26.125, 27.877, 29.588)


class Shape(NamedTuple):
    """A plan by the distances of its levels from 200, in ticks in its favour."""

    tiers: tuple[tuple[int, str], ...]
    moves: tuple[int | None, ...]
    stop: int
    targets: tuple[int, ...]
    in_r: bool
    secures: bool
    trail: int | None
    never: bool
    costs: bool

    def text(self, sign: int = 1, scale: Decimal = ONE) -> str:
        """Returns the plan long or short, prices times a scale and quantities over it."""
        long = sign > 0

        def at(ticks: int) -> str:
            return f"{(200 + sign * ticks) * scale:f}"

        text = f"symbol: T/USDT:USDT\nside: {'long' if long else 'short'}\nleverage: 3\nmaintenance: 1%\n"
        text += f"stop: {at(-self.stop)}\ntiers:\n"
        for (ticks, order), move in zip(self.tiers, self.moves, strict=True):
            stop = "" if move is None else f", stop: {at(-move)}"
            text += f"  - {{price: {at(ticks)}, size: {4 / scale:f} T, order: {order}{stop}}}\n"
        for number, ticks in enumerate(self.targets, start=1):
            price = f"{ticks / 4}R" if self.in_r and number == 1 else at(ticks)
            last = number == len(self.targets)
            how = f", close: {'rest' if last and not self.trail else '50% of rest'}"
            how += ", stop: breakeven" if self.secures and not last else ""
            how += f", trail: {self.trail * scale:f}" if last and self.trail else ""
            text += f"{'targets:' if number == 1 else ''}\n  - {{price: {price}{how}}}"
        text += "\nentries_end: never\n" if self.never else "\n"
        return text + ("fees: {maker: 0.02%, taker: 0.05%}\nslippage: 0.1%\n" if self.costs else "")

    def studied(self, sign: int = 1, scale: Decimal = ONE) -> Study:
        """Returns it as a plan."""
        found = study("plan.yaml", self.text(sign, scale).encode())
        assert isinstance(found, Study), (self.text(sign, scale), found.diagnostics)
        return found


def shape_of(dice: random.Random, *, costs: bool | None = None) -> Shape:
    """Returns a shape that dice draw."""
    offsets = sorted(dice.sample(range(-6, 7), dice.randint(1, 4)), key=abs)
    tiers = tuple((ticks, dice.choice(("limit", "limit", "stop"))) for ticks in offsets)
    targets = tuple(sorted(dice.sample(range(8, 18), dice.randint(0, 3))))
    return Shape(
        tiers,
        tuple(dice.choice((None, None, None, 7)) for _ in tiers),
        dice.randint(8, 12),
        targets,
        dice.random() < 0.4,
        dice.random() < 0.5,
        dice.choice((None, 2, 5)) if targets else None,
        dice.random() < 0.3,
        dice.random() < 0.5 if costs is None else costs,
    )


def ticks(dice: random.Random, count: int) -> list[int]:
    """Returns a walk of ticks that begins near 200."""
    walk = [200 + dice.randint(-8, 8)]
    for _ in range(count):
        walk.append(walk[-1] + dice.choice((-2, -1, -1, 0, 1, 1, 2)))
    return walk


def bars_of(walk: list[int], size: int, *, jumps: bool = False) -> list[Bar]:
    """Returns the bars of so many ticks each; with jumps, a bar does not open where the one before closed."""
    bars = []
    for start in range(0, len(walk) - 1, size):
        part = walk[start + jumps : start + size + 1]
        bars.append((D(part[0]), D(max(part)), D(min(part)), D(part[-1])))
    return bars


def on(found: Study, rows: list[Bar], manner: Manner = BOTH, step: int = MINUTE, *finer: Rows) -> Replayed:
    """Returns a plan replayed on bars."""
    return replayed(found.plan, found.ladder, Tape(Rows(rows, step=step), finer), manner)


def bounds(replay: Replayed) -> tuple[Decimal, Decimal]:
    """Returns the worst and the best net result."""
    return replay.worst.result.net, replay.best.result.net


def within(inner: Replayed, outer: Replayed) -> bool:
    """Returns whether bounds lie inside other bounds, but for rounding."""
    (low, high), (least, most) = bounds(inner), bounds(outer)
    return least - ROUNDING <= low and high <= most + ROUNDING


@given(SEEDS)
@settings(max_examples=80, deadline=None, database=None, derandomize=True)
def test_bounds_hold_those_of_finer_bars_and_narrow_with_them(seed: int) -> None:
    """Law 2. With the finest bars at hand wherever something is open, they are those of the finest alone."""
    dice = random.Random(seed)  # noqa: S311 - drawn, not secret
    found, walk = shape_of(dice).studied(), ticks(dice, 96)
    fine, middle, coarse = (bars_of(walk, size) for size in (2, 8, 32))
    finest = on(found, fine)
    assert within(finest, on(found, middle, BOTH, 4 * MINUTE))
    assert within(on(found, middle, BOTH, 4 * MINUTE), on(found, coarse, BOTH, 16 * MINUTE))
    told = on(found, coarse, BOTH, 16 * MINUTE, Rows(middle, step=4 * MINUTE), Rows(fine))
    assert bounds(told) == bounds(finest)


@given(SEEDS)
@settings(max_examples=80, deadline=None, database=None, derandomize=True)
def test_every_fixed_order_lies_between_worst_and_best(seed: int) -> None:
    """Law 3: what other programs assume is one path of those that are followed."""
    dice = random.Random(seed)  # noqa: S311
    found, rows = shape_of(dice).studied(), bars_of(ticks(dice, 96), 12, jumps=dice.random() < 0.5)
    every = on(found, rows)
    for order in BarOrder:
        assert within(on(found, rows, BOTH._replace(order=order)), every), order


@given(SEEDS)
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
def test_bars_of_one_price_leave_nothing_open_where_a_touch_fills(seed: int) -> None:
    """Law 3: where every bar is one price, all is jumps, and one after another is an order."""
    dice = random.Random(seed)  # noqa: S311
    rows = [(D(tick),) * 4 for tick in ticks(dice, 40)]
    replay = on(shape_of(dice).studied(), rows, Manner((LimitFills.TOUCH,)))
    assert not replay.undecided
    assert not replay.worlds[0].forks


@given(SEEDS)
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
def test_a_bar_that_touches_no_level_changes_nothing(seed: int) -> None:
    """Law 3: bars that stand still where one closed change neither results nor what is open."""
    dice = random.Random(seed)  # noqa: S311
    found, rows = shape_of(dice).studied(), bars_of(ticks(dice, 48), 8)
    longer: list[Bar] = []
    for row in rows:
        longer += [row, *[(row[3],) * 4] * 3]
    assert bounds(on(found, longer)) == bounds(on(found, rows))


@given(SEEDS, st.sampled_from(((1, 1), (3, 7), (1000, 1000))))
@settings(max_examples=30, deadline=None, database=None, derandomize=True)
def test_how_many_bars_are_searched_at_once_changes_nothing(seed: int, sizes: tuple[int, int]) -> None:
    """Law 7: in pieces of any size as in one."""
    dice = random.Random(seed)  # noqa: S311
    found, rows = shape_of(dice).studied(), bars_of(ticks(dice, 200), 2)
    whole = on(found, rows)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(series, "_FEW", sizes[0])
        patch.setattr(series, "_MANY", sizes[1])
        pieces = on(found, rows)
    assert bounds(pieces) == bounds(whole)
    assert [world.forks for world in pieces.worlds] == [world.forks for world in whole.worlds]


@given(SEEDS)
@settings(max_examples=40, deadline=None, database=None, derandomize=True)
def test_an_account_that_covers_all_is_no_other_plan(seed: int) -> None:
    """Cross margin of a large account: realised results stand in the states, and change no result."""
    dice = random.Random(seed)  # noqa: S311
    shape, rows = shape_of(dice), bars_of(ticks(dice, 64), 8, jumps=dice.random() < 0.5)
    cross = study("plan.yaml", f"{shape.text()}margin_mode: cross\naccount: {{equity: 10000000}}\n".encode())
    assert isinstance(cross, Study)
    isolated = study("plan.yaml", shape.text().replace("leverage: 3", "leverage: 1").encode())
    assert isinstance(isolated, Study)
    assert bounds(on(cross, rows)) == bounds(on(isolated, rows))


@given(SEEDS, st.sampled_from((D("0.01"), D("0.5"), D(8), D(1000))))
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
def test_r_does_not_know_the_unit_of_price(seed: int, scale: Decimal) -> None:
    """Law 4: prices times x and quantities over x leave every result in R as it was."""
    dice = random.Random(seed)  # noqa: S311
    shape, rows = shape_of(dice), bars_of(ticks(dice, 64), 8, jumps=dice.random() < 0.5)
    scaled = [(first * scale, high * scale, low * scale, last * scale) for first, high, low, last in rows]
    plain = bounds(on(shape.studied(), rows))
    other = bounds(on(shape.studied(scale=scale), scaled, BOTH._replace(through=scale)))
    assert all(abs(one - two) <= ROUNDING for one, two in zip(plain, other, strict=True))


@given(SEEDS)
@settings(max_examples=60, deadline=None, database=None, derandomize=True)
def test_a_short_on_mirrored_bars_is_the_long(seed: int) -> None:
    """Law 4: prices 400 - x, linear and without costs and far from liquidation, make of a long the short."""
    dice = random.Random(seed)  # noqa: S311
    shape, rows = shape_of(dice, costs=False), bars_of(ticks(dice, 64), 8, jumps=dice.random() < 0.5)
    mirrored = [(400 - first, 400 - low, 400 - high, 400 - last) for first, high, low, last in rows]
    assert bounds(on(shape.studied(), rows)) == bounds(on(shape.studied(-1), mirrored))


@given(SEEDS)
@settings(max_examples=80, deadline=None, database=None, derandomize=True)
def test_nothing_loses_more_than_paths_prove_but_by_jumps(seed: int) -> None:
    """Law 5: without jumps the worst of all paths from the first open holds; a jump adds itself times what is held.

    So does a limit that is gone through: paths know no such, and a tier that begins at its price fills otherwise.
    """
    dice = random.Random(seed)  # noqa: S311
    found, walk = shape_of(dice).studied(), ticks(dice, 64)
    proved = EveryPath(found.ladder).walked(start=D(walk[0])).summary.worst
    assert proved is not None
    touched = on(found, bars_of(walk, 8), Manner((LimitFills.TOUCH,)))
    assert touched.worst.result.net >= proved - ROUNDING
    rows = bars_of(walk, 8, jumps=True)
    # What a fill moves by moves fees and slippage with it, which are below 1%.
    most = sum(found.ladder.machine.quantities) * D("1.01")
    jumped = sum((abs(after[0] - before[3]) for before, after in pairwise(rows)), D(0)) + BOTH.through
    start = EveryPath(found.ladder).walked(start=rows[0][0]).summary.worst
    assert start is not None
    assert on(found, rows).worst.result.net >= start - jumped * most - ROUNDING


def steps(dice: random.Random, first: int) -> Iterator[Bar]:
    """Yields bars of one step each of a fair walk."""
    price = first
    for _ in range(400):
        after = price + dice.choice((-1, 1))
        yield D(price), D(max(price, after)), D(min(price, after)), D(after)
        price = after


def test_a_fair_walk_ends_as_often_as_paths_say() -> None:
    """Law 1: of 700 walks of single steps, ends by tiers and targets against their chances; the mean gross is 0.

    Tier 1 is filled at 100, tier 2 at 97, the stop is 94; half goes at 104, the rest at 108 or where it came from.
    """
    text = "symbol: T/USDT\nside: long\nstop: 94\ntiers: [{price: 100, size: 2 T}, {price: 97, size: 2 T}]\n"
    text += "targets: [{price: 104, close: 50%, stop: entry}, rest at 108]"
    found = study("plan.yaml", text.encode())
    assert isinstance(found, Study)
    dice, count = random.Random(7), 700  # noqa: S311
    ends: Counter[tuple[object, ...]] = Counter()
    gross = []
    for _ in range(count):
        replay = on(found, list(steps(dice, 100)), Manner((LimitFills.TOUCH,), filled=True))
        assert not replay.undecided
        end = replay.worst
        ends[end.end, end.filled, end.hits] += 1
        gross.append(end.result.gross)
    chances: Counter[tuple[object, ...]] = Counter()
    for outcome in EveryPath(found.ladder).walked().outcomes:
        filled = sum(1 << tier - 1 for tier in outcome.tiers)
        chances[outcome.end, filled, outcome.targets] += known(outcome.probability)  # type: ignore[assignment]
    assert set(ends) == set(chances)
    expected = {key: float(chance) * count for key, chance in chances.items()}
    chi = sum((ends[key] - often) ** 2 / often for key, often in expected.items())
    assert min(expected.values()) >= 5
    assert chi < CHI_SQUARE[len(expected) - 2], (ends, expected)
    mean = sum(gross, D(0)) / count
    deviation = EXACT.sqrt(sum(((each - mean) ** 2 for each in gross), D(0)) / count)
    assert abs(mean) < 4 * deviation / EXACT.sqrt(D(count))
