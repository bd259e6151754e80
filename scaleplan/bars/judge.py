"""What is wrong with bars, said at their lines: 20 of a kind, and then how many more there are."""

from collections import Counter
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from scaleplan.bars import kinds
from scaleplan.bars.records import BarArrays, Ints, Mask
from scaleplan.bars.store import stretches
from scaleplan.bars.times import UNREAD
from scaleplan.diagnostic import Diagnostic, Kind, Severity, problem
from scaleplan.quantity.number import counted
from scaleplan.source import Source, Span

#: So many of a kind are listed.
_LISTED = 20
#: So many characters of a line are shown.
_SHOWN = 300
_MINUTE = 60_000_000_000
_DAY = 1440 * _MINUTE
#: Open over the close above, of splits and of their inverses, and how near it has to be.
_SPLITS = (1 / 2, 1 / 3, 2 / 3, 1 / 4, 1 / 5, 1 / 10)
_NEAR = 0.02
#: A break that recurs at the same time of a day or a week so often is a session.
_RECURS = 3
#: More different steps than these have no most frequent one that matters.
_MOST_STEPS = 1_000_000


class LinesFound:
    """Lines in which one kind of thing is wrong: the first of them, from 0, and how many there are."""

    __slots__ = ("count", "first")

    def __init__(self) -> None:
        self.first: list[int] = []
        self.count = 0

    def add(self, places: Ints, line_at: Callable[[int], int]) -> None:
        """Adds places, in order, of which each has a line."""
        room = max(_LISTED + 1 - len(self.first), 0)
        self.first += [line_at(int(place)) for place in places[:room]]
        self.count += len(places)


class Findings:
    """What is wrong with one file, in the order in which it was found."""

    def __init__(self, name: str, text: Callable[[int], str]) -> None:
        self._name = name
        self._text = text
        self._found: list[tuple[Kind, Severity, int, str, str, int]] = []

    def text(self, line: int) -> str:
        """Returns what stands in a line, from 0; of a long one, which no bar needs, the beginning."""
        return self._text(line)[:_SHOWN]

    def columns(self, line: int, message: str, help: str) -> None:
        """Adds what is wrong with the head."""
        self._found.append((kinds.COLUMNS, Severity.ERROR, line, message, help, 0))

    def add(self, kind: Kind, line: int, message: str, help: str, *, severity: Severity | None = None) -> None:
        """Adds a problem at a line, from 0."""
        self._found.append((kind, severity or kind.severity, line, message, help, 0))

    def each(self, kind: Kind, lines: "LinesFound", message: str, help: str, severity: Severity) -> None:
        """Adds a problem of a kind at each line, and how many there are beyond those that are listed."""
        for line in lines.first[:_LISTED]:
            self._found.append((kind, severity, line, message, help, 0))
        rest = lines.count - _LISTED
        if rest > 0:
            self._found.append((kind, severity, lines.first[_LISTED], f"and {rest:,} more of this kind", help, rest))

    def listed(self) -> tuple[Diagnostic, ...]:
        """Returns them with the lines at which they stand."""
        wanted = sorted({line for _, _, line, *_ in self._found})
        texts: list[str] = []
        starts: dict[int, int] = {}
        offset = line_now = 0
        for line in wanted:
            texts.append("\n" * (line - line_now))
            offset += line - line_now
            starts[line] = offset
            text = self.text(line)
            texts.append(text)
            offset += len(text)
            line_now = line
        source = Source(self._name, "".join(texts))
        lengths = {line: len(self.text(line)) for line in wanted}
        return tuple(
            problem(
                kind, Span(source, starts[line], starts[line] + lengths[line]), "", message, help, severity=severity
            )._replace(rest=rest)
            for kind, severity, line, message, help, rest in self._found
        )


class Judged(NamedTuple):
    """The step of the bars, and the stretches missing."""

    step: int
    holes: int


def fitting(
    findings: Findings, bars: BarArrays, line_at: Callable[[int], int], severity: Severity, release: Callable[[], None]
) -> Mask | None:
    """Returns which bars are fit to be kept, absent where all are; adds what is wrong with the others."""
    good = np.ones(len(bars.time), dtype=bool)
    _unread(findings, bars, good, line_at, severity, release)
    _out_of_order(findings, bars, good, line_at, severity, release)
    return None if good.all() else good


def judge(findings: Findings, bars: BarArrays, line_at: Callable[[int], int], release: Callable[[], None]) -> Judged:
    """Adds what is doubtful about bars of which each is fit."""
    step = _step(bars.time, release)
    holes = _missing(findings, bars.time, line_at, step, release)
    _splits(findings, bars, line_at, release)
    release()
    return Judged(step, holes)


def _unread(
    findings: Findings,
    bars: BarArrays,
    good: Mask,
    line_at: Callable[[int], int],
    severity: Severity,
    release: Callable[[], None],
) -> None:
    found = [LinesFound() for _ in range(4)]
    for part in stretches(len(good)):
        first, high, low, last = bars.open[part], bars.high[part], bars.low[part], bars.close[part]
        timeless = bars.time[part] == UNREAD
        with np.errstate(invalid="ignore"):
            numbers = np.isfinite(first) & np.isfinite(high) & np.isfinite(low) & np.isfinite(last)
            positive = np.minimum(np.minimum(first, high), np.minimum(low, last)) > 0
            whole = (high >= np.maximum(first, last)) & (low <= np.minimum(first, last)) & (high >= low)
        fit = ~timeless & numbers & positive & whole
        if not fit.all():
            good[part] = fit
            for lines, wrong in zip(
                found, (timeless, ~numbers, numbers & ~positive, numbers & positive & ~whole), strict=True
            ):
                lines.add(np.flatnonzero(wrong) + part.start, line_at)
        release()
    mend = "mend it, or leave it out: --drop-bad"
    for lines, kind, message, help in zip(
        found,
        (kinds.TIME, kinds.NO_NUMBER, kinds.NOT_POSITIVE, kinds.BROKEN),
        (
            "its time cannot be read, or does not exist",
            "a price is no finite number",
            "a price is zero or below",
            "its high is not the highest, or its low not the lowest of the four prices",
        ),
        ("write it as 2022-01-21T12:00:00Z", mend, mend, mend),
        strict=True,
    ):
        findings.each(kind, lines, message, help, severity)


