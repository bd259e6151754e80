"""The ends of all paths: a table, worst first, and a chart of their results."""

from collections.abc import Callable, Iterator, Sequence
from decimal import ROUND_FLOOR, Decimal
from typing import Literal, NamedTuple

from scaleplan.engine.event import End
from scaleplan.paths.outcomes import together
from scaleplan.paths.records import Outcome, Paths
from scaleplan.plan import Contract
from scaleplan.quantity.exact import ONE, ZERO, same
from scaleplan.quantity.rounding import grouped, places_of, rounded
from scaleplan.report.figures import (
    NOT_APPLICABLE,
    r_signed,
)
from scaleplan.report.layout import bar
from scaleplan.report.page import (
    ESSENTIAL,
    WELCOME,
    WIDE,
    WIDEST,
    Bar,
    Cell,
    Chart,
    Column,
    Fact,
    Medium,
    Role,
    Table,
    column,
)
from scaleplan.report.paths.words import WalkedPlan, chance, end_words, signed_money
from scaleplan.report.words import first_targets, numbers

#: So many ends are listed; of more the worst and the best.
MOST_ENDS = 100
_HALF = MOST_ENDS // 2
_BAR = 20
#: At most so many steps has the chart.
_MOST_STEPS = 12
_NOISE_PLACES = 20


def left_out(paths: Paths) -> tuple[Outcome, ...]:
    """Returns the ends in the middle of too many, which are not listed."""
    return paths.outcomes[_HALF:-_HALF] if len(paths.outcomes) > MOST_ENDS else ()


def left_out_words(walked: WalkedPlan) -> str:
    """Returns what is said of the ends that are not listed."""
    ends = left_out(walked.paths)
    probability = together((outcome, ONE) for outcome in ends)
    return (
        f"{len(ends):,} ends from {signed_money(walked.figures, ends[0].net)} to "
        f"{signed_money(walked.figures, ends[-1].net)}, {chance(probability)} in all; `--format csv` lists them"
    )


def ends_table(walked: WalkedPlan, medium: Medium) -> Table:
    """Returns the ends, worst first; those that the clock makes come last, without figures."""
    figures, outcomes = walked.figures, walked.paths.outcomes
    middle = left_out(walked.paths)
    rows = (*outcomes[:_HALF], *outcomes[-_HALF:]) if middle else outcomes
    timed = [str(extra.end) for extra in walked.paths.timed]
    most = max((row.probability or ZERO for row in rows), default=ZERO)

    def of(head: str, text: Callable[[Outcome], str], since: int = ESSENTIAL) -> Column:
        return column(head, [*map(text, rows), *([NOT_APPLICABLE] * len(timed))], since=since)

    def result(head: str, text: Callable[[Outcome], str]) -> Column:
        cells = [
            Cell(text(row), Role.GAIN if row.net > 0 else Role.LOSS if row.net < 0 else Role.PLAIN) for row in rows
        ]
        return Column(head, (*cells, *([Cell(NOT_APPLICABLE)] * len(timed))))

    def at_worst(row: Outcome) -> str:
        return NOT_APPLICABLE if row.net_worst == row.net else signed_money(figures, row.net_worst)

    names = [Cell(end_words(row), Role.ALARM if row.end is End.LIQUIDATED else Role.PLAIN) for row in rows]
    drawn = [*(bar(row.probability or ZERO, most, _BAR, blocks=medium.blocks) for row in rows), *([""] * len(timed))]
    columns: list[Column | Literal[False]] = [
        Column("end", (*names, *map(Cell, timed)), left=True),
        of("tiers", lambda row: numbers(row.tiers)),
        of("targets", lambda row: first_targets(row.targets)),
        of("gross", lambda row: signed_money(figures, row.gross), WIDEST),
        result("net", lambda row: signed_money(figures, row.net)),
        walked.ladder.totals.has_r and result("R", lambda row: r_signed(row.net_r)),
        any(row.net_worst != row.net for row in rows) and of("at worst", at_worst, WELCOME),
        # In a document the bars are a chart of their own.
        not medium.document and column("", drawn, left=True, since=WIDE),
        of("chance", lambda row: chance(row.probability)),
    ]
    cut = (Cell(left_out_words(walked), Role.FAINT),) if middle and not medium.document else ()
    under = tuple(cut if index == _HALF - 1 else () for index in range(len(names) + len(timed)))
    return Table(tuple(each for each in columns if each), under)


