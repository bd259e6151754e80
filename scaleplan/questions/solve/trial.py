"""A trial is a plan with an answer put back: read anew as if the trader had written it so, and reckoned on every path.

Values that a plan has a key for are put back as overrides of the text; what no key can hold (an order added in the
middle of a trade) makes another plan, with each filled tier's own quantity as its size.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.overrides import read_override
from scaleplan.engine import Unreckonable
from scaleplan.engine.sizing import least_order
from scaleplan.engine.state import State
from scaleplan.ladder import Ladder
from scaleplan.paths import EveryPath
from scaleplan.paths.graph import MOST_STATES, Graph
from scaleplan.plan import Contract, Order, Plan, Size, SizeKind, Tier
from scaleplan.plan.sizes import per_unit
from scaleplan.quantity.exact import ZERO, above
from scaleplan.quantity.number import plain
from scaleplan.questions.solve.records import Binding, NoAnswer, NoState, Reason
from scaleplan.questions.stance import NoStance, stance
from scaleplan.study import Session, Study, climbed
from scaleplan.tree import Mapping

#: What is put back, by its paths in a plan.
Values = dict[str, str]


class Loss(NamedTuple):
    """The most that a plan loses in money; `elsewhere` says that a path in another order loses it."""

    amount: Decimal
    binding: Binding
    elsewhere: bool


class Trial(NamedTuple):
    """A plan reckoned: its ladder, and all of its paths for who asks."""

    plan: Plan
    ladder: Ladder
    every: EveryPath

    def graph(self) -> Graph:
        """Returns all states by price; not complete where there are too many."""
        return self.every.explored.up_to(MOST_STATES)

    def loss(self) -> Loss:
        """Returns the worst loss: the worst planned loss, or that of the path which loses most if that is more.

        With a clock its edges count. Where there are too many states to walk it is what bounds every path. Raises
        `NoAnswer` where nothing bounds it.
        """
        totals = self.ladder.totals
        rung = self.ladder.steps[totals.worst_tier - 1]
        risk, worst = totals.risk, self.every.worst_loss()
        if risk is None or worst is None:
            raise NoAnswer(
                Reason.UNKNOWN,
                "nothing bounds what the plan loses without a stop; write `stop`"
                if self.plan.stop is None
                else "nothing bounds what the plan loses; write `account: {equity: ...}`",
            )
        binding = Binding(tuple(range(1, totals.worst_tier + 1)), 0, rung.position.stop)
        elsewhere = above(worst, max(risk, ZERO))
        return Loss(worst if elsewhere else risk, binding, elsewhere=elsewhere)


def trial_of(plan: Plan) -> Trial:
    """Returns a plan reckoned. Raises `Unreckonable` where it has no figures."""
    ladder, every, _ = climbed(plan)
    return Trial(plan, ladder, every)


def reckoned(plan: Plan) -> Trial | None:
    """Returns a plan reckoned; absent where it has no figures."""
    try:
        return trial_of(plan)
    except Unreckonable:
        return None


class Trials:
    """Puts values back into one study's plan. What is asked for twice is reckoned once."""

    def __init__(self, study: Study) -> None:
        self.study = study
        self.before = Trial(study.plan, study.ladder, study.every_path)
        self._known: dict[tuple[tuple[str, str], ...], Trial | None] = {}

    def session(self, values: Iterable[tuple[str, str]]) -> Session:
        """Returns the session in which plans have these values, by their paths, beside the run's own changes."""
        overrides = [read_override(f"{path}={text}") for path, text in values]
        for override in overrides:
            if isinstance(override, str):
                raise AssertionError(override)  # noqa: TRY004 - a sentence about what was written here
        added = tuple(override for override in overrides if not isinstance(override, str))
        return self.study.session.changed((*self.study.session.overrides, *added))

    def is_ladder(self, key: str) -> bool:
        """Returns whether the tiers, or the targets, are written as a ladder: its steps have no place of their own."""
        root = self.study.session.read(self.study.file, self.study.data).reading.root
        entries = root.entries if isinstance(root, Mapping) else ()
        return any(entry.key.text == key and isinstance(entry.value, Mapping) for entry in entries)

    def plan(self, values: Values) -> Plan | None:
        """Returns the plan with some values written otherwise; absent where it cannot be read so."""
        return self.session(values.items()).read(self.study.file, self.study.data).reading.plan

    def trial(self, values: Values) -> Trial | None:
        """Returns the trial of some values; absent where the plan is none, or has no figures, with them."""
        key = tuple(values.items())
        if key not in self._known:
            plan = self.plan(values)
            self._known[key] = None if plan is None else reckoned(plan)
        return self._known[key]

    def kept(self, values: Values) -> Trial:
        """Returns the trial of an answer, which has figures."""
        trial = self.trial(values)
        if trial is None:
            raise NoAnswer(Reason.OUT_OF_REACH, "with the answer put back the plan has no figures")
        return trial


