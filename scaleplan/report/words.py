"""Words under a row of a table: why a tier never fills, what must come first, where the stop goes."""

from collections.abc import Sequence
from decimal import Decimal

from scaleplan.ladder import Ladder, Rung, TargetExit
from scaleplan.ladder.reach import OTHER_ORDER
from scaleplan.plan import Contract, Divides, Plan, Target, Tier
from scaleplan.quantity.amount import say_duration
from scaleplan.quantity.exact import above
from scaleplan.quantity.price import Fixed
from scaleplan.quantity.rounding import CONTEXT
from scaleplan.report.figures import Figures, after_text, level_text, one_unit, part, rate, share, stop_text, written
from scaleplan.report.visible import visible

_NEVER = {
    "liquidated": "the tiers before it are liquidated first",
    "stopped": "the tiers before it are stopped first",
    "entries ended": "a target has ended the entries by then",
    OTHER_ORDER: "paths fill the tiers in another order",
}


def numbered(numbers: Sequence[int], word: str = "tier") -> str:
    """Tiers, or targets, in words: `tier 2`, `tiers 2-4`, `tiers 1, 3`."""
    if len(numbers) == 1:
        return f"{word} {numbers[0]}"
    if list(numbers) == list(range(numbers[0], numbers[-1] + 1)):
        return f"{word}s {numbers[0]}-{numbers[-1]}"
    return f"{word}s {', '.join(map(str, numbers))}"


def numbers(counted: Sequence[int]) -> str:
    """Tiers or targets, runs joined: `1-3`, `1,3`; `-` for none."""
    runs: list[list[int]] = []
    for number in counted:
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    return ",".join("-".join(map(str, run)) for run in runs) or "-"


def first_targets(count: int) -> str:
    """The targets that were hit: always the first ones."""
    return numbers(range(1, count + 1))


def never_fills(step: Rung) -> str:
    """Why a tier never fills, or does not in the order listed; empty where it does."""
    position = step.position
    because = _NEVER.get(position.unreachable_because, "no path gets to it")
    if not position.fills and position.unreachable_because == OTHER_ORDER:
        because = "no path gets to it"
    if position.fills:
        return "" if position.reachable else f"not as listed: {because}"
    return f"never fills: {because}"


def unlike_listed(step: Rung) -> str:
    """Why paths do not hold what is listed after a tier; empty where they do."""
    return never_fills(step) or ("not as listed: a tier fills at once, where price is" if step.position.at_once else "")


def never_hit(exit_: TargetExit) -> str:
    """Why a target is never hit, where something is held as listed; empty where some path hits it."""
    return "" if exit_.reached else "never hit: the plan is over before on every path"


def expired_words(plan: Plan) -> str:
    """Why no tier of a plan fills whose day is past."""
    return f"the plan expired on {plan.expires}"


def tier_words(tier: Tier) -> str:
    """What a tier waits for and what it does to the stop."""
    after = after_text(tier.after)
    return _joined(
        f"after {after}" if after else "",
        visible(tier.trigger),
        f"stop to {stop_text(tier.stop)}" if tier.stop is not None else "",
        visible(tier.note),
    )


def target_words(figures: Figures, target: Target) -> str:
    """How a target's level is written, what it does to the stop, and what else takes the rest out."""
    return _joined(
        "" if isinstance(target.price, Fixed) else f"at {level_text(target.price)}",
        f"stop to {stop_text(target.stop)}" if target.stop is not None else "",
        trails(figures, target),
        f"or {visible(target.exit)}" if target.exit else "",
        visible(target.note),
    )


def runner_words(plan: Plan) -> str:
    """What takes the rest out where no price does; empty where nothing is written."""
    return "" if plan.runner is None else _joined(f"out by {visible(plan.runner.exit)}", visible(plan.runner.note))


def trails(figures: Figures, target: Target) -> str:
    """What a trail does; empty where there is none."""
    if target.trail is None:
        return ""
    ratio = target.trail.ratio
    return f"trails {figures.price(target.trail.distance)} of price" if ratio is None else f"trails {rate(ratio)}"


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)


def fee_amounts(plan: Plan) -> tuple[str, ...]:
    """The fees that are amounts: `2.25 USD a contract a side`, `1 USD an order`."""
    found = []
    if plan.fees.per_contract:
        found.append(f"{written(plan.fees.per_contract)} {plan.settle} a {one_unit(plan)} a side")
    if plan.fees.per_order:
        found.append(f"{written(plan.fees.per_order)} {plan.settle} an order")
    return tuple(found)


