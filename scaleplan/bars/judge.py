"""What is wrong with bars, said at their lines: 20 of a kind, and then how many more there are."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from scaleplan.bars import kinds
from scaleplan.bars.records import Floats, Ints
from scaleplan.bars.times import UNREAD
from scaleplan.diagnostic import Diagnostic, Kind, Severity, problem
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
Mask = npt.NDArray[np.bool_]


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

    def each(self, kind: Kind, lines: Ints, message: Callable[[int], str], help: str, severity: Severity) -> None:
        """Adds a problem of a kind at each line, and how many there are beyond those that are listed."""
        for number in range(min(len(lines), _LISTED)):
            self._found.append((kind, severity, int(lines[number]), message(number), help, 0))
        rest = len(lines) - _LISTED
        if rest > 0:
            self._found.append((kind, severity, int(lines[_LISTED]), f"and {rest:,} more of this kind", help, rest))

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
    """The step of the bars, those that are kept (absent: all), how many were left out, and the stretches missing."""

    step: int
    good: Mask | None
    dropped: int
    holes: int


def judge(findings: Findings, times: Ints, prices: list[Floats], lines: Ints, *, drop: bool) -> Judged:
    """Adds what is wrong with bars. With `drop` bad ones are left out, and what is said of them is a warning."""
    severity = Severity.WARNING if drop else Severity.ERROR
    bad = _unread(findings, times, prices, lines, severity)
    good = ~bad
    kept = np.flatnonzero(good)
    late = _out_of_order(findings, times, prices, lines, kept, severity)
    good[late] = False
    everything = bool(good.all())
    if not everything:
        kept = np.flatnonzero(good)
        times, prices, lines = times[kept], [each[kept] for each in prices], lines[kept]
    step = _step(times)
    holes = _missing(findings, times, lines, step)
    _splits(findings, prices, lines)
    return Judged(step, None if everything else good, int((~good).sum()) if drop else 0, holes)


def _unread(findings: Findings, times: Ints, prices: list[Floats], lines: Ints, severity: Severity) -> Mask:
    first, high, low, last = prices
    timeless = times == UNREAD
    with np.errstate(invalid="ignore"):
        numbers = np.isfinite(first) & np.isfinite(high) & np.isfinite(low) & np.isfinite(last)
        positive = np.minimum(np.minimum(first, high), np.minimum(low, last)) > 0
        whole = (high >= np.maximum(first, last)) & (low <= np.minimum(first, last)) & (high >= low)
    for kind, wrong, message, help in (
        (kinds.TIME, timeless, "its time cannot be read, or does not exist", "write it as 2022-01-21T12:00:00Z"),
        (kinds.NO_NUMBER, ~numbers, "a price is no finite number", "mend it, or leave it out: --drop-bad"),
        (kinds.NOT_POSITIVE, numbers & ~positive, "a price is zero or below", "mend it, or leave it out: --drop-bad"),
        (
            kinds.BROKEN,
            numbers & positive & ~whole,
            "its high is not the highest, or its low not the lowest of the four prices",
            "mend it, or leave it out: --drop-bad",
        ),
    ):
        if wrong.any():
            findings.each(kind, lines[wrong], lambda _, text=message: text, help, severity)  # type: ignore[misc]
    bad: Mask = timeless | ~numbers | ~positive | ~whole
    return bad


def _out_of_order(
    findings: Findings, times: Ints, prices: list[Floats], lines: Ints, kept: Ints, severity: Severity
) -> Ints:
    """Returns the bars that begin no later than the last good one above them."""
    ordered = times[kept]
    if len(ordered) < 2 or bool((np.diff(ordered) > 0).all()):
        return np.zeros(0, dtype=np.int64)
    highest = np.maximum.accumulate(ordered)
    before = np.concatenate(([np.iinfo(np.int64).min], highest[:-1]))
    twice, early = kept[ordered == before], kept[ordered < before]
    same = [index for index in twice if index and all(each[index] == each[index - 1] for each in prices)]
    alike = np.array(same, dtype=np.int64)
    unlike = np.setdiff1d(twice, alike)
    help = "sort them, or leave it out: --drop-bad"
    findings.each(kinds.OUT_OF_ORDER, lines[early], lambda _: "it begins before the bar above it", help, severity)
    findings.each(kinds.TWICE, lines[unlike], lambda _: "another bar begins at its time", help, severity)
    message = "the same bar stands above it; one is kept"
    findings.each(kinds.TWICE, lines[alike], lambda _: message, "leave one out", Severity.WARNING)
    return np.concatenate((early, unlike, alike)).astype(np.int64)


def _step(times: Ints) -> int:
    """Returns the most frequent step; of a single bar a minute, or a day where it begins at midnight."""
    if len(times) < 2:
        return _DAY if len(times) and int(times[0]) % _DAY == 0 else _MINUTE
    steps = np.diff(times)
    first = int(steps[0])
    if np.count_nonzero(steps == first) * 2 > len(steps):
        return first
    values, counts = np.unique(steps, return_counts=True)
    return int(values[np.argmax(counts)])


def _missing(findings: Findings, times: Ints, lines: Ints, step: int) -> int:
    """Says how many stretches are missing, and of those that recur that they are sessions; returns the former."""
    gaps = np.flatnonzero(np.diff(times) > step)
    if not len(gaps):
        return 0
    begins = times[gaps] + step
    recurs = _recurring(begins % (7 * _DAY)) | _recurring(begins % _DAY)
    holes, sessions = gaps[~recurs], gaps[recurs]
    if len(sessions):
        message = f"{len(sessions):,} breaks recur by day or week: sessions, not holes"
        findings.add(kinds.MISSING, int(lines[sessions[0]]), message, "nothing", severity=Severity.NOTE)
    if len(holes):
        lengths = (times[holes + 1] - times[holes]) // step - 1
        at = int(np.argmax(lengths))
        place = f"between lines {int(lines[holes[at]]) + 1:,} and {int(lines[holes[at] + 1]) + 1:,}"
        count, longest = counted(len(holes), "hole"), counted(int(lengths[at]), "bar")
        message = f"{count}, the longest of {longest} {place}"
        findings.add(kinds.MISSING, int(lines[holes[at]]), message, "price jumps there; give bars without holes")
    return len(holes)


def counted(number: int, what: str) -> str:
    """Returns a number with what it counts: `1 bar`, `2 bars`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _recurring(moments: Ints) -> Mask:
    _, inverse, counts = np.unique(moments, return_inverse=True, return_counts=True)
    return np.asarray(counts[inverse.reshape(-1)] >= _RECURS)


def _splits(findings: Findings, prices: list[Floats], lines: Ints) -> None:
    """Says where a bar opens at a fraction or a multiple of the close above."""
    first, _, _, last = prices
    if len(first) < 2:
        return
    ratios = first[1:] / last[:-1]
    jumps = np.flatnonzero((ratios < 0.7) | (ratios > 1.45))
    wrong = [
        int(at) + 1
        for at in jumps
        if any(abs(ratios[at] / known - 1) <= _NEAR for split in _SPLITS for known in (split, 1 / split))
    ]
    if wrong:
        help = "give adjusted prices, or cut with --from"
        message = "it opens at a fraction, or a multiple, of the close above: a split?"
        findings.each(kinds.SPLIT, lines[np.array(wrong)], lambda _: message, help, Severity.WARNING)
