"""SP507 no-exit: a part of the position has no planned exit but the stop.

After the last target something is left that neither trails nor has an exit in words: what becomes of it is decided in
the heat of the trade.

Silent where there are no targets at all, where any of them names an `exit` in words, and where a time stop closes
everything.
"""

from fractions import Fraction

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import as_decimal, same
from scaleplan.quantity.number import percent
from scaleplan.rules.case import Case, Finding, Findings, at_least

KIND = Kind("SP507", "no-exit", Severity.WARNING, "A part of the position has no planned exit.")
SILENCES = ("SP508", "SP704")


def check(case: Case) -> Findings:
    """Looks at what the last target leaves."""
    plan = case.plan
    left = case.left[-1] if plan.targets else Fraction(0)
    if left <= 0 or plan.targets[-1].trail is not None or case.has_exit_in_words:
        return
    if plan.time_stop is not None and plan.time_stop.close == 1 and plan.time_stop.unless is None:
        return
    last = len(plan.targets)
    exits = case.ladder.exits
    whole = exits[0].held.quantity if exits else case.ladder.totals.quantity
    share = as_decimal(left)
    # In whole lots, more may be left than the closes say.
    in_lots = exits and not same(exits[-1].remaining, share * whole)
    text = at_least(exits[-1].remaining / whole) if in_lots else percent(share)
    yield Finding(
        f"targets[{last - 1}]",
        f"{text} of the position is left after target {last}, with no exit but the stop",
        case.putting("write `close: rest`, a `trail`, or an `exit` in words", f"targets[{last - 1}]", "close", "rest"),
    )
