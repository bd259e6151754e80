"""Work shared out over processes: the same results in the same order, and no process left behind."""

import errno
import os
import pickle
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

import pytest

from scaleplan.cli import processes
from scaleplan.cli.processes import shared_out
from tests.given import PLAN, UNREADABLE_PLAN
from tests.running import COMMAND, ROOT, environment, outcome, process

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
    """What breaks in a child breaks here, as itself; no child stays behind."""

    def work(item: int) -> int:
        if item == wrong:
            raise ValueError("broken")
        return item

    with pytest.raises(ValueError, match="broken"):
        shared_out(work, range(900))
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def killed() -> None:
    """End as the system ends a process for which it has no memory left."""
    os.kill(os.getpid(), signal.SIGKILL)


def without_memory() -> None:
    """Have no memory."""
    raise MemoryError


def without_an_end() -> None:
    """End in the middle, as if by a limit of time."""
    os.kill(os.getpid(), signal.SIGTERM)


@pytest.mark.parametrize("end", [killed, without_memory, without_an_end])
@pytest.mark.usefixtures("processors")
def test_the_part_of_a_lost_child_is_done_again(end: Callable[[], None], capfd: pytest.CaptureFixture[str]) -> None:
    """A child that something else ends does not pass for one that found nothing, and nothing is said of it."""
    first = os.getpid()

    def work(item: int) -> int:
        if os.getpid() != first and item == 500:
            end()
        return item

    assert shared_out(work, range(900)) == [*range(900)]
    assert capfd.readouterr() == ("", "")
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


@pytest.mark.usefixtures("processors")
def test_results_that_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """A child that is killed while it hands its results over has handed over none."""
    first = os.getpid()

    def torn(results: object, pipe: BinaryIO, protocol: int) -> None:
        pipe.write(pickle.dumps(results, protocol)[:-100])
        pipe.flush()
        assert os.getpid() != first
        killed()

    monkeypatch.setattr(pickle, "dump", torn)
    assert shared_out(str, range(900)) == [*map(str, range(900))]


class Unpicklable(Exception):  # noqa: N818 - any class whose exceptions are not made of their texts alone
    """It can be pickled, and not be unpickled: what is kept are the texts of the exception."""

    def __init__(self, name: str, reason: str) -> None:
        """Say both in one text."""
        super().__init__(f"{name}: {reason}")


@pytest.mark.usefixtures("processors")
def test_results_that_cannot_be_taken_up() -> None:
    """What a child handed over and nobody can read is lost like the child's own end, and its part done here."""
    found = shared_out(lambda item: (os.getpid(), Unpicklable("a", "b") if item == 500 else None), range(900))
    assert len(found) == 900
    assert str(found[500][1]) == "a: b"
    assert found[500][0] == os.getpid() != found[899][0]


def open_files() -> int:
    """How many files this process holds open."""
    return sum(1 for _ in Path("/dev/fd").iterdir())


