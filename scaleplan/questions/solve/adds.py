"""What may be added to a trade at a price: for an average, within a risk, or until liquidation is as near as it may be.

Of `x` more, filled at `P'`: the average is `A` where `x = (A*Q - C)/(P' - A)` (inverse `(A*C - N)/(1 - A/P')`); the
risk at the stop in force is a line in `x`; so is, in each bracket, what is left of the margin at a liquidation price.
"""

from collections.abc import Callable
from decimal import Decimal

from scaleplan.engine.holding import bits
from scaleplan.engine.levels import reached
from scaleplan.engine.margin import Answer as Liquidated
from scaleplan.engine.position import Position
from scaleplan.engine.risk import risk_at_stop
from scaleplan.engine.sizing import counted, least_order, lot_at
from scaleplan.engine.state import State
from scaleplan.plan import Contract, Plan, Tier
from scaleplan.quantity.exact import ONE, ZERO, above, same
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Fixed
from scaleplan.questions.solve.grid import last_kept, significant_step, steps_above, steps_below
from scaleplan.questions.solve.records import (
    Binding,
    BrokenPromise,
    Goal,
    NextValue,
    NoAnswer,
    NoState,
    Reason,
    SentenceFigure,
    Solution,
    SolvedValue,
    Unit,
    of_unit,
)
from scaleplan.questions.solve.trial import (
    Standpoint,
    Trial,
    Trials,
    added,
    must_know_liquidation,
    own_size,
    stand_of,
    trial_of,
    with_tiers,
)
from scaleplan.questions.stance import Finished, NoStance, stance

#: So many times what is held is the most that is looked at.
_MOST_TIMES = Decimal(1_000_000)


def solve_add(trials: Trials, goal: Goal) -> Solution:
    """Returns how much to add at a price, in the state that is named or in which price gets there from tier 1.

    Where price does not get there at all an average on the wrong side is said first.
    """
    plan = trials.study.plan
    if goal.at is None:
        raise ValueError("an add is asked for at a price")
    named = goal.tiers is not None or goal.targets is not None
    found = stance(trials.study, goal.at, goal.tiers, goal.targets)
    if isinstance(found, NoStance):
        raise NoState(found.message)
    price = found.price if isinstance(found, Finished) else found.state.price
    state = stand_of(trials.study, goal.tiers, goal.targets).state if named else found.state
    adds = _Adds(trials, goal, Standpoint(state, state.realized), price)
    if goal.average is not None:
        adds.must_lie_between(goal.average)
    if isinstance(found, Finished):
        met = found.way[-1]
        raise NoAnswer(
            Reason.OUT_OF_REACH,
            f"the plan is over before {{0}}: {met.kind} at {{1}}",
            SentenceFigure(price, Unit.WRITTEN),
            SentenceFigure(met.price, Unit.PRICE),
        )
    adds = _Adds(trials, goal, Standpoint(found.state, found.state.realized), price)
    if goal.average is not None:
        return adds.for_average(goal.average)
    if goal.risk is not None:
        return adds.for_risk(goal.risk)
    return adds.for_liquidation(_liquidated_at(plan, goal, adds.state))


def _liquidated_at(plan: Plan, goal: Goal, state: State) -> Decimal:
    if goal.liquidated is not None:
        return goal.liquidated
    stop = state.stop
    if stop is None:
        raise NoAnswer(Reason.UNKNOWN, "the plan has no stop for a liquidation to lie behind; write `stop`")
    return stop * (ONE - plan.sign * (goal.beyond_stop or ZERO))


