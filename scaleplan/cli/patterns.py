"""Patterns of file names, `plans/*.yaml` and `plans/**/*.yaml`, where no shell has put the names in their place.

A pattern stands for what it would in a shell: `*`, `?` and `[abc]` stay inside one name, `**` is any number of folders,
hidden names need a dot in the pattern, and a file that is called like the pattern is meant by it. As below a folder,
`**` follows no links to folders, and what is neither a file nor a folder is passed over.
"""

import os
import re
from collections.abc import Iterator
from fnmatch import translate
from pathlib import Path

from scaleplan.cli.plans import SIGNS
from scaleplan.source import Unreachable

#: How long a pattern may be, and how many names are compared with one: more is no work for one call.
LENGTH = 1000
NAMES = 100_000

_ANY_FOLDERS = "**"


def matches(pattern: str) -> list[str]:
    """Returns the names that a pattern stands for, sorted. Raises `Unreachable` where there are none or too many."""
    if len(pattern) > LENGTH:
        raise Unreachable(f"{pattern[:40]}...", f"a pattern of more than {LENGTH:,} characters")
    drive, rest = os.path.splitdrive(pattern)
    parts = re.split(r"[/\\]+" if os.sep == "\\" else "/+", rest)
    begin = drive if parts[0] else drive + os.sep
    found = sorted(set(_Search(pattern, parts if parts[0] else parts[1:]).names(begin)))
    if not found:
        raise Unreachable(pattern, "no file matches this pattern")
    return found


class _Search:
    """Looks for one pattern, and counts how many names have been compared with it."""

    def __init__(self, pattern: str, parts: list[str]) -> None:
        self._pattern = pattern
        self._parts = parts
        self._fits = [re.compile(translate(os.path.normcase(part))).match for part in parts]
        self._compared = 0

    def names(self, begin: str) -> Iterator[str]:
        """Yields what matches below `begin`, folder by folder; each is looked into once for each part at most."""
        seen: set[tuple[str, int]] = set()
        waiting = [(begin, 0)]
        while waiting:
            place = waiting.pop()
            if place in seen:
                continue
            seen.add(place)
            here, at = place
            if at == len(self._parts):
                yield here
                continue
            part = self._parts[at]
            if part == _ANY_FOLDERS:
                waiting += [(name, at) for name in self._inside(here, at, folders=True)]
                is_last = at == len(self._parts) - 1
                waiting += [(name, at + 1) for name in self._inside(here, at)] if is_last else [(here, at + 1)]
            elif not SIGNS.isdisjoint(part):
                waiting += [(name, at + 1) for name in self._inside(here, at)]
            # The names are kept as a shell would have them, with `./` and with a last `/`.
            elif os.path.lexists(name := os.path.join(here, part)):  # noqa: PTH118
                waiting.append((name, at + 1))

    def _inside(self, folder: str, at: int, *, folders: bool = False) -> Iterator[str]:
        """Yields what one part of the pattern stands for in a folder; one that cannot be looked into holds nothing."""
        shows_hidden = self._parts[at].startswith(".")
        try:
            with os.scandir(folder or os.curdir) as entries:
                for entry in entries:
                    self._compared += 1
                    if self._compared > NAMES:
                        raise Unreachable(self._pattern, f"more than {NAMES:,} names lie where this pattern looks")
                    if entry.name.startswith(".") and not shows_hidden:
                        continue
                    if self._fits[at](os.path.normcase(entry.name)) and _is_meant(entry, folders=folders):
                        yield os.path.join(folder, entry.name)  # noqa: PTH118 - as above
        except OSError:
            return


def _is_meant(entry: "os.DirEntry[str]", *, folders: bool) -> bool:
    """Returns whether it is a file or a folder; a link that leads nowhere is told when it is read."""
    if folders:
        return entry.is_dir(follow_symlinks=False)
    try:
        return entry.is_file() or entry.is_dir() or not Path(entry.path).exists()
    except OSError:
        return True