def has_rates(plan: Plan) -> bool:
    """Whether fees are rates: they are where one is not 0, or where nothing else is charged."""
    fees = plan.fees
    return bool(fees.maker or fees.taker or not (fees.per_contract or fees.per_order))


def slips(plan: Plan) -> str:
    """Slippage, and the spread where there is one; what is not written is 0, and said so."""
    parts = []
    if plan.slippage_price:
        parts.append(f"slippage {written(plan.slippage_price)} of price")
    elif plan.slippage:
        parts.append(f"slippage {rate(plan.slippage)}")
    else:
        parts.append("slippage 0 assumed")
    if plan.spread:
        parts.append(f"spread {written(plan.spread)} of price, half on each fill")
    return ", ".join(parts)


def closed_parts(exits: Sequence[TargetExit]) -> tuple[list[str], str]:
    """What each target closes as a part of what is held at the first exit, and what is left after the last of them.

    Where tiers fill between two exits that is no part of it any more: then all that is held is `rest`, and a part of it
    has no word.
    """
    first: Decimal | None = None
    left: Decimal | None = None
    grown = False
    parts = []
    for exit_ in exits:
        grown = grown or (first is not None and exit_.held.quantity != left)
        if exit_.quantity and first is None:
            first = exit_.held.quantity
        if not exit_.quantity or first is None:
            parts.append("")
        elif grown:
            parts.append("" if exit_.remaining else "rest")
        else:
            parts.append(part(exit_.quantity, first))
        left = exit_.remaining
        # A tier at the target's own price fills there with it.
        grown = grown or above(left, exit_.held.quantity - exit_.quantity)
    whole = exits[-1].held.quantity if first is None else first
    return parts, "" if grown or not left else part(left, whole)


def no_equity(plan: Plan) -> str:
    """Why it is not known what a position without a stop loses, and what to write."""
    return f"cross margin stands on the account; write `equity` in {plan.settle} under `account:`"


def holding(figures: Figures, ladder: Ladder) -> tuple[str, str] | None:
    """What holding costs: funding or swap, and `pays 3.12 USDT`; nothing where none is written."""
    plan, paid = figures.plan, ladder.totals.funding
    if paid is None:
        return None
    way = "pays" if paid >= 0 else "receives"
    return "swap" if plan.swap is not None else "funding", f"{way} {figures.fee(abs(paid))} {plan.settle}"


def holding_basis(plan: Plan) -> str:
    """How the cost of holding is reckoned: a rate and its periods, or an amount a lot and its nights."""
    if plan.swap is not None:
        nights = f"{plan.swap.nights} {'night' if plan.swap.nights == 1 else 'nights'}"
        return f"{written(abs(plan.swap.per_contract))} a {one_unit(plan)} for {nights}"
    if plan.funding is None:
        return ""
    every, hold = say_duration(plan.funding.every_minutes), say_duration(plan.funding.hold_minutes)
    periods = plan.funding.periods
    return f"{rate(plan.funding.rate)} every {every} for {hold}, {periods} {'period' if periods == 1 else 'periods'}"


#: What is smaller than this part of a quantity is the fiftieth digit of a quotient.
_NOISE = Decimal("1e-30")


def took_away(ladder: Ladder) -> bool:
    """Whether a tier is less than planned, because orders go down to whole lots."""
    return any(
        CONTEXT.subtract(step.fill.wanted, step.fill.quantity) > _NOISE * step.fill.wanted for step in ladder.steps
    )


def shares_of(plan: Plan, ladder: Ladder) -> list[str]:
    """Each tier's share as written; after rounding to lots, in what the shares divide; empty for a tier with a size."""
    written = [share(tier.share) if tier.share is not None else "" for tier in plan.tiers]
    if not all(written) or not took_away(ladder):
        return written
    by_money = plan.size.kind.divides is Divides.NOTIONAL and plan.contract is not Contract.INVERSE
    held = [
        CONTEXT.multiply(step.fill.quantity, tier.price) if by_money else step.fill.quantity
        for tier, step in zip(plan.tiers, ladder.steps, strict=True)
    ]
    return [part(each, sum(held, Decimal(0))) for each in held]
