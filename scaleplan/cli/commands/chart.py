"""`scaleplan chart`: the ladder of one plan, drawn to scale."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, WrongUsage, choice, number, switch, text
from scaleplan.cli.options import ALLOW_FILES, EQUITY, PLAN, SET, STRICT, WATCH, settings_of
from scaleplan.cli.reply import ExitCode, Reply
from scaleplan.source import STANDARD_INPUT

if TYPE_CHECKING:
    from scaleplan.study import Studied, Study

FORMAT = choice("--format", ("text", "json"), "How to draw it.")
PAYOFF = switch("--payoff", "Draw net R against price instead, a curve for each number of filled tiers.")
SVG = text("--svg", "FILE", "Save the drawing as an SVG too; `-` prints it instead.")
FORCE = switch("--force", "Replace the file that is there.")
HEIGHT = number("--height", "N", "Rows of the drawing, 2 to 200; left out, one for each price.")
COMMAND = Command(
    """Draw the ladder to scale.

    Tiers, targets, average, stop and liquidation stand on one axis of price. In a narrow terminal words go first, then
    bars; prices stay.

    With --payoff it is what the plan nets if price goes straight from the last fill to a price.
    """,
    (PLAN, PAYOFF, SVG, FORCE, HEIGHT, FORMAT, EQUITY, SET, STRICT, ALLOW_FILES, WATCH),
    examples=(
        "scaleplan chart plans/breakout-retest-pyramid.yaml",
        "scaleplan chart plans/range-short.yaml --height 20",
        "scaleplan chart plans/range-short.yaml --payoff",
        "scaleplan chart plans/range-short.yaml --svg -",
    ),
)
#: A scale has two ends; more rows than these no screen shows.
_FEWEST, _MOST = 2, 200


def run(call: Call) -> Reply:
    """Draws a plan, with `--watch` each time that it is saved."""
    if call[WATCH]:
        from scaleplan.cli.watch import watched

        return watched(call, [call[PLAN]], FORMAT, _drawn)
    return _drawn(call)


def _drawn(call: Call) -> Reply:
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
    file = call[SVG]
    if file == STANDARD_INPUT and isinstance(study, Study):
        return reply_to(results, _svg(study), beside=errors_of((study,), call.screen.talk), strict=call[STRICT])
    said, code = ("", ExitCode.OK)
    if file is not None and isinstance(study, Study):
        said, code = _saved(study, file, force=call[FORCE])
    if call[FORMAT] == "json":
        from scaleplan.report.record import to_json

        out = to_json(record(study, rows, payoff=call[PAYOFF]))
        return reply_to(results, out, last=said, strict=call[STRICT], codes=[code])
    out = ""
    if isinstance(study, Study):
        from scaleplan.report.chart.page import chart_page

        out = paged(lambda medium: [chart_page(study, medium, rows, payoff=call[PAYOFF])], "table", call.screen.out)
    beside = errors_of((study,), call.screen.talk)
    return reply_to(results, out, beside=beside, last=said, strict=call[STRICT], codes=[code])


def _svg(study: "Study") -> str:
    from scaleplan.report.chart.page import chart_svg

    return chart_svg(study)


def _saved(study: "Study", file: str, *, force: bool) -> "tuple[str, ExitCode]":
    """Saves the drawing; never in the place of a plan or of what plans name."""
    from scaleplan.bounds import is_yaml
    from scaleplan.cli.saving import is_same, save

    if is_yaml(file) or is_same(file, study.file):
        raise WrongUsage(SVG, f"`{file}` is a plan, or is named as plans are; name an SVG, as `ladder.svg`")
    return save(file, _svg(study).encode(), force=force)


def record(study: "Studied", rows: int | None = None, *, payoff: bool = False) -> dict[str, object]:
    """Returns what the JSON says of a drawing: every level with its row on the scale, and the points of its curves."""
    from scaleplan.report.chart.record import chart_record

    return chart_record(study, rows, payoff=payoff)
