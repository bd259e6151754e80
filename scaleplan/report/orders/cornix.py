"""The plan as a signal that Cornix reads: its template, and what of the plan it has no words for.

A signal has limit entries (or at most two that wait for a breakout), targets with shares of the position, one stop, and
one way to move it. Source: the help pages of Cornix on posting signals and on trailing stops. The only text of the plan
in it is the pair, in letters and digits alone.
"""

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from scaleplan.plan import CloseOf, Contract, EntriesEnd, Order, Plan, SizeKind, Target, Tier
from scaleplan.quantity.exact import as_decimal
from scaleplan.quantity.number import plain
from scaleplan.quantity.price import Fixed
from scaleplan.quantity.rounding import Toward, percent, rounded
from scaleplan.report.figures import after_text, level_text, stop_text
from scaleplan.report.orders.cornix_stop import move_of, trails_last
from scaleplan.report.words import numbered
from scaleplan.study import Study

_MOST_ENTRIES, _MOST_BREAKOUTS, _MOST_TARGETS = 10, 2, 10
#: The most that an amount per trade may be, in percent.
_MOST_AMOUNT = 20
_NAME = re.compile("[A-Z0-9]{1,20}")
_QUOTES = frozenset(
    {"USDT", "USDC", "USD", "BUSD", "FDUSD", "BTC", "ETH", "BNB", "EUR", "GBP", "JPY", "AUD", "CAD", "CHF"}
)
#: A size in percent, as it is written.
_SHARE_OF = re.compile(r"([0-9.]+%) (equity|margin|risk)", re.IGNORECASE)
#: Shares are written to a hundredth of a percent; those of more digits are rounded.
_SHARE_PLACES = 2
_WRITTEN_PLACES = 4


class Signal(NamedTuple):
    """The text of a signal, empty where nothing can be said.

    `unsaid` is what the plan does that the signal does not say; `left_out` are words that change no order.
    """

    text: str
    unsaid: tuple[str, ...]
    left_out: tuple[str, ...]


class _Entry(NamedTuple):
    price: Decimal
    share: Fraction


def signal_of(study: Study) -> Signal:
    """Returns what a signal says of a plan."""
    plan = study.plan
    kept, wrong_tiers = _kept_tiers(plan)
    entries = _entries(study, kept)
    targets, wrong_targets = _targets(study)
    move, wrong_moves = move_of(plan)
    if move and len(targets) < len(plan.targets):
        move, wrong_moves = "", ["the moves of the stop: without a target the others have other numbers"]
    unsaid = [*_market(plan), *wrong_tiers, *wrong_targets, *wrong_moves, *_rest(plan)]
    if _pair(plan) and entries and (plan.stop is not None or targets):
        text = _text(plan, entries, plan.tiers[kept[0]].order, targets, move)
    else:
        text = ""
    return Signal(text, tuple(unsaid), tuple(_left_out(study, entries, targets)))


def _text(plan: Plan, entries: Sequence[_Entry], order: Order, targets: Sequence[_Entry], move: str) -> str:
    lines = [f"#{_pair(plan)}"]
    kind = "Breakout" if order is Order.STOP else "Regular"
    lines.append(f"Signal Type: {kind} ({plan.side.value.capitalize()})")
    if plan.contract is not Contract.SPOT:
        lines.append(f"Leverage: {plan.margin_mode.value.capitalize()} ({plain(plan.leverage)}X)")
    lines += _amount(plan)
    lines += ["", "Entry Targets:", *_numbered(entries)]
    if targets:
        lines += ["", "Take-Profit Targets:", *_numbered(targets)]
    if plan.stop is not None:
        lines += ["", "Stop Targets:", f"1) {plain(plan.stop)}"]
    if move:
        lines += ["", "Trailing Configuration:", move]
    return "\n".join(lines) + "\n"


def _numbered(entries: Sequence[_Entry]) -> Iterator[str]:
    """Yields prices with their shares; equal ones are what is taken where none is written."""
    shares = [entry.share for entry in entries]
    written = [""] * len(shares) if len(set(shares)) == 1 else [f" - {each}%" for each in _percents(shares)]
    for number, (entry, share) in enumerate(zip(entries, written, strict=True), start=1):
        yield f"{number}) {plain(entry.price)}{share}"


