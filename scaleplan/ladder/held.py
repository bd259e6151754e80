"""Held: the positions behind a ladder's figures, rebuilt from its fills for what asks more of them than a standing."""

from scaleplan.ladder.records import Ladder
from scaleplan.plan import Plan
from scaleplan.position import Position, costs_of, nothing_held


def positions_of(plan: Plan, ladder: Ladder) -> tuple[Position, ...]:
    """The position after each tier, costs in: slipped fills and entry fees."""
    costs = costs_of(plan)
    position = nothing_held(plan)
    positions = []
    for tier, step in zip(plan.tiers, ladder.steps, strict=True):
        position = position.filled(step.fill.price, step.fill.quantity, costs.charge(tier.order))
        positions.append(position)
    return tuple(positions)
