"""`scaleplan check`: every mistake of every plan in one run."""

from collections.abc import Sequence

from scaleplan.cli.formats import CheckFormat
from scaleplan.cli.outcome import Exit, Outcome, Screen, Surface
from scaleplan.cli.plans import NoPlans, files_and_folders
from scaleplan.cli.talk import exit_code, no_plans, refusal
from scaleplan.decode import Override
from scaleplan.diagnostic import Diagnostic, Severity
from scaleplan.source import Unreachable
from scaleplan.study import study


def check(
    paths: Sequence[str], overrides: tuple[Override, ...], screen: Screen, *, format: CheckFormat, strict: bool
) -> Outcome:
    """Study every plan named or found, and say what is wrong with each."""
    found: list[Diagnostic] = []
    refused: list[Unreachable] = []
    talk = []
    plans = 0
    usage = False
    for text in files_and_folders(paths):
        match text:
            case Unreachable():
                refused.append(text)
                talk.append(refusal(text))
            case NoPlans():
                usage = True
                talk.append(no_plans(text))
            case _:
                plans += 1
                found += study(text.name, text.data, overrides).diagnostics
    code = exit_code(found, refused=bool(refused), strict=strict)
    if usage:
        code = max(code, Exit.USAGE)
    out = _json(found, refused) if format is CheckFormat.JSON else _text(found, plans, screen.out)
    return Outcome(out, "".join(talk), code)


def _text(found: Sequence[Diagnostic], plans: int, surface: Surface) -> str:
    if not plans:
        return ""
    from scaleplan.report.diagnostics_text import render, summary

    told = render(found, width=surface.width, colour=surface.colour)
    counts = f"{summary(found, plans)}\n"
    return f"{told}\n{counts}" if told else counts


def _json(found: Sequence[Diagnostic], refused: Sequence[Unreachable]) -> str:
    from scaleplan.report.diagnostics_json import to_json_record
    from scaleplan.report.show_json import FORMAT_VERSION, to_json

    counts = {severity: sum(one.severity is severity for one in found) for severity in Severity}
    return to_json(
        {
            "format_version": FORMAT_VERSION,
            "command": "check",
            # A file that was not read is not known to be valid.
            "valid": not counts[Severity.ERROR] and not refused,
            "error_count": counts[Severity.ERROR],
            "warning_count": counts[Severity.WARNING],
            "note_count": counts[Severity.NOTE],
            "diagnostics": [to_json_record(one) for one in found],
            "unread": [{"file": one.name, "reason": one.reason} for one in refused],
        }
    )
