"""What the operating system refuses: one line that says so and exit 3, no traceback, no "plan has errors"."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from scaleplan.cli import main
from scaleplan.cli.options import complete_path
from scaleplan.cli.reply import ExitCode
from tests.given import PLAN
from tests.running import COMMAND, ROOT, environment, outcome

LONG = "a" * 300
NEW = ("--long", "SOL/USDT", "150", "140", "130", "--stop", "118", "--size", "900 USDT")


def after(preparation: str, *arguments: str, cwd: Path = ROOT, stdin: int | None = None) -> tuple[int, str, str]:
    """Prepare a process in Python, run the program in it; its exit code, its output, and what it said."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            f"{preparation}\nimport sys\nfrom scaleplan.cli import main\nsys.exit(main())",
            *arguments,
        ],
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        capture_output=True,
        env=environment(PYTHONPATH=str(ROOT)),
        cwd=cwd,
        timeout=30,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def assert_refused(done: tuple[int, str, str], said: str) -> None:
    """Exit 3, no output, and one line with what is to be said."""
    code, out, talk = done
    assert (code, out) == (3, ""), talk
    assert talk.startswith("scaleplan: ")
    assert talk.count("\n") == 1
    assert said in talk


@pytest.fixture
def plan(tmp_path: Path) -> str:
    """A plan that is right, in a folder of its own."""
    (tmp_path / "plan.yaml").write_text(PLAN)
    return str(tmp_path / "plan.yaml")


# Memory

#: Fails the import of a module, as early as the program's own code can fail.
FAILING_IMPORT = """
import builtins, sys
target, kind = sys.argv[1:3]
del sys.argv[1:3]
real = builtins.__import__
def failing(name, *rest):
    if name == target and name not in sys.modules:
        if kind == "memory": raise MemoryError
        if kind == "errno": raise OSError(12, "Cannot allocate memory", name)
        if kind == "files": raise OSError(24, "Too many open files", name)
        if kind == "lost": raise SystemError("error return without exception set")
        raise ImportError("_x.so: failed to map segment from shared object", name="_x", path="/lib/_x.so")
    return real(name, *rest)
import scaleplan.cli
builtins.__import__ = failing
"""


@pytest.mark.parametrize(
    ("module", "kind"),
    [
        *(("scaleplan.cli.program", kind) for kind in ("memory", "errno", "files", "lost", "shared object")),
        *((module, "memory") for module in ("scaleplan.clock", "typer", "scaleplan.study")),
        ("scaleplan.study", "shared object"),
    ],
)
def test_a_start_that_the_system_refuses(module: str, kind: str, plan: str) -> None:
    """A module that cannot be loaded for want of memory or files, which is no mistake of ours nor of the plan's."""
    # Right usage has no need of typer.
    done = after(FAILING_IMPORT, module, kind, "show", plan, "--format", "?" if module == "typer" else "json")
    assert_refused(done, "too many open files" if kind == "files" else "there is not enough memory")


def test_libyaml_is_not_passed_over(plan: str) -> None:
    """PyYAML's own parser reads some texts otherwise; it is for where libyaml was left out, not for want of memory."""
    assert_refused(after(FAILING_IMPORT, "yaml._yaml", "shared object", "check", plan), "there is not enough memory")


def test_a_start_that_is_broken(plan: str) -> None:
    """An error of the program's own before its first command is exit 70, as it is later: 1 is for plans."""
    broken = FAILING_IMPORT.replace("raise MemoryError", "raise ValueError('oh')")
    code, out, talk = after(broken, "scaleplan.cli.program", "memory", "show", plan)
    assert (code, out) == (70, "")
    assert talk.endswith("this is a mistake in scaleplan, not in your plan; please report the lines above\n")


@pytest.mark.skipif(sys.platform != "linux", reason="the size of a process is read as Linux tells it")
@pytest.mark.parametrize("command", ["show", "check", "paths"])
def test_no_memory(command: str, plan: str) -> None:
    """From too little to start with to enough: the whole output, or one line and exit 3."""
    whole = after("", command, plan)
    assert whole[0] == 0
    limit = """
import resource, sys
import scaleplan.cli
held = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (held + int(sys.argv.pop(1)) * 1024,) * 2)
"""
    for kilobytes in (1000, 3000, 5000):
        assert_refused(_short_of_memory(limit, kilobytes, command, plan), "there is not enough memory")
    assert after(limit, "400000", command, plan) == whole


