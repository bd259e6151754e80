"""The page of `at`: what the plan is worth where it stands, the levels around it, and what comes next."""

from collections.abc import Iterator
from decimal import Decimal

from scaleplan.engine.event import End, Event, EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.margin import Answer, Liquidation
from scaleplan.engine.risk import in_r
from scaleplan.engine.state import State
from scaleplan.plan import Contract
from scaleplan.quantity.rounding import against, grouped, percent, price_level, rounded, unit
from scaleplan.questions.stance import Finished, Stance, tiers_text
from scaleplan.questions.stance_figures import Away, Coming, StanceFigures, figures_of
from scaleplan.report import figures as digits
from scaleplan.report.figures import NONE, UNKNOWN, Figures, r_gain, r_signed
from scaleplan.report.page import (
    WELCOME,
    Cell,
    Column,
    Fact,
    FactList,
    Heading,
    Page,
    Part,
    Role,
    Sentence,
    Table,
    column,
)
from scaleplan.report.paths.words import chance, event_words, path_words, signed_money
from scaleplan.report.words import no_equity, trails
from scaleplan.study import Study

_PERCENT_PLACES = 1
_LIQUIDATED = Decimal(100)
#: The row of the price itself.
HERE = "HERE"


def at_page(study: Study, there: Stance | Finished) -> Page:
    """Returns the page of one stance, or of a plan that is over before price gets there."""
    figures = digits.figures_of(study.plan, study.ladder)
    if isinstance(there, Finished):
        return Page((FactList(tuple(_over(study, figures, there))),))
    found = figures_of(study, there)
    parts: list[Part] = [
        FactList(tuple(_facts(figures, there, found))),
        Heading("Levels"),
        _levels(figures, there, found),
    ]
    notes = list(_notes(figures, there, found))
    if notes:
        parts += [Heading(), *(Sentence((Cell(note),)) for note in notes)]
    return Page(tuple(parts))


def _over(study: Study, figures: Figures, there: Finished) -> Iterator[Fact]:
    # The target that ended it was hit too, which no state says any more.
    last = there.way[-1]
    done = _done(there.state, there.state.hits + (last.kind is EventKind.TARGET))
    result = _result(figures, there.net, in_r(there.net, study.ladder.totals.r))
    ended = _ended(figures, there)
    yield Fact(_at(figures, there.price), f"the plan is over there: {ended}", Role.STRONG)
    yield Fact("result", f"{result}, all costs in ({done})")
    at = there.machine.liquidation(there.state)
    stop = there.state.stop
    if (
        there.over.end is End.STOPPED
        and at.answer is Answer.UNKNOWN
        and not at.not_before_stop(stop, there.machine.sign)
    ):
        yield Fact("liquidated", _untold(figures, at))


def _ended(figures: Figures, there: Finished) -> str:
    last = there.way[-1]
    if there.over.end is End.TRAIL and there.over.start is not None:
        return f"its trail exits at {figures.price(there.over.start)}"
    if there.over.end is End.TARGETS:
        return f"nothing is left after {event_words(figures, last)}"
    return event_words(figures, last)


def _facts(figures: Figures, there: Stance, found: StanceFigures) -> Iterator[Fact]:
    state = there.state
    position = state.held.position
    held = f"{figures.held(position.quantity)} at {figures.price(position.average_entry)}"
    yield Fact(_at(figures, found.price), f"{_done(state, state.hits)}: {held}", Role.STRONG)
    equity = UNKNOWN if found.equity is None else grouped(rounded(found.equity, figures.places.money))
    if found.equity is not None and figures.plan.account.currency:
        # The account is kept in another currency than all that stands here.
        equity += f" {figures.plan.settle}"
    roe = "" if found.roe is None else f", {_signed_percent(found.roe)} on margin"
    yield Fact("unrealised", f"{_result(figures, found.unrealised, found.unrealised_r)}{roe}; equity {equity}")
    if state.hits or found.realised:
        yield Fact("realised", f"{_money(figures, found.realised)} by exits, all costs in")
    even = NONE if found.breakeven is None else figures.price(found.breakeven)
    closed = _result(figures, found.closed_now, found.closed_now_r)
    yield Fact("closed now", f"{closed}, all costs in (breakeven {even})", _role(found.closed_now))
    yield from _stopped(figures, there, found)
    of = f"{digits.leverage(found.effective_leverage)} of equity"
    spot = figures.plan.contract is Contract.SPOT
    yield Fact("leverage", of if spot else f"{of}; margin ratio {_margin_ratio(found)}")


