"""Work shared out over the processors: each process takes a part of the items in one piece, results come in order.

Processes are forked, so that a child begins with all that is loaded, and hands its results back through a pipe. Where
the system cannot fork, or there is one processor, or too little to do, all is done in this process.
"""

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

#: A process costs some ten milliseconds to make and to hear back from: as much as it takes to study so many plans.
_AT_LEAST = 100


def shared_out(work: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
    """The results of `work` for all items, in their order; an error in any of the processes is one here."""
    count = min(_processors(), len(items) // _AT_LEAST)
    if count < 2:
        return [work(item) for item in items]
    bounds = [len(items) * index // count for index in range(count + 1)]
    first, *others = (items[start:end] for start, end in pairwise(bounds))
    children: list[tuple[int, int]] = []
    try:
        children.extend(_begin(work, part) for part in others)
        results = [work(item) for item in first]
        while children:
            results += _results_of(*children.pop(0))
    finally:
        # Nobody waits for them any more: Ctrl-C, or an error here or in one of them.
        for process, pipe in children:
            os.close(pipe)
            os.kill(process, signal.SIGKILL)
            os.waitpid(process, 0)
    return results


def _processors() -> int:
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _begin(work: Callable[[_Item], _Result], part: Sequence[_Item]) -> tuple[int, int]:
    """A child that works a part off: its number, and the pipe on which its results come."""
    reads, writes = os.pipe()
    process = os.fork()
    if process:
        os.close(writes)
        return process, reads
    status = 1
    try:
        # Ctrl-C reaches every process of the terminal; what is to be said of it the first one says. In the background,
        # where a shell has it ignored, it stays so.
        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
            signal.signal(signal.SIGINT, signal.SIG_DFL)
        os.close(reads)
        with os.fdopen(writes, "wb") as pipe:
            try:
                pickle.dump([work(item) for item in part], pipe, pickle.HIGHEST_PROTOCOL)
            except Exception:  # noqa: BLE001 - whatever it is, the first process tells
                pickle.dump(traceback.format_exc(), pipe)
        status = 0
    finally:
        # Without the way out that the first process takes: its output is not this one's to flush.
        os._exit(status)


def _results_of(process: int, pipe: int) -> list[Any]:
    """What a child came to, once it has ended."""
    with os.fdopen(pipe, "rb") as results:
        written = results.read()
    os.waitpid(process, 0)
    found = pickle.loads(written) if written else "it ended without a word"  # noqa: S301 - our own child wrote it
    if isinstance(found, list):
        return found
    raise RuntimeError(f"a process failed: {found}")
