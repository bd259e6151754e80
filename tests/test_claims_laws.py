"""What is called the most is the most: the figures of a study against every path of its plan, for drawn plans.

The walk over every path is the witness: no path loses more than what headline, sheet and rules go by, a tier that is
called reachable is filled so by some path, R and the targets go by what some path holds.
"""

import os
import random
from collections.abc import Iterator
from decimal import Decimal

import pytest

from scaleplan.engine.closes import entries_ended_by
from scaleplan.engine.event import End, EventKind
from scaleplan.paths.records import Claim, Paths
from scaleplan.plan import EntriesEnd, MarginMode
from scaleplan.study import Study
from tests.given import known, study_of

#: Of so many drawn plans the first part is tried each time, all of them where the variable is set.
ALL, PART = 2000, 250
MANY = ALL if os.environ.get("SCALEPLAN_EVERY_CASE") else PART
#: What rounding to fifty digits may leave, as a part of 1.
CLOSE = Decimal("1e-30")


class _Draw:
    """A plan drawn by a number: every market, margin, cost, order and way out in turn."""

    def __init__(self, number: int) -> None:
        self.draw = random.Random(number)  # noqa: S311 - drawn to be drawn again
        self.inverse = self.chance(0.25)
        self.spot = not self.inverse and self.chance(0.25)
        self.sign = 1 if self.spot or self.chance(0.5) else -1
        self.settle = "ABC" if self.inverse else "USDT"
        self.equity = self.chance(0.8)
        self.has_stop = self.chance(0.85)

    def chance(self, part: float) -> bool:
        return self.draw.random() < part

    def one(self, *texts: str) -> str:
        return self.draw.choice(texts)

    def price(self, low: int, high: int) -> str:
        return f"{100 + self.sign * Decimal(self.draw.randint(low * 4, high * 4)) / 4}"

    def move(self) -> str:
        level = self.one("", "", self.price(-12, 4), "entry", "breakeven", *(["+0.5R"] if self.has_stop else []))
        return f", stop: {level}" if level else ""

    def account(self) -> Iterator[str]:
        yield f"symbol: {'ABC/USD:ABC' if self.inverse else 'ABC/USDT' if self.spot else 'ABC/USDT:USDT'}"
        yield f"side: {'long' if self.sign > 0 else 'short'}"
        if self.equity:
            reserved = f", reserved: {self.draw.randint(1, 9)}" if self.chance(0.2) else ""
            equity = self.draw.randint(1, 60) * (10 if self.inverse else 500)
            yield f"account: {{equity: {equity} {self.settle}{reserved}}}"

    def margin(self) -> Iterator[str]:
        if self.spot:
            return
        yield f"leverage: {self.one('1', '3', '10', '25')}"
        known = self.draw.random()
        if known < 0.6:
            yield "maintenance: 0.5%"
        elif known < 0.85:
            brackets = "maintenance: [{up_to: 5000, rate: 0.5%}, {rate: 2%}]"
            taken_on = f"maintenance_on: {self.one('mark', 'entry')}"
            yield f"venue: {{name: x, as_of: 2026-01-01, {brackets}, {taken_on}, closing_fee: 0.05%}}"
        if self.chance(0.35):
            yield "margin_mode: cross"

    def terms(self) -> Iterator[str]:
        if self.chance(0.7):
            per_order = ", per_order: 0.5" if self.chance(0.3) else ""
            yield f"fees: {{maker: {self.one('0.02%', '-0.01%')}, taker: 0.05%{per_order}}}"
        if self.chance(0.4):
            yield "slippage: 0.05%"
        if self.chance(0.3):
            yield "entries_end: never"
        if self.chance(0.2) and not self.inverse:
            yield "instrument: {lot_size: 0.01, tick_size: 0.01}"
        if self.chance(0.15):
            yield "expires: 3d"
        if self.chance(0.15):
            yield f"time_stop: {{after: 48h, {self.one('unless: 0.5R, ') if self.has_stop else ''}close: 50%}}"
        if self.chance(0.3) and self.equity:
            yield f"size: {self.one('1% risk', '40% equity', *([] if self.spot else ['10% margin']))}"
        else:
            yield f"size: {self.draw.randint(1, 30) * 500} {'USD' if self.inverse else 'USDT'}"
        yield f"stop: {self.price(-16, -6) if self.has_stop else 'none'}"

    def tiers(self) -> Iterator[str]:
        yield "tiers:"
        count = self.draw.randint(1, 4)
        for index in range(count):
            order = self.one("", "", ", order: limit", ", order: stop", ", order: market")
            after = ""
            if index and self.chance(0.3):
                after = f", after: {self.one(self.price(-8, 8), f'tier {self.draw.randint(1, index)}')}"
            price = self.price(-7, 7) if index else "100"
            yield f"  - {{price: {price}, share: 1/{count}{order}{after}{self.move()}}}"

    def targets(self) -> Iterator[str]:
        count = self.draw.randint(0, 3)
        if count:
            yield "targets:"
        for index in range(count):
            price = self.price(2 + 4 * index, 9 + 4 * index)
            if self.has_stop and self.chance(0.3):
                price = f"{index + 1}R"
            last = index == count - 1
            close = self.one("close: 25%", "close: 50% of rest", "close: rest" if last else "close: 1/3")
            trail = ", trail: 3%" if last and self.chance(0.3) else ""
            yield f"  - {{price: {price}, {close}{trail}{self.move()}}}"


