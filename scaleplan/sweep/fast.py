"""The kernel at work: signals and bars as flat rows, variants run through it, and the exact machine where it asks."""

from collections import Counter
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
from scaleplan.sweep.records import Came, Floats, Ints, Task, VariantTrades, variant_of_parts
from scaleplan.template.maker import Made, Maker, NoLevel, NoPlan

#: As one that takes its rows from several places.
_RUN: Any = k.run


class _Signals(NamedTuple):
    """Signals as rows: the bar of each, and what its bar gives: close, ATR, columns; 0 where that is not known.

    And where signals of one sign end, and bars with signs once more, as arrays.
    """

    bar: Any
    given: Any
    ends: tuple[int, ...]
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
        self._task = task
        self._bars = bars
        self._tape = Tape(bars)
        prices = [_fixed(each) for each in (bars.open, bars.high, bars.low, bars.close)]
        blocks = [_fixed(_blocks(bars, size, top=top)) for size in (k.SMALL, k.LARGE) for top in (True, False)]
        self._prices = (*prices, *blocks)
        self._time = _fixed(bars.time)
        through = task.manner.through
        self._worlds = _row(
            np.array([float(through if world is LimitFills.THROUGH else ZERO) for world in task.manner.limits])
        )
        self._signals: dict[tuple[object, ...], _Signals] = {}
        self._rows: dict[int, tuple[Any, ...]] = {}

    def run(self, number: int, maker: Maker, signals: list[BarSignal], rule: str) -> VariantTrades | None:
        """Returns what becomes of a variant; absent where the kernel cannot do it."""
        task = self._task
        programs: dict[int, Program] = {}
        for sign in maker.sides:
            program = program_of(maker, sign, task.rules, self._bars.step_ns)
            if program is None:
                return None
            programs[sign] = program
        if not signals:
            return None
        run = _Run(self, maker, signals, programs)
        rows = self._rows_of(maker, signals, rule)
        run.whole(rows)
        return run.variant(number, rule, rows)

    def warm(self) -> None:
        """Runs nothing: what has to be compiled is, or comes from where it was kept, before others ask for it."""
        wholes, numbers = _row(np.zeros(k.S_SIZE, dtype=np.int64)), _row(np.zeros(4))
        rows = self.rows_for(0)
        _RUN(
            *(wholes, numbers, numbers, wholes, numbers, wholes),
            *rows,
            *(numbers, numbers, self._time, self._prices, wholes, numbers, self._worlds, wholes, wholes, numbers),
            *(wholes, numbers, numbers, wholes, 0, 0),
        )

    def _rows_of(self, maker: Maker, signals: list[BarSignal], rule: str) -> _Signals:
        """Returns signals as rows, found once for each rule and what prices are made of."""
        key = rule, maker.sides, maker.template.atr if maker.atr is not None else None, maker.columns
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
            ends = (*(np.flatnonzero(np.diff(signs)) + 1).tolist(), len(signals))
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
        task = self._task
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

    def rows_for(self, targets: int) -> tuple[Any, ...]:
        """Returns the rows that states, branches and nodes stand in, for so many targets."""
        found = self._rows.get(targets)
        if found is None:
            wide = k.MARKS + targets
            found = self._rows[targets] = tuple(
                _row(each)
                for each in (
                    np.zeros(k.ROWS * k.WHOLES, dtype=np.int64),
                    np.zeros(k.ROWS * wide),
                    np.zeros(k.ROWS * k.BRANCH_WHOLES, dtype=np.int64),
                    np.zeros(k.ROWS * k.BRANCH_NUMBERS),
                    np.zeros(k.NODES * k.NODE_WHOLES, dtype=np.int64),
                    np.zeros(k.NODES * 2),
                    np.zeros(k.W_SIZE, dtype=np.int64),
                    np.zeros(2),
                )
            )
        return found

    @property
    def bars(self) -> tuple[Any, Any, int]:
        """Returns the times and the prices of bars as rows, and how many there are."""
        return self._time, self._prices, len(self._bars)

    @property
    def worlds(self) -> Any:  # noqa: ANN401 - a row of numbers
        """Returns how far limits are gone through, in each world."""
        return self._worlds


