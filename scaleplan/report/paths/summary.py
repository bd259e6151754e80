"""The summary of all paths: where they begin, the worst, best and expected result, chances, and what they rest on."""

from decimal import Decimal

from scaleplan.engine.event import End
from scaleplan.engine.risk import in_r
from scaleplan.ladder.totals import distance_differs
from scaleplan.paths.odds import chance_of_one_r
from scaleplan.paths.proofs import Untold
from scaleplan.paths.records import Claim
from scaleplan.plan import Contract
from scaleplan.quantity.exact import ONE, ZERO, above
from scaleplan.quantity.number import counted
from scaleplan.quantity.rounding import CONTEXT, grouped, rounded
from scaleplan.report.assumptions import assumptions, brackets_end
from scaleplan.report.figures import (
    UNKNOWN,
    r_signed,
    written,
)
from scaleplan.report.page import Fact, Role
from scaleplan.report.paths.proofs import missing
from scaleplan.report.paths.words import (
    ENDLESS,
    WalkedPlan,
    breakeven_words,
    chance,
    edge_text,
    mean_money,
    mean_r,
    price,
    signed_money,
    times_in_100,
)
from scaleplan.report.words import no_equity

#: A sum of money that differs from 0 by less than this part of 1R is 0 but for the noise of quotients.
_NOTHING = Decimal("1e-20")
#: What the figures rest on besides the paths, as `show` says it.
_SAID_BY_SHOW = ("1R", "costs", "liquidation")


def odds_words(walked: WalkedPlan) -> str:
    """Where the paths begin, and how likely up and down are."""
    start, edge = walked.paths.start, walked.paths.edge
    if start is None:
        begin = f"every path from tier 1 at {price(walked.figures, walked.plan.tiers[0].price)}"
    else:
        # It is told whole: what the trader asked for may be far finer than the plan's own prices.
        begin = f"every path from {written(start)}, nothing filled"
    if edge is None:
        return f"{begin}, at the fair price"
    text = f"{begin}, with an edge of {edge_text(edge)}"
    stop = walked.plan.stop
    average = walked.ladder.totals.average_entry
    needed = None if stop is None else chance_of_one_r(edge, average, stop, walked.plan.sign)
    return text if needed is None else f"{text}: +1R before -1R {times_in_100(needed)}{_one_r_in_price(walked)}"


def _one_r_in_price(walked: WalkedPlan) -> str:
    """What +1R and -1R are here, a distance in price, where 1R in money is another one or is not known."""
    stop, totals = walked.plan.stop, walked.ladder.totals
    if stop is None or (totals.has_r and distance_differs(walked.ladder) is None):
        return ""
    return f" (here 1R is {price(walked.figures, abs(totals.average_entry - stop))} of price)"


def summary(walked: WalkedPlan) -> list[Fact]:
    """Worst, best, expected, the chances, and what the plan needs to come out even."""
    found = walked.paths.summary
    if not walked.paths.complete:
        return [
            Fact("bounds", f"{walked.paths.missing}: no path is listed, and no chance is known", Role.CAUTION),
            Fact("worst", _bound(walked, "worse", found.worst, found.worst_r)),
            Fact("best", _bound(walked, "better", found.best, found.best_r)),
        ]
    more = ", and more with the trail" if _trails(walked) else ", and more while it stays open"
    return [
        Fact("worst", _worst(walked), Role.LOSS if (found.worst or ZERO) < 0 else Role.PLAIN),
        Fact("best", _result(walked, found.best, found.best_r) + (more if found.best_unbounded else "")),
        Fact("expected", _expected(walked)),
        Fact(
            "chance",
            f"of profit {chance(found.probability_of_profit)}, of the stop {chance(found.probability_stopped)}, "
            f"of liquidation {chance(found.probability_liquidated)}{_untold(walked)}",
        ),
        Fact(
            "break-even",
            breakeven_words(found.breakeven_edge, found.breakeven_missing)
            + (_one_r_in_price(walked) if found.breakeven_edge else ""),
        ),
        *_for_sure(walked),
        Fact("walked", f"{counted(found.states, 'state')} and {counted(found.outcomes, 'end')}: all there are"),
    ]


def _bound(walked: WalkedPlan, word: str, net: Decimal | None, in_r: Decimal | None) -> str:
    return f"{'' if net is None else f'no {word} than '}{_result(walked, net, in_r)}"


def _trails(walked: WalkedPlan) -> bool:
    return any(row.end is End.TRAIL for row in walked.paths.outcomes)


