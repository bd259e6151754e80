"""SP706 no-fees: a leveraged plan writes no fees, so that R, breakeven and every result rest on fees of 0.

Fees are paid on the whole position, not on its margin: at 10x, 0.05% a side is 1% of what is posted. A stop at
`breakeven` that counts no fees is one at the entry, and loses them. A maker fee without the taker's is half of it:
stops pay the taker's.

Silent for spot, where fees or a spread are written, even as 0, and where the venue's file has them.
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import Contract
from scaleplan.rules.case import Case, Finding, Findings, at_least

KIND = Kind("SP706", "no-fees", Severity.WARNING, "A leveraged plan writes no fees, and 0 is assumed.")
#: What most venues take of a market order.
_USUAL = Decimal("0.0005")


def check(case: Case) -> Findings:
    """Looks for fees, and says what the usual ones would be of the distance to the stop."""
    plan, average, spans = case.plan, case.ladder.totals.average_entry, case.places.spans
    if plan.contract is Contract.SPOT or plan.spread:
        return
    one_rate = plan.fees.written and "fees.maker" in spans and "fees.taker" not in spans and plan.fees.taker == 0
    if plan.fees.written and not (one_rate and plan.fees.maker != 0 and not plan.fees.per_contract):
        return
    usual = ""
    if plan.initial_per_contract is None and plan.stop is not None and plan.sign * (average - plan.stop) > 0:
        part = at_least(_USUAL * (average + plan.stop) / abs(average - plan.stop))
        usual = f"; at 0.05% a side they would be {part} of the loss at {case.price(plan.stop)}"
    help = "add `fees: {maker: ..., taker: ...}` with the rates of your account"
    if plan.initial_per_contract is not None:
        help = f"add `fees: ... {plan.settle} per contract` with what your broker takes"
    what = "no taker fee is written" if one_rate else "no fees are written"
    if one_rate:
        yield Finding(
            "fees",
            f"{what}, and 0 is assumed: every stop pays it, and R and breakeven leave it out{usual}",
            case.putting(
                "add `taker` with the rate of your account, or `taker: 0%` if there is none", "fees", "taker", "0%"
            ),
        )
        return
    yield Finding(
        "margin" if plan.initial_per_contract is not None else "leverage",
        f"{what}, and 0 is assumed: R, breakeven and every result leave them out{usual}",
        case.putting(
            f"{help}; `fees: {{maker: 0%, taker: 0%}}` says that there are none",
            "",
            "fees",
            "{maker: 0%, taker: 0%}",
        ),
    )