# States


class Standpoint(NamedTuple):
    """A state of the plan, with the net result of its exits so far."""

    state: State
    realized: Decimal


def stand_of(study: Study, tiers: tuple[int, ...] | None, targets: int | None) -> Standpoint:
    """Returns where a plan stands with some tiers filled (absent: all) and some targets hit (absent: none).

    Raises `NoState` where no path gets there.
    """
    every = tuple(range(1, len(study.plan.tiers) + 1))
    found = stance(study, None, every if tiers is None else tiers, targets or 0)
    if isinstance(found, NoStance):
        raise NoState(found.message if tiers is not None else f"{found.message}; name some with `--tiers`")
    return Standpoint(found.state, found.state.realized)


# Plans with other tiers


def must_know_liquidation(plan: Plan) -> None:
    """Raises `NoAnswer` where what a plan leaves out decides where it is liquidated."""
    if plan.margin is None:
        raise NoAnswer(Reason.UNKNOWN, "the maintenance margin is not known; write `maintenance` or `venue`")
    if plan.is_cross and plan.account.equity is None:
        raise NoAnswer(Reason.UNKNOWN, "cross margin stands on the account; write `account: {equity: ...}`")


def own_size(plan: Plan, quantity: Decimal) -> Size:
    """Returns a quantity as the size of a tier of its own, counted as the plan's lots are."""
    if plan.size.kind is SizeKind.CONTRACTS:
        count = quantity / per_unit(plan, SizeKind.CONTRACTS)
        # It goes on being counted by the trader's own word: lots, shares.
        written = (size.text for size in (plan.size, plan.tiers[0].size) if size is not None and size.text)
        word = next(written, "").rpartition(" ")[2]
        return Size(SizeKind.CONTRACTS, count, f"{plain(count)} {word}" if word else "")
    inverse = plan.contract is Contract.INVERSE
    return Size(SizeKind.NOTIONAL if inverse else SizeKind.QUANTITY, quantity, "")


def with_tiers(plan: Plan, tiers: Iterable[Tier]) -> Plan:
    """Returns the plan with other tiers, each of its own size; their sum is the plan's."""
    listed = tuple(tiers)
    total = sum((tier.size.amount for tier in listed if tier.size is not None), ZERO)
    first = listed[0].size
    kind = SizeKind.QUANTITY if first is None else first.kind
    return plan._replace(tiers=listed, size=Size(kind, total, ""))


def cut_after(plan: Plan, ladder: Ladder, count: int) -> Plan:
    """Returns the plan with its first tiers alone, each of the quantity that it has."""
    pairs = zip(plan.tiers[:count], ladder.steps, strict=False)
    return with_tiers(
        plan, (tier._replace(share=None, size=own_size(plan, step.fill.quantity)) for tier, step in pairs)
    )


def added(plan: Plan, price: Decimal, order: Order, quantity: Decimal) -> Tier:
    """Returns the tier of an order that is added."""
    return Tier(price, None, own_size(plan, quantity), order, True, None, "", None, "")  # noqa: FBT003 - a record


def below_least_order(plan: Plan, ladder: Ladder) -> int | None:
    """Returns the first tier whose order is smaller than the venue takes; absent where none is."""
    for tier, step in zip(plan.tiers, ladder.steps, strict=True):
        least = least_order(plan, tier.price)
        if least is not None and above(least, step.fill.quantity):
            return step.tier
    return None
