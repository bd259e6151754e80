"""`scaleplan import-fills`: files read, options understood, and the reply that says what became of them."""

import gc
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.cli.command import Call, Option, WrongUsage
from scaleplan.cli.commands.import_fills import (
    DATES,
    FILES,
    PLAN,
    PLANS,
    RATES,
    SIZES,
    SKIP_BAD,
    SOURCE,
    SYMBOLS,
    ZONE,
)
from scaleplan.cli.journaling import DRY_RUN, FORMAT, NOTHING, JournalPlace, asked, attempted, place_of, words_of
from scaleplan.cli.reply import ExitCode, Reply
from scaleplan.cli.studied import paged
from scaleplan.cli.talk import refusal
from scaleplan.clock import now
from scaleplan.fills import BadRow, FileRefused, ReadFile, ReadOptions
from scaleplan.fills.catalogue import NAMES, SHAPES, is_of
from scaleplan.fills.reading import can_be_skipped, read_file
from scaleplan.fills.text import LARGEST, read_text
from scaleplan.fills.zones import read_zone
from scaleplan.journal import Rows
from scaleplan.journal.database import Journal, new_id
from scaleplan.journal.export import NotAnExport, is_export, read_lines
from scaleplan.quantity.amount import read_symbol
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import quote, read_number
from scaleplan.questions.imported import ImportedFills
from scaleplan.questions.importing import ImportAsked, Importer, NewRows
from scaleplan.questions.sizes import contract_sizes
from scaleplan.report.record import Record, to_json
from scaleplan.report.trade.imported import (
    bad_record,
    bad_text,
    import_page,
    import_record,
    notes_of,
    notes_text,
)
from scaleplan.report.trade.record import begin
from scaleplan.source import Unreachable, name_of, read_bytes
from scaleplan.trade.kinds import NO_CONTRACT_SIZE, UNREADABLE_ROW

_NAME = "import-fills"
_ORDERS = {"day-first": True, "month-first": False}
_ONE_JOURNAL = "an exported journal is imported by itself, into an empty journal"


class _Source(NamedTuple):
    """A file as it was read from the disk; `name` is what messages call it."""

    name: str
    data: bytes


class _NothingNew(Exception):  # noqa: N818 - it is a state of the files
    """Files without a row that is new: there is no batch, and no journal is made for it."""

    def __init__(self, result: ImportedFills) -> None:
        super().__init__()
        self.result = result


def import_fills(call: Call) -> Reply:
    """Returns what an import has done, or why nothing was recorded.

    Rows are many small objects that refer to each other in no circle: looking for circles among them takes a third of
    the time of an import.
    """
    gc.disable()
    try:
        return _imported(call)
    finally:
        gc.enable()


def _imported(call: Call) -> Reply:
    options = _options(call)
    place = place_of(call)
    try:
        sources = [_Source(name_of(path), read_bytes(path, LARGEST)) for path in dict.fromkeys(call[FILES])]
    except Unreachable as error:
        return Reply("", refusal(error) + NOTHING, ExitCode.REFUSED)
    exported = [source for source in sources if _is_export(source)]
    if exported:
        if len(sources) > 1:
            raise WrongUsage(FILES, _ONE_JOURNAL)
        return _whole(call, place, exported[0])
    files, refused = _read(sources, options)
    if any(bad.kind is NO_CONTRACT_SIZE for file in files for bad in file.bad):
        sizes = contract_sizes(place.path, place.policy, call[PLAN], call[PLANS], asked(call, _NAME, place))
        files, refused = _read(sources, options._replace(plan_sizes=sizes))
    bad = [(file.name, each) for file in files for each in file.bad]
    stopping = [each for _, each in bad if not (call[SKIP_BAD] and can_be_skipped(each))]
    if refused or stopping:
        return _stopped(call, place, files, [*refused, *bad])
    return _recorded(call, place, files, bad, options)


def _read(sources: Sequence[_Source], options: ReadOptions) -> tuple[list[ReadFile], list[tuple[str, BadRow]]]:
    files, refused = [], []
    for source in sources:
        try:
            files.append(read_file(source.name, source.data, options))
        except FileRefused as error:
            refused.append((source.name, BadRow(error.kind, error.line, 1, error.message, error.help)))
    return files, refused


def _recorded(
    call: Call, place: JournalPlace, files: Sequence[ReadFile], bad: Sequence[tuple[str, BadRow]], options: ReadOptions
) -> Reply:
    plan = () if call[PLAN] is None else ("--plan", call[PLAN])
    command = words_of(_NAME, *call[FILES], *plan)
    question = asked(call, command, place)
    request = ImportAsked(call[PLAN], call[PLANS], options.symbols)
    batch = new_id()
    memo: list[NewRows] = []

    def inside(journal: Journal) -> ImportedFills:
        result = Importer(journal, batch, question, request, memo).bring(files)
        if result.batch is None:
            raise _NothingNew(result)
        return result

    try:
        found = attempted(call, _NAME, place, batch, inside)
    except _NothingNew as nothing:
        found = nothing.result
    if isinstance(found, Reply):
        return found
    talk = "".join(bad_text(name, each, skipped=True) for name, each in bad) + notes_text(found)
    is_dry = call[DRY_RUN]
    if call[FORMAT] == "json":
        head = begin(_NAME, place.path, question.now)
        told: list[Record] = [bad_record(name, each, skipped=True) for name, each in bad]
        return Reply(to_json(import_record(head, found, [*told, *notes_of(found)], is_dry=is_dry)), talk, ExitCode.OK)
    out = paged(lambda _: [import_page(found, is_dry=is_dry)], "table", call.screen.out)
    if is_dry:
        out += "a dry run: nothing was recorded\n"
    return Reply(out, talk, ExitCode.OK)


