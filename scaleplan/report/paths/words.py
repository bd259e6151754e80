"""What happens on a path, in the plan's words: events at their prices, chances, results, and what is held."""

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.event import End, Event, EventKind
from scaleplan.engine.margin import Answer
from scaleplan.engine.risk import in_r
from scaleplan.ladder import Ladder
from scaleplan.paths.records import BreakevenEdge, Move, Outcome, Paths, StateView
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.rounding import (
    Toward,
    against,
    percent,
    places_for,
    price_level,
    result,
    rounded,
    trimmed,
    unit,
)
from scaleplan.report.figures import (
    NONE,
    UNKNOWN,
    Figures,
    figures_of,
    r_signed,
)
from scaleplan.report.words import first_targets, numbers
from scaleplan.study import Study

#: Why a loss has no bound.
ENDLESS = "nothing ends the plan on the losing side"


class WalkedPlan(NamedTuple):
    """A plan, its paths, and how its figures are written."""

    study: Study
    figures: Figures
    ladder: Ladder
    paths: Paths

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.figures.plan


def walked_of(study: Study, paths: Paths) -> WalkedPlan:
    """Returns what there is to say of a plan's paths."""
    return WalkedPlan(study, figures_of(study.plan, study.ladder), study.ladder, paths)


#: What is nearer to 1 than this is 1, because the fiftieth digit of a chance is noise; 0 has none.
_NOISE = Decimal("1e-40")
#: An edge that differs from none by less than the search for it tells apart.
_SEARCHED_PLACES = 10
_CHANCE_PLACES = 1
_LEAST, _MOST = Decimal("0.1"), Decimal("99.9")
#: A drift in words needs no more digits than this.
_EDGE_PLACES = 4
_R_PLACES = 2
#: So many digits behind those shown are a figure's own: a sum that is 0 but for the last ones has no sign.
_NOISE_PLACES = 14
#: A price far below those of the plan has at least so many digits of its own.
_OWN_DIGITS = 2


def price(figures: Figures, value: Decimal) -> str:
    """A price in a sentence, as a trader says it: without zeros behind the last digit."""
    return trimmed(price_level(value, max(figures.places.price, places_for(value, _OWN_DIGITS))))


def event_words(figures: Figures, event: Event) -> str:
    """One event: `tier 2 at 59,500`, `liquidated at 54,045 before the stop at 53,900`."""
    at = price(figures, event.price)
    match event.kind:
        case EventKind.TIER | EventKind.TARGET:
            return f"{event.kind} {event.number} at {at}"
        case EventKind.AFTER:
            return f"{at} touched, which tier {event.number} waits for"
        case EventKind.STOP:
            return f"stopped at {at}"
        case EventKind.INVALIDATION:
            return f"invalidated at {at} before anything filled"
        case EventKind.TRAIL:
            return f"the rest trails from {at}"
        case EventKind.LIQUIDATION:
            return _liquidated(figures, event)
        case EventKind.EXPIRY | EventKind.TIME_STOP:
            return f"{event.kind} at {at}"
        case EventKind.UNLESS | EventKind.BY_HAND:
            doing = "closed" if event.kind is EventKind.BY_HAND else "time stop called off"
            return f"{doing} at {at} ({event.kind})"


def _liquidated(figures: Figures, event: Event) -> str:
    stop, latest = event.stop, " at the latest" if event.latest else ""
    if stop is None:
        return f"liquidated at {price(figures, event.price)}{latest}"
    # A price before the stop never reads as one at it.
    at = against(event.price, figures.places.price, stop, worse=figures.plan.sign)
    latest = f"{latest}," if latest else ""
    return f"liquidated at {trimmed(at)}{latest} before the stop at {price(figures, stop)}"


def path_words(figures: Figures, path: Sequence[Event]) -> str:
    """A path in one sentence, event after event."""
    return ", ".join(event_words(figures, event) for event in path)


def chance(value: Decimal | None) -> str:
    """A chance in percent, to a tenth; none reads 0% or 100% that is not exactly so."""
    if value is None:
        return UNKNOWN
    if not value or abs(1 - value) < _NOISE:
        return "100%" if value else "0%"
    shown = rounded(percent(value), _CHANCE_PLACES)
    if shown < _LEAST:
        return f"<{_LEAST}%"
    return f">{_MOST}%" if shown > _MOST else f"{shown}%"


def times_in_100(value: Decimal, toward: Toward = Toward.NEAREST) -> str:
    """A chance as `53 times in 100`, to a tenth; what is needed is rounded up, because it is a warning."""
    shown = rounded(percent(value), _CHANCE_PLACES, toward)
    if value > 0 and shown < _LEAST:
        return f"less than {_LEAST} times in 100"
    if value < 1 and shown > _MOST:
        return f"more than {_MOST} times in 100"
    return f"{trimmed(shown)} times in 100"


