"""The keys of a plan as values that two plans can be compared by, each under the path at which it is written.

A value is compared by what it means: a limit written as a share of equity by that share, one written as money by the
money, so that an equity that changes is one change. What is left out has the value that it is read as.
"""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.decode import Places
from scaleplan.plan import (
    AfterTier,
    CloseOf,
    Contract,
    Level,
    MarginModel,
    Plan,
    RiskUnit,
    Size,
    Target,
    Tier,
)
from scaleplan.quantity.amount import Money, SizeForm, read_money, read_size
from scaleplan.quantity.number import read_share
from scaleplan.quantity.price import Anchor, Reference

#: Where a key stands that may be written elsewhere too: in a venue's mapping, or as what a broker asks for.
_ELSEWHERE = {"maintenance": ("margin_closeout", "margin.maintenance")}
#: What a venue's terms say, and a plan may write itself.
_OF_VENUE = ("maintenance", "fees", "instrument")
_EQUAL = "equal"
#: What a close means that leaves nothing.
_ALL = "all"
#: Names of a venue that say no more than that its terms are written.
_UNNAMED = ("", "written")


class PlacedPlan(NamedTuple):
    """A plan and the places of what it was read from."""

    plan: Plan
    places: Places


class KeyValue(NamedTuple):
    """What a key says. `meaning` is what two plans are compared by, `value` what is shown, of a type that says how.

    `inferred` tells that it is not written, and follows from other keys that are told.
    """

    meaning: object
    value: object
    inferred: bool = False


class Duration(NamedTuple):
    """A time in whole minutes."""

    minutes: int


Keys = dict[str, KeyValue]


def same_key(value: object) -> KeyValue:
    """Returns a value that is compared by what it is."""
    return KeyValue(value, value)


def money_key(amount: Decimal, currency: str) -> KeyValue:
    """Returns an amount: a currency is the same in any case."""
    return KeyValue((amount, currency.upper()), Money(amount, currency))


def written_at(places: Places, path: str) -> str:
    """Returns the path at which a key is written in a plan; the key itself where it is not."""
    paths = (path, f"venue.{path}", *_ELSEWHERE.get(path, ()))
    return next((each for each in paths if each in places.spans), path)


def plan_keys(placed: PlacedPlan) -> Keys:
    """Returns every key of a plan that is no tier, no target and no list of words."""
    plan, places = placed
    found: Keys = {
        "name": KeyValue(plan.name, plan.name, "name" not in places.spans),
        "symbol": same_key(plan.symbol.text.upper()),
        "side": same_key(str(plan.side)),
        "contract": same_key(str(plan.contract)),
        "style": KeyValue(plan.style, str(plan.style), not plan.style_written),
    }
    found |= _account(placed)
    found |= _venue(placed)
    if plan.contract is not Contract.SPOT:
        mode = str(plan.margin_mode)
        found["margin_mode"] = KeyValue(mode, mode, "margin_mode" not in places.spans)
        if plan.initial_per_contract is None:
            found["leverage"] = same_key(plan.leverage)
        else:
            found["margin"] = money_key(plan.initial_per_contract, plan.settle)
        extra = money_key(plan.extra_margin, plan.settle)
        found["extra_margin"] = extra._replace(inferred="extra_margin" not in places.spans)
    if plan.size.text:
        found["size"] = size_value(plan, plan.size)
    found["slippage"] = same_key(plan.slippage_price or Fraction(plan.slippage))
    found["spread"] = same_key(plan.spread)
    if plan.invalidation is not None:
        found["invalidation"] = same_key(plan.invalidation)
    found["stop"] = KeyValue(plan.stop, plan.stop, "stop" not in places.spans)
    found |= _time(plan)
    amount = plan.risk_unit_amount if plan.risk_unit is RiskUnit.AMOUNT else None
    found["risk_unit"] = same_key(str(plan.risk_unit)) if amount is None else money_key(amount, plan.settle)
    found["entries_end"] = same_key(str(plan.entries_end))
    return found


