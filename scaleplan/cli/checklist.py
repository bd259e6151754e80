"""`scaleplan checklist`: the sheet to hold in hand, of one plan or several."""

from collections.abc import Sequence
from datetime import datetime

from scaleplan.cli.formats import ChecklistFormat
from scaleplan.cli.outcome import Outcome, Screen, Surface
from scaleplan.cli.plans import files
from scaleplan.cli.talk import changed, errors_of, exit_code, refusal
from scaleplan.clock import now
from scaleplan.decode import Override
from scaleplan.source import Unreachable
from scaleplan.study import Session, Studied, Study, Unread

#: The columns of a sheet that goes into a pipe or a file.
_COLUMNS = 80


def checklist(
    paths: Sequence[str],
    overrides: tuple[Override, ...],
    screen: Screen,
    *,
    format: ChecklistFormat,
    strict: bool,
    allowed: tuple[str, ...] = (),
) -> Outcome:
    """Study every plan named and lay out a sheet for each that could be read.

    What is wrong with a plan without a sheet, or at error level, is said beside.
    """
    printed = now()
    session = Session(overrides, allowed=allowed, today=printed.date())
    results = [
        found if isinstance(found, Unreachable) else session.study(found.name, found.data) for found in files(paths)
    ]
    studies = [result for result in results if not isinstance(result, Unreachable)]
    json = format is ChecklistFormat.JSON
    out = _json(results, printed) if json else _sheets(studies, printed, screen.out, format)
    talk = changed(studies) + ("" if json else errors_of(studies, screen.talk))
    talk += "".join(refusal(result) for result in results if isinstance(result, Unreachable))
    found = (diagnostic for one in studies for diagnostic in one.diagnostics)
    return Outcome(out, talk, exit_code(found, refused=len(studies) < len(results), strict=strict))


def _sheets(studies: Sequence[Studied], printed: datetime, surface: Surface, format: ChecklistFormat) -> str:
    from scaleplan.report.checklist.build import sheet_of

    sheets = [sheet_of(one, printed) for one in studies if isinstance(one, Study)]
    if not sheets:
        return ""
    if format is ChecklistFormat.HTML:
        from scaleplan.report.checklist.html import render_html

        return render_html(sheets)
    if format is ChecklistFormat.MD:
        from scaleplan.report.checklist.markdown import render_markdown

        return "\n".join(map(render_markdown, sheets))
    from scaleplan.report.checklist.text import render_text

    width = surface.width or _COLUMNS
    return "\n".join(render_text(sheet, width=width, colour=surface.colour) for sheet in sheets)


def _json(results: Sequence[Studied | Unreachable], printed: datetime) -> str:
    from scaleplan.report.checklist.record import checklist_record
    from scaleplan.report.show.record import to_json

    records = []
    for result in results:
        if isinstance(result, Unreachable):
            # A program that reads the output finds one record a file, of those that cannot be read too.
            records.append(checklist_record(Unread(result.name), printed) | {"unread": result.reason})
        else:
            records.append(checklist_record(result, printed))
    return to_json(records[0] if len(records) == 1 else records)