def breakeven_words(found: BreakevenEdge | None, missing: str) -> str:
    """What the plan needs to come out even, as a trader says it."""
    if found is None:
        return f"{UNKNOWN}: {missing}"
    times = times_in_100(found.chance, Toward.UP)
    if not rounded(found.g - 1, _SEARCHED_PLACES):
        return f"it comes out even at the fair price: +1R before -1R {times}"
    if found.chance > Decimal("0.5"):
        return f"to pay its costs the plan needs price to reach +1R before -1R {times}"
    return f"it comes out even where price reaches +1R before -1R {times}"


def edge_text(edge: Decimal) -> str:
    """A drift as digits."""
    return trimmed(rounded(edge, _EDGE_PLACES)) if rounded(edge, _EDGE_PLACES) else trimmed(edge)


def end_words(outcome: Outcome) -> str:
    """An end in one or two words, as a column shows it."""
    return "all targets" if outcome.end is End.TARGETS else str(outcome.end)


def signed_money(figures: Figures, value: Decimal | None) -> str:
    """A result in money with its sign; a loss never reads as nothing."""
    if value is None:
        return UNKNOWN
    shown = result(value, figures.places.money, loss=-1)
    return f"{'+' if shown > 0 else ''}{shown:,f}"


def mean_money(figures: Figures, value: Decimal) -> str:
    """An expected result with its sign: a mean is no limit, so half to even; what is not 0 keeps its sign."""
    return _signed(value, figures.places.money)


def mean_r(value: Decimal) -> str:
    """The same in R, behind the money: ` = -0.04R`; what would read as nothing is less than the last digit."""
    if _is_nothing(value, _R_PLACES) and not _is_noise(value, _R_PLACES):
        return f", less than {unit(_R_PLACES)}R"
    return f" = {_signed(value, _R_PLACES)}R"


def _signed(value: Decimal, places: int) -> str:
    sign = "" if _is_noise(value, places) else "-" if value < 0 else "+"
    return f"{sign}{abs(rounded(value, places)):,f}"


def _is_nothing(value: Decimal, places: int) -> bool:
    return not rounded(value, places)


def _is_noise(value: Decimal, places: int) -> bool:
    """Whether nothing is left of a value in all the digits that count as its own."""
    return _is_nothing(value, places + _NOISE_PLACES)


#: What ends agree in that a move leads to: how, the tiers filled, the targets hit, the result or two in words.
EndKey = tuple[End, tuple[int, ...], int, tuple[str, ...]]


#: More states than these are for programs that read the JSON: nobody reads such a tree, and no graph of it is drawn.
MOST_DRAWN = 20_000


def undrawn(paths: Paths) -> str:
    """Why the states of a plan are not drawn; empty where they are."""
    if not paths.states:
        return paths.missing
    count = len(paths.states)
    return f"{count:,} states are too many to draw; `--format json` has them" if count > MOST_DRAWN else ""


def results_of(walked: WalkedPlan, move: Move) -> tuple[str, ...]:
    """Returns the result of a move that ends a plan, or the worst and the best over the ways into its state.

    In R, or in money where there is no 1R.
    """
    if move.worst is None or move.best is None:
        return (UNKNOWN,)
    low, high = _move_result(walked, move.worst), _move_result(walked, move.best)
    return (low,) if low == high else (low, high)


def _move_result(walked: WalkedPlan, net: Decimal) -> str:
    net_r = in_r(net, walked.ladder.totals.r)
    return signed_money(walked.figures, net) if net_r is None else r_signed(net_r)


def end_key(state: StateView, move: Move, result: tuple[str, ...]) -> EndKey:
    """What the end is that a move leads to from a state, with this result."""
    if move.end is None:
        raise ValueError("the move leads to a state")
    return move.end, state.tiers, state.targets + (move.end is End.TARGETS), result


def leaving(state: StateView) -> list[tuple[str, Move]]:
    """What can happen in a state, with its side; what happens at once is on no side."""
    moves = (("up", state.up), ("down", state.down))
    return [("at once" if move.at_once else side, move) for side, move in moves if move is not None]


def position_words(figures: Figures, state: StateView) -> str:
    """What is held in a state: quantity, average, stop, liquidation."""
    if state.average_entry is None:
        return "nothing held"
    parts = [f"{figures.held(state.quantity)} at {price(figures, state.average_entry)}"]
    parts.append(f"stop {NONE if state.stop is None else price(figures, state.stop)}")
    if figures.plan.contract is not Contract.SPOT:
        at = state.liquidation_price
        unpriced = NONE if state.liquidation is Answer.NONE else UNKNOWN
        if state.liquidation_not_before is not None:
            unpriced = f"not before {price(figures, state.liquidation_not_before)}"
        parts.append(f"liquidated {unpriced if at is None else price(figures, at)}")
    return ", ".join(parts)


def done_words(state: StateView) -> str:
    """What has filled and what was hit: `tiers 1-2, target 1`."""
    filled = f"tier{'s' if len(state.tiers) > 1 else ''} {numbers(state.tiers)}" if state.tiers else "no tier"
    if not state.targets:
        return filled
    return f"{filled}, target{'s' if state.targets > 1 else ''} {first_targets(state.targets)}"
