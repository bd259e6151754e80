"""A whole sweep: its pieces worked off, its variants judged, and all that is told of by name done again exactly."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import islice
from typing import NamedTuple

import numpy as np

from scaleplan.bars.records import Bars
from scaleplan.book.baselines import Against
from scaleplan.book.metrics import Interval, interval_of, mean
from scaleplan.quantity.exact import exact
from scaleplan.sweep.asked import SweepOrder
from scaleplan.sweep.engines import Crew, WorkPiece, worked
from scaleplan.sweep.held import HeldVariants
from scaleplan.sweep.judge import BarClock, Choice, Judgement, choice_of, judged, key_of, ranked_as
from scaleplan.sweep.kept import KeptFile, token_of
from scaleplan.sweep.records import PIECE, PIECE_RESULTS, Ints, VariantTrades
from scaleplan.sweep.search import Bench, Checked
from scaleplan.template.maker import Made


class Named(NamedTuple):
    """A variant told of by name, done exactly: mean R at worst and at best. Without a `number` it is as written.

    `rank` is absent where it was not among those tried, or had too few trades.
    """

    number: int | None
    trades: int
    worst: float | None
    best: float | None
    rank: int | None


class Holdout(NamedTuple):
    """The chosen variant on the end of the data, which nothing else has seen: from a bar on."""

    since: int
    trades: int
    worst: Decimal | None
    best: Decimal | None
    ci: Interval | None


class Swept(NamedTuple):
    """What came of a sweep. `done` of the `asked` variants are finished; `by_kernel` of them the kernel did.

    `made` is a plan of the chosen, or of any. `faults` are where kernel and exact machine differ.
    """

    judged: Judgement
    made: Made | None
    asked: int
    done: int
    by_kernel: int
    chosen: Named | None
    neighbours: tuple[Named, ...]
    written: Named | None
    against: tuple[Against, ...]
    holdout: Holdout | None
    faults: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Returns whether every variant is finished."""
        return self.done == self.asked


