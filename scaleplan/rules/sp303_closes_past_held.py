"""SP303 closes-past-held: the targets close more than is held.

A close of `30%` is a share of the position at the first exit, so the shares of all targets may not pass 100%; `30% of
rest` is a share of what is held. A target that comes when nothing is left closes nothing.

The first target that passes what is held is told. Silent for a target that only moves the stop (a close of 0%).
"""

from fractions import Fraction

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.engine.position import contracts_of
from scaleplan.plan import CloseOf
from scaleplan.quantity.exact import as_decimal
from scaleplan.quantity.number import brief, percent
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP303", "closes-past-held", Severity.ERROR, "A target closes more than is held.")
SILENCES = ("SP511",)
NEEDS = ("targets",)


def check(case: Case) -> Findings:
    """Follows what is held from target to target, in exact shares; the first that passes it is reported."""
    plan = case.plan
    held = Fraction(1)
    for index, (target, left) in enumerate(zip(plan.targets, case.left, strict=True)):
        close = target.close
        if left < 0 or (held == 0 and close.amount > 0):
            if close.of is CloseOf.CONTRACTS:
                of, closes = "", f"{brief(as_decimal(close.amount))} contracts"
                has = brief(as_decimal(held) * contracts_of(plan, case.ladder.totals.quantity))
            else:
                of, closes = " of it", f"{percent(as_decimal(close.amount))} of the {close.of}"
                has = percent(as_decimal(held))
            yield Finding(
                f"targets[{index}].close",
                f"target {index + 1} closes {closes}, but {has if held > 0 else 'nothing'}{of} is held then",
                Help("write `rest`, or smaller closes before it", ("rest",))
                if held > 0
                else "delete this target, or close less before it",
            )
            return
        held = left
    if plan.runner is not None and plan.targets and held <= 0:
        number = len(plan.targets) + 1
        yield Finding(
            f"targets[{number - 1}].exit",
            f"nothing is left for the exit in words of target {number}: the targets before it close all that is held",
            f"delete target {number}, or close less before it",
        )