def end_notes(walked: WalkedPlan) -> list[Fact]:
    """What the table of ends does not say itself."""
    notes = []
    if any(row.end is End.TRAIL for row in walked.paths.outcomes):
        notes.append(
            Fact("trail", f"booked at the exit that is expected; at worst the stop it starts with{_varies(walked)}")
        )
        if walked.plan.contract is Contract.INVERSE:
            settle = walked.plan.settle
            text = f"expected figures in {settle} are approximate: a trail is booked at its expected exit price"
            notes.append(Fact("inverse", f"{text}, and what is made in {settle} goes with one over the price"))
    if any(row.end is End.OPEN for row in walked.paths.outcomes):
        notes.append(Fact("open", "nothing the plan writes ends it; booked at the last price, nothing sold"))
    if _told_apart_by_order(walked.paths.outcomes):
        text = "rows alike in end, tiers and targets happened in another order: `--format csv` has the path of each"
        notes.append(Fact("order", text))
    if walked.paths.timed:
        notes.append(Fact("time", clock_words(walked.paths)))
    if walked.paths.waits:
        many = len(walked.paths.waits) > 1
        waits = f"tier{'s' if many else ''} {numbers(walked.paths.waits)} would execute at once"
        each = "each waits for the tier before it, and" if many else "it waits for the tier before it, and"
        each = "it" if walked.paths.waits == (1,) else each
        notes.append(Fact("waits", f"{waits}: {each} fills at the price of that moment", Role.CAUTION))
    return notes


def clock_words(paths: Paths) -> str:
    """The ends that the clock makes, by their keys, and why they have no chance."""
    keys = {"time stop": "time_stop"}
    named = " and ".join(f"`{keys.get(extra.end, extra.end)}`" for extra in paths.timed)
    verb = "are ends" if len(paths.timed) > 1 else "is an end"
    return f"{named} {verb} that the clock makes: no path has a time, so there is no chance"


def _varies(walked: WalkedPlan) -> str:
    """How often a trail is a profit, where that is not what the result it is booked at says."""
    trails = [row for row in walked.paths.outcomes if row.end is End.TRAIL and row.probability != 0]
    trailed = together((row, ONE) for row in trails)
    profit = together((row, row.profit) for row in trails)
    booked = together((row, ONE) for row in trails if row.net > 0)
    if not trailed or profit is None or booked is None or same(profit, booked):
        return ""
    return (
        f"; the exit varies, and is a profit in {chance(profit / trailed)} of cases: the chance of profit counts these"
    )


def _told_apart_by_order(outcomes: Sequence[Outcome]) -> bool:
    """Whether ends look alike in the table but for their results."""
    return len({(row.end, row.tiers, row.targets) for row in outcomes}) < len(outcomes)


class Bin(NamedTuple):
    """A step of the result from `low`, in it, to `high`, and the chance of an end in it."""

    low: Decimal
    high: Decimal
    chance: Decimal


def bins(outcomes: Sequence[Outcome]) -> tuple[Bin, ...]:
    """The distribution of the result, in R where all ends have one, else in money; every step between is there."""
    values = [_value(outcome) for outcome in outcomes]
    low, high = min(values), max(values)
    step = next(each for each in _steps(high - low or ONE) if _count(low, high, each) <= _MOST_STEPS)
    first = _below(low, step)
    chances = [ZERO] * _count(low, high, step)
    for value, outcome in zip(values, outcomes, strict=True):
        chances[int(_below(value, step) - first)] += outcome.probability or ZERO
    return tuple(
        Bin((first + number) * step, (first + number + 1) * step, found) for number, found in enumerate(chances)
    )


def ends_chart(outcomes: Sequence[Outcome], unit: str) -> list[Chart]:
    """Returns a bar for each step of the result of ends sorted by it, worst first; `unit` is `R` or a currency.

    A step that holds 0 begins or ends there, so that losses and profits never share one. One result alone is no
    distribution, and has no chart; nor have ends whose chances are not known.
    """
    if any(outcome.probability is None for outcome in outcomes):
        return []
    if not outcomes or _value(outcomes[0]) == _value(outcomes[-1]):
        return []
    found = bins(outcomes)
    places = places_of(found[0].high - found[0].low)
    lows = [grouped(rounded(each.low, places), signed=True) for each in found]
    highs = [grouped(rounded(each.high, places), signed=True) for each in found]
    low_width, high_width = max(map(len, lows)), max(map(len, highs))
    unit = unit if unit == "R" else f" {unit}"
    return [
        Chart(
            tuple(
                Bar(
                    f"{low:>{low_width}} to {high:>{high_width}}{unit}",
                    chance(each.chance),
                    each.chance,
                    Role.GAIN if each.low >= 0 else Role.LOSS,
                )
                for each, low, high in zip(found, lows, highs, strict=True)
            )
        )
    ]


def _value(outcome: Outcome) -> Decimal:
    return rounded(outcome.net if outcome.net_r is None else outcome.net_r, _NOISE_PLACES)


def _steps(span: Decimal) -> Iterator[Decimal]:
    """Round steps, from one that is surely too small on."""
    exponent = span.adjusted() - 2
    while True:
        for digit in (1, 2, 5):
            yield Decimal(digit).scaleb(exponent)
        exponent += 1


def _below(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_FLOOR)


def _count(low: Decimal, high: Decimal, step: Decimal) -> int:
    return int(_below(high, step) - _below(low, step)) + 1