def drawn(number: int) -> str:
    """Returns the text of the plan drawn by a number."""
    draw = _Draw(number)
    return "\n".join([*draw.account(), *draw.margin(), *draw.terms(), *draw.tiers(), *draw.targets()]) + "\n"


def trial(number: int) -> tuple[Study, Paths] | None:
    """Returns a drawn plan and every path of it; nothing where it has no figures, or too many paths to list."""
    study = study_of(drawn(number))
    if not isinstance(study, Study):
        return None
    paths = study.every_path.walked()
    return (study, paths) if paths.complete else None


def filled_in_turn(paths: Paths) -> set[int]:
    """Returns the tiers that some path fills after those listed before, and no other."""
    found, seen, here = {1}, {0}, [0]
    while here:
        state = paths.states[here.pop()]
        for move in (state.up, state.down):
            if move is None or move.state is None or move.state in seen:
                continue
            after = paths.states[move.state].tiers
            if after == tuple(range(1, len(after) + 1)) and (after == state.tiers or after[:-1] == state.tiers):
                found.add(len(after))
                seen.add(move.state)
                here.append(move.state)
    return found


def assert_true(study: Study, paths: Paths) -> None:
    """No path breaks what the ladder says."""
    ladder = study.ladder
    planned = ladder.totals.risk
    scale = abs(planned or Decimal(0)) + ladder.totals.quantity * ladder.totals.average_entry + 1
    # With what the clock can do among the paths.
    worst = next(proof.value for proof in paths.proofs if proof.claim is Claim.WORST_PLANNED)
    elsewhere = ladder.elsewhere
    plan = ladder.machine.plan
    unknown = plan.stop is None and plan.margin_mode is MarginMode.CROSS and plan.account.equity is None
    assert unknown or planned is not None
    if worst is None and planned is not None:
        # A liquidation that nobody can place may lose more than any end that is listed: those are what is compared.
        assert paths.summary.probability_liquidated is None
        listed = max(-one.net_worst for one in paths.outcomes if one.net_worst is not None)
        most = max(planned, Decimal(0)) if elsewhere is None or elsewhere.loss is None else elsewhere.loss
        assert listed <= most + CLOSE * scale
    elif worst is None:
        # Nothing says what stands behind it: neither planned nor on a path, and nowhere is a number made up.
        assert planned is None
        assert elsewhere is None
        assert ladder.most_lost is None
    elif planned is None:
        # No path is left without a stop.
        assert abs(known(ladder.most_lost) - worst) <= CLOSE * scale
    elif elsewhere is None:
        assert worst <= max(planned, Decimal(0)) + CLOSE * scale
    else:
        assert abs(known(elsewhere.loss) - worst) <= CLOSE * scale
    assert {step.tier for step in ladder.steps if step.position.reachable} == filled_in_turn(paths)
    filled = {tier for one in paths.states for tier in one.tiers}
    assert {step.tier for step in ladder.steps if step.position.fills} == filled
    # Where a tier fills at once, what paths hold is not what is listed, and may lose more.
    if planned is not None and not any(step.position.at_once for step in ladder.steps):
        assert planned <= known(ladder.totals.risk_if_all)
    ends = [one for one in paths.outcomes if one.end is End.TARGETS]
    if ladder.exits and ladder.exits[-1].remaining == 0 and ends:
        # Every target hit nets what some path nets.
        reward = ladder.totals.reward
        assert reward is not None
        assert any(abs(one.net - reward) <= CLOSE * scale for one in ends)
    assert_rewarded(study, paths, scale)
    assert_locked(study, paths, scale)
    if not paths.timed:
        assert_together(study, paths)


