"""Work shared out over processes: the same results in the same order, and no process left behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scaleplan.cli import processes
from scaleplan.cli.processes import shared_out
from tests.running import COMMAND, PLAN, ROOT, UNREADABLE_PLAN, environment, process

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="without fork all is done in one process")


@pytest.fixture
def processors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three processors, whatever the machine has."""
    monkeypatch.setattr(processes, "_processors", lambda: 3)


@pytest.mark.parametrize("count", [0, 1, 199, 200, 299, 300, 1001])
@pytest.mark.usefixtures("processors")
def test_results_come_in_order(count: int) -> None:
    """Every item is worked on once, and its result stands where the item stood."""
    assert shared_out(lambda item: (item, item * item), range(count)) == [(item, item * item) for item in range(count)]


@pytest.mark.usefixtures("processors")
def test_many_items_take_many_processes() -> None:
    """The first part is done in this process, each other part in one of its own."""
    found = shared_out(lambda _: os.getpid(), range(900))
    assert found[0] == os.getpid()
    assert len(set(found)) == 3


@pytest.mark.parametrize("wrong", [0, 899])
@pytest.mark.usefixtures("processors")
def test_an_error_is_an_error_wherever_it_happens(wrong: int) -> None:
    """What breaks in a child breaks here, with what it says; no child stays behind."""

    def work(item: int) -> int:
        if item == wrong:
            raise ValueError("broken")
        return item

    with pytest.raises((ValueError, RuntimeError), match="broken"):
        shared_out(work, range(900))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.usefixtures("processors")
def test_a_child_that_is_killed_is_an_error() -> None:
    """A child that something else ends does not pass for one that found nothing."""
    first = os.getpid()

    def work(item: int) -> int:
        if os.getpid() != first:
            os.kill(os.getpid(), signal.SIGKILL)
        return item

    with pytest.raises(RuntimeError, match="without a word"):
        shared_out(work, range(900))


@pytest.mark.usefixtures("processors")
def test_children_ignore_the_interrupt_that_the_first_process_ignores() -> None:
    """What was started in the background, where shells have SIGINT ignored, goes on when it comes: in all its parts."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        assert shared_out(lambda _: os.kill(os.getpid(), signal.SIGINT), range(300)) == [None] * 300
    finally:
        signal.signal(signal.SIGINT, before)


def many(folder: Path, count: int) -> None:
    """So many plans, of which every third cannot be read, some below others, and two that cannot be opened."""
    for number in range(count):
        below = folder / f"{number % 7}"
        below.mkdir(exist_ok=True)
        (below / f"{number:04}.yaml").write_text(PLAN if number % 3 else UNREADABLE_PLAN)
    (folder / "0" / "gone.yaml").symlink_to("nowhere.yaml")


@pytest.mark.skipif(sys.platform != "linux", reason="the processors of a process are told on Linux")
@pytest.mark.parametrize("format", ["text", "sarif"])
def test_one_process_and_several_say_the_same(tmp_path: Path, format: str) -> None:
    """A folder of many plans is told of in the same words, however many processes went through it."""
    many(tmp_path, 500)
    command = (*COMMAND, "check", ".", "--format", format)
    several = process("check", ".", "--format", format, cwd=tmp_path)
    alone = subprocess.run(
        [sys.executable, "-c", f"import os; os.sched_setaffinity(0, {{0}}); os.execv({command[0]!r}, {command!r})"],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        check=False,
        timeout=60,
    )
    assert (several.stdout, several.stderr, several.returncode) == (alone.stdout, alone.stderr, alone.returncode)
    assert several.returncode == 3


def test_ctrl_c_ends_all_processes(tmp_path: Path) -> None:
    """Ctrl-C says nothing, exits with 130 as ever, and leaves no process behind."""
    many(tmp_path, 6000)
    running = subprocess.Popen(
        [*COMMAND, "check", "."],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(ROOT)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    time.sleep(1)
    os.killpg(running.pid, signal.SIGINT)
    out, talk = running.communicate(timeout=20)
    assert (out, talk, running.returncode) == (b"", b"", 130)
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)
