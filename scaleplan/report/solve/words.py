"""Words of an answer: the reasons, with their figures written as those of the plan are."""

import re
from decimal import Decimal

from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.quantity.rounding import Toward, grouped, percent, rounded, trimmed
from scaleplan.questions.solve.records import Reason, SentenceFigure, Unit, Why
from scaleplan.report.figures import Figures, figures_of
from scaleplan.report.visible import visible
from scaleplan.report.words import numbered

_REASONS = {
    Reason.OUT_OF_REACH: "out of reach",
    Reason.WRONG_SIDE: "the wrong side",
    Reason.TOO_SMALL: "below the smallest order",
    Reason.FIXED: "fixed",
    Reason.UNKNOWN: "depends on what is not known",
    Reason.NOTHING: "nothing to do",
    Reason.MAXIMUM: "the maximum",
}
#: A room behind the stop shows one digit, as in the tables, and more where it would read as nothing.
_ROOM_PLACES = 1
#: Where a figure stands in a sentence.
_FIGURE = re.compile(r"\{([0-9])\}")


def why_words(why: Why, plan: Plan, ladder: Ladder) -> str:
    """Returns a reason in words: `out of reach: even at 1x it is liquidated 0.4% behind the stop`."""
    figures = figures_of(plan, ladder)
    # Keys that a sentence names have braces too: `account: {equity: ...}`.
    filled = _FIGURE.sub(lambda number: figure_words(figures, why.figures[int(number[1])]), why.sentence)
    return f"{_REASONS[why.reason]}: {filled}"


def figure_words(figures: Figures, figure: SentenceFigure) -> str:
    """Returns one figure as it is written in a sentence."""
    value = figure.value
    match figure.unit:
        case Unit.PRICE:
            return figures.price(value)
        case Unit.WRITTEN:
            return trimmed(value)
        case Unit.MONEY:
            return f"{signed_money(figures, value)} {figures.plan.settle}"
        case Unit.LOSS:
            return f"{figures.loss(value)} {figures.plan.settle}"
        case Unit.TIMES:
            return f"{trimmed(value)}x"
        case Unit.ROOM:
            return behind_words(value)


def signed_money(figures: Figures, value: Decimal) -> str:
    """Returns a result with its sign: `+0.19`, `-0.03`; what is nothing but rounding is 0."""
    text = figures.money(value)
    return f"+{text}" if value > 0 and any(digit in text for digit in "123456789") else text


def behind_words(ratio: Decimal) -> str:
    """Returns a room behind the stop in percent, rounded down: `5.1% behind`, or `0.3% before`."""
    room = rounded(percent(ratio), _ROOM_PLACES, Toward.DOWN)
    return f"{grouped(abs(room))}% {'behind' if room >= 0 else 'before'}"


def share_words(ratio: Decimal) -> str:
    """Returns a written share in percent, whole."""
    return f"{trimmed(percent(ratio))}%"


def held_words(figures: Figures, quantity: Decimal) -> str:
    """Returns a quantity in a sentence, with as many digits as it has."""
    return figures.finer([quantity]).held(quantity)


def unit_words(figures: Figures) -> str:
    """Returns one unit of what is held: `a BTC`, `an ETH`; for an inverse contract one of quote, `a USD`."""
    unit = visible(figures.quantity_unit)
    return f"{'an' if unit[:1] in 'AEIO' else 'a'} {unit}"


def state_words(tiers: tuple[int, ...], targets: int) -> str:
    """Returns a state in words: `tiers 1-2`, `tier 1, target 1 hit`."""
    hit = "" if not targets else f", target{'s 1-' if targets > 1 else ' '}{targets} hit"
    return f"{numbered(tiers) if tiers else 'no tier'}{hit}"


def filled_words(tiers: tuple[int, ...], targets: int) -> str:
    """Returns a state as what has happened: `tiers 1-2 filled`, `tier 1 filled, target 1 hit`."""
    filled, _, hit = state_words(tiers, targets).partition(", target")
    return f"{filled} filled{f', target{hit}' if hit else ''}"
