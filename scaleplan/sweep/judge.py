"""The judge of a sweep: the best of each stretch of time traded on the next, what luck alone gives, and a verdict.

Time from first to last signal is cut into equal blocks; the best of those before trades the next (walk forward), so
that no result of the headline is of a variant that was chosen by it. A trade belongs to its signal's block, and is
known once the bar at which it ends has closed.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from math import isfinite
from typing import Any, NamedTuple

import numpy as np

from scaleplan.statistics.bootstrap import intervals, mean_block
from scaleplan.statistics.luck import deflated, expected_best, moments, overfitting, reality_check, sharpe_ratios
from scaleplan.sweep.asked import JudgeOrder, RankBy
from scaleplan.sweep.held import Some
from scaleplan.sweep.records import Floats, Ints, VariantTrades


class SweepVerdict(StrEnum):
    """What a sweep comes to."""

    LUCK = "luck"
    UNDECIDED = "undecided"
    STANDS = "stands"


class Stretch(NamedTuple):
    """Some time: from the moment `begin` on, up to and without `end`, in nanoseconds."""

    begin: int
    end: int


class Fold(NamedTuple):
    """A block of time and the variant that trades it, chosen in `train`; none where no variant had trades enough."""

    train: Stretch
    test: Stretch
    number: int | None
    trades: int
    worst: float | None
    best: float | None


Pair = tuple[float, float] | None


class OutOfSample(NamedTuple):
    """The joined trades of all folds: mean R at worst and at best, each with its 95% interval."""

    folds: tuple[Fold, ...]
    trades: int
    worst: float | None
    best: float | None
    worst_ci: Pair
    best_ci: Pair


class Luck(NamedTuple):
    """What luck gives, over worst or over best results: Sharpe ratios a signal, and chances; absent where too few."""

    sharpe: float | None
    expected_best_sharpe: float | None
    deflated_sharpe: float | None
    overfit: float | None
    reality_check: float | None


class Ranked(NamedTuple):
    """A variant's mean R at worst and at best, its trades, and its rank, from 1, where it has trades enough."""

    number: int
    trades: int
    worst: float | None
    best: float | None
    rank: int | None


class Judgement(NamedTuple):
    """What a sweep comes to. `signals` is the union over variants; `chosen` is the best of all time, if any is ranked.

    `luck` is over the worst results, and over the best.
    """

    signals: int
    chosen: int | None
    variants: tuple[Ranked, ...]
    ranked: int
    no_plan: Mapping[str, int]
    out_of_sample: OutOfSample
    luck: tuple[Luck, Luck]
    verdict: SweepVerdict


class Choice(NamedTuple):
    """The numbers of the variants that a judgement is about: the best of all time, and those that trade some fold."""

    chosen: int | None
    folds: tuple[int, ...]


class BarClock(NamedTuple):
    """The time of each bar's open, and how long a bar is, in nanoseconds."""

    time: Ints
    step_ns: int


def judged(variants: Sequence[VariantTrades], signals: Ints, clock: BarClock, asked: JudgeOrder) -> Judgement:
    """Judges variants, in their order. `signals` are all that any of them may take: `bar * 2 + (sign > 0)`, sorted."""
    no_plan, places = Counter[str](), []
    for at, each in enumerate(variants):
        if each.code:
            no_plan[each.code] += 1
        else:
            places.append(at)
    plans = Some(variants, places)
    order = _order(plans, asked)
    ranks = {at: rank for rank, at in enumerate(order, start=1)}
    rows = tuple(ranked_as(each, ranks.get(at)) for at, each in enumerate(plans))
    ranked = Some(plans, sorted(order))
    chosen = plans[order[0]] if order else None
    out = _out_of_sample(plans, signals, clock, asked)
    luck = _luck(ranked, chosen, signals, asked)
    return Judgement(
        len(signals),
        None if chosen is None else chosen.number,
        rows,
        len(order),
        dict(sorted(no_plan.items())),
        out,
        luck,
        verdict_of(luck, out),
    )


def choice_of(variants: Sequence[VariantTrades], signals: Ints, clock: BarClock, asked: JudgeOrder) -> Choice:
    """Returns what `judged` would choose, without what takes its time: what luck gives, and intervals."""
    plans = Some(variants, [at for at, each in enumerate(variants) if not each.code])
    order, (folds, _) = _order(plans, asked), _folds(plans, signals, clock, asked)
    return Choice(
        plans[order[0]].number if order else None, tuple(fold.number for fold in folds if fold.number is not None)
    )


