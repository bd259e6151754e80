"""The rules: what is wrong with a plan that can be reckoned. A rule is a file, found by its name.

`sp401_liquidation_before_stop.py` holds SP401 liquidation-before-stop:

- its docstring is the page that `explain SP401` prints; the plan on that page is
  `plans/bad/SP401-liquidation-before-stop.yaml`, and the same plan mended has that name in `plans/mended/`;
- `KIND` is its code, name, severity and sentence; `check` yields what it finds in a `Case`;
- `SILENCES`, where it has consequences, are the codes of rules that say nothing while it speaks;
- `NEEDS`, where it needs no figures but average entries, are the keys of a plan that it looks at: it speaks as soon as
  these could be read, whatever else is wrong;
- a `Threshold` is a number that a policy may set.

A new rule is these three files, and `SCALEPLAN_REWRITE_GOLDEN=1 pytest tests/test_bad_plans.py` writes what is said of
the bad plan beside it.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.decode import Outline, Places
from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.engine import Unreckonable
from scaleplan.ladder import Ladder, climb
from scaleplan.plan import Instrument, Order, Plan, Size, SizeKind
from scaleplan.rules.case import Case, Findings, Threshold

if TYPE_CHECKING:
    from scaleplan.paths.facts import Facts

#: The thresholds of a policy that sets none.
NO_LIMITS: Mapping[str, Decimal] = {}
#: Stands in for a size that needs more than what could be read; an average entry does not depend on it.
_ANY_SIZE = Size(SizeKind.NOTIONAL, Decimal(10**9), "")
#: A plan that is read, but whose figures cannot be: a price below zero, a size that no amount of risk gives.
UNRECKONABLE = Kind("SP132", "unreckonable", Severity.ERROR, "The plan says something of which no figure can be made.")


class Rule(NamedTuple):
    """What a rule's file holds."""

    kind: Kind
    check: Callable[[Case], Findings]
    silences: tuple[str, ...]
    needs: tuple[str, ...]
    file: ModuleType


def _rules() -> Iterator[Rule]:
    for name in sorted(os.listdir(os.path.dirname(__file__))):  # noqa: PTH208, PTH120 - a Path takes ten times as long
        if name.startswith("sp") and name.endswith(".py"):
            file = import_module(f"{__name__}.{name[:-3]}")
            yield Rule(file.KIND, file.check, getattr(file, "SILENCES", ()), getattr(file, "NEEDS", ()), file)


#: Every rule, in the order of the codes.
RULES = tuple(_rules())


def thresholds() -> dict[str, Threshold]:
    """Returns every threshold by its name, in the order of the rules."""
    held = (value for rule in RULES for value in vars(rule.file).values() if isinstance(value, Threshold))
    return {threshold.name: threshold for threshold in held}


def examine(
    plan: Plan,
    ladder: Ladder,
    places: Places,
    limits: Mapping[str, Decimal] = NO_LIMITS,
    facts: "Facts | None" = None,
    *,
    today: date,
) -> tuple[Diagnostic, ...]:
    """Returns what the rules say of a plan on a day, without what only follows from another mistake.

    `limits` are the thresholds that a policy sets, by name.
    """
    case = Case(plan, ladder, places, limits, facts, today=today)
    speaking = [(rule, found) for rule in RULES if (found := tuple(rule.check(case)))]
    silent = {code for rule, _ in speaking for code in rule.silences}
    return tuple(
        case.diagnostic(rule.kind, finding)
        for rule, found in speaking
        if rule.kind.code not in silent
        for finding in found
    )


def examine_outline(outline: Outline, places: Places, *, today: date) -> tuple[Diagnostic, ...]:
    """Returns what the rules say of a plan with mistakes of reading or shape: one mistake hides no other.

    Every rule speaks where all that the figures rest on could be read, else those that need a few keys only.
    """
    plan, unread = outline.plan, outline.unread
    # Without what stops and targets would need to be reckoned, fills and averages remain.
    entries = plan._replace(stop=None, targets=(), tiers=tuple(tier._replace(stop=None) for tier in plan.tiers))
    if unread and plan.size.kind is SizeKind.RISK:
        entries = entries._replace(size=_ANY_SIZE)
    try:
        ladder = climb(entries if unread else plan)
    except Unreckonable:
        # Of tier 1's price alone something can always be made.
        first = entries.tiers[0]._replace(share=Fraction(1), size=None, order=Order.LIMIT, after=None)
        ladder = climb(entries._replace(tiers=(first,), size=_ANY_SIZE, instrument=Instrument(), margin=None))
        unread |= Outline.of_side(plan).unread
    if not unread:
        return examine(plan, ladder, places, today=today)
    case = Case(plan, ladder, places, NO_LIMITS, today=today)
    return tuple(
        case.diagnostic(rule.kind, finding)
        for rule in RULES
        if rule.needs and not unread.intersection(rule.needs)
        for finding in rule.check(case)
    )
