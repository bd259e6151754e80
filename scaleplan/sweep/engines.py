"""Where the pieces of a sweep are worked off: in this process, in several of this machine, or on a cluster.

All through `concurrent.futures.Executor`: pieces go out a few at a time, and come back in any order. A piece that is
lost with its process or its machine goes out again, and in the end is done here; so is one whose machine does not see
the bars.
"""

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from typing import Any, NamedTuple

from scaleplan.bars.records import BarArrays
from scaleplan.sweep.asked import SweepOrder
from scaleplan.sweep.records import Task, VariantTrades
from scaleplan.sweep.search import Bench, Checked
from scaleplan.sweep.shared import NoBars, arrays_at, bars_at

#: So often is a piece sent out before it is done here.
_TRIES = 3
#: What keeps a process to one thread.
_ONE_THREAD = ("POLARS_MAX_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS", "MKL_NUM_THREADS")


class WorkPiece(NamedTuple):
    """Some variants to be searched, or with `check` those to be done again exactly, with what they are to come to.

    With `beside`, what is asked for is set beside them.
    """

    number: int
    numbers: tuple[int | None, ...]
    check: tuple[VariantTrades | None, ...] = ()
    beside: SweepOrder | None = None


#: What came of a piece: variants, or checked ones.
Done = list[VariantTrades] | list[Checked]


class Crew:
    """Those who work. A pool of them is opened when there is work, and stays open until it is lost or let go.

    `pool` makes one; without it all is done here. `arrays` is what they are sent of bars, `at_once` how many pieces are
    out at once, `lost` the errors of work that was lost with a worker; `let_go` is called at the end.
    """

    def __init__(
        self,
        pool: Callable[[], Executor] | None = None,
        arrays: Any = None,  # noqa: ANN401 - arrays, or where a cluster has them
        at_once: int = 1,
        lost: tuple[type[BaseException], ...] = (),
        let_go: Callable[[], None] = lambda: None,
    ) -> None:
        self.pool, self.arrays, self.at_once, self.lost, self._let_go = pool, arrays, at_once, lost, let_go
        self.open: Executor | None = None

    @contextmanager
    def at_work(self, make: Callable[[], Executor]) -> Iterator[Executor]:
        """Opens a pool, if none is, for as long as it works; ends its processes where nobody wants more of them."""
        pool = self.open = make() if self.open is None else self.open
        try:
            yield pool
        except BaseException:
            for process in list((getattr(pool, "_processes", None) or {}).values()):
                with suppress(OSError, ValueError):
                    process.terminate()
            self.leave()
            raise

    def leave(self) -> None:
        """Closes the pool that is open, without waiting for what nobody wants any more."""
        pool, self.open = self.open, None
        if isinstance(pool, ProcessPoolExecutor):
            pool.shutdown(wait=False, cancel_futures=True)
        elif pool is not None:
            pool.shutdown(wait=False)

    def close(self) -> None:
        """Lets them go."""
        self.leave()
        self._let_go()


def local_crew(jobs: int) -> Crew:
    """Returns processes of this machine, spawned, a thread each."""
    if jobs < 2:
        return Crew()

    def pool() -> Executor:
        return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"), initializer=_begin)

    return Crew(pool, None, 2 * jobs)


