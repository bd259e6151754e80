"""Commands of the journal: where it is, what was typed, and the one place where a recording becomes a reply."""

import os
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from scaleplan.cli.command import Call, Option, WrongUsage, choice, switch, text
from scaleplan.cli.options import EQUITY, SET, complete_path, settings_of
from scaleplan.cli.reply import ExitCode, Reply
from scaleplan.clock import now
from scaleplan.source import STANDARD_INPUT

if TYPE_CHECKING:
    from scaleplan.diagnostic import Diagnostic, Kind
    from scaleplan.journal.database import Journal
    from scaleplan.policy import TradePolicy
    from scaleplan.quantity.form import Mistake
    from scaleplan.questions.recording import Asked, RecordedBatch, Recorder
    from scaleplan.report.page import Page

_Value = TypeVar("_Value")
#: The environment's name for the journal.
VARIABLE = "SCALEPLAN_JOURNAL"
TRADE = Option((), "A plan's file, or a trade by its number: T7.", "", "PLAN|T7", required=True, complete=complete_path)
JOURNAL = text("--journal", "FILE", "The journal; else SCALEPLAN_JOURNAL, .scaleplan.yaml, or the user's own.")
AT = text("--at", "TIME", "When it was: 14:05, or '2026-08-21 14:05 +02:00'; left out, now.")
NOTE = text("--note", "TEXT", "A line for the trade, recorded with it.")
DRY_RUN = switch("--dry-run", "Say what would be recorded, and record nothing.")
FORMAT = choice("--format", ("text", "json"), "How to show it.")
FEE = text("--fee", "AMOUNT", "What it cost, as 0.59605 or '0.001 BNB'; left out, the plan's own fee.")
ORDER = text("--order", "ID", "The venue's number of the order: fills of one order are one.")
AGAIN = switch("--again", "Record what was recorded alike less than two minutes ago.")
#: What every command that records takes beside its own options.
RECORDING = (AT, NOTE, DRY_RUN, JOURNAL, FORMAT)
#: The last line of what recorded nothing.
NOTHING = "nothing was recorded\n"


class JournalPlace(NamedTuple):
    """Where the journal is, and what the policy of the working folder says of trades."""

    path: str
    policy: "TradePolicy"


def place_of(call: Call) -> JournalPlace:
    """Returns where the journal is: named, in the environment, in the policy of the working folder, or the user's."""
    from scaleplan.decode import Files
    from scaleplan.policy import Policies

    found = Policies(Files()).of("plan.yaml")
    policy = found.trades
    named = call[JOURNAL]
    if named is None:
        named = os.environ.get(VARIABLE) or None
    if named is not None:
        if not named:
            raise WrongUsage(JOURNAL, "a file is missing; write it as `--journal trades.db`")
        return JournalPlace(named, policy)
    for mistake in found.diagnostics:
        if not policy.folder or mistake.path.startswith("journal"):
            # Whose journal it is stands in a file that cannot be read: no other one is taken for it.
            raise WrongUsage(JOURNAL, _unknown_place(mistake))
    if policy.journal:
        return JournalPlace(os.path.join(policy.folder, policy.journal), policy)  # noqa: PTH118
    return JournalPlace(_own(), policy)


def _unknown_place(mistake: "Diagnostic") -> str:
    """Returns why nobody knows where the journal is."""
    line = mistake.span.source.position(mistake.span.start).line
    return f"{mistake.span.source.name}:{line} does not say which journal: {mistake.message}; {mistake.help}"


def _own() -> str:
    """Returns the user's own journal."""
    if os.name == "nt":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~")  # noqa: PTH111
    else:
        base = os.environ.get("XDG_DATA_HOME", "")
        if not os.path.isabs(base):  # noqa: PTH117 - the specification says to pass over what is not absolute
            base = os.path.join(os.path.expanduser("~"), ".local", "share")  # noqa: PTH111, PTH118
    return os.path.join(base, "scaleplan", "journal.db")  # noqa: PTH118