def key_of(bar: Ints, sign: Ints) -> Ints:
    """Returns what tells signals apart, in order of time."""
    return np.asarray(bar * 2 + (sign > 0), dtype=np.int64)


def ranked_as(each: VariantTrades, rank: int | None) -> Ranked:
    """Returns a variant with its count of trades, its mean R at worst and at best, and its rank."""
    known = ~np.isnan(each.worst_r)
    worst, best = (float(values[known].mean()) if known.any() else None for values in (each.worst_r, each.best_r))
    return Ranked(each.number, len(each.bar), worst, best, rank)


# Ranking


def _order(plans: Sequence[VariantTrades], asked: JudgeOrder) -> list[int]:
    """Returns the places of variants that have trades enough, the best of all time first."""
    whole = [_score(each, np.ones(len(each.bar), dtype=bool), asked) for each in plans]
    return sorted((at for at, score in enumerate(whole) if score is not None), key=lambda at: (-(whole[at] or 0.0), at))


def _score(each: VariantTrades, of: Any, asked: JudgeOrder) -> float | None:  # noqa: ANN401 - an array of truths
    """Returns what some trades of a variant are ranked by; absent where they are too few."""
    worst = each.worst_r[of]
    worst = worst[~np.isnan(worst)]
    if len(worst) < max(asked.least, 1):
        return None
    return _MEASURES[asked.by](worst, each.worst_net[of])


def _profit_factor(worst: Floats, _: Floats) -> float:
    lost = -float(worst[worst < 0].sum())
    return float(worst[worst > 0].sum()) / lost if lost > 0 else float("inf")


def _sharpe(worst: Floats, _: Floats) -> float:
    return float(sharpe_ratios(worst[:, None])[0])


_MEASURES: dict[RankBy, Callable[[Floats, Floats], float]] = {
    RankBy.EXPECTANCY: lambda worst, _: float(worst.mean()),
    RankBy.PROFIT_FACTOR: _profit_factor,
    RankBy.SHARPE: _sharpe,
    RankBy.NET: lambda _, net: float(net.sum()),
}


# Out of sample


#: A variant, and which of its trades are joined.
_Test = tuple[VariantTrades, Any]


