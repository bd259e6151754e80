"""What a replay says in words: moments, events on their bars, the lines of what happened and the forks among them."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import NamedTuple

from scaleplan.diagnostic import Diagnostic
from scaleplan.engine.event import End, Event, EventKind
from scaleplan.engine.margin import Answer
from scaleplan.engine.risk import in_r
from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import counted
from scaleplan.replay import Replayed
from scaleplan.replay.records import Happened, LimitFills, Passage, World
from scaleplan.replay.result import ReplayEvent, ReplayResult, event_of
from scaleplan.replay.series import Series
from scaleplan.report.figures import Figures, r_signed
from scaleplan.report.paths.words import event_words, price, signed_money
from scaleplan.report.visible import visible
from scaleplan.report.words import numbers
from scaleplan.study import Study

_MINUTE = 60_000_000_000
_SECOND = 1_000_000_000
#: What no bars say.
JUMPS = "a jump inside a bar: a level that it passes fills elsewhere, and no bound can know"
#: More lines of what happened nobody reads.
MOST_LINES = 120
#: Beyond this depth forks are no longer indented.
_DEEPEST = 8


class BarsRead(NamedTuple):
    """What is known of the file of bars: its name and hash, its time zone, what was left out, and how many holes."""

    name: str
    sha256: str
    tz: str
    dropped: int
    holes: int


class ReplayView(NamedTuple):
    """A replay and how its figures are written.

    `chances` are those that `paths` gave to the ends of the worst and the best, absent where it gave none.
    `funding_file`, `mark_file` and `finer` are names of files, empty where none was given.
    """

    study: Study
    figures: Figures
    replay: Replayed
    worst: ReplayResult
    best: ReplayResult
    chances: tuple[Decimal | None, Decimal | None]
    bars: BarsRead
    finer: tuple[BarsRead, ...]
    mark: str
    funding: str
    diagnostics: tuple[Diagnostic, ...]

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.study.plan


def liquidation_unknown(ladder: Ladder) -> bool:
    """Whether nobody knows where some position of a plan is liquidated, so that bars meet its bankruptcy price."""
    return any(step.position.liquidation.answer is Answer.UNKNOWN for step in ladder.steps)


def liquidation_words(ladders: Iterable[Ladder]) -> str:
    """Returns what a page says where nobody knows where something is liquidated; empty where all is known."""
    unknown = [ladder.machine.plan for ladder in ladders if liquidation_unknown(ladder)]
    if not unknown:
        return ""
    if any(not plan.is_isolated and plan.account.equity is None for plan in unknown):
        return (
            "unknown: cross margin stands on the account, and no equity is written, so nothing is liquidated "
            "here, whatever a venue does"
        )
    return (
        "unknown for some of what may be held: counted at its bankruptcy price, the latest that it can be; a venue "
        "takes it earlier"
    )


def words_only(plan: Plan) -> str:
    """Returns what of a plan is in words, and so is not replayed; empty where nothing is."""
    found = []
    triggers = [number for number, tier in enumerate(plan.tiers, start=1) if tier.has_trigger]
    if triggers:
        found.append(f"the trigger of tier{'s' if len(triggers) > 1 else ''} {numbers(triggers)}")
    exits = [number for number, target in enumerate(plan.targets, start=1) if target.exit]
    if exits:
        found.append(f"the exit in words of target{'s' if len(exits) > 1 else ''} {numbers(exits)}")
    if plan.runner is not None:
        found.append("the exit in words of the runner")
    return ", ".join(found)


def moment(time: int, step: int = _MINUTE) -> str:
    """Returns a moment in UTC, in nanoseconds, as bars of a step name it: `2022-01-21 12:00`."""
    written = datetime.fromtimestamp(time // _SECOND, UTC)
    return f"{written:%Y-%m-%d %H:%M}" if step % _MINUTE == 0 else f"{written:%Y-%m-%d %H:%M:%S}"


def step_words(step: int) -> str:
    """Returns the length of bars: `1m`, `4h`, `1d`."""
    seconds = step // _SECOND
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "m")):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s" if step % _SECOND == 0 else f"{step}ns"


def result_words(view: ReplayView, net: Decimal) -> str:
    """Returns a result in R, or in money where there is no 1R."""
    net_r = in_r(net, view.study.ladder.totals.r)
    return f"{signed_money(view.figures, net)} {view.plan.settle}" if net_r is None else r_signed(net_r)


def end_words(end: End) -> str:
    """Returns an end in a few words."""
    return {End.TARGETS: "all targets", End.OPEN: "still open"}.get(end, str(end))


def _what(view: ReplayView, event: ReplayEvent) -> str:
    """Returns what happened: `tier 2 at 38,960`, with where it was filled if that is another price."""
    figures = view.figures
    at = price(figures, event.level)
    # What paths say otherwise, because there it is no fact yet.
    own = {
        EventKind.TRAIL: f"trail stopped at {at}",
        EventKind.EXPIRY: "unfilled tiers expired",
        EventKind.BY_HAND: f"still held, booked at {at}",
    }
    words = own.get(event.kind) or event_words(figures, Event(event.kind, event.number, event.level))
    if event.fill is not None and event.fill != event.level:
        words += f", filled {price(figures, event.fill)}"
    return f"{words}, at the open" if event.at_open and event.kind is not EventKind.EXPIRY else words


def event_line(view: ReplayView, event: ReplayEvent, *, with_bar: bool) -> str:
    """Returns an event: when, what, what is held then and its stop, and the bar if that is not told before."""
    figures = view.figures
    series = _bars(view, event.series)
    parts = [moment(event.time, series.step_ns), _what(view, event)]
    if event.average_entry is not None:
        parts.append(f"{figures.held(event.held)} at {price(figures, event.average_entry)}")
        parts.append(f"stop {'none' if event.stop is None else price(figures, event.stop)}")
    elif event.quantity is not None and event.kind is not EventKind.BY_HAND:
        parts.append("nothing held")
    if with_bar:
        _, high, low, _ = series.exact(event.bar)
        parts.append(f"[bar {price(figures, low)} to {price(figures, high)}]")
    return "  ".join(parts)


class _Told(NamedTuple):
    """A line that is still to be written."""

    depth: int
    text: str


class _Onward(NamedTuple):
    """A branch that is still to be written: from which passage on, and what it nets so far."""

    depth: int
    number: int
    start: int
    net: Decimal


def lines_of(view: ReplayView, world: World) -> Iterator[tuple[int, str]]:
    """Yields what happened in a world, line by line with its depth: each branch once, each fork under `or`."""
    following: dict[int, list[int]] = {}
    for index, passage in enumerate(world.passages):
        following.setdefault(passage.branch, []).append(index)
    told: dict[int, str] = {}
    for happened in world.begin:
        yield 0, _event(view, happened, with_bar=False).replace(", at the open", ", before the first bar")
    #: The next one last.
    waiting: list[_Told | _Onward] = [_Onward(0, 0, 0, ZERO)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Told):
            yield item
            continue
        # A branch that nothing ends is booked in a passage at the last bar.
        index = next(at for at in following[item.number] if at >= item.start)
        passage = world.passages[index]
        if index in told:
            yield item.depth, f"on as above, from {told[index]}"
            continue
        told[index] = _when(view, passage)
        waiting += reversed(_ways(view, passage, item, index))


def _ways(view: ReplayView, passage: Passage, at: _Onward, index: int) -> list[_Told | _Onward]:
    """Returns the lines of the ways through a bar, and the branches that go on from them."""
    found: list[_Told | _Onward] = []
    depth = at.depth
    if len(passage.ways) > 1:
        bar = " ".join(price(view.figures, value) for value in _bars(view, passage.series).exact(passage.bar))
        found.append(_Told(depth, f"{_when(view, passage)}  the bar {bar} leaves open:"))
        depth = min(depth + 1, _DEEPEST)
    for number, way in enumerate(passage.ways):
        if number:
            found.append(_Told(depth - 1, "or"))
        if not way.events and len(passage.ways) > 1:
            found.append(_Told(depth, f"{_when(view, passage)}  no level is met"))
        alone = len(passage.ways) == 1
        found += [_Told(depth, _event(view, happened, with_bar=alone)) for happened in way.events]
        net = at.net + way.net
        if way.branch is None:
            found.append(_Told(depth, f"ends {end_words(way.end or End.OPEN)}: {result_words(view, net)}"))
        else:
            found.append(_Onward(depth, way.branch, index + 1, net))
    return found


def _event(view: ReplayView, happened: Happened, *, with_bar: bool = True) -> str:
    series = (view.replay.tape.bars, *view.replay.tape.finer)
    return event_line(view, event_of(view.study.ladder.machine, happened, series), with_bar=with_bar)


def _when(view: ReplayView, passage: Passage) -> str:
    series = _bars(view, passage.series)
    return moment(int(series.time[passage.bar]), series.step_ns)


def _bars(view: ReplayView, number: int) -> Series:
    """Returns the bars given, or the finer ones of a number."""
    return (view.replay.tape.bars, *view.replay.tape.finer)[number]


def file_words(bars: BarsRead) -> str:
    """Returns a file of bars: its name, and what was left out or is missing in it."""
    parts = [visible(bars.name)]
    if bars.dropped:
        parts.append(f"{counted(bars.dropped, 'bad bar')} left out")
    if bars.holes:
        parts.append(counted(bars.holes, "hole"))
    if bars.tz and bars.tz != "UTC":
        parts.append(f"times of {visible(bars.tz)}")
    return ", ".join(parts)


def limit_words(limits: Sequence[LimitFills], through: str, *, two_results: bool) -> str:
    """Returns when limits fill, price going so far `through` them; of both, whether the two results are over both."""
    if len(limits) > 1:
        over = "; worst and best are over both" if two_results else ""
        return f"both: filled where price meets them, and where price goes {through} through{over}"
    if limits[0] is LimitFills.TOUCH:
        return "fill where price meets them"
    return f"fill where price goes {through} through, at their price"
