"""Several plans of one account: what they risk and tie up together, and the wallet that cross positions share.

Of the wallet: what each plan keeps of it, and where that leaves the others.
"""

from collections.abc import Iterator, Sequence

from scaleplan.engine.levels import reached
from scaleplan.engine.margin import Answer, Joint
from scaleplan.ladder import Ladder
from scaleplan.ladder.book import BookLine
from scaleplan.ladder.precision import money_places
from scaleplan.plan import Plan
from scaleplan.quantity.rounding import grouped, result, rounded
from scaleplan.questions.wallet import Stand
from scaleplan.report.figures import NONE, UNKNOWN, Figures, figures_of, leverage, of_equity, written
from scaleplan.report.page import UNLIMITED, Cell, Column, Heading, Medium, Page, Part, Role, Sentence, Table, column
from scaleplan.report.record import digits
from scaleplan.report.visible import visible


def cross_page(stands: Sequence[Stand], medium: Medium) -> Page:
    """Returns a table a settle currency, with a row a plan, and what the prices rest on."""
    parts: list[Part] = [Heading("Cross margin")] if medium.document else []
    for settle, shared in _wallets(stands):
        title = _title(settle, shared)
        if medium.document:
            parts.append(Sentence((Cell(title),)))
        else:
            parts += [Heading("cross margin", shown=True, note=title), Heading()]
        parts.append(Table(_columns(shared)))
    parts.append(Heading())
    return Page((*parts, *(Sentence((Cell(text),), limit=UNLIMITED) for text in _sentences(stands))))


def cross_record(file: str, stands: Sequence[Stand]) -> dict[str, object] | None:
    """What JSON says of a plan's place in the wallet; absent for one that holds none of it."""
    own = next((stand for stand in stands if stand.study.file == file), None)
    if own is None:
        return None
    settle = own.study.plan.settle
    others = [stand.study.file for stand in stands if stand is not own and stand.study.plan.settle == settle]
    return {
        "with": others,
        "others_at": "average entry",
        "spoken_for": digits(own.spoken_for),
        "maintenance_margin": digits(own.held.maintenance_margin),
        "entry_fees": digits(own.held.entry_fees),
        "written_isolated": own.written_isolated,
        "joint_liquidation_price": None if own.joint is None else digits(own.joint.on(own.study.plan.sign).price),
        "joint_liquidation_below": None if own.joint is None else digits(own.joint.below.price),
        "joint_liquidation_above": None if own.joint is None else digits(own.joint.above.price),
    }


def _wallets(stands: Sequence[Stand]) -> list[tuple[str, list[Stand]]]:
    """The plans of each settle currency, in the order of their first plan."""
    settles = dict.fromkeys(stand.study.plan.settle for stand in stands)
    return [(settle, [stand for stand in stands if stand.study.plan.settle == settle]) for settle in settles]


def _title(settle: str, shared: Sequence[Stand]) -> str:
    if len(shared) == 1:
        return f"{visible(settle)}: one plan, the equity is its own"
    return f"{visible(settle)}: {len(shared)} plans on one equity"


def _columns(stands: Sequence[Stand]) -> tuple[Column, ...]:
    rows = zip(*(_row(stand, stand.study.plan, stand.study.ladder) for stand in stands), strict=True)
    heads = ("plan", "average", "keeps", "fees", "others keep", "liquidated")
    return tuple(column(head, texts, left=head == "plan") for head, texts in zip(heads, rows, strict=True))


def _row(stand: Stand, plan: Plan, ladder: Ladder) -> tuple[str, ...]:
    figures, held, last = figures_of(plan, ladder), stand.held, ladder.steps[-1].position
    return (
        visible(plan.name),
        figures.price(held.average_entry),
        figures.loss(held.maintenance_margin),
        figures.fee(held.entry_fees),
        figures.loss(stand.spoken_for),
        figures.liquidated(last) if stand.joint is None else _jointly(figures, stand.joint),
    )


def _jointly(figures: Figures, joint: Joint) -> str:
    """Where the plans of one market are liquidated together, whichever way price goes."""
    found = [figures.price(each.price) for each in joint if each.price is not None]
    if any(each.answer is Answer.UNKNOWN for each in joint):
        found.append(UNKNOWN)
    return " or ".join(found) or NONE


