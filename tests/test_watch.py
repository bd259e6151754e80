"""`--watch` in a real terminal: a file edited, broken, taken away and brought back, and Ctrl-C."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from scaleplan.cli.reply import Screen, Surface
from scaleplan.report.headline import changes, headline_of
from tests.given import spot, study_of
from tests.running import COMMAND, ROOT, environment, outcome, process

#: One coin at 100, stopped at 90, without fees: 10.00 are lost.
PLAN = spot("tiers: [100]\nstop: 90\ntargets: [130]\naccount: ./account.yaml", "1 BTC")
#: Seconds in which a loaded machine starts a process and draws.
PATIENCE = 20
CLEAR = "\x1b[H\x1b[2J"


class Terminal:
    """A program on a terminal of its own, and what it has shown there."""

    def __init__(self, running: subprocess.Popen[bytes], screen: int) -> None:
        self.running = running
        self._screen = screen
        self._unread = ""

    def until(self, pattern: str) -> str:
        """Returns what is shown up to a line that matches; fails where none does in time."""
        end = time.monotonic() + PATIENCE
        while (found := re.search(pattern, self._unread)) is None:
            assert time.monotonic() < end, self._unread
            if select.select([self._screen], [], [], 0.1)[0]:
                self._unread += os.read(self._screen, 1 << 16).decode()
        shown, self._unread = self._unread[: found.end()], self._unread[found.end() :]
        return shown

    def quiet(self, seconds: float) -> str:
        """Returns what is shown in the seconds to come."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if select.select([self._screen], [], [], left)[0]:
                self._unread += os.read(self._screen, 1 << 16).decode()
        shown, self._unread = self._unread, ""
        return shown

    def resize(self, columns: int) -> None:
        """Makes the terminal as wide as that."""
        fcntl.ioctl(self._screen, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))

    def interrupted(self) -> int:
        """Returns the exit code after Ctrl-C."""
        self.running.send_signal(signal.SIGINT)
        return self.running.wait(PATIENCE)


