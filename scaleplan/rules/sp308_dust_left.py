"""SP308 dust-left: what a target leaves is too small for an order of its own.

Less than a lot, or worth less than `min_notional` at the stop, is dust: on spot neither the next target nor the stop
can sell it. With a contract many venues let an order that only reduces the position close dust too: it is a warning.

What rounding to lots leaves is no dust: the last target closes it. Looked at with all tiers filled; the first target
that leaves dust is told. Silent where neither lot nor minimum is known, and where another target would close a part
of the dust (SP307).
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.position import contracts_of
from scaleplan.engine.sizing import HUNDREDTH, counted, down, has_least_order, least_order
from scaleplan.plan import CloseOf, Contract
from scaleplan.quantity.exact import above
from scaleplan.quantity.number import brief, contracts_text, plain
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP308", "dust-left", Severity.WARNING, "A target leaves too little for an order of its own.")


def check(case: Case) -> Findings:
    """Compares what each target leaves with the least order at the stop."""
    plan = case.plan
    if not plan.targets or not has_least_order(plan):
        return
    whole = held = case.ladder.exits[0].held.quantity
    for index, (target, done) in enumerate(zip(plan.targets, case.ladder.exits, strict=True)):
        at = done.stop or done.price
        least = least_order(plan, at)
        if target.close.amount > 0 and done.remaining > 0 and least is not None and above(least, done.remaining):
            later = zip(plan.targets[index + 1 :], case.left[index + 1 :], strict=True)
            if not any(after.close.amount > 0 and rest > 0 for after, rest in later):
                yield _finding(case, index, at, held, whole, least)
            return
        held = done.remaining


def _finding(case: Case, index: int, at: Decimal, held: Decimal, whole: Decimal, least: Decimal) -> Finding:
    plan, target, done = case.plan, case.plan.targets[index], case.ladder.exits[index]
    amount, unit = counted(plan, done.remaining, at)
    value, smallest = case.worth(done.remaining, at), plan.instrument.min_notional
    message = f"target {index + 1} leaves {brief(amount)} {unit}"
    if smallest is not None and above(smallest, value):
        where, quote = "the stop" if done.stop is not None else "its price", plan.symbol.quote
        message += (
            f", worth {case.money(value)} {quote} at {where} of {case.price(at)}: less than the smallest order of "
        )
        message += f"{brief(smallest)} {quote}"
    else:
        message += f", less than the smallest order of {brief(counted(plan, least, at)[0])}"
    # What comes after it would have nothing left to close.
    later = any(after.close.amount > 0 for after in plan.targets[index + 1 :]) or plan.runner is not None
    help = "close `rest` here" + (", and leave out what comes after it" if later else "")
    texts = [] if later else ["rest"]
    if least < held:
        if target.close.of is CloseOf.CONTRACTS:
            most = down(contracts_of(plan, held - least), HUNDREDTH)
            written = contracts_text(most)
        else:
            of_rest = target.close.of is CloseOf.REST
            most = down((held - least) / (held if of_rest else whole) * 100, HUNDREDTH)
            written = f"{plain(most)}%{' of rest' if of_rest else ''}"
        if most > 0:
            help += f", or at most `{written}`"
            texts.append(written)
    if plan.contract is not Contract.SPOT:
        help += "; a reduce-only order may close it all the same, if the venue lets it"
    return Finding(
        f"targets[{index}].close",
        message,
        case.putting(help, f"targets[{index}]", "close", *texts),
        [("instrument.min_notional", "the smallest order"), ("instrument.lot_size", "the lot")],
    )
