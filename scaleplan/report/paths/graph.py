"""The states of plans as a graph for Graphviz: states are ellipses, ends boxes, each edge its event and chance.

Ends alike in tiers, targets and result are one box; what the clock ends is a dashed one that no edge leads to.

Every text is a quoted string of the DOT language: backslashes and quotes are escaped, control characters visible.
"""

from collections.abc import Iterable, Iterator

from scaleplan.report.paths.summary import odds_words
from scaleplan.report.paths.words import (
    EndKey,
    WalkedPlan,
    chance,
    done_words,
    end_key,
    event_words,
    leaving,
    position_words,
    results_of,
    undrawn,
)
from scaleplan.report.visible import visible
from scaleplan.report.words import first_targets, numbers


def graphs(found: Iterable[WalkedPlan]) -> str:
    """Returns a graph for each plan, one after the other."""
    return "\n".join("".join(f"{line}\n" for line in _graph(walked)) for walked in found)


def quoted(*lines: str) -> str:
    """Lines of text as one string of the DOT language."""
    escaped = (visible(line).replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"{}"'.format("\\n".join(escaped))


def _graph(walked: WalkedPlan) -> Iterator[str]:
    figures = walked.figures
    why_not = undrawn(walked.paths)
    yield f"digraph {quoted(walked.plan.name)} {{"
    yield f"  label={quoted(f'{walked.plan.name}, {walked.plan.symbol.text}', why_not or odds_words(walked))};"
    yield "  rankdir=LR;"
    ends: dict[EndKey, str] = {}
    edges = []
    for state in () if why_not else walked.paths.states:
        name = f"s{state.state}"
        words = quoted(f"state {state.state}: {done_words(state)}", *position_words(figures, state).split(", "))
        yield f"  {name} [label={words}];"
        for side, move in leaving(state):
            if move.state is None:
                key = end_key(state, move, results_of(walked, move))
                child = ends.setdefault(key, f"e{len(ends)}")
            else:
                child = f"s{move.state}"
            label = quoted(event_words(figures, move.event), f"{side} {chance(move.probability)}")
            edges.append(f"  {name} -> {child} [label={label}];")
    for (end, tiers, targets, result), name in ends.items():
        words = result[0] if len(result) == 1 else f"from {' to '.join(result)}"
        reached = f"tiers {numbers(tiers)}, targets {first_targets(targets)}"
        yield f"  {name} [shape=box, label={quoted(str(end), reached, words)}];"
    for number, extra in enumerate(() if why_not else walked.paths.timed):
        # The clock ends a plan in any state: an edge from each would hide the others.
        words = quoted(extra.end, "in any state, by the clock", "no path has a time: no chance")
        yield f"  c{number} [shape=box, style=dashed, label={words}];"
    yield from edges
    yield "}"
