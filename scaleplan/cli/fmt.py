"""`scaleplan fmt`: plans in canonical layout, in place, or only what would change."""

import os
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple

from scaleplan.bounds import is_yaml
from scaleplan.cli.outcome import Exit, Outcome, Screen
from scaleplan.cli.plans import Found, NoPlans, Text, files_and_folders, read
from scaleplan.cli.talk import no_plans, refusal, said
from scaleplan.diagnostic import Diagnostic
from scaleplan.layout import lay_out
from scaleplan.report.diff import differences
from scaleplan.report.visible import visible
from scaleplan.source import STANDARD_INPUT, Unreachable, name_of
from scaleplan.store import clear, replace

_ENDS = ("\n", "\r")
_LEFT_ALONE = "left alone: in another layout it would say something else, as a text behind `|+` would"


class Work(NamedTuple):
    """What was found out: files laid out anew (before and after), those that are as they should be, and mistakes."""

    changed: list[tuple[Text, str]]
    unchanged: list[Text]
    wrong: list[Diagnostic]
    talk: list[str]
    codes: list[int]


def fmt(paths: Sequence[str], screen: Screen, *, check: bool, diff: bool) -> Outcome:
    """Lay out every file named and every file below each folder named."""
    work = _work(paths, writes=not check and not diff)
    out = ""
    if diff:
        out = "".join(_diff(before, after, seen=screen.out.width is not None) for before, after in work.changed)
    elif check:
        out = _check(work)
    else:
        # What came in through standard input goes out again, laid out or not.
        texts = {before.name: after for before, after in work.changed}
        texts |= {text.name: text.data.decode("utf-8") for text in work.unchanged}
        out = texts.get(name_of(STANDARD_INPUT), "") if STANDARD_INPUT in paths else ""
        work.codes.extend(_store(work))
    if (diff or check) and work.changed:
        work.codes.append(Exit.ERRORS)
    if work.wrong:
        from scaleplan.report.diagnostics_text import render

        work.talk.insert(0, render(work.wrong, width=screen.talk.width, colour=screen.talk.colour))
    return Outcome(out, "".join(work.talk), max(work.codes, default=Exit.OK))


def _work(paths: Iterable[str], *, writes: bool) -> Work:
    work = Work([], [], [], [], [])
    cleared: set[str] = set()
    for found in files_and_folders(paths):
        if isinstance(found, NoPlans):
            work.talk.append(no_plans(found))
            work.codes.append(Exit.USAGE)
            continue
        if isinstance(found, Found) and found.again:
            continue
        if writes and isinstance(found, Found) and found.path != STANDARD_INPUT:
            _clear(found.path, cleared, work)
        text = read(found.path) if isinstance(found, Found) else found
        if isinstance(text, Text):
            _look(text, work)
        else:
            work.talk.append(refusal(text))
            work.codes.append(Exit.REFUSED)
    return work


def _clear(path: str, cleared: set[str], work: Work) -> None:
    """Clear the folder of a file of what killed runs left there, once, before the file is read."""
    try:
        folder = os.path.dirname(os.path.realpath(path))  # noqa: PTH120
    except (OSError, ValueError):
        return
    if folder not in cleared:
        cleared.add(folder)
        work.talk.extend(said(*remark) for remark in clear(folder, _is_laid_out))


def _is_laid_out(name: str, was: bytes, new: bytes) -> bool:
    """Whether a text is the layout of another, and so nothing that a stranger would have written."""
    text = lay_out(name, was).text if is_yaml(name) else None
    return text is not None and text.encode() == new


def _look(text: Text, work: Work) -> None:
    layout = lay_out(text.name, text.data)
    if layout.text is None:
        work.wrong.extend(layout.diagnostics)
        if not layout.diagnostics:
            work.talk.append(said(text.name, _LEFT_ALONE))
        work.codes.append(Exit.ERRORS)
    elif layout.text.encode() == text.data:
        work.unchanged.append(text)
    else:
        work.changed.append((text, layout.text))


def _store(work: Work) -> Iterable[int]:
    files = [(before, after) for before, after in work.changed if before.name != name_of(STANDARD_INPUT)]
    for before, after in files:
        try:
            replace(before.name, after.encode(), before.data)
        except Unreachable as error:
            work.talk.append(refusal(error))
            yield Exit.REFUSED
        else:
            work.talk.append(said(before.name, "laid out anew"))


def _check(work: Work) -> str:
    names = "".join(f"{visible(before.name)}\n" for before, _ in work.changed)
    if work.changed:
        return names + _counted(len(work.changed), "would be laid out anew")
    return _counted(len(work.unchanged), "in canonical layout") if work.unchanged else ""


def _counted(count: int, what: str) -> str:
    return f"{count} {'file' if count == 1 else 'files'} {what}\n"


def _diff(before: Text, after: str, *, seen: bool) -> str:
    """What would change; where people see it, control characters are made visible."""
    old = before.data.decode("utf-8").splitlines(keepends=True)
    lines = differences(old, after.splitlines(keepends=True), before.name)
    whole = (line if line.endswith(_ENDS) else f"{line}\n\\ No newline at end of file\n" for line in lines)
    # Line ends are shown where they are what differs.
    ends = "\n" if len({line[len(line.rstrip("\r\n")) :] for line in old[:-1]}) > 1 else "\r\n"
    # A million lines of a file that is no plan are mostly alike.
    shown = lru_cache(maxsize=1024)(visible)
    return "".join(f"{shown(line.rstrip(ends))}\n" if seen else line for line in whole)