class _Run:
    """One variant on its way through the kernel."""

    def __init__(self, kernel: Kernel, maker: Maker, signals: list[BarSignal], programs: dict[int, Program]) -> None:
        self._kernel, self._maker, self._signals, self._programs = kernel, maker, signals, programs
        count = len(signals)
        self._st = _row(np.zeros(k.S_SIZE, dtype=np.int64))
        self._st[k.S_LATEST] = signals[-1].bar
        self._st[k.S_WORLDS] = len(kernel.worlds)
        self._live = _row(np.zeros(count + 1, dtype=np.int64)), _row(np.zeros(count + 1))
        self._out = _row(np.zeros(2 * count, dtype=np.int64)), _row(np.zeros(4 * count))
        self._answer = _row(np.zeros(4)), _row(np.zeros(2, dtype=np.int64))
        self._no_plan = Counter[str]()

    def whole(self, rows: _Signals) -> None:
        """Takes all signals, those of one side after the other in turn."""
        for end in rows.ends:
            program = self._programs.get(self._signals[end - 1].sign) or next(iter(self._programs.values()))
            self._stretch(program, rows, end)

    def _stretch(self, program: Program, rows: _Signals, end: int) -> None:
        tiers, targets = int(program.pi[k.TIERS]), int(program.pi[k.TARGETS])
        st = self._st
        st[k.S_END] = end
        time, prices, count = self._kernel.bars
        own: list[Any] = [_row(each) for each in (program.pi, program.pf, program.co, program.ro)]
        levels = _row(np.zeros(k.V_TIERS + 4 * tiers + 2 * targets))
        orders, risks, plan = _row(np.zeros(tiers, dtype=np.int64)), _row(np.zeros(tiers)), _row(np.zeros(2))
        while True:
            asked = _RUN(
                *own,
                levels,
                orders,
                *self._kernel.rows_for(targets),
                risks,
                plan,
                time,
                prices,
                rows.bar,
                rows.given,
                self._kernel.worlds,
                st,
                *self._live,
                *self._out,
                *self._answer,
                program.slots,
                count,
            )
            if asked < 0:
                return
            self._ask(asked)

    def _ask(self, index: int) -> None:
        """Puts the answer of the exact machine where the kernel finds it."""
        said = self._kernel.answer(self._maker, self._signals[index])
        st = self._st
        if isinstance(said, str):
            if said:
                self._no_plan[said] += 1
            else:
                st[k.S_NO_LEVEL] += 1
            st[k.S_ANSWER] = k.NO_PLAN
            return
        st[k.S_ANSWER] = k.ANSWERED
        numbers, wholes = self._answer
        for place, value in enumerate(said.numbers):
            numbers[place] = value
        wholes[0], wholes[1] = said.last, int(said.filled)

    def variant(self, number: int, rule: str, signalled: _Signals) -> VariantTrades:
        """Returns what came of it."""
        st, signals = self._st, self._signals
        count = int(st[k.S_ROWS])
        found = np.asarray(self._out[0])[: 2 * count].reshape(-1, 2)
        index, last = found[:, 0], found[:, 1]
        signs = signalled.signs[index]
        whole = np.column_stack((signalled.bars[index], np.where(signs == 0, self._maker.sides[0], signs), last))
        parts = np.asarray(self._out[1])[: 4 * count].reshape(-1, 4)
        counts = {
            "found": st[k.S_FOUND],
            "taken": st[k.S_TAKEN],
            "overlapping": st[k.S_OVERLAPPING],
            "too_late": st[k.S_TOO_LATE],
            "not_entered": st[k.S_NOT_ENTERED],
            "no_level": st[k.S_NO_LEVEL],
            "no_margin": st[k.S_NO_MARGIN],
        }
        lived = Decimal(int(st[k.S_LIVED])) / max(signals[-1].bar - signals[0].bar, 1)
        came = Came(
            {name: int(value) for name, value in counts.items()},
            dict(sorted(self._no_plan.items())),
            max(float(lived), 1.0),
            exact=False,
            rule=rule,
            sides=self._maker.sides,
        )
        return variant_of_parts(number, whole, parts, came)

    @property
    def asked(self) -> int:
        """Returns how often the exact machine was asked."""
        return int(self._st[k.S_ASKED])


def _blocks(bars: Bars, size: int, *, top: bool) -> Floats:
    """Returns the highest high, or the lowest low, of each block of so many bars."""
    starts = np.arange(0, max(len(bars), 1), size)
    found: Floats = (np.maximum if top else np.minimum).reduceat(bars.high if top else bars.low, starts)
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