@contextmanager
def terminal(folder: Path, *arguments: str, **changed: str | None) -> Iterator[Terminal]:
    """Runs the program on a terminal of 80 columns."""
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        [*COMMAND, *arguments],
        cwd=folder,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=environment(**{"COLUMNS": "80", "TERM": "xterm", "NO_COLOR": "1", **changed}),
    )
    os.close(theirs)
    try:
        yield Terminal(running, ours)
    finally:
        running.kill()
        running.wait()
        os.close(ours)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a plan and the account that it names."""
    (tmp_path / "plan.yaml").write_text(PLAN)
    (tmp_path / "account.yaml").write_text("equity: 1000\nmax_risk: 5%\n")
    return tmp_path


def saved(file: Path, text: str) -> None:
    """Saves a file as most editors do: another takes its name."""
    other = file.with_suffix(".new")
    other.write_text(text)
    other.replace(file)


def test_a_day_at_the_screen(folder: Path) -> None:
    """Each save is drawn once, with a line of what it changed; what is away or broken is said, and found again."""
    plan, account = folder / "plan.yaml", folder / "account.yaml"
    with terminal(folder, "chart", "plan.yaml", "--watch") as screen:
        first = screen.until(r"Ctrl-C ends it\r\n")
        assert first.startswith(CLEAR)
        assert " 90.00 ╪" in first
        assert re.search(r"\n\d\d:\d\d:\d\d  watching plan.yaml, account.yaml; Ctrl-C ends it\r\n$", first)
        # Nothing is drawn while nothing is saved.
        assert screen.quiet(0.8) == ""
        # Stopped at 88 a coin loses 12; what is made is 30 as before.
        saved(plan, PLAN.replace("stop: 90", "stop: 88"))
        edited = screen.until(r"\d  worst loss 10.00 -> 12.00, stop 90.00 -> 88.00\r\n")
        assert edited.startswith(CLEAR)
        assert " 88.00 ╪" in edited
        # The file that it names: 12 of 1,000 are more than 1%.
        saved(account, "equity: 1000\nmax_risk: 1%\n")
        assert "SP503" in screen.until(r"\d  errors 0 -> 1\r\n")
        saved(account, "equity: 1000\nmax_risk: 5%\n")
        screen.until(r"\d  errors 1 -> 0\r\n")
        # Shares of equity are other shares of another equity.
        saved(account, "equity: 2000\nmax_risk: 5%\n")
        screen.until(r"\d  equity 1,000 -> 2,000\r\n")
        # Half a text has no figures; the picture goes, what is wrong is said.
        plan.write_text(PLAN[:20])
        assert "╪" not in screen.until(r"\d  no figures, errors 0 -> \d\r\n")
        plan.write_text(PLAN)
        screen.until(r"\d  worst loss 12.00 -> 10.00, stop 88.00 -> 90.00, errors \d -> 0\r\n")
        # Taken away, the picture stays; the same file brought back is drawn anew.
        plan.rename(folder / "elsewhere")
        gone = screen.until(r"plan.yaml: away; the picture stays\r\n")
        assert CLEAR not in gone
        assert screen.quiet(0.6) == ""
        (folder / "elsewhere").rename(plan)
        assert " 90.00 ╪" in screen.until(r"\d  no main figure has changed\r\n")
        assert screen.interrupted() == 130


def test_a_plan_is_watched_in_every_command(folder: Path) -> None:
    """`show`, `at`, and `check`, which takes a folder and what comes into it; a dumb terminal is not cleared."""
    with terminal(folder, "show", "plan.yaml", "--watch", TERM="dumb", COLUMNS=None) as screen:
        assert "planned loss 10.00" in screen.until("Ctrl-C ends it")
        saved(folder / "plan.yaml", PLAN.replace("[130]", "[120]"))
        shown = screen.until(r"make 30.00 -> 20.00")
        assert "make 20.00 = 2.00R" in shown
        assert "\x1b" not in shown
        # A terminal of another width is drawn on anew.
        screen.resize(30)
        assert max(map(len, screen.until(r"no main").splitlines()[:-1])) <= 30
        assert screen.interrupted() == 130
    with terminal(folder, "at", "plan.yaml", "95", "--watch") as screen:
        assert "-5.00" in screen.until("Ctrl-C ends it")
        # Where the plan is over at the price that is asked about, or cannot be asked, that is said in its place.
        saved(folder / "plan.yaml", PLAN.replace("stop: 90", "stop: 96"))
        assert "over" in screen.until("worst loss 10.00 -> 4.00")
        assert screen.interrupted() == 130
    (folder / "old.yaml").write_text(PLAN)
    with terminal(folder, "diff", "old.yaml", "plan.yaml", "--watch") as screen:
        # 10 were lost at 90, and 4 at 96.
        assert "safer: the worst loss shrinks by 60%" in screen.until("Ctrl-C ends it")
        saved(folder / "plan.yaml", PLAN.replace("stop: 90", "stop: 80"))
        assert "riskier: the worst loss grows by 100%" in screen.until("plan.yaml: worst loss 4.00 -> 20.00")
        assert screen.interrupted() == 130
    (folder / "old.yaml").unlink()
    with terminal(folder, "check", ".", "--watch") as screen:
        screen.until("Ctrl-C ends it")
        saved(folder / "other.yaml", PLAN.replace("stop: 90", "stop: 110"))
        assert "SP201" in screen.until(r"\./?other.yaml: new|other.yaml: new")
        (folder / "other.yaml").unlink()
        screen.until(r"other.yaml: away")
        assert "SP201" not in screen.until(r"other.yaml: gone")
        assert screen.interrupted() == 130


def test_a_trade_is_watched_in_its_journal(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is recorded in another terminal is drawn here, and so is an edit after the lock."""
    path = str(folder / "journal.db")
    monkeypatch.setenv("SCALEPLAN_JOURNAL", path)
    monkeypatch.chdir(folder)
    assert outcome("lock", "plan.yaml").code == 0
    with terminal(folder, "status", "T1", "--watch", SCALEPLAN_JOURNAL=path) as screen:
        assert "nothing is held yet" in screen.until("Ctrl-C ends it")
        assert outcome("fill", "T1", "100", "1").code == 0
        assert "held 1.00" in screen.until("no main figure has changed")
        saved(folder / "plan.yaml", PLAN.replace("stop: 90", "stop: 80"))
        assert "SP902" in screen.until("no main figure has changed")
        assert screen.interrupted() == 130


