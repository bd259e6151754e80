"""Laws of standing at a price, on plans of every market: spot, linear and inverse, isolated and cross, brackets, lots.

What a stance is worth follows from the position alone, and what comes next is what `paths` has in that state.
"""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaleplan.engine.event import EventKind
from scaleplan.engine.holding import bits
from scaleplan.engine.levels import reached
from scaleplan.engine.next_events import NextEvents
from scaleplan.paths.records import Move, StateView
from scaleplan.quantity.exact import exact
from scaleplan.questions.stance import Finished, NoStance, Stance, go, stance
from scaleplan.questions.stance_figures import Coming, figures_of
from scaleplan.study import Study
from tests.given import same, study_of
from tests.test_paths_laws import Draft, drafts

laws = settings(max_examples=40, deadline=None, database=None, derandomize=True)

_BRACKETS = (
    "venue: {name: own, maintenance: [{up_to: 300, rate: 0.5%, max_leverage: 125}, {up_to: 900, rate: 1%},"
    " {rate: 2.5%}]}"
)
_COIN_BRACKETS = "venue: {name: own, bracket_by: coin, maintenance: [{up_to: 0.2, rate: 0.5%}, {rate: 1%}]}"


@st.composite
def studies(draw: st.DrawFn) -> Study:
    """Draws a plan with costs, of any market and margin mode, that has figures."""
    draft: Draft = draw(drafts(("spot", "linear", "inverse")))
    inverse = draft.contract == "inverse"
    more = [*draft.more]
    more += draw(st.sampled_from(([], ["fees: {maker: -0.01%, taker: 0.06%}", "slippage: 0.1%"])))
    more += draw(st.sampled_from(([], ["instrument: {tick_size: 0.5, lot_size: 1}"])) if not inverse else st.just([]))
    equity = "50 ABC" if inverse else "5000 USDT"
    more += draw(st.sampled_from(([], [f"account: {{equity: {equity}}}"])))
    if draft.contract != "spot":
        more.append(f"leverage: {draw(st.integers(1, 8))}")
        more += draw(st.sampled_from(([], ["maintenance: 1%"], [_COIN_BRACKETS if inverse else _BRACKETS])))
        more += draw(st.sampled_from(([], ["margin_mode: cross"])))
    study = study_of(replace(draft, more=tuple(more)).text)
    assume(isinstance(study, Study))
    assert isinstance(study, Study)
    return study


def stances(study: Study) -> list[tuple[Stance, StateView]]:
    """Returns the states of the graph of a plan as stances, each with what `paths` has of it."""
    paths = study.every_path.walked()
    machine = study.every_path.explored.up_to(100_000).machine
    nodes = study.every_path.explored.up_to(100_000).nodes
    return [
        (Stance(machine, node.state, ()), view)
        for node, view in zip(nodes, paths.states, strict=True)
        if node.state.held.position.quantity
    ]


def agrees(mine: Coming | None, move: Move | None) -> bool:
    """Whether what comes next is the move that `paths` has."""
    if mine is None or move is None:
        return mine is None and move is None
    ends = None if mine.step.over is None else mine.step.over.end
    return (mine.step.event, ends, mine.step.at_once) == (move.event, move.end, move.at_once) and same(
        mine.probability, move.probability
    )


@laws
@given(studies())
@exact
def test_what_comes_next_is_what_paths_has(study: Study) -> None:
    """Law: at a state's price, in that state, up and down are those of `paths`; their chances sum to 1."""
    views = study.every_path.walked().states
    for here, view in stances(study):
        found = figures_of(study, here)
        assert agrees(found.up, view.up)
        assert agrees(found.down, view.down)
        chances = [coming.probability for coming in (found.up, found.down) if coming is not None]
        told = [chance for chance in chances if chance is not None]
        assert len(told) in (0, len(chances))
        assert not told or same(sum(told, view.open_probability or Decimal(0)), 1)
        for coming, move in ((found.up, view.up), (found.down, view.down)):
            if coming is not None and coming.step.state is not None and move is not None and move.state is not None:
                then, after = coming.step.state, views[move.state]
                assert (bits(then.held.filled), then.hits, then.stop) == (after.tiers, after.targets, after.stop)


@laws
@given(studies())
@exact
def test_a_name_finds_the_likeliest_state(study: Study) -> None:
    """Law: the state of a name is one that `paths` has, and none of that name that lasts is likelier.

    Its result so far is that of a way to it: at its own price all is as in the graph.
    """
    assume(all(view.probability is not None for _, view in stances(study)))
    lasting = [
        (here, view)
        for here, view in stances(study)
        if not any(move is not None and move.at_once and move.end is None for move in (view.up, view.down))
    ]
    for tiers, targets in {(view.tiers, view.targets) for _, view in lasting}:
        found = stance(study, None, tiers, targets)
        alike = [(here, view) for here, view in lasting if (view.tiers, view.targets) == (tiers, targets)]
        best = max(view.probability or 0 for _, view in alike)
        if isinstance(found, Finished):
            # A stop put where price is exits at once.
            assert all(view.up is None or view.down is None for _, view in alike)
            continue
        assert isinstance(found, Stance)
        mine = [
            view
            for here, view in alike
            if here.state.price == found.state.price and here.state.held == found.state.held
        ]
        assert any(same(view.probability, best) for view in mine)


