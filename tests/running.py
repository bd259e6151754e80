"""How tests run the program: in this process where only the outcome counts, in its own where the streams do."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

from scaleplan.cli.program import run
from scaleplan.cli.reply import Reply, Screen, Surface

ROOT = Path(__file__).resolve().parents[1]
COMMAND = (sys.executable, "-m", "scaleplan")


def screen_of(width: int | None) -> Screen:
    """Returns a screen of so many columns, without colour."""
    return Screen(*[Surface(width=width, colour=False)] * 2)


WIDE_SCREEN = screen_of(120)


def joined(text: str) -> str:
    """Returns a text with one blank for whatever blanks and line ends, to be read however it was wrapped."""
    return " ".join(text.split())


def approved(text: str, path: Path) -> None:
    """Holds a text against its golden file, or writes that anew: read the difference before you keep it."""
    if os.environ.get("SCALEPLAN_REWRITE_GOLDEN"):
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")


def outcome(*arguments: str, screen: Screen = WIDE_SCREEN) -> Reply:
    """Runs the program in this process. Returns what it prints, says beside and exits with."""
    return run(arguments, screen)


def checked(*arguments: str) -> dict[str, Any]:
    """Runs `check`. Returns what it says as JSON."""
    record: dict[str, Any] = json.loads(outcome("check", "--format", "json", *arguments).out)
    return record


def environment(**changes: str | None) -> dict[str, str]:
    """The environment of a plain terminal-less run, with changes; None takes a variable away."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "LC_", "_SCALEPLAN"))}
    for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "LANG"):
        plain.pop(name, None)
    plain["LANG"] = "C.UTF-8"
    for name, value in changes.items():
        if value is None:
            plain.pop(name, None)
        else:
            plain[name] = value
    return plain


def process(
    *arguments: str | bytes,
    stdin: bytes | int | IO[bytes] = b"",
    stdout: int | IO[bytes] = subprocess.PIPE,
    stderr: int | IO[bytes] = subprocess.PIPE,
    env: dict[str, str] | None = None,
    cwd: Path | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run the program in a process of its own, to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin if isinstance(stdin, bytes) else None,
        stdin=None if isinstance(stdin, bytes) else stdin,
        stdout=stdout,
        stderr=stderr,
        env=env or environment(),
        cwd=cwd or ROOT,
        timeout=30,
        check=False,
    )
