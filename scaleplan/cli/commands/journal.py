"""`scaleplan journal`: where the journal is, and what is in it."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command
from scaleplan.cli.journaling import FORMAT, JOURNAL, JournalPlace, read
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.journal.database import Journal

COMMAND = Command(
    """Say where the journal is, and what is in it.

    It is one file a user: `journal check` looks through it, `journal backup` copies it, `journal export` writes it out.
    """,
    (JOURNAL, FORMAT),
    examples=("scaleplan journal", "scaleplan journal export --format csv"),
    children=("check", "backup", "export"),
)


def run(call: Call) -> Reply:
    """Says where the journal is."""
    return read(call, lambda journal, place: _answer(call, journal, place))


def _answer(call: Call, journal: "Journal", place: JournalPlace) -> Reply:
    from textwrap import wrap

    from scaleplan.bounds import in_repository
    from scaleplan.cli.talk import line_of

    counts = journal.counts()
    talk = ""
    if in_repository(place.path):
        talk = line_of(place.path, "lies in a git work tree: what you traded may be published with it")
        width = call.screen.talk.width
        if width is not None:
            talk = "\n".join(wrap(talk, width, break_long_words=False, break_on_hyphens=False)) + "\n"
    if call[FORMAT] == "json":
        from scaleplan.clock import now
        from scaleplan.report.record import to_json
        from scaleplan.report.trade.record import begin

        return Reply(to_json(begin("journal", place.path, now()) | counts | {"diagnostics": []}), talk, ExitCode.OK)
    from scaleplan.report.visible import visible

    lines = [f"{name:<8} {count:,}" for name, count in counts.items()]
    return Reply("\n".join([f"journal  {visible(place.path)}", *lines, ""]), talk, ExitCode.OK)
