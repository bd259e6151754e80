"""`scaleplan check`: every mistake of every plan in one run."""

from collections.abc import Sequence
from pathlib import Path

from scaleplan.cli.formats import CheckFormat
from scaleplan.cli.gather import Gathered, gather
from scaleplan.cli.outcome import Exit, Outcome, Screen, Surface
from scaleplan.cli.talk import exit_code
from scaleplan.decode import Override
from scaleplan.diagnostic import Diagnostic, Severity, count_of
from scaleplan.policy import Selection
from scaleplan.study import Session


def check(
    paths: Sequence[str],
    overrides: tuple[Override, ...],
    selection: Selection,
    screen: Screen,
    *,
    format: CheckFormat,
    strict: bool,
    allowed: tuple[str, ...] = (),
) -> Outcome:
    """Study every plan named or found, and say what is wrong with each."""
    gathered = gather(paths, Session(overrides, selection, allowed=allowed))
    found = gathered.diagnostics
    code = exit_code(found, refused=bool(gathered.refused), strict=strict)
    if gathered.empty:
        code = max(code, Exit.USAGE)
    return Outcome(_out(gathered, found, screen.out, format, strict=strict), gathered.talk, code)


def _out(
    gathered: Gathered, found: Sequence[Diagnostic], surface: Surface, format: CheckFormat, *, strict: bool
) -> str:
    match format:
        case CheckFormat.JSON:
            return _json(gathered, found)
        case CheckFormat.GITHUB:
            from scaleplan.report.diagnostics.github import render_github

            return render_github(found, _current_folder())
        case CheckFormat.SARIF:
            from scaleplan.report.diagnostics.sarif import render_sarif

            return render_sarif(found, gathered.refused, _current_folder())
        case CheckFormat.JUNIT:
            from scaleplan.report.diagnostics.junit import render_junit

            return render_junit(gathered.studies, gathered.refused, _current_folder(), strict=strict)
        case CheckFormat.TEXT:
            return _text(gathered, found, surface)


def _current_folder() -> Path:
    """The folder from which files are named; where it was removed, one that no file is below."""
    try:
        return Path.cwd()
    except OSError:
        return Path()


def _text(gathered: Gathered, found: Sequence[Diagnostic], surface: Surface) -> str:
    if not gathered.studies:
        return ""
    from scaleplan.report.diagnostics.text import render, summary
    from scaleplan.report.models import models_line

    told = render(found, width=surface.width, colour=surface.colour)
    plans = sum(study.kind == "plan" for study in gathered.studies)
    models = models_line(study.model for study in gathered.studies)
    counts = f"{summary(found, plans, len(gathered.studies) - plans)}\n" + (f"{models}\n" if models else "")
    return f"{told}\n{counts}" if told else counts


def _json(gathered: Gathered, found: Sequence[Diagnostic]) -> str:
    from scaleplan.report.diagnostics.record import to_json_record
    from scaleplan.report.show.record import FORMAT_VERSION, to_json

    counts = {severity: count_of(found, severity) for severity in Severity}
    return to_json(
        {
            "format_version": FORMAT_VERSION,
            "command": "check",
            # A file that was not read is not known to be valid.
            "valid": not counts[Severity.ERROR] and not gathered.refused,
            "error_count": counts[Severity.ERROR],
            "warning_count": counts[Severity.WARNING],
            "note_count": counts[Severity.NOTE],
            "diagnostics": [to_json_record(one) for one in found],
            "margin_models": [{"file": one.file, "margin_model": one.model} for one in gathered.studies if one.model],
            "unread": [{"file": one.name, "reason": one.reason} for one in gathered.refused],
        }
    )
