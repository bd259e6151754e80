"""Risk as a list of measures over every state of a plan, and two such lists compared as a partial order.

Each measure has a side that is worse. A plan is riskier than another where any is worse, safer where none is and one is
better, as risky where all are equal: the product of the measures' own orders, so that it is reflexive and transitive.
What is not known is worse than all that is. Values are rounded to 12 digits before they are compared.
"""

from collections.abc import Iterator
from decimal import Context, Decimal
from enum import IntEnum, StrEnum
from typing import NamedTuple

from scaleplan.engine.holding import bits
from scaleplan.engine.margin import Answer
from scaleplan.engine.state import State
from scaleplan.ladder import Ladder
from scaleplan.paths import EveryPath
from scaleplan.paths.graph import Graph
from scaleplan.paths.leverage import loads_of, most_held
from scaleplan.plan import Plan
from scaleplan.plan.sizes import at_prices
from scaleplan.quantity.exact import ZERO, exact

_COMPARED = Context(prec=12)
#: The room of a liquidation where there is no stop: a stop can lie any number of times its price behind one.
_NO_STOP = Decimal("-Infinity")


class Measure(StrEnum):
    """What is measured, under its name in JSON."""

    PLANNED_LOSS = "planned_loss"
    WORST_LOSS = "worst_loss"
    LOSS_FRACTION = "worst_loss_of_equity"
    MOST_HELD = "most_held"
    HAS_STOP = "stop"
    BEHIND_STOP = "behind_stop"
    MARGIN = "margin"
    MARGIN_FRACTION = "margin_of_equity"
    LEVERAGE = "effective_leverage"
    BROKEN = "errors"


#: What may be lost and held; and these with all others in which the account has no part.
LOSSES = (Measure.PLANNED_LOSS, Measure.WORST_LOSS, Measure.MOST_HELD, Measure.HAS_STOP)
OF_POSITION = (*LOSSES, Measure.BEHIND_STOP, Measure.MARGIN)
#: Measures over equity, and the money that they are a part of.
OF_EQUITY = {Measure.LOSS_FRACTION: Measure.WORST_LOSS, Measure.MARGIN_FRACTION: Measure.MARGIN}


class RoomKind(IntEnum):
    """How a liquidation lies to the stop, from the best to the worst: none, behind it, before it, not known."""

    NONE = 0
    BEHIND = 1
    BEFORE = 2
    UNKNOWN = 3


class StopRoom(NamedTuple):
    """The least room behind the stop of all states: over that stop, below zero where liquidation comes first.

    The ratio is absent for `none` and `unknown`, and where there is no stop to come before the liquidation. `tiers` are
    those that are filled then, as bits.
    """

    kind: RoomKind
    ratio: Decimal | None = None
    tiers: int = 0

    @property
    def rank(self) -> tuple[int, Decimal]:
        """Returns what rooms are ordered by, the worst last; without a stop there is less than before any."""
        ratio = _NO_STOP if self.ratio is None and self.kind is RoomKind.BEFORE else self.ratio or ZERO
        return int(self.kind), -_COMPARED.plus(ratio)


class Measures(NamedTuple):
    """The measures of one plan; money in settle currency, ratios plain, absent where nobody knows.

    `worst_loss` is the larger of the planned loss and what any path loses. Of a plan with too many states `complete` is
    false: the loss is then a bound, and the rest that of the tiers as listed.
    """

    planned_loss: Decimal | None
    worst_loss: Decimal | None
    worst_loss_of_equity: Decimal | None
    most_held: Decimal
    stop: bool
    behind_stop: StopRoom
    margin: Decimal
    margin_of_equity: Decimal | None
    effective_leverage: Decimal | None
    errors: frozenset[str]
    complete: bool

    def of(self, measure: Measure) -> object:
        """Returns a measure by its name."""
        return getattr(self, measure.value)


class Turn(StrEnum):
    """What became of a measure."""

    WORSE = "worse"
    BETTER = "better"
    EQUAL = "equal"


class RiskVerdict(StrEnum):
    """What a revision is to the plan that it revises; `other` is another trade, `new` has nothing to compare."""

    RISKIER = "riskier"
    SAFER = "safer"
    SAME = "same"
    OTHER = "other"
    NEW = "new"


class RiskComparison(NamedTuple):
    """What became of each measure."""

    turns: tuple[tuple[Measure, Turn], ...]

    def those(self, turn: Turn) -> tuple[Measure, ...]:
        """Returns the measures that took a turn."""
        return tuple(measure for measure, taken in self.turns if taken is turn)

    @property
    def verdict(self) -> RiskVerdict:
        """Returns riskier where any measure is worse, safer where none is and one is better."""
        if self.those(Turn.WORSE):
            return RiskVerdict.RISKIER
        return RiskVerdict.SAFER if self.those(Turn.BETTER) else RiskVerdict.SAME