def words_of(command: str, *words: str | None) -> str:
    """Returns a command as a shell takes it."""
    from shlex import join

    return join(["scaleplan", *command.split(), *(word for word in words if word)])


def right(option: Option[Any], found: "_Value | Mistake") -> "_Value":
    """Returns what was read of an option; raises `WrongUsage` for a mistake."""
    from scaleplan.quantity.form import Mistake

    if isinstance(found, Mistake):
        raise WrongUsage(option, f"{found.kind.code} {found.kind.name}: {found.message}; {found.help}")
    return found


def asked(call: Call, command: str, place: JournalPlace) -> "Asked":
    """Returns what every recording is asked with. Raises `WrongUsage` for a moment that is none."""
    from scaleplan.questions.recording import Asked
    from scaleplan.questions.trades import habits_of
    from scaleplan.trade.words import Instant, read_moment, zone_of

    at_now = now()
    written = call[AT]
    moment = Instant(at_now, zone_of(at_now)) if written is None else right(AT, read_moment(written, at_now))
    settings = settings_of(call)
    changes = list(call[SET])
    if call[EQUITY] is not None:
        changes.append(f"account.equity={call[EQUITY]}")
    return Asked(
        command=command,
        now=at_now,
        at=moment,
        habits=habits_of(place.policy),
        settings=settings,
        written=tuple(changes),
        note=call[NOTE],
        again=call[AGAIN],
    )


def recorded(
    call: Call,
    name: str,
    command: str,
    write: "Callable[[Recorder], RecordedBatch]",
    say: "Callable[[RecordedBatch], Page] | None" = None,
) -> Reply:
    """Returns the reply to a command that records: what was recorded and where the trade stands, or why nothing was."""
    from scaleplan.journal.database import Journal, new_id
    from scaleplan.questions.recording import Recorder

    if call[TRADE] == STANDARD_INPUT:
        raise WrongUsage(TRADE, "a trade is of a plan in a file; standard input has none")
    place = place_of(call)
    question = asked(call, command, place)
    batch = new_id()

    def inside(journal: Journal) -> "RecordedBatch":
        return write(Recorder(journal, batch, question))

    found = attempted(call, name, place, batch, inside)
    return found if isinstance(found, Reply) else _reply(call, name, place, question, found, say)


def attempted(
    call: Call, name: str, place: JournalPlace, batch: str, inside: "Callable[[Journal], _Value]"
) -> "_Value | Reply":
    """Returns what was recorded inside a batch, or the reply that says why nothing was."""
    from scaleplan.cli.talk import line_of
    from scaleplan.journal import JournalRefused, Unrecorded
    from scaleplan.journal.database import record
    from scaleplan.questions.recording import Refused, Unlockable
    from scaleplan.questions.trades import NoTrade
    from scaleplan.report.visible import visible
    from scaleplan.source import Unreachable

    try:
        return record(place.path, batch, inside, keep=not call[DRY_RUN])
    except Refused as error:
        return _refused(call, name, place, error.kind, error.message, error.help)
    except Unlockable as error:
        from scaleplan.cli.studied import no_prices, written
        from scaleplan.report.diagnostics.record import to_json_record

        told = map(to_json_record, error.study.diagnostics)
        talk, code = written(error.study.diagnostics, call.screen.talk), ExitCode.ERRORS
        if error.study.kind == "template":
            talk, code = talk + no_prices(error.study), ExitCode.USAGE
        return Reply(_nothing(call, name, place, *told), talk + NOTHING, code)
    except NoTrade as error:
        return Reply("", f"scaleplan: {visible(str(error))}\n{NOTHING}", ExitCode.USAGE)
    except Unrecorded as error:
        there = {True: "it is recorded all the same", False: "nothing was recorded"}
        so = there.get(error.is_recorded or False) if error.is_recorded is not None else None
        so = so or "whether it was recorded is not known: see `scaleplan log` before typing it again"
        return Reply("", line_of(place.path, error.reason) + f"{so}\n", ExitCode.REFUSED)
    except (JournalRefused, Unreachable) as error:
        return Reply("", line_of(error.name, error.reason) + NOTHING, ExitCode.REFUSED)


