"""`scaleplan check`: every mistake of every plan in one run."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, choice
from scaleplan.cli.options import (
    ALLOW_FILES,
    EQUITY,
    IGNORE,
    PLANS_AND_FOLDERS,
    SELECT,
    SET,
    STRICT,
    WATCH,
    settings_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleplan.cli.reply import Reply, Surface
    from scaleplan.cli.studied import Gathered
    from scaleplan.diagnostic import Diagnostic
    from scaleplan.study import Studied

FORMAT = choice("--format", ("text", "json", "github", "sarif", "junit"), "How to say it.")
COMMAND = Command(
    "Say everything that is wrong, and where.",
    (PLANS_AND_FOLDERS, FORMAT, EQUITY, SET, SELECT, IGNORE, STRICT, ALLOW_FILES, WATCH),
    examples=("scaleplan check plans", "scaleplan check plans/breakout-retest-pyramid.yaml --strict"),
)


def run(call: Call) -> "Reply":
    """Says what is wrong, with `--watch` each time that a plan is saved."""
    if call[WATCH]:
        from scaleplan.cli.watch import watched

        return watched(call, call[PLANS_AND_FOLDERS], FORMAT, _checked)
    return _checked(call)


def _checked(call: Call) -> "Reply":
    """Studies every plan named or found, and says what is wrong with each."""
    from scaleplan.cli.reply import ExitCode, Reply
    from scaleplan.cli.studied import exit_code, gather
    from scaleplan.study import Session

    gathered = gather(call[PLANS_AND_FOLDERS], Session(settings_of(call)))
    found = gathered.diagnostics
    code = exit_code(found, refused=bool(gathered.refused), strict=call[STRICT])
    if gathered.empty:
        code = max(code, ExitCode.USAGE)
    return Reply(_out(gathered, found, call), gathered.talk, code)


def _out(gathered: "Gathered", found: "Sequence[Diagnostic]", call: Call) -> str:
    from scaleplan.cli.plans import current_folder

    format = call[FORMAT]
    if format == "json":
        from scaleplan.report.record import to_json

        return to_json(_record(gathered, found))
    if format == "github":
        from scaleplan.report.diagnostics.github import render_github

        return render_github(found, current_folder())
    if format == "sarif":
        from scaleplan.report.diagnostics.sarif import render_sarif

        return render_sarif(found, gathered.refused, current_folder())
    if format == "junit":
        from scaleplan.report.diagnostics.junit import render_junit

        return render_junit(gathered.studies, gathered.refused, current_folder(), strict=call[STRICT])
    return _text(gathered, found, call.screen.out)


def _text(gathered: "Gathered", found: "Sequence[Diagnostic]", surface: "Surface") -> str:
    if not gathered.studies:
        return ""
    from scaleplan.report.diagnostics.text import render, summary
    from scaleplan.report.models import models_line

    text = render(found, width=surface.width, colour=surface.colour)
    from scaleplan.cli.studied import PLANS

    plans = sum(study.kind in PLANS for study in gathered.studies)
    models = models_line(study.model for study in gathered.studies)
    counts = f"{summary(found, plans, len(gathered.studies) - plans)}\n" + (f"{models}\n" if models else "")
    return f"{text}\n{counts}" if text else counts


def record(study: "Studied") -> dict[str, object]:
    """Returns what the JSON says of one file."""
    from scaleplan.cli.studied import Gathered, verdict

    gathered = Gathered((verdict(study),), (), ())
    return _record(gathered, gathered.diagnostics)


def _record(gathered: "Gathered", found: "Sequence[Diagnostic]") -> dict[str, object]:
    from scaleplan.diagnostic import Severity, count_of
    from scaleplan.report.diagnostics.record import to_json_record
    from scaleplan.report.record import FORMAT_VERSION

    counts = {severity: count_of(found, severity) for severity in Severity}
    return {
        "format_version": FORMAT_VERSION,
        "command": "check",
        # A file that was not read is not known to be valid.
        "valid": not counts[Severity.ERROR] and not gathered.refused,
        "error_count": counts[Severity.ERROR],
        "warning_count": counts[Severity.WARNING],
        "note_count": counts[Severity.NOTE],
        "diagnostics": [to_json_record(diagnostic) for diagnostic in found],
        "margin_models": [
            {"file": study.file, "margin_model": study.model} for study in gathered.studies if study.model
        ],
        "unread": [{"file": error.name, "reason": error.reason} for error in gathered.refused],
    }
