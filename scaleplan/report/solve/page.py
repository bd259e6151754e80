"""The page of an answer: what it is and what it comes to, what decides it, the next one, and what writing it does."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from scaleplan.diagnostic import Diagnostic
from scaleplan.quantity.exact import above
from scaleplan.quantity.rounding import Toward, against, grouped, places_for, places_of, rounded, trimmed
from scaleplan.questions.solve import Answered
from scaleplan.questions.solve.records import CountRow, Goal, NextValue, Reason, Solution, SolvedValue, What, of_unit
from scaleplan.questions.solve.written import Write
from scaleplan.report.figures import UNKNOWN, Figures, figures_of, r_gain, r_loss
from scaleplan.report.page import Fact, FactList, Page, Role
from scaleplan.report.solve.words import (
    behind_words,
    filled_words,
    held_words,
    share_words,
    signed_money,
    state_words,
    unit_words,
    why_words,
)
from scaleplan.report.visible import visible
from scaleplan.report.words import numbered
from scaleplan.study import Study

_LEVERAGE_PLACES = 2
#: What one unit loses has at least so many significant digits.
_UNIT_DIGITS = 3


def solve_page(
    study: Study, goal: Goal, answered: Answered, write: Write | None, then: tuple[Diagnostic, ...], *, wrote: bool
) -> Page:
    """Returns the page; `then` is what is wrong with the plan that has the answer and was not before."""
    return Page((FactList(tuple(_facts(study, goal, answered, write, then, wrote=wrote))),))


def _facts(
    study: Study, goal: Goal, answered: Answered, write: Write | None, then: tuple[Diagnostic, ...], *, wrote: bool
) -> Iterator[Fact]:
    solution, none = answered.solution, answered.none
    if none is not None:
        yield Fact(str(goal.what), why_words(none.why, study.plan, study.ladder), mark=Role.STRONG)
    if solution is not None and solution.answer is not None:
        figures = figures_of(solution.plan, solution.ladder)
        # Prices and money have the digits of the plan as it was too.
        was = figures_of(study.plan, study.ladder).places
        places = figures.places._replace(
            price=max(figures.places.price, was.price), money=max(figures.places.money, was.money)
        )
        yield from _SAYS[goal.what](figures._replace(places=places), goal, solution, solution.answer)
        if solution.why is not None:
            label = "maximum"
            yield Fact(label, why_words(solution.why, solution.plan, solution.ladder).partition(": ")[2])
    for row in answered.rows:
        label = state_words(tuple(range(1, row.tiers + 1)), goal.target - 1)
        yield Fact(label, _row_words(study, row))
    if solution is not None:
        yield from _as_listed(goal, solution)
        yield from _impossible(study, solution)
    for diagnostic in then:
        yield Fact(f"{diagnostic.code}", f"{diagnostic.severity}: {visible(diagnostic.message)}")
    if write is not None:
        yield Fact("write", _write_words(write, wrote=wrote))


def _row_words(study: Study, row: CountRow) -> str:
    if row.why is None:
        return share_words(row.value or Decimal(0))
    return "free already" if row.why.reason is Reason.NOTHING else why_words(row.why, study.plan, study.ladder)


def _write_words(write: Write, *, wrote: bool) -> str:
    new = visible(write.new)
    key = write.path.rpartition(".")[2]
    typed = new if new.startswith(f"{key}: ") else f"{key}: {new}"
    begin = "" if wrote else "--write "
    if not write.old:
        return f"{begin}{'put' if wrote else 'puts'} `{typed}` on line {write.line}"
    if write.old == write.new:
        return f"the plan has `{typed}` already (line {write.line})"
    place = f"in the place of `{visible(write.old)}` (line {write.line})"
    return f"{begin}{'put' if wrote else 'puts'} `{typed}` {place}"


def _as_listed(goal: Goal, solution: Solution) -> Iterator[Fact]:
    """Says what the tiers lose as listed, where no path fills them so and a loss was asked for."""
    listed, lost = solution.ladder.totals.risk_if_all, solution.after
    if goal.loss is None or listed is None or lost is None or not above(listed, max(lost, Decimal(0))):
        return
    figures = figures_of(solution.plan, solution.ladder)
    past = f", more than {figures.loss(goal.loss)}" if above(listed, goal.loss) else ""
    amount = figures.loss_against(listed, goal.loss)
    yield Fact(
        "mind",
        f"filled as listed all tiers lose {amount} {figures.plan.settle}{past}: no path fills them so, but an order "
        "that is not cancelled fills",
        Role.CAUTION,
    )


def _impossible(study: Study, solution: Solution) -> Iterator[Fact]:
    """Says which tiers no path fills any more, that it did before."""
    if not solution.values:
        return
    pairs = zip(study.ladder.steps, solution.ladder.steps, strict=True)
    never = [new.tier for old, new in pairs if old.position.fills and not new.position.fills]
    if never:
        yield Fact("mind", f"{numbered(never)} never fill{'s' * (len(never) == 1)} then", Role.CAUTION)


# What each answer says


def _size(figures: Figures, goal: Goal, solution: Solution, answer: SolvedValue) -> Iterator[Fact]:
    settle = figures.plan.settle
    text = _counted(answer, answer.values[0]) + (" the size of each tier" if answer.unit == "x" else "")
    if goal.margin is not None:
        was, after = (
            figures.loss_against(value or Decimal(0), goal.margin) for value in (solution.before, solution.after)
        )
        yield Fact("size", f"{text}: margin of all tiers {after} {settle}, was {was}")
    else:
        yield Fact("size", f"{text}: {_lost(figures, goal, solution)}")
    if answer.unit == "x":
        yield Fact("tiers", ", ".join(answer.typed[: len(solution.plan.tiers)]))
    yield from _then(solution.next, lambda value: _counted(answer, value), lambda result: _would(figures, goal, result))


def _would(figures: Figures, goal: Goal, result: Decimal) -> str:
    verb = "would lose" if goal.margin is None else "would post"
    return f"{verb} {figures.loss_against(result, goal.loss or goal.margin or Decimal(0))}"


def _counted(answer: SolvedValue, value: Decimal) -> str:
    return of_unit(trimmed(value), answer.unit)


def _lost(figures: Figures, goal: Goal, solution: Solution) -> str:
    """Returns what is lost at worst with the answer, after which tier, and what it was before."""
    amount = figures.loss_against(solution.after or Decimal(0), goal.loss or Decimal(0))
    binding = solution.binding
    where = "on a path in another order" if solution.elsewhere or binding is None else f"after tier {binding.tiers[-1]}"
    word = "worst loss" if solution.elsewhere else "worst planned loss"
    was = "" if solution.before is None else f", was {figures.loss(solution.before)}"
    return f"{word} {amount} {figures.plan.settle} ({where}){was}"


def _leverage(figures: Figures, goal: Goal, solution: Solution, answer: SolvedValue) -> Iterator[Fact]:
    yield Fact("leverage", f"{trimmed(answer.values[0])}x: {_behind(goal, solution)}")
    exact = answer.exact[0]
    exactly = "" if exact is None else f" (exactly {grouped(_floored(exact))}x)"
    yield from _tightest(figures, solution, exactly)
    yield from _then(
        solution.next,
        lambda value: f"{trimmed(value)}x",
        lambda result: f"would be {behind_words(result)}",
    )


def _floored(value: Decimal) -> Decimal:
    return rounded(value, _LEVERAGE_PLACES, Toward.DOWN)


def _behind(goal: Goal, solution: Solution) -> str:
    """Returns the promise: how far behind the stop, and in which states."""
    least = f"at least {share_words(goal.behind)} behind" if goal.behind else "not before"
    if goal.tiers is not None:
        return f"liquidated {least} the stop once {filled_words(goal.tiers, goal.targets or 0)}"
    where = "in its one state" if solution.states == 1 else f"in each of {solution.states} states"
    return f"liquidated {least} the stop {where}"


def _tightest(figures: Figures, solution: Solution, exactly: str) -> Iterator[Fact]:
    found = solution.binding
    if found is None or found.level is None or found.stop is None or solution.after is None:
        yield Fact("tightest", f"no state is liquidated at any price{exactly}")
        return
    price = grouped(against(found.level, figures.places.price, found.stop, worse=figures.plan.sign))
    yield Fact(
        "tightest",
        f"{state_words(found.tiers, found.targets)}: liquidated {price},"
        f" {behind_words(solution.after)} {figures.price(found.stop)}{exactly}",
    )


def _margin(figures: Figures, goal: Goal, solution: Solution, answer: SolvedValue) -> Iterator[Fact]:
    settle, value, had = figures.plan.settle, answer.values[0], solution.other or Decimal(0)
    more = value - had
    amount = f"{_whole(abs(more), figures.places.money)} {settle} {'more' if more >= 0 else 'less'}"
    if had:
        amount += f", {_whole(value, figures.places.money)} in all"
    which = f" ({state_words(solution.binding.tiers, solution.binding.targets)})" if solution.binding else ""
    was = UNKNOWN if solution.before is None else behind_words(solution.before)
    without = "without" if not had else "as it is"
    yield Fact("margin", f"{amount}{which}; {without}: {was}")
    yield Fact("then", _behind(goal, solution))
    yield from _tightest(figures, solution, "")
    yield from _then(
        solution.next,
        lambda less: _whole(less, figures.places.money),
        lambda result: f"would be {behind_words(result)}",
    )


def _stop(figures: Figures, goal: Goal, solution: Solution, answer: SolvedValue) -> Iterator[Fact]:
    yield Fact("stop", f"{_exact_price(figures, answer.values[0])}: {_lost(figures, goal, solution)}")
    yield from _then(
        solution.next, lambda value: _exact_price(figures, value), lambda result: _would(figures, goal, result)
    )


def _exact_price(figures: Figures, value: Decimal) -> str:
    """Returns a price on its grid, with every digit that it has."""
    return _whole(value, figures.places.price)


def _whole(value: Decimal, places: int) -> str:
    """Returns what lies on a grid, with every digit that it has and no fewer than `places`."""
    return f"{value:,.{max(places_of(value), places)}f}"


def _add(figures: Figures, goal: Goal, solution: Solution, answer: SolvedValue) -> Iterator[Fact]:
    plan = figures.plan
    amount = _counted(answer, answer.values[0])
    before, after = solution.before, solution.after
    if goal.average is not None:
        limit = goal.average

        def shown(value: Decimal) -> str:
            return grouped(against(value, figures.places.price, limit, worse=plan.sign))

        yield Fact("add", f"{amount}: average {shown(after or Decimal(0))}, was {figures.price(before)}")
    elif goal.risk is not None:
        risk = goal.risk

        def shown(value: Decimal) -> str:
            return figures.loss_against(value, risk)

        in_r = ""
        if solution.other and after is not None and solution.other > 0:
            in_r = f" = {r_loss(after / solution.other)}R"
        was = figures.loss(before or Decimal(0))
        yield Fact("add", f"{amount}: risk {shown(after or Decimal(0))} {plan.settle}{in_r}, was {was}")
    else:
        furthest = solution.other or Decimal(0)

        def shown(value: Decimal) -> str:
            return grouped(against(value, figures.places.price, furthest, worse=plan.sign))

        now = "at no price" if after is None else f"at {shown(after)}"
        was = "none" if before is None else figures.price(before)
        yield Fact("add", f"{amount}: liquidated {now}, was {was}")
    found = solution.binding
    if found is not None and solution.price is not None:
        what = f"{goal.order} at {figures.price(solution.price)}, {filled_words(found.tiers, found.targets)}"
        stop = f", stop {figures.price(found.level)}" if found.level is not None else ", no stop"
        yield Fact("order", what + stop)
    after_it = solution.ladder.steps[-1].position
    if after_it.liquidation_past_stop is not None and after_it.liquidation_past_stop <= 0:
        at = figures.price(after_it.liquidation.price)
        yield Fact("mind", f"with it the position is liquidated at {at}, before the stop", Role.ALARM)
    yield from _then(
        solution.next,
        lambda value: _counted(answer, value),
        lambda result: f"would make it {shown(result)}",
    )


def _close(figures: Figures, goal: Goal, solution: Solution, answer: SolvedValue) -> Iterator[Fact]:
    settle, quantity = figures.plan.settle, held_words(figures, solution.quantity or Decimal(0))
    found = solution.binding
    level = figures.price(None if found is None else found.level)
    ends = level if found is None or found.level == found.stop else f"a liquidation at {level}"
    nets = signed_money(figures, solution.after or Decimal(0))
    text = f"{share_words(answer.values[0])} ({quantity}): then {ends} still nets {nets} {settle}"
    if solution.next is not None and solution.next.result is not None:
        text += f"; {share_words(solution.next.value)} nets {signed_money(figures, solution.next.result)}"
    yield Fact("close", text)
    if solution.binding is not None:
        yield Fact("state", f"target {goal.target} hit with {filled_words(solution.binding.tiers, 0)}")


def _shares(figures: Figures, goal: Goal, solution: Solution, answer: SolvedValue) -> Iterator[Fact]:  # noqa: ARG001
    each = solution.other or Decimal(0)
    # One unit may lose less than the smallest coin.
    finer = figures.places._replace(money=max(figures.places.money, places_for(each, _UNIT_DIGITS)))
    lost = figures._replace(places=finer).loss(each)
    beside = f"{unit_words(figures)} of tier {len(answer.values)} loses {lost} at the stop"
    yield Fact("shares", f"{', '.join(answer.typed)} ({beside})")
    losses = figures.loss(solution.after or Decimal(0)), figures.loss(solution.before or Decimal(0))
    yield Fact("uneven", f"no tier risks more than {losses[0]} {figures.plan.settle} beyond another, was {losses[1]}")


def _target(figures: Figures, goal: Goal, solution: Solution, answer: SolvedValue) -> Iterator[Fact]:  # noqa: ARG001
    net = solution.after or Decimal(0)
    in_r = ""
    if solution.other is not None and solution.other > 0:
        in_r = f" = {r_gain(net / solution.other)}R"
    quantity = held_words(figures, solution.quantity or Decimal(0))
    price = _exact_price(figures, answer.values[0])
    yield Fact("target", f"{price}: {quantity} closed there nets {figures.money(net)} {figures.plan.settle}{in_r}")
    if solution.binding is not None:
        yield Fact("state", filled_words(solution.binding.tiers, solution.binding.targets))
    if solution.passed is not None:
        yield Fact(
            "mind", f"the stop {figures.price(solution.passed)} lies before it and closes all first", Role.CAUTION
        )
    yield from _then(
        solution.next,
        lambda value: _exact_price(figures, value),
        lambda result: f"would net {figures.money(result)}",
    )


def _tiers(figures: Figures, goal: Goal, solution: Solution, answer: SolvedValue) -> Iterator[Fact]:
    count = trimmed(answer.values[0])
    quantity = held_words(figures, solution.quantity or Decimal(0))
    yield Fact("tiers", f"{count} ({quantity}): {_lost(figures, goal, solution)} with all")
    yield from _then(solution.next, lambda value: _counted(answer, value), lambda result: _would(figures, goal, result))


def _then(
    following: NextValue | None, value: Callable[[Decimal], str], result: Callable[[Decimal], str]
) -> Iterator[Fact]:
    """Says what the next value of the grid would come to."""
    if following is None:
        return
    text = "is not known to keep it" if following.result is None else result(following.result)
    yield Fact(value(following.value), text)


_SAYS: dict[What, Callable[[Figures, Goal, Solution, SolvedValue], Iterator[Fact]]] = {
    What.SIZE: _size,
    What.LEVERAGE: _leverage,
    What.STOP: _stop,
    What.MARGIN: _margin,
    What.ADD: _add,
    What.CLOSE: _close,
    What.SHARES: _shares,
    What.TARGET: _target,
    What.TIERS: _tiers,
}
