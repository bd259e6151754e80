"""The columns of the tier table: the order to type, then the position after it, its risk and its liquidation."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import End
from scaleplan.engine.margin import Answer
from scaleplan.ladder import Ladder, Rung, TargetExit
from scaleplan.ladder.totals import as_r
from scaleplan.paths.matrix import Matrix, MatrixCell
from scaleplan.plan import Contract, Plan, Tier
from scaleplan.report.figures import NONE, NOT_APPLICABLE, Figures, leverage, of_equity, part, r_gain, r_loss, r_signed
from scaleplan.report.layout import WELCOME, WIDE, WIDEST, Cell, Column, Item, Offered, Role, beside
from scaleplan.report.paths.words import numbers
from scaleplan.report.rounding import CONTEXT
from scaleplan.report.words import shares_of


def tier_columns(figures: Figures, ladder: Ladder, width: int) -> list[Offered]:
    """The columns of the tier table, from left to right; where there is width, shares stand beside the sizes."""
    plan = figures.plan
    rows = tuple(zip(plan.tiers, ladder.steps, strict=True))

    def column(
        head: str,
        text: Callable[[Tier, Rung], str],
        role: Callable[[Rung], Role] | None = None,
        *,
        left: bool = False,
    ) -> Column:
        cells = []
        for tier, step in rows:
            own = role(step) if role else Role.PLAIN
            cells.append(Cell(text(tier, step), own if step.position.reachable else Role.FAINT))
        return Column(head, tuple(cells), left)

    slips = any(step.fill.price != tier.price for tier, step in rows)
    shares = shares_of(plan, ladder) if width >= WIDE else [""] * len(plan.tiers)
    sizes = beside([figures.order(step.fill.quantity) for step in ladder.steps], shares)
    spot = plan.contract is Contract.SPOT
    on_spot = WELCOME if spot else WIDE
    offers: list[Offered | None] = [
        Offered(column("tier", lambda tier, step: f"{step.tier} {tier.order}", left=True)),
        Offered(column("price", lambda tier, _: figures.price(tier.price))),
        Offered(column("fill", lambda _, step: figures.price(step.fill.price)), WIDEST) if slips else None,
        Offered(column(figures.order_head, lambda _, step: sizes[step.tier - 1])),
        Offered(column(figures.quantity_head, lambda _, step: figures.quantity(step.fill.quantity)), WIDE)
        if plan.instrument.contract_size is not None
        else None,
        # An inverse contract's quantity is its notional.
        None
        if plan.contract is Contract.INVERSE
        else Offered(column("notional", lambda _, step: figures.notional(step.fill.notional)), on_spot),
        Offered(column("fee", lambda _, step: figures.fee(step.fill.fee)), WIDEST) if plan.fees.written else None,
        Offered(column("average", lambda _, step: figures.price(step.position.average_entry))),
        Offered(column("breakeven", lambda _, step: figures.price(step.position.breakeven)), on_spot),
        Offered(column("stop", lambda _, step: figures.stop(step.position.stop))),
        Offered(column("risk", lambda _, step: figures.loss(step.position.risk), _risk_role(ladder))),
        Offered(column("R", lambda _, step: r_loss(step.position.risk_r))),
    ]
    owned = plan.account.equity is not None
    if owned:
        offers.append(Offered(column("% eq", lambda _, step: of_equity(step.position.risk_fraction)), WIDE))
    if owned and not spot:
        offers.append(Offered(column("lev", lambda _, step: leverage(step.position.effective_leverage)), WIDE))
    if not spot:
        offers += [
            Offered(column("margin", lambda _, step: figures.money(step.position.initial_margin)), WIDEST),
            Offered(column("liquidated", lambda _, step: figures.liquidated(step.position), _liquidated_role)),
            *_past_stop(figures, ladder, column),
            Offered(column("buffer", lambda _, step: figures.buffer(step.position)), WIDEST),
            Offered(column("away", lambda _, step: figures.distance(step.position)), WIDEST),
        ]
    return [offer for offer in offers if offer is not None]


def _past_stop(figures: Figures, ladder: Ladder, column: Callable[..., Column]) -> list[Offered]:
    """The room behind the stop; where liquidation is unknown at every tier, the price that it is no later than."""
    if all(step.position.liquidation.answer is Answer.UNKNOWN for step in ladder.steps):
        return [Offered(column("at latest", lambda _, step: latest(figures, step)))]
    return [Offered(column("room", lambda _, step: figures.room(step.position), _room_role))]


def latest(figures: Figures, step: Rung) -> str:
    """The bankruptcy price, which liquidation is no later than."""
    price = step.position.bankruptcy_price
    unbacked = figures.plan.account.equity is None and figures.plan.is_cross
    return NONE if price is None and not unbacked else figures.price(price)


def _risk_role(ladder: Ladder) -> Callable[[Rung], Role]:
    """The worst planned loss stands out, and so does a gain that the stop locks in."""
    worst = ladder.totals.worst_tier
    return lambda step: Role.STRONG if step.tier == worst else Role.GAIN if step.position.risk < 0 else Role.PLAIN


def _room_role(step: Rung) -> Role:
    past = step.position.liquidation_past_stop
    return Role.ALARM if past is not None and past < 0 else Role.PLAIN


def _liquidated_role(step: Rung) -> Role:
    return Role.CAUTION if step.position.liquidation.answer is Answer.UNKNOWN else _room_role(step)


def target_columns(figures: Figures, ladder: Ladder) -> list[Offered]:
    """The columns of the target table, from left to right; what is left after the last target is its last row."""
    plan, exits = figures.plan, ladder.exits
    rest = runner(ladder)
    whole = ladder.totals.quantity

    def column(head: str, text: Callable[[TargetExit], str], of_rest: str, *, left: bool = False) -> Column:
        cells = [Cell(text(exit_)) for exit_ in exits]
        return Column(head, tuple([*cells, Cell(of_rest)] if rest else cells), left)

    def name(exit_: TargetExit) -> str:
        return f"{exit_.target} {plan.targets[exit_.target - 1].order}"

    last = exits[-1]
    offers: list[Offered | None] = [
        Offered(column("target", name, "runner", left=True)),
        Offered(column("price", lambda exit_: figures.price(exit_.price), figures.stop(last.stop))),
        Offered(column("fill", lambda exit_: figures.price(exit_.fill_price), NOT_APPLICABLE), WIDEST),
        None
        if plan.stop is None
        else Offered(column("dist R", lambda exit_: r_gain(exit_.r_multiple), NOT_APPLICABLE), WIDE),
        Offered(_closes(figures, [exit_.quantity for exit_ in exits] + ([last.remaining] if rest else []), whole)),
        Offered(column("left", lambda exit_: figures.order(exit_.remaining), figures.order(Decimal(0)))),
        Offered(column("fee", lambda exit_: figures.fee(exit_.fee), NOT_APPLICABLE), WIDE)
        if plan.fees.written
        else None,
        Offered(column("net", lambda exit_: figures.money(exit_.pnl), figures.money(rest.pnl if rest else None))),
        Offered(column("total", lambda exit_: figures.money(exit_.realized), figures.money(ladder.totals.reward))),
        Offered(column("total R", lambda exit_: r_gain(exit_.realized_r), r_gain(as_r(ladder.totals.reward, ladder)))),
        Offered(column("stop to", lambda exit_: _stop(figures, exit_), NOT_APPLICABLE)),
        Offered(column("locked", lambda exit_: _locked(figures, exit_), NOT_APPLICABLE)),
        Offered(column("locked in", lambda exit_: _locked_money(figures, exit_), NOT_APPLICABLE), WIDEST),
    ]
    return [offer for offer in offers if offer is not None]


class Runner(NamedTuple):
    """What is left after the last target, and what it brings at the stop in force there."""

    quantity: Decimal
    pnl: Decimal


def runner(ladder: Ladder) -> Runner | None:
    """The part without a planned exit; nothing where the targets close all."""
    last, reward = ladder.exits[-1], ladder.totals.reward
    if not last.remaining or reward is None:
        return None
    return Runner(last.remaining, CONTEXT.subtract(reward, last.realized))


def _closes(figures: Figures, quantities: Sequence[Decimal], whole: Decimal) -> Column:
    """Quantity and share in one column; what only moves the stop closes nothing."""
    amounts = [figures.order(quantity) if quantity else NOT_APPLICABLE for quantity in quantities]
    shares = [part(quantity, whole) if quantity else "" for quantity in quantities]
    return Column("closes", tuple(Cell(text) for text in beside(amounts, shares)))


def _stop(figures: Figures, exit_: TargetExit) -> str:
    return figures.stop(exit_.stop) if exit_.remaining else NOT_APPLICABLE


def _locked(figures: Figures, exit_: TargetExit) -> str:
    if not exit_.remaining:
        return NOT_APPLICABLE
    return figures.money(exit_.locked) if exit_.locked_r is None else r_signed(exit_.locked_r)


def _locked_money(figures: Figures, exit_: TargetExit) -> str:
    return figures.money(exit_.locked) if exit_.remaining else NOT_APPLICABLE


_ORDER, _LIQUIDATED, _OPEN = "*", "!", "~"
_MARKS = {
    _ORDER: "the worst of several results: it depends on what comes first",
    _LIQUIDATED: "liquidated then",
    _OPEN: "nothing in the plan ends it then: what it can lose",
}


class Outcome(NamedTuple):
    """One count of targets hit, and what it brings for each set of filled tiers."""

    name: str
    cells: tuple[Cell, ...]


class Outcomes(NamedTuple):
    """The matrix as a table: the sets of filled tiers, a row for each count of targets, and what its marks mean."""

    filled: tuple[str, ...]
    rows: tuple[Outcome, ...]
    notes: tuple[Item, ...]


def outcomes(figures: Figures, ladder: Ladder, matrix: Matrix) -> Outcomes:
    """The matrix in R, or in money where there is no 1R; blank where something cannot happen."""
    found = {(one.tiers, one.targets): one for one in matrix.results}
    filled = sorted({one.tiers for one in matrix.results}, key=lambda tiers: (len(tiers), tiers))
    hit = sorted({one.targets for one in matrix.results})
    rows = []
    for targets in hit:
        ended = [found.get((tiers, targets)) for tiers in filled]
        cells = tuple(Cell("") if one is None else _cell(figures, ladder, one) for one in ended)
        rows.append(Outcome(_name(figures.plan, targets), cells))
    used = {mark for one in matrix.results for mark in _marks(one)}
    notes = tuple(Item(mark, text) for mark, text in _MARKS.items() if mark in used)
    return Outcomes(tuple(map(numbers, filled)), tuple(rows), notes)


def _name(plan: Plan, targets: int) -> str:
    if not targets:
        return "stopped"
    return "all targets" if targets == len(plan.targets) else f"after target {targets}"


def _marks(one: MatrixCell) -> str:
    ended = {End.LIQUIDATED: _LIQUIDATED, End.OPEN: _OPEN}.get(one.end, "")
    return ended + (_ORDER if one.orders else "")


def _cell(figures: Figures, ladder: Ladder, one: MatrixCell) -> Cell:
    net, one_r = one.net, ladder.totals.r
    in_r = None if net is None or one_r <= 0 else CONTEXT.divide(net, one_r)
    text = figures.money(net) if in_r is None else r_signed(in_r)
    # Marks stand before the figure, so that digits stand under digits.
    return Cell(f"{_marks(one)}{text}", _role(one))


def _role(one: MatrixCell) -> Role:
    if one.end is End.LIQUIDATED:
        return Role.ALARM
    return Role.GAIN if one.net is not None and one.net >= 0 else Role.LOSS
