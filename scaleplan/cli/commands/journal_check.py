"""`scaleplan journal check`: whether the journal is whole."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command
from scaleplan.cli.journaling import FORMAT, JOURNAL, JournalPlace, read
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.journal.database import Journal

COMMAND = Command(
    """Look through the journal. Its pages, the digest of every event, what is open, what is held.

    Exits with 1 where something of it is broken, and names the event.
    """,
    (JOURNAL, FORMAT),
    examples=("scaleplan journal check",),
)


def run(call: Call) -> Reply:
    """Looks through the journal."""
    return read(call, lambda journal, place: _answer(call, journal, place), ExitCode.ERRORS)


def _answer(call: Call, journal: "Journal", place: JournalPlace) -> Reply:
    from scaleplan.questions.soundness import faults_of
    from scaleplan.questions.trades import Trades, habits_of
    from scaleplan.report.visible import visible

    faults = faults_of(Trades(journal, habits_of(place.policy)))
    code = ExitCode.ERRORS if faults else ExitCode.OK
    if call[FORMAT] == "json":
        from scaleplan.clock import now
        from scaleplan.report.record import to_json
        from scaleplan.report.trade.record import begin

        head = begin("journal check", place.path, now())
        return Reply(to_json(head | {"whole": not faults, "faults": list(faults), "diagnostics": []}), "", code)
    said = "".join(f"{visible(fault)}\n" for fault in faults) or "the journal is whole\n"
    return Reply(said, "", code)