def _expected(walked: WalkedPlan) -> str:
    found = walked.paths.summary
    if found.expected_net is None or found.expected_gross is None:
        if found.untold and found.probability_of_profit is None:
            return f"{UNKNOWN}: where it is liquidated is unknown"
        return f"{UNKNOWN}: what stays open has no expected result under drift"
    gross = found.expected_gross
    totals = walked.ladder.totals
    measure = totals.r if totals.r is not None and totals.r > 0 else max(totals.notional, Decimal(1))
    net = f"{mean_money(walked.figures, found.expected_net)} {walked.plan.settle}"
    net += "" if found.expected_net_r is None else mean_r(found.expected_net_r)
    if abs(gross) < measure * _NOTHING:
        if abs(found.expected_net) < measure * _NOTHING:
            return "0: at the fair price no order of fills and exits is an edge, and no costs are paid"
        return f"{net}: at the fair price no order of fills and exits is an edge, and what is left are the costs"
    costs = grouped(rounded(gross - found.expected_net, walked.figures.places.fee))
    text = f"{net}: {mean_money(walked.figures, gross)} at the levels, {costs} of costs"
    if walked.paths.edge is not None:
        return text
    if walked.plan.contract is Contract.INVERSE:
        return f"{text}; a price that is fair in {walked.plan.symbol.quote} is not in {walked.plan.settle}"
    return text


def _untold(walked: WalkedPlan) -> str:
    """Why a chance is not known: where the position may be liquidated is not; the others count it as met nowhere."""
    found = walked.paths.summary
    if not found.untold:
        return ""
    others = "" if found.probability_of_profit is None else "; the others count none before the stop"
    return f": {missing(walked, found.untold)}{others}"


def _for_sure(walked: WalkedPlan) -> list[Fact]:
    """The assumption behind every plan that leaves one side without a level, in a line of its own."""
    if walked.paths.edge not in (None, ONE) or not walked.paths.one_sided:
        return []
    text = (
        "with a level on one side only, price comes to it for sure: it is assumed to have no bounds, and all the time"
    )
    return [Fact("one side", text, Role.CAUTION)]


def _worst(walked: WalkedPlan) -> str:
    """The worst result; one that no end of the table has is what may be lost where nothing ends the plan."""
    found = walked.paths.summary
    if found.worst is None:
        planned = next(proof for proof in walked.paths.proofs if proof.claim is Claim.WORST_PLANNED)
        nets = [row.net_worst for row in walked.paths.outcomes if row.net_worst is not None]
        if not nets or walked.plan.stop is None:
            return f"{UNKNOWN}: {ENDLESS}, and {no_equity(walked.plan)}"
        least = min(nets)
        told = _result(walked, least, in_r(least, walked.ladder.totals.r))
        if planned.missing == Untold.BRACKETS:
            return f"{UNKNOWN}: {brackets_end(walked.plan)}; as far as they say {told}"
        return f"{UNKNOWN}: a liquidation before the stop may lose more; stopped {told}"
    text = _result(walked, found.worst, found.worst_r)
    timed = next(proof.value for proof in walked.paths.proofs if proof.claim is Claim.WORST_PLANNED)
    if walked.paths.timed and timed is not None and above(timed, -found.worst):
        net = CONTEXT.minus(timed)
        text += f"; where the clock comes between {_result(walked, net, in_r(net, walked.ladder.totals.r))}"
    attained = any(row.net_worst == found.worst for row in walked.paths.outcomes)
    return text if attained else f"{text}, the most that is at stake: {ENDLESS}"


def _result(walked: WalkedPlan, net: Decimal | None, in_r: Decimal | None) -> str:
    if net is None:
        return f"{UNKNOWN}, nothing bounds it"
    text = f"{signed_money(walked.figures, net)} {walked.plan.settle}"
    return text if in_r is None else f"{text} = {r_signed(in_r)}"


def rests_on(walked: WalkedPlan) -> list[Fact]:
    """What the figures rest on."""
    edge = walked.paths.edge
    model = (
        "without drift: +1 comes before -2 two times in three, from any price (the fair price)"
        if edge is None
        else f"a geometric Brownian motion, g = 1 - 2*mu/sigma^2 = {edge_text(edge)} (1: no drift)"
    )
    items = [Fact("price", f"continuous, without gaps, {model}; time is not in it")]
    assumed = assumptions(walked.figures, walked.ladder, distances=False, today=walked.study.today)
    return items + [item for item in assumed if item.label in _SAID_BY_SHOW]
