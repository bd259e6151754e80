"""The streams: pipes that close, disks that fill, terminals that cannot show a character, and Ctrl-C."""

import fcntl
import json
import os
import pty
import re
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from scaleplan.cli.reply import surface_of
from tests.given import PLAN, UNREADABLE_PLAN, WRONG_PLAN
from tests.running import COMMAND, environment, process

ANY_COMMAND = pytest.mark.parametrize("arguments", [["show"], ["check"], ["show", "--format", "json"]], ids=" ".join)
ESCAPE = b"\x1b["


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """A plan that is right."""
    (tmp_path / "good.yaml").write_text(PLAN)
    return str(tmp_path / "good.yaml")


@pytest.fixture
def wrong(tmp_path: Path) -> str:
    """A plan with an error."""
    (tmp_path / "wrong.yaml").write_text(WRONG_PLAN)
    return str(tmp_path / "wrong.yaml")


def shell(line: str, **changes: str) -> subprocess.CompletedProcess[bytes]:
    """Run a line of bash in which $S is the program."""
    return subprocess.run(
        ["bash", "-c", line],
        env=environment(S=" ".join(COMMAND), **changes),
        capture_output=True,
        timeout=30,
        check=False,
    )


def on_terminal(*arguments: str, columns: int = 80, **changes: str) -> str:
    """What the program prints on a terminal of so many columns."""
    controller, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=terminal,
        stderr=terminal,
        env=environment(**{"TERM": "xterm-256color"} | changes),
    ) as running:
        os.close(terminal)
        printed = b""
        try:
            while piece := os.read(controller, 65536):
                printed += piece
        except OSError:  # the terminal's other end is gone: Linux says so with an error
            pass
        running.wait(timeout=30)
    os.close(controller)
    return printed.decode().replace("\r\n", "\n")


# Output that nobody reads, or that cannot be stored


@ANY_COMMAND
def test_reader_that_goes_away(arguments: list[str], plan: str, wrong: str) -> None:
    """`| head -0`: nothing is said, and the exit code is that of the result."""
    for path, code in ((plan, 0), (wrong, 1)):
        line = f"set -o pipefail; {{ $S {' '.join(arguments)} {path}; echo $? >&2; }} | true"
        assert shell(line).stderr == f"{code}\n".encode()


def test_reader_that_goes_away_in_the_middle(tmp_path: Path) -> None:
    """Output larger than any pipe holds, cut after one line, ends as quietly."""
    many = []
    for number in range(60):
        path = tmp_path / f"{number}.yaml"
        path.write_text(PLAN)
        many.append(str(path))
    cut = shell(f"{{ $S show --format json {' '.join(many)}; echo $? >&2; }} | head -n 1")
    assert cut.stderr == b"0\n"
    assert cut.stdout.count(b"\n") == 1


@pytest.mark.parametrize("arguments", ["", "--help", "--version", "show --help"])
def test_reader_of_help_that_goes_away(arguments: str) -> None:
    """The help pages and the version end as quietly as the commands do."""
    assert shell(f"{{ sleep 0.2; $S {arguments}; echo $? >&2; }} | true").stderr == b"0\n"


@ANY_COMMAND
def test_closed_streams(arguments: list[str], plan: str, wrong: str) -> None:
    """Closed standard output, standard error and standard input: quiet, and the result's exit code."""
    for closed in (">&-", "2>&-", "<&-", "<&- >&- 2>&-"):
        done = shell(f"$S {' '.join(arguments)} {wrong} {closed}")
        assert (done.returncode, done.stderr) == (1, b""), closed
    assert shell(f"$S {' '.join(arguments)} {plan} >&-").returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the full device")
@pytest.mark.parametrize("arguments", ["show {}", "check {}", "--help", ""])
def test_full_disk(arguments: str, wrong: str) -> None:
    """Output that cannot be stored is one line on standard error and exit 3, also where the plan has errors."""
    done = shell(f"$S {arguments.format(wrong)} > /dev/full")
    assert done.returncode == 3
    assert done.stderr == b"scaleplan: the output could not be written: no space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the full device")
def test_full_disk_for_what_is_said_beside() -> None:
    """Standard error that cannot be stored changes nothing."""
    done = shell("$S show missing.yaml 2> /dev/full")
    assert (done.returncode, done.stdout) == (3, b"")


# Files that are none, or never end


def test_fifo_is_read(tmp_path: Path) -> None:
    """A FIFO is read like a file: `show <(command)` works."""
    (tmp_path / "plan.yaml").write_text(PLAN)
    shown = shell(f"$S show <(cat {tmp_path}/plan.yaml)")
    assert (shown.returncode, shown.stderr) == (0, b"")
    assert b"SOL/USDT" in shown.stdout


