"""A new plan from a few answers: a commented text, and what the reader and the rules say of it.

The answers are put into a plan as they were typed and read like any other, so that what is wrong with one is said in
the reader's words. Once they read, what was not asked is filled in from what the plan turned out to be.
"""

from typing import NamedTuple

from scaleplan.diagnostic import Diagnostic, Severity
from scaleplan.draft.answers import Answers
from scaleplan.draft.styles import conditions, exits, shares
from scaleplan.draft.text import Filling, limits, plan_text
from scaleplan.layout import lay_out
from scaleplan.plan import Account
from scaleplan.study import Studied, study

__all__ = ["Answers", "Draft", "draft", "suggested_conditions", "suggested_style", "wrong_with"]


class Draft(NamedTuple):
    """The text of a plan and its study; where that has errors the text is not to be stored."""

    text: str
    study: Studied

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """Returns what keeps it from being a plan that checks clean."""
        return tuple(found for found in self.study.diagnostics if found.severity is Severity.ERROR)

    def says(self, answers: Answers) -> bool:
        """Returns whether the text, read back, says in words what was answered in words."""
        plan = self.study.plan
        if plan is None:
            return False
        pairs = zip(answers.triggers, plan.tiers, strict=False)
        return all(not words or words == tier.trigger for words, tier in pairs)


def draft(answers: Answers, name: str) -> Draft:
    """Returns the plan that the answers make, to be stored under `name`."""
    bare = _drafted(answers, Filling(), name)
    if bare.errors or bare.study.plan is None:
        return bare
    # Margin and risk depend on how the size spreads.
    plan = bare.study.plan
    filling = Filling(plan.style, shares=shares(plan), conditions=conditions(plan))
    spread = _drafted(answers, filling, name)
    if spread.errors or spread.study.ladder is None:
        return spread
    filling = filling._replace(
        limits=limits(plan, spread.study.ladder, answers.whole_size),
        # An account that is kept for the whole folder is not written again.
        has_account=not answers.equity and plan.account != Account(),
        exits=exits(plan),
    )
    whole = _drafted(answers, filling, name)
    # Targets in R may lie where no price is: a short with a stop far away.
    return whole if not whole.errors or not filling.exits else _drafted(answers, filling._replace(exits=()), name)


def wrong_with(answers: Answers, name: str) -> tuple[Diagnostic, ...]:
    """Returns what is wrong with the answers so far, whatever the others will be."""
    return _drafted(answers.filled, Filling(), name).errors


def suggested_style(answers: Answers, name: str) -> str:
    """Returns the style that the prices speak of."""
    plan = _drafted(answers.filled._replace(style=""), Filling(), name).study.plan
    return "" if plan is None else str(plan.style)


def suggested_conditions(answers: Answers, name: str) -> tuple[str, ...]:
    """Returns what the style asks to be seen before each tier fills."""
    plan = _drafted(answers.filled, Filling(), name).study.plan
    return () if plan is None else conditions(plan)


def _drafted(answers: Answers, filling: Filling, name: str) -> Draft:
    text = plan_text(answers, filling)
    laid_out = lay_out(name, text.encode()).text or text
    return Draft(laid_out, study(name, laid_out.encode()))
