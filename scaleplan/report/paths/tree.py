"""The states of a plan as a tree: each state once, a second way to it as `-> state 7`.

A branch that would leave too little room for words is drawn further down, from the margin.
"""

from collections import deque
from collections.abc import Iterator

from scaleplan.paths.records import StateView
from scaleplan.report.layout import ROOM, STEP
from scaleplan.report.paths.ends import clock_words
from scaleplan.report.paths.words import (
    WalkedPlan,
    chance,
    event_words,
    leaving,
    path_words,
    position_words,
    results_of,
    undrawn,
)

_Branch = tuple[int, str, StateView | None]


def tree(walked: WalkedPlan, width: int) -> Iterator[tuple[int, str]]:
    """Yields the branches with their depth; where the states are too many there is no tree, and it says why."""
    states = walked.paths.states
    why_not = undrawn(walked.paths)
    if why_not:
        yield 0, f"no tree: {why_not}"
        return
    drawn: set[int] = set()
    #: What is still to be written, the next one last: its depth, its words, and the state that they lead to.
    waiting: list[_Branch] = [(0, path_words(walked.figures, walked.paths.begin), states[0])]
    #: States whose branch begins at the margin.
    roots: deque[StateView] = deque()
    while waiting or roots:
        if not waiting:
            yield 0, ""
            waiting.append((0, "", roots.popleft()))
        depth, text, state = waiting.pop()
        if state is None:
            yield depth, text
        elif state.state in drawn and text:
            yield depth, f"{text} -> state {state.state}"
        elif (depth + 1) * STEP + ROOM > width and depth:
            drawn.add(state.state)
            roots.append(state)
            yield depth, f"{text} -> state {state.state}, below"
        else:
            drawn.add(state.state)
            named = f"state {state.state}: {position_words(walked.figures, state)}"
            yield depth, f"{text} -> {named}" if text else named
            waiting += reversed([(depth + 1, *branch) for branch in _branches(walked, state)])
    if walked.paths.timed:
        yield 0, ""
        yield 0, clock_words(walked.paths)


def _branches(walked: WalkedPlan, state: StateView) -> Iterator[tuple[str, StateView | None]]:
    """What can happen in a state: the words, and the state that it leads to; an end is in the words."""
    for side, move in leaving(state):
        text = f"{side} {chance(move.probability)}, {event_words(walked.figures, move.event)}"
        if move.state is None:
            yield f"{text}: ends at {' to '.join(results_of(walked, move))}", None
        else:
            yield text, walked.paths.states[move.state]
    if state.open_probability:
        yield f"{chance(state.open_probability)} stays open", None
