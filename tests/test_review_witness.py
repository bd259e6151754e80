"""A second reckoning of reviews, in fractions and for one plan alone: drawn trades are held to it.

`plans/range-short.yaml` sells 0.1 BTC at 29,800 (limit), 29,500 and 29,200 (stop), stop 30,050; target 1 at 28,600
closes half and moves the stop to break even, target 2 at 28,100 the rest; maker 0.02%, taker and slippage 0.05%.
"""

import random
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import pytest

from scaleplan.journal import RowKind
from scaleplan.quantity.exact import exact
from scaleplan.review.trades import reviewed
from tests.given import studied
from tests.running import ROOT
from tests.test_trade_laws import Written

F = Fraction
MAKER, TAKER, SLIPPAGE, STOP = F("0.0002"), F("0.0005"), F("0.0005"), F(30050)
#: The planned fill and its fee of each tier, and where each target lies.
TIERS = {1: (F(29800), MAKER), 2: (29500 * (1 - SLIPPAGE), TAKER), 3: (29200 * (1 - SLIPPAGE), TAKER)}
TARGETS = {1: F(28600), 2: F(28100)}
STUDY = studied((ROOT / "plans" / "range-short.yaml").read_bytes(), "range-short.yaml")
#: Digits of the program are fifty.
CLOSE = F(1, 10**30)


class _Done(NamedTuple):
    """What was executed: a tier, or what closed (`target`, `stop`, `by hand`) with its number."""

    what: str
    number: int
    price: Fraction
    quantity: Fraction
    fee: Fraction


def drawn(number: int) -> tuple[Written, list[_Done]]:
    """Returns a trade of one to three tiers and one to three exits, none of it quite as planned."""
    draw = random.Random(number)  # noqa: S311 - drawn to be drawn again
    found: list[_Done] = []

    def executed(what: str, which: int, price: Fraction, quantity: Fraction) -> None:
        off = 1 + F(draw.randint(-20, 20), 10_000)
        at = F(round(Decimal(float(price * off)), 2))
        found.append(_Done(what, which, at, quantity, F(draw.randint(0, 300), 100)))

    for tier in range(1, draw.randint(1, 3) + 1):
        executed("tier", tier, TIERS[tier][0], F(draw.choice((80, 100, 100, 115)), 1000))
    held = sum((each.quantity for each in found), F(0))
    for target in range(1, draw.randint(0, 2) + 1):
        part = F(round(held * draw.choice((400, 500, 600))), 1000) if target == 1 else held / 4
        part = F(round(part * 10_000), 10_000)
        if 0 < part < held:
            executed("target", target, TARGETS[target], part)
            held -= part
    end = draw.choice(("stop", "by hand"))
    executed(end, 0, STOP if end == "stop" else F(29000), held)
    written = Written(STUDY)
    for each in found:
        is_entry = each.what == "tier"
        role = None if is_entry else each.what
        numbers = {"price": each.price, "quantity": each.quantity, "fee": each.fee}
        values = {name: Decimal(value.numerator) / value.denominator for name, value in numbers.items()}
        written.add(
            RowKind.FILL,
            side="sell" if is_entry else "buy",
            fee_currency="USDT",
            role=role,
            tier=each.number if is_entry else None,
            target=each.number if role == "target" else None,
            **values,
        )
    return written, found


def breakeven(done: Sequence[_Done]) -> Fraction:
    """Returns the fill at which what the plan held nets 0: `(average - fees) / (1 + taker)`, each a coin."""
    own = [TIERS[each.number] for each in done if each.what == "tier"]
    return sum((price * (1 - fee) for price, fee in own), F(0)) / len(own) / (1 + TAKER)


def sums_of(done: Sequence[_Done]) -> list[Fraction]:
    """Returns the five sums of the waterfall."""
    return [_sum(done, so_much) for so_much in range(5)]


def _sum(done: Sequence[_Done], so_much: int) -> Fraction:
    """Returns what a trade nets with so many things as they were: 1 entry prices, 2 sizes, 3 exits, 4 fees."""
    held = real = cash = fees = F(0)
    hits = 0
    for each in done:
        if each.what == "tier":
            price, rate = TIERS[each.number]
            price, quantity = each.price if so_much > 0 else price, each.quantity if so_much > 1 else F(1, 10)
            held, real, cash = held + quantity, real + each.quantity, cash + price * quantity
        else:
            price, rate, share = each.price, TAKER, each.quantity / real
            if each.what == "target":
                hits, price, rate = each.number, TARGETS[each.number], MAKER
                share = F(1, 2) if each.number == 1 else F(1)
            elif each.what == "stop":
                price, share = breakeven(done) if hits else STOP * (1 + SLIPPAGE), F(1)
            share = F(1) if each is done[-1] else share
            price, quantity = (each.price, each.quantity) if so_much > 2 else (price, held * share)
            held, real, cash = held - quantity, real - each.quantity, cash - price * quantity
        fees += each.fee if so_much > 3 else rate * price * quantity
    return cash - fees


def lump_of(done: Sequence[_Done]) -> tuple[Fraction, Fraction]:
    """Returns what 0.3 at the first fill's price nets, and what it loses at the plan's stop."""
    first, left, real = done[0], F(3, 10), F(0)
    into = left * (first.price - first.fee / first.quantity)
    cash = into
    for each in done:
        if each.what == "tier":
            real += each.quantity
        else:
            closed = left * each.quantity / real
            left, real = left - closed, real - each.quantity
            cash -= closed * (each.price + each.fee / each.quantity)
    return cash, F(3, 10) * STOP * (1 + SLIPPAGE) * (1 + TAKER) - into


@pytest.mark.parametrize("number", range(60))
@exact
def test_the_second_reckoning_says_the_same(number: int) -> None:
    """Every sum of the waterfall, and the lump at both, as fractions have it."""
    written, done = drawn(number)
    trade = written.trade()
    assert trade.is_over
    review = reviewed(trade, ())
    for mine, theirs in zip(review.steps, sums_of(done), strict=True):
        assert abs(F(mine) - theirs) < CLOSE
    net, risk = lump_of(done)
    assert abs(F(review.lump.same_size) - net) < CLOSE
    assert trade.one_r is not None
    assert review.lump.same_risk is not None
    assert abs(F(review.lump.same_risk) - net * F(trade.one_r) / risk) < CLOSE
