"""Measures of risk in words: a row each, old beside new, and what became of them in a sentence.

`diff` shows rows and sentences of a plan's change, the journal the sentences of an edit after the lock.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.risk import in_r
from scaleplan.quantity.rounding import CONTEXT, apart, grouped, percent, rounded
from scaleplan.report.figures import NONE, UNKNOWN, Figures, limit_share
from scaleplan.report.words import numbered
from scaleplan.revision.measures import OF_EQUITY, Measure, Measures, RoomKind, StopRoom, Turn, tiers_of, turn_of

LABELS = {
    Measure.PLANNED_LOSS: "planned loss",
    Measure.WORST_LOSS: "worst loss",
    Measure.LOSS_FRACTION: "of equity",
    Measure.MOST_HELD: "most held",
    Measure.HAS_STOP: "a stop",
    Measure.BEHIND_STOP: "behind the stop",
    Measure.MARGIN: "margin",
    Measure.MARGIN_FRACTION: "margin of equity",
    Measure.LEVERAGE: "leverage",
    Measure.BROKEN: "errors",
}
#: Rows that are shown whether they changed or not.
_ALWAYS = frozenset({Measure.WORST_LOSS, Measure.LOSS_FRACTION, Measure.BEHIND_STOP, Measure.MARGIN, Measure.LEVERAGE})
_TURNS = {Turn.WORSE: "RISKIER", Turn.BETTER: "safer", Turn.EQUAL: ""}
_MOST_PLACES = 12


class MeasureRow(NamedTuple):
    """A measure: its label, old and new, what is to be known beside, and `RISKIER` or `safer`."""

    label: str
    old: str
    new: str
    note: str
    turn: str
    measure: Measure | None = None


class Sides(NamedTuple):
    """Two plans by their measures, in the figures of the new one; `one_r` is 1R on both. The old one may be absent.

    `other` are the old one's own figures where it is of another trade, in another currency.
    """

    figures: Figures
    old: Measures | None
    new: Measures
    one_r: Decimal | None
    other: Figures | None = None


def measure_rows(sides: Sides, turns: dict[Measure, Turn]) -> Iterator[MeasureRow]:
    """Yields a row for each measure that changed, and for those that are always shown."""
    for measure in Measure:
        turn = turns.get(measure)
        if not _is_shown(sides, measure, turns):
            continue
        old, new = _both(sides, measure)
        yield MeasureRow(LABELS[measure], old, new, _note(sides, measure), _TURNS[turn] if turn else "", measure)


def _is_shown(sides: Sides, measure: Measure, turns: dict[Measure, Turn]) -> bool:
    turn, new = turns.get(measure, Turn.EQUAL), sides.new
    if measure is Measure.PLANNED_LOSS:
        # The worst loss is mostly the one that was planned, and said once.
        both = [new] if sides.old is None else [sides.old, new]
        return any(each.planned_loss != each.worst_loss for each in both)
    if measure in (Measure.LOSS_FRACTION, Measure.LEVERAGE) and new.of(measure) is None:
        return sides.old is not None and sides.old.of(measure) is not None
    if measure is Measure.MARGIN_FRACTION:
        return turn is not turns.get(Measure.MARGIN, Turn.EQUAL)
    return turn is not Turn.EQUAL or measure in _ALWAYS


def _both(sides: Sides, measure: Measure) -> tuple[str, str]:
    """Returns a measure of both sides, with as many digits as it takes to see that they differ."""
    old, new = None if sides.old is None else sides.old.of(measure), sides.new.of(measure)
    figures = sides.figures if sides.other is None else sides.other, sides.figures
    least = [_places(each, measure) for each in figures]
    texts = ("", "")
    for more in range(_MOST_PLACES):
        told = [
            _text(each, measure, value, places + more)
            for each, value, places in zip(figures, (old, new), least, strict=True)
        ]
        texts = told[0] if sides.old is not None else "", told[1]
        if texts[0] != texts[1] or sides.old is None or turn_of(measure, old, new) is Turn.EQUAL:
            break
    return texts


def _places(figures: Figures, measure: Measure) -> int:
    digits = figures.places
    match measure:
        case Measure.PLANNED_LOSS | Measure.WORST_LOSS | Measure.MARGIN:
            return digits.money
        case Measure.MOST_HELD:
            return digits.notional
        case Measure.BEHIND_STOP:
            return 1
    return 2


def _text(figures: Figures, measure: Measure, value: object, places: int) -> str:
    plan = figures.plan
    match value:
        case StopRoom():
            return room_text(value, places)
        case bool():
            return "yes" if value else NONE
        case frozenset():
            return ", ".join(sorted(value)) or NONE
        case Decimal():
            if measure in OF_EQUITY:
                return f"{grouped(rounded(percent(value), places))}%"
            text = grouped(rounded(value, places))
            if measure is Measure.LEVERAGE:
                return f"{text}x"
            unit = {Measure.MARGIN: "", Measure.MOST_HELD: f" {plan.symbol.quote}"}.get(measure, f" {plan.settle}")
            return f"{text}{unit}"
    return UNKNOWN


def room_text(room: StopRoom, places: int = 1) -> str:
    """Returns the room behind a stop in percent; `none` where nothing is liquidated, `n/a` where nobody knows."""
    if room.ratio is not None:
        return f"{grouped(rounded(percent(room.ratio), places))}%"
    return {RoomKind.NONE: NONE, RoomKind.UNKNOWN: UNKNOWN}.get(room.kind, "no stop")


def _note(sides: Sides, measure: Measure) -> str:
    account, new = sides.figures.plan.account, sides.new
    if measure in (Measure.PLANNED_LOSS, Measure.WORST_LOSS):
        after = in_r(_decimal(new.of(measure)), sides.one_r)
        before = None if sides.old is None else in_r(_decimal(sides.old.of(measure)), sides.one_r)
        if after is None or before is None:
            return ""
        if turn_of(measure, before, after) is Turn.EQUAL:
            after = before
        return "{}R -> {}R".format(*apart(before, after, 2))
    limits = {Measure.LOSS_FRACTION: account.max_risk, Measure.MARGIN_FRACTION: account.max_margin}
    limit = limits.get(measure)
    if limit is not None and account.equity:
        return f"limit {limit_share(CONTEXT.divide(limit, account.equity))}"
    if measure is Measure.LEVERAGE and account.max_leverage is not None:
        return f"limit {grouped(account.max_leverage)}x"
    if measure is Measure.BEHIND_STOP and new.behind_stop.tiers:
        return f"after {numbered(tiers_of(new.behind_stop))}"
    return ""


def _decimal(value: object) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


# Sentences


#: What is said of a sum that grows or shrinks.
_SUMS = {
    Measure.PLANNED_LOSS: "the planned loss",
    Measure.WORST_LOSS: "the worst loss",
    Measure.MOST_HELD: "the most held",
    Measure.MARGIN: "margin",
}


def turned(sides: Sides, measure: Measure) -> str:
    """Returns what became of a measure, as a clause beside others; empty where another of them has said it."""
    if sides.old is None or measure not in OF_EQUITY:
        return clause(sides, measure)
    old, new, money = sides.old.of(measure), sides.new.of(measure), OF_EQUITY[measure]
    is_told = turn_of(money, sides.old.of(money), sides.new.of(money)) is turn_of(measure, old, new)
    return "" if is_told and old is not None and new is not None else clause(sides, measure)


def clause(sides: Sides, measure: Measure) -> str:
    """Returns what became of a measure; empty where the planned loss is the worst, and that says it."""
    if sides.old is None:
        return ""
    old, new = sides.old.of(measure), sides.new.of(measure)
    if measure is Measure.PLANNED_LOSS and sides.old.worst_loss == sides.old.planned_loss:
        return ""
    if measure in _SUMS:
        return _grown(sides, measure)
    if measure in OF_EQUITY:
        return "{} goes from {} to {} of equity".format(_SUMS[OF_EQUITY[measure]], *_both(sides, measure))
    if isinstance(old, StopRoom) and isinstance(new, StopRoom):
        return _room_turned(old, new)
    if isinstance(old, frozenset) and isinstance(new, frozenset):
        return _broken_turned(old, new)
    if measure is Measure.HAS_STOP:
        return "there is a stop" if new else "the stop is gone"
    return "effective leverage goes from {} to {}".format(*_both(sides, measure))


def moved(sides: Sides, measure: Measure) -> str:
    """Returns a measure before and after, losses in R where there is one: `worst planned loss 1.00R -> 1.34R`."""
    old, new = _both(sides, measure)
    label = "worst planned loss" if measure is Measure.PLANNED_LOSS else LABELS[measure]
    in_r = _note(sides, measure) if measure in (Measure.PLANNED_LOSS, Measure.WORST_LOSS) else ""
    return f"{label} {in_r or f'{old} -> {new}'}"


def _broken_turned(old: frozenset[str], new: frozenset[str]) -> str:
    from scaleplan.rules import RULES  # noqa: PLC0415 - sixty files, for the sentences of an edit alone

    names = {rule.kind.code: f"{rule.kind.code} {rule.kind.name}" for rule in RULES}
    broken = [f"{names.get(code, code)} is broken" for code in sorted(new - old)]
    mended = [f"{names.get(code, code)} is no longer broken" for code in sorted(old - new)]
    return ", ".join(broken or mended)


def _grown(sides: Sides, measure: Measure) -> str:
    what = _SUMS[measure]
    old, new = (_decimal(each.of(measure)) if each is not None else None for each in (sides.old, sides.new))
    if old is None or new is None or old <= 0 or new < 0 or old == new:
        texts = _both(sides, measure)
        return f"{what} goes from {texts[0]} to {texts[1]}"
    share = CONTEXT.divide(CONTEXT.subtract(new, old), old)
    return f"{what} {'grows' if share > 0 else 'shrinks'} by {_share(abs(share))}"


def _share(ratio: Decimal) -> str:
    """Returns a part in percent, to two digits that count; never as nothing."""
    value = percent(ratio)
    places = max(0, 1 - value.adjusted())
    return f"{grouped(rounded(value, min(places, _MOST_PLACES)))}%"


def _room_turned(old: StopRoom, new: StopRoom) -> str:
    if new.kind is RoomKind.UNKNOWN:
        return "where it is liquidated is no longer known"
    if new.kind is RoomKind.NONE:
        return "nothing can liquidate it any more"
    if old.kind is RoomKind.UNKNOWN:
        return f"where it is liquidated is known{': before the stop' if new.kind is RoomKind.BEFORE else ''}"
    if new.kind is RoomKind.BEFORE and old.kind is not RoomKind.BEFORE:
        return "liquidation comes before the stop"
    if old.kind is RoomKind.BEFORE and new.kind is RoomKind.BEHIND:
        return "liquidation comes behind the stop"
    if old.kind is RoomKind.NONE:
        return "it can be liquidated"
    if old.ratio is None or new.ratio is None:
        return ""
    points = percent(CONTEXT.subtract(new.ratio, old.ratio))
    # Before the stop, what is better comes nearer to it.
    if new.kind is RoomKind.BEFORE:
        way = "nearer to" if points > 0 else "further before"
    else:
        way = "further behind" if points > 0 else "nearer to"
    places = next((places for places in range(1, _MOST_PLACES) if rounded(points, places)), 1)
    return f"liquidation comes {grouped(rounded(abs(points), places))} points {way} the stop"
