"""Margin models in a few words: which venue's, which bracket decides, and of what date the figures are."""

from collections import Counter
from collections.abc import Iterable

from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.report.visible import visible

#: The name of a margin model that is the plan's own `maintenance` and nothing else.
WRITTEN = "written"


def model_in_short(plan: Plan, ladder: Ladder) -> str:
    """A venue's margin model where there is little room: its name, the bracket that decides, the date of its figures.

    Empty where the maintenance is the plan's own.
    """
    model, bracket = plan.margin, ladder.steps[-1].position.liquidation.bracket
    if model is None or model.name == WRITTEN:
        return ""
    text = visible(model.name)
    if bracket and len(model.brackets) > 1:
        text += f" bracket {bracket}/{len(model.brackets)}"
    return f"{text}, {visible(model.as_of)}" if model.as_of else text


def model_named(plan: Plan, ladder: Ladder) -> str:
    """What a plan's liquidation rests on: the venue's model, or the plan's own; empty where it has none."""
    return "" if plan.margin is None else model_in_short(plan, ladder) or "maintenance as written"


def models_line(models: Iterable[str]) -> str:
    """The models of several plans in one line, each with the number of plans where these are several."""
    counts = Counter(model for model in models if model)
    if not counts:
        return ""
    if sum(counts.values()) == 1:
        return f"liquidation by {next(iter(counts))}"
    parts = [f"{model} ({count} {'plan' if count == 1 else 'plans'})" for model, count in counts.most_common()]
    return f"liquidation by {'; '.join(parts)}"
