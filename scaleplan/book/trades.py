"""Signals taken one after the other: plans made, replayed from the next bar, and counted where none came of them."""

from collections import Counter
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.bars.indicators import BarSignal
from scaleplan.book.rules import Rules
from scaleplan.book.segments import Segment, segments_of, value_at
from scaleplan.engine.risk import in_r
from scaleplan.plan import Order
from scaleplan.quantity.exact import ONE, ZERO, exact
from scaleplan.replay import Manner, Replayed, Tape, replayed, results_of
from scaleplan.replay.result import ReplayResult
from scaleplan.template.maker import Made, Maker, NoLevel, NoPlan


class TradeSide(NamedTuple):
    """A trade on its way to the worst, or to the best: the plan made for it, its replay, the result, its segments."""

    made: Made
    replay: Replayed
    result: ReplayResult
    segments: tuple[Segment, ...]

    @property
    def r(self) -> Decimal | None:
        """The net result over the plan's own 1R; absent without one."""
        return in_r(self.result.net, self.made.ladder.totals.r)


class SignalTrade(NamedTuple):
    """A taken signal on which some branch filled a tier. `last` is the bar until which some branch was live."""

    signal: BarSignal
    sign: int
    worst: TradeSide
    best: TradeSide
    last: int

    @property
    def undecided(self) -> bool:
        """Whether the bars leave open what came of it."""
        return self.worst.result.net != self.best.result.net


class Counts(NamedTuple):
    """What became of signals."""

    found: int
    taken: int
    overlapping: int
    too_late: int
    not_entered: int
    no_level: int
    no_margin: int
    no_plan: dict[str, int]
    still_live: int


class Taken(NamedTuple):
    """All that came of signals: trades in order of time, counts, plans live at once on average, the first signal."""

    trades: tuple[SignalTrade, ...]
    counts: Counts
    live: Decimal
    first: int | None


_COUNTED = ("found", "taken", "overlapping", "too_late", "not_entered", "no_level", "no_margin")


class _Open(NamedTuple):
    last: int
    margin: Decimal
    sides: tuple[TradeSide, TradeSide]


class _Account:
    """What equity stands at as signals come, on the worst way and on the best."""

    def __init__(self, start: Decimal | None) -> None:
        self.start = start
        self.closed = [ZERO, ZERO]
        self.live: list[_Open] = []

    def pass_to(self, bar: int) -> None:
        """Books what is over before the close of a bar."""
        for each in self.live:
            if each.last <= bar:
                for index, side in enumerate(each.sides):
                    self.closed[index] += side.result.net - side.result.funding
        self.live = [each for each in self.live if each.last > bar]

    def equity(self, index: int, bar: int, close: Decimal) -> Decimal | None:
        """Returns equity at the close of a bar."""
        if self.start is None:
            return None
        held = sum((value_at(each.sides[index].segments, bar, close) for each in self.live), ZERO)
        return self.start + self.closed[index] + held

    @property
    def margin(self) -> Decimal:
        """Returns the full margin of the plans that are live."""
        return sum((each.margin for each in self.live), ZERO)