def _stopped(figures: Figures, there: Stance, found: StanceFigures) -> Iterator[Fact]:
    stop, liquidated = there.state.stop, found.taken_over_at
    if found.if_stopped is not None and stop is not None:
        text = f"{_result(figures, found.if_stopped, found.if_stopped_r)} at {figures.price(stop)}"
        if not found.stop_certain:
            text += ", unless it is liquidated before: nobody knows where, the brackets end too early"
        yield Fact("stopped", text, _role(found.if_stopped))
    elif liquidated is not None and found.if_liquidated is not None:
        text = (
            f"{_result(figures, found.if_liquidated, found.if_liquidated_r)} at {_liquidation(figures, there, found)}"
        )
        text += "" if found.liquidation.answer is Answer.PRICE else " at the latest"
        behind = "" if stop is None else f", before the stop at {figures.price(stop)}"
        yield Fact("liquidated", text + behind, Role.ALARM)
    else:
        worst = there.machine.abandoned(there.state)
        most = "" if worst is None else f": at worst {_money(figures, there.state.realized + worst)}"
        yield Fact("stopped", f"there is no stop{most}")


def _levels(figures: Figures, there: Stance, found: StanceFigures) -> Table:
    """Returns the levels, the highest first, with the price itself among them."""
    above = [level for level in found.levels if level.price > found.price]
    rows: list[Away | None] = [*above, None, *(level for level in found.levels if level.price <= found.price)]
    names = [HERE if level is None else _name(level) for level in rows]
    prices = [
        figures.price(found.price) if level is None else _level_price(figures, there, found, level) for level in rows
    ]
    comings = _by_level(found)
    then = [_then(figures, there, level, comings) for level in rows]
    columns: tuple[Column, ...] = (
        Column("level", tuple(Cell(name, Role.STRONG if name == HERE else Role.PLAIN) for name in names), left=True),
        Column(
            "price",
            tuple(
                Cell(text, Role.STRONG if name == HERE else Role.PLAIN)
                for text, name in zip(prices, names, strict=True)
            ),
        ),
        column("away", ["" if level is None else _away(figures, level.distance) for level in rows]),
        column(
            "%",
            [
                "" if level is None else f"{grouped(rounded(percent(level.fraction), _PERCENT_PLACES))}%"
                for level in rows
            ],
        ),
        column("in R", ["" if level is None else r_gain(level.in_r) for level in rows]),
        Column(
            "then", tuple(Cell(text, Role.PLAIN if text else Role.FAINT) for text in then), left=True, since=WELCOME
        ),
    )
    return Table(columns, told_under=True)


def _by_level(found: StanceFigures) -> dict[tuple[EventKind | None, int], tuple[str, Coming]]:
    comings = (("up", found.up), ("down", found.down))
    return {(coming.step.event.kind, coming.step.event.number): (side, coming) for side, coming in comings if coming}


def _then(
    figures: Figures,
    there: Stance,
    level: Away | None,
    comings: dict[tuple[EventKind | None, int], tuple[str, Coming]],
) -> str:
    """Returns what happens at a level where that comes next; at the price itself what happens at once."""
    if level is None:
        now = next((coming for _, coming in comings.values() if coming.step.at_once), None)
        return "" if now is None else f"now: {_happens(figures, there.state, now)}"
    coming = comings.get((level.kind, level.number))
    if coming is None or coming[1].step.at_once:
        return ""
    side, next_ = coming
    return f"next {side}, {chance(next_.probability)}: {_happens(figures, there.state, next_)}"


def _happens(figures: Figures, state: State, coming: Coming) -> str:
    step = coming.step
    if step.over is not None:
        if step.over.end is End.TRAIL:
            return f"the rest {trails(figures, figures.plan.targets[-1])} behind the best price"
        ends = UNKNOWN if coming.net is None else _in_r_or_money(figures, coming)
        closes = "closes all, " if step.over.end is End.TARGETS else ""
        return f"{closes}ends at {ends}"
    after = step.state
    if after is None:
        raise AssertionError("a step leads to a state or ends the plan")
    words: list[str] = []
    match step.event.kind:
        case EventKind.TIER:
            words.append(f"average {figures.price(after.held.position.average_entry)}")
        case EventKind.TARGET:
            closed = state.held.position.quantity - after.held.position.quantity
            words.append(f"closes {figures.held(closed)}" if closed else "closes nothing")
        case EventKind.AFTER:
            words.append(f"tier {step.event.number} goes live")
    if after.stop is not None and after.stop != state.stop:
        words.append(f"stop to {figures.price(after.stop)}")
    return ", ".join(words)


