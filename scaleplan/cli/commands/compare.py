"""`scaleplan compare`: plans beside each other, or a plan beside other ways to divide its size."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, WrongUsage, choice, switch
from scaleplan.cli.options import ALLOW_FILES, EQUITY, PLANS, SET, settings_of
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.questions.alongside import Alongside
    from scaleplan.study import Studied

BASELINES = switch("--baselines", "One plan beside all at tier 1, equal parts, reversed shares and doubling.")
FORMAT = choice("--format", ("table", "md", "json", "csv"), "How to show it.")
COMMAND = Command(
    """Put plans beside each other.

    With --baselines one plan beside other ways to divide its size: all at tier 1, equal, reversed, doubling. They have
    the plan's prices, stop and targets, and each is scaled to the plan's worst loss.
    """,
    (PLANS, BASELINES, FORMAT, EQUITY, SET, ALLOW_FILES),
    examples=(
        "scaleplan compare plans/breakout-retest-pyramid.yaml --baselines",
        "scaleplan compare plans/dca-four-equal.yaml plans/range-short.yaml",
    ),
)
#: More columns than can be read beside each other.
_MOST = 6


def run(call: Call) -> Reply:
    """Compares plans; where one has no figures what is wrong with it is said, and nothing is compared."""
    from scaleplan.cli.studied import StudiedFiles, errors_of, reply_to, study_all
    from scaleplan.cli.talk import line_of

    results = study_all(call[PLANS], settings_of(call))
    _check(len(results.files), baselines=call[BASELINES])
    found: Alongside | None = None
    last, codes = "", [ExitCode.OK]
    if len(results.shown) == len(results.files):
        from scaleplan.questions.alongside import alongside, beside_baselines

        answer = beside_baselines(results.shown[0]) if call[BASELINES] else alongside(results.shown)
        if isinstance(answer, str):
            last, codes = (
                line_of(results.shown[0].file, f"{answer}: no baseline can be scaled to it"),
                [ExitCode.ERRORS],
            )
        else:
            found = answer
    studies: list[Studied] = list(results.studies)
    beside = "" if call[FORMAT] == "json" else errors_of(studies, call.screen.talk)
    return reply_to(StudiedFiles(results.files), _out(studies, found, call), beside=beside, last=last, codes=codes)


def _check(count: int, *, baselines: bool) -> None:
    """Raises `WrongUsage` where there are not as many plans as can be put beside each other."""
    if baselines and count != 1:
        raise WrongUsage(BASELINES, f"baselines are those of one plan, and {count} are named")
    if not baselines and count < 2:
        raise WrongUsage(PLANS, "one plan is beside no other: name a second, or `--baselines`")
    if count > _MOST:
        raise WrongUsage(PLANS, f"{count} plans are more than the {_MOST} that stand beside each other")


def _out(studies: "list[Studied]", found: "Alongside | None", call: Call) -> str:
    if call[FORMAT] == "json":
        from scaleplan.report.alongside.record import alongside_record
        from scaleplan.report.record import to_json

        return to_json(alongside_record(studies, found))
    if found is None:
        return ""
    if call[FORMAT] == "csv":
        from scaleplan.report.alongside.record import COLUMNS, TEXTS, alongside_rows
        from scaleplan.report.record_csv import csv_table

        return csv_table(COLUMNS, TEXTS, alongside_rows(studies, found))
    from scaleplan.cli.studied import paged
    from scaleplan.report.alongside.page import alongside_page

    return paged(lambda _: [alongside_page(found)], call[FORMAT], call.screen.out)
