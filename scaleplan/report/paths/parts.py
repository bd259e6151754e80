"""What `paths` says, before it is laid out: proofs, ends, the summary, and what all of it rests on."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import End
from scaleplan.ladder import Ladder
from scaleplan.ladder.totals import distance_differs
from scaleplan.paths.odds import chance_of_one_r
from scaleplan.paths.records import Claim, Outcome, Paths, Proof
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.exact import ONE, ZERO, same
from scaleplan.report.assumptions import assumptions, no_maintenance
from scaleplan.report.figures import (
    NOT_APPLICABLE,
    UNKNOWN,
    Figures,
    figures_of,
    leverage,
    r_signed,
    written,
)
from scaleplan.report.layout import WELCOME, WIDE, WIDEST, Cell, Column, Item, Offered, Role
from scaleplan.report.paths.chart import bar
from scaleplan.report.paths.unreached import target_unreached, tiers_unreached
from scaleplan.report.paths.words import (
    breakeven_words,
    chance,
    edge_text,
    end_words,
    first_targets,
    mean_money,
    mean_r,
    numbers,
    path_words,
    price,
    signed_money,
    times_in_100,
)
from scaleplan.report.rounding import CONTEXT, grouped, rounded
from scaleplan.study import Study

#: So many ends are listed; of more the worst and the best.
MOST_ENDS = 100
#: A sum of money that differs from 0 by less than this part of 1R is 0 but for the noise of quotients.
_NOTHING = Decimal("1e-20")
_BAR = 20
#: What the figures rest on besides the paths, as `show` says it.
_SAID_BY_SHOW = ("1R", "costs", "liquidation")
_HOLDS, _BROKEN = "holds", "BROKEN"
_ENDLESS = "nothing ends the plan on the losing side"


class Told(NamedTuple):
    """A plan, its paths, and how its figures are written."""

    study: Study
    figures: Figures
    ladder: Ladder
    paths: Paths

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.figures.plan


def told(study: Study, paths: Paths) -> Told:
    """What there is to tell of a plan's paths."""
    return Told(study, figures_of(study.plan, study.ladder), study.ladder, paths)


def odds_words(one: Told) -> str:
    """Where the paths begin, and how likely up and down are."""
    start, edge = one.paths.start, one.paths.edge
    if start is None:
        begin = f"every path from tier 1 at {price(one.figures, one.plan.tiers[0].price)}"
    else:
        # It is told whole: what the trader asked for may be far finer than the plan's own prices.
        begin = f"every path from {written(start)}, nothing filled"
    if edge is None:
        return f"{begin}, at the fair price"
    text = f"{begin}, with an edge of {edge_text(edge)}"
    stop = one.plan.stop
    average = one.ladder.totals.average_entry
    needed = None if stop is None else chance_of_one_r(edge, average, stop, one.plan.sign)
    return text if needed is None else f"{text}: +1R before -1R {times_in_100(needed)}{_one_r_in_price(one)}"


def _one_r_in_price(one: Told) -> str:
    """What +1R and -1R are here, a distance in price, where 1R in money is another one or is not known."""
    stop, totals = one.plan.stop, one.ladder.totals
    if stop is None or (totals.r > 0 and distance_differs(one.ladder) is None):
        return ""
    return f" (here 1R is {price(one.figures, abs(totals.average_entry - stop))} of price)"


# Proofs


class Proved(NamedTuple):
    """A proof in words, and under a broken one the path that breaks it."""

    item: Item
    path: str


def proofs(one: Told) -> list[Proved]:
    """Every claim: held, broken, or n/a."""
    return [_proved(one, proof) for proof in one.paths.proofs]


def _proved(one: Told, proof: Proof) -> Proved:
    text = _claim(one, proof)
    if proof.holds is None:
        text = f"{text}: {_missing(one, proof.missing)}"
        return Proved(Item(UNKNOWN, text, Role.CAUTION), "")
    if proof.holds:
        return Proved(Item(_HOLDS, text), "")
    path = proof.counterexample
    return Proved(Item(_BROKEN, text, Role.ALARM), path_words(one.figures, path) if path else "")


def _claim(one: Told, proof: Proof) -> str:
    """A claim and both its numbers, as far as they are known."""
    match proof.claim:
        case Claim.WORST_PLANNED:
            return _joined("no path loses more than planned", _loss(one, proof, "planned", in_r=True))
        case Claim.MAX_RISK:
            return _joined("no path loses more than `max_risk`", _loss(one, proof, "limit", in_r=False))
        case Claim.NO_LIQUIDATION:
            spot = one.plan.contract is Contract.SPOT
            return _joined("no path is liquidated", "spot is bought outright" if spot else "")
        case Claim.TIERS:
            return _joined("every tier can fill", _tiers(one, proof))
        case Claim.TARGETS:
            return _joined("every target can be hit", _targets(one, proof))
        case Claim.MAX_LEVERAGE:
            return _joined("leverage stays within `max_leverage`", _leverage(proof))
        case Claim.MAX_MARGIN:
            return _joined("margin stays within `max_margin`", _margin(one, proof))
        case Claim.LOCKED:
            return _joined("no stop that locks a gain or breaks even loses after costs", _locked(one, proof))