def pieces_of(numbers: tuple[int, ...], signals: int) -> list[WorkPiece]:
    """Returns the variants in pieces, in their order: 64 each, fewer where signals are very many."""
    size = max(min(PIECE, PIECE_RESULTS // max(signals, 1)), 1)
    return [WorkPiece(index, numbers[start : start + size]) for index, start in enumerate(range(0, len(numbers), size))]


def swept(
    bench: Bench,
    whole: Bars,
    crew: Crew,
    asked: SweepOrder,
    held: HeldVariants,
    kept: KeptFile | None = None,
    progress: Callable[[int], None] | None = None,
) -> Swept:
    """Sweeps. `whole` are all bars, with those held out; `held` has what an earlier run has finished.

    Ctrl-C ends the search: what is finished then is judged. `progress` is told how many pieces are.
    """
    token = token_of(bench.task)
    try:
        for piece, found in worked(crew, bench, token, [each for each in held.pieces if each.number not in held.done]):
            variants = [each for each in found if isinstance(each, VariantTrades)]
            held.add(piece.number, variants)
            if kept is not None:
                kept.add(piece.number, variants)
            if progress is not None:
                progress(len(held.done))
    except KeyboardInterrupt:
        # What is finished is told of.
        pass
    return _Telling(bench, crew, asked, token, held).told(whole)


class _Telling:
    """Judges variants, and does again exactly what is told of by name."""

    def __init__(self, bench: Bench, crew: Crew, asked: SweepOrder, token: str, held: HeldVariants) -> None:
        self._bench, self._crew, self._asked, self._token = bench, crew, asked, token
        self._held = held
        self._by_kernel = held.by_kernel
        self._outside: dict[int | None, VariantTrades] = {}
        self._faults: list[str] = []
        #: What stands beside the variants that were chosen.
        self._against: dict[int, tuple[Against, ...]] = {}

    @exact
    def told(self, whole: Bars) -> Swept:
        """Returns what came of the sweep; where doing again what is named makes another the best, that is named."""
        bench, held = self._bench, self._held
        signals, clock = union_of(bench, held), BarClock(bench.bars.time, bench.bars.step_ns)
        while True:
            choice = choice_of(held, signals, clock, self._asked.judge)
            if not self._again(choice.chosen, self._names(choice)):
                break
        found = judged(held, signals, clock, self._asked.judge)
        chosen = found.chosen
        named = [] if chosen is None else [chosen, *bench.task.grid.neighbours(chosen)]
        ranks = {each.number: each.rank for each in found.variants if each.number in named}
        out = None
        if chosen is not None and len(whole) > len(bench.bars):
            out = _held_out(bench, whole, chosen, self._asked)
        return Swept(
            found,
            _any_made(bench, chosen, 0 if chosen is None else int(held.of(chosen).bar[0])),
            len(bench.task.grid.numbers),
            len(held),
            self._by_kernel,
            None if chosen is None else self._named(chosen, ranks),
            tuple(each for at in named[1:] if (each := self._named(at, ranks)) is not None),
            self._named(None, ranks),
            () if chosen is None else self._against[chosen],
            out,
            tuple(self._faults),
        )

    def _names(self, choice: Choice) -> list[int | None]:
        """Returns the variants that are told of by name: of each fold, beside the chosen, and as written."""
        neighbours = () if choice.chosen is None else self._bench.task.grid.neighbours(choice.chosen)
        return [*choice.folds, *neighbours, None]

    def _again(self, chosen: int | None, names: list[int | None]) -> bool:
        """Does variants exactly. Returns whether there was anything to do."""
        missing = [
            name for name in dict.fromkeys(names) if (name is None or name != chosen) and not self._is_exact(name)
        ]
        if chosen is not None and chosen not in self._against:
            # Most is to do for it.
            missing.insert(0, chosen)
        again = [
            WorkPiece(at, (name,), (self._claimed(name),), self._asked if name is not None and name == chosen else None)
            for at, name in enumerate(missing)
        ]
        found = {piece.number: checks for piece, checks in worked(self._crew, self._bench, self._token, again)}
        for piece in again:
            # In the order in which they were asked for, whoever was first.
            for check in found[piece.number]:
                if isinstance(check, Checked):
                    self._faults += _named_faults(self._bench, piece.numbers[0], check.faults)
                    self._take(piece.numbers[0], check, piece.beside)
        return bool(missing)

    def _take(self, name: int | None, check: Checked, asked: SweepOrder | None) -> None:
        if name is None or not self._held.has(name):
            self._outside[name] = check.found
            return
        if not self._held.of(name).exact:
            self._held.put(check.found)
        if asked is not None:
            self._against[name] = check.against

    def _claimed(self, name: int | None) -> VariantTrades | None:
        return None if name is None or not self._held.has(name) else self._held.of(name)

    def _is_exact(self, name: int | None) -> bool:
        claimed = self._claimed(name)
        return name in self._outside if claimed is None else claimed.exact

    def _named(self, name: int | None, ranks: Mapping[int, int | None]) -> Named | None:
        each = self._claimed(name) or self._outside[name]
        if each.code:
            return None
        _, trades, worst, best, rank = ranked_as(each, None if name is None else ranks.get(name))
        return Named(name, trades, worst, best, rank)


def _named_faults(bench: Bench, name: int | None, faults: Iterable[str]) -> list[str]:
    words = "as written"
    if name is not None:
        words = ", ".join(f"{path}={value}" for path, value in bench.task.grid.settings(name).items())
    return [f"{words}: {fault}" for fault in faults]


def union_of(bench: Bench, variants: Iterable[VariantTrades]) -> Ints:
    """Returns all signals that some variant may take, by what tells them apart."""
    found = [np.zeros(0, dtype=np.int64)]
    for signals in bench.asked_for(variants):
        in_time = [each for each in signals if each.bar < len(bench.bars) - 1]
        bars = np.array([each.bar for each in in_time], dtype=np.int64)
        found.append(key_of(bars, np.array([each.sign for each in in_time], dtype=np.int64)))
    return np.unique(np.concatenate(found))


def _held_out(bench: Bench, whole: Bars, chosen: int | None, asked: SweepOrder) -> Holdout | None:
    """Trades the chosen variant on the bars that were held out; what came before them is known, and not traded."""
    other = Bench(bench.task, whole)
    variant = other.variant(chosen)
    if isinstance(variant, str):
        return None
    since = len(bench.bars)
    book = other.book(variant._replace(signals=[each for each in variant.signals if each.bar >= since]))
    worst, best = (
        [r for side in sides if (r := side.r) is not None]
        for sides in ([trade.worst for trade in book.trades], [trade.best for trade in book.trades])
    )
    spans = [interval_of(values, book.live, asked.judge.seed) for values in (worst, best)]
    ci = None
    if spans[0] is not None and spans[1] is not None:
        ci = Interval(min(spans[0].low, spans[1].low), max(spans[0].high, spans[1].high))
    return Holdout(since, len(book.trades), mean(worst), mean(best), ci)


def _any_made(bench: Bench, number: int | None, bar: int) -> Made | None:
    """Returns a plan of a variant, or of the template as written, from a bar on, to say what is traded."""
    variant = bench.variant(number)
    if isinstance(variant, str):
        return None
    for signal in islice((each for each in variant.signals if each.bar >= bar), 100):
        made = variant.maker.made(signal)
        if isinstance(made, Made):
            return made
    return None
