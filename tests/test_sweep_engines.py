"""Where a sweep is worked off: processes that are killed, a run that is, what is held, and what would be too much."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import active_children
from pathlib import Path
from typing import Any

import pytest

from tests.running import ROOT, joined, outcome

np: Any = pytest.importorskip("numpy")
pytest.importorskip("polars")

from scaleplan.source import Unreachable  # noqa: E402 - they need the libraries
from scaleplan.sweep import engines, kernel  # noqa: E402
from scaleplan.sweep.held import HeldVariants, Some  # noqa: E402
from scaleplan.sweep.kept import KeptFile  # noqa: E402
from scaleplan.sweep.records import Came, VariantTrades, no_variant, variant_of  # noqa: E402
from scaleplan.sweep.swept import pieces_of  # noqa: E402
from scaleplan.sweep.vary import grid_of, read_axis  # noqa: E402

TEMPLATE, BARS = "plans/templates/range-ladder.yaml", "plans/bars/walk-15m.csv"
#: 141 variants are three pieces, of 64, 64 and 13.
VARIED = ("--vary", "stop=-2%..-9% by 0.05%", "--least", "1", "--against", "none", "--format", "json")


@pytest.fixture(autouse=True)
def _at_root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def bars(tmp_path: Path) -> str:
    """Returns a file of few bars."""
    file = tmp_path / "bars.csv"
    file.write_text("".join((ROOT / BARS).read_text().splitlines(keepends=True)[:121]))
    return str(file)


def sweep(bars: str, *arguments: str) -> str:
    """Returns what a sweep says."""
    done = outcome("sweep", TEMPLATE, bars, *VARIED, *arguments)
    assert done.code == 0, done.talk
    return done.out


# Workers and runs that are killed


def test_a_worker_that_is_killed_changes_nothing(bars: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One of two processes gets SIGKILL as soon as a piece is done: the others are done again, to the same bytes."""
    alone = sweep(bars, "--jobs", "1")
    pools: list[Any] = []

    class Counting(ProcessPoolExecutor):
        """A pool that is counted."""

        def __init__(self, count: int, mp_context: Any, initializer: Any) -> None:  # noqa: ANN401 - as the pool's own
            super().__init__(count, mp_context=mp_context, initializer=initializer)
            pools.append(self)

    add = KeptFile.add
    killed: list[int | None] = []

    def killing(self: KeptFile, index: int, variants: Any) -> None:  # noqa: ANN401 - variants
        add(self, index, variants)
        if not killed:
            process = active_children()[0]
            process.kill()
            process.join()
            killed.append(process.exitcode)

    monkeypatch.setattr(engines, "ProcessPoolExecutor", Counting)
    monkeypatch.setattr(KeptFile, "add", killing)
    kept = tmp_path / "kept.jsonl"
    assert sweep(bars, "--jobs", "2", "--out", str(kept)) == alone
    assert killed == [-signal.SIGKILL]
    # The pool that was broken, and one that did the rest.
    assert len(pools) == 2
    assert sorted(json.loads(line)["piece"] for line in kept.read_text().splitlines()[1:]) == [0, 1, 2]


