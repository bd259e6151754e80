"""States and moves in words, as the tree and the graph of them show them."""

from decimal import Decimal

from scaleplan.engine.event import End
from scaleplan.engine.margin import Answer
from scaleplan.engine.risk import in_r
from scaleplan.paths.records import Move, Paths, StateView
from scaleplan.plan import Contract
from scaleplan.quantity.exact import exact
from scaleplan.report.figures import NONE, UNKNOWN, Figures, r_signed
from scaleplan.report.path_words import chance, event_words, first_targets, numbers, price, signed_money
from scaleplan.report.paths_parts import Told

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


class Results:
    """The results of the moves that end a plan."""

    def __init__(self, one: Told) -> None:
        self._one = one

    @exact
    def of(self, move: Move) -> tuple[str, ...]:
        """The result, or the worst and the best over the ways into its state; in money where there is no 1R."""
        if move.worst is None or move.best is None:
            return (UNKNOWN,)
        low, high = self._result(move.worst), self._result(move.best)
        return (low,) if low == high else (low, high)

    def _result(self, net: Decimal) -> str:
        net_r = in_r(net, self._one.ladder.totals.r)
        return signed_money(self._one.figures, net) if net_r is None else r_signed(net_r)


def end_key(state: StateView, move: Move, result: tuple[str, ...]) -> EndKey:
    """What the end is that a move leads to from a state, with this result."""
    if move.end is None:
        raise ValueError("the move leads to a state")
    return move.end, state.tiers, state.targets + (move.end is End.TARGETS), result


def leaving(state: StateView) -> list[tuple[str, Move]]:
    """What can happen in a state, with its side; what happens at once is on no side."""
    moves = (("up", state.up), ("down", state.down))
    return [("at once" if move.at_once else side, move) for side, move in moves if move is not None]


def move_words(figures: Figures, side: str, move: Move) -> str:
    """A move: the side, the chance, the event."""
    return f"{side} {chance(move.probability)}, {event_words(figures, move.event)}"


def position_words(figures: Figures, state: StateView) -> str:
    """What is held in a state: quantity, average, stop, liquidation."""
    if state.average_entry is None:
        return "nothing held"
    parts = [f"{figures.held(state.quantity)} at {price(figures, state.average_entry)}"]
    parts.append(f"stop {NONE if state.stop is None else price(figures, state.stop)}")
    if figures.plan.contract is not Contract.SPOT:
        at = state.liquidation_price
        unpriced = NONE if state.liquidation is Answer.NONE else UNKNOWN
        parts.append(f"liquidated {unpriced if at is None else price(figures, at)}")
    return ", ".join(parts)


def done_words(state: StateView) -> str:
    """What has filled and what was hit: `tiers 1-2, target 1`."""
    filled = f"tier{'s' if len(state.tiers) > 1 else ''} {numbers(state.tiers)}" if state.tiers else "no tier"
    if not state.targets:
        return filled
    return f"{filled}, target{'s' if state.targets > 1 else ''} {first_targets(state.targets)}"