class _Adds:
    """Finds what to add: each trial is the filled tiers and the order that is added, with nothing else."""

    def __init__(self, trials: Trials, goal: Goal, stand: Standpoint, price: Decimal) -> None:
        self.study = trials.study
        self.plan = trials.study.plan
        self.state = stand.state
        self.realized = stand.realized
        self.order = goal.order
        self.price = price
        self.machine = trials.study.ladder.machine
        self.held = stand.state.held.position
        self.fill = self.machine.costs.entry_price(price, goal.order, self.plan.sign)
        self.lot = lot_at(self.plan, price)
        self._known: dict[int, Trial] = {}
        self.step = self.lot or ONE

    # Promises

    def must_lie_between(self, average: Decimal) -> None:
        """Raises `NoAnswer` where an average is none that adding at the price can bring about."""
        now = self.held.average_entry
        low, high = sorted((now, self.fill))
        if not low < average < high or same(average, now) or same(average, self.fill):
            raise NoAnswer(
                Reason.WRONG_SIDE,
                "an average of {0} lies not between {1} and the price {2}",
                SentenceFigure(average, Unit.WRITTEN),
                SentenceFigure(now, Unit.PRICE),
                SentenceFigure(self.fill, Unit.WRITTEN if self.fill == self.price else Unit.PRICE),
                before=now,
            )

    def for_average(self, average: Decimal) -> Solution:
        """Returns what brings the average to a price: down in lots where the average gets worse by it, else up."""
        sign, now = self.plan.sign, self.held.average_entry
        if self.held.inverse:
            exact = (average * self.held.cost - self.held.quantity) / (ONE - average / self.fill)
        else:
            exact = (average * self.held.quantity - self.held.cost) / (self.fill - average)
        worsens = sign * (self.fill - now) > 0
        self._on_grid(exact)

        def average_of(trial: Trial) -> Decimal:
            return trial.ladder.totals.average_entry

        def keeps(count: int) -> bool:
            after = average_of(self.trial(count))
            return not above(sign * after, sign * average)

        return self._answer(exact, keeps, average_of, now, fewest=not worsens)

    def for_risk(self, limit: Decimal) -> Solution:
        """Returns the most with which what is held, stopped out, loses so much at most."""
        stop = self.state.stop
        if stop is None:
            raise NoAnswer(Reason.UNKNOWN, "the plan has no stop to lose at; write `stop`")
        now = risk_at_stop(self.held, stop, self.machine.costs)
        if not above(limit, now):
            raise NoAnswer(
                Reason.OUT_OF_REACH, "what is held risks {0} already", SentenceFigure(now, Unit.LOSS), before=now
            )
        once, twice = (self._risk_with(Decimal(times) * self.held.quantity, stop) for times in (1, 2))
        if twice <= once:
            raise NoAnswer(
                Reason.WRONG_SIDE,
                "what is added at {0} gains at the stop {1}",
                SentenceFigure(self.price, Unit.WRITTEN),
                SentenceFigure(stop, Unit.PRICE),
                before=now,
            )
        exact = self.held.quantity * (ONE + (limit - once) / (twice - once))
        if exact <= 0:
            raise NoAnswer(Reason.TOO_SMALL, "the fee of one more order alone passes it", before=now)
        self._on_grid(exact)

        def risk_of(trial: Trial) -> Decimal:
            risk = trial.ladder.steps[-1].position.risk
            if risk is None:
                raise BrokenPromise("a position with a stop has no risk")
            return risk

        return self._answer(exact, lambda count: not above(risk_of(self.trial(count)), limit), risk_of, now)

    def for_liquidation(self, limit: Decimal) -> Solution:
        """Returns the most with which what is held is liquidated at a price, or later."""
        now, sign = self._liquidated_now(limit), self.plan.sign

        def price_of(trial: Trial) -> Decimal | None:
            return trial.ladder.steps[-1].position.liquidation.price

        def keeps(count: int) -> bool:
            found = self.trial(count).ladder.steps[-1].position.liquidation
            if found.answer is Liquidated.NONE:
                return True
            return found.price is not None and reached(found.price, limit, sign)

        self._on_grid(self.held.quantity)
        # Coarsely first: the grid of a quantity has its six digits where the answer is.
        rough = last_kept(
            steps_above(self.held.quantity, self.step),
            1,
            steps_above(self.held.quantity * _MOST_TIMES, self.step),
            keeps,
        )
        if rough is not None and rough >= steps_above(self.held.quantity * _MOST_TIMES, self.step):
            raise NoAnswer(
                Reason.NOTHING,
                "however much is added at {0}, it is not liquidated before {1}",
                SentenceFigure(self.price, Unit.WRITTEN),
                SentenceFigure(limit, Unit.PRICE),
                before=now,
            )
        exact = self.step * (rough or 1)
        if self.lot is None:
            self._on_grid(exact if rough else self.step)
        return self._answer(exact, keeps, price_of, now, is_exact=False)._replace(other=limit)

    def _liquidated_now(self, limit: Decimal) -> Decimal | None:
        """Returns where what is held is liquidated; raises `NoAnswer` where nobody knows, or it is before the limit."""
        plan = self.plan
        if plan.contract is Contract.SPOT:
            raise NoAnswer(Reason.NOTHING, "spot is bought outright and never liquidated")
        must_know_liquidation(plan)
        now = self.machine.liquidation(self.state)
        if now.answer is Liquidated.UNKNOWN:
            raise NoAnswer(Reason.UNKNOWN, "the position is past the last bracket; write the brackets beyond it")
        if now.price is not None and not reached(now.price, limit, plan.sign):
            raise NoAnswer(
                Reason.OUT_OF_REACH,
                "it is liquidated at {0} already, before {1}",
                SentenceFigure(now.price, Unit.PRICE),
                SentenceFigure(limit, Unit.PRICE),
                before=now.price,
            )
        return now.price

    # Trials

    def trial(self, count: int) -> Trial:
        """Returns the trial of so many steps added."""
        known = self._known.get(count)
        if known is None:
            known = self._known[count] = trial_of(self._plan_with(self.step * count))
        return known

    def _plan_with(self, quantity: Decimal) -> Plan:
        """Returns the plan of what is held and what is added; the last fill brings the stop in force with it."""
        plan, stop = self.plan, self.state.stop
        last = added(plan, self.price, self.order, quantity)
        if stop is not None and stop != plan.stop:
            last = last._replace(stop=Fixed(stop))
        tiers = [self._tier(number, level, had) for number, level, had in self._fills()]
        account = plan.account
        if account.equity is not None and self.realized:
            account = account._replace(equity=account.equity + self.realized)
        extra = plan.extra_margin * self.state.held.kept
        other = with_tiers(plan, (*tiers, last))
        return other._replace(
            targets=(), runner=None, time_stop=None, expires=None, account=account, extra_margin=extra
        )

    def _tier(self, number: int, level: Decimal, quantity: Decimal) -> Tier:
        tier = self.plan.tiers[number - 1]
        size = own_size(self.plan, quantity)
        return tier._replace(price=level, share=None, size=size, after=None, stop=None)

    def _fills(self) -> list[tuple[int, Decimal, Decimal]]:
        """Returns the tiers that are held: their numbers, the levels at which they filled, what is left of them."""
        stretches = []
        history = self.state.held.history
        while True:
            stretches.append(history)
            if history.before is None:
                break
            history = history.before
        held: list[tuple[int, Decimal, Decimal]] = []
        for stretch in reversed(stretches):
            if stretch.before is not None:
                whole = sum((quantity for *_, quantity in held), ZERO)
                left = (whole - stretch.quantity) / whole
                held = [(number, level, quantity * left) for number, level, quantity in held]
            quantities = self.machine.quantities
            held += [(n, self.plan.tiers[n - 1].price, quantities[n - 1]) for n in bits(stretch.mask)]
            held += [(bought.tier, bought.level, bought.quantity) for bought in stretch.bought]
        return held

    def _risk_with(self, quantity: Decimal, stop: Decimal) -> Decimal:
        costs = self.machine.costs
        whole: Position = self.held.filled(self.fill, quantity, costs.charge(self.order))
        return risk_at_stop(whole, stop, costs)

    def _on_grid(self, exact: Decimal) -> None:
        """Takes the grid of an answer of that size: the lot, or its sixth digit."""
        if self.lot is None:
            self.step = significant_step(exact)
            self._known.clear()

    def _answer(
        self,
        exact: Decimal,
        keeps: Callable[[int], bool],
        figure: Callable[[Trial], Decimal | None],
        before: Decimal | None,
        *,
        fewest: bool = False,
        is_exact: bool = True,
    ) -> Solution:
        """Returns the most, or the fewest, steps that keep the promise, checked with the next one."""
        way = -1 if fewest else 1
        if fewest:
            found = last_kept(-steps_above(exact, self.step), -(10**18), -1, lambda minus: keeps(-minus))
            count = None if found is None else -found
        else:
            count = last_kept(steps_below(exact, self.step), 1, None, keeps)
        least = least_order(self.plan, self.price)
        quantity = self.step * (count or 0)
        if count is None or (least is not None and above(least, quantity)):
            raise NoAnswer(Reason.TOO_SMALL, "what keeps it is below the smallest order", before=before)
        trial, beyond = self.trial(count), None
        if count + way > 0:
            beyond = self.trial(count + way)
            if keeps(count + way):
                raise BrokenPromise("one step further keeps the promise too")
        if not keeps(count):
            raise BrokenPromise("what was found does not keep the promise")
        value, unit = self._counted(quantity)
        held = self.state.held
        return Solution(
            SolvedValue(
                (value,), unit, (self._counted(exact)[0] if is_exact else None,), (of_unit(plain(value), unit),)
            ),
            trial.plan,
            trial.ladder,
            before,
            figure(trial),
            Binding(bits(held.filled), self.state.hits, self.state.stop),
            None if beyond is None else NextValue(self._counted(self.step * (count + way))[0], figure(beyond)),
            quantity=quantity,
            other=self.study.ladder.totals.r,
            price=self.price,
        )

    def _counted(self, quantity: Decimal) -> tuple[Decimal, str]:
        """Returns a quantity in what an order counts: contracts, or base; inverse without contracts, the quote."""
        if self.plan.contract is Contract.INVERSE and self.plan.instrument.contract_size is None:
            return quantity, self.plan.symbol.quote
        return counted(self.plan, quantity, self.price)
