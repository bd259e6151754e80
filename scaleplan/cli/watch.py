"""Watching: a command run again whenever a plan, or a file that it names, has been saved.

Files are asked for their time, size and inode four times a second: every file system answers that, and no library is
needed. An editor saves in steps: it writes, or takes the file away and gives its name to another. So nothing is done
before two looks agree, and a file that is away leaves the picture as it was.
"""

import gc
import os
import time
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from scaleplan.bounds import POLICY_NAME
from scaleplan.cli.command import Call, Option, WrongUsage
from scaleplan.cli.options import WATCH, settings_of
from scaleplan.cli.plans import Found, files_and_folders, is_folder, read
from scaleplan.cli.reply import ExitCode, Reply, Screen, current_screen
from scaleplan.clock import now
from scaleplan.decode.files import folder_of
from scaleplan.report.headline import Headline, changes, headline_of
from scaleplan.report.layout import wrap
from scaleplan.report.page import COLUMNS
from scaleplan.report.visible import visible
from scaleplan.source import STANDARD_INPUT, Unreachable, joined
from scaleplan.study import Session, Settings

#: Seconds between two looks.
_EVERY = 1 / 4
#: After so many looks a file that a plan names, or that lay in a folder, is taken to be gone for good.
_GONE = 8
#: So many files are named.
_TOLD = 3
_CLEAR = "\x1b[H\x1b[2J"
#: What tells a file from another of its name; absent where there is none.
Mark = tuple[int, int, int] | None


class _Look(NamedTuple):
    """What stands on the disk, by name, and the width of the terminal."""

    files: dict[str, Mark]
    width: int | None


class _Picture(NamedTuple):
    """What was drawn of which files, and the headlines of the plans that could be read."""

    look: _Look
    headlines: dict[str, Headline]
    files: tuple[str, ...]


class AlsoWatched(NamedTuple):
    """What is looked at beside the plans that are named: files, asked for anew each time, and the clock.

    Every so many seconds a picture is drawn anew though nothing was saved; absent where time changes nothing of it.
    """

    files: Callable[[], Iterable[str]] = tuple
    every: int | None = None


def watched(
    call: Call,
    words: Iterable[str],
    format: Option[str],
    show: Callable[[Call], Reply],
    beside: AlsoWatched = AlsoWatched(),  # noqa: B008 - it is immutable
) -> Reply:
    """Returns the reply that goes on: `show` is run for each picture, from the first on, until Ctrl-C.

    Raises `WrongUsage` where there is nothing to draw on, no picture to draw, or no file to look at.
    """
    words = tuple(words)
    if call[format] != format.default:
        raise WrongUsage(WATCH, f"it draws for people: leave out `--format {call[format]}`")
    if not call.screen.out.terminal:
        raise WrongUsage(WATCH, "it draws anew on a terminal, and standard output is none")
    for word in words:
        if word == STANDARD_INPUT:
            raise WrongUsage(WATCH, "standard input is read once; name a file")
        if os.path.exists(word) and not os.path.isfile(word) and not is_folder(word):  # noqa: PTH110, PTH113
            raise WrongUsage(WATCH, f"`{word}` is no regular file, and has no time at which it was saved")
    first = show(call)
    if first.code >= ExitCode.USAGE:
        return first
    return Reply("", "", first.code, _pictures(call, words, show, beside), live=True)


def _pictures(call: Call, words: tuple[str, ...], show: Callable[[Call], Reply], beside: AlsoWatched) -> Iterator[str]:
    settings = settings_of(call)
    shown: _Picture | None = None
    while True:
        screen = current_screen()
        look, headlines, files = _taken(words, settings, shown, screen, beside)
        reply = show(call.on(screen))
        if shown is None:
            told = f"watching {_named(look.files)}; Ctrl-C ends it"
        else:
            told = changes(shown.headlines, headlines) or "no main figure has changed"
        # What cannot be read keeps the headline that it had, to be compared when it can.
        known = shown.headlines if shown is not None else {}
        shown = _Picture(look, {name: known.get(name, {}) | new for name, new in headlines.items()}, files)
        yield (_CLEAR if screen.out.clears else "\n") + reply.out + "".join(reply.pieces) + reply.talk
        yield _line(told, look.width)
        gc.collect()
        yield from _until_saved(words, shown, beside.every)


def _taken(
    words: tuple[str, ...], settings: Settings, shown: _Picture | None, screen: Screen, beside: AlsoWatched
) -> _Picture:
    """Looks, and then reads: what is saved meanwhile differs from what was looked at, and is drawn next."""
    before = shown.files if shown is not None else ()
    look = _look(words, before, screen)
    session = Session(settings)
    headlines: dict[str, Headline] = {}
    policies = []
    for name in _plans(words):
        text = read(name)
        if isinstance(text, Unreachable):
            continue
        study = session.study(text.name, text.data)
        headlines[name] = headline_of(study)
        policies.append(joined(folder_of(name), POLICY_NAME))
    # A plan that cannot be read does not say what it names: what it named before is looked at still.
    files = tuple(dict.fromkeys((*session.files, *policies, *beside.files(), *before)))
    more = {name: _mark(name) for name in files if name not in look.files}
    return _Picture(_Look(look.files | more, look.width), headlines, files)


def _until_saved(words: tuple[str, ...], shown: _Picture, every: int | None) -> Iterator[str]:
    """Waits until something other than what was drawn has stood for two looks, or so many seconds have passed.

    Yields what is to be said meanwhile.
    """
    last = shown.look
    away = 0
    ends = None if every is None else time.monotonic() + every
    while ends is None or time.monotonic() < ends:
        time.sleep(_EVERY)
        look = _look(words, shown.files, current_screen())
        agreed, last = look == last, look
        if not agreed:
            continue
        missing = [name for name, mark in shown.look.files.items() if mark is not None and look.files.get(name) is None]
        if not missing:
            if look != shown.look or away:
                return
            continue
        away += 1
        if away == 1:
            yield _line(f"{', '.join(map(visible, missing))}: away; the picture stays", look.width)
        # Without the plan itself there is nothing to draw; what it names may be gone for good.
        if away >= _GONE and not any(name in words for name in missing):
            return


def _look(words: tuple[str, ...], files: Iterable[str], screen: Screen) -> _Look:
    return _Look({name: _mark(name) for name in (*_plans(words), *files)}, screen.out.width)


def _plans(words: tuple[str, ...]) -> Iterator[str]:
    """Yields the plans that the command line names: files, and those that lie in folders by now."""
    for found in files_and_folders(words):
        if isinstance(found, Found):
            yield found.path
        elif isinstance(found, Unreachable):
            yield found.name


def _mark(name: str) -> Mark:
    try:
        found = os.stat(name)  # noqa: PTH116
    except (OSError, ValueError):
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _named(files: dict[str, Mark]) -> str:
    names = [visible(name) for name, mark in files.items() if mark is not None]
    return f"{', '.join(names[:_TOLD])} and {len(names) - _TOLD} more" if len(names) > _TOLD else ", ".join(names)


def _line(told: str, width: int | None) -> str:
    """Returns a line that says when, and what; in a narrow terminal its words go on below each other."""
    lines = wrap(f"{now():%H:%M:%S}  {told}", width or COLUMNS, indent=len("00:00:00  "))
    return "".join(f"{''.join(cell.text for cell in line).rstrip()}\n" for line in lines)
