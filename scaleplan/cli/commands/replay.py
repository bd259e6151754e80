"""`scaleplan replay`: one plan on a series of prices, event by event, with its worst and its best."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, WrongUsage, choice, switch
from scaleplan.cli.manner import LIMIT, ORDER, THROUGH, manner_of
from scaleplan.cli.options import ALLOW_FILES, EQUITY, PLAN, SET, STRICT, settings_of
from scaleplan.cli.reply import ExitCode, Reply, Surface
from scaleplan.cli.tape import BARS, FINER, FORM, FUNDING, MARK

if TYPE_CHECKING:
    from scaleplan.cli.tape import Tapes
    from scaleplan.replay import Manner, Tape
    from scaleplan.report.replay.words import ReplayView
    from scaleplan.study import Study

FILLED = switch("--filled", "Tier 1 was filled at its own price before the first bar.")
FORMAT = choice("--format", ("table", "json", "csv", "md", "html", "svg"), "How to show it.")
CURVE = switch("--curve", "With --format csv: equity at each close, a row a bar.")
COMMAND = Command(
    """Replay a plan on bars, with worst and best.

    A bar says where price was, and not in which order. So every figure is two: the worst and the best that some
    continuous path through the bars allows. Finer bars narrow them.
    """,
    (
        PLAN,
        BARS,
        FINER,
        LIMIT,
        THROUGH,
        FILLED,
        ORDER,
        MARK,
        FUNDING,
        *FORM,
        FORMAT,
        CURVE,
        EQUITY,
        SET,
        STRICT,
        ALLOW_FILES,
    ),
    examples=(
        "scaleplan replay plans/range-short.yaml plans/bars/walk-4h.csv",
        "scaleplan replay plans/range-short.yaml plans/bars/walk-4h.csv --order near",
        "scaleplan replay plans/range-short.yaml plans/bars/walk-4h.csv --format csv",
    ),
)


def run(call: Call) -> Reply:
    """Replays a plan. What is wrong with it or the bars stands at the end of a page; beside other forms it is said."""
    from scaleplan.cli.studied import StudiedFiles, errors_of, reply_to, study_one, written
    from scaleplan.cli.tape import tapes_of
    from scaleplan.diagnostic import has_doubts, has_errors
    from scaleplan.study import Study

    if call[CURVE] and call[FORMAT] != "csv":
        raise WrongUsage(CURVE, "a curve is rows of figures: add `--format csv`")
    study = study_one(call[PLAN], settings_of(call))
    if isinstance(study, Reply):
        return study
    results = StudiedFiles([study])
    if not isinstance(study, Study):
        return reply_to(results, "", beside=errors_of((study,), call.screen.talk), strict=call[STRICT])
    tapes = tapes_of(call)
    if isinstance(tapes, Reply):
        return tapes
    walked = tapes.walked
    if walked is None:
        return reply_to(results, "", beside=written(tapes.diagnostics, call.screen.talk), codes=[ExitCode.ERRORS])
    bars, tape = walked
    manner = manner_of(call, study.plan.instrument.tick_size, bars)._replace(filled=call[FILLED])
    view = _replayed(call, study, tapes, tape, manner)
    if isinstance(view, Reply):
        return view
    codes = [ExitCode.ERRORS] if call[STRICT] and has_doubts(view.diagnostics) else []
    told_inside = call[FORMAT] in ("table", "md", "html")
    beside = (
        "" if told_inside else written([each for each in view.diagnostics if has_errors((each,))], call.screen.talk)
    )
    beside += tapes.left_out if call[FORMAT] in ("csv", "svg") else ""
    out = _out(call, view, call.screen.out)
    return reply_to(results, out, beside=beside, strict=call[STRICT], codes=codes)


def _replayed(call: Call, study: "Study", tapes: "Tapes", tape: "Tape", manner: "Manner") -> "ReplayView | Reply":
    from scaleplan.cli.progress import Progress
    from scaleplan.cli.talk import line_of
    from scaleplan.engine import Unreckonable
    from scaleplan.replay import replayed, results_of
    from scaleplan.replay.chances import end_chances
    from scaleplan.report.figures import figures_of
    from scaleplan.report.replay.words import ReplayView

    progress = Progress("replay", len(tape.bars) * len(manner.limits))
    try:
        replay = replayed(study.plan, study.ladder, tape, manner, progress=progress.at)
    except Unreckonable as error:
        return Reply("", line_of(study.file, f"{error.message}; {error.help}"), ExitCode.USAGE)
    finally:
        progress.done()
    return ReplayView(
        study,
        figures_of(study.plan, study.ladder),
        replay,
        *results_of(replay),
        end_chances(study.every_path, replay),
        tapes.bars_read,
        tapes.finer_read,
        "" if tapes.mark is None else tapes.mark.name,
        call[FUNDING] or "",
        (*study.diagnostics, *tapes.diagnostics, *tapes.beside(study.plan)),
    )


def _out(call: Call, view: "ReplayView", surface: Surface) -> str:
    format = call[FORMAT]
    if format == "json":
        from scaleplan.report.record import to_json
        from scaleplan.report.replay.record import replay_record

        return to_json(replay_record(view))
    if format == "csv":
        from scaleplan.report.record_csv import csv_table
        from scaleplan.report.replay.record import COLUMNS, CURVE_COLUMNS, TEXTS, curve_rows, replay_row

        if call[CURVE]:
            return csv_table(CURVE_COLUMNS, frozenset(), curve_rows(view))
        return csv_table(COLUMNS, TEXTS, (replay_row(view),))
    if format == "svg":
        from scaleplan.report.replay.page import replay_svg

        return replay_svg(view)
    from scaleplan.cli.studied import paged
    from scaleplan.report.replay.page import replay_page

    return paged(lambda medium: [replay_page(view, medium)], format, surface)
