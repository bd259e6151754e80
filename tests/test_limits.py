"""The tests themselves: none waits without a limit, and Ctrl-C reaches what they start, however pytest was started."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import AGAIN, LIMIT
from tests.running import ROOT, environment

WAITING = """
import os, subprocess, sys, threading

SLEEP = [sys.executable, "-c", "import time; time.sleep(60)"]

def test_child():
    with subprocess.Popen(SLEEP):
        pass

def test_thread():
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait, args=(60,))
    thread.start()
    try:
        thread.join()
    finally:
        stop.set()

def test_pipe():
    reading, writing = os.pipe()
    os.read(reading, 1)

def test_after_them():
    pass
"""

INTERRUPTED = """
import signal, subprocess, sys

def test_interrupt():
    program = "import signal; print(signal.getsignal(signal.SIGINT) == signal.default_int_handler)"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=20).stdout == b"True\\n"
"""

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no alarm to end a wait")


def suite(folder: Path, text: str, limit: float) -> subprocess.CompletedProcess[str]:
    """Run tests in a process that ignores SIGINT, with our conftest.py and another limit."""
    conftest = (ROOT / "tests" / "conftest.py").read_text(encoding="utf-8")
    for name, old, new in (("LIMIT", LIMIT, limit), ("AGAIN", AGAIN, limit)):
        assert f"\n{name} = {old}\n" in conftest
        conftest = conftest.replace(f"\n{name} = {old}\n", f"\n{name} = {new}\n")
    (folder / "conftest.py").write_text(conftest, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    (folder / "test_here.py").write_text(text, encoding="utf-8")
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "."],
            cwd=folder,
            env=environment(PYTEST_ADDOPTS=None),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        signal.signal(signal.SIGINT, before)


def test_no_test_waits_without_a_limit(tmp_path: Path) -> None:
    """A test that waits for a child, a thread or a pipe fails after the limit, and the next one runs."""
    ran = suite(tmp_path, WAITING, 0.5)
    assert "3 failed, 1 passed" in ran.stdout
    assert ran.stdout.count("Failed: longer than") >= 3


def test_ctrl_c_reaches_children_where_it_is_ignored(tmp_path: Path) -> None:
    """Where a shell has pytest ignore SIGINT (`pytest &`, `nohup pytest`), what tests start does not ignore it."""
    ran = suite(tmp_path, INTERRUPTED, 20)
    assert ran.returncode == 0, ran.stdout