def assert_together(study: Study, paths: Paths) -> None:
    """What the sheet says of a count of tiers and a target is so on some path: it is hit with just these filled."""
    hit: dict[int, int] = {}
    for state in paths.states:
        tiers = sum(1 << tier - 1 for tier in state.tiers)
        for move in (state.up, state.down):
            if move is not None and move.event.kind is EventKind.TARGET:
                hit[tiers] = max(hit.get(tiers, 0), move.event.number)
    found = study.every_path.targets_with()
    assert found is not None
    if study.plan.entries_end is EntriesEnd.NEVER:
        # Tiers may fill between two targets.
        assert all(one.targets <= hit.get(tiers, 0) for tiers, one in found.items())
    else:
        closing = entries_ended_by(study.plan) or 0
        late = {tiers: count for tiers, count in hit.items() if count > closing}
        assert {tiers: one.targets for tiers, one in found.items() if one.targets > closing} == late


def assert_rewarded(study: Study, paths: Paths, scale: Decimal) -> None:
    """What is made if every target is hit is what some path makes that hits them all; without one there is none."""
    ladder = study.ladder
    hits = max((one.targets for one in paths.outcomes), default=0)
    assert [exit_.target for exit_ in ladder.exits if not exit_.reached] == [
        exit_.target for exit_ in ladder.exits if exit_.target > hits and exit_.before is not None
    ]
    reward = ladder.totals.reward
    if reward is None or not all(exit_.reached for exit_ in ladder.exits):
        assert reward is None
        return
    last = ladder.exits[-1]
    if study.plan.targets[-1].trail is None and not last.may_grow and last.remaining and last.liquidated is None:
        assert any(abs(one.net - reward) <= CLOSE * scale for one in paths.outcomes if one.targets == hits)


def assert_locked(study: Study, paths: Paths, scale: Decimal) -> None:
    """What is locked after a target is what the path nets whose next event is on the losing side."""
    ladder = study.ladder
    sign = study.plan.sign
    hits = len(ladder.exits) if study.facts is None else len(study.facts.reached.hits)
    for exit_ in ladder.exits[:hits]:
        for state in paths.states:
            here = state.targets, state.price, state.quantity, sum(1 << tier - 1 for tier in state.tiers)
            move = state.down if sign > 0 else state.up
            if here != (exit_.target, exit_.price, exit_.remaining, exit_.filled) or move is None or move.at_once:
                continue
            if (
                exit_.stop is None
                or state.stop != exit_.stop
                or move.event.kind not in (EventKind.STOP, EventKind.LIQUIDATION)
            ):
                continue
            assert (move.event.kind is EventKind.LIQUIDATION) == (exit_.liquidated is not None)
            if exit_.locked is not None and move.worst is not None and move.best is not None:
                assert move.event.price == (exit_.stop if exit_.liquidated is None else exit_.liquidated)
                assert move.worst - CLOSE * scale <= exit_.locked <= move.best + CLOSE * scale


@pytest.mark.parametrize("part", range(10))
def test_no_path_breaks_what_is_said(part: int) -> None:
    """The most that is said to be lost is lost by no path, and what is reachable is what some path comes to."""
    tried = 0
    for number in range(part, MANY, 10):
        found = trial(number)
        if found is None:
            continue
        study, paths = found
        tried += 1
        try:
            assert_true(study, paths)
        except AssertionError as error:
            raise AssertionError(f"plan {number}:\n{drawn(number)}") from error
        assert {proof.claim for proof in paths.proofs} <= set(Claim)
    assert tried > MANY / 10 / 3
