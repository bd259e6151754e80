"""The card of one trade: planned against done, its costs, where the plan was left, and all of it in four lines."""

from collections.abc import Iterator
from decimal import Decimal

from scaleplan.engine.event import EventKind
from scaleplan.quantity.number import counted
from scaleplan.questions.review import OneTrade
from scaleplan.report.figures import Figures
from scaleplan.report.page import (
    Cell,
    Fact,
    FactList,
    Heading,
    Medium,
    Page,
    Part,
    Role,
    Sentence,
    Table,
    Title,
    column,
)
from scaleplan.report.paths.words import signed_money
from scaleplan.report.review.page import spans_of
from scaleplan.report.review.words import DONE, STEP_NAMES, money, r_of, share, shown_steps, step_text
from scaleplan.report.trade.page import deviation_line
from scaleplan.report.trade.words import figures_for, when
from scaleplan.report.visible import visible
from scaleplan.review import TradeReview

_CLOSED = {
    EventKind.STOP: "stopped at",
    EventKind.TRAIL: "closed by the trail at",
    EventKind.TIME_STOP: "closed by the time stop at",
    EventKind.LIQUIDATION: "liquidated at",
    EventKind.BY_HAND: "closed by hand at",
}


def card_page(single: OneTrade, medium: Medium, *, with_bars: bool = False) -> Page:
    """Returns the card of a trade, in a document its waterfall drawn; `with_bars` where excursions were asked for."""
    trade, review = single.trade, single.review
    figures = figures_for(trade)
    parts: list[Part] = [
        Title(
            (
                Cell(f"T{review.number}", Role.STRONG),
                Cell(visible(trade.plan.name), Role.STRONG),
                Cell(visible(trade.plan.symbol.text)),
                Cell(trade.plan.side.upper(), Role.STRONG),
                Cell(f"over {when(review.closed_at, review.zone)}"),
            )
        ),
        Heading("Planned against done"),
    ]
    in_r = None if review.r is None else shown_steps([review.in_r(step) or Decimal(0) for step in review.steps.steps])
    parts.append(_steps(figures, review, in_r))
    if medium.document and in_r is not None:
        parts.append(spans_of(in_r, "Planned against done, R"))
    parts += [Heading("Costs"), FactList(tuple(_costs(figures, review)))]
    if single.deviations:
        parts.append(Heading("Deviations"))
        parts += [deviation_line(figures, trade, found) for found in single.deviations]
    parts.append(Heading("In short"))
    parts += [Sentence((Cell(text, role),)) for text, role in _short(figures, single, in_r, with_bars=with_bars)]
    return Page(tuple(parts))


def _steps(figures: Figures, review: TradeReview, in_r: tuple[Decimal, ...] | None) -> Table:
    places = figures.places.money
    shown = shown_steps(review.steps.steps, places)
    rows = [(name, step_text(step)) for name, step in zip(STEP_NAMES, shown, strict=True)]
    rows.append((DONE, step_text(sum(shown, Decimal(0)))))
    columns = [column("", [name for name, _ in rows], left=True)]
    columns.append(column(visible(review.settle), [text for _, text in rows]))
    if in_r is not None:
        columns.append(column("R", [*map(step_text, in_r), step_text(sum(in_r, Decimal(0)))]))
    return Table(tuple(columns))


def _costs(figures: Figures, review: TradeReview) -> Iterator[Fact]:
    costs, places = review.costs, figures.places.money
    paid = [f"fees {money(costs.fees, places)}", f"slippage {money(costs.slippage, places)}"]
    if costs.funding:
        paid.append(f"funding {money(costs.funding, places)}, which is no part of R")
    text = f"{', '.join(paid)} {visible(review.settle)}"
    if review.stands_in:
        text += f"; the plan's own fee stands in for {counted(review.stands_in, 'fill')}"
    yield Fact("costs", text)


def _short(
    figures: Figures, single: OneTrade, in_r: tuple[Decimal, ...] | None, *, with_bars: bool
) -> Iterator[tuple[str, Role]]:
    trade, review = single.trade, single.review
    role = Role.GAIN if review.net > 0 else Role.LOSS if review.net < 0 else Role.PLAIN
    if in_r is None:
        yield f"T{review.number} {signed_money(figures, review.net)} {visible(review.settle)}; it has no 1R", role
    else:
        done = step_text(sum(in_r, Decimal(0)))
        steps = ", ".join(f"{name} {step_text(step)}" for name, step in zip(STEP_NAMES, in_r, strict=True))
        yield f"T{review.number} {done}R: {steps}", role
    yield _way(figures, single, with_bars=with_bars), Role.PLAIN
    lump = review.lump
    whole = figures.held(lump.quantity)
    first = trade.moments[[moment.is_entry for moment in trade.moments].index(True)]
    tier = first.parts[0].tier
    place = "the first fill" if tier is None else f"tier {tier}"
    size, risk = review.in_r(lump.same_size), review.in_r(lump.same_risk)
    if size is None:
        yield f"all {whole} at {place}: {signed_money(figures, lump.same_size)} the same size", Role.PLAIN
    else:
        at_risk = "no stop to scale it by" if risk is None else f"{r_of(risk)}R the same risk"
        yield f"all {whole} at {place}: {r_of(size)}R the same size, {at_risk}", Role.PLAIN
    names = dict.fromkeys(f"{found.kind.code} {found.kind.name}" for found in single.deviations)
    left = f": {', '.join(names)}" if names else ""
    yield f"followed {review.followed} of {review.applicable}{left}", Role.PLAIN


def _way(figures: Figures, single: OneTrade, *, with_bars: bool) -> str:
    """Returns how a trade went: its tiers, its targets, and how what was left was closed."""
    review, plan = single.review, single.trade.plan
    text = f"tiers {len(review.tiers)} of {len(plan.tiers)}"
    if review.hits:
        text += f", target{'' if review.hits == 1 else 's 1 to'} {review.hits}"
    last = next(moment for moment in reversed(single.trade.moments) if moment.is_exit)
    if review.end in _CLOSED:
        text += f", then {_CLOSED[review.end]} {figures.price(last.event.price)}"
    found = review.excursion
    if found is None:
        return f"{text} (not judged: {'the bars do not cover it' if with_bars else 'no bars'})"
    worst, best = review.in_r(found.worst), review.in_r(found.best)
    if worst is None or best is None:
        return f"{text} (at worst {signed_money(figures, found.worst)}, at best {signed_money(figures, found.best)})"
    kept = f", kept {share(review.net / found.best)}%" if found.best > 0 else ""
    return f"{text} (at worst {r_of(worst)}R, at best {r_of(best)}R{kept})"
