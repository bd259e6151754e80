"""`scaleplan venues import`: a venue file from answers of an exchange that were saved as JSON. Nothing is fetched."""

import os
from collections.abc import Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple, TypeVar

from scaleplan.cli.plans import NOWHERE, is_nowhere, named
from scaleplan.cli.reply import ExitCode, Reply
from scaleplan.cli.talk import line_of, refusal
from scaleplan.decode.reader import nearest
from scaleplan.imports.records import (
    ImportOptions,
    PrecisionUnit,
    RateUnit,
    SavedFile,
    Unasked,
    Unmade,
    Unusable,
)
from scaleplan.imports.terms import ImportResult, import_files
from scaleplan.imports.values import BYTES
from scaleplan.imports.write import HEADER, venue_text
from scaleplan.plan import BracketBy
from scaleplan.quantity.amount import read_date
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import quote, read_number
from scaleplan.report.visible import visible
from scaleplan.source import STANDARD_INPUT, Unreachable, name_of, read_bytes
from scaleplan.store import FINISHED, clear, create, is_taken, replace

_WHO = "scaleplan: venues import: "
#: How many symbols a line names, and how many lines tell of symbols that cannot be made.
_NAMED = 3
_TOLD = 20

_Choice = TypeVar("_Choice", bound=StrEnum)


class Request(NamedTuple):
    """What the command line asks for, as typed; what is empty is not asked for."""

    files: tuple[str, ...]
    symbols: tuple[str, ...] = ()
    name: str = ""
    as_of: str = ""
    rates: str = ""
    precision: str = ""
    bracket_by: str = ""
    contract_size: str = ""
    output: str = STANDARD_INPUT
    force: bool = False


class _Wrong(Exception):  # noqa: N818 - the usage is wrong, not the program
    """Wrong usage, in a sentence."""


def venues_import(request: Request) -> Reply:
    """Make a venue file of saved answers, or say why not; nothing is overwritten that is not to be."""
    try:
        options = _options(request)
        request = request._replace(files=tuple(map(_reachable, named(request.files))))
        saved = [_saved(path) for path in dict.fromkeys(request.files)]
        result = import_files(saved, options)
        text = venue_text(result.terms, sorted(file.label for file in saved))
        return _stored(request, text, _talk(result))
    except _Wrong as wrong:
        return Reply("", f"{_WHO}{visible(str(wrong))}\n", ExitCode.USAGE)
    except Unreachable as error:
        return Reply("", refusal(error), ExitCode.REFUSED)
    except Unmade as unmade:
        return Reply("", _problems(unmade), ExitCode.ERRORS)
    except Unusable as error:
        where = line_of(error.file, "")[:-1] if error.file else _WHO
        code = ExitCode.USAGE if isinstance(error, Unasked) else ExitCode.ERRORS
        return Reply("", f"{where}{visible(error.message)}; {visible(error.help)}\n", code)


# What is asked for


def _options(request: Request) -> ImportOptions:
    as_of: date | None = None
    if request.as_of:
        day = read_date(request.as_of)
        if isinstance(day, Mistake):
            raise _Wrong(f"--as-of: {day.message}; {day.help}")
        as_of = day
    price, amount = _precision(request.precision)
    return ImportOptions(
        symbols=request.symbols,
        name=request.name.strip(),
        as_of=as_of,
        rates=_choice("--rates", request.rates, RateUnit),
        price=price,
        amount=amount,
        bracket_by=_choice("--bracket-by", request.bracket_by, BracketBy),
        contract_sizes=_contract_sizes(request.contract_size),
    )


def _precision(words: str) -> tuple[PrecisionUnit | None, PrecisionUnit | None]:
    """Returns the units of prices and of amounts: `step` is that of both, `price=digits` of one."""
    if "=" not in words:
        both = _choice("--precision", words, PrecisionUnit)
        return both, both
    found: dict[str, PrecisionUnit | None] = {}
    for what, word in _pairs("--precision", words):
        if what.lower() not in ("price", "amount"):
            raise _Wrong(f"--precision: {quote(what)} is neither price nor amount; as in `price=step,amount=digits`")
        found[what.lower()] = _choice("--precision", word, PrecisionUnit)
    return found.get("price"), found.get("amount")


def _contract_sizes(words: str) -> dict[str, Decimal]:
    """Returns how much one contract is, by symbol in capitals; `100` alone is that of all, under no name."""
    pairs = _pairs("--contract-size", words) if "=" in words else [("", words)] if words else []
    sizes = {}
    for symbol, number in pairs:
        size = read_number(number)
        if isinstance(size, Mistake) or size <= 0:
            raise _Wrong(f"--contract-size: {quote(number)} is no number above zero; as in `100` or `BTC/USD:BTC=100`")
        sizes[symbol.upper()] = size
    return sizes


