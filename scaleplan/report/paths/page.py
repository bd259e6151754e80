"""The page of `paths`: what is proved first, then the ends and their chart, then what they come to.

The states can be drawn as a tree: each once, a second way to it as `-> state 7`. A branch that would leave too little
room for words is drawn further down, from the margin.
"""

from collections import deque
from collections.abc import Iterator

from scaleplan.paths.records import StateView
from scaleplan.report.layout import ROOM, STEP
from scaleplan.report.page import (
    COLUMNS,
    UNLIMITED,
    Branches,
    Cell,
    FactList,
    Heading,
    Medium,
    Page,
    Part,
    Sentence,
    Title,
)
from scaleplan.report.paths.ends import clock_words, end_notes, ends_chart, ends_table, left_out, left_out_words
from scaleplan.report.paths.proofs import proofs
from scaleplan.report.paths.summary import odds_words, rests_on, summary
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
from scaleplan.report.sentences import head, wrong


def paths_page(walked: WalkedPlan, medium: Medium) -> Page:
    """Returns every path of a plan; a terminal has the notes of the ends under their table, a document at its end."""
    notes, ending = tuple(end_notes(walked)), (*summary(walked), *rests_on(walked))
    parts: list[Part] = [*_head(walked), Heading("Proofs"), FactList(tuple(proofs(walked)))]
    outcomes = walked.paths.outcomes
    if outcomes:
        parts += [Heading("Ends"), ends_table(walked, medium)]
        chart = ends_chart(outcomes, "R" if walked.ladder.totals.has_r else walked.plan.settle)
        if not medium.document:
            parts += [FactList(notes), *([Heading()] if chart else [])]
        elif left_out(walked.paths):
            words = f"Left out between the worst and the best: {left_out_words(walked)}."
            parts.append(Sentence((Cell(words),)))
        parts += chart
    parts.append(Heading("Taken together"))
    if medium.document or not outcomes:
        ending = (*summary(walked), *notes, *rests_on(walked))
    return Page((*parts, FactList(ending)), walked.study.diagnostics)


def tree_page(walked: WalkedPlan, medium: Medium) -> Page:
    """Returns the states of a plan as a tree below its head."""
    width = COLUMNS if medium.document else medium.width
    return Page((*_head(walked), Heading(), Branches(tree(walked, width))))


def _head(walked: WalkedPlan) -> list[Part]:
    """The plan in a few words, where its paths begin, and whether something is wrong with it."""
    doubts = wrong(walked.study)
    return [
        Title(head(walked.plan)),
        Sentence((Cell(odds_words(walked)),), lead=True, limit=UNLIMITED),
        *([Sentence((doubts,), lead=True, limit=UNLIMITED, hang=0)] if doubts else []),
    ]


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
