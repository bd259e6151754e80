"""`scaleplan compare-venues`: one plan by the rules of every venue that has its symbol."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, choice
from scaleplan.cli.options import ALLOW_FILES, EQUITY, PLAN, SET, settings_of
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.questions.comparison import Comparison
    from scaleplan.study import Studied

FORMAT = choice("--format", ("table", "json", "md", "csv"), "How to show it.")
COMMAND = Command(
    "Put a plan under the rules of each venue. Those that have its symbol, side by side: liquidation, room, fees.",
    (PLAN, FORMAT, EQUITY, SET, ALLOW_FILES),
    examples=(
        "scaleplan compare-venues plans/range-short.yaml",
        "scaleplan compare-venues plans/range-short.yaml --set leverage=10",
    ),
)


def run(call: Call) -> Reply:
    """Compares a plan; what is wrong with one that cannot be read, or at error level, is said beside.

    What only a venue's rules have against it stands in that venue's row, and is no fault of the plan.
    """
    from scaleplan.cli.studied import StudiedFiles, errors_of, reply_to, study_one
    from scaleplan.cli.talk import line_of
    from scaleplan.plan import Contract
    from scaleplan.questions.comparison import compare

    study = study_one(call[PLAN], settings_of(call))
    if isinstance(study, Reply):
        return study
    if study.plan is not None and study.plan.contract is Contract.SPOT:
        message = "spot is bought outright: no venue liquidates it, and there is nothing to compare"
        return Reply("", line_of(study.file, message), ExitCode.USAGE)
    if call[FORMAT] == "json":
        from scaleplan.report.record import to_json

        return reply_to(StudiedFiles([study]), to_json(record(study)))
    return reply_to(StudiedFiles([study]), _out(compare(study), call), beside=errors_of((study,), call.screen.talk))


def _out(comparison: "Comparison", call: Call) -> str:
    study = comparison.own.study
    plan, ladder = study.plan, study.ladder
    if plan is None or ladder is None:
        return ""
    if call[FORMAT] == "csv":
        from scaleplan.report.comparison.record import COLUMNS, TEXTS, comparison_rows
        from scaleplan.report.record_csv import csv_table

        return csv_table(COLUMNS, TEXTS, comparison_rows(comparison))
    from scaleplan.cli.studied import paged
    from scaleplan.report.comparison.page import comparison_page

    return paged(lambda frame: [comparison_page(comparison, plan, ladder, frame)], call[FORMAT], call.screen.out)


def record(study: "Studied") -> dict[str, object]:
    """Returns what the JSON says of a plan under the rules of each venue."""
    from scaleplan.questions.comparison import compare
    from scaleplan.report.comparison.record import comparison_record

    return comparison_record(study, None if study.ladder is None else compare(study))