def _pairs(option: str, words: str) -> list[tuple[str, str]]:
    """Returns the names and values of `a=1,b=2`. Raises `_Wrong` where one is missing or there twice."""
    pairs = [(name.strip(), value.strip()) for name, _, value in (pair.rpartition("=") for pair in words.split(","))]
    names = [name.upper() for name, _ in pairs]
    if not all(name and value for name, value in pairs):
        raise _Wrong(f"{option}: {quote(words)} is not of the form NAME=VALUE,NAME=VALUE")
    if len(set(names)) < len(names):
        raise _Wrong(f"{option}: {quote(words)} says one of them twice")
    return pairs


def _choice(option: str, word: str, choices: type[_Choice]) -> _Choice | None:
    if not word:
        return None
    for choice in choices:
        if choice.value == word.lower():
            return choice
    names = [choice.value for choice in choices]
    near = nearest(word, names)
    raise _Wrong(
        f"{option}: {quote(word)} is none of {', '.join(names)}" + (f"; did you mean `{near}`?" if near else "")
    )


def _reachable(name: str | Unreachable) -> str:
    if isinstance(name, Unreachable):
        raise name
    return name


def _saved(path: str) -> SavedFile:
    if path == STANDARD_INPUT:
        return SavedFile(name_of(path), read_bytes(path, BYTES), None)
    if is_nowhere(path):
        raise Unreachable(path, NOWHERE)
    data = read_bytes(path, BYTES)
    try:
        modified = datetime.fromtimestamp(max(0, int(Path(path).stat().st_mtime)), UTC).date()
    except (ValueError, OverflowError):  # a clock that was far off set the file's time
        modified = None
    return SavedFile(visible(os.path.basename(path)), data, modified)  # noqa: PTH119 - a trailing slash is no name


# What is said, and stored


def _talk(result: ImportResult) -> str:
    """The notes, each once, with the symbols that it is about."""
    about: dict[str, list[str]] = {}
    for note in result.notes:
        about.setdefault(note.text, []).append(note.symbol)
    return "".join(f"{_WHO}{visible(_about(symbols))}{visible(text)}\n" for text, symbols in about.items())


def _about(symbols: Sequence[str]) -> str:
    named = sorted({symbol for symbol in symbols if symbol})
    if not named:
        return ""
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    return f"{', '.join(named[:_NAMED])}{more}: "


def _problems(unmade: Unmade) -> str:
    lines = [
        f"{_WHO}{visible(problem.symbol)}: {visible(problem.message)}; {problem.help}"
        for problem in unmade.problems[:_TOLD]
    ]
    if len(unmade.problems) > _TOLD:
        lines.append(f"{_WHO}{len(unmade.problems) - _TOLD} more symbols cannot be made either")
    lines.append(f"{_WHO}nothing was written; `--symbol` takes other symbols alone")
    return "".join(f"{line}\n" for line in lines)


def _stored(request: Request, text: str, talk: str) -> Reply:
    output, data = request.output, text.encode()
    if output in ("", STANDARD_INPUT):
        return Reply(text, talk, ExitCode.OK)
    if is_nowhere(output):
        raise Unreachable(output, NOWHERE)
    # A run that was killed while it wrote these terms in place is finished; what else was left half written is named.
    remarks = clear(os.path.split(output)[0], lambda path, _, new: _is_same(output, path) and new == data)
    talk += "".join(line_of(*remark) for remark in remarks)
    held = _held(output)
    if not is_taken(output):
        create(output, data)
    elif held == data:
        return Reply("", talk + line_of(output, "has these terms already"), ExitCode.OK)
    elif held and data.startswith(held):
        replace(output, data, held)
        return Reply("", talk + line_of(output, FINISHED), ExitCode.OK)
    elif not request.force or any(_is_same(output, path) for path in request.files):
        half = ", half written by a run that was killed" if _breaks_off(held) else ", and nothing is overwritten"
        way_out = "`--force` replaces it" if _breaks_off(held) else "`--force` replaces a venue file"
        refused = Unreachable(output, f"is there already{half}; {way_out}")
        return Reply("", "".join(line_of(*remark) for remark in remarks) + refusal(refused), ExitCode.REFUSED)
    else:
        replace(output, data)
    name = visible(Path(output).name)
    return Reply("", talk + line_of(output, f"written; a plan beside it takes it with `venue: ./{name}`"), ExitCode.OK)


def _held(path: str) -> bytes:
    """Returns what a file holds; nothing of one that cannot be read."""
    try:
        return read_bytes(path, BYTES)
    except Unreachable:
        return b""


def _breaks_off(held: bytes) -> bool:
    return held.startswith(HEADER.encode()) and not held.endswith(b"\n")


def _is_same(first: str, second: str) -> bool:
    try:
        return second != STANDARD_INPUT and Path(first).samefile(second)
    except (OSError, ValueError):
        return False
