"""A case is one plan under examination: the plan, its figures, and the places of both in the text.

What rules find, and the shapes that several of them share.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.decode import Places
from scaleplan.diagnostic import Diagnostic, Edit, Help, Kind, Related, Severity, add, problem
from scaleplan.engine.closes import held_fractions
from scaleplan.engine.event import Event, EventKind
from scaleplan.engine.levels import StopMove
from scaleplan.engine.margin import Answer
from scaleplan.engine.position import Position, contracts_of, costs_of
from scaleplan.engine.sizing import counted, least_order
from scaleplan.ladder import Ladder, Standing
from scaleplan.ladder.tape import walk
from scaleplan.plan import BracketBy, Contract, MarginMode, Plan
from scaleplan.quantity.exact import ZERO, above
from scaleplan.quantity.number import brief, percent, plain
from scaleplan.quantity.price import PriceUnit
from scaleplan.quantity.rounding import Toward, apart, grouped, price_level, result, rounded
from scaleplan.rules.adds import Add, adds_of, can_fill

if TYPE_CHECKING:
    from scaleplan.ladder.precision import Precision
    from scaleplan.paths.facts import Facts


#: A twentieth of a thousandth: half a pip of a currency pair, three of 60,000.
_ALMOST_ONE = Decimal("0.00005")
_STEPS = tuple(unit.value for unit in PriceUnit)
_COUNTED = ("contracts", "lots", "shares")


class Threshold(NamedTuple):
    """The last value at which a rule is silent, as a plain decimal; a policy may set its own under this name."""

    name: str
    default: Decimal


class Smaller(NamedTuple):
    """What brings a figure down to its limit, in words; `by_size` says that a smaller size does."""

    words: str
    by_size: bool


class Finding(NamedTuple):
    """What a rule has to say of the place at `path`, or of the nearest around it that is written.

    `related` are other paths, each with what stands there. The severity is that of the rule unless another is given.
    """

    path: str
    message: str
    help: str
    related: Iterable[tuple[str, str]] = ()
    severity: Severity | None = None


#: What the check of a rule yields.
Findings = Iterator[Finding]


class Case:
    """One plan under examination, on the day that is `today`.

    `facts` are what holds over all its paths; absent where there is no other path than the ladder's, or too many.
    """

    def __init__(
        self,
        plan: Plan,
        ladder: Ladder,
        places: Places,
        thresholds: Mapping[str, Decimal],
        facts: "Facts | None" = None,
        *,
        today: date,
    ) -> None:
        self.plan = plan
        self.ladder = ladder
        self.steps = ladder.steps
        self.places = places
        self.facts = facts
        self.today = today
        self._thresholds = thresholds

    def limit(self, threshold: Threshold) -> Decimal:
        """Returns the value of a threshold for this plan."""
        return self._thresholds.get(threshold.name, threshold.default)

    def diagnostic(self, kind: Kind, finding: Finding) -> Diagnostic:
        """Returns what a rule of that kind has found, with its places in the text."""
        path = self.places.nearest(finding.path)
        related = [
            Related(self.places.of(other), words) for other, words in finding.related if other in self.places.spans
        ]
        return problem(
            kind, self.places.of(path), path, finding.message, finding.help, related, severity=finding.severity
        )

    def put(self, owner: str, key: str, value: str) -> tuple[Edit, ...]:
        """Returns the change that writes a key of the mapping at `owner`; none where that is no mapping.

        The empty owner is the plan. A tier or target written short becomes the mapping that it is short for.
        """
        path = f"{owner}.{key}" if owner else key
        spans = self.places.spans
        if path in spans:
            return (Edit(spans[path], value),)
        whole = spans.get(owner)
        start = f"{owner}." if owner else ""
        names = [part.removeprefix(start) for part in spans if part and part.startswith(start)]
        if whole is None or not names:
            return ()
        if whole.text.startswith("{") or whole.text.partition(":")[0].strip("'\" ") in names:
            return add(f"{key}: {value}", whole).edits
        if any(not name.isalpha() for name in names):
            return ()
        short = ", ".join(f"{name}: {spans[start + name].text}" for name in names)
        return (Edit(whole, f"{{{short}, {key}: {value}}}"),)

    def putting(self, words: str, owner: str, key: str, *values: str) -> Help:
        """Returns a help in words, with the change that writes a key, to each of some values by itself."""
        return Help(words, (), tuple(edit for value in values for edit in self.put(owner, key, value)))

    @cached_property
    def _places(self) -> "Precision":
        from scaleplan.ladder.precision import precision_of  # noqa: PLC0415 - paid for only where something is wrong

        return precision_of(self.plan, self.ladder)

    def price(self, value: Decimal) -> str:
        """Returns a price as the plan's tables show it."""
        return grouped(price_level(value, self._places.price))

    def money(self, value: Decimal) -> str:
        """Returns an amount of the settle currency as the plan's tables show it."""
        return grouped(result(value, self._places.money, loss=1))

    def past(self, price: Decimal) -> str:
        """Returns a price to stay on the winning side of, rounded towards that side."""
        toward = Toward.UP if self.plan.sign > 0 else Toward.DOWN
        return grouped(rounded(price, self._places.price, toward))

    def beyond(self, liquidated: Decimal, *, latest: bool) -> str:
        """Returns where a stop comes before a liquidation; one that is at the `latest` there comes before by more."""
        text = f"{self.winning} {self.past(liquidated)}"
        return f"well {text}: the maintenance, which is not known, brings liquidation nearer" if latest else text

    def prices_apart(self, first: Decimal, second: Decimal) -> tuple[str, str]:
        """Returns two prices that clash, with as many digits as it takes to see that they differ."""
        return apart(first, second, self._places.price)

    def money_apart(self, first: Decimal, second: Decimal) -> tuple[str, str]:
        """Returns two amounts that clash, with as many digits as it takes to see that they differ."""
        return apart(first, second, self._places.money)

    def past_limit(self, amount: Decimal, limit: Decimal) -> tuple[str, str]:
        """Returns an amount and the limit that it passes, this as it would be written: without zeros that end it."""
        passing, most = self.money_apart(amount, limit)
        return passing, most.rstrip("0").rstrip(".") if "." in most else most

    def in_words(self, events: Sequence[Event]) -> str:
        """Returns a path in words: `tier 1 at 60,000.00, after 61,200.00, stop at 58,000.00`."""
        return ", ".join(f"{event.name} at {self.price(event.price)}" for event in events)

    @cached_property
    def adds(self) -> tuple[Add, ...]:
        """The tiers after the first, as far as they can fill."""
        return adds_of(self.plan, self.ladder, None if self.facts is None else self.facts.reached)

    @cached_property
    def left(self) -> tuple[Fraction, ...]:
        """What is still held after each target, as an exact share; below zero where more is closed than is held."""
        whole = self.ladder.totals.quantity
        return held_fractions(self.plan.targets, contracts_of(self.plan, whole))

    @property
    def has_exit_in_words(self) -> bool:
        """Whether what is left has an exit in words."""
        return self.plan.runner is not None or any(target.exit for target in self.plan.targets)

    @property
    def stop_path(self) -> str:
        """Where the plan's own stop is written."""
        return "stop" if "stop" in self.places.spans else "invalidation"

    @property
    def maintenance_path(self) -> str:
        """Where the maintenance is written, if it is."""
        own = ("maintenance", "margin_closeout")
        return next((path for path in own if path in self.places.spans), "venue.maintenance")

    @property
    def losing(self) -> str:
        """The losing side of a price, in a word: `below` for a long."""
        return "below" if self.plan.sign > 0 else "above"

    @property
    def winning(self) -> str:
        """The winning side of a price, in a word: `above` for a long."""
        return "above" if self.plan.sign > 0 else "below"

    @property
    def more_room(self) -> str:
        """What moves liquidation away, in words.

        Behind cross margin stands the account, whatever leverage is set; a sum for each contract knows none.
        """
        plan = self.plan
        if plan.margin_mode is MarginMode.CROSS:
            return "make the plan smaller"
        return "add margin" if plan.initial_per_contract is not None else "lower the leverage, add margin"

    @property
    def margin_place(self) -> tuple[str, str]:
        """Where that which stands behind the position is written, and what it is."""
        if self.plan.margin_mode is MarginMode.CROSS:
            return "account.equity", "the equity"
        return "leverage", "the leverage"

    def is_percentage(self, path: str) -> bool:
        """Returns whether what stands at a path is written as a percentage."""
        span = self.places.spans.get(path)
        return span is not None and span.text.strip("'\" ").endswith("%")

    def is_in_steps(self, path: str) -> bool:
        """Returns whether what stands at a path is written in ticks, points or pips."""
        span = self.places.spans.get(path)
        return span is not None and span.text.strip("'\" ").lower().removesuffix("s").endswith(_STEPS)

    def amount_path(self, index: int) -> str:
        """Returns where the share, or the own size, of the tier at `index` is written."""
        return f"tiers[{index}].{'share' if self.plan.tiers[index].size is None else 'size'}"

    def can_fill(self, index: int) -> bool:
        """Returns whether the tier at `index` can fill as far as the losing side goes."""
        return can_fill(self.ladder, index)

    def position_after(self, index: int) -> Position:
        """Returns the position after the tier at `index` (from 0), costs in: slipped fills and entry fees."""
        return self.steps[index].state.held.position

    def worth(self, quantity: Decimal, price: Decimal) -> Decimal:
        """Returns the value of a quantity in quote; inverse contracts are counted in it already."""
        return quantity if self.plan.contract is Contract.INVERSE else quantity * price

    def measured(self, position: Standing) -> tuple[Decimal, str]:
        """Returns a position at its average entry in what the maintenance brackets go by, and the unit of that."""
        plan = self.plan
        by = plan.margin.bracket_by if plan.margin is not None else BracketBy.NOTIONAL
        if by is BracketBy.CONTRACTS:
            return contracts_of(plan, position.quantity), "contracts"
        if by is BracketBy.COIN:
            return position.notional / position.average_entry, plan.symbol.base
        return position.notional, plan.symbol.quote

    def best_result(self, index: int) -> Decimal | None:
        """Returns the net result of every target hit with the tier at `index` the last to fill, if there are targets.

        What runs on is counted at the last target. The ladder counts it at the stop it starts with, the least that it
        brings: a rule that calls a plan's payoff poor must not do so for what the ladder leaves out.
        """
        plan, exits, reward = self.plan, self.ladder.exits, self.ladder.totals.reward
        if not plan.targets:
            return None
        if index < len(self.steps) - 1:
            exits, reward, *_ = walk(self.ladder.machine, self.steps[index].state)
        left = exits[-1].remaining
        if left <= 0 or reward is None:
            return reward
        if plan.targets[-1].trail is None and not self.has_exit_in_words:
            return reward
        costs = costs_of(plan)
        run = exits[-1].held.part(left).net(costs.exit_price(exits[-1].price, plan.sign), costs.taker)
        return max(reward, exits[-1].realized + run)

    @property
    def may_lose(self) -> str:
        """What a liquidation that nobody can place would lose, in words; empty where no more is planned."""
        planned, machine = self.ladder.totals.risk, self.ladder.machine
        held = [step for step in self.steps if step.position.reachable and step.position.stop is not None]
        nets = [machine.lost(step.state) for step in held]
        lost = -min((net for net in nets if net is not None), default=ZERO)
        if planned is None or self.plan.is_misplaced or not above(lost, planned):
            return ""
        first, second = self.money_apart(lost, planned)
        return f"; before the stop it would lose up to {first} {self.plan.settle}, and {second} are planned"

    def against(self, amount: Decimal, most: Decimal) -> str:
        """Returns an amount and its limit as shares of the equity, in words; empty where there is none."""
        equity = self.plan.account.equity
        return f" ({percent(amount / equity)} against {percent(most / equity)} of equity)" if equity else ""

    def smaller(self, limit: Decimal, loss: Decimal) -> Smaller:
        """Returns what brings a loss down to a limit: the part of the size that does, rounded down.

        Risk grows with size but for what is lost whatever the size: what every order costs, and the extra margin of a
        position that is liquidated whole. Where nothing but a liquidation ends a cross position, that is the account.
        """
        plan, totals = self.plan, self.ladder.totals
        if plan.stop is None and plan.margin_mode is MarginMode.CROSS:
            words = "write a stop: without one all that stands behind cross margin is lost, whatever the size"
            return Smaller(words, by_size=False)
        elsewhere = self.ladder.elsewhere
        fills = totals.worst_tier + 1
        if elsewhere is not None and elsewhere.loss == loss:
            fills = sum(event.kind not in (EventKind.AFTER, EventKind.EXPIRY) for event in elsewhere.events)
        orders, extra = plan.fees.per_order * fills, ZERO
        if plan.stop is None and self.steps[totals.worst_tier - 1].position.liquidation.answer is not Answer.NONE:
            extra = plan.extra_margin
        fixed = orders + extra
        if fixed < limit:
            return self.part_of_size((limit - fixed) / (loss - fixed))
        whole = self.money_apart(fixed, limit)[0]
        if extra:
            out = (
                f"write a stop, or less `extra_margin`: without a stop {whole} {plan.settle} is lost whatever the size"
            )
        else:
            out = f"plan fewer orders, or a higher limit: they cost {whole} {plan.settle} whatever the size"
        return Smaller(out, by_size=False)

    def part_of_size(self, ratio: Decimal) -> Smaller:
        """Returns the part of the size that is traded at most, unless a tier's order is too small for that."""
        part, plan = at_most(ratio), self.plan
        for tier, step in zip(plan.tiers, self.steps, strict=True):
            least = least_order(plan, tier.price)
            if least is not None and above(least, step.fill.wanted * ratio):
                count, unit = counted(plan, least, tier.price)
                order = f"{brief(count)} {unit[:-1] if count == 1 and unit in _COUNTED else unit}"
                out = "write a stop" if plan.stop is None else "bring the stop nearer"
                words = f"{out}: {part} of this size would do, and tier {step.tier} takes no less than {order}"
                return Smaller(words, by_size=False)
        return Smaller(f"trade at most {part} of this size", by_size=True)