def _in_r_or_money(figures: Figures, coming: Coming) -> str:
    if coming.net_r is not None:
        return r_signed(coming.net_r)
    return _money(figures, coming.net)


def _notes(figures: Figures, there: Stance, found: StanceFigures) -> Iterator[str]:
    """Yields what the table cannot say: tiers that wait, and which of several states this is."""
    for tier in found.waits:
        yield f"tier {tier} waits: it fills at the price of the moment when tier {tier - 1} has filled"
    if there.others:
        many = "another state is" if there.others == 1 else f"{there.others} other states are"
        known = all(coming is None or coming.probability is not None for coming in (found.up, found.down))
        way = "the likeliest way here" if known else "one way here, how likely is n/a"
        yield f"{way}: {path_words(figures, there.way)}; {many} called so too"
    if found.liquidation.answer is Answer.UNKNOWN:
        yield f"liquidated: {_untold(figures, found.liquidation)}"


def _untold(figures: Figures, at: Liquidation) -> str:
    """Returns what is known of a liquidation whose price is not."""
    if at.not_before is not None:
        return f"{UNKNOWN}, not before {figures.price(at.not_before)}, where the brackets end"
    if at.past_end:
        return f"{UNKNOWN}: the position is past the end of the brackets"
    if figures.plan.margin is None:
        return f"{UNKNOWN}; add `maintenance: 0.5%`, your venue's rate"
    return f"{UNKNOWN}: {no_equity(figures.plan)}"


def _at(figures: Figures, price: Decimal) -> str:
    return f"at {figures.price(price)}"


def _done(state: State, hits: int) -> str:
    filled = bits(state.held.filled)
    hit = {0: "no target hit", 1: "target 1 hit"}.get(hits, f"targets 1-{hits} hit")
    return f"{tiers_text(filled)} filled, {hit}"


def _result(figures: Figures, net: Decimal, net_r: Decimal | None) -> str:
    in_r_too = "" if net_r is None else f" = {r_signed(net_r)}"
    return f"{_money(figures, net)}{in_r_too}"


def _money(figures: Figures, net: Decimal | None) -> str:
    return f"{signed_money(figures, net)} {figures.plan.settle}"


def _role(net: Decimal) -> Role:
    return Role.LOSS if net < 0 else Role.GAIN if net > 0 else Role.PLAIN


def _signed_percent(value: Decimal) -> str:
    return f"{grouped(rounded(percent(value), _PERCENT_PLACES), signed=True)}%"


def _margin_ratio(found: StanceFigures) -> str:
    if found.margin_ratio is None:
        return UNKNOWN
    shown = against(percent(found.margin_ratio), _PERCENT_PLACES, _LIQUIDATED, worse=-1)
    digits_of = f"<{unit(_PERCENT_PLACES)}" if found.margin_ratio > 0 and not shown else grouped(shown)
    return f"{digits_of}% (liquidated at 100%)"


def _name(level: Away) -> str:
    if level.kind is None:
        return "breakeven"
    if level.kind is EventKind.LIQUIDATION:
        return "liquidated at latest" if level.latest else "liquidated"
    if level.kind is EventKind.AFTER:
        return f"tier {level.number} after"
    return Event(level.kind, level.number, level.price).name


def _away(figures: Figures, distance: Decimal) -> str:
    return grouped(rounded(distance, figures.places.price))


def _level_price(figures: Figures, there: Stance, found: StanceFigures, level: Away) -> str:
    if level.kind is EventKind.LIQUIDATION:
        return _liquidation(figures, there, found)
    return grouped(price_level(level.price, figures.places.price))


def _liquidation(figures: Figures, there: Stance, found: StanceFigures) -> str:
    """Returns the liquidation price; one before the stop never reads as one at it or behind it."""
    price, stop = found.taken_over_at, there.state.stop
    if price is None:
        return UNKNOWN
    if stop is None:
        return figures.price(price)
    return grouped(against(price, figures.places.price, stop, worse=figures.plan.sign))