def _short_of_memory(limit: str, kilobytes: int, command: str, plan: str) -> tuple[int, str, str]:
    """Run with so little memory, or a little less where the interpreter itself is lost with it.

    One run in some two thousand ends in no code of ours: CPython 3.11 goes round for ever in `exception_unwind`
    (`ceval.c`) where there is no memory for the number of the instruction that failed, or aborts. Nothing that runs in
    it can mend that; thrice in a row it would be something else.
    """
    for less in (0, 40):
        try:
            done = after(limit, str(kilobytes - less), command, plan)
        except subprocess.TimeoutExpired:
            continue
        if done[0] != -signal.SIGABRT:
            return done
    return after(limit, str(kilobytes - 80), command, plan)


def raising(error: BaseException) -> Callable[..., None]:
    """A function that only fails."""

    def fail(*_: object, **__: object) -> None:
        raise error

    return fail


def caused(error: BaseException, cause: BaseException) -> BaseException:
    """An error that came of another."""
    error.__context__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (MemoryError(), "there is not enough memory"),
        (caused(KeyError("a"), MemoryError()), "there is not enough memory"),
        (SystemError("<function f> returned NULL without setting an exception"), "there is not enough memory"),
        (OSError(5, "Input/output error", "a\x1bb"), "a\\x1bb: input/output error"),
        (OSError(23, "Too many open files in system"), "too many open files in system"),
    ],
)
@pytest.mark.parametrize("options", [(), ("--strict",)])
def test_work_that_the_system_refuses(
    error: BaseException, said: str, options: Sequence[str], plan: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever no command has foreseen, where it is the system that refuses."""
    monkeypatch.setattr("scaleplan.cli.commands.check.run", raising(error))
    found = outcome("check", plan, *options)
    assert found[:3] == ("", f"scaleplan: {said}\n", ExitCode.REFUSED)


def test_memory_that_ends_while_it_is_told(
    plan: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without memory even for the message there is the exit code, and no traceback."""
    monkeypatch.setattr("scaleplan.cli.program.program", raising(ValueError()))
    monkeypatch.setattr("scaleplan.cli.failure", raising(MemoryError()))
    monkeypatch.setattr("scaleplan.cli.reply.silence", lambda: None)
    monkeypatch.setattr("sys.unraisablehook", sys.unraisablehook)
    assert main() == ExitCode.REFUSED
    assert capfd.readouterr() == ("", "scaleplan: there is not enough memory\n")


@pytest.mark.skipif(sys.platform == "win32", reason="needs limits")
def test_no_more_files(plan: str) -> None:
    """No file may be opened any more, not even the program's own."""
    limit = "import resource, scaleplan.cli; resource.setrlimit(resource.RLIMIT_NOFILE, (3, 3))"
    assert_refused(after(limit, "show", plan), "too many open files")


# Names


@pytest.mark.parametrize("name", [f"{LONG}/plan.yaml", "d/" * 3000 + "plan.yaml", f"{LONG}.yaml"])
@pytest.mark.parametrize("rest", [NEW, ("--from", "range-short")], ids=["flags", "example"])
def test_new_with_a_name_that_is_too_long(name: str, rest: Sequence[str]) -> None:
    """No file system takes such a name; of one that no path could be its beginning is told."""
    found = outcome("new", name, *rest)
    assert (found.out, found.code) == ("", ExitCode.REFUSED)
    told = name if len(name) <= 4096 else f"{name[:60]}..."
    assert found.talk == f"scaleplan: {told}: file name too long\n"


def test_new_in_a_folder_that_may_not_be_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nobody but the superuser could try it."""
    monkeypatch.setattr(Path, "is_dir", raising(PermissionError(13, "Permission denied")))
    assert outcome("new", "folder/plan.yaml", *NEW)[:3] == ("", "scaleplan: folder/plan.yaml: permission denied\n", 3)


@pytest.mark.parametrize("name", [f"{LONG}.yaml", f"{LONG}/plan.yaml"])
def test_a_name_that_is_too_long_and_no_command(name: str) -> None:
    """A plan without a command is wrong usage, whatever its name."""
    found = outcome(name)
    assert (found.out, found.code) == ("", ExitCode.USAGE)
    assert "is a plan, and a command comes first" in found.talk


def test_completion_beside_what_may_not_be_looked_at(plan: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders whose entries have names and no more: the shell's line is not torn by a traceback."""
    monkeypatch.setattr(Path, "is_dir", raising(PermissionError(13, "Permission denied")))
    folder = str(Path(plan).parent)
    assert complete_path(f"{folder}/p") == [plan]


def test_saved_answers_from_beyond_the_calendar(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file's time may lie in the year 36,812, as one says whose clock was far off: it is then no date of the data."""
    saved = tmp_path / "saved.json"
    saved.write_text("{}")
    real = Path.stat
    far = 1_099_511_627_776
    monkeypatch.setattr(Path, "stat", lambda path: os.stat_result((*real(path)[:8], far, far)))
    assert outcome("venues", "import", str(saved)).code == ExitCode.ERRORS


# The current folder

NO_FOLDER = "import os, scaleplan.cli; os.mkdir('gone'); os.chdir('gone'); os.rmdir(os.getcwd())"


@pytest.mark.parametrize(
    "arguments",
    [
        ("show", "plan.yaml"),
        ("check", "../plan.yaml"),
        ("check", "--format", "sarif", "plan.yaml"),
        ("checklist", "../plan.yaml"),
        ("fmt", "--diff", "../plan.yaml"),
        ("paths", "../plan.yaml"),
        ("explain-liquidation", "../plan.yaml"),
        ("compare-venues", "plan.yaml"),
        ("check", "."),
        ("check", "*.yaml"),
        ("fmt", "**/*.yaml"),
        ("explain-liquidation", "*.yaml"),
        ("venues", "import", "saved.json"),
        ("venues", "import", "*.json"),
        ("show", "-"),
        ("new", "new.yaml", *NEW),
    ],
    ids=" ".join,
)
def test_no_current_folder(arguments: Sequence[str], plan: str) -> None:
    """What is seen from a folder that was removed is refused; policy and account would be guessed otherwise."""
    with Path(plan).open("rb") as stdin:
        done = after(NO_FOLDER, *arguments, cwd=Path(plan).parent, stdin=stdin.fileno())
    code, out, talk = done
    # A log of SARIF tells in itself what was not read.
    assert_refused((code, "" if "sarif" in arguments else out, talk), "there is no current folder")


def test_no_current_folder_to_write_to(plan: str) -> None:
    """Saved answers that are named in full are read; the venue file has no folder to be written into."""
    saved = [str(ROOT / f"plans/saved/binance-{what}.json") for what in ("brackets", "rules")]
    done = after(NO_FOLDER, "venues", "import", *saved, "-o", "new.yaml", cwd=Path(plan).parent)
    assert_refused(done, "there is no current folder")


def test_no_current_folder_to_allow(plan: str) -> None:
    """A folder to be allowed that is seen from nowhere is told with the reason."""
    done = after(NO_FOLDER, "check", plan, "--allow-files", "venues", cwd=Path(plan).parent)
    assert done[0] == 2
    assert "there is no current folder" in done[2]


@pytest.mark.parametrize("format", ["text", "json", "github", "sarif", "junit"])
def test_no_current_folder_is_needed(format: str, plan: str) -> None:
    """A plan named in full is checked as ever, its name in full."""
    whole = after("", "check", plan, "--format", format)
    assert whole[0] == 0
    assert after(NO_FOLDER, "check", plan, "--format", format, cwd=Path(plan).parent) == whole


# Standard input


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes that do not wait")
def test_standard_input_that_does_not_wait() -> None:
    """A plan that comes in two pieces is one, also through a pipe that says `nothing yet` between them."""
    reads, writes = os.pipe()
    os.set_blocking(reads, False)
    half = PLAN.index("tiers")
    with subprocess.Popen(
        [*COMMAND, "check", "-"],
        stdin=reads,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(),
        cwd=ROOT,
    ) as running:
        os.write(writes, PLAN[:half].encode())
        time.sleep(0.5)
        os.write(writes, PLAN[half:].encode())
        os.close(writes)
        out, talk = running.communicate(timeout=20)
    os.close(reads)
    assert (running.returncode, talk) == (0, b""), out