@pytest.mark.skipif(os.name != "posix", reason="a process is stopped by a signal")
def test_a_run_that_is_killed_goes_on_as_if_never_stopped(bars: str, tmp_path: Path) -> None:
    """SIGKILL to the whole run once a piece is written; `--resume` comes to the same bytes and the same file."""
    whole = tmp_path / "whole.jsonl"
    alone = sweep(bars, "--jobs", "1", "--out", str(whole))
    kept = tmp_path / "kept.jsonl"
    command = [sys.executable, "-m", "scaleplan", "sweep", TEMPLATE, bars, *VARIED, "--jobs", "1", "--out", str(kept)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        limit = time.monotonic() + 50
        while not kept.exists() or kept.read_bytes().count(b"\n") < 2:
            assert run.poll() is None
            assert time.monotonic() < limit
            time.sleep(0.01)
        run.kill()
    assert run.returncode == -signal.SIGKILL
    assert sweep(bars, "--jobs", "2", "--resume", str(kept)) == alone
    assert sorted(kept.read_bytes().splitlines()) == sorted(whole.read_bytes().splitlines())


def test_compiled_or_not_the_same_bytes(bars: str, tmp_path: Path) -> None:
    """What numba compiles and the same functions as they stand: one output, one file of pieces."""
    if not kernel.COMPILED:
        pytest.skip("numba is not installed, or told to do nothing")
    kept = [tmp_path / "compiled.jsonl", tmp_path / "plain.jsonl"]
    compiled = sweep(bars, "--jobs", "1", "--out", str(kept[0]))
    command = [sys.executable, "-m", "scaleplan", "sweep", TEMPLATE, bars, *VARIED, "--out", str(kept[1])]
    plain = subprocess.run(
        command, capture_output=True, text=True, check=True, env={**os.environ, "NUMBA_DISABLE_JIT": "1"}
    )
    assert plain.stdout == compiled
    assert sorted(kept[1].read_bytes().splitlines()) == sorted(kept[0].read_bytes().splitlines())


# What is held


def variant(number: int, count: int) -> VariantTrades:
    """Returns a variant with some trades, the first without an R."""
    rows = [
        (7 * at, 1, 7 * at + 3, float("nan") if not at else 0.1 * at, 0.3 * at, at / 3, 1e300) for at in range(count)
    ]
    return variant_of(
        number, rows, Came({"found": count}, {"SP201": 2}, 1.25, exact=False, rule="every 1h", sides=(1, -1))
    )


def same(one: VariantTrades, other: VariantTrades) -> bool:
    """Returns whether two variants are the same in every bit."""
    pairs = zip(one, other, strict=True)
    return all(np.array_equal(a, b, equal_nan=True) if isinstance(a, np.ndarray) else a == b for a, b in pairs)


def test_what_is_held_comes_back_bit_by_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    """In memory or in a file; in order of numbers, however large; what is put again takes the place of what was."""
    monkeypatch.setattr("scaleplan.sweep.held._IN_MEMORY", 2_000)
    numbers = (3, 5, 8, 13, 10**30)
    pieces = [
        piece._replace(numbers=numbers[at : at + 2])
        for at, piece in zip((0, 2, 4), pieces_of((0, 1, 2), 400_000), strict=True)
    ]
    held = HeldVariants(pieces)
    first = [variant(3, 5), no_variant(5, "SP201")]
    second = [variant(8, 40), variant(13, 0)]
    held.add(1, second)
    assert [each.number for each in held] == [8, 13]
    assert (held.has(3), held.has(4), held.has(8), held.has(10**31)) == (False, False, True, False)
    held.add(0, first)
    held.add(2, [variant(10**30, 2)])
    assert all(map(same, held, [*first, *second, variant(10**30, 2)]))
    assert (len(held), held.by_kernel, held.done) == (5, 4, {0, 1, 2})
    held.put(variant(8, 3)._replace(exact=True))
    assert [len(each.bar) for each in held] == [5, 0, 3, 0, 2]
    assert held.of(8).exact
    assert [each.number for each in Some(held, [4, 0])[1:]] == [3]
    held.close()


def test_pieces_are_of_64_or_of_so_many_results() -> None:
    """65 variants at 6,250 signals are two pieces; at 100,000 signals 4 are one (400,000), at a million each is."""
    for signals, sizes in ((0, [64, 1]), (6_250, [64, 1]), (100_000, [4] * 16 + [1]), (1_000_000, [1] * 65)):
        assert [len(piece.numbers) for piece in pieces_of(tuple(range(65)), signals)] == sizes


@pytest.mark.parametrize(
    ("varied", "rule", "says"),
    [
        # 96 bars a day for 8 days: 768, all but none of them at a 15 minutes' start.
        (
            ("--vary", "stop=-1%..-9% by 0.01%", "--vary", "tiers.to=-0.31%..-0.99% by 0.01%"),
            "every 15m",
            "are 42,446,592 results, more than 40,000,000: draw some variants with `--sample 52083`",
        ),
        # Each rule counts once, however many have it.
        (
            (
                "--vary",
                "stop=-1%..-9% by 0.01%",
                "--vary",
                "tiers.to=-0.31%..-0.99% by 0.01%",
                "--vary",
                "signals=every 1h,every 15m",
            ),
            "",
            "110,538 variants at 768 signals",
        ),
    ],
)
def test_what_the_judge_could_not_hold_is_refused_before_the_work(
    varied: tuple[str, ...], rule: str, says: str, tmp_path: Path
) -> None:
    """801 by 69 variants at each of 768 bars: exit 2, both numbers, one way out, and no file."""
    kept = tmp_path / "kept.jsonl"
    signals = ("--signals", rule) if rule else ()
    done = outcome("sweep", TEMPLATE, BARS, *varied, *signals, "--out", str(kept))
    assert (done.code, done.out) == (2, "")
    assert says in joined(done.talk)
    assert not kept.exists()


# Options


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("--vary", "stop=-2%,-2.0%"), 2, "`stop` takes `-2%` twice, as `-2.0%` too"),
        (("--vary", "stop=-1 ATR,-1.00  atr"), 2, "takes `-1 ATR` twice, as `-1.00 atr` too"),
        (("--vary", "target1.price=1R,2R", "--vary", "targets[0].price=3R"), 2, "`targets[0].price` is varied twice"),
        (("--vary", "stop=-2%", "--jobs", "0"), 2, "is a number from 1 to"),
        (("--vary", "stop=-2%", "--jobs", "-1"), 2, "is a number from 1 to"),
        (("--vary", "stop=-2%", "--jobs", "100000"), 2, "at most"),
        (("--vary", "stop=-2%", "--folds", "101"), 2, "is a number from 1 to 100"),
        (("--vary", "stop=-2%", "--out", "plans"), 3, "plans: is there already, and is no file to write to"),
        (("--vary", "stop=-2%", "--out", "none/kept.jsonl"), 3, "none/kept.jsonl: no such file or directory"),
        (("--vary", "stop=-2%", "--resume", "none.jsonl"), 3, "none.jsonl: no such file"),
        # What is not there is not said to be kept or not.
        (("--vary", "account=./none.yaml"), 1, "`plans/templates/none.yaml` cannot be read: No such file"),
    ],
)
def test_what_cannot_be_is_said(arguments: tuple[str, ...], code: int, says: str) -> None:
    """The exit code, and what is wrong in true words."""
    done = outcome("sweep", TEMPLATE, BARS, *arguments)
    assert (done.code, done.out) == (code, "")
    assert says in joined(done.talk)