@pytest.mark.parametrize("source", ["yes 'name: x' |", "cat /dev/zero |"])
def test_endless_input_ends(source: str) -> None:
    """An endless standard input is read to the limit, and is a plan too large: exit 1."""
    shown = shell(f"{source} $S show -")
    assert shown.returncode == 1
    assert b"SP002" in shown.stderr


def test_directory_and_devices(tmp_path: Path) -> None:
    """A directory or a device is refused with exit 3."""
    for path in (str(tmp_path), "/dev/null", "/dev/zero", "/dev/tty"):
        assert process("show", path).returncode == 3


# What the terminal can show


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
@ANY_COMMAND
def test_every_encoding_is_served(arguments: list[str], encoding: str, tmp_path: Path) -> None:
    """A character that the output's encoding lacks is spelled out; nothing raises, and JSON stays JSON."""
    path = tmp_path / "ü₿.yaml"
    path.write_text(WRONG_PLAN + "name: Ausbruch über ₿ 𝄞\n", encoding="utf-8")
    done = process(*arguments, str(path), env=environment(PYTHONIOENCODING=encoding))
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    text = done.stdout.decode(encoding)
    if "json" in arguments:
        assert json.loads(text)["plan"]["name"] == "Ausbruch über ₿ 𝄞"
    elif encoding == "ascii":
        assert "\\u20bf" in text


def test_c_locale(tmp_path: Path) -> None:
    """The C locale, with Python kept from mending it, is readable and exits as elsewhere."""
    path = tmp_path / "plan.yaml"
    path.write_text(WRONG_PLAN + "name: Übung\n", encoding="utf-8")
    bare = environment(LANG=None, LC_ALL="C", PYTHONCOERCECLOCALE="0", PYTHONUTF8="0")
    for arguments in (["show"], ["check"], ["show", "--format", "json"]):
        done = process(*arguments, str(path), env=bare)
        assert done.returncode == 1
        assert done.stdout.isascii()
        assert b"Traceback" not in done.stderr
    plain = process("show", str(path), env=bare).stdout.decode()
    assert plain.count("\\x") + plain.count("\\u") <= 4, "more than the name is spelled out"


# Width and colour


def surface(width: int = 0, encoding: str = "utf-8", **variables: str) -> tuple[int | None, bool]:
    """The width and the colour for a stream that is a terminal if it has a width."""

    class Stream(TextIOWrapper):
        def isatty(self) -> bool:
            return width > 0

    shown = surface_of(Stream(BytesIO(), encoding), variables)
    return shown.width, shown.colour


@pytest.mark.parametrize("columns", ["0", "-5", "garbage", "", "1e3", "80.5", " 90", "९०", "0x50"])
def test_columns_that_are_no_width_are_ignored(columns: str) -> None:
    """COLUMNS counts where it is a positive whole number; anything else is as if it were not set."""
    assert surface(COLUMNS=columns) == (None, False)
    assert surface(width=1, COLUMNS=columns) == (80, True)


def test_columns() -> None:
    """COLUMNS wins over the terminal; absurd widths end at what any screen could have."""
    assert surface(COLUMNS="97")[0] == 97
    assert surface(COLUMNS="0097")[0] == 97
    assert surface(width=1, COLUMNS="60")[0] == 60
    assert surface(COLUMNS="9" * 5000)[0] == 1000


def test_colour() -> None:
    """Colour is for terminals; NO_COLOR is stronger than FORCE_COLOR, and both count only when not empty."""
    assert surface(width=1)[1]
    assert not surface()[1]
    assert not surface(width=1, NO_COLOR="1")[1]
    assert surface(width=1, NO_COLOR="")[1]
    assert not surface(width=1, TERM="dumb")[1]
    assert surface(FORCE_COLOR="1")[1]
    assert not surface(FORCE_COLOR="")[1]
    assert not surface(FORCE_COLOR="1", NO_COLOR="1")[1]