def _folds(
    plans: Sequence[VariantTrades], signals: Ints, clock: BarClock, asked: JudgeOrder
) -> tuple[list[Fold], list[_Test]]:
    """Returns each fold, and what trades those that some variant trades."""
    if not len(signals):
        return [], []
    times = clock.time[signals // 2]
    first, last = int(times[0]), int(times[-1])
    count = asked.folds + 1
    edges = [first + (last - first) * number // count for number in range(count)]
    edges.append(last + clock.step_ns)
    trains = [Stretch(edges[block - 1] if asked.rolling else edges[0], edges[block]) for block in range(1, count)]
    folds: list[Fold] = []
    tests: list[_Test] = []
    for block, at in enumerate(_best_of(trains, plans, clock, asked), start=1):
        train, test = trains[block - 1], Stretch(edges[block], edges[block + 1])
        if at is None:
            folds.append(Fold(train, test, None, 0, None, None))
            continue
        each = plans[at]
        begun = clock.time[each.bar]
        of = (begun >= test.begin) & (begun < test.end) & ~np.isnan(each.worst_r)
        tests.append((each, of))
        worst, best_r = _mean(each.worst_r[of]), _mean(each.best_r[of])
        folds.append(Fold(train, test, each.number, int(of.sum()), worst, best_r))
    return folds, tests


def _out_of_sample(plans: Sequence[VariantTrades], signals: Ints, clock: BarClock, asked: JudgeOrder) -> OutOfSample:
    folds, tests = _folds(plans, signals, clock, asked)
    if not tests:
        return OutOfSample(tuple(folds), 0, None, None, None, None)
    joined = [
        np.concatenate([values[of] for values, of in pairs])
        for pairs in ([(each.worst_r, of) for each, of in tests], [(each.best_r, of) for each, of in tests])
    ]
    bars = np.concatenate([each.bar[of] for each, of in tests])
    until = np.concatenate([each.last[of] for each, of in tests])
    # Bars of blocks that nothing traded are not counted: they would spread the trades thinner than they lay.
    traded = _bars_within([fold.test for fold in folds if fold.number is not None], clock)
    live = live_of(traded[bars], traded[until])
    spans = intervals([values.tolist() for values in joined], live, asked.seed)
    return OutOfSample(tuple(folds), len(bars), _mean(joined[0]), _mean(joined[1]), spans[0], spans[1])


def _best_of(
    trains: Sequence[Stretch], plans: Sequence[VariantTrades], clock: BarClock, asked: JudgeOrder
) -> list[int | None]:
    """Returns which variant is the best of each stretch, the first of several; none where none has trades enough."""
    best: list[tuple[float, int] | None] = [None] * len(trains)
    for at, each in enumerate(plans):
        begun, closes = clock.time[each.bar], clock.time[each.last] + clock.step_ns
        for which, train in enumerate(trains):
            # What ends after the stretch is not known in it.
            inside = (begun >= train.begin) & (begun < train.end) & (closes <= train.end)
            score, known = _score(each, inside, asked), best[which]
            if score is not None and (known is None or score > known[0]):
                best[which] = score, at
    return [None if each is None else each[1] for each in best]


def _mean(values: Floats) -> float | None:
    return float(values.mean()) if len(values) else None


def _bars_within(stretches: Sequence[Stretch], clock: BarClock) -> Ints:
    """Returns of each bar how many bars of some stretches came before it."""
    within = np.zeros(len(clock.time) + 1, dtype=np.int64)
    for each in stretches:
        begin, end = np.searchsorted(clock.time, each)
        within[begin + 1 : end + 1] = 1
    return np.cumsum(within)[:-1]


def live_of(bars: Ints, until: Ints) -> float:
    """Returns how many trades were live at once, on average from the first signal to the last, at least 1."""
    if not len(bars):
        return 1.0
    first, latest = int(bars.min()), int(bars.max())
    lived = int((np.minimum(until, latest) - bars).sum())
    return max(lived / max(latest - first, 1), 1.0)


# Luck


def _luck(
    ranked: Sequence[VariantTrades], chosen: VariantTrades | None, signals: Ints, asked: JudgeOrder
) -> tuple[Luck, Luck]:
    none = Luck(None, None, None, None, None)
    if chosen is None:
        return none, none
    live = max(each.live for each in ranked)
    at = next(index for index, each in enumerate(ranked) if each.number == chosen.number)
    block = mean_block(len(signals), live)

    def luck_of(results: Floats) -> Luck:
        ratios = sharpe_ratios(results)
        own, expected = float(ratios[at]), expected_best(ratios, len(ranked) + asked.tried)
        sure = deflated(own, expected, len(signals) / max(chosen.live, 1.0), *moments(results[:, at]))
        checked = reality_check(results, block, asked.seed)
        return Luck(own if isfinite(own) else None, expected, sure, overfitting(results, live), checked)

    worst, best = (_matrix(ranked, signals, which) for which in ("worst_r", "best_r"))
    found = luck_of(worst)
    # Where bars leave nothing open the two are one.
    return found, found if np.array_equal(worst, best) else luck_of(best)


def _matrix(ranked: Sequence[VariantTrades], signals: Ints, which: str) -> Floats:
    """Returns results of variants (columns) by signals (rows); 0 where a signal was not taken."""
    results = np.zeros((len(signals), len(ranked)))
    for column, each in enumerate(ranked):
        values = getattr(each, which)
        rows = np.searchsorted(signals, key_of(each.bar, each.sign))
        results[rows, column] = np.nan_to_num(values)
    return results


def verdict_of(luck: tuple[Luck, Luck], out: OutOfSample) -> SweepVerdict:
    """Returns the verdict: luck by the best results, or else open by the worst or by what is unknown, or it stands."""
    at_worst, at_best = _against(luck[0], out.worst_ci), _against(luck[1], out.best_ci)
    if any(each is True for each in at_best):
        return SweepVerdict.LUCK
    sure = all(each is False for each in (*at_worst, *at_best))
    return SweepVerdict.STANDS if sure else SweepVerdict.UNDECIDED


def _against(luck: Luck, ci: Pair) -> tuple[bool | None, bool | None, bool | None]:
    """Returns what speaks against skill: the deflated ratio, the odds of overfitting, the interval; absent: unknown."""
    return (
        None if luck.deflated_sharpe is None else luck.deflated_sharpe < 0.95,
        None if luck.overfit is None else luck.overfit > 0.5,
        None if ci is None else ci[0] <= 0,
    )
