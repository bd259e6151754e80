"""States and moves in words, as the tree and the graph of them show them."""

from collections import deque
from collections.abc import Iterator
from decimal import Decimal

from scaleplan.engine.event import End
from scaleplan.engine.margin import Answer
from scaleplan.engine.risk import in_r
from scaleplan.paths.records import Move, Paths, StateView
from scaleplan.plan import Contract
from scaleplan.report.figures import NONE, UNKNOWN, Figures, r_signed
from scaleplan.report.layout import wrap
from scaleplan.report.paths.page import heading
from scaleplan.report.paths.parts import Told, clock_words
from scaleplan.report.paths.words import chance, event_words, first_targets, numbers, path_words, price, signed_money
from scaleplan.report.terminal import draw

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


_STEP = 2
#: So many columns are left for words.
_ROOM = 44

_Branch = tuple[int, str, StateView | None]


def render_tree(one: Told, *, width: int) -> str:
    """The states and ends, indented; where they are too many there is no tree, and it says why."""
    return "".join(f"{line}\n" for line in _lines(one, width))


def tree_page(one: Told, *, width: int, colour: bool) -> str:
    """The tree below the plan's head."""
    return draw(heading(one, width), colour=colour) + "\n" + render_tree(one, width=width)


def _lines(one: Told, width: int) -> Iterator[str]:
    states = one.paths.states
    why_not = undrawn(one.paths)
    if why_not:
        yield from _wrapped(f"no tree: {why_not}", 0, width)
        return
    results = Results(one)
    drawn: set[int] = set()
    #: What is still to be written, the next one last: its depth, its words, and the state that they lead to.
    waiting: list[_Branch] = [(0, path_words(one.figures, one.paths.begin), states[0])]
    #: States whose branch begins at the margin.
    roots: deque[StateView] = deque()
    while waiting or roots:
        if not waiting:
            yield ""
            waiting.append((0, "", roots.popleft()))
        depth, text, state = waiting.pop()
        if state is None:
            yield from _wrapped(text, depth, width)
        elif state.state in drawn and text:
            yield from _wrapped(f"{text} -> state {state.state}", depth, width)
        elif (depth + 1) * _STEP + _ROOM > width and depth:
            drawn.add(state.state)
            roots.append(state)
            yield from _wrapped(f"{text} -> state {state.state}, below", depth, width)
        else:
            drawn.add(state.state)
            yield from _wrapped(_state(one.figures, text, state), depth, width)
            waiting += reversed([(depth + 1, *branch) for branch in _branches(one, state, results)])
    if one.paths.timed:
        yield ""
        yield from _wrapped(clock_words(one.paths), 0, width)


def _branches(one: Told, state: StateView, results: Results) -> Iterator[tuple[str, StateView | None]]:
    """What can happen in a state: the words, and the state that it leads to; an end is in the words."""
    for side, move in leaving(state):
        text = move_words(one.figures, side, move)
        if move.state is None:
            yield f"{text}: ends at {' to '.join(results.of(move))}", None
        else:
            yield text, one.paths.states[move.state]
    if state.open_probability:
        yield f"{chance(state.open_probability)} stays open", None


def _state(figures: Figures, reached: str, state: StateView) -> str:
    named = f"state {state.state}: {position_words(figures, state)}"
    return f"{reached} -> {named}" if reached else named


def _wrapped(text: str, depth: int, width: int) -> Iterator[str]:
    indent = min(depth * _STEP, max(0, width - _ROOM))
    for line in wrap(text, width, indent=indent + 2 * _STEP, taken=indent):
        words = "".join(cell.text for cell in line)
        yield (words if words.startswith(" ") else " " * indent + words).rstrip()