def _loss(one: Told, proof: Proof, word: str, *, in_r: bool) -> str:
    value, limit, one_r = proof.value, proof.limit, one.ladder.totals.r
    if value is None:
        return "" if proof.holds is None else f"nothing bounds the loss, {word} {one.figures.loss(limit or ZERO)}"
    if limit is None:
        return f"at most {one.figures.loss(value)} {one.plan.settle}"
    text = f"at most {one.figures.loss_against(value, limit)} {one.plan.settle}, {word} {one.figures.loss(limit)}"
    if in_r and one_r > 0:
        text += f" = {r_signed(CONTEXT.divide(limit, one_r)).removeprefix('+')}"
    return text


def _tiers(one: Told, proof: Proof) -> str:
    text = _reached(proof)
    if not proof.numbers:
        return text
    many = len(proof.numbers) > 1
    text += f"; tier{'s' if many else ''} {numbers(proof.numbers)} never fill{'' if many else 's'}"
    return f"{text}: {tiers_unreached(one.figures, one.paths, proof.numbers)}"


def _targets(one: Told, proof: Proof) -> str:
    text = _reached(proof)
    if not proof.numbers:
        return text
    many = len(proof.numbers) > 1
    text += f"; target{'s' if many else ''} {numbers(proof.numbers)} {'are' if many else 'is'} never hit"
    return f"{text}: {target_unreached(one.figures, one.paths, proof.numbers[0])}"


def _reached(proof: Proof) -> str:
    if proof.value is None or proof.limit is None:
        return ""
    return f"{proof.value} of {proof.limit}" if proof.limit else "the plan has none"


def _leverage(proof: Proof) -> str:
    if proof.value is None:
        return ""
    limit = "" if proof.limit is None else f", limit {written(proof.limit)}x"
    return f"at most {leverage(proof.value, proof.limit)}{limit}"


def _margin(one: Told, proof: Proof) -> str:
    if proof.value is None:
        return ""
    if proof.limit is None:
        return f"at most {one.figures.loss(proof.value)} {one.plan.settle}"
    shown = one.figures.loss_against(proof.value, proof.limit)
    return f"at most {shown} {one.plan.settle}, limit {one.figures.loss(proof.limit)}"


def _locked(one: Told, proof: Proof) -> str:
    if proof.value is None:
        return "" if proof.holds is None else "none is moved there"
    if proof.holds is False:
        return f"what is held then loses {one.figures.loss(proof.value)} {one.plan.settle}"
    return f"what is held then brings at least {one.figures.money(-proof.value)} {one.plan.settle}"


def _missing(one: Told, missing: str) -> str:
    """What is not written, by its key; what is too large to be walked says so itself."""
    if not missing:
        return _ENDLESS
    if missing == "maintenance":
        return no_maintenance(one.plan)
    parent, point, key = missing.partition(".")
    return f"no `{key}` under `{parent}:`" if point and " " not in missing else missing


def _joined(claim: str, figures: str) -> str:
    return f"{claim}: {figures}" if figures else claim


# Ends


class Ends(NamedTuple):
    """The ends that are listed, worst first; `left_out` are those in the middle, told in one line behind `cut`."""

    listed: tuple[Outcome, ...]
    cut: int | None
    left_out: tuple[Outcome, ...]


def ends_of(paths: Paths) -> Ends:
    """The ends to list: all, or the worst and the best of too many."""
    found = paths.outcomes
    if len(found) <= MOST_ENDS:
        return Ends(found, None, ())
    half = MOST_ENDS // 2
    return Ends((*found[:half], *found[-half:]), half - 1, found[half:-half])


def left_out_words(one: Told, ends: Ends) -> str:
    """What is told of the ends in the middle."""
    first, last = ends.left_out[0], ends.left_out[-1]
    together = CONTEXT.create_decimal(0)
    for outcome in ends.left_out:
        together = CONTEXT.add(together, outcome.probability)
    return (
        f"{len(ends.left_out):,} ends from {signed_money(one.figures, first.net)} to "
        f"{signed_money(one.figures, last.net)}, {chance(together)} in all; `--format csv` lists them"
    )


