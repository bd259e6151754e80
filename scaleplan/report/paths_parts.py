"""What `paths` says, before it is laid out: proofs, ends, the summary, and what all of it rests on."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.ladder import Ladder
from scaleplan.paths.events import End
from scaleplan.paths.odds import chance_of_one_r
from scaleplan.paths.records import Claim, Outcome, Paths, Proof, State
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.exact import ZERO, exact
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
from scaleplan.report.layout import Cell, Column, Item, Role
from scaleplan.report.offers import WELCOME, WIDE, WIDEST, Offered
from scaleplan.report.path_words import (
    breakeven_words,
    chance,
    edge_text,
    end_words,
    first_targets,
    numbers,
    path_words,
    price,
    signed_money,
    times_in_100,
)
from scaleplan.report.paths_picture import bar
from scaleplan.report.rounding import CONTEXT
from scaleplan.study import Study

#: So many ends are listed; of more the worst and the best.
MOST_ENDS = 100
#: A sum of money that differs from 0 by less than this part of 1R is 0 but for the noise of quotients.
_NOTHING = Decimal("1e-20")
_BAR = 20
#: What the figures rest on besides the paths, as `show` says it.
_SAID_BY_SHOW = ("1R", "costs", "liquidation")
_HOLDS, _BROKEN = "holds", "BROKEN"


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


def told(study: Study, plan: Plan, ladder: Ladder, paths: Paths) -> Told:
    """What there is to tell of a plan's paths."""
    return Told(study, figures_of(plan, ladder), ladder, paths)


@exact
def odds_words(one: Told) -> str:
    """Where the paths begin, and how likely up and down are."""
    start, edge = one.paths.start, one.paths.edge
    if start is None:
        begin = f"every path from tier 1 at {price(one.figures, one.plan.tiers[0].price)}"
    else:
        begin = f"every path from {price(one.figures, start)}, nothing filled"
    if edge is None:
        return f"{begin}, at the fair price"
    text = f"{begin}, with an edge of {edge_text(edge)}"
    stop = one.plan.stop
    average = one.ladder.totals.average_entry
    needed = None if stop is None else chance_of_one_r(edge, average, stop, one.plan.sign)
    return text if needed is None else f"{text}: +1R before -1R {times_in_100(needed)}"


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
            return _joined("every tier can fill", _reached(proof, "tier", "never fills", "never fill"))
        case Claim.TARGETS:
            return _joined("every target can be hit", _reached(proof, "target", "is never hit", "are never hit"))
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


def _reached(proof: Proof, word: str, never: str, never_many: str) -> str:
    if proof.value is None or proof.limit is None:
        return ""
    if not proof.limit:
        return "the plan has none"
    counted = f"{proof.value} of {proof.limit}"
    if not proof.numbers:
        return counted
    one = len(proof.numbers) == 1
    return f"{counted}; {word}{'' if one else 's'} {numbers(proof.numbers)} {never if one else never_many}"


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
        return f"one loses {one.figures.loss(proof.value)} {one.plan.settle}"
    return f"the least brings {one.figures.money(-proof.value)} {one.plan.settle}"


def _missing(one: Told, missing: str) -> str:
    """What is not written, by its key; what is too large to be walked says so itself."""
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
        notes.append(Item("trail", "booked at the exit that is expected; at worst the stop it starts with"))
    if any(row.end is End.OPEN for row in one.paths.outcomes):
        notes.append(Item("open", "nothing the plan writes ends it; booked at the last price, nothing sold"))
    if one.paths.timed:
        keys = {"time stop": "time_stop"}
        named = " and ".join(f"`{keys.get(extra.end, extra.end)}`" for extra in one.paths.timed)
        verb = "are ends" if len(one.paths.timed) > 1 else "is an end"
        notes.append(Item("time", f"{named} {verb} that the clock makes: no path has a time, so there is no chance"))
    if one.paths.waits:
        many = len(one.paths.waits) > 1
        waits = f"tier{'s' if many else ''} {numbers(one.paths.waits)} would execute at once"
        each = "each waits for the tier before it" if many else "it waits for the tier before it"
        notes.append(Item("waits", f"{waits}: {each}, and fills at the price of that moment", Role.CAUTION))
    return notes


# Summary


@exact
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
        Item("worst", _result(one, found.worst, found.worst_r), Role.LOSS if (found.worst or ZERO) < 0 else Role.PLAIN),
        Item("best", _result(one, found.best, found.best_r) + (more if found.best_unbounded else "")),
        Item("expected", _expected(one)),
        Item(
            "chance",
            f"of profit {chance(found.probability_of_profit)}, of the stop {chance(found.probability_stopped)}, "
            f"of liquidation {chance(found.probability_liquidated)}",
        ),
        Item("break-even", breakeven_words(found.breakeven_edge, found.breakeven_missing)),
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
    net = _result(one, found.expected_net, found.expected_net_r)
    if abs(gross) < measure * _NOTHING:
        if abs(found.expected_net) < measure * _NOTHING:
            return "0: at the fair price no order of fills and exits is an edge, and no costs are paid"
        return f"{net}: at the fair price no order of fills and exits is an edge, and what is left are the costs"
    costs = one.figures.fee(gross - found.expected_net)
    text = f"{net}: {signed_money(one.figures, gross)} at the levels, {costs} of costs"
    if one.paths.edge is not None:
        return text
    if one.plan.contract is Contract.INVERSE:
        return f"{text}; a price that is fair in {one.plan.symbol.quote} is not in {one.plan.settle}"
    alone = "; with a level on one side only, price comes to it for sure"
    return text + (alone if any(map(_one_sided, one.paths.states)) else "")


def _one_sided(state: State) -> bool:
    """Whether price has one level to come to: what happens at once needs no other."""
    moves = [move for move in (state.up, state.down) if move is not None]
    return len(moves) == 1 and not moves[0].at_once


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