@pytest.mark.parametrize("command", ["show", "check", "chart", "at", "diff"])
@pytest.mark.parametrize(
    ("words", "terminal", "said"),
    [
        (("plan.yaml",), False, "standard output is none"),
        (("-",), True, "standard input is read once"),
        (("pipe",), True, "is no regular file"),
        (("plan.yaml", "--format", "json"), True, "leave out `--format json`"),
    ],
)
def test_what_cannot_be_watched(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: str,
    words: tuple[str, ...],
    terminal: bool,  # noqa: FBT001
    said: str,
) -> None:
    """Without a terminal or a file there is nothing to draw anew: wrong usage, said at once."""
    monkeypatch.chdir(folder)
    os.mkfifo("pipe")
    surface = Surface(80, colour=False, terminal=terminal, clears=terminal)
    price = {"at": ("95",), "diff": ("account.yaml",)}.get(command, ())
    reply = outcome(command, *words, *price, "--watch", screen=Screen(surface, surface))
    assert (reply.code, reply.out) == (2, "")
    assert said in " ".join(reply.talk.split())


def test_a_pipe_is_no_terminal(folder: Path) -> None:
    """Not even one that COLUMNS makes as wide as one."""
    ran = process("show", "plan.yaml", "--watch", cwd=folder, env=environment(COLUMNS="80"))
    assert (ran.returncode, ran.stdout) == (2, b"")


def test_what_is_not_there_is_not_waited_for(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelled name is said, as without --watch."""
    monkeypatch.chdir(folder)
    surface = Surface(80, colour=False, terminal=True)
    reply = outcome("chart", "plam.yaml", "--watch", screen=Screen(surface, surface))
    assert reply.code == 3
    assert "plam.yaml: no such file" in reply.talk


def test_changes_are_told_by_plan_where_they_are_several() -> None:
    """A figure that reads alike is none that has changed, and a plan is named only beside another."""
    text = PLAN.replace("account: ./account.yaml\n", "")
    before, after = headline_of(study_of(text)), headline_of(study_of(text.replace("[130]", "[140]")))
    assert changes({"a": before}, {"a": before}) == ""
    assert changes({"a": before}, {"a": after}) == "make 30.00 -> 40.00"
    assert changes({"a": before, "b": before}, {"a": after, "c": after}) == "b: gone; a: make 30.00 -> 40.00; c: new"
    # A stop 250 lower loses 250 * 0.8 BTC more on tiers 1-2, less 0.05% slippage and 0.05% taker fee of 200: 199.80.
    pyramid = (ROOT / "plans" / "breakout-retest-pyramid.yaml").read_bytes()
    lower = pyramid.replace(b"stop: 39150", b"stop: 38900")
    figures = [headline_of(study_of(data, str(ROOT / "plans" / "plan.yaml"))) for data in (pyramid, lower)]
    assert changes({"a": figures[0]}, {"a": figures[1]}).startswith("worst loss 733.72 -> 933.52, ")
    # What another path loses is the worst loss, not what is planned.
    worse = (ROOT / "plans" / "bad" / "SP512-risk-passed-on-a-path.yaml").read_text()
    assert headline_of(study_of(worse))["worst loss"].text == "1,552.63"
    broken = headline_of(study_of("side: long"))
    assert changes({"a": before}, {"a": broken}) == "no figures, errors 0 -> 3"
