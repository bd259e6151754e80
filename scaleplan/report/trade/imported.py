"""The page and the record of an import: each file, each trade with what it took, and what is in no plan."""

import os
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from scaleplan.diagnostic import Kind
from scaleplan.fills import BadRow, ReadFile
from scaleplan.journal import EventRow, RowKind
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import counted, plain
from scaleplan.questions.imported import FileOutcome, ImportedFills, Replaced, TradeOutcome, Unconverted
from scaleplan.report.page import UNLIMITED, Cell, Fact, FactList, Page, Role, Sentence
from scaleplan.report.record import Record, digits
from scaleplan.report.trade.record import fill_record
from scaleplan.report.trade.words import closed_words, event_at, figures_for
from scaleplan.report.visible import visible
from scaleplan.trade import Trade, kinds
from scaleplan.trade.deviation import span_of

#: Why an import takes a trade back that one before it had locked.
_NEVER = "an earlier import locked it, and with these fills it never was"
#: So many fills in no plan are listed, and so many lines of what replaced what.
_LISTED = 20


def import_page(found: ImportedFills, *, is_dry: bool) -> Page:
    """Returns the page of an import."""
    parts: list[Sentence | FactList] = [_line(_file_words(each)) for each in found.files]
    counts = [len(outcome.events) for outcome in found.trades] + [len(found.unassigned)]
    number = max(len(str(count)) for count in counts)
    width = max((len(_path(outcome.trade.row.path)) for outcome in found.trades), default=0)
    facts: list[Fact] = []
    for outcome in found.trades:
        trade = outcome.trade
        words = f"{_path(trade.row.path):<{width}}  {len(outcome.events):>{number}}  {_trade_words(outcome)}"
        facts.append(Fact(f"T{trade.row.number}", words))
        facts += [Fact("", _replaced_words(trade, pair)) for pair in outcome.replaced]
    facts += [Fact(f"T{row.number}", f"{_path(row.path)}  is taken back: {_NEVER}") for row in found.never]
    for place, event in enumerate(found.unassigned[:_LISTED]):
        count = f"{len(found.unassigned) if place == 0 else '':>{number}}"
        facts.append(Fact("no plan" if place == 0 else "", f"{count}  {_fill_words(event)}"))
    more = len(found.unassigned) - _LISTED
    if more > 0:
        facts.append(Fact("", f"and {more:,} more: scaleplan log --no-plan"))
    if facts:
        parts.append(FactList(tuple(facts)))
    if found.corrected:
        parts.append(_line(f"{found.corrected} earlier rows are corrected by these, and voided"))
    if found.batch is None:
        parts.append(_line("nothing is new", Role.FAINT))
    elif not is_dry:
        batch = found.batch.number
        parts.append(_line(f"recorded as batch {batch}    (wrong? scaleplan undo {batch})", Role.FAINT))
    return Page(tuple(parts))


def _line(text: str, role: Role = Role.PLAIN) -> Sentence:
    return Sentence((Cell(text, role),), limit=UNLIMITED)


def _path(path: str) -> str:
    """Returns a path from the working folder on, where it lies below that."""
    try:
        here = os.path.relpath(path)
    except ValueError:  # another drive
        here = path
    return visible(path if here.startswith("..") else here)


def _file_words(each: FileOutcome) -> str:
    read = each.read
    zone = f"{read.zone} by {read.zone_from}, " if read.zone else ""
    rows = counted(read.count, "row")
    parts = [f"{each.new:,} new", f"{each.known:,} known"] if each.new or each.known else ["0 new"]
    parts += [f"{count:,} passed over ({visible(reason)})" for reason, count in read.passed]
    if read.bad:
        parts.append(f"{len(read.bad):,} unreadable")
    return f"{visible(read.source)}, {zone}{rows}: {', '.join(parts)}"


def _trade_words(outcome: TradeOutcome) -> str:
    trade = outcome.trade
    # A part of a fill is an event of its own in a trade, with the number of that fill.
    own = {event.seq for event in outcome.events}
    said: dict[str, None] = {}
    for moment in trade.moments:
        if moment.event.seq in own:
            for part in moment.parts:
                said.setdefault("extra" if part.tier is None else f"tier {part.tier}")
            if moment.closed is not None:
                said.setdefault(closed_words(moment.closed, moment.target))
    if any(event.kind is RowKind.FUNDING for event in outcome.events):
        said.setdefault("funding")
    words = ", ".join(said) or "nothing it could take"
    if outcome.is_new:
        return f"{words}; {_locked_words(trade)}{'; flat' if not trade.held and trade.is_over else ''}"
    if trade.is_over:
        return f"{words}; flat"
    return f"{words}; held {figures_for(trade).quantity(trade.held)}" if trade.held else f"{words}; nothing held yet"


def _locked_words(trade: Trade) -> str:
    first = trade.first_fill
    late = timedelta() if first is None else trade.locked_at - first
    return f"locked now, {span_of(late)} after its first fill" if late > timedelta() else "locked now"


def _replaced_words(trade: Trade, pair: Replaced) -> str:
    typed, by = pair
    figures = figures_for(trade)
    quantity = sum((event.quantity or ZERO for event in typed), ZERO)
    worth = sum(((event.quantity or ZERO) * (event.price or ZERO) for event in typed), ZERO)
    price = worth / quantity if quantity else ZERO
    verb = "replaces" if len(by) == 1 else "replace"
    return f"{_names(by)} {verb} {_names(typed)}, typed: {figures.quantity(quantity)} at {figures.price(price)}"


def _names(events: Sequence[EventRow]) -> str:
    """Returns the names of events: `E31`, `E33, E34`, `E44 to E46`."""
    numbers = sorted(event.seq for event in events)
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"E{numbers[0]} to E{numbers[-1]}"
    return ", ".join(f"E{number}" for number in numbers)