class _Taking:
    """Takes signals one after the other, and keeps what came of them."""

    def __init__(self, maker: Maker, tape: Tape, manner: Manner, rules: Rules) -> None:
        self._maker = maker
        self._tape = tape
        self._manner = manner
        self._rules = rules
        self._account: _Account | None = None
        self.counts = Counter[str]()
        self.no_plan = Counter[str]()
        self.trades: list[SignalTrade] = []
        #: The bars of signals taken, and those until which their plans were live.
        self.spans: list[tuple[int, int]] = []

    def take(self, signal: BarSignal) -> None:
        """Takes a signal, or counts why not."""
        self.counts["found"] += 1
        bars = self._tape.bars
        account = self._account
        if signal.bar >= len(bars) - 1:
            self.counts["too_late"] += 1
            return
        equities: list[Decimal | None] = [None, None]
        if account is not None:
            account.pass_to(signal.bar)
            if self._rules.overlap is not None and len(account.live) >= self._rules.overlap:
                self.counts["overlapping"] += 1
                return
            close = bars.exact(signal.bar)[3]
            equities = [account.equity(index, signal.bar, close) for index in (0, 1)]
        found = _made(self._maker, signal, equities if self._rules.compound else [None, None])
        if isinstance(found, NoLevel):
            self.counts["no_level"] += 1
        elif isinstance(found, NoPlan):
            self.no_plan[found.code] += 1
        else:
            if account is None:
                account = self._account = _Account(found[0].plan.account.equity)
            self._go(signal, found, account, equities[0])

    def _go(self, signal: BarSignal, made: tuple[Made, Made], account: _Account, equity: Decimal | None) -> None:
        """Replays a plan, if equity is enough for its full margin beside that of those that are live."""
        margin = made[0].ladder.steps[-1].position.initial_margin
        limit = equity if self._rules.compound and equity is not None else account.start
        if limit is not None and account.margin + margin > limit:
            self.counts["no_margin"] += 1
            return
        sides = _sides(made, signal, self._tape, self._manner, self._rules)
        last = max(side.replay.last for side in sides)
        account.live.append(_Open(last, margin, sides))
        self.counts["taken"] += 1
        self.spans.append((signal.bar, last))
        if any(end.filled for side in sides for world in side.replay.worlds for end in world.ends):
            self.trades.append(SignalTrade(signal, made[0].plan.sign, sides[0], sides[1], last))
            return
        self.counts["not_entered"] += 1
        self.counts["still_live"] += last >= len(self._tape.bars) - 1


@exact
def taken(
    maker: Maker,
    signals: Sequence[BarSignal],
    tape: Tape,
    manner: Manner,
    rules: Rules,
    progress: Callable[[int], None] | None = None,
) -> Taken:
    """Takes signals in order of time."""
    taking = _Taking(maker, tape, manner, rules)
    for signal in signals:
        if progress is not None:
            progress(signal.bar)
        taking.take(signal)
    counts = taking.counts
    told = Counts(
        **{name: counts[name] for name in _COUNTED},
        no_plan=dict(sorted(taking.no_plan.items())),
        still_live=counts["still_live"],
    )
    if not signals:
        return Taken((), told, ONE, None)
    first, latest = signals[0].bar, signals[-1].bar
    lived = sum(min(last, latest) - begin for begin, last in taking.spans)
    return Taken(tuple(taking.trades), told, max(Decimal(lived) / max(latest - first, 1), ONE), first)


def _made(maker: Maker, signal: BarSignal, equities: list[Decimal | None]) -> tuple[Made, Made] | NoLevel | NoPlan:
    worst = maker.made(signal, equities[0])
    if not isinstance(worst, Made):
        return worst
    if equities[0] == equities[1]:
        return worst, worst
    best = maker.made(signal, equities[1])
    return (worst, best) if isinstance(best, Made) else best


def _sides(
    made: tuple[Made, Made], signal: BarSignal, tape: Tape, manner: Manner, rules: Rules
) -> tuple[TradeSide, TradeSide]:
    replays = [replay_of(made[0], signal, tape, manner, rules)]
    if made[1] is not made[0]:
        replays.append(replay_of(made[1], signal, tape, manner, rules))
    return side_of(made[0], replays[0], 0), side_of(made[1], replays[-1], 1)


def replay_of(made: Made, signal: BarSignal, tape: Tape, manner: Manner, rules: Rules) -> Replayed:
    """Replays a plan from the bar after its signal."""
    if rules.at_close and made.plan.tiers[0].order is Order.MARKET:
        manner = manner._replace(filled=True)
    return replayed(made.plan, made.ladder, tape, manner, start=signal.bar + 1)


def side_of(made: Made, replay: Replayed, index: int) -> TradeSide:
    """Returns the worst (0) or the best (1) of a replay."""
    ended = (replay.worst, replay.best)[index]
    return TradeSide(made, replay, results_of(replay)[index], segments_of(replay, ended))
