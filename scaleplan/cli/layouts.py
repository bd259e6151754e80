"""Files laid out one after the other: in place, or only what would change."""

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache

from scaleplan.bounds import is_yaml
from scaleplan.cli.plans import Found, NoPlans, Text, files_and_folders, read
from scaleplan.cli.reply import ExitCode, Reply, Screen
from scaleplan.cli.talk import line_of, no_plans, refusal
from scaleplan.diagnostic import Diagnostic, condensed
from scaleplan.layout import lay_out
from scaleplan.report.line_diff import differences
from scaleplan.report.visible import visible
from scaleplan.source import STANDARD_INPUT, Unreachable, name_of
from scaleplan.store import clear, replace

_ENDS = ("\n", "\r")
_LEFT_ALONE = "left alone: in another layout it would say something else, as a text behind `|+` would"


class Work:
    """Counts what became of the files so far: each is read, laid out and done with before the next.

    `out` is printed. `talk` is said while files are looked at, `stored` of those that are written.
    """

    def __init__(self, screen: Screen, *, check: bool, diff: bool) -> None:
        """Begins with nothing done."""
        self.screen = screen
        self.check, self.diff = check, diff
        self.out: list[str] = []
        self.wrong: list[Diagnostic] = []
        self.talk: list[str] = []
        self.stored: list[str] = []
        self.codes: list[int] = []
        self.changed = self.unchanged = 0

    @property
    def writes(self) -> bool:
        """Returns whether files are written, not only looked at."""
        return not self.check and not self.diff


def lay_out_all(paths: Sequence[str], screen: Screen, *, check: bool, diff: bool) -> Reply:
    """Lays out every file named and every file below each folder named."""
    work = Work(screen, check=check, diff=diff)
    _work(paths, work)
    if check and not diff:
        work.out.append(_check(work))
    if not work.writes and work.changed:
        work.codes.append(ExitCode.ERRORS)
    talk = ""
    if work.wrong:
        from scaleplan.report.diagnostics.text import render

        talk = render(work.wrong, width=screen.talk.width, colour=screen.talk.colour)
    return Reply("".join(work.out), "".join((talk, *work.talk, *work.stored)), max(work.codes, default=ExitCode.OK))


def _work(paths: Iterable[str], work: Work) -> None:
    cleared: set[str] = set()
    for found in files_and_folders(paths):
        if isinstance(found, NoPlans):
            work.talk.append(no_plans(found))
            work.codes.append(ExitCode.USAGE)
            continue
        if isinstance(found, Found) and found.again:
            continue
        if work.writes and isinstance(found, Found) and found.path != STANDARD_INPUT:
            _clear(found.path, cleared, work)
        text = read(found.path) if isinstance(found, Found) else found
        if isinstance(text, Text):
            _look(text, work)
        else:
            work.talk.append(refusal(text))
            work.codes.append(ExitCode.REFUSED)


def _clear(path: str, cleared: set[str], work: Work) -> None:
    """Clears the folder of a file of what killed runs left there, once, before the file is read."""
    try:
        folder = os.path.dirname(os.path.realpath(path))  # noqa: PTH120
    except (OSError, ValueError):
        return
    if folder not in cleared:
        cleared.add(folder)
        work.talk.extend(line_of(*remark) for remark in clear(folder, _is_laid_out))


def _is_laid_out(name: str, was: bytes, new: bytes) -> bool:
    """Returns whether a text is the layout of another, and so nothing that a stranger would have written."""
    text = lay_out(name, was).text if is_yaml(name) else None
    return text is not None and text.encode() == new


def _look(text: Text, work: Work) -> None:
    layout = lay_out(text.name, text.data)
    if layout.text is None:
        work.wrong.extend(condensed(layout.diagnostics))
        if not layout.diagnostics:
            work.talk.append(line_of(text.name, _LEFT_ALONE))
        work.codes.append(ExitCode.ERRORS)
        return
    after = layout.text.encode()
    if after == text.data:
        work.unchanged += 1
    else:
        work.changed += 1
    if work.diff:
        seen = work.screen.out.width is not None
        work.out += [_diff(text, layout.text, seen=seen)] if after != text.data else []
    elif work.check:
        work.out += [f"{visible(text.name)}\n"] if after != text.data else []
    elif text.name == name_of(STANDARD_INPUT):
        # What came in through standard input goes out again, laid out or not.
        work.out.append(layout.text)
    elif after != text.data:
        _store(text, after, work)


def _store(text: Text, after: bytes, work: Work) -> None:
    try:
        replace(text.name, after, text.data)
    except Unreachable as error:
        work.stored.append(refusal(error))
        work.codes.append(ExitCode.REFUSED)
    else:
        work.stored.append(line_of(text.name, "laid out anew"))


def _check(work: Work) -> str:
    if work.changed:
        return _counted(work.changed, "would be laid out anew")
    return _counted(work.unchanged, "in canonical layout") if work.unchanged else ""


def _counted(count: int, what: str) -> str:
    return f"{count} {'file' if count == 1 else 'files'} {what}\n"


def _diff(before: Text, after: str, *, seen: bool) -> str:
    """Returns what would change; where people see it, control characters are made visible."""
    old = before.data.decode("utf-8").splitlines(keepends=True)
    lines = differences(old, after.splitlines(keepends=True), before.name)
    whole = (line if line.endswith(_ENDS) else f"{line}\n\\ No newline at end of file\n" for line in lines)
    # Line ends are shown where they are what differs.
    ends = "\n" if len({line[len(line.rstrip("\r\n")) :] for line in old[:-1]}) > 1 else "\r\n"
    # A million lines of a file that is no plan are mostly alike.
    shown = lru_cache(maxsize=1024)(visible)
    return "".join(f"{shown(line.rstrip(ends))}\n" if seen else line for line in whole)