@pytest.mark.parametrize("name", ["show", "check"])
def test_terminal(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal there is colour and the terminal's width; the variables that ask for less are heeded."""
    monkeypatch.chdir(tmp_path)
    wrong = "wrong.yaml"
    Path(wrong).write_text(WRONG_PLAN)
    assert "\x1b[" in on_terminal(name, wrong)
    for variable, value in (("NO_COLOR", "1"), ("TERM", "dumb")):
        assert "\x1b" not in on_terminal(name, wrong, columns=80, **{variable: value})
    for columns in (50, 80, 120):
        printed = on_terminal(name, wrong, columns=columns, NO_COLOR="1")
        assert max(map(len, printed.splitlines())) <= columns
    assert on_terminal(name, wrong, columns=0, NO_COLOR="1") == on_terminal(name, wrong, columns=80, NO_COLOR="1")


def test_colour_changes_no_text(wrong: str) -> None:
    """Without its escapes the coloured output is the plain one."""
    for name in ("show", "check"):
        coloured = on_terminal(name, wrong)
        assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == on_terminal(name, wrong, NO_COLOR="1")


def test_pipes_carry_no_colour(wrong: str) -> None:
    """What goes into a pipe or a file has no escapes, and `show` takes 80 columns there."""
    for name in ("show", "check"):
        printed = process(name, wrong, env=environment(TERM="xterm-256color")).stdout
        assert ESCAPE not in printed
        assert ESCAPE in process(name, wrong, env=environment(FORCE_COLOR="1")).stdout
    piped = process("show", wrong).stdout
    assert piped == process("show", wrong, env=environment(COLUMNS="80")).stdout
    assert piped == process("show", wrong, env=environment(COLUMNS="0")).stdout


def test_talk_is_coloured_by_its_own_stream(tmp_path: Path) -> None:
    """Standard output in a pipe does not take the colour from a terminal beside it, nor give it."""
    path = tmp_path / "plan.yaml"
    path.write_text(UNREADABLE_PLAN)
    controller, terminal = pty.openpty()
    process("show", str(path), stderr=terminal, env=environment(TERM="xterm"))
    os.close(terminal)
    assert ESCAPE in os.read(controller, 65536)
    os.close(controller)


# Ctrl-C


def interrupted(arguments: list[str], ready: Callable[[], bool], **streams: int) -> tuple[int, bytes]:
    """Start the program, send it SIGINT once it is ready, let it end; its exit code and what it said."""
    with subprocess.Popen(
        [*COMMAND, *arguments],
        stdin=streams.get("stdin", subprocess.DEVNULL),
        stdout=streams.get("stdout", subprocess.DEVNULL),
        stderr=subprocess.PIPE,
        env=environment(),
    ) as running:
        deadline = time.monotonic() + 20
        while not ready():
            assert time.monotonic() < deadline
            time.sleep(0.005)
        time.sleep(0.05)
        running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=20)
        return running.returncode, said


def waiting(pipe: int) -> int:
    """How many bytes wait in a pipe."""
    return int.from_bytes(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)), sys.byteorder)


@pytest.mark.parametrize("name", ["show", "check"])
def test_interrupt_while_reading(name: str) -> None:
    """Ctrl-C while more of standard input is awaited: nothing is said, exit 130."""
    reading, writing = os.pipe()
    os.write(writing, b"symbol: SOL/USDT\n")
    try:
        assert interrupted([name, "-"], lambda: not waiting(reading), stdin=reading) == (130, b"")
    finally:
        os.close(reading)
        os.close(writing)


def test_interrupt_while_writing(tmp_path: Path) -> None:
    """Ctrl-C while a reader does not read: nothing is said, exit 130, and the end does not wait for the reader."""
    many = []
    for number in range(60):
        path = tmp_path / f"{number}.yaml"
        path.write_text(PLAN)
        many.append(str(path))
    reading, writing = os.pipe()
    try:
        done = interrupted(["show", "--format", "json", *many], lambda: waiting(reading) > 0, stdout=writing)
        assert done == (130, b"")
    finally:
        os.close(reading)
        os.close(writing)


#: Sends itself SIGINT when a module is first asked for, as early as the program's own code can be interrupted.
INTERRUPTED_IMPORT = """
import builtins, os, signal, sys
target, *sys.argv[1:] = sys.argv[1:]
real = builtins.__import__
def interrupting(name, *rest):
    if name == target and name not in sys.modules:
        os.kill(os.getpid(), signal.SIGINT)
    return real(name, *rest)
from scaleplan.cli import main
builtins.__import__ = interrupting
sys.exit(main())
"""


@pytest.mark.parametrize(
    "module",
    [
        "scaleplan.cli.program",
        "scaleplan.cli.by_typer",
        "typer",
        "scaleplan.cli.studied",
        "scaleplan.decode",
        "scaleplan.study",
        "yaml.error",
        "scaleplan.report.show.page",
        "rich.style",
    ],
)
def test_interrupt_while_starting(module: str, plan: str) -> None:
    """Ctrl-C during the imports, of which a start largely consists, is as quiet as later."""
    # Right usage has no need of typer.
    options = ["--format", "?"] if module in ("scaleplan.cli.by_typer", "typer") else []
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_IMPORT, module, "show", plan, *options],
        check=False,
        # Only colour has need of rich.
        env=environment(FORCE_COLOR="1") if module == "rich.style" else environment(),
        capture_output=True,
        timeout=30,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
