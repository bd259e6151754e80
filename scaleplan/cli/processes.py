"""Work shared out over the processors: each process takes a part of the items in one piece, results come in order.

Processes are forked, so that a child begins with all that is loaded, and hands its results back through a pipe. Where
the system cannot fork, or there is one processor, or too little to do, all is done in this process. So is a part whose
child could not be forked or was lost: killed, short of memory, or failed, and what failed there fails here again. Lost
too are results that cannot be taken up from the pipe.

No child outlives this process: it looks four times a second whether its parent is still there, which holds in every
way of ending, those that leave a program no last word included.
"""

import os
import pickle
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, BinaryIO, NamedTuple, TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

#: A process costs some ten milliseconds to make and to hear back from: as much as it takes to study so many plans.
_AT_LEAST = 100
#: How many times a second a child looks for its parent.
_LOOKS = 4


class _Worker(NamedTuple):
    """A process that works a part off, and the pipe on which its results come."""

    process: int
    results: BinaryIO


def shared_out(work: Callable[[_Item], _Result], items: Sequence[_Item]) -> list[_Result]:
    """Returns the results of `work` for all items, in their order; an error in any of the processes is one here."""
    count = min(_processors(), len(items) // _AT_LEAST)
    # Where SIGCHLD is ignored, nobody hears how a child ended.
    if count < 2 or signal.getsignal(signal.SIGCHLD) is signal.SIG_IGN:
        return [work(item) for item in items]
    bounds = [len(items) * index // count for index in range(count + 1)]
    first, *others = (items[start:end] for start, end in pairwise(bounds))
    children: dict[int, _Worker] = {}
    try:
        _begin_all(work, others, children)
        results = [work(item) for item in first]
        for index, part in enumerate(others):
            found = _results_of(children[index]) if index in children else None
            children.pop(index, None)
            results += [work(item) for item in part] if found is None else found
    finally:
        # Nobody waits for them any more: Ctrl-C, or an error here.
        for child in children.values():
            child.results.close()
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(child.process, signal.SIGKILL)
                os.waitpid(child.process, 0)
    return results


def _processors() -> int:
    if not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _begin_all(
    work: Callable[[_Item], _Result], parts: Sequence[Sequence[_Item]], children: dict[int, _Worker]
) -> None:
    """Begins a child for each part, as far as the system lets us: `children` by the number of their part."""
    # Ctrl-C waits, so that it meets no child that is not known yet, nor one that is not itself yet.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        for index, part in enumerate(parts):
            children[index] = _begin(work, part, mask)
    except OSError:
        # No more processes, pipes or memory: what has no child is done here.
        return
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)


def _begin(work: Callable[[_Item], _Result], part: Sequence[_Item], mask: set[int | signal.Signals]) -> _Worker:
    """Returns a child that works a part off. Raises `OSError` where the system gives us none."""
    parent = os.getpid()
    reads, writes = os.pipe()
    try:
        process = os.fork()
    except OSError:
        os.close(reads)
        os.close(writes)
        raise
    if process:
        os.close(writes)
        return _Worker(process, os.fdopen(reads, "rb"))
    status = 1
    try:
        os.close(reads)
        _be_a_child(parent, mask)
        with os.fdopen(writes, "wb") as pipe:
            pickle.dump([work(item) for item in part], pipe, pickle.HIGHEST_PROTOCOL)
        status = 0
    finally:
        # Without the way out that the first process takes: its output is not this one's to flush, nor its word to say.
        os._exit(status)


def _be_a_child(parent: int, mask: set[int | signal.Signals]) -> None:
    """Ends with the parent, and at Ctrl-C without a word: it reaches every process of the terminal.

    In the background, where a shell has Ctrl-C ignored, it stays so.
    """

    def look(*_: object) -> None:
        # An orphan is given another parent.
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, 1 / _LOOKS, 1 / _LOOKS)
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, mask - {signal.SIGALRM})


def _results_of(child: _Worker) -> list[Any] | None:
    """Returns what a child came to, once it has ended; nothing where it was lost."""
    with child.results as results:
        written = results.read()
    _, status = os.waitpid(child.process, 0)
    if status:
        return None
    try:
        found: list[Any] = pickle.loads(written)  # noqa: S301 - our own child wrote it
    except Exception:  # noqa: BLE001 - a class of anywhere says what goes wrong there
        return None
    return found
