"""SP411 leverage-above-bracket: the leverage is more than the venue allows for a position of this size.

Brackets that ask for more maintenance allow less leverage. A setting that is fine for the first tier is refused, or
lowered, when a later tier takes the position into the next bracket, and the margin that it needs is then another.

Looked at with the position after each tier, at its average entry; also told where the leverage passes the most that the
venue sets for the contract at all (`max_leverage` of the instrument). Silent where neither says a `max_leverage`, and
where a broker asks for a fixed margin for each contract.
"""

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.engine.margin import bracket_of
from scaleplan.plan import Bracket, Contract
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import brief, plain
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind(
    "SP411", "leverage-above-bracket", Severity.ERROR, "The leverage is more than the venue allows at this size."
)


def check(case: Case) -> Findings:
    """Compares the leverage with what the contract, and the bracket of the position after each tier, allow."""
    plan = case.plan
    if plan.contract is Contract.SPOT or plan.initial_per_contract is not None:
        return
    brackets = plan.margin.brackets if plan.margin is not None else ()
    overall = plan.instrument.max_leverage
    if overall is not None and plan.leverage > overall:
        yield Finding(
            "leverage",
            f"the leverage is {brief(plan.leverage)}, and the venue sets at most {brief(overall)}",
            Help(f"set `{plain(overall)}` or less", (plain(overall),)),
            [("instrument.max_leverage", "the most that the venue sets")],
        )
        return
    if all(bracket.max_leverage is None or plan.leverage <= bracket.max_leverage for bracket in brackets):
        return
    held = [case.measured(step.position) for step in case.steps]
    numbers = [bracket_of(brackets, measure) for measure, _ in held]
    limits = [brackets[number - 1].max_leverage for number in numbers]
    for index, most in enumerate(limits):
        if most is None or plan.leverage <= most:
            continue
        measure, unit = held[index]
        reach = _reach(brackets, numbers[index], unit)
        at_full = min(limit for limit in limits if limit is not None)
        help = f"set `{plain(at_full)}` or less"
        if at_full < most:
            help += f", which bracket {numbers[-1]} allows for {brief(held[-1][0])} {unit} at full size"
        elif numbers[index] > 1:
            end = brackets[numbers[index] - 2].up_to
            help += f", or keep the plan within {brief(end)} {unit}" if end is not None else ""
        yield Finding(
            "leverage",
            f"after tier {index + 1} the position is {brief(measure)} {unit}, in bracket {numbers[index]} ({reach}): "
            f"it allows a leverage of {brief(most)}, and {brief(plan.leverage)} is set",
            Help(help, (plain(at_full),)),
            [(f"{case.maintenance_path}[{numbers[index] - 1}].max_leverage", "what the bracket allows")],
        )
        return


def _reach(brackets: tuple[Bracket, ...], number: int, unit: str) -> str:
    """Returns the range of a bracket in words: `up to 50,000 USDT`, `above 600,000 USDT`."""
    start = brackets[number - 2].up_to if number > 1 else ZERO
    end = brackets[number - 1].up_to
    if end is None:
        return f"above {brief(start or ZERO)} {unit}"
    return f"from {brief(start)} to {brief(end)} {unit}" if start else f"up to {brief(end)} {unit}"