def _percents(shares: Sequence[Fraction]) -> list[str]:
    """Returns shares in percent that add up to 100; what a share has beyond a hundredth goes to the last."""
    exact = [percent(as_decimal(share)) for share in shares]
    if all(rounded(each, _WRITTEN_PLACES) == each for each in exact):
        return [plain(each) for each in exact]
    cut = [rounded(each, _SHARE_PLACES, Toward.DOWN) for each in exact[:-1]]
    return [plain(each) for each in (*cut, Decimal(100) - sum(cut, Decimal(0)))]


def _pair(plan: Plan) -> str:
    base, quote = plan.symbol.base.upper(), plan.symbol.quote.upper()
    return f"{base}/{quote}" if _NAME.fullmatch(base) and quote in _QUOTES else ""


def _amount(plan: Plan) -> list[str]:
    """Returns the line for a size in percent that a signal has a word for."""
    match = _SHARE_OF.fullmatch(plan.size.text)
    if match is None:
        return []
    if plan.size.kind is SizeKind.RISK:
        return [f"Risk management: {match[1]}"]
    is_own = plan.size.kind is (SizeKind.EQUITY if plan.contract is Contract.SPOT else SizeKind.MARGIN)
    return [f"Amount per trade: {match[1]}"] if is_own else []


def _market(plan: Plan) -> Iterator[str]:
    if not _pair(plan):
        yield "the pair is none of letters and digits in a quote currency that signals have"
    if plan.contract is Contract.INVERSE:
        yield "the contract settles in coin: a signal with leverage is read as one settled in quote"
    if plan.initial_per_contract is not None:
        yield "margin is so much a contract: a signal has leverage"


# Entries


def _kept_tiers(plan: Plan) -> tuple[list[int], list[str]]:
    """Returns the tiers (from 0) that a signal can say, and what it cannot say of the others."""
    wrong: list[str] = []
    first = plan.tiers[0].order
    kind = Order.STOP if first is Order.STOP else Order.LIMIT
    kept = []
    for index, tier in enumerate(plan.tiers):
        why = _not_an_entry(plan, index, tier, kind)
        if why:
            wrong.append(f"tier {index + 1}: {why}")
        else:
            kept.append(index)
        if tier.stop is not None:
            wrong.append(f"tier {index + 1}: `stop: {stop_text(tier.stop)}`, a stop that a fill moves")
    most = _MOST_BREAKOUTS if kind is Order.STOP else _MOST_ENTRIES
    if len(kept) > most:
        what = "breakout entries" if kind is Order.STOP else "entries"
        wrong.append(f"{numbered([index + 1 for index in kept[most:]])}: a signal has at most {most} {what}")
    return kept[:most], wrong


def _not_an_entry(plan: Plan, index: int, tier: Tier, kind: Order) -> str:
    """Returns why a tier is no entry of a signal; empty where it is one."""
    if tier.after is not None:
        return f"`after: {after_text(tier.after)}`, an entry that waits for something"
    if tier.order is Order.MARKET:
        return "a market order, whose price a signal does not have"
    if tier.order is not kind:
        return f"a {tier.order} order beside {kind} orders"
    before = plan.tiers[index - 1]
    way = plan.sign if kind is Order.STOP else -plan.sign
    if index and way * (tier.price - before.price) <= 0:
        return f"it does not lie behind tier {index}: entries are sorted by price"
    return ""


def _entries(study: Study, kept: Sequence[int]) -> list[_Entry]:
    """Returns the entries with their shares of money; those that are kept make the whole."""
    plan = study.plan
    weights = [_weight(study, index) for index in kept]
    whole = sum(weights, Fraction(0))
    return [_Entry(plan.tiers[index].price, weight / whole) for index, weight in zip(kept, weights, strict=True)]


def _weight(study: Study, index: int) -> Fraction:
    """Returns a tier's part of the money: its share where shares divide money, else what its quantity costs."""
    tier = study.plan.tiers[index]
    if tier.share is not None and study.plan.size.kind.divides.value == "notional":
        return tier.share
    quantity = study.ladder.steps[index].fill.quantity
    return Fraction(quantity) if study.plan.contract is Contract.INVERSE else Fraction(quantity) * Fraction(tier.price)


# Targets