def _begin() -> None:
    """Leaves Ctrl-C to the process that asked, and garbage alone as that does: variants leave no cycles."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.disable()


def work(task: Task, token: str, piece: WorkPiece, arrays: BarArrays | None) -> Done | None:
    """Returns what comes of a piece, in whatever process; absent where that does not see the bars."""
    try:
        bench = _BENCHES.get(token)
        if bench is None:
            _BENCHES.clear()
            bench = _BENCHES[token] = Bench(task, bars_at(task.bars, arrays))
        return done_by(bench, piece)
    except NoBars:
        return None


def done_by(bench: Bench, piece: WorkPiece) -> Done:
    """Returns what comes of a piece on a bench."""
    if piece.check:
        claims = zip(piece.numbers, piece.check, strict=True)
        return [bench.check(number, claimed, piece.beside) for number, claimed in claims]
    return bench.piece([number for number in piece.numbers if number is not None])


#: The bench of the sweep that this process worked at last, by its token.
_BENCHES: dict[str, Bench] = {}


def worked(crew: Crew, bench: Bench, token: str, pieces: Sequence[WorkPiece]) -> Iterator[tuple[WorkPiece, Done]]:
    """Yields each piece with what came of it, as soon as it is done."""
    if crew.pool is None or len(pieces) < 2:
        for piece in pieces:
            yield piece, done_by(bench, piece)
        return
    if crew.open is None:
        bench.warm()
    rounds = _Rounds(crew, bench.task, token, pieces)
    while rounds.waiting:
        with _single_threaded(), crew.at_work(crew.pool) as pool:
            yield from rounds.through(pool)
        if rounds.waiting:
            # It is broken.
            crew.leave()
    for piece in rounds.here:
        yield piece, done_by(bench, piece)


class _Rounds:
    """Pieces that wait, and those that are to be done here; a round goes on until the pool breaks."""

    def __init__(self, crew: Crew, task: Task, token: str, pieces: Sequence[WorkPiece]) -> None:
        self._crew = crew
        # What is tried is with the pieces: the variants of all of them need not go to each.
        self._task = task._replace(grid=task.grid._replace(numbers=()))
        self._token = token
        self._tries = dict.fromkeys((piece.number for piece in pieces), 0)
        self.waiting = list(reversed(pieces))
        self.here: list[WorkPiece] = []

    def through(self, pool: Executor) -> Iterator[tuple[WorkPiece, Done]]:
        """Yields what a pool comes to, until all is done or the pool is broken: what was out then waits again."""
        out: dict[Future[Done | None], WorkPiece] = {}
        whole = self._send(pool, out)
        while out and whole:
            for future in wait(out, return_when=FIRST_COMPLETED).done:
                piece = out.pop(future)
                error = future.exception()
                if error is not None:
                    if not isinstance(error, (BrokenExecutor, *self._crew.lost)):
                        raise error
                    whole = False
                    self._again(piece)
                elif (found := future.result()) is None:
                    self.here.append(piece)
                else:
                    yield piece, found
            whole = whole and self._send(pool, out)
        for piece in out.values():
            self._again(piece)

    def _send(self, pool: Executor, out: dict[Future[Done | None], WorkPiece]) -> bool:
        """Sends pieces out, as many as may be out at once. Returns whether the pool still takes them."""
        while self.waiting and len(out) < self._crew.at_once:
            try:
                out[pool.submit(work, self._task, self._token, self.waiting[-1], self._crew.arrays)] = self.waiting[-1]
            except BrokenExecutor:
                return False
            self.waiting.pop()
        return True

    def _again(self, piece: WorkPiece) -> None:
        """Lets a piece that was lost wait again, or at last be done here."""
        self._tries[piece.number] += 1
        (self.waiting if self._tries[piece.number] < _TRIES else self.here).append(piece)


@contextmanager
def _single_threaded() -> Iterator[None]:
    """Lets processes that begin meanwhile have one thread each."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


class WrongCluster(Exception):  # noqa: N818 - it is a state of the cluster, not an error of the program
    """A cluster is not reached, or a worker of it has another scaleplan; the message says which."""


def cluster_crew(address: str, folder: str) -> Crew:
    """Returns the workers of a Dask cluster; bars go to them once where they do not see them. Raises `WrongCluster`."""
    from distributed import Client, KilledWorker  # noqa: PLC0415 - an extra of its own

    import scaleplan  # noqa: PLC0415

    try:
        client = Client(address, timeout=10)
        versions = client.run(_version)
    except ImportError as error:
        raise WrongCluster("a worker has no scaleplan to work with: install the same there") from error
    except Exception as error:
        raise WrongCluster(f"no cluster is reached at {address}") from error
    for name, version in sorted(versions.items()):
        if version != scaleplan.__version__:
            raise WrongCluster(f"worker {name} has scaleplan {version}, and this is {scaleplan.__version__}")
    if not versions:
        raise WrongCluster(f"the cluster at {address} has no workers")
    arrays = None
    if not all(client.run(_sees, folder).values()):
        whole = arrays_at(folder)
        arrays = None if whole is None else client.scatter(whole, broadcast=True)
    threads = sum(client.nthreads().values())
    return Crew(client.get_executor, arrays, 2 * max(threads, 1), (KilledWorker,), client.close)


def _version() -> str:
    import scaleplan  # noqa: PLC0415

    return scaleplan.__version__


def _sees(folder: str) -> bool:
    return arrays_at(folder) is not None
