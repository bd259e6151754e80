"""The columns of the tables of `show`: the tiers, the targets, and what each set of filled tiers would bring.

A new column of the tiers or targets is one line in `tier_columns` or `target_columns`, its digits a method of `Figures`
if no other figure is written alike, and its figure in `record` (`_POSITION`, `_FILL` or `_TARGET`, for JSON and CSV);
with its golden files that is all.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

from scaleplan.engine.event import End
from scaleplan.engine.margin import Answer
from scaleplan.ladder import Ladder, Rung, Standing, TargetExit
from scaleplan.ladder.totals import as_r
from scaleplan.paths.matrix import Matrix, MatrixCell
from scaleplan.plan import Contract, Plan, Tier
from scaleplan.quantity.rounding import CONTEXT
from scaleplan.report.figures import NONE, NOT_APPLICABLE, Figures, leverage, of_equity, r_gain, r_loss, r_signed
from scaleplan.report.page import ESSENTIAL, WELCOME, WIDE, WIDEST, Cell, Column, Fact, Role, column
from scaleplan.report.words import closed_parts, numbers, shares_of


def tier_columns(figures: Figures, ladder: Ladder, width: int) -> list[Column]:
    """Returns the columns of the tiers, from left to right; where there is width, shares stand beside the sizes."""
    plan = figures.plan
    rows = tuple(zip(plan.tiers, ladder.steps, strict=True))

    def of_plan(head: str, text: Callable[[Tier, Rung], str], *, left: bool = False) -> Column:
        return Column(head, tuple(Cell(text(tier, step), _tier_role(step)) for tier, step in rows), left)

    def of_step(
        head: str, text: Callable[[Rung], str], since: int = ESSENTIAL, role: Callable[[Rung], Role] = _tier_role
    ) -> Column:
        cells = (Cell(text(step), role(step) if step.position.reachable else Role.FAINT) for step in ladder.steps)
        return Column(head, tuple(cells), since=since)

    def of_position(head: str, text: Callable[[Standing], str], since: int = ESSENTIAL) -> Column:
        return of_step(head, lambda step: text(step.position), since)

    slips = any(step.fill.price != tier.price for tier, step in rows)
    shares = shares_of(plan, ladder) if width >= WIDE else [""] * len(plan.tiers)
    sizes = _beside([figures.order(step.fill.quantity) for step in ladder.steps], shares)
    spot, owned = plan.contract is Contract.SPOT, plan.account.equity is not None
    on_spot = WELCOME if spot else WIDE
    columns: list[Column | Literal[False]] = [
        of_plan("tier", lambda tier, step: f"{step.tier} {tier.order}", left=True),
        of_plan("price", lambda tier, _: figures.price(tier.price)),
        slips and of_step("fill", lambda step: figures.price(step.fill.price), WIDEST),
        of_step(figures.order_head, lambda step: sizes[step.tier - 1]),
        plan.instrument.contract_size is not None
        and of_step(figures.quantity_head, lambda step: figures.quantity(step.fill.quantity), WIDE),
        # An inverse contract's quantity is its notional.
        plan.contract is not Contract.INVERSE
        and of_step("notional", lambda step: figures.notional(step.fill.notional), on_spot),
        plan.fees.written and of_step("fee", lambda step: figures.fee(step.fill.fee), WIDEST),
        of_position("average", lambda here: figures.price(here.average_entry)),
        of_position("breakeven", lambda here: figures.price(here.breakeven), on_spot),
        of_position("stop", lambda here: figures.stop(here.stop)),
        of_step("risk", lambda step: figures.loss(step.position.risk), role=_risk_role(ladder)),
        of_position("R", lambda here: r_loss(here.risk_r)),
        owned and of_position("% eq", lambda here: of_equity(here.risk_fraction), WIDE),
        owned and not spot and of_position("lev", lambda here: leverage(here.effective_leverage), WIDE),
    ]
    if not spot:
        # Where liquidation is unknown at every tier, the price that it is no later than stands for the room.
        unknown = all(step.position.liquidation.answer is Answer.UNKNOWN for step in ladder.steps)
        columns += [
            of_position("margin", lambda here: figures.money(here.initial_margin), WIDEST),
            of_step("liquidated", lambda step: figures.liquidated(step.position), role=_liquidated_role),
            of_position("at latest", lambda here: _latest(figures, here))
            if unknown
            else of_step("past stop", lambda step: figures.room(step.position), role=_room_role)._replace(spare=True),
            of_position("buffer", figures.buffer, WIDEST),
            of_position("from price", figures.distance, WIDEST),
        ]
    return [column for column in columns if column]


def _latest(figures: Figures, here: Standing) -> str:
    """The bankruptcy price, which liquidation is no later than."""
    unbacked = figures.plan.account.equity is None and figures.plan.is_cross
    return NONE if here.bankruptcy_price is None and not unbacked else figures.price(here.bankruptcy_price)


def _tier_role(step: Rung) -> Role:
    return Role.PLAIN if step.position.reachable else Role.FAINT


def _risk_role(ladder: Ladder) -> Callable[[Rung], Role]:
    """The worst planned loss stands out, and so does a gain that the stop locks in."""
    worst = ladder.totals.worst_tier
    return lambda step: (
        Role.STRONG if step.tier == worst else Role.GAIN if (step.position.risk or 0) < 0 else Role.PLAIN
    )


def _room_role(step: Rung) -> Role:
    past = step.position.liquidation_past_stop
    return Role.ALARM if past is not None and past < 0 else Role.PLAIN


def _liquidated_role(step: Rung) -> Role:
    return Role.CAUTION if step.position.liquidation.answer is Answer.UNKNOWN else _room_role(step)


def target_columns(figures: Figures, ladder: Ladder) -> list[Column]:
    """Returns the columns of the target table; what is left after the last target is its last row."""
    plan, exits, last = figures.plan, ladder.exits, ladder.exits[-1]
    reward, net = ladder.totals.reward, runner_net(ladder)
    runs, taken = net is not None, last.liquidated

    def of(
        head: str, text: Callable[[TargetExit], str], runner: str = NOT_APPLICABLE, since: int = ESSENTIAL
    ) -> Column:
        return column(head, [*map(text, exits), *([runner] if runs else [])], since=since)

    def of_hit(
        head: str, text: Callable[[TargetExit], str], runner: str = NOT_APPLICABLE, since: int = ESSENTIAL
    ) -> Column:
        return of(head, lambda each: text(each) if each.reached else NOT_APPLICABLE, runner, since)

    names = [f"{each.target} {plan.targets[each.target - 1].order}" for each in exits]
    closed = [each.quantity for each in exits] + ([last.remaining] if runs else [])
    parts, left = closed_parts(exits)
    columns: list[Column | Literal[False]] = [
        column("target", [*names, *(["runner"] if runs else [])], left=True),
        of("price", lambda each: figures.price(each.price), figures.stop(last.stop if taken is None else taken)),
        of("fill", lambda each: figures.price(each.fill_price), since=WIDEST),
        plan.stop is not None and of("dist R", lambda each: r_gain(each.r_multiple), since=WIDE),
        column("closes", _closes(figures, closed, [*parts, *([left] if runs else [])])),
        of_hit("left", lambda each: figures.order(each.remaining), figures.order(Decimal(0)))._replace(spare=True),
        plan.fees.written and of_hit("fee", lambda each: figures.fee(each.fee), since=WIDE),
        of_hit("net", lambda each: figures.money(each.pnl), figures.money(net)),
        of_hit("total", lambda each: figures.money(each.realized), figures.money(reward)),
        of_hit("total R", lambda each: r_gain(each.realized_r), r_gain(as_r(reward, ladder))),
        of_hit("stop to", lambda each: figures.stop(each.stop) if each.remaining else NOT_APPLICABLE),
        of_hit("locked", lambda each: _locked(figures, each)),
        of_hit(
            "locked in", lambda each: figures.money(each.locked) if each.remaining else NOT_APPLICABLE, since=WIDEST
        ),
    ]
    return [each for each in columns if each]


def runner_net(ladder: Ladder) -> Decimal | None:
    """Returns what the part without a planned exit brings at the stop in force; nothing where the targets close all."""
    last, reward = ladder.exits[-1], ladder.totals.reward
    return None if reward is None or not last.remaining else CONTEXT.subtract(reward, last.realized)


def _closes(figures: Figures, quantities: Sequence[Decimal], parts: Sequence[str]) -> list[str]:
    """Quantity and share in one column; what only moves the stop closes nothing."""
    amounts = [figures.order(quantity) if quantity else NOT_APPLICABLE for quantity in quantities]
    return _beside(amounts, parts)


def _beside(amounts: Sequence[str], shares: Sequence[str]) -> list[str]:
    """Amounts and their shares, each aligned to the right."""
    width = max(map(len, shares))
    return [f"{amount} {text:>{width}}" if width else amount for amount, text in zip(amounts, shares, strict=True)]


def _locked(figures: Figures, exit_: TargetExit) -> str:
    if not exit_.remaining:
        return NOT_APPLICABLE
    return figures.money(exit_.locked) if exit_.locked_r is None else r_signed(exit_.locked_r)


_ORDER, _LIQUIDATED, _OPEN = "*", "!", "~"
_MARKS = {
    _ORDER: "the worst of several results: it depends on what comes first",
    _LIQUIDATED: "liquidated then",
    _OPEN: "nothing in the plan ends it then: what it can lose",
}


class Outcomes(NamedTuple):
    """The matrix as a table: the sets of filled tiers, a row for each count of targets, and what its marks mean."""

    filled: tuple[str, ...]
    rows: tuple[Column, ...]
    notes: tuple[Fact, ...]


def outcomes(figures: Figures, ladder: Ladder, matrix: Matrix) -> Outcomes:
    """Returns what the plan nets if only these tiers filled, stopped out or with so many targets hit.

    In R, or in money where there is no 1R. What cannot happen is blank; marks tell what else there is to say.
    """
    found = {(each.tiers, each.targets): each for each in matrix.results}
    filled = sorted({each.tiers for each in matrix.results}, key=lambda tiers: (len(tiers), tiers))
    rows = []
    for targets in sorted({each.targets for each in matrix.results}):
        ended = [found.get((tiers, targets)) for tiers in filled]
        cells = tuple(Cell("") if each is None else _cell(figures, ladder, each) for each in ended)
        rows.append(Column(_name(figures.plan, targets), cells))
    used = {mark for each in matrix.results for mark in _marks(each)}
    notes = tuple(Fact(mark, text) for mark, text in _MARKS.items() if mark in used)
    return Outcomes(tuple(map(numbers, filled)), tuple(rows), notes)


def _name(plan: Plan, targets: int) -> str:
    if not targets:
        return "stopped"
    return "all targets" if targets == len(plan.targets) else f"after target {targets}"


def _marks(result: MatrixCell) -> str:
    ended = {End.LIQUIDATED: _LIQUIDATED, End.OPEN: _OPEN}.get(result.end, "")
    return ended + (_ORDER if result.orders else "")


def _cell(figures: Figures, ladder: Ladder, result: MatrixCell) -> Cell:
    in_r = as_r(result.net, ladder)
    text = figures.money(result.net) if in_r is None else r_signed(in_r)
    # Marks stand before the figure, so that digits stand under digits.
    return Cell(f"{_marks(result)}{text}", _role(result))


def _role(result: MatrixCell) -> Role:
    if result.end is End.LIQUIDATED:
        return Role.ALARM
    return Role.GAIN if result.net is not None and result.net >= 0 else Role.LOSS