def near_twins(prices: Sequence[Decimal]) -> Iterator[int]:
    """Yields the indices of prices so near the one before that a digit was lost, where the others lie further apart."""
    gaps = [abs(after - before) for before, after in pairwise(prices)]
    widest = max(gaps, default=ZERO)
    for index, gap in enumerate(gaps, start=1):
        if 0 < gap <= _ALMOST_ONE * prices[index] and (len(gaps) == 1 or gap * 10 < widest):
            yield index


def at_most(ratio: Decimal) -> str:
    """Returns a ratio as a percentage of three digits that is safe to follow: rounded down."""
    return _three_digits(ratio * 100, ROUND_FLOOR)


def at_least(ratio: Decimal) -> str:
    """Returns a ratio as a percentage of three digits that is no better than it is: rounded up."""
    return _three_digits(ratio * 100, ROUND_CEILING)


def _three_digits(value: Decimal, rounding: str) -> str:
    step = Decimal(1).scaleb(value.adjusted() - 2)
    # What a quotient carries at its fiftieth digit is no figure to round up.
    own = value.quantize(step.scaleb(-20))
    return f"{plain(own.quantize(step, rounding=rounding))}%"


def named(word: str, indices: Sequence[int]) -> str:
    """Returns tiers or targets, from 0 and rising, in words: `tier 2`, `tiers 2-4`, `tiers 1, 2 and 4`."""
    numbers = [index + 1 for index in indices]
    if len(numbers) == 1:
        return f"{word} {numbers[0]}"
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{word}s {numbers[0]}-{numbers[-1]}"
    return f"{word}s {', '.join(map(str, numbers[:-1]))} and {numbers[-1]}"


def tiers_of(adds: Sequence[Add]) -> tuple[str, str]:
    """Returns which tiers adds are, in words, and the last of them: `it` where there is no other."""
    last = "it" if len(adds) == 1 else f"tier {adds[-1].tier + 1}"
    return named("tier", [add.tier for add in adds]), last


def owner_of(move: StopMove) -> str:
    """Returns the tier or target that moves the stop, in words: `target 1`."""
    return named(move.owner.removesuffix("s"), [move.row])