def test_names_that_differ_in_a_letter_are_two() -> None:
    """Columns and files are told apart by every letter and digit; numbers and words of plans are not."""
    for written in ("stop=column A,column a", "account=./a1.yaml,./a1.0.yaml", "stop=-2%,-2 atr"):
        axis = read_axis(written)
        assert not isinstance(axis, str), axis
        assert len(axis.values) == 2


def test_a_product_beyond_all_counting_is_drawn_from() -> None:
    """1,000 values in each of seven places: 10^21 variants, of which three are drawn, the same for one seed."""
    axes = [read_axis(f"tiers[{at}].price=1..1000") for at in range(7)]
    grids = [grid_of(tuple(axis for axis in axes if not isinstance(axis, str)), 3, seed) for seed in (0, 0, 1)]
    numbers = [grid.numbers for grid in grids if not isinstance(grid, str)]
    assert numbers[0] == numbers[1] != numbers[2]
    assert [len(set(each)) for each in numbers] == [3, 3, 3]
    assert all(0 <= number < 10**21 for number in numbers[0])


class _Full:
    """A file on a disk that is full."""

    def write(self, _: bytes) -> None:
        """Has no room."""
        raise OSError(errno.ENOSPC, "No space left on device")

    def close(self) -> None:
        """Has no room for what is left either."""
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_is_said_of_the_file() -> None:
    """By its name, though closing it fails as well."""
    file: Any = _Full()
    kept = KeptFile("kept.jsonl", file)
    with pytest.raises(Unreachable, match=r"kept\.jsonl: no space left on device"):
        kept.add(0, [variant(0, 1)])
    kept.close()
