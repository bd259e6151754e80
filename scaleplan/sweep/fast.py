"""The kernel at work: signals and bars as flat rows, variants run through it, and the exact machine where it asks.

Variants that are traded at the same signals go through them together, a stretch of time after the other: bars that the
first of them has read are at hand for all.
"""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import numpy as np

from scaleplan.bars.indicators import BarSignal, priced, short
from scaleplan.bars.records import Bars
from scaleplan.book.trades import replay_of
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import read_number
from scaleplan.replay import LimitFills, Tape
from scaleplan.sweep import kernel as k
from scaleplan.sweep.program import Program, program_of
from scaleplan.sweep.records import PIECE, Came, Floats, Ints, Task, VariantTrades, variant_of_parts
from scaleplan.template.maker import Made, Maker, NoLevel, NoPlan

#: As one that takes its rows from several places.
_RUN: Any = k.run
#: A stretch of signals, by all variants in turn, is of at least so many, and ends where they cover so many bars.
_STRETCH, _COVERED = 16, 8_192
#: Signals times variants that are held at once.
_AT_ONCE = 1 << 20


class Tried(NamedTuple):
    """A variant to be traded: its number, what makes its plans, its signals and the rule that gave them."""

    number: int
    maker: Maker
    signals: list[BarSignal]
    rule: str


class _Signals(NamedTuple):
    """Signals as rows: the bar of each, and what its bar gives: close, ATR, columns; 0 where that is not known.

    And where stretches of signals of one side end, each with the side's number. `bars` and `signs` are those of the
    signals once more, as arrays.
    """

    bar: Any
    given: Any
    ends: Any
    bars: Ints
    signs: Ints


class _Answer(NamedTuple):
    """What the exact machine says of a plan: margin, 1R, worst and best net result, the last bar, whether it filled."""

    numbers: tuple[float, float, float, float]
    last: int
    filled: bool


