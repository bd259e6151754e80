"""The columns of the target table: what each exit closes and brings, and where the plan stands afterwards."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.ladder import Exit, Ladder
from scaleplan.ladder.totals import as_r
from scaleplan.report.figures import NOT_APPLICABLE, Figures, part, r_gain, r_signed
from scaleplan.report.layout import Cell, Column, beside
from scaleplan.report.offers import WIDE, WIDEST, Offered
from scaleplan.report.rounding import CONTEXT


def target_columns(figures: Figures, ladder: Ladder) -> list[Offered]:
    """The columns of the target table, from left to right; what is left after the last target is its last row."""
    plan, exits = figures.plan, ladder.exits
    rest = runner(ladder)
    whole = ladder.totals.quantity

    def column(head: str, text: Callable[[Exit], str], of_rest: str, *, left: bool = False) -> Column:
        cells = [Cell(text(exit_)) for exit_ in exits]
        return Column(head, tuple([*cells, Cell(of_rest)] if rest else cells), left)

    def name(exit_: Exit) -> str:
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


def _stop(figures: Figures, exit_: Exit) -> str:
    return figures.stop(exit_.stop) if exit_.remaining else NOT_APPLICABLE


def _locked(figures: Figures, exit_: Exit) -> str:
    if not exit_.remaining:
        return NOT_APPLICABLE
    return figures.money(exit_.locked) if exit_.locked_r is None else r_signed(exit_.locked_r)


def _locked_money(figures: Figures, exit_: Exit) -> str:
    return figures.money(exit_.locked) if exit_.remaining else NOT_APPLICABLE