def _reply(
    call: Call,
    name: str,
    place: JournalPlace,
    question: "Asked",
    found: "RecordedBatch",
    say: "Callable[[RecordedBatch], Page] | None",
) -> Reply:
    talk = _warnings(call, question, found)
    if call[FORMAT] == "json":
        from scaleplan.questions.trades import stood
        from scaleplan.report.record import to_json
        from scaleplan.report.trade.record import begin, recorded_record, trade_record

        trade = None
        if found.after is not None:
            trade = trade_record(*stood(found.after, question.now))
        batch = None if call[DRY_RUN] or not found.events else found.batch
        record = recorded_record(begin(name, place.path, question.now), batch, found.events, trade, [])
        return Reply(to_json(record), talk, ExitCode.OK)
    from scaleplan.cli.studied import paged
    from scaleplan.report.trade.recorded import recorded_page

    out = paged(lambda _: [(say or recorded_page)(found)], "table", call.screen.out)
    if call[DRY_RUN]:
        out += "a dry run: nothing was recorded\n"
    return Reply(out, talk, ExitCode.OK)


def _warnings(call: Call, question: "Asked", found: "RecordedBatch") -> str:
    from scaleplan.cli.studied import written
    from scaleplan.diagnostic import Severity
    from scaleplan.questions.recording import AHEAD
    from scaleplan.trade.kinds import AHEAD_OF_CLOCK

    talk = ""
    ahead = question.at.moment - question.now
    if ahead > AHEAD:
        minutes = int(ahead.total_seconds()) // 60
        talk += f"warning {AHEAD_OF_CLOCK.code} {AHEAD_OF_CLOCK.name}: the moment lies {minutes} minutes ahead of now\n"
    if found.locked is not None:
        diagnostics = found.locked.study.diagnostics
        talk += written([each for each in diagnostics if each.severity is Severity.ERROR], call.screen.talk)
    return talk


def _refused(call: Call, name: str, place: JournalPlace, kind: "Kind | None", message: str, help: str) -> Reply:
    from scaleplan.report.visible import visible

    rule = f"error {kind.code} {kind.name}: " if kind is not None else "error: "
    talk = f"{rule}{visible(message)}\n  help: {visible(help)}\n{NOTHING}"
    code, title = (None, None) if kind is None else (kind.code, kind.name)
    told: dict[str, object] = {"code": code, "name": title, "severity": "error", "message": message, "help": help}
    return Reply(_nothing(call, name, place, told), talk, ExitCode.ERRORS)


def _nothing(call: Call, name: str, place: JournalPlace, *told: "dict[str, object]") -> str:
    """Returns the record of a command that recorded nothing, and of what it says instead."""
    if call[FORMAT] != "json":
        return ""
    from scaleplan.report.record import to_json
    from scaleplan.report.trade.record import begin, recorded_record

    return to_json(recorded_record(begin(name, place.path, now()), None, (), None, told))


def read(call: Call, answer: "Callable[[Journal, JournalPlace], Reply]", damaged: ExitCode = ExitCode.REFUSED) -> Reply:
    """Returns the reply to a command that only reads the journal, where there is one.

    `damaged` is the exit code for a file that is broken.
    """
    from scaleplan.cli.talk import line_of
    from scaleplan.journal import JournalDamaged, JournalRefused
    from scaleplan.journal.database import reading
    from scaleplan.questions.trades import NoTrade
    from scaleplan.report.visible import visible

    place = place_of(call)
    try:
        with reading(place.path) as journal:
            if journal is None:
                reason = "there is no journal yet; `scaleplan lock PLAN` or the first `scaleplan fill` makes it"
                return Reply("", line_of(place.path, reason), ExitCode.REFUSED)
            return answer(journal, place)
    except NoTrade as error:
        return Reply("", f"scaleplan: {visible(str(error))}\n", ExitCode.USAGE)
    except JournalRefused as error:
        code = damaged if isinstance(error, JournalDamaged) else ExitCode.REFUSED
        return Reply("", line_of(error.name, error.reason), code)