def _stopped(call: Call, place: JournalPlace, files: Iterable[ReadFile], bad: Sequence[tuple[str, BadRow]]) -> Reply:
    talk = "".join(bad_text(name, each, skipped=False) for name, each in bad) + NOTHING
    out = ""
    if call[FORMAT] == "json":
        told = [bad_record(name, each, skipped=False) for name, each in bad]
        nothing = ImportedFills((), (), (), None)
        out = to_json(import_record(begin(_NAME, place.path, now()), nothing, told, is_dry=False, files=tuple(files)))
    return Reply(out, talk, ExitCode.ERRORS)


# An exported journal


def _is_export(source: _Source) -> bool:
    return source.data[:1] in (b"{", b"\xef") and is_export(source.data[: 1 << 16].decode("utf-8-sig", "replace"))


def _whole(call: Call, place: JournalPlace, source: _Source) -> Reply:
    """Puts an exported journal into an empty one."""
    from scaleplan.questions.trades import habits_of
    from scaleplan.questions.whole import NotEmpty, put_whole

    try:
        rows = read_lines(read_text(source.data).splitlines())
    except FileRefused as error:
        return _stopped(call, place, (), [(source.name, BadRow(error.kind, error.line, 1, error.message, error.help))])
    except NotAnExport as error:
        bad = BadRow(UNREADABLE_ROW, error.number, 1, error.reason, "export the journal again, whole")
        return _stopped(call, place, (), [(source.name, bad)])
    name = rows.batches[-1].id if rows.batches else new_id()
    habits = habits_of(place.policy)

    def inside(journal: Journal) -> Rows:
        return put_whole(journal, rows, habits)

    try:
        found = attempted(call, _NAME, place, name, inside)
    except NotEmpty:
        talk = f"scaleplan: the journal is not empty: {_ONE_JOURNAL}\n{NOTHING}"
        return Reply("", talk, ExitCode.USAGE)
    except ValueError as error:
        bad = BadRow(UNREADABLE_ROW, 1, 1, f"does not fit together: {error}", "export the journal again, whole")
        return _stopped(call, place, (), [(source.name, bad)])
    if isinstance(found, Reply):
        return found
    count = len(rows.events)
    file = ReadFile(source.name, "scaleplan journal", "", "", count, (), (), ())
    from scaleplan.questions.imported import FileOutcome

    result = ImportedFills((FileOutcome(file, count, 0),), (), (), None)
    if call[FORMAT] == "json":
        head = begin(_NAME, place.path, now())
        return Reply(to_json(import_record(head, result, [], is_dry=call[DRY_RUN])), "", ExitCode.OK)
    parts = (("trade", len(rows.trades)), ("batch", len(rows.batches)), ("event", count))
    said = ", ".join(
        f"{number} {word}{'' if number == 1 else 'es' if word == 'batch' else 's'}" for word, number in parts
    )
    dry = "a dry run: nothing was recorded\n" if call[DRY_RUN] else ""
    return Reply(f"an exported journal: {said}\n{dry}", "", ExitCode.OK)


# Options


def _options(call: Call) -> ReadOptions:
    zone, dates, source = call[ZONE] or "", call[DATES], (call[SOURCE] or "").strip()
    if call[ZONE] is not None and read_zone(zone, "--tz") is None:
        raise WrongUsage(ZONE, f"{quote(zone)} is no zone; write `+02:00`, `UTC` or `Europe/Berlin`")
    if dates is not None and dates not in _ORDERS:
        raise WrongUsage(DATES, f"{quote(dates)} is neither day-first nor month-first")
    if source and not source.lower().startswith("ccxt") and not any(is_of(shape.name, source) for shape in SHAPES):
        raise WrongUsage(SOURCE, f"{quote(source)} is no source; sources are {', '.join(NAMES)}, ccxt:VENUE")
    return ReadOptions(
        source=source,
        zone=zone,
        day_first=None if dates is None else _ORDERS[dates],
        symbols=_symbols(call),
        contract_sizes=_numbers(SIZES, call[SIZES], needs_name=False),
        rates=_numbers(RATES, call[RATES], needs_name=True),
    )


def _symbols(call: Call) -> dict[str, str]:
    found = {}
    for written in call[SYMBOLS]:
        name, equals, meant = written.partition("=")
        symbol = read_symbol(meant.strip())
        if not equals or not name.strip() or isinstance(symbol, Mistake):
            raise WrongUsage(SYMBOLS, f"{quote(written)} is no NAME=SYMBOL, as `BTCUSDT=BTC/USDT:USDT`")
        found[name.strip().upper()] = symbol.text
    return found


def _numbers(option: Option[tuple[str, ...]], words: Iterable[str], *, needs_name: bool) -> dict[str, Decimal]:
    """Returns the numbers of `NAME=N`, by names in capitals; a number alone is under no name, where that may be."""
    found: dict[str, Decimal] = {}
    for written in words:
        name, equals, text = written.rpartition("=")
        value = read_number(text.strip())
        if (
            isinstance(value, Mistake)
            or value <= 0
            or (needs_name and not name.strip())
            or (equals and not name.strip())
        ):
            form = "COIN=N, as `BNB=612.40`" if needs_name else "N or NAME=N, as `0.01` or `BTC-USDT-SWAP=0.01`"
            raise WrongUsage(option, f"{quote(written)} is no {form}, with a number above zero")
        key = name.strip().upper()
        if key in found and found[key] != value:
            raise WrongUsage(option, f"{quote(key or text)} is said twice, with two numbers")
        found[key] = value
    return found
