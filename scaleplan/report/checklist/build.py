"""Building the sheet: a study in, the one record out that text, Markdown, HTML and JSON are all made from."""

from datetime import datetime

from scaleplan.engine.margin import Answer
from scaleplan.ladder import Ladder
from scaleplan.ladder.counts import counts_of
from scaleplan.plan import Contract, Plan, RiskUnit
from scaleplan.report.chart.page import ladder_scale
from scaleplan.report.checklist.checks import alarm, before_checks, scale_checks
from scaleplan.report.checklist.moments import (
    basis_of,
    levels_of,
    moments_of,
    orders_later,
    orders_now,
    result,
    steps_of,
)
from scaleplan.report.checklist.sheet import Blank, BoxState, Check, Heads, Sheet
from scaleplan.report.figures import Figures, figures_of, of_equity
from scaleplan.report.models import model_in_short
from scaleplan.report.sentences import head, worst
from scaleplan.report.visible import visible
from scaleplan.study import Study


def sheet_of(study: Study, printed: datetime) -> Sheet:
    """The sheet of a plan as printed at a moment."""
    plan, ladder = study.plan, study.ladder
    figures = figures_of(plan, ladder)
    reached = None if study.facts is None else study.facts.reached
    counts = counts_of(
        ladder,
        None if reached is None else reached.counts,
        len(ladder.exits) if reached is None else len(reached.hits),
        study.every_path.targets_with() if len(ladder.steps) > 1 else None,
    )
    shown, levels = levels_of(figures, ladder, counts)
    title, *about = (cell.text for cell in head(plan))
    return Sheet(
        file=visible(study.file),
        title=title,
        about=tuple(part for part in (*about, model_in_short(plan, ladder)) if part),
        printed=printed.strftime("%Y-%m-%d %H:%M"),
        alarm=alarm(study),
        lead=_lead(figures, ladder),
        scale=scale_checks(figures, ladder, counts),
        before=before_checks(study, figures, ladder, counts),
        now=orders_now(figures, ladder, study.today),
        later=orders_later(figures, ladder, counts, study.today),
        heads=_heads(figures, ladder),
        moments=moments_of(figures, ladder),
        basis=basis_of(plan, counts),
        steps=steps_of(figures, ladder, counts),
        counts=shown,
        levels=levels,
        after=_after(plan),
        log=_log(figures, ladder),
        ladder=ladder_scale(figures, ladder, bare=True),
    )


def _lead(figures: Figures, ladder: Ladder) -> tuple[str, ...]:
    """What the eye looks for first: what is lost if wrong, the stop, and where it is liquidated."""
    plan, totals = figures.plan, ladder.totals
    one_r = f"1R = {figures.loss(totals.r)} {plan.settle}" if totals.has_r else "1R = n/a"
    if plan.risk_unit is RiskUnit.PLAN and totals.has_r:
        parts = [one_r]
        if plan.account.equity:
            parts = [f"{one_r} = {of_equity(totals.risk_fraction)}"]
    else:
        parts = [worst(figures, ladder).text, *([] if totals.r is None else [one_r])]
    parts.append(f"stop {figures.stop(ladder.steps[0].position.stop if plan.stop is None else plan.stop)}")
    if plan.contract is not Contract.SPOT:
        at = f"liquidated {figures.liquidated(ladder.steps[-1].position)}"
        parts.append(at if len(ladder.steps) == 1 else f"{at} (all in)")
    return tuple(parts)


def _heads(figures: Figures, ladder: Ladder) -> Heads:
    known = {step.position.liquidation.answer for step in ladder.steps}
    return Heads(
        quantity=figures.order_head,
        risk="risk R" if ladder.totals.has_r else f"risk {figures.plan.settle}",
        liquidation="" if figures.plan.contract is Contract.SPOT or known == {Answer.NONE} else "liquidated",
    )


def _after(plan: Plan) -> tuple[Check, ...]:
    boxes = [Check(BoxState.OPEN, "followed the plan")]
    if len(plan.tiers) > 1:
        boxes.append(Check(BoxState.OPEN, "spacing was worth it"))
    return tuple(boxes)


def _log(figures: Figures, ladder: Ladder) -> tuple[Blank, ...]:
    unit = "R" if ladder.totals.has_r else figures.plan.settle
    blanks = [Blank("result", unit), Blank("tiers filled", f"of {len(ladder.steps)}")]
    if len(ladder.steps) > 1:
        alone = ladder.totals.all_at_first
        stopped = result(figures, ladder, None if alone is None else alone.copy_negate()).text
        blanks.append(Blank("all at tier 1 would have been", unit, f"stopped {stopped}"))
    return (*blanks, Blank("one line learned"))
