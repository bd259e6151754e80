"""How long text takes that nobody would write into a plan: `python tests/benchmarks/hostile.py`.

Every text of `CHARACTERS` is repeated until a plan has one mebibyte, the most that is read, in every place of `PLACES`,
and checked; of every place the slowest go through all other commands too, and so does the largest plan, 200 tiers by
200 targets. Each run has a process of its own, and the table names for each place the slowest run and the most memory.
A run may take 2 s of user time and 300 MB.

It uses the `scaleplan` of the interpreter that runs it, needs fork and no network, and exits with 1 where a limit is
passed.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from scaleplan.cli.program import run as answer
from scaleplan.cli.reply import Screen, Surface
from scaleplan.study import Session

#: The most that a plan may have, and what one run may take.
BYTES = 1 << 20
SECONDS = 2.0
MEGABYTES = 300

#: What is repeated: single characters, and the few pairs that YAML or a form gives a meaning of their own.
CHARACTERS = (
    *" \t\r\n'\"#:-?[]{},|>&*!%@`\\/+._~=<$",
    *"aZ09",
    "\x00",
    "\x1b",
    "\x85",
    "\xa0",
    "\xe4",
    "\u0301",
    "\u200b",
    "\u2028",
    "\u202e",
    "\uff11",
    "\uffff",
    "\U0001f469",
    "\U0001f469\u200d",
    "\ufdfa",
    "\n%TAG",
    "a ",
    "- ",
    ": ",
    ", ",
    "[ ",
    "{a",
    " #",
    "1_",
    "1,",
    "\\u",
    "\n ",
    "\n#",
    "\n- ",
    "\r\n",
    "a\n",
)

PLAN = """\
name: a plan
symbol: BTC/USDT:USDT
side: long
account: {equity: 25000 USDT, max_risk: 10%}
venue: binance
leverage: 10
size: 20000 USDT
tiers:
  - {price: 60000, share: 50%, trigger: 4h close}
  - 50% at 59000
stop: 57000
targets:
  - {price: 64000, close: 50%, note: half}
  - rest at 66000
time_stop: {after: 48h, unless: 0.5R, close: 50%}
checklist:
  - no news