@laws
@given(studies(), st.fractions(Fraction(1, 9), Fraction(8, 9), max_denominator=9))
@exact
def test_between_two_levels_all_is_continuous(study: Study, part: Fraction) -> None:
    """Law: between its levels a stance keeps its state, results are linear in worth, and chances in price."""
    for here, view in stances(study)[:6]:
        up, down = view.up, view.down
        if up is None or down is None or EventKind.TRAIL in (up.event.kind, down.event.kind):
            continue
        low, high = down.event.price, up.event.price
        price = low + (high - low) * part.numerator / part.denominator
        there = go(here, price, named=True)
        assert isinstance(there, Stance)
        if there.state.touched != here.state.touched:
            continue
        found = figures_of(study, there)
        position = here.state.held.position
        assert there.state == here.state._replace(price=price)
        assert same(found.unrealised, position.pnl(price))
        assert found.up is not None
        if view.open_probability is None:
            # Nobody knows where it is liquidated, and so how likely either is.
            assert found.up.probability is None
        else:
            assert same(found.up.probability, (price - low) / (high - low))
        middle = go(here, position.price_of((position.worth(low) + position.worth(high)) / 2), named=True)
        ends = [figures_of(study, Stance(here.machine, here.state._replace(price=at), ())) for at in (low, high)]
        assert isinstance(middle, Stance)
        if not study.plan.slippage:
            assert same(figures_of(study, middle).closed_now, (ends[0].closed_now + ends[1].closed_now) / 2, within=100)


@laws
@given(studies())
@exact
def test_at_the_average_nothing_is_unrealised_and_at_the_stop_the_risk_is(study: Study) -> None:
    """Law: marked at its average a position is worth what it cost; closed at its stop it loses the risk.

    With tiers 1 to k filled as listed that is the risk that `show` has of tier k; and the equity is then the account
    less that loss, where nothing but the exit's costs is missing.
    """
    plan = study.plan
    for here, view in stances(study):
        position = here.state.held.position
        at_average = figures_of(study, here._replace(state=here.state._replace(price=position.average_entry)))
        assert same(at_average.unrealised, 0) or abs(at_average.unrealised) < Decimal("1e-40") * position.cost
        stop = here.state.stop
        assert stop is not None
        at_stop = figures_of(study, here._replace(state=here.state._replace(price=stop)))
        if at_stop.if_stopped is not None and not (plan.targets[-1].trail and view.targets == len(plan.targets)):
            assert same(at_stop.closed_now, at_stop.if_stopped)
        rung = study.ladder.steps[len(view.tiers) - 1].position
        listed = view.tiers == tuple(range(1, len(view.tiers) + 1)) and view.targets == 0
        own = [study.ladder.machine.holdings.own_fill(number - 1) for number in view.tiers]
        planned = same(position.quantity, sum(fill.quantity for fill in own)) and same(
            position.entry_fees, sum(fill.fee for fill in own)
        )
        if listed and planned and rung.stop == stop and same(rung.average_entry, position.average_entry):
            assert rung.risk is not None
            assert same(at_stop.closed_now, -rung.risk)


@laws
@given(studies(), st.integers(-300, 300))
@exact
def test_the_straight_way_is_one_that_the_machine_takes(study: Study, tenths: int) -> None:
    """Law: price gone straight to a price is past no level that is live there, unless the plan is over."""
    price = Decimal(100) + Decimal(tenths) / 10
    found = stance(study, price)
    assert not isinstance(found, NoStance)
    if isinstance(found, Finished):
        assert found.way[-1].kind in (EventKind.STOP, EventKind.LIQUIDATION, EventKind.TARGET, EventKind.TRAIL)
        return
    state = found.state
    assert state.price == price
    sign = study.plan.sign
    losing = found.machine.losing(state).nearest
    assert losing is None or not reached(price, losing, sign) or same(price, losing)
    trails = study.plan.targets[-1].trail is not None and state.hits == len(study.plan.targets)
    up, down = NextEvents(found.machine).fork(state)
    for step, side in ((up, 1), (down, -1)):
        if step is not None and not step.at_once and not trails:
            assert side * (step.event.price - price) > 0


@laws
@given(studies())
@exact
def test_the_margin_ratio_is_1_where_it_is_liquidated(study: Study) -> None:
    """Law: at the liquidation price what has to be kept is what stands behind the position; nearer to it is worse."""
    for here, _ in stances(study)[:8]:
        at = here.machine.liquidation(here.state).price
        if at is None or at == here.state.held.position.average_entry:
            continue
        there = figures_of(study, here._replace(state=here.state._replace(price=at)))
        assert there.margin_ratio is None or same(there.margin_ratio, 1, within=1000)
        nearer = (at + here.state.held.position.average_entry) / 2
        between = figures_of(study, here._replace(state=here.state._replace(price=nearer)))
        assert between.margin_ratio is None or between.margin_ratio < 1
