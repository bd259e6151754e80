"""A whole sweep: its pieces worked off, its variants judged, and all that is told of by name done again exactly."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import numpy as np

from scaleplan.bars.records import Bars
from scaleplan.book.baselines import Against, against
from scaleplan.book.metrics import Interval, interval_of, mean
from scaleplan.book.rules import Baseline
from scaleplan.book.trades import Taken
from scaleplan.quantity.exact import exact
from scaleplan.sweep.asked import JudgeOrder
from scaleplan.sweep.engines import Crew, WorkPiece, worked
from scaleplan.sweep.judge import BarClock, Choice, Judgement, choice_of, judged, key_of, ranked_as
from scaleplan.sweep.kept import KeptFile, token_of
from scaleplan.sweep.records import PIECE, Ints, VariantTrades
from scaleplan.sweep.search import Bench, Checked, trades_of
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


class SweepOrder(NamedTuple):
    """What is asked of a sweep beside what each piece has to know."""

    judge: JudgeOrder
    baselines: tuple[Baseline, ...]
    dca_every: int


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


_MINUTE = 60_000_000_000


def pieces_of(numbers: tuple[int, ...]) -> list[WorkPiece]:
    """Returns the variants in pieces, in their order."""
    return [
        WorkPiece(index, numbers[start : start + PIECE]) for index, start in enumerate(range(0, len(numbers), PIECE))
    ]


def swept(
    bench: Bench,
    whole: Bars,
    crew: Crew,
    asked: SweepOrder,
    kept: KeptFile | None = None,
    done: dict[int, list[VariantTrades]] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Swept:
    """Sweeps. `whole` are all bars, with those held out; `done` the pieces that an earlier run has finished.

    Ctrl-C ends the search: what is finished then is judged.
    """
    task, token = bench.task, token_of(bench.task)
    finished = {} if done is None else dict(done)
    pieces = pieces_of(task.grid.numbers)
    try:
        for piece, found in worked(crew, bench, token, [each for each in pieces if each.number not in finished]):
            finished[piece.number] = [each for each in found if isinstance(each, VariantTrades)]
            if kept is not None:
                kept.add(piece.number, finished[piece.number])
            if progress is not None:
                progress(len(finished), len(pieces))
    except KeyboardInterrupt:
        # What is finished is told of.
        pass
    telling = _Telling(bench, crew, asked, token, [each for index in sorted(finished) for each in finished[index]])
    return telling.told(whole)


class _Telling:
    """Judges variants, and does again exactly what is told of by name."""

    def __init__(
        self, bench: Bench, crew: Crew, asked: SweepOrder, token: str, variants: Sequence[VariantTrades]
    ) -> None:
        self._bench, self._crew, self._asked, self._token = bench, crew, asked, token
        self._variants = {each.number: each for each in variants}
        self._by_kernel = sum(not each.exact and not each.code for each in variants)
        self._outside: dict[int | None, VariantTrades] = {}
        self._faults: list[str] = []
        #: The chosen variant, and its trades in the exact machine.
        self._chosen: int | None = None
        self._book: Taken | None = None

    @exact
    def told(self, whole: Bars) -> Swept:
        """Returns what came of the sweep; where doing again what is named makes another the best, that is named."""
        bench = self._bench
        signals, clock = union_of(bench, self._variants.values()), BarClock(bench.bars.time, bench.bars.step_ns)
        while True:
            variants = list(self._variants.values())
            choice = choice_of(variants, signals, clock, self._asked.judge)
            if not self._choose(choice.chosen) and not self._again(self._names(choice)):
                break
        found = judged(variants, signals, clock, self._asked.judge)
        ranks = {each.number: each.rank for each in found.variants}
        neighbours = () if self._chosen is None else bench.task.grid.neighbours(self._chosen)
        book = self._book
        held = None
        if book is not None and len(whole) > len(bench.bars):
            held = _held_out(bench, whole, found.chosen, self._asked)
        beside: tuple[Against, ...] = ()
        if book is not None and book.trades:
            beside = tuple(_against(bench, name, book, self._asked) for name in self._asked.baselines)
        return Swept(
            found,
            book.trades[0].worst.made if book is not None and book.trades else _any_made(bench),
            len(bench.task.grid.numbers),
            len(self._variants),
            self._by_kernel,
            None if self._chosen is None else self._named(self._chosen, ranks),
            tuple(each for at in neighbours if (each := self._named(at, ranks)) is not None),
            self._named(None, ranks),
            beside,
            held,
            tuple(self._faults),
        )

    def _choose(self, chosen: int | None) -> bool:
        """Does the chosen variant exactly. Returns whether it is another than before."""
        if chosen is None or chosen == self._chosen:
            return False
        bench = self._bench
        self._chosen, variant = chosen, bench.variant(chosen)
        if isinstance(variant, str):
            raise TypeError("a variant that was traded is a plan")
        book = bench.book(variant)
        exactly = trades_of(chosen, variant, book)
        self._faults += _named_faults(bench, chosen, bench.compared(self._variants[chosen], exactly, book))
        self._variants[chosen] = exactly
        self._book = book
        return True

    def _names(self, choice: Choice) -> list[int | None]:
        """Returns the variants that are told of by name: of each fold, beside the chosen, and as written."""
        return [*choice.folds, *(() if self._chosen is None else self._bench.task.grid.neighbours(self._chosen)), None]

    def _again(self, names: list[int | None]) -> bool:
        """Does variants exactly. Returns whether there was anything to do."""
        missing = [name for name in dict.fromkeys(names) if not self._is_exact(name)]
        again = [
            WorkPiece(at, (name,), (None if name is None else self._variants.get(name),))
            for at, name in enumerate(missing)
        ]
        for piece, checks in worked(self._crew, self._bench, self._token, again):
            name = piece.numbers[0]
            for check in checks:
                if isinstance(check, Checked):
                    self._faults += _named_faults(self._bench, name, check.faults)
                    if name is not None and name in self._variants:
                        self._variants[name] = check.found
                    else:
                        self._outside[name] = check.found
        return bool(missing)

    def _is_exact(self, name: int | None) -> bool:
        if name is not None and name in self._variants:
            return self._variants[name].exact
        return name in self._outside

    def _named(self, name: int | None, ranks: Mapping[int, int | None]) -> Named | None:
        each = self._variants[name] if name is not None and name in self._variants else self._outside[name]
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


def _against(bench: Bench, name: Baseline, book: Taken, asked: SweepOrder) -> Against:
    manner = bench.task.manner
    if name is Baseline.DCA:
        manner = manner._replace(buys_every=asked.dca_every * _MINUTE)
    return against(name, book.trades, bench.tape, manner, bench.task.rules, Decimal(book.live), asked.judge.seed)


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


def _any_made(bench: Bench) -> Made | None:
    """Returns the plan of the template as written at a signal, to say what is traded."""
    variant = bench.variant(None)
    if isinstance(variant, str):
        return None
    for signal in variant.signals[:100]:
        made = variant.maker.made(signal)
        if isinstance(made, Made):
            return made
    return None