def _targets(study: Study) -> tuple[list[_Entry], list[str]]:
    """Returns the targets with their shares of the position, and what a signal cannot say of them."""
    plan = study.plan
    wrong: list[str] = []
    found: list[_Entry] = []
    left = Fraction(1)
    for index, target in enumerate(plan.targets):
        number, exit_ = index + 1, study.ladder.exits[index]
        wrong += [f"target {number}: {why}" for why in _not_a_target(plan, index, target)]
        whole = Fraction(study.ladder.exits[0].held.quantity)
        share = target.close.amount
        if target.close.of is CloseOf.REST:
            share = target.close.amount * left
        elif target.close.of is CloseOf.CONTRACTS:
            share = Fraction(exit_.quantity) / whole
        if share and left > 0:
            share = min(share, left)
            left -= share
            found.append(_Entry(exit_.price if not isinstance(target.price, Fixed) else target.price.price, share))
    if plan.targets and left > 0:
        wrong.append(f"a runner: {plain(rounded(percent(as_decimal(left)), 2))}% of the position has no target")
        if found:
            found[-1] = found[-1]._replace(share=found[-1].share + left)
    if plan.runner is not None and not plan.targets:
        wrong.append("a runner: all of the position has no target")
    if len(found) > _MOST_TARGETS:
        wrong.append(f"{len(found)} targets: a signal has at most {_MOST_TARGETS}")
        more = sum((entry.share for entry in found[_MOST_TARGETS:]), Fraction(0))
        last = found[_MOST_TARGETS - 1]
        found = [*found[: _MOST_TARGETS - 1], last._replace(share=last.share + more)]
    return found, wrong


def _not_a_target(plan: Plan, index: int, target: Target) -> Iterator[str]:
    if not isinstance(target.price, Fixed):
        yield f"`{level_text(target.price)}`, a price that moves with the average"
    if not target.close.amount:
        yield "it closes nothing"
    elif target.close.of is CloseOf.CONTRACTS:
        yield "it closes a number of contracts"
    elif target.close.of is CloseOf.REST and target.close.amount != 1:
        yield "it closes a share of what is left"
    if target.order is not Order.LIMIT:
        yield f"a {target.order} order"
    if target.trail is not None and not trails_last(plan):
        yield "what is left trails from there"
    price = target.price.price if isinstance(target.price, Fixed) else None
    before = plan.targets[index - 1].price if index else None
    if price is not None and isinstance(before, Fixed) and plan.sign * (price - before.price) <= 0:
        yield f"it does not lie behind target {index}: targets are sorted by price"


def _rest(plan: Plan) -> Iterator[str]:
    if plan.stop is None:
        yield "`stop: none`: a signal has a stop"
    if plan.time_stop is not None:
        yield "a time stop"
    if plan.expires is not None:
        yield "`expires`: when unfilled tiers are cancelled"
    if plan.entries_end is EntriesEnd.NEVER and plan.targets and len(plan.tiers) > 1:
        yield "`entries_end: never`: that targets cancel no tier"


def _left_out(study: Study, entries: Sequence[_Entry], targets: Sequence[_Entry]) -> Iterator[str]:
    """Yields the words and figures of a plan that change no order of the signal."""
    plan = study.plan
    if not _amount(plan):
        yield f"the size ({plan.size.text or 'that of the tiers'}): who follows a signal takes an amount of his own"
    match = _SHARE_OF.fullmatch(plan.size.text)
    if _amount(plan) and match is not None and Decimal(match[1].removesuffix("%")) > _MOST_AMOUNT:
        yield f"what of the size is more than {_MOST_AMOUNT}%: Cornix takes no more"
    triggers = [number for number, tier in enumerate(plan.tiers, start=1) if tier.has_trigger]
    if triggers:
        yield f"the trigger of {numbered(triggers)}: entries do not wait for it"
    if plan.invalidation is not None and plan.invalidation != plan.stop:
        yield f"the invalidation at {plain(plan.invalidation)}"
    exits = [number for number, target in enumerate(plan.targets, start=1) if target.exit]
    if exits:
        yield f"the other exit of {numbered(exits, 'target')}"
    for name, listed in (("entries", entries), ("targets", targets)):
        shares = [entry.share for entry in listed]
        if len(set(shares)) > 1 and any(
            rounded(percent(as_decimal(share)), _WRITTEN_PLACES) != percent(as_decimal(share)) for share in shares
        ):
            yield f"what shares of {name} have beyond a hundredth of a percent"
