"""`scaleplan diff`: what a change of a plan does to its risk."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option, WrongUsage, choice, switch
from scaleplan.cli.options import ALLOW_FILES, EQUITY, SET, WATCH, complete_path, settings_of
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.questions.diff import Diff, DiffSide
    from scaleplan.revision.git import At
    from scaleplan.study import Settings, Studied

OLD = Option((), "A plan: a file, `-`, or FILE@REVISION of git.", "", "OLD", required=True, complete=complete_path)
NEW = Option((), "The plan that it became; of FILE@REVISION the file itself.", "", "NEW", complete=complete_path)
FORMAT = choice("--format", ("text", "md", "github", "json"), "How to say it.")
ALLOW_RISKIER = switch("--allow-riskier", "Exit with 0 where only the risk has grown.")
STRICT = switch("--strict", "Exit with 1 on any change.")
_NOT_COMPARED = ": nothing is compared; name a plan"
_NO_PLANS = {
    "template": "a template has no prices of its own",
    "account": "the file holds an account",
    "venue": "the file holds a venue",
}
COMMAND = Command(
    """Review what a change does to a plan's risk.

    What changed by meaning, each measure of risk over every path, and whether it is riskier: then it exits with 1.
    FILE@REVISION is a plan as git has it, with its account and venue files of then.
    """,
    (OLD, NEW, FORMAT, ALLOW_RISKIER, STRICT, EQUITY, SET, ALLOW_FILES, WATCH),
    examples=(
        "scaleplan diff plans/spot-in-five-lines.yaml plans/three-buys-by-money.yaml",
        "scaleplan diff plans/range-short.yaml plans/range-short.yaml --format md",
    ),
)


def run(call: Call) -> Reply:
    """Compares the two sides, with `--watch` each time that one that is a file is saved."""
    if call[WATCH]:
        from scaleplan.cli.watch import watched

        words = [word for word in _words(call) if _at(word) is None]
        if not words:
            raise WrongUsage(WATCH, "both sides are revisions, and these stay as they are")
        return watched(call, words, FORMAT, _compared)
    return _compared(call)


def _compared(call: Call) -> Reply:
    """Compares the two sides; of the old one no error counts, and what is wrong with the new one is said beside."""
    import os

    from scaleplan.bounds import POLICY_NAME
    from scaleplan.cli.talk import line_of
    from scaleplan.questions.diff import diff

    old, new = _sides(call)
    if not isinstance(new, Reply) and os.path.basename(new.file) == POLICY_NAME:  # noqa: PTH119
        return Reply("", line_of(new.name, f"the file holds a policy{_NOT_COMPARED}"), ExitCode.OK)
    if isinstance(old, Reply):
        return old
    return new if isinstance(new, Reply) else _reply(diff(old, new), call)


def _words(call: Call) -> tuple[str, str]:
    """Returns the two sides as they are typed, the new one where it is left out as the file of the old one."""
    old, new = call[OLD], call[NEW]
    at = None if new else _at(old)
    if at is None and not new:
        raise WrongUsage(NEW, f"compared with what? Name a second plan, or `{old}@HEAD` as the first")
    if old == new == "-":
        raise WrongUsage(NEW, "standard input is one plan; name a file for the other")
    return old, new if at is None else at.path


def _sides(call: Call) -> "tuple[DiffSide | Reply, DiffSide | Reply]":
    """Reads the old side and the new one; of a side that is not given the reply says why."""
    old, new = _words(call)
    settings = settings_of(call)
    return _side(old, settings, may_be_absent=True), _side(new, settings)


def _at(word: str) -> "At | None":
    """Returns a word as a file and a revision; absent where there is a file of just that name."""
    import os

    from scaleplan.revision.git import BadRevision, split_at

    try:
        return None if os.path.lexists(word) else split_at(word)
    except BadRevision as error:
        raise WrongUsage(OLD, str(error)) from error


def _side(word: str, settings: "Settings", *, may_be_absent: bool = False) -> "DiffSide | Reply":
    from scaleplan.cli.studied import study_one
    from scaleplan.cli.talk import refusal
    from scaleplan.questions.diff import DiffSide, side_at
    from scaleplan.report.visible import visible
    from scaleplan.source import Unreachable

    at = _at(word)
    if at is None:
        study = study_one(word, settings)
        return study if isinstance(study, Reply) else DiffSide(study.file, None, None, study)
    try:
        side = side_at(at, settings)
    except Unreachable as error:
        # Git's own words may hold the name of a folder.
        return Reply("", refusal(Unreachable(error.name, visible(error.reason))), ExitCode.REFUSED)
    if side.study is None and not may_be_absent:
        return Reply("", refusal(Unreachable(word, f"the file is not in `{at.revision}`")), ExitCode.REFUSED)
    return side


def _reply(found: "Diff", call: Call) -> Reply:
    """Returns the reply; what is no plan with prices has nothing to compare, and is as wrong as `check` says."""
    from scaleplan.cli.studied import StudiedFiles, errors_of, reply_to
    from scaleplan.cli.talk import line_of
    from scaleplan.revision.measures import RiskVerdict

    new, old = found.new.study, found.old.study
    studies = [] if new is None else [new]
    if new is not None and new.kind != "plan":
        return _no_plan(found.new, new, call)
    fails = found.verdict is RiskVerdict.OTHER
    fails = fails or (found.verdict is RiskVerdict.RISKIER and not call[ALLOW_RISKIER])
    fails = fails or (call[STRICT] and bool(found.changes or found.verdict is RiskVerdict.NEW))
    beside = "" if call[FORMAT] == "json" else errors_of(studies, call.screen.talk)
    if old is not None and old.ladder is None:
        first = next(iter(old.diagnostics), None)
        why = "" if first is None else f": {first.code} {first.message}"
        beside += line_of(found.old.name, f"has no figures{why}")
    return reply_to(
        StudiedFiles(studies), _out(found, call), beside=beside, codes=[ExitCode.ERRORS if fails else ExitCode.OK]
    )


def _no_plan(side: "DiffSide", study: "Studied", call: Call) -> Reply:
    """Returns the reply for an account, a venue or a template: a hook is handed these among the plans."""
    from scaleplan.cli.plans import Text, one_file
    from scaleplan.cli.studied import errors_of, exit_code
    from scaleplan.cli.talk import line_of
    from scaleplan.study import Session

    why = _NO_PLANS.get(study.kind, "the file holds no plan")
    found = one_file(side.file) if study.kind != "template" and side.revision is None else None
    if isinstance(found, Text):
        study = Session(settings_of(call)).beside(found.name, found.data, study.kind)
    talk = errors_of((study,), call.screen.talk) if study.kind != "template" else ""
    line = line_of(side.name, f"{why}{_NOT_COMPARED}")
    return Reply("", talk + line, exit_code(study.diagnostics, refused=False, strict=False))


def _out(found: "Diff", call: Call) -> str:
    format = call[FORMAT]
    if format == "json":
        from scaleplan.report.diff.record import diff_record
        from scaleplan.report.record import to_json

        return to_json(diff_record(found))
    if format == "github":
        from scaleplan.cli.plans import current_folder
        from scaleplan.report.diagnostics.github import render_github
        from scaleplan.report.diff.github import render_diff_github

        if found.after is None and found.new.study is not None:
            return render_github(found.new.study.diagnostics, current_folder())
        return render_diff_github(found, current_folder())
    if found.after is None:
        return ""
    from scaleplan.cli.studied import paged
    from scaleplan.report.diff.page import diff_page

    return paged(lambda medium: [diff_page(found, medium)], format, call.screen.out)