def _account(placed: PlacedPlan) -> Keys:
    plan, places = placed
    account, found = plan.account, Keys()
    own = account.currency or plan.settle

    def money(path: str, amount: Decimal | None, *, may_be_share: bool = False) -> None:
        """Adds an amount of an account as it is written: limits as shares, money in the account's own currency."""
        if amount is None:
            return
        text = places.text(f"account.{path}")
        share = read_share(text) if may_be_share else None
        if isinstance(share, Fraction):
            found[f"account.{path}"] = same_key(share)
            return
        read = read_money(text)
        key = money_key(amount, plan.settle)
        if isinstance(read, Money):
            # What is written may be in the account's own currency.
            key = money_key(read.amount, read.currency or own)
        found[f"account.{path}"] = key

    money("equity", account.equity)
    if account.currency:
        found["account.rate"] = same_key(account.rate)
    money("max_risk", account.max_risk, may_be_share=True)
    money("max_margin", account.max_margin, may_be_share=True)
    if account.max_leverage is not None:
        found["account.max_leverage"] = same_key(account.max_leverage)
    if account.reserved:
        money("reserved", account.reserved)
    return found


def _venue(placed: PlacedPlan) -> Keys:
    """Returns the terms of the venue; those that no key of the plan writes follow from its venue."""
    plan, places = placed
    found: Keys = {}
    if "venue" in places.spans and plan.venue_name not in _UNNAMED:
        found["venue.name" if "venue.name" in places.spans else "venue"] = same_key(plan.venue_name)
    terms: Keys = {}
    if plan.margin is not None:
        terms |= _maintenance(plan.margin, plan.settle)
    fees = plan.fees
    terms |= {"fees.maker": same_key(Fraction(fees.maker)), "fees.taker": same_key(Fraction(fees.taker))}
    terms["fees.per_contract"] = money_key(fees.per_contract, plan.settle)
    terms["fees.per_order"] = money_key(fees.per_order, plan.settle)
    for name, value in plan.instrument._asdict().items():
        if value is not None:
            terms[f"instrument.{name}"] = same_key(value)
    for path, term in terms.items():
        found[path] = term._replace(inferred=written_at(places, path) not in places.spans)
    return found


def _maintenance(model: MarginModel, settle: str) -> Keys:
    brackets = tuple((bracket.up_to, bracket.rate, bracket.max_leverage) for bracket in model.brackets)
    said: object = tuple((bracket.up_to, Fraction(bracket.rate)) for bracket in model.brackets)
    if model.per_contract:
        said = Money(model.per_contract, settle)
    elif len(model.brackets) == 1 and model.brackets[0].up_to is None:
        said = Fraction(model.brackets[0].rate)
    # A deduction may be written beside a single rate.
    deductions = tuple(bracket.deduction for bracket in model.brackets)
    return {
        "maintenance": KeyValue((brackets, deductions, model.per_contract), said),
        "maintenance_on": same_key(str(model.maintenance_on)),
        "bracket_by": same_key(str(model.bracket_by)),
        "closing_fee": same_key(Fraction(model.closing_fee)),
        "bankruptcy_fee": same_key(Fraction(model.bankruptcy_fee)),
        "reserve": money_key(model.reserve, settle),
    }


def _time(plan: Plan) -> Keys:
    found: Keys = {}
    if plan.expires is not None:
        expires = plan.expires
        found["expires"] = same_key(Duration(expires) if isinstance(expires, int) else expires.isoformat())
    if plan.time_stop is not None:
        stop = plan.time_stop
        found["time_stop.after"] = same_key(Duration(stop.after_minutes))
        if stop.unless is not None:
            found["time_stop.unless"] = same_key(stop.unless)
        found["time_stop.close"] = same_key(stop.close)
    if plan.funding is not None:
        found["funding.rate"] = same_key(Fraction(plan.funding.rate))
        found["funding.every"] = same_key(Duration(plan.funding.every_minutes))
        found["funding.hold"] = same_key(Duration(plan.funding.hold_minutes))
    if plan.swap is not None:
        # Positive is paid; a plan writes what is received as positive.
        found[f"swap.{plan.side}"] = money_key(-plan.swap.per_contract, plan.settle)
        found["swap.nights"] = same_key(Decimal(plan.swap.nights))
    return found


