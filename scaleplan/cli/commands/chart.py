"""`scaleplan chart`: the ladder of one plan, drawn to scale."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, WrongUsage, choice, number
from scaleplan.cli.options import ALLOW_FILES, EQUITY, PLAN, SET, STRICT, settings_of
from scaleplan.cli.reply import Reply

if TYPE_CHECKING:
    from scaleplan.study import Studied

FORMAT = choice("--format", ("text", "json"), "How to draw it.")
HEIGHT = number("--height", "N", "Rows of the scale, 2 to 200; left out, one for each price.")
COMMAND = Command(
    "Draw the ladder to scale: tiers, targets, average, stop and liquidation on one axis of price.",
    (PLAN, HEIGHT, FORMAT, EQUITY, SET, STRICT, ALLOW_FILES),
    examples=(
        "scaleplan chart plans/breakout-retest-pyramid.yaml",
        "scaleplan chart plans/range-short.yaml --height 20",
    ),
)
#: A scale has two ends; more rows than these no screen shows.
_FEWEST, _MOST = 2, 200


def run(call: Call) -> Reply:
    """Draws a plan that could be read; what is wrong with it, at error level, is said beside."""
    from scaleplan.cli.studied import StudiedFiles, errors_of, paged, reply_to, study_one
    from scaleplan.study import Study

    rows = call[HEIGHT]
    if rows is not None and not _FEWEST <= rows <= _MOST:
        raise WrongUsage(HEIGHT, f"a scale has {_FEWEST} to {_MOST} rows, not {rows}")
    study = study_one(call[PLAN], settings_of(call))
    if isinstance(study, Reply):
        return study
    results = StudiedFiles([study])
    if call[FORMAT] == "json":
        from scaleplan.report.record import to_json

        return reply_to(results, to_json(record(study, rows)), strict=call[STRICT])
    out = ""
    if isinstance(study, Study):
        from scaleplan.report.chart.page import chart_page

        out = paged(lambda medium: [chart_page(study, medium, rows)], "table", call.screen.out)
    return reply_to(results, out, beside=errors_of((study,), call.screen.talk), strict=call[STRICT])


def record(study: "Studied", rows: int | None = None) -> dict[str, object]:
    """Returns what the JSON says of a drawing: every level with its row on the scale."""
    from scaleplan.report.chart.record import chart_record

    return chart_record(study, rows)
