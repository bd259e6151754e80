"""`scaleplan checklist`: the sheet to hold in hand, of one plan or several."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, choice
from scaleplan.cli.options import ALLOW_FILES, EQUITY, MOMENT, PLANS, SET, STRICT, settings_at

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from scaleplan.cli.reply import Reply, Surface
    from scaleplan.study import Studied, Study

FORMAT = choice("--format", ("text", "md", "html", "json"), "How to print it.")
COMMAND = Command(
    "Print the sheet to hold in hand. What to settle before, orders, what to do when, and the log.",
    (PLANS, FORMAT, EQUITY, SET, STRICT, ALLOW_FILES, *MOMENT),
    examples=(
        "scaleplan checklist plans/breakout-retest-pyramid.yaml",
        "scaleplan checklist plans/range-short.yaml --equity 21500 --format html",
    ),
)


def run(call: Call) -> "Reply":
    """Lays out a sheet for every plan named that could be read.

    What is wrong with a plan without a sheet, or at error level, is said beside.
    """
    from scaleplan.cli.studied import errors_of, records_of, reply_to, study_all
    from scaleplan.clock import now

    printed = now()
    results = study_all(call[PLANS], settings_at(call)._replace(today=printed.date()))
    if call[FORMAT] == "json":
        from scaleplan.report.record import to_json

        out = to_json(records_of(results, lambda study: record(study, printed)))
        return reply_to(results, out, strict=call[STRICT])
    out = _sheets(results.shown, printed, call.screen.out, call[FORMAT])
    return reply_to(results, out, beside=errors_of(results.studies, call.screen.talk), strict=call[STRICT])


def record(study: "Studied", printed: "datetime | None" = None) -> dict[str, object]:
    """Returns what the JSON says of the sheet of a plan; printed now, or at the beginning of the day of the study."""
    from datetime import UTC, datetime, time

    from scaleplan.clock import now
    from scaleplan.report.checklist.record import checklist_record
    from scaleplan.study import Unread

    printed = printed or now()
    if not isinstance(study, Unread) and study.today != printed.date():
        printed = datetime.combine(study.today, time(), UTC)
    return checklist_record(study, printed)


def _sheets(studies: "Sequence[Study]", printed: "datetime", surface: "Surface", format: str) -> str:
    from scaleplan.cli.studied import COLUMNS
    from scaleplan.report.checklist.build import sheet_of

    sheets = [sheet_of(study, printed) for study in studies]
    if not sheets:
        return ""
    if format == "html":
        from scaleplan.report.checklist.html import render_html

        return render_html(sheets)
    if format == "md":
        from scaleplan.report.checklist.markdown import render_markdown

        return "\n".join(map(render_markdown, sheets))
    from scaleplan.report.checklist.text import render_text

    return "\n".join(render_text(sheet, width=surface.width or COLUMNS, colour=surface.colour) for sheet in sheets)
