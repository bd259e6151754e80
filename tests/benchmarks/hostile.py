"""How long text takes that nobody would write into a plan: `python tests/benchmarks/hostile.py`.

Every character of `CHARACTERS` is repeated until a plan has one mebibyte, the most that is read, in every place of
`PLACES`, and checked; where it leaves a plan that can be shown, the other commands get it too. Each run has a process
of its own, and the table names for each place the character and the command that took longest and those that took the
most memory. A run may take 2 s of user time and 300 MB.

It uses the `scaleplan` of the interpreter that runs it, needs fork and no network, and exits with 1 where a limit is
passed.
"""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

#: The most that a plan may have, and what one run may take.
BYTES = 1 << 20
SECONDS = 2.0
MEGABYTES = 300

#: What is repeated: single characters, and the few pairs that YAML or a form gives a meaning of their own.
CHARACTERS = (
    *" \t\r\n'\"#:-?[]{},|>&*!%@`\\/+._~=$<;()^",
    *"aZ09eR",
    "\x00",
    "\x1b",
    "\x85",
    "\xa0",
    "\xe4",
    "\u0301",
    "\u200b",
    "\u2028",
    "\u202e",
    "\ufeff",
    "\uff11",
    "\uffff",
    "\U0001f469",
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


class Spent(NamedTuple):
    """What one run took: seconds of user time, the most memory in megabytes, and its exit code."""

    seconds: float
    megabytes: float
    code: int


class Run(NamedTuple):
    """One run: the place, the characters and the words of the command, and what it took."""

    place: str
    characters: str
    command: tuple[str, ...]
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
        from scaleplan.cli.outcome import Screen, Surface  # noqa: PLC0415 - paid for in the process of the run
        from scaleplan.cli.program import run as answer  # noqa: PLC0415

        return int(answer(tuple(words), Screen(*[Surface(width=80, colour=False)] * 2)).code)

    return run


def runs(folder: Path, places: Sequence[str], length: int, *, all_commands: bool) -> Iterator[Run]:
    """Every place with all characters, through `check` and, where a plan can be shown, through the other commands."""
    file = folder / "plan.yaml"
    for place in places:
        for characters in CHARACTERS:
            if place in OPTIONS:
                file.write_text(PLAN, encoding="utf-8")
                # The system takes no argument of more than 128 KiB.
                option = [word.replace(">", repeated(characters, length // 10)) for word in OPTIONS[place]]
                words = ("show", _FILE, *option)
                yield Run(place, characters, words[:3], _spent(words, file))
                continue
            text = plan_with(place, characters, length).encode("utf-8", "surrogatepass")
            file.write_bytes(text)
            first = _spent(COMMANDS[0], file)
            yield Run(place, characters, COMMANDS[0], first)
            can_be_shown = all_commands and _spent(("show", _FILE, "--format", "csv"), file).seconds >= 0
            for words in COMMANDS[1:] if can_be_shown else ():
                if words[-1] == _FILE + "2" or "--cross" in words:
                    (folder / "plan.yaml2").write_bytes(text)
                yield Run(place, characters, words, _spent(words, file))
                if words[0] == "fmt":
                    file.write_bytes(text)


def _spent(words: Sequence[str], file: Path) -> Spent:
    return spent(command([word.replace(_FILE, str(file)) for word in words]))
