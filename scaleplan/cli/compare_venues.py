"""`scaleplan compare-venues`: one plan by the rules of every venue that has its symbol."""

from scaleplan.cli.formats import ShowFormat
from scaleplan.cli.outcome import Exit, Outcome, Screen
from scaleplan.cli.plans import Text, one_file
from scaleplan.cli.talk import changed, errors_of, exit_code, not_one, said
from scaleplan.decode import Override
from scaleplan.plan import Contract
from scaleplan.questions.comparison import Comparison, compare

#: The columns of a table that goes into a pipe or a file.
_COLUMNS = 80


def compare_venues(
    path: str,
    overrides: tuple[Override, ...],
    screen: Screen,
    *,
    format: ShowFormat,
    allowed: tuple[str, ...] = (),
) -> Outcome:
    """Compare a plan; what is wrong with one that cannot be read, or at error level, is said beside.

    What only a venue's rules have against it stands in that venue's row, and is no fault of the plan.
    """
    text = one_file(path)
    if not isinstance(text, Text):
        return not_one(text)
    comparison = compare(text.name, text.data, overrides, allowed)
    study = comparison.own.study
    if study.plan is not None and study.plan.contract is Contract.SPOT:
        return Outcome(
            "",
            said(study.file, "spot is bought outright: no venue liquidates it, and there is nothing to compare"),
            Exit.USAGE,
        )
    talk = changed((study,)) + ("" if format is ShowFormat.JSON else errors_of((study,), screen.talk))
    return Outcome(_out(comparison, screen, format), talk, exit_code(study.diagnostics, refused=False, strict=False))


def _out(comparison: Comparison, screen: Screen, format: ShowFormat) -> str:
    study = comparison.own.study
    plan, ladder = study.plan, study.ladder
    if format is ShowFormat.JSON:
        from scaleplan.report.comparison.record import comparison_record
        from scaleplan.report.show.record import to_json

        return to_json(comparison_record(study, None if ladder is None else comparison))
    if plan is None or ladder is None:
        return ""
    if format is ShowFormat.CSV:
        from scaleplan.report.comparison.record import comparison_csv

        return comparison_csv(comparison)
    from scaleplan.report.comparison.page import comparison_markdown, render_comparison

    if format is ShowFormat.MD:
        return comparison_markdown(comparison, plan, ladder)
    surface = screen.out
    return render_comparison(comparison, plan, ladder, width=surface.width or _COLUMNS, colour=surface.colour)