def end_columns(one: Told, ends: Ends, *, blocks: bool) -> list[Offered]:
    """The columns of the table of ends; the ends that the clock makes come last, without figures."""
    figures, rows = one.figures, ends.listed
    timed = [str(extra.end) for extra in one.paths.timed]
    blank = [Cell(NOT_APPLICABLE)] * len(timed)
    most = max((outcome.probability for outcome in rows), default=ZERO)

    def column(head: str, cells: Sequence[Cell], *, left: bool = False) -> Column:
        return Column(head, (*cells, *blank), left)

    def result(outcome: Outcome, text: str) -> Cell:
        return Cell(text, Role.GAIN if outcome.net > 0 else Role.LOSS if outcome.net < 0 else Role.PLAIN)

    names = [Cell(end_words(row), Role.ALARM if row.end is End.LIQUIDATED else Role.PLAIN) for row in rows]
    worst = [Cell(NOT_APPLICABLE if row.net_worst == row.net else signed_money(figures, row.net_worst)) for row in rows]
    bars = tuple(Cell(bar(row.probability, most, _BAR, blocks=blocks)) for row in rows)
    offers = [
        Offered(Column("end", (*names, *map(Cell, timed)), left=True)),
        Offered(column("tiers", [Cell(numbers(row.tiers)) for row in rows])),
        Offered(column("targets", [Cell(first_targets(row.targets)) for row in rows])),
        Offered(column("gross", [Cell(signed_money(figures, row.gross)) for row in rows]), WIDEST),
        Offered(column("net", [result(row, signed_money(figures, row.net)) for row in rows])),
    ]
    if one.ladder.totals.r > 0:
        offers.append(Offered(column("R", [result(row, r_signed(row.net_r)) for row in rows])))
    if any(row.net_worst != row.net for row in rows):
        offers.append(Offered(column("at worst", worst), WELCOME))
    offers.append(Offered(Column("", (*bars, *([Cell("")] * len(timed))), left=True), WIDE))
    offers.append(Offered(column("chance", [Cell(chance(row.probability)) for row in rows])))
    return offers


def end_notes(one: Told) -> list[Item]:
    """What the table of ends does not say itself."""
    notes = []
    if any(row.end is End.TRAIL for row in one.paths.outcomes):
        notes.append(
            Item("trail", f"booked at the exit that is expected; at worst the stop it starts with{_varies(one)}")
        )
        if one.plan.contract is Contract.INVERSE:
            settle = one.plan.settle
            text = f"expected figures in {settle} are approximate: a trail is booked at its expected exit price"
            notes.append(Item("inverse", f"{text}, and what is made in {settle} goes with one over the price"))
    if any(row.end is End.OPEN for row in one.paths.outcomes):
        notes.append(Item("open", "nothing the plan writes ends it; booked at the last price, nothing sold"))
    if _told_apart_by_order(one.paths.outcomes):
        text = "rows alike in end, tiers and targets happened in another order: `--format csv` has the path of each"
        notes.append(Item("order", text))
    if one.paths.timed:
        notes.append(Item("time", clock_words(one.paths)))
    if one.paths.waits:
        many = len(one.paths.waits) > 1
        waits = f"tier{'s' if many else ''} {numbers(one.paths.waits)} would execute at once"
        each = "each waits for the tier before it, and" if many else "it waits for the tier before it, and"
        each = "it" if one.paths.waits == (1,) else each
        notes.append(Item("waits", f"{waits}: {each} fills at the price of that moment", Role.CAUTION))
    return notes


def clock_words(paths: Paths) -> str:
    """The ends that the clock makes, by their keys, and why they have no chance."""
    keys = {"time stop": "time_stop"}
    named = " and ".join(f"`{keys.get(extra.end, extra.end)}`" for extra in paths.timed)
    verb = "are ends" if len(paths.timed) > 1 else "is an end"
    return f"{named} {verb} that the clock makes: no path has a time, so there is no chance"


def _varies(one: Told) -> str:
    """How often a trail is a profit, where that is not what the result it is booked at says."""
    trails = [row for row in one.paths.outcomes if row.end is End.TRAIL and row.probability]
    together = sum((row.probability for row in trails), ZERO)
    profit = sum((row.probability * row.profit for row in trails), ZERO)
    booked = sum((row.probability for row in trails if row.net > 0), ZERO)
    if same(profit, booked):
        return ""
    return (
        f"; the exit varies, and is a profit in {chance(profit / together)} of cases: the chance of profit counts these"
    )


def _told_apart_by_order(outcomes: Sequence[Outcome]) -> bool:
    """Whether ends look alike in the table but for their results."""
    return len({(row.end, row.tiers, row.targets) for row in outcomes}) < len(outcomes)


