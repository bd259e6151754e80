"""Onward from a state: the walk of all paths, begun where a trade stands."""

from decimal import Decimal
from pathlib import Path

import pytest

from scaleplan.engine.event import EventKind
from scaleplan.engine.state import State, Step
from scaleplan.paths.onward import onward
from scaleplan.quantity.exact import ZERO, exact
from scaleplan.study import Study, study
from tests.given import known

D = Decimal
PLANS = Path(__file__).parent.parent / "plans"
PLAN = b"""
symbol: SOL/USDT
side: long
size: 30 SOL
tiers: [100, 90, 80]
stop: 70
targets: [50% at 120, rest at 140]
"""


def studied(text: bytes = PLAN, name: str = "plan.yaml") -> Study:
    """Returns the study of a plan that can be read."""
    found = study(name, text)
    assert isinstance(found, Study)
    return found


@exact
def test_from_tier_1_on_it_is_every_path() -> None:
    """By hand: from 100 tier 2 at 90 comes before target 1 at 120 two times in three."""
    found = studied()
    machine = found.ladder.machine
    begun = machine.fill(machine.flat(D(100)), machine.holdings.own_fill(0), D(100)).state
    assert begun is not None
    ahead = onward(machine, begun, found.ladder.totals.r)
    assert ahead.chances is not None
    assert abs(ahead.chances.down - D(2) / 3) < D("1e-40")
    assert (ahead.up.event[:3], ahead.down.event[:3]) == (  # type: ignore[union-attr]
        (EventKind.TARGET, 1, D(120)),
        (EventKind.TIER, 2, D(90)),
    )
    whole = found.every_path.walked().outcomes
    assert ahead.outcomes is not None
    assert [outcome[:-1] for outcome in ahead.outcomes] == [outcome[:-1] for outcome in whole]


@exact
@pytest.mark.parametrize("name", ["breakout-retest-pyramid", "range-short", "inverse-long"])
def test_a_walk_begun_in_a_state_ends_as_the_walk_through_it(name: str) -> None:
    """The law of total chance: what a state's two neighbours expect is what it expects, with what the step adds."""
    path = PLANS / f"{name}.yaml"
    found = studied(path.read_bytes(), str(path))
    machine = found.ladder.machine
    first = machine.plan.tiers[0].price
    begun = machine.fill(machine.flat(first), machine.holdings.own_fill(0), first).state

    def mean(state: State) -> Decimal:
        outcomes = onward(machine, state, ZERO).outcomes
        assert outcomes is not None
        assert abs(sum((known(outcome.probability) for outcome in outcomes), ZERO) - 1) < D("1e-30")
        return sum((known(outcome.probability) * outcome.net for outcome in outcomes), ZERO)

    def after(step: Step) -> Decimal:
        return step.result + (ZERO if step.state is None else mean(machine.key(step.state)))

    assert begun is not None
    ahead = onward(machine, begun, ZERO)
    assert ahead.up is not None
    assert ahead.down is not None
    assert ahead.chances is not None
    expected = ahead.chances.up * after(ahead.up) + ahead.chances.down * after(ahead.down)
    assert abs(mean(begun) - expected) < D("1e-20") * max(D(1), abs(expected))
