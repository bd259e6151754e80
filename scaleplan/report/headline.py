"""A headline is what a trader looks at first when a plan has changed: the figures that decide, and what is wrong."""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.diagnostic import Severity
from scaleplan.report.figures import NONE, UNKNOWN, figures_of
from scaleplan.report.visible import visible
from scaleplan.study import Studied, Study

#: What only a plan that can be read has.
_HAS_FIGURES = "worst loss"


class Said(NamedTuple):
    """A figure as it is written, and its exact value, by which it is compared."""

    text: str
    value: Decimal | int | None


#: Figures by name; of a plan that cannot be read only what is wrong with it.
Headline = dict[str, Said]


def headline_of(study: Studied) -> Headline:
    """Returns the headline of a plan."""
    counts: Headline = {
        f"{severity}s": Said(str(study.count(severity)), study.count(severity))
        for severity in (Severity.ERROR, Severity.WARNING)
    }
    if not isinstance(study, Study):
        return counts
    figures, totals = figures_of(study.plan, study.ladder), study.ladder.totals
    last = study.ladder.steps[-1].position
    elsewhere = study.ladder.elsewhere
    # On another path than the one listed more may be lost, or nothing bounds it.
    risk = totals.risk if elsewhere is None else elsewhere.loss
    return {
        _HAS_FIGURES: Said(UNKNOWN if risk is None else figures.loss(risk), risk),
        "make": Said(figures.money(totals.reward), totals.reward),
        "size": Said(figures.held(totals.quantity), totals.quantity),
        "average": Said(figures.price(totals.average_entry), totals.average_entry),
        "stop": Said(NONE if study.plan.stop is None else figures.price(study.plan.stop), study.plan.stop),
        # What shares of it are told against, and what another file may say.
        "equity": Said(figures.equity, study.plan.account.equity),
        "liquidated": Said(figures.liquidated(last), last.liquidation.price),
        **counts,
    }


def changes(before: dict[str, Headline], after: dict[str, Headline]) -> str:
    """Returns what has changed, `worst loss 733.72 -> 933.52`, by plan where they are several; empty for nothing."""
    found = [f"{visible(name)}: gone" for name in before if name not in after]
    for name, new in after.items():
        told = _changes(before.get(name), new)
        if told:
            found.append(f"{visible(name)}: {told}" if len(after) > 1 else told)
    return "; ".join(found)


def _changes(old: Headline | None, new: Headline) -> str:
    if old is None:
        return "new"
    parts = [
        f"{label} {old[label].text} -> {said.text}"
        for label, said in new.items()
        if label in old and said.value != old[label].value and said.text != old[label].text
    ]
    return ", ".join(parts if _HAS_FIGURES in new else ["no figures", *parts])