@exact
def measures_of(
    ladder: Ladder, every: EveryPath, errors: frozenset[str] = frozenset(), most: int | None = None
) -> Measures:
    """Returns the measures of a plan, over at most so many states.

    `errors` are the codes of the rules that it breaks at error level.
    """
    plan, planned = ladder.machine.plan, ladder.totals.risk
    equity = plan.account.equity
    worst = worst_loss_of(ladder, every, most)
    graph = every.whole(most)
    margin = max(_margins(ladder, graph))
    return Measures(
        planned_loss=planned,
        worst_loss=worst,
        worst_loss_of_equity=worst / equity if worst is not None and equity else None,
        most_held=at_prices(plan, ladder.machine.quantities) if graph is None else most_held(graph),
        stop=plan.stop is not None,
        behind_stop=_least_room(plan, ladder, graph),
        margin=margin,
        margin_of_equity=margin / equity if equity else None,
        effective_leverage=_leverage(ladder, graph, equity),
        errors=errors,
        complete=graph is not None,
    )


def worst_loss_of(ladder: Ladder, every: EveryPath, most: int | None = None) -> Decimal | None:
    """Returns the larger of the planned loss and what any path loses; absent where nobody knows one of them."""
    planned, worst = ladder.totals.risk, every.worst_loss(most)
    return None if planned is None or worst is None else max(planned, worst)


def _margins(ladder: Ladder, graph: Graph | None) -> Iterator[Decimal]:
    if graph is None:
        return (step.position.initial_margin for step in ladder.steps)
    backing = graph.machine.holdings.backing
    return (backing(node.state.held).margin for node in graph.nodes)


def _leverage(ladder: Ladder, graph: Graph | None, equity: Decimal | None) -> Decimal | None:
    if not equity:
        return None
    if graph is None:
        return max(step.position.effective_leverage or ZERO for step in ladder.steps)
    loads = loads_of(graph, equity)
    return None if loads.endless else max((load.value for load in loads.loads), default=ZERO)


def _least_room(plan: Plan, ladder: Ladder, graph: Graph | None) -> StopRoom:
    states = [step.state for step in ladder.steps] if graph is None else [node.state for node in graph.nodes]
    machine = ladder.machine if graph is None else graph.machine
    least = StopRoom(RoomKind.NONE)
    for state in states:
        if not state.held.position.quantity:
            continue
        at = machine.liquidation(state)
        if at.answer is Answer.NONE:
            continue
        room = _room(plan, state, at.price)
        if room.rank > least.rank:
            least = room
    return least


def _room(plan: Plan, state: State, price: Decimal | None) -> StopRoom:
    filled, stop = state.held.filled, state.stop
    if price is None:
        return StopRoom(RoomKind.UNKNOWN, None, filled)
    if stop is None:
        return StopRoom(RoomKind.BEFORE, None, filled)
    ratio = plan.sign * (stop - price) / stop
    return StopRoom(RoomKind.BEFORE if ratio < 0 else RoomKind.BEHIND, ratio, filled)


def tiers_of(room: StopRoom) -> tuple[int, ...]:
    """Returns the tiers, from 1, that are filled where the room is least."""
    return bits(room.tiers)


# Compared


class RiskChange(NamedTuple):
    """A plan before and after a change, by its measures."""

    before: Measures
    after: Measures

    def turned(self, turn: Turn, only: tuple[Measure, ...]) -> tuple[Measure, ...]:
        """Returns those of some measures that took a turn."""
        return compared(self.before, self.after, only).those(turn)


def compared(old: Measures, new: Measures, only: tuple[Measure, ...] = tuple(Measure)) -> RiskComparison:
    """Returns what became of each measure from one plan to another."""
    return RiskComparison(tuple((measure, turn_of(measure, old.of(measure), new.of(measure))) for measure in only))


def turn_of(measure: Measure, old: object, new: object) -> Turn:
    """Returns what became of a measure from one value to another."""
    if isinstance(old, frozenset) and isinstance(new, frozenset):
        if new - old:
            return Turn.WORSE
        return Turn.BETTER if old - new else Turn.EQUAL
    before, after = _rank(measure, old), _rank(measure, new)
    if before == after:
        return Turn.EQUAL
    return Turn.WORSE if after > before else Turn.BETTER


def _rank(measure: Measure, value: object) -> tuple[int, Decimal]:
    """Returns what the values of a measure are ordered by, the worst last."""
    if isinstance(value, StopRoom):
        return value.rank
    if measure is Measure.HAS_STOP:
        return 0 if value else 1, ZERO
    return (0, _COMPARED.plus(value)) if isinstance(value, Decimal) else (1, ZERO)