def _out_of_order(
    findings: Findings,
    bars: BarArrays,
    good: Mask,
    line_at: Callable[[int], int],
    severity: Severity,
    release: Callable[[], None],
) -> None:
    """Marks the bars that begin no later than the last good one above them."""
    prices = (bars.open, bars.high, bars.low, bars.close)
    early, unlike, alike = LinesFound(), LinesFound(), LinesFound()
    latest = int(np.iinfo(np.int64).min)
    for part in stretches(len(good)):
        kept = np.flatnonzero(good[part]) + part.start
        if not len(kept):
            continue
        ordered = bars.time[kept] if len(kept) < part.stop - part.start else bars.time[part]
        if not (int(ordered[0]) > latest and bool((ordered[1:] > ordered[:-1]).all())):
            highest = np.maximum.accumulate(np.r_[latest, ordered])
            twice, before = kept[ordered == highest[:-1]], kept[ordered < highest[:-1]]
            same = [index for index in twice if index and all(each[index] == each[index - 1] for each in prices)]
            equal = np.array(same, dtype=np.int64)
            early.add(before, line_at)
            unlike.add(np.setdiff1d(twice, equal), line_at)
            alike.add(equal, line_at)
            good[before] = good[twice] = False
            latest = int(highest[-1])
        else:
            latest = int(ordered[-1])
        release()
    help = "sort them, or leave it out: --drop-bad"
    findings.each(kinds.OUT_OF_ORDER, early, "it begins before the bar above it", help, severity)
    findings.each(kinds.TWICE, unlike, "another bar begins at its time", help, severity)
    message = "the same bar stands above it; one is kept"
    findings.each(kinds.TWICE, alike, message, "leave one out", Severity.WARNING)


def _step(times: Ints, release: Callable[[], None]) -> int:
    """Returns the most frequent step; of a single bar a minute, or a day where it begins at midnight."""
    if len(times) < 2:
        return _DAY if len(times) and int(times[0]) % _DAY == 0 else _MINUTE
    first = int(times[1]) - int(times[0])
    counts = Counter[int]()
    for part in stretches(len(times) - 1):
        steps = times[part.start + 1 : part.stop + 1] - times[part]
        others = steps[steps != first]
        counts[first] += len(steps) - len(others)
        if len(others) and len(counts) < _MOST_STEPS:
            values, numbers = np.unique(others, return_counts=True)
            counts.update(dict(zip(values.tolist(), numbers.tolist(), strict=True)))
        release()
    # Of equally frequent ones the shortest.
    return min(counts, key=lambda step: (-counts[step], step))


def _missing(
    findings: Findings, times: Ints, line_at: Callable[[int], int], step: int, release: Callable[[], None]
) -> int:
    """Says how many stretches are missing, and of those that recur that they are sessions; returns the former."""
    found = []
    for part in stretches(len(times) - 1):
        found.append(np.flatnonzero(times[part.start + 1 : part.stop + 1] - times[part] > step) + part.start)
        release()
    gaps = np.concatenate(found) if found else np.zeros(0, dtype=np.int64)
    if not len(gaps):
        return 0
    begins = times[gaps] + step
    recurs = _recurring(begins % (7 * _DAY)) | _recurring(begins % _DAY)
    holes, sessions = gaps[~recurs], gaps[recurs]
    if len(sessions):
        message = f"{len(sessions):,} breaks recur by day or week: sessions, not holes"
        findings.add(kinds.MISSING, line_at(int(sessions[0])), message, "nothing", severity=Severity.NOTE)
    if len(holes):
        lengths = (times[holes + 1] - times[holes]) // step - 1
        at = int(holes[np.argmax(lengths)])
        place = f"between lines {line_at(at) + 1:,} and {line_at(at + 1) + 1:,}"
        count, longest = counted(len(holes), "hole"), counted(int(lengths.max()), "bar")
        message = f"{count}, the longest of {longest} {place}"
        findings.add(kinds.MISSING, line_at(at), message, "price jumps there; give bars without holes")
    return len(holes)


def _recurring(moments: Ints) -> Mask:
    _, inverse, counts = np.unique(moments, return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse.reshape(-1)] >= _RECURS)


def _splits(findings: Findings, bars: BarArrays, line_at: Callable[[int], int], release: Callable[[], None]) -> None:
    """Says where a bar opens at a fraction or a multiple of the close above."""
    found = LinesFound()
    for part in stretches(len(bars.time) - 1):
        ratios = bars.open[part.start + 1 : part.stop + 1] / bars.close[part]
        jumps = np.flatnonzero((ratios < 0.7) | (ratios > 1.45))
        wrong = [
            int(at) + 1 + part.start
            for at in jumps
            if any(abs(ratios[at] / known - 1) <= _NEAR for split in _SPLITS for known in (split, 1 / split))
        ]
        found.add(np.array(wrong, dtype=np.int64), line_at)
        release()
    message = "it opens at a fraction, or a multiple, of the close above: a split?"
    findings.each(kinds.SPLIT, found, message, "give adjusted prices, or cut with --from", Severity.WARNING)
