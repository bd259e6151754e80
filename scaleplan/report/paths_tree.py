"""The states of a plan as a tree of text: each state once, a second way to it as `-> state 7`.

A branch that would leave too little room for words is drawn further down, from the margin.
"""

from collections import deque
from collections.abc import Iterator

from scaleplan.paths.records import StateView
from scaleplan.report.figures import Figures
from scaleplan.report.layout import wrap
from scaleplan.report.path_words import chance, path_words
from scaleplan.report.paths_parts import Told, clock_words
from scaleplan.report.paths_states import Results, leaving, move_words, position_words, undrawn
from scaleplan.report.paths_table import heading
from scaleplan.report.terminal import draw

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