def size_value(plan: Plan, size: Size) -> KeyValue:
    """Returns a size: a share of equity by that share, an amount by its unit and number."""
    form = read_size(size.text)
    if isinstance(form, SizeForm) and form.share is not None:
        return KeyValue((size.kind, form.share), size)
    if isinstance(form, SizeForm) and size.kind.of_account:
        return KeyValue((size.kind, form.amount, (form.currency or plan.settle).upper()), size)
    return KeyValue((size.kind, size.amount), size)


def are_equal_shares(plan: Plan) -> bool:
    """Returns whether every tier has the same share of the size, as where none is written."""
    return all(tier.share is not None and tier.share == plan.tiers[0].share for tier in plan.tiers)


def are_equal_closes(plan: Plan) -> bool:
    """Returns whether every target closes the same share, all of them the whole, as where none is written."""
    closes = [target.close for target in plan.targets]
    share = Fraction(1, max(len(closes), 1))
    return all(close.of is CloseOf.POSITION and close.amount == share for close in closes)


def tier_keys(plan: Plan, tier: Tier, numbers: dict[int, int], *, equal: bool) -> Keys:
    """Returns the keys of a tier.

    `numbers` has the number that each tier, from 1, is known by in a comparison. With `equal`, shares are equal on both
    sides of it, and one tier more is no other share of each.
    """
    found: Keys = {"price": same_key(tier.price)}
    if tier.size is not None:
        found["size"] = size_value(plan, tier.size)
    elif tier.share is not None:
        found["share"] = KeyValue(_EQUAL if equal else tier.share, tier.share)
    found["order"] = same_key(str(tier.order))
    if isinstance(tier.after, AfterTier):
        number = tier.after.tier
        found["after"] = KeyValue(("tier", numbers.get(number, -number)), f"tier {number}")
    elif tier.after is not None:
        found["after"] = KeyValue(tier.after.price, tier.after.price)
    if tier.stop is not None:
        found["stop"] = same_key(tier.stop)
    found |= {name: same_key(text) for name, text in (("trigger", tier.trigger), ("note", tier.note)) if text}
    return found


def closes_all(plan: Plan, target: Target) -> bool:
    """Returns whether a target closes all that is held: by `rest`, or as the last of closes that make a whole."""
    if target.close.of is CloseOf.REST:
        return target.close.amount == 1
    closes = [each.close for each in plan.targets]
    whole = all(close.of is CloseOf.POSITION for close in closes) and sum(close.amount for close in closes) == 1
    return whole and target is plan.targets[-1]


def target_keys(plan: Plan, target: Target, numbers: dict[int, int], *, equal: bool) -> Keys:
    """Returns the keys of a target; `numbers` and `equal` are as for tiers."""
    close = _ALL if closes_all(plan, target) else (target.close.of, target.close.amount)
    found: Keys = {
        "price": same_key(target.price),
        "close": KeyValue(_EQUAL if equal else close, target.close._replace(written=True)),
    }
    if target.stop is not None:
        found["stop"] = KeyValue(_level(target.stop, numbers), target.stop)
    if target.trail is not None:
        found["trail"] = same_key(target.trail)
    found["order"] = same_key(str(target.order))
    found |= {name: same_key(text) for name, text in (("exit", target.exit), ("note", target.note)) if text}
    return found


def _level(level: Level, numbers: dict[int, int]) -> object:
    """Returns a level whose target has the number that it is known by."""
    if isinstance(level, Anchor) and level.reference is Reference.TARGET:
        # A target without a counterpart is none that the other side has.
        return level._replace(number=numbers.get(level.number, -level.number))
    return level


def words_of(plan: Plan) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yields the lists of words of a plan, each with its key."""
    yield "checklist", plan.checklist
    yield "notes", plan.notes
    if plan.runner is not None:
        yield "runner", tuple(text for text in plan.runner if text)
