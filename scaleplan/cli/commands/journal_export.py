"""`scaleplan journal export`: the journal written out, whole or as a table of fills."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option, choice, switch
from scaleplan.cli.journaling import JOURNAL, JournalPlace, read
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.journal.database import Journal

FILE: Option[str] = Option((), "Where to write it; left out, standard output. Nothing is overwritten.", "", "FILE")
FORMAT = choice("--format", ("jsonl", "csv", "json"), "The whole record, which can be imported; or the fills in force.")
NO_RAW = switch("--no-raw", "Leave the rows of the sources out.")
COMMAND = Command(
    """Write the journal out. The whole record as jsonl, or the fills in force as csv or json.

    A cell of the csv is never taken for a formula by a spreadsheet.
    """,
    (FILE, FORMAT, NO_RAW, JOURNAL),
    examples=("scaleplan journal export --format csv",),
)


def run(call: Call) -> Reply:
    """Writes the journal out."""
    return read(call, lambda journal, place: _answer(call, journal, place))


def _answer(call: Call, journal: "Journal", place: JournalPlace) -> Reply:
    from scaleplan.cli.talk import refusal
    from scaleplan.source import Unreachable
    from scaleplan.store import create

    text = _written(call, journal, place)
    if not call[FILE]:
        return Reply(text, "", ExitCode.OK)
    try:
        create(call[FILE], text.encode())
    except Unreachable as error:
        return Reply("", refusal(error), ExitCode.REFUSED)
    return Reply("", "", ExitCode.OK)


def _written(call: Call, journal: "Journal", place: JournalPlace) -> str:
    if call[FORMAT] == "jsonl":
        from scaleplan.journal.export import lines_of

        return "".join(lines_of(journal.rows(), raw=not call[NO_RAW]))
    from scaleplan.questions.trades import Trades, habits_of
    from scaleplan.report.trade.fills import COLUMNS, TEXTS, fill_rows

    rows = list(fill_rows(Trades(journal, habits_of(place.policy)), raw=not call[NO_RAW]))
    if call[FORMAT] == "json":
        from scaleplan.clock import now
        from scaleplan.report.record import to_json
        from scaleplan.report.trade.record import begin

        return to_json(begin("journal export", place.path, now()) | {"fills": rows, "diagnostics": []})
    from scaleplan.report.record_csv import csv_table

    return csv_table(COLUMNS, TEXTS, rows)