@pytest.mark.parametrize("call", ["fork", "pipe"])
@pytest.mark.parametrize("granted", [0, 1])
@pytest.mark.usefixtures("processors")
def test_a_system_that_gives_no_more_processes(call: str, granted: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What no child does is done here, in the same order, and no pipe stays open."""
    real, calls = getattr(os, call), []

    def refusing() -> object:
        calls.append(call)
        if len(calls) > granted:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        return real()

    monkeypatch.setattr(os, call, refusing)
    held = open_files()
    assert shared_out(lambda item: item + 1, range(900)) == [*range(1, 901)]
    assert len(calls) == granted + 1
    assert open_files() == held


@pytest.mark.usefixtures("processors")
def test_children_that_nobody_waits_for() -> None:
    """Where SIGCHLD is ignored, as by whoever started us, ended children are gone before they are asked after."""
    before = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert shared_out(str, range(900)) == [*map(str, range(900))]
    finally:
        signal.signal(signal.SIGCHLD, before)


#: Checks the plans of the current folder as a user who may have no more processes; all is loaded before.
WITHOUT_PROCESSES = """
import os, pathlib, resource, sys
from scaleplan.cli import main, processes
from scaleplan.cli.program import program
processes._processors = lambda: 2
sys.stdout = open(os.devnull, "w")
program(["check", "0000.yaml"])
sys.stdout = sys.__stdout__
if not os.getuid():
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
try:
    os.fork()
except BlockingIOError:
    sys.exit(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit is told of otherwise")
def test_a_user_without_processes(tmp_path: Path) -> None:
    """A real limit of processes, which the superuser would not feel."""
    tmp_path.chmod(0o755)
    for number in range(300):
        (tmp_path / f"{number:04}.yaml").write_text(PLAN)
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_PROCESSES, "check", "."],
        cwd=tmp_path,
        env=environment(PYTHONPATH=str(ROOT)),
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.endswith(b" in 300 plans\n")


#: Works for a minute in three processes, each of which says that it has begun.
FOR_A_MINUTE = """
import os, signal, sys, time
from scaleplan.cli import processes
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
processes._processors = lambda: 3
def work(item):
    if item % 100 == 0:
        os.write(1, b".")
    time.sleep(0.6)
try:
    processes.shared_out(work, range(300))
except KeyboardInterrupt:
    sys.exit(130)
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL, signal.SIGXCPU])
def test_no_child_outlives_its_parent(number: signal.Signals) -> None:
    """Whatever ends the first process, which alone is sent it, ends all within a second, without a word."""
    with subprocess.Popen(
        [sys.executable, "-c", FOR_A_MINUTE],
        env=environment(PYTHONPATH=str(ROOT)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        try:
            ready, _, _ = select.select([running.stdout], [], [], 20)
            assert ready
            begun = b""
            while len(begun) < 3:
                begun += os.read(running.stdout.fileno(), 3)
            running.send_signal(number)
            # Every process holds the other ends: nothing more can be read once the last one is gone.
            ended = time.monotonic() + 1
            for stream in (running.stdout, running.stderr):
                ready, _, _ = select.select([stream], [], [], max(0, ended - time.monotonic()))
                assert ready, "a process is left"
                assert os.read(stream.fileno(), 1000) == b""
            assert running.wait(timeout=20) == (130 if number == signal.SIGINT else -number)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)


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


@pytest.mark.usefixtures("processors")
def test_a_refused_file_in_each_part(tmp_path: Path) -> None:
    """Files that are not there, whichever process looked for them, have a line each; the others are checked."""
    names = []
    for number in range(300):
        names.append(str(tmp_path / f"{number:03}.yaml"))
        if number % 100 != 50:
            Path(names[-1]).write_text(PLAN)
    found = outcome("check", *names)
    assert found.code == 3
    assert found.talk == "".join(f"scaleplan: {names[number]}: no such file\n" for number in (50, 150, 250))
    assert found.out.endswith(" in 297 plans\n")


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


#: Runs a command on the plans of the current folder, and says on standard error how much memory it took, in KiB.
MEASURED = """
import resource, sys
from scaleplan.cli import main
code = main()
most = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
sys.stdout.flush()
print(f"{most}", file=sys.stderr)
sys.exit(code)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in KiB on Linux")
@pytest.mark.parametrize(
    ("words", "plan"),
    [
        pytest.param("check .", f"{PLAN}typo: 1\n" + "#\n" * 400_000, id="check, many lines"),
        pytest.param("check .", f"{PLAN}typo: 1 # {'x' * 1_000_000}\n", id="check, a long line"),
        pytest.param("fmt --check .", f"{PLAN}stop: *5 # {'x' * 1_000_000}\n", id="fmt, not to be laid out"),
        pytest.param("fmt .", f"{PLAN}name: a # {'x' * 1_000_000}\n", id="fmt, laid out"),
    ],
)
def test_a_folder_takes_the_memory_of_one_plan(words: str, plan: str, tmp_path: Path) -> None:
    """A megabyte in each of many plans, something wrong in each: 25 more take little more than the first."""
    memory = []
    for number in range(30):
        (tmp_path / f"{number:03}.yaml").write_text(plan)
        if number in (4, 29):
            done = subprocess.run(
                [sys.executable, "-c", MEASURED, *words.split()],
                cwd=tmp_path,
                env=environment(PYTHONPATH=str(ROOT)),
                capture_output=True,
                check=False,
                timeout=60,
            )
            memory.append(int(done.stderr.splitlines()[-1]))
    assert memory[1] - memory[0] < 15_000
