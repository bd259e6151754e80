"""`scaleplan explain-liquidation`: one liquidation price, step by step."""

from scaleplan.cli.formats import LiquidationFormat
from scaleplan.cli.outcome import Exit, Outcome, Screen
from scaleplan.cli.plans import Text, one_file
from scaleplan.cli.talk import changed, errors_of, exit_code, not_one, said
from scaleplan.decode import Override
from scaleplan.study import Session, Studied, Study, Unread

#: The columns of a text that goes into a pipe or a file.
_COLUMNS = 80


def explain_liquidation(
    path: str,
    tier: int | None,
    overrides: tuple[Override, ...],
    screen: Screen,
    *,
    format: LiquidationFormat,
    allowed: tuple[str, ...] = (),
) -> Outcome:
    """Explain where a plan is liquidated after a tier, from 1; without one after the last.

    What is wrong with a plan that cannot be read, or at error level, is said beside.
    """
    text = one_file(path)
    if not isinstance(text, Text):
        return not_one(text)
    study = Session(overrides, allowed=allowed).study(text.name, text.data)
    code = exit_code(study.diagnostics, refused=False, strict=False)
    if isinstance(study, Study) and tier is not None and not 1 <= tier <= len(study.ladder.steps):
        count = len(study.ladder.steps)
        there = (
            "1 tier, so only `--tier 1` is there" if count == 1 else f"{count} tiers, `--tier 1` to `--tier {count}`"
        )
        return Outcome("", said(study.file, f"there is no tier {tier}: the plan has {there}"), Exit.USAGE)
    out = _out(study, tier, screen, format)
    talk = "" if format is LiquidationFormat.JSON else errors_of((study,), screen.talk)
    return Outcome(out, changed((study,)) + talk, code)


def _out(study: Studied, tier: int | None, screen: Screen, format: LiquidationFormat) -> str:
    told = None
    if isinstance(study, Study):
        from scaleplan.ladder.explanation import explanation

        told = explanation(study.plan, study.ladder, tier or len(study.ladder.steps))
    if format is LiquidationFormat.JSON:
        from scaleplan.report.liquidation.record import explanation_record
        from scaleplan.report.show.record import to_json

        return to_json(explanation_record(study, told))
    if isinstance(study, Unread) or told is None:
        return ""
    plan, ladder = study.plan, study.ladder
    from scaleplan.report.liquidation.page import explanation_markdown, render_explanation

    if format is LiquidationFormat.MD:
        return explanation_markdown(plan, ladder, told, study.today)
    surface = screen.out
    width = surface.width or _COLUMNS
    return render_explanation(plan, ladder, told, study.today, width=width, colour=surface.colour)
