"""The page of plans beside each other: a column a plan, a row a figure; the best of a row is not marked."""

import os
from collections.abc import Callable
from decimal import Decimal

from scaleplan.engine.risk import in_r
from scaleplan.questions.alongside import Alongside, ComparedPlan
from scaleplan.report.figures import Figures, figures_of, leverage, of_equity, r_gain, r_loss, ratio
from scaleplan.report.measures import room_text
from scaleplan.report.page import Cell, Heading, Page, Sentence, Table, Title, column
from scaleplan.report.paths.words import chance
from scaleplan.report.sentences import head
from scaleplan.report.visible import visible

#: What ends every comparison.
LAW = "at the fair price none of them has an edge: what differs is when you lose and what it costs"
_Text = Callable[[ComparedPlan, Figures], str]
#: The longest head of a column: the beginning of a file's name.
_HEAD = 16


def alongside_page(found: Alongside) -> Page:
    """Returns the page; with baselines its head says what all of them lose. Its last line is the law."""
    rows = _rows(found)
    figures = [figures_of(each.plan, each.ladder) for each in found.plans]
    columns = [column("", list(rows), left=True)]
    for name, each, its in zip(column_names(found), found.plans, figures, strict=True):
        columns.append(column(name, [text(each, its) for text in rows.values()]))
    table = Table(tuple(columns))
    if found.loss is None:
        minds = () if found.in_money else ("they settle in several currencies: money is in each plan's own R",)
        return Page((table, Heading(), *(Sentence((Cell(mind),)) for mind in (*minds, LAW))))
    own = found.plans[0]
    lead = f"baselines, all at {figures[0].loss(found.loss)} {own.plan.settle} at worst"
    left_out = [Sentence((Cell(f"not here: {each.name}, {each.reason}"),)) for each in found.left_out]
    law = Sentence((Cell(LAW),))
    return Page(
        (Title(head(own.plan), tight=True), Sentence((Cell(lead),)), Heading(), table, Heading(), *left_out, law)
    )


def column_names(found: Alongside) -> list[str]:
    """Returns the head of each column: its shape, or its file without folder and ending, told apart where alike."""
    names = [visible(each.name) for each in found.plans]
    if found.loss is None:
        names = [os.path.splitext(os.path.basename(name))[0] for name in names]  # noqa: PTH119, PTH122
    return [
        f"{number} {name}"[:_HEAD] if names.count(name) > 1 or len(name) > _HEAD else name
        for number, name in enumerate(names, start=1)
    ]


def _rows(found: Alongside) -> dict[str, _Text]:
    """Returns the rows by their labels."""
    with_baselines = found.loss is not None
    in_r_alone = with_baselines or not found.in_money
    unit = "" if in_r_alone or not found.plans else f", {found.plans[0].plan.settle}"

    def money(label: str, of: Callable[[ComparedPlan], Decimal | None], *, loss: bool = False) -> dict[str, _Text]:
        """Returns a row in money, or in R."""
        if in_r_alone:
            how = r_loss if loss else r_gain
            return {f"{label}, R": lambda each, _: how(in_r(of(each), each.one_r))}
        return {f"{label}{unit}": lambda each, own: own.loss(of(each)) if loss else own.money(of(each))}

    return {
        "size": lambda each, own: own.held(each.ladder.totals.quantity),
        "tiers": lambda each, _: str(len(each.plan.tiers)),
        "average": lambda each, own: own.price(each.ladder.totals.average_entry),
        **money("worst loss", lambda each: each.measures.worst_loss, loss=True),
        "of equity": lambda each, _: of_equity(each.measures.worst_loss_of_equity),
        **money("make if all hit", lambda each: each.ladder.totals.reward),
        "reward to risk": lambda each, _: ratio(each.ladder.totals.reward_to_risk),
        **money("margin", lambda each: each.measures.margin, loss=True),
        "leverage": lambda each, _: leverage(each.measures.effective_leverage),
        "behind the stop": lambda each, _: room_text(each.measures.behind_stop),
        "chance of profit": lambda each, _: chance(each.summary and each.summary.probability_of_profit),
        "of the worst": lambda each, _: chance(each.worst_chance),
        **money("expected net", lambda each: None if each.summary is None else each.summary.expected_net),
        **money("fees", lambda each: each.ladder.totals.fees, loss=True),
    }