def _on_the_way(stand: Stand) -> Iterator[str]:
    """What the price of a market does to one of its plans that its own table does not say."""
    if stand.joint is None:
        return
    plan, name = stand.study.plan, visible(stand.study.plan.name)
    figures = figures_of(plan, stand.study.ladder)
    away = stand.joint.on(-plan.sign)
    if away.price is not None:
        yield f"{name} is liquidated with the others at {figures.price(away.price)}, on its winning side"
    for each in stand.joint:
        if each.not_before is not None:
            yield f"{name}: together the positions leave the brackets at {figures.price(each.not_before)}"
    if all(each.past_end for each in stand.joint):
        yield f"{name}: together the positions are past the last bracket, and nobody knows where they are liquidated"


def _counts_on(stand: Stand, other: Stand) -> str:
    """That a plan is liquidated where another of its market, which gains on the way, would be out; empty elsewhere."""
    plan, exits = stand.study.plan, other.study.ladder.exits
    market = (plan.symbol, plan.contract)
    if stand.joint is None or not exits or market != (other.study.plan.symbol, other.study.plan.contract):
        return ""
    at, out = stand.joint.on(plan.sign), exits[0].price
    if plan.sign == other.study.plan.sign or at.answer is Answer.UNKNOWN:
        return ""
    if at.price is not None and not reached(at.price, out, plan.sign):
        return ""
    name, beside = visible(plan.name), visible(other.study.plan.name)
    price = figures_of(other.study.plan, other.study.ladder).price(out)
    return f"{name} counts on what {beside} gains past its target at {price}: once that is hit, it is liquidated nearer"


def _sentences(stands: Sequence[Stand]) -> list[str]:
    found = []
    symbols = [stand.study.plan.symbol.text for stand in stands]
    if len({(stand.study.plan.symbol, stand.study.plan.contract) for stand in stands}) > 1:
        found.append(
            "each liquidation price holds with the plans of other markets fully filled and price at their average "
            "entries: it is nearer where they lose at the same time"
        )
    found.append("keeps: maintenance margin at the average entry, closing fee and reserve included")
    twice = sorted({symbol for symbol in symbols if symbols.count(symbol) > 1})
    if twice:
        found.append(
            f"several plans trade {visible(', '.join(twice))}: their positions are summed, and are liquidated together "
            "at one price, with all tiers of each filled and none of them stopped or out at a target"
        )
    found += [sentence for stand in stands for sentence in _on_the_way(stand)]
    found += [sentence for stand in stands for other in stands if (sentence := _counts_on(stand, other))]
    spot = stands[0].spot if stands else ()
    found += [f"{visible(file)} is spot: it keeps nothing of the margin" for file in spot]
    isolated = [visible(stand.study.file) for stand in stands if stand.written_isolated]
    if isolated:
        found.append(f"written as isolated, taken as cross here: {', '.join(isolated)}")
    return found


def book_page(lines: tuple[BookLine, ...]) -> Page:
    """Returns a row for each settle currency."""
    plans = sum(line.plans for line in lines)
    unknown = "equity is n/a where the plans write none, or not the same"
    return Page(
        (
            Heading("book", shown=True, note=f"{plans} {'plan' if plans == 1 else 'plans'}, as if all are open"),
            Heading(),
            Table(
                (
                    column("settle", [visible(line.settle) for line in lines], left=True),
                    column("plans", [str(line.plans) for line in lines]),
                    column("risk", [_risk(line) for line in lines]),
                    column("risk %", [of_equity(line.risk_fraction) for line in lines]),
                    column("margin", [grouped(rounded(line.initial_margin, _places(line))) for line in lines]),
                    column("margin %", [of_equity(line.margin_fraction, places=1) for line in lines]),
                    column("leverage", [leverage(line.effective_leverage) for line in lines]),
                    column("equity", [UNKNOWN if line.equity is None else written(line.equity) for line in lines]),
                )
            ),
            *(
                [Sentence((Cell(unknown, Role.CAUTION),), limit=UNLIMITED)]
                if any(line.equity is None for line in lines)
                else []
            ),
        )
    )


def _risk(line: BookLine) -> str:
    return UNKNOWN if line.risk is None else grouped(result(line.risk, _places(line), loss=1))


def _places(line: BookLine) -> int:
    return money_places(line.initial_margin if line.risk is None else line.risk)
