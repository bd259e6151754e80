"""`scaleplan journal backup`: a copy of the journal, as it is at one moment."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option
from scaleplan.cli.journaling import JOURNAL, JournalPlace, read
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.journal.database import Journal

FILE = Option((), "Where to put the copy; a file that is there is not overwritten.", "", "FILE", required=True)
COMMAND = Command(
    "Copy the journal to another file. Whole, as it is at one moment; nothing is overwritten.",
    (FILE, JOURNAL),
    examples=("scaleplan journal backup journal-copy.db",),
)


def run(call: Call) -> Reply:
    """Copies the journal."""
    return read(call, lambda journal, place: _answer(call, journal, place))


def _answer(call: Call, journal: "Journal", place: JournalPlace) -> Reply:
    from scaleplan.cli.talk import line_of, refusal
    from scaleplan.source import Unreachable

    del place
    try:
        journal.backup(call[FILE])
    except Unreachable as error:
        return Reply("", refusal(error), ExitCode.REFUSED)
    return Reply("", line_of(call[FILE], "the journal was copied here"), ExitCode.OK)
