"""What every test begins with: a moment that stands for now, exact decimals, Ctrl-C as at a terminal, a limit of time.

`SIGINT` is ignored in what a shell starts with `&` or `nohup`, and a child of pytest would inherit that: a test that
sends it would then wait for an end that does not come. Here it is as at a terminal, for pytest and its children.
"""

import os
import signal
from collections.abc import Generator
from decimal import setcontext
from types import FrameType

import pytest
from hypothesis import settings

from scaleplan.quantity.exact import EXACT

#: 2026-08-21 13:46 UTC.
EPOCH = "1787320000"

#: Seconds that a test may take, some thirty times as many as the longest does; then the wait that it hangs in fails.
LIMIT = 120
#: A failing test leaves its `with` blocks, which may wait for the same child once more: these waits end after so many.
AGAIN = 5

# How long an example takes says what else the machine does; `LIMIT` ends what hangs.
settings.register_profile("scaleplan", deadline=None)
settings.load_profile("scaleplan")
# A copy: what a test signals leaves no flags behind.
setcontext(EXACT.copy())
os.environ["SOURCE_DATE_EPOCH"] = EPOCH
#: No test touches the journal of whoever runs it: one that needs a journal says where.
os.environ["SCALEPLAN_JOURNAL"] = os.path.join(os.devnull, "journal.db")  # noqa: PTH118
signal.signal(signal.SIGINT, signal.default_int_handler)
if hasattr(signal, "SIGHUP"):
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    pytest.fail(f"longer than {LIMIT} seconds")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, object, object]:
    """Let no test wait without a limit, whatever it waits for. Windows has no such alarm, and no limit."""
    if not hasattr(signal, "setitimer"):
        return (yield)
    before = signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, LIMIT, AGAIN)
    try:
        return (yield)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# Fixtures wait no longer than tests do.
pytest_runtest_setup = pytest_runtest_teardown = pytest_runtest_call
