"""The text of a new plan: what was answered, and beside it what each line is for.

A new account has limits: the nearest round ones that the plan keeps, for the trader to lower.
"""

from collections.abc import Iterator, Sequence
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

from scaleplan.decode.short import SHORT_TARGET, SHORT_TIER
from scaleplan.draft.answers import Answers
from scaleplan.draft.styles import BEGINNINGS, COMMON_QUESTIONS, StyleTarget
from scaleplan.ladder import Ladder
from scaleplan.layout.scalars import typed
from scaleplan.plan import Contract, Plan, SizeKind, Style
from scaleplan.quantity.number import plain

_PERCENTAGES = tuple(map(Decimal, (1, 2, 3, 4, 5, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100)))
_LEVERAGES = tuple(map(Decimal, (1, 2, 3, 4, 5, 8, 10, 15, 20, 25, 30, 40, 50, 75, 100, 125)))


#: The line by which editors find the schema, and how to make that file.
EDITOR_LINES = (
    "# yaml-language-server: $schema=./scaleplan.schema.json",
    "# By that file your editor completes and explains keys. To make it: scaleplan schema > scaleplan.schema.json",
)
_ABOUT = (
    "# A beginning: rewrite what is not yours. `scaleplan show` gives the figures, `scaleplan check` what is wrong."
)


class Limits(NamedTuple):
    """What the account's limits are, as written; empty where there is none to write."""

    max_risk: str = ""
    max_margin: str = ""
    max_leverage: str = ""


def limits(plan: Plan, ladder: Ladder, size: str) -> Limits:
    """Returns limits that this plan keeps; `size` is the size as written."""
    equity = plan.account.equity
    risk = ladder.totals.risk
    if plan.size.kind is SizeKind.RISK:
        max_risk = size.removesuffix(" risk")
    elif risk is None:
        max_risk = ""
    elif equity is not None:
        max_risk = _percentage(risk / equity)
    else:
        max_risk = f"{plain(_rounded_up(risk))} {plan.settle}" if risk > 0 else ""
    if equity is None or plan.contract is Contract.SPOT:
        return Limits(max_risk)
    margin = max(step.position.initial_margin for step in ladder.steps)
    carried = max(step.position.effective_leverage or Decimal(0) for step in ladder.steps)
    leverage = _next(carried, _LEVERAGES)
    return Limits(max_risk, _percentage(margin / equity), "" if leverage is None else plain(leverage))


def _percentage(ratio: Decimal) -> str:
    found = _next(ratio * 100, _PERCENTAGES)
    return "" if found is None else f"{plain(found)}%"


def _next(value: Decimal, steps: Sequence[Decimal]) -> Decimal | None:
    return next((step for step in steps if value <= step), None)


def _rounded_up(value: Decimal) -> Decimal:
    """Returns the value rounded up to two digits."""
    return value.quantize(Decimal(1).scaleb(value.adjusted() - 1), rounding=ROUND_CEILING)


class Filling(NamedTuple):
    """What is added to the answers once their plan is known."""

    style: Style | None = None
    limits: Limits = Limits()
    has_account: bool = False
    shares: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    exits: tuple[StyleTarget, ...] = ()


NOTHING = Filling()


def plan_text(answers: Answers, filling: Filling = NOTHING) -> str:
    """Returns the plan as YAML."""
    sections = [
        [*EDITOR_LINES, _ABOUT],
        list(_head(answers, filling)),
        list(_account(answers, filling)),
        list(_terms(answers)),
        list(_entries(answers, filling)),
        list(_exit_lines(answers, filling)),
        list(_checklist(filling)),
    ]
    return "\n".join("".join(f"{line}\n" for line in section) for section in sections if section)


def _head(answers: Answers, filling: Filling) -> Iterator[str]:
    style = str(filling.style or answers.style)
    base = answers.symbol.partition("/")[0]
    if base and filling.style:
        yield f"name: {typed(f'{base} {answers.side}, {style}')}"
    yield f"symbol: {typed(answers.symbol)}"
    yield f"side: {typed(answers.side)}"
    if style:
        means = f"  # {BEGINNINGS[filling.style].means}" if filling.style else ""
        yield f"style: {typed(style)}{means}"