class Kernel:
    """Runs variants on one series of bars. What it is not sure of, `exact` bars and the exact machine decide."""

    def __init__(self, task: Task, bars: Bars) -> None:
        self.task = task
        self._bars = bars
        self._tape = Tape(bars)
        tops, bottoms = _blocks(bars.high, np.maximum), _blocks(bars.low, np.minimum)
        rows = (bars.open, bars.high, bars.low, bars.close, np.concatenate(tops), np.concatenate(bottoms))
        #: The times and the prices of bars as rows.
        self.time, self.prices = _fixed(bars.time), tuple(_fixed(each) for each in rows)
        through = task.manner.through
        #: How far limits are gone through, in each world, the least first.
        self.worlds = _row(
            np.array(sorted(float(through if world is LimitFills.THROUGH else ZERO) for world in task.manner.limits))
        )
        #: The work in hand.
        self.work = (
            _row(np.zeros(k.PROGRAM_WHOLES, dtype=np.int64)),
            _row(np.zeros(k.PROGRAM_NUMBERS)),
            _row(np.zeros(k.WORK_WHOLES, dtype=np.int64)),
            _row(np.zeros(k.WORK_NUMBERS)),
        )
        starts = np.cumsum([0, *(len(each) for each in tops)])
        for level in range(k.LEVELS):
            self.work[2][k.BLOCKS + level] = int(starts[level])
        self._signals: dict[tuple[object, ...], _Signals] = {}

    def run(self, tried: Sequence[Tried]) -> list[VariantTrades | None]:
        """Returns what becomes of each variant; absent where the kernel cannot do it."""
        found: list[VariantTrades | None] = [None] * len(tried)
        together: dict[int, list[tuple[int, Tried, list[Program]]]] = {}
        rows: dict[int, _Signals] = {}
        for at, each in enumerate(tried):
            programs = self._programs(each.maker) if each.signals else None
            if programs is not None:
                signals = self._rows_of(each)
                rows[id(signals)] = signals
                together.setdefault(id(signals), []).append((at, each, programs))
        for key, several in together.items():
            most = max(min(PIECE, _AT_ONCE // len(rows[key].bars)), 1)
            for start in range(0, len(several), most):
                some = several[start : start + most]
                batch = _Batch(self, rows[key], [each for _, each, _ in some], [programs for *_, programs in some])
                for (at, *_), came in zip(some, batch.run(), strict=True):
                    found[at] = came
        return found

    def _programs(self, maker: Maker) -> list[Program] | None:
        """Returns the program of each side of a variant; absent where the kernel does not know something of it."""
        programs = []
        for sign in maker.sides:
            program = program_of(maker, sign, self.task.rules, self._bars.step_ns)
            if program is None:
                return None
            programs.append(program)
        return programs

    def warm(self) -> None:
        """Runs nothing: what has to be compiled is, or comes from where it was kept, before others ask for it."""
        wholes, numbers = _row(np.zeros(k.O_SIZE, dtype=np.int64)), _row(np.zeros(4))
        held = _row(np.zeros(4, dtype=np.int64))
        _RUN(
            *(wholes, wholes, numbers, *self.work, self.time, self.prices, held, numbers, held, self.worlds),
            *(held, held, numbers, held, numbers, numbers, held),
        )

    def _rows_of(self, tried: Tried) -> _Signals:
        """Returns signals as rows, found once for each rule and what prices are made of."""
        maker, signals = tried.maker, tried.signals
        key = tried.rule, maker.sides, maker.template.atr if maker.atr is not None else None, maker.columns
        found = self._signals.get(key)
        if found is None:
            given = np.zeros((len(signals), 2 + len(maker.columns)))
            close = self._bars.close
            for at, signal in enumerate(signals):
                given[at, 0] = close[signal.bar]
                value = 1.0 if maker.atr is None else float(maker.atr[signal.bar])
                given[at, 1] = float(short(value)) if value > 0 else 0.0
                for place, name in enumerate(maker.columns):
                    price = read_number(priced(maker.values(name), signal.bar))
                    given[at, 2 + place] = 0.0 if isinstance(price, Mistake) else float(price)
            bar = np.array([signal.bar for signal in signals], dtype=np.int64)
            signs = np.array([signal.sign for signal in signals], dtype=np.int64)
            ends = _row(np.array(_stretches(signals, maker.sides), dtype=np.int64).reshape(-1))
            found = self._signals[key] = _Signals(_row(bar), _row(given.reshape(-1)), ends, bar, signs)
        return found

    @exact
    def answer(self, maker: Maker, signal: BarSignal) -> _Answer | str:
        """Returns what the exact machine says of the plan of a signal; the code where there is none."""
        made = maker.made(signal)
        if isinstance(made, NoPlan):
            return made.code
        if isinstance(made, NoLevel):
            return ""
        return self._answer(made, signal)

    def _answer(self, made: Made, signal: BarSignal) -> _Answer:
        task = self.task
        margin, equity = made.ladder.steps[-1].position.initial_margin, made.plan.account.equity
        one_r = made.ladder.totals.r or ZERO
        told = float(margin)
        if equity is not None:
            # Which of the two is the larger is decided exactly.
            limit = float(equity)
            told = min(told, limit) if margin <= equity else max(told, float(np.nextafter(limit, np.inf)))
        if equity is not None and margin > equity:
            return _Answer((told, float(one_r), 0.0, 0.0), -1, filled=False)
        replay = replay_of(made, signal, self._tape, task.manner, task.rules)
        worst, best = replay.worst.result.net, replay.best.result.net
        filled = any(end.filled for world in replay.worlds for end in world.ends)
        return _Answer((told, float(one_r), float(worst), float(best)), replay.last, filled=filled)


class _Batch:
    """Some variants on their way through the kernel, at the same signals."""

    def __init__(
        self, kernel: Kernel, rows: _Signals, tried: Sequence[Tried], programs: Sequence[Sequence[Program]]
    ) -> None:
        self._kernel, self._signalled, self._tried = kernel, rows, tried
        count, variants = len(rows.bars), len(tried)
        flat = [program for each in programs for program in each]
        wholes, numbers = _side_by_side([each.pi for each in flat]), _side_by_side([each.pf for each in flat])
        order = np.zeros(k.O_SIZE, dtype=np.int64)
        order[k.O_VARIANTS], order[k.O_SIDES] = variants, len(programs[0])
        order[k.O_WHOLES], order[k.O_NUMBERS] = wholes.shape[1], numbers.shape[1]
        order[k.O_SIGNALS], order[k.O_BARS] = count, len(kernel.time)
        order[k.O_STRETCHES] = len(rows.ends) // 2
        self._order = _row(order)
        self._programs = _row(wholes.reshape(-1)), _row(numbers.reshape(-1))
        self._st = _row(np.zeros(k.S_SIZE * variants, dtype=np.int64))
        self._live = _row(np.zeros(count * variants, dtype=np.int64)), _row(np.zeros(count * variants))
        self._out = _row(np.zeros(2 * count * variants, dtype=np.int64)), _row(np.zeros(4 * count * variants))
        self._answer = _row(np.zeros(4)), _row(np.zeros(2, dtype=np.int64))
        self._no_plan = [Counter[str]() for _ in tried]

    def run(self) -> list[VariantTrades]:
        """Takes all signals, and returns what came of each variant."""
        kernel, rows = self._kernel, self._signalled
        while True:
            asked = _RUN(
                self._order,
                *self._programs,
                *kernel.work,
                kernel.time,
                kernel.prices,
                rows.bar,
                rows.given,
                rows.ends,
                kernel.worlds,
                self._st,
                *self._live,
                *self._out,
                *self._answer,
            )
            if asked < 0:
                return [self._variant(at) for at in range(len(self._tried))]
            self._ask(int(self._order[k.O_VARIANT]), asked)

    def _ask(self, variant: int, index: int) -> None:
        """Puts the answer of the exact machine where the kernel finds it."""
        tried = self._tried[variant]
        said = self._kernel.answer(tried.maker, tried.signals[index])
        st, at = self._st, variant * k.S_SIZE
        if isinstance(said, str):
            if said:
                self._no_plan[variant][said] += 1
            else:
                st[at + k.S_NO_LEVEL] += 1
            st[at + k.S_ANSWER] = k.NO_PLAN
            return
        st[at + k.S_ANSWER] = k.ANSWERED
        numbers, wholes = self._answer
        for place, value in enumerate(said.numbers):
            numbers[place] = value
        wholes[0], wholes[1] = said.last, int(said.filled)

    def _variant(self, at: int) -> VariantTrades:
        """Returns what came of a variant."""
        tried, signalled = self._tried[at], self._signalled
        st = self._st[at * k.S_SIZE : (at + 1) * k.S_SIZE]
        count, first = int(st[k.S_ROWS]), at * len(signalled.bars)
        found = np.asarray(self._out[0])[2 * first : 2 * (first + count)].reshape(-1, 2)
        parts = np.asarray(self._out[1])[4 * first : 4 * (first + count)].reshape(-1, 4)
        index, last = found[:, 0], found[:, 1]
        signs = signalled.signs[index]
        whole = np.column_stack((signalled.bars[index], np.where(signs == 0, tried.maker.sides[0], signs), last))
        counts = {
            "found": st[k.S_FOUND],
            "taken": st[k.S_TAKEN],
            "overlapping": st[k.S_OVERLAPPING],
            "too_late": st[k.S_TOO_LATE],
            "not_entered": st[k.S_NOT_ENTERED],
            "no_level": st[k.S_NO_LEVEL],
            "no_margin": st[k.S_NO_MARGIN],
        }
        lived = Decimal(int(st[k.S_LIVED])) / max(tried.signals[-1].bar - tried.signals[0].bar, 1)
        came = Came(
            {name: int(value) for name, value in counts.items()},
            dict(sorted(self._no_plan[at].items())),
            max(float(lived), 1.0),
            exact=False,
            rule=tried.rule,
            sides=tried.maker.sides,
        )
        return variant_of_parts(tried.number, whole, parts, came)


def _stretches(signals: list[BarSignal], sides: tuple[int, ...]) -> list[tuple[int, int]]:
    """Returns where each stretch of signals ends, and the number of its side; see `_STRETCH`."""
    found, begun = [], 0
    for at, each in enumerate(signals):
        after = signals[at + 1] if at + 1 < len(signals) else None
        enough = at + 1 - begun >= _STRETCH and each.bar - signals[begun].bar >= _COVERED
        if after is None or after.sign != each.sign or enough:
            found.append((at + 1, sides.index(each.sign) if each.sign in sides else 0))
            begun = at + 1
    return found


def _side_by_side(rows: Sequence[Any]) -> Any:  # noqa: ANN401 - an array of the rows' kind
    """Returns rows under one another, each filled up with zeros to the longest."""
    found = np.zeros((len(rows), max(len(row) for row in rows)), dtype=rows[0].dtype)
    for at, row in enumerate(rows):
        found[at, : len(row)] = row
    return found


def _blocks(prices: Floats, extreme: Any) -> list[Floats]:  # noqa: ANN401 - a function of numpy's
    """Returns the extremes of blocks of 8 bars, then of 64, and so on."""
    found = []
    for _ in range(k.LEVELS):
        prices = extreme.reduceat(prices, np.arange(0, len(prices), 8))
        found.append(prices)
    return found


def _row(values: Floats | Ints) -> Any:  # noqa: ANN401 - an array, or without a compiler what is indexed faster
    """Returns numbers as the kernel wants them: an array for machine code, else what Python reads one of quickly."""
    flat: Any = np.ascontiguousarray(values)
    return flat if k.COMPILED else memoryview(flat)


def _fixed(values: Floats | Ints) -> Any:  # noqa: ANN401 - as above
    """Returns numbers that nobody changes: a process that maps them from a file cannot."""
    flat: Any = np.ascontiguousarray(values).view()
    flat.flags.writeable = False
    return _row(flat)
