"""The judge of a sweep: the best of each stretch of time traded on the next, what luck alone gives, and a verdict.

Time from first to last signal is cut into equal blocks; the best of those before trades the next (walk forward), so
that no result of the headline is of a variant that was chosen by it. A trade belongs to its signal's block, and is
known once the bar at which it ends has closed.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

from scaleplan.statistics.bootstrap import interval, mean_block
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
    whole = [_score(each, np.ones(len(each.bar), dtype=bool), asked) for each in plans]
    order = sorted(
        (at for at, score in enumerate(whole) if score is not None), key=lambda at: (-(whole[at] or 0.0), at)
    )
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


def key_of(bar: Ints, sign: Ints) -> Ints:
    """Returns what tells signals apart, in order of time."""
    return np.asarray(bar * 2 + (sign > 0), dtype=np.int64)


def ranked_as(each: VariantTrades, rank: int | None) -> Ranked:
    """Returns a variant with its count of trades, its mean R at worst and at best, and its rank."""
    known = ~np.isnan(each.worst_r)
    worst, best = (float(values[known].mean()) if known.any() else None for values in (each.worst_r, each.best_r))
    return Ranked(each.number, len(each.bar), worst, best, rank)


# Ranking


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


def _out_of_sample(plans: Sequence[VariantTrades], signals: Ints, clock: BarClock, asked: JudgeOrder) -> OutOfSample:
    if not len(signals):
        return OutOfSample((), 0, None, None, None, None)
    times = clock.time[signals // 2]
    first, last = int(times[0]), int(times[-1])
    count = asked.folds + 1
    edges = [first + (last - first) * number // count for number in range(count)] + [last + 1]
    trains = [Stretch(edges[block - 1] if asked.rolling else edges[0], edges[block]) for block in range(1, count)]
    folds: list[Fold] = []
    tests: list[tuple[VariantTrades, Any]] = []
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
    if not tests:
        return OutOfSample(tuple(folds), 0, None, None, None, None)
    joined = [
        np.concatenate([values[of] for values, of in pairs])
        for pairs in ([(each.worst_r, of) for each, of in tests], [(each.best_r, of) for each, of in tests])
    ]
    bars = np.concatenate([each.bar[of] for each, of in tests])
    until = np.concatenate([each.last[of] for each, of in tests])
    live = live_of(bars, until)
    spans = [interval(values.tolist(), live, asked.seed) for values in joined]
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
    found = []
    for which in ("worst_r", "best_r"):
        results = _matrix(ranked, signals, which)
        ratios = sharpe_ratios(results)
        expected = expected_best(ratios, len(ranked) + asked.tried)
        own = float(ratios[at])
        sure = deflated(own, expected, len(signals) / max(chosen.live, 1.0), *moments(results[:, at]))
        block = mean_block(len(signals), live)
        found.append(Luck(own, expected, sure, overfitting(results, live), reality_check(results, block, asked.seed)))
    return found[0], found[1]


def _matrix(ranked: Sequence[VariantTrades], signals: Ints, which: str) -> Floats:
    """Returns results of variants (columns) by signals (rows); 0 where a signal was not taken."""
    results = np.zeros((len(signals), len(ranked)))
    for column, each in enumerate(ranked):
        values = getattr(each, which)
        rows = np.searchsorted(signals, key_of(each.bar, each.sign))
        results[rows, column] = np.nan_to_num(values)
    return results


def verdict_of(luck: tuple[Luck, Luck], out: OutOfSample) -> SweepVerdict:
    """Returns the verdict: luck by the best results, or else open by the worst, or it stands."""
    worst, best = luck
    if any(each is True for each in _against(best, out.best_ci)):
        return SweepVerdict.LUCK
    return (
        SweepVerdict.STANDS if all(each is False for each in _against(worst, out.worst_ci)) else SweepVerdict.UNDECIDED
    )


def _against(luck: Luck, ci: Pair) -> tuple[bool | None, bool | None, bool | None]:
    """Returns what speaks against skill: the deflated ratio, the odds of overfitting, the interval; absent: unknown."""
    return (
        None if luck.deflated_sharpe is None else luck.deflated_sharpe < 0.95,
        None if luck.overfit is None else luck.overfit > 0.5,
        None if ci is None else ci[0] <= 0,
    )