def _account(answers: Answers, filling: Filling) -> Iterator[str]:
    limits = filling.limits
    if filling.has_account or not (answers.equity or any(limits)):
        return
    yield "# The limits are those that this plan keeps, rounded up: lower them to what you can bear."
    yield "account:"
    if answers.equity:
        yield f"  equity: {typed(answers.equity)}"
    for name, limit, means in (
        ("max_risk", limits.max_risk, "the most that it may lose"),
        ("max_margin", limits.max_margin, "the most margin that it may tie up"),
        ("max_leverage", limits.max_leverage, "the most that it may carry, as a multiple of equity"),
    ):
        if limit:
            yield f"  {name}: {typed(limit)}  # {means}"


def _terms(answers: Answers) -> Iterator[str]:
    if answers.leverage:
        yield "margin_mode: isolated  # or cross"
        yield f"leverage: {typed(answers.leverage)}"
        if answers.maintenance:
            yield f"maintenance: {typed(answers.maintenance)}  # your venue's rate for a position of this size"
        else:
            yield "# Without your venue's maintenance rate nobody knows where this is liquidated."
            yield "# maintenance: 0.5%"
    fees = "{maker: 0.02%, taker: 0.05%}" if answers.leverage else "{maker: 0.1%, taker: 0.1%}"
    yield f"fees: {fees}  # usual ones; write your venue's own"
    yield "slippage: 0.05%  # how much worse than its level a stop or market order fills"


def _entries(answers: Answers, filling: Filling) -> Iterator[str]:
    yield "# The most that it may ever hold: 900 USDT, 0.5 BTC, 12 contracts, 5% margin, 1% risk, 250 USDT risk."
    yield f"size: {typed(answers.whole_size)}"
    yield "tiers:"
    tiers = [_tier(price) for price in answers.prices]
    shared = filling.shares if not any(tier.keys() & {"share", "size"} for tier in tiers) else ()
    for index, tier in enumerate(tiers):
        if shared:
            tier["share"] = shared[index]
        trigger = _at(answers.triggers, index) or _at(filling.conditions, index)
        if trigger:
            tier["trigger"] = trigger
        yield f"  - {_braces(tier, ('price', 'share', 'size', 'order', 'trigger'))}"


def _exit_lines(answers: Answers, filling: Filling) -> Iterator[str]:
    yield "# Where the exit order sits. If the idea is wrong at another price already, that is `invalidation:`."
    yield f"stop: {typed(answers.stop)}"
    targets = _targets(answers) if answers.targets else [_target(target) for target in filling.exits]
    if not targets:
        return
    yield "targets:"
    for target in targets:
        yield f"  - {_braces(target, ('price', 'close', 'stop'))}"


def _checklist(filling: Filling) -> Iterator[str]:
    if filling.style is None:
        return
    yield "checklist:"
    for question in (*COMMON_QUESTIONS, BEGINNINGS[filling.style].question):
        yield f"  - {typed(question)}"


def _tier(text: str) -> dict[str, str]:
    """`50% at 60000 stop` as the keys that it is short for."""
    match = SHORT_TIER.fullmatch(text)
    if match is None:
        return {"price": text}
    amount = match["amount"] or ""
    name = "size" if any(character.isalpha() for character in amount) else "share"
    found = {"price": match["price"], name: amount, "order": match["order"] or ""}
    return {key: value for key, value in found.items() if value}


def _targets(answers: Answers) -> list[dict[str, str]]:
    """Returns the targets answered, in equal parts unless they say how much. The first moves the stop."""
    matches = [SHORT_TARGET.fullmatch(text) for text in answers.targets]
    found = [
        {"price": match["price"], "close": match["amount"] or ""} if match else {"price": text, "close": ""}
        for text, match in zip(answers.targets, matches, strict=True)
    ]
    count = len(found)
    for index, target in enumerate(found[:-1]):
        target["stop"] = "breakeven" if index == 0 else f"target {index}"
        target["close"] = target["close"] or ("50%" if count == 2 else f"1/{count}")
    found[-1]["close"] = found[-1]["close"] or "rest"
    return found


def _target(target: StyleTarget) -> dict[str, str]:
    keys = {"price": f"{plain(target.distance)}R", "close": target.close, "stop": target.stop}
    return {key: value for key, value in keys.items() if value}


def _braces(keys: dict[str, str], order: Sequence[str]) -> str:
    inside = ", ".join(f"{key}: {typed(keys[key], in_brackets=True)}" for key in order if key in keys)
    return f"{{{inside}}}"


def _at(texts: Sequence[str], index: int) -> str:
    return texts[index] if index < len(texts) else ""