def _fill_words(event: EventRow) -> str:
    done = "bought" if event.side == "buy" else "sold"
    price, quantity = event.price, event.quantity
    at = "?" if price is None else _two_decimals(price)
    size = "?" if quantity is None else plain(quantity)
    return f"{event.name} {visible(event.symbol or '')} {done} {size} at {at}, {event_at(event)[:10]}"


def _two_decimals(price: Decimal) -> str:
    """Returns a price with two decimals at least, and all that it has."""
    exponent = price.as_tuple().exponent
    return f"{price:,.2f}" if isinstance(exponent, int) and exponent > -2 else f"{price:,f}"


# What is said beside


def bad_text(name: str, bad: BadRow, *, skipped: bool) -> str:
    """Returns the lines of a row that cannot be read, or of a file; `skipped` is whether it was passed over."""
    severity = "warning" if skipped else bad.kind.severity
    place = f"{visible(name)}:{bad.line}:{bad.column}"
    more = " (passed over)" if skipped else f"\n  help: {visible(bad.help)}"
    return f"{place}: {severity} {bad.kind.code} {bad.kind.name}: {visible(bad.message)}{more}\n"


def bad_record(name: str, bad: BadRow, *, skipped: bool) -> Record:
    """Returns a row that cannot be read, or a file, as a record."""
    return {
        "code": bad.kind.code,
        "name": bad.kind.name,
        "severity": "warning" if skipped else str(bad.kind.severity),
        "file": name,
        "line": bad.line,
        "column": bad.column,
        "message": bad.message,
        "help": bad.help,
    }


def notes_of(found: ImportedFills) -> list[Record]:
    """Returns what is to be said of an import that was recorded: fees, positions, fills in no plan."""
    told = [_fee_note(each) for each in found.unconverted]
    told += [
        _note(
            kinds.HELD_DIFFERS,
            f"{stated.event.name} states {plain(stated.stated)} of {stated.event.symbol} after it, and the open trades"
            f" hold {plain(stated.held)}: something is missing",
            "import what came before, or `assign` what is in no plan",
        )
        for stated in found.stated
    ]
    if found.ahead:
        told.append(
            _note(
                kinds.AHEAD_OF_CLOCK,
                f"{found.ahead:,} fill{' is' if found.ahead == 1 else 's are'} more than 5 minutes ahead of the clock",
                "look whether the zone is that of the export; `scaleplan undo` takes it back",
            )
        )
    count = len(found.unassigned)
    if count:
        first = found.unassigned[0].name
        told.append(
            _note(
                kinds.NO_PLAN,
                f"{counted(count, 'fill')} in no trade",
                f"`scaleplan log --no-plan` lists them; `scaleplan assign {first} PLAN` puts one into a trade",
            )
        )
    return told


def _fee_note(each: Unconverted) -> Record:
    is_one = each.count == 1
    return _note(
        kinds.FEE_NOT_CONVERTED,
        f"{each.count:,} {'fee is' if is_one else 'fees are'} in {each.currency}, and nothing says what that is worth:"
        f" the plan's own rate stands in for {counted(each.count, 'fill')}",
        f"`--rate {each.currency}=N`, N being {each.settle} for one, counts {'it' if is_one else 'them'}",
    )


def _note(kind: Kind, message: str, help: str) -> Record:
    return {"code": kind.code, "name": kind.name, "severity": str(kind.severity), "message": message, "help": help}


def notes_text(found: ImportedFills) -> str:
    """Returns what `notes_of` says, as lines."""
    return "".join(
        f"{each['severity']} {each['code']} {each['name']}: {visible(str(each['message']))}\n"
        f"  help: {visible(str(each['help']))}\n"
        for each in notes_of(found)
    )


# The record


def import_record(
    head: Record,
    found: ImportedFills,
    diagnostics: Sequence[Record],
    *,
    is_dry: bool,
    files: Sequence[ReadFile] = (),
) -> Record:
    """Returns the record of an import; `files` are those that were read where nothing was recorded."""
    outcomes = found.files or tuple(FileOutcome(file, 0, 0) for file in files)
    batch = None if found.batch is None or is_dry else found.batch.number
    return {
        **head,
        "recorded": batch is not None,
        "files": [_file_record(each) for each in outcomes],
        "trades": [_trade_record(each) for each in found.trades],
        "taken_back": [f"T{row.number}" for row in found.never],
        "unassigned": [fill_record(event) for event in found.unassigned],
        "batch": batch,
        "diagnostics": list(diagnostics),
    }


def _file_record(each: FileOutcome) -> Record:
    read = each.read
    return {
        "file": read.name,
        "source": read.source,
        "zone": read.zone or None,
        "zone_from": read.zone_from or None,
        "rows": read.count,
        "new": each.new,
        "known": each.known,
        "passed": [{"reason": reason, "count": count} for reason, count in read.passed],
        "replaced": [
            {"typed": [event.name for event in typed], "by": [event.name for event in by]}
            for typed, by in each.replaced
        ],
    }


def _trade_record(each: TradeOutcome) -> Record:
    trade = each.trade
    own = {event.id for event in each.events}
    return {
        "trade": f"T{trade.row.number}",
        "id": trade.row.id,
        "file": trade.row.path,
        "locked": each.is_new,
        "over": not trade.is_open,
        "held": digits(trade.held),
        "events": [fill_record(event) for event in each.events],
        "fills": [
            {
                "event": moment.event.name,
                "tiers": [part.tier for part in moment.parts],
                "closed": None if moment.closed is None else closed_words(moment.closed, moment.target),
            }
            for moment in trade.moments
            if moment.event.id in own
        ],
    }
