"""Levels typed on the command line: any price form of the language, measured in the state that is asked about."""

from collections.abc import Sequence
from decimal import Decimal

from scaleplan.decode.levels import ground_of, read_any_level
from scaleplan.decode.reader import Reader
from scaleplan.diagnostic import Diagnostic
from scaleplan.engine.levels import level_price
from scaleplan.engine.machine import Machine
from scaleplan.engine.state import State
from scaleplan.plan import Level, Plan
from scaleplan.quantity.price import Anchor, Fixed, Reference
from scaleplan.questions.stance import Goal
from scaleplan.source import Span
from scaleplan.tree import Scalar


def read_goals(plan: Plan, words: Sequence[Span]) -> tuple[list[Goal], list[Diagnostic]]:
    """Returns where price is to go by each word, and what is wrong with those that are no price."""
    reader, ground = Reader(), ground_of(plan)
    goals: list[Goal] = []
    for span in words:
        level = read_any_level(reader, Scalar(span.text.strip(), span), "price", ground)
        if level is not None:
            goals.append(level.price if isinstance(level, Fixed) else _measured(plan, level))
    return goals, reader.diagnostics


def _measured(plan: Plan, level: Level) -> Goal:
    """Returns a goal that is measured from the position held, and from where a target lies for that."""

    def goal(machine: Machine, state: State) -> Decimal:
        lies = None
        if isinstance(level, Anchor) and level.reference is Reference.TARGET:
            lies = machine.holdings.lies(state.held, level.number - 1)
        return level_price(plan, level, state.held.position, at_target=lies)

    return goal
