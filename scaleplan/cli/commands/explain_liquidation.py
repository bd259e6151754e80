"""`scaleplan explain-liquidation`: one liquidation price, step by step."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, choice, number
from scaleplan.cli.options import ALLOW_FILES, EQUITY, PLAN, SET, settings_of
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.study import Studied

TIER = number("--tier", "N", "After which tier; the last if left out.")
FORMAT = choice("--format", ("text", "md", "json"), "How to say it.")
COMMAND = Command(
    "Walk through one liquidation price. Margin, P&L, every bracket, the sum, and what the shortcut would say.",
    (PLAN, TIER, FORMAT, EQUITY, SET, ALLOW_FILES),
    examples=(
        "scaleplan explain-liquidation plans/inverse-long.yaml",
        "scaleplan explain-liquidation plans/range-short.yaml --tier 1",
    ),
)


def run(call: Call) -> Reply:
    """Explains where a plan is liquidated after a tier, from 1.

    What is wrong with a plan that cannot be read, or at error level, is said beside.
    """
    from scaleplan.cli.studied import StudiedFiles, errors_of, reply_to, study_one
    from scaleplan.cli.talk import line_of
    from scaleplan.study import Study

    tier = call[TIER]
    study = study_one(call[PLAN], settings_of(call))
    if isinstance(study, Reply):
        return study
    if isinstance(study, Study) and tier is not None and not 1 <= tier <= len(study.ladder.steps):
        count = len(study.ladder.steps)
        there = (
            "1 tier, so only `--tier 1` is there" if count == 1 else f"{count} tiers, `--tier 1` to `--tier {count}`"
        )
        return Reply("", line_of(study.file, f"there is no tier {tier}: the plan has {there}"), ExitCode.USAGE)
    if call[FORMAT] == "json":
        from scaleplan.report.record import to_json

        return reply_to(StudiedFiles([study]), to_json(record(study, tier)))
    return reply_to(StudiedFiles([study]), _out(study, call), beside=errors_of((study,), call.screen.talk))


def _out(study: "Studied", call: Call) -> str:
    from scaleplan.cli.studied import paged
    from scaleplan.ladder.explanation import explanation
    from scaleplan.study import Study

    if not isinstance(study, Study):
        return ""
    steps = explanation(study.plan, study.ladder, call[TIER] or len(study.ladder.steps))
    from scaleplan.report.liquidation.page import liquidation_page

    return paged(lambda _: [liquidation_page(study, steps)], call[FORMAT], call.screen.out)


def record(study: "Studied", tier: int | None = None) -> dict[str, object]:
    """Returns what the JSON says of the liquidation of a plan after a tier, from 1; without one after the last."""
    from scaleplan.ladder.explanation import explanation
    from scaleplan.report.liquidation.record import explanation_record
    from scaleplan.study import Study

    if not isinstance(study, Study):
        return explanation_record(study, None)
    return explanation_record(study, explanation(study.plan, study.ladder, tier or len(study.ladder.steps)))