# Summary


def summary(one: Told) -> list[Item]:
    """Worst, best, expected, the chances, and what the plan needs to come out even."""
    found = one.paths.summary
    if not one.paths.complete:
        return [
            Item("bounds", f"{one.paths.missing}: no path is listed, and no chance is known", Role.CAUTION),
            Item("worst", _bound(one, "worse", found.worst, found.worst_r)),
            Item("best", _bound(one, "better", found.best, found.best_r)),
        ]
    more = ", and more with the trail" if _trails(one) else ", and more while it stays open"
    return [
        Item("worst", _worst(one), Role.LOSS if (found.worst or ZERO) < 0 else Role.PLAIN),
        Item("best", _result(one, found.best, found.best_r) + (more if found.best_unbounded else "")),
        Item("expected", _expected(one)),
        Item(
            "chance",
            f"of profit {chance(found.probability_of_profit)}, of the stop {chance(found.probability_stopped)}, "
            f"of liquidation {chance(found.probability_liquidated)}",
        ),
        Item(
            "break-even",
            breakeven_words(found.breakeven_edge, found.breakeven_missing)
            + (_one_r_in_price(one) if found.breakeven_edge else ""),
        ),
        *_for_sure(one),
        Item("walked", f"{_counted(found.states, 'state')} and {_counted(found.outcomes, 'end')}: all there are"),
    ]


def _bound(one: Told, word: str, net: Decimal | None, in_r: Decimal | None) -> str:
    return f"{'' if net is None else f'no {word} than '}{_result(one, net, in_r)}"


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def _trails(one: Told) -> bool:
    return any(row.end is End.TRAIL for row in one.paths.outcomes)


def _expected(one: Told) -> str:
    found = one.paths.summary
    if found.expected_net is None or found.expected_gross is None:
        return f"{UNKNOWN}: what stays open has no expected result under drift"
    gross = found.expected_gross
    measure = one.ladder.totals.r if one.ladder.totals.r > 0 else max(one.ladder.totals.notional, Decimal(1))
    net = f"{mean_money(one.figures, found.expected_net)} {one.plan.settle}"
    net += "" if found.expected_net_r is None else mean_r(found.expected_net_r)
    if abs(gross) < measure * _NOTHING:
        if abs(found.expected_net) < measure * _NOTHING:
            return "0: at the fair price no order of fills and exits is an edge, and no costs are paid"
        return f"{net}: at the fair price no order of fills and exits is an edge, and what is left are the costs"
    costs = grouped(rounded(gross - found.expected_net, one.figures.places.fee))
    text = f"{net}: {mean_money(one.figures, gross)} at the levels, {costs} of costs"
    if one.paths.edge is not None:
        return text
    if one.plan.contract is Contract.INVERSE:
        return f"{text}; a price that is fair in {one.plan.symbol.quote} is not in {one.plan.settle}"
    return text


def _for_sure(one: Told) -> list[Item]:
    """The assumption behind every plan that leaves one side without a level, in a line of its own."""
    if one.paths.edge not in (None, ONE) or not one.paths.one_sided:
        return []
    text = (
        "with a level on one side only, price comes to it for sure: it is assumed to have no bounds, and all the time"
    )
    return [Item("one side", text, Role.CAUTION)]


def _worst(one: Told) -> str:
    """The worst result; one that no end of the table has is what may be lost where nothing ends the plan."""
    found = one.paths.summary
    if found.worst is None:
        return f"{UNKNOWN}: {_ENDLESS}"
    text = _result(one, found.worst, found.worst_r)
    attained = any(row.net_worst == found.worst for row in one.paths.outcomes)
    return text if attained else f"{text}, the most that is at stake: {_ENDLESS}"


def _result(one: Told, net: Decimal | None, in_r: Decimal | None) -> str:
    if net is None:
        return f"{UNKNOWN}, nothing bounds it"
    text = f"{signed_money(one.figures, net)} {one.plan.settle}"
    return text if in_r is None else f"{text} = {r_signed(in_r)}"


def rests_on(one: Told) -> list[Item]:
    """What the figures rest on."""
    edge = one.paths.edge
    model = (
        "without drift: +1 comes before -2 two times in three, from any price (the fair price)"
        if edge is None
        else f"a geometric Brownian motion, g = 1 - 2*mu/sigma^2 = {edge_text(edge)} (1: no drift)"
    )
    items = [Item("price", f"continuous, without gaps, {model}; time is not in it")]
    said = assumptions(one.figures, one.ladder, distances=False, today=one.study.today)
    return items + [item for item in said if item.label in _SAID_BY_SHOW]