notes: none
"""

#: What is said in place of `>` in a place: the text that the characters stand in, and what stands there in `PLAN`.
PLACES = {
    "block text": ("notes: none", "notes: |\n  x>y"),
    "folded text": ("notes: none", "notes: >-\n  x>y"),
    "plain text": ("notes: none", "notes: x>y"),
    "quoted text": ("notes: none", 'notes: "x>y"'),
    "single quotes": ("notes: none", "notes: 'x>y'"),
    "list of texts": ("notes: none", "notes: [x>y]"),
    "key": ("notes: none", "x>y: none"),
    "long key": ("notes: none", "? x>y\n: none"),
    "comment": ("notes: none", "notes: none # x>y"),
    "hash behind text": ("notes: none", "notes: x>#y"),
    "reason to ignore": ("stop: 57000", "stop: 57000 # scaleplan: ignore[SP602] x>y"),
    "ignored code": ("stop: 57000", "stop: 57000 # scaleplan: ignore[>y] x"),
    "whole document": (PLAN, ">y"),
    "behind the plan": ("notes: none", "notes: none\n>y"),
    "name": ("a plan", "x>y"),
    "symbol": ("BTC/USDT:USDT", "B>/USDT:USDT"),
    "venue": ("binance", "b>e"),
    "account": ("{equity: 25000 USDT, max_risk: 10%}", "./a>b.yaml"),
    "money": ("25000 USDT", "2>5 USDT"),
    "limit": ("10%", "1>0%"),
    "size": ("20000 USDT", "2>0 USDT"),
    "price": ("60000", "6>0"),
    "share": ("50%, trigger", "5>0%, trigger"),
    "trigger": ("4h close", "x>y"),
    "short tier": ("50% at", "50%>at"),
    "stop": ("57000", "entry>1"),
    "note of a target": ("half", '"x>y"'),
    "short target": ("rest at", "rest>at"),
    "duration": ("48h", "4>8h"),
    "checklist": ("- no news", "- x>y"),
}
#: Options of `show` in which the characters stand.
OPTIONS = {
    "value of --set": ("--set", "stop=5>0"),
    "path of --set": ("--set", "x>y=1"),
    "--equity": ("--equity", "2>5"),
}

_FILE = "FILE"
#: The exit codes of runs that have come to their end.
_CODES = (0, 1, 2, 3)
#: The commands that take a plan, `FILE`; the first is asked of every text, the others of what it can read.
COMMANDS: tuple[tuple[str, ...], ...] = (
    ("check", _FILE),
    *(("check", _FILE, "--format", format) for format in ("json", "github", "sarif", "junit")),
    ("show", _FILE),
    *(("show", _FILE, "--format", format) for format in ("json", "csv", "md")),
    ("show", _FILE, _FILE + "2", "--cross"),
    ("paths", _FILE),
    *(("paths", _FILE, "--format", format) for format in ("json", "csv", "md", "dot")),
    ("checklist", _FILE),
    *(("checklist", _FILE, "--format", format) for format in ("json", "md")),
    ("explain-liquidation", _FILE),
    ("compare-venues", _FILE),
    ("fmt", _FILE, "--check"),
    ("fmt", _FILE, "--diff"),
    ("fmt", _FILE),
)


#: The name of the largest plan in the table.
LARGEST = "200 by 200"


class Spent(NamedTuple):
    """What one run took: seconds of user time, the most memory in megabytes, and its exit code."""

    seconds: float
    megabytes: float
    code: int


class Run(NamedTuple):
    """One run: the place, the characters and the words of the command, and what it took."""

    place: str
    characters: str
    command: str
    spent: Spent


def plan_with(place: str, characters: str, length: int) -> str:
    """A plan of at most `length` bytes that has the characters in a place, repeated as often as there is room."""
    written, hostile = PLACES[place]
    before, _, behind = hostile.rpartition(">")
    rest = PLAN.replace(written, "\0", 1).replace("\0", before + "\0" + behind, 1)
    return rest.replace("\0", repeated(characters, length - len(rest.encode())), 1)


def repeated(characters: str, length: int) -> str:
    """The characters as often as there is room for them in so many bytes of UTF-8."""
    return characters * (length // len(characters.encode("utf-8", "surrogatepass")))


def spent(run: Callable[[], int]) -> Spent:
    """Run in a process of its own, and say what that took; a run that breaks has the code 70."""
    child = os.fork()
    if not child:
        code = 70
        try:
            sink = os.open(os.devnull, os.O_WRONLY)
            os.dup2(sink, 1)
            code = run()
        finally:
            os._exit(code)
    _, status, used = os.wait4(child, 0)
    unit = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return Spent(used.ru_utime, used.ru_maxrss / unit, os.waitstatus_to_exitcode(status))


def command(words: Sequence[str]) -> Callable[[], int]:
    """The command in this process, its output written to nowhere."""

    def run() -> int:
        return int(answer(tuple(words), Screen(*[Surface(width=80, colour=False)] * 2)).code)

    return run


def checks(folder: Path, length: int) -> Iterator[Run]:
    """Every place with all characters through `check`, or `show` with the option that the place is in."""
    file = folder / "plan.yaml"
    for place in (*PLACES, *OPTIONS):
        for characters in CHARACTERS:
            words: tuple[str, ...] = COMMANDS[0]
            text = PLAN
            if place in PLACES:
                text = plan_with(place, characters, length)
            else:
                # The system takes no argument of more than 128 KiB, and none with a NUL.
                filled = repeated(characters.replace("\0", "0"), length // 10)
                words = ("show", _FILE, *(word.replace(">", filled) for word in OPTIONS[place]))
            yield _run(place, characters, words, text, file)


def others(folder: Path, length: int, slowest: Iterable[Run]) -> Iterator[Run]:
    """The places and characters of some runs through all other commands."""
    file = folder / "plan.yaml"
    for run in slowest:
        if run.place in PLACES:
            text = plan_with(run.place, run.characters, length)
            for words in COMMANDS[1:]:
                yield _run(run.place, run.characters, words, text, file)


def largest(folder: Path) -> Iterator[Run]:
    """Yields the largest plan that can be written through all commands: long, with 200 tiers below 200 targets."""
    tiers = ", ".join(f"{60000 - 10 * index}" for index in range(200))
    targets = ", ".join([*(f"0.4% at {61000 + 10 * index}" for index in range(199)), "rest at 63000"])
    text = "symbol: BTC/USDT:USDT\nside: long\naccount: {equity: 900000}\nleverage: 2\nmaintenance: 0.5%\nsize: 2 BTC\n"
    for words in COMMANDS:
        # The CSV of paths writes each of 40,000 in full: 185 MB.
        if words[0] == "paths" and "csv" in words:
            continue
        yield _run(
            LARGEST, "", words, f"{text}stop: 57000\ntiers: [{tiers}]\ntargets: [{targets}]\n", folder / "plan.yaml"
        )


def _run(place: str, characters: str, words: tuple[str, ...], text: str, file: Path) -> Run:
    data = text.encode("utf-8", "surrogatepass")
    for path in (file, file.with_suffix(".yaml2")):
        path.write_bytes(data)
    named = " ".join((words[0], *(word for word in words[1:] if len(word) < 20 and not word.startswith(_FILE))))
    return Run(place, characters, named, spent(command([word.replace(_FILE, str(file)) for word in words])))


def table(found: Sequence[Run]) -> Iterator[str]:
    """A line for each place: what took longest there, and the most memory of all."""
    yield f"{'place':<18}{'slowest with':<16}{'through':<26}{'seconds':>8}{'MB':>6}{'most MB':>9}"
    for place in dict.fromkeys(run.place for run in found):
        of_place = [run for run in found if run.place == place]
        worst = max(of_place, key=lambda run: run.spent.seconds)
        most = max(run.spent.megabytes for run in of_place)
        took = f"{worst.spent.seconds:>8.2f}{worst.spent.megabytes:>6.0f}{most:>9.0f}"
        yield f"{place:<18}{worst.characters!a:<16}{worst.command:<26}{took}"


def main() -> int:
    """Measure, print the table and what passes a limit, and return the exit code."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--bytes", type=int, default=BYTES, help="how long the plans are (default: 1 MiB)")
    options.add_argument(
        "--slowest", type=int, default=2, help="of how many characters a place the other commands run (default: 2)"
    )
    chosen = options.parse_args()
    # What every run would import is imported once.
    Session().study("plan.yaml", PLAN.encode())
    with tempfile.TemporaryDirectory() as name:
        found = list(checks(Path(name), chosen.bytes))
        slowest = [
            run
            for place in PLACES
            for run in sorted((one for one in found if one.place == place), key=lambda one: -one.spent.seconds)[
                : chosen.slowest
            ]
        ]
        found += others(Path(name), chosen.bytes, slowest)
        found += largest(Path(name))
    print(f"{len(found):,} runs, {chosen.bytes:,} bytes each, Python {sys.version.split()[0]}")
    print("\n".join(table(found)))
    over = [
        run
        for run in found
        if run.spent.seconds > SECONDS or run.spent.megabytes > MEGABYTES or run.spent.code not in _CODES
    ]
    for run in over:
        print(f"over the limit: {run.place}, {run.characters!r}, {run.command}: {run.spent}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
