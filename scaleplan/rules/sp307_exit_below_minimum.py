"""SP307 exit-below-minimum: a target closes less than the smallest order that the venue takes.

A partial close goes down to whole lots: less than one closes nothing, and the target that was to bring the first money
brings none. One worth less than `min_notional` is refused. (Some venues take an order that only reduces a position
below their minimum; where yours does, ignore this rule with that reason.)

Looked at with all tiers filled; with fewer, where it is a warning that says from which tier on the target works, since
price turns most often before the last tier. Silent for the target that closes all that is left, which takes what
rounding leaves, and where neither lot nor minimum is known.
"""

from decimal import Decimal
from fractions import Fraction

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.closes import meant_quantity
from scaleplan.engine.position import contracts_of
from scaleplan.engine.sizing import HUNDREDTH, counted, has_least_order, least_order, lot_at, up
from scaleplan.ladder import TargetExit
from scaleplan.ladder.tape import walk
from scaleplan.plan import CloseOf
from scaleplan.quantity.exact import ZERO, above, times
from scaleplan.quantity.number import brief, contracts_text, plain
from scaleplan.rules.case import Case, Finding, Findings, named

KIND = Kind("SP307", "exit-below-minimum", Severity.ERROR, "A target closes less than the venue's smallest order.")


def check(case: Case) -> Findings:
    """Compares every partial close with the least order, at full size and as soon as tier 1 is filled."""
    plan, steps = case.plan, case.steps
    if not plan.targets or not has_least_order(plan):
        return
    left = case.left
    partial = [index for index, target in enumerate(plan.targets) if target.close.amount > 0 and left[index] > 0]
    if not partial:
        return
    whole = case.ladder.exits[0].held.quantity
    at_full = _too_small(case, case.ladder.exits, whole, partial)
    for index in at_full:
        yield _finding(case, index, case.ladder.exits, whole, "")
    if _ample(case, steps[0].position.quantity, partial):
        return
    late: dict[int, int] = {}
    others = [index for index in partial if index not in at_full]
    alone: tuple[TargetExit, ...] = ()
    for count in range(1, len(steps)):
        exits = walk(case.ladder.machine, steps[count - 1].state).exits
        alone = alone or exits
        failing = _too_small(case, exits, steps[count - 1].position.quantity, others)
        if not failing:
            break
        late.update(dict.fromkeys(failing, count + 1))
    if late:
        groups = [sorted(late)] if len(set(late.values())) == 1 else [[index] for index in sorted(late)]
        working = " and ".join(f"{named('target', group)} from tier {late[group[0]]} on" for group in groups)
        quantity = steps[0].position.quantity
        # Another target may be the one that is too small with tier 1 alone.
        index = next(iter(_too_small(case, alone, quantity, others)), min(late))
        yield _finding(case, index, alone, quantity, f"; an order is large enough for {working}")


def _ample(case: Case, quantity: Decimal, partial: list[int]) -> bool:
    """Returns whether every close of a quantity is so much that no rounding, and no other price, makes it small."""
    for index in partial:
        held = case.left[index - 1] if index else Fraction(1)
        least = least_order(case.plan, case.ladder.exits[index].price)
        if least is not None and times(held - case.left[index], quantity) < 2 * least:
            return False
    return True


def _too_small(case: Case, exits: tuple[TargetExit, ...], whole: Decimal, among: list[int]) -> list[int]:
    """Returns the targets, of some, whose order would be less than the least; none where nothing is held any more."""
    found = []
    for index in among:
        held = exits[index - 1].remaining if index else whole
        least = least_order(case.plan, exits[index].price)
        if held > 0 and least is not None and above(least, exits[index].quantity):
            found.append(index)
    return found


def _finding(case: Case, index: int, exits: tuple[TargetExit, ...], whole: Decimal, working: str) -> Finding:
    """Returns what a target closes and the least that it could; `working` says with how many tiers it does."""
    plan, target, done = case.plan, case.plan.targets[index], exits[index]
    held = exits[index - 1].remaining if index else whole
    of_rest = target.close.of is CloseOf.REST
    of = held if of_rest else whole
    least = least_order(plan, done.price) or ZERO
    meant = meant_quantity(plan, target, whole, held)
    lot = lot_at(plan, done.price)
    no_lot = lot is not None and above(lot, meant)
    amount, unit = counted(plan, meant if no_lot else done.quantity, done.price)
    message = f"target {index + 1} closes {brief(amount)} {unit}"
    if lot is not None and no_lot:
        message += f", less than the smallest order of {brief(counted(plan, lot, done.price)[0])}"
        message += ": it closes nothing" if done.quantity <= 0 else ""
    else:
        value, smallest = case.worth(done.quantity, done.price), plan.instrument.min_notional or ZERO
        quote = plan.symbol.quote
        message += f" worth {case.money(value)} {quote}, less than the smallest order of {brief(smallest)} {quote}"
    if target.close.of is CloseOf.CONTRACTS:
        enough = f"a close of `{contracts_text(up(contracts_of(plan, least), HUNDREDTH))}` would do"
    else:
        share = up(least / of * 100, HUNDREDTH)
        enough = f"a close of `{plain(share)}%{' of rest' if of_rest else ''}` would do"
    help = f"{enough}, or leave the target out" if least < held else "close `rest` here, or leave the target out"
    if working:
        message = f"with only tier 1 filled {message}{working}"
        help = f"{enough}, or a larger tier 1" if least < held else "make tier 1 larger, or plan fewer targets"
    return Finding(
        f"targets[{index}].close",
        message,
        help,
        [("instrument.lot_size", "the lot"), ("instrument.min_notional", "the smallest order")],
        severity=Severity.WARNING if working else None,
    )
