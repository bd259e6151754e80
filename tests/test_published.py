"""Figures that others have published, reproduced to the digits they printed.

`data/published.json` holds the facts of each: what the source gives, what it answers, how exactly. Here every one is
written as the plan that a trader would write for it, read, and held against the answer. Sources are venues' own
examples, raw positions and fills, and the tests of open-source projects; each stands beside its figures.
"""

import json
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import pytest

from scaleplan.engine.margin import maintenance_margin
from scaleplan.engine.position import NO_CHARGE, Position
from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from tests.given import ladder_of, listed, studied

#: Facts as they stand in the file: texts, lists of them, mappings of them.
Case = dict[str, Any]

DATA = json.loads((Path(__file__).parent / "data" / "published.json").read_text(encoding="utf-8"))
CASES = cast("list[Case]", DATA["cases"])
LEFT_OUT = cast("list[Case]", DATA["left_out"])
SYMBOLS = {"linear": ("COIN/USDT:USDT", "COIN", "USDT"), "inverse": ("COIN/USD:COIN", "USD", "COIN")}
#: The leverage written where the source names none, and the figure does not hang on it.
SOME_LEVERAGE = "4"


def plan_text(case: Case) -> str:
    """The plan that says what the source says."""
    symbol, unit, settle = SYMBOLS[case["contract"]]
    leverage = case.get("leverage", SOME_LEVERAGE)
    lines = [f"symbol: {symbol}", f"side: {case['side']}", f"leverage: {leverage}"]
    if "margin_mode" in case:
        lines.append(f"margin_mode: {case['margin_mode']}")
    account = [f"{key}: {case[key]} {settle}" for key in ("equity", "reserved") if key in case]
    if account:
        lines.append(f"account: {{{', '.join(account)}}}")
    if "contract_size" in case:
        lines.append(f"instrument: {{contract_size: {case['contract_size']}}}")
    if "taker" in case:
        percent = Decimal(case["taker"]) * 100
        lines.append(f"fees: {{maker: {percent:f}%, taker: {percent:f}%}}")
    if "funding" in case:
        lines.append(f"funding: {{rate: {case['funding']}, every: 8h, hold: 8h}}")
    lines += _margin(case, settle, Fraction(leverage))
    if "exits" in case:
        lines.append("targets:")
        lines += [f"  - {{{', '.join(f'{key}: {value}' for key, value in made.items())}}}" for made in case["exits"]]
    return "\n".join([*lines, *_entries(case, unit)])


def _margin(case: Case, settle: str, leverage: Fraction) -> list[str]:
    """What the venue asks for, and the margin posted beyond (or short of) value / leverage."""
    venue = [f"{key}: {case[key]}" for key in ("maintenance_on", "closing_fee", "bracket_by") if key in case]
    venue += [f"{key}: {case[key]} {settle}" for key in ("reserve", "deduction") if key in case]
    if "maintenance" in case:
        venue.append(f"maintenance: {case['maintenance']}")
    if "brackets" in case:
        rows = [f"{{{', '.join(f'{key}: {value}' for key, value in row.items())}}}" for row in case["brackets"]]
        venue.append(f"maintenance: [{', '.join(rows)}]")
    lines = [f"venue: {{{', '.join(venue)}}}"] if venue else []
    extra = case.get("extra_margin")
    if "margin" in case:
        value = sum(Fraction(fill["price"]) * Fraction(fill["quantity"]) for fill in case["fills"])
        beyond = Fraction(case["margin"]) - value / leverage
        extra = f"{Decimal(beyond.numerator) / Decimal(beyond.denominator):.20f}"
    return lines if extra is None else [*lines, f"extra_margin: {extra} {settle}"]


def _entries(case: Case, unit: str) -> list[str]:
    if "size" in case:
        tiers = f"tiers: [{{price: {case['entry']}, order: market}}]"
        return [f"size: {case['size']}", tiers, f"stop: {case.get('stop', 'none')}"]
    lines = ["stop: none", "tiers:"]
    for fill in case["fills"]:
        size = f"{fill.get('quantity', fill.get('value'))} {unit}"
        if "contract_size" in case:
            size = f"{Decimal(fill['quantity']) / Decimal(case['contract_size']):f} contracts"
        lines.append(f"  - {{price: {fill['price']}, size: {size}, order: market}}")
    return lines


class Answers:
    """The program's figures for one case, under the names that the sources' answers have here."""

    def __init__(self, case: Case, plan: Plan, ladder: Ladder) -> None:
        self.case = case
        self.plan = plan
        self.ladder = ladder
        self.last = ladder.steps[-1].position
        self.fills = [step.fill for step in ladder.steps]

    @property
    def held(self) -> Position:
        """The position with everything filled."""
        inverse = self.case["contract"] == "inverse"
        position = Position(self.plan.sign, inverse=inverse)
        for fill in self.fills:
            position = position.filled(fill.price, fill.quantity, NO_CHARGE)
        return position

    def maintenance(self, price: Decimal) -> Decimal:
        """The maintenance margin at a price."""
        assert self.plan.margin is not None
        return maintenance_margin(self.held, self.plan.margin, price, self.plan.instrument.contract_size)

    @property
    def closing_fee(self) -> Decimal:
        """The taker fee of closing at the bankruptcy price."""
        assert self.last.bankruptcy_price is not None
        return self.plan.fees.taker * self.held.worth(self.last.bankruptcy_price)

    @property
    def liquidation_price(self) -> Decimal:
        """Where it is liquidated: a price, in every case that has one."""
        assert self.last.liquidation.price is not None
        return self.last.liquidation.price


FIGURES: dict[str, Callable[[Answers], Decimal | None]] = {
    "average_entry": lambda of: of.last.average_entry,
    "cost": lambda of: of.held.cost,
    "notional": lambda of: of.last.notional,
    "quantity": lambda of: of.last.quantity,
    "contracts": lambda of: of.last.quantity / (of.plan.instrument.contract_size or 1),
    "risk": lambda of: of.ladder.totals.risk,
    "initial_margin": lambda of: of.last.initial_margin,
    "bankruptcy_price": lambda of: of.last.bankruptcy_price,
    "liquidation_price": lambda of: of.liquidation_price,
    "entry_fee": lambda of: of.fills[0].fee,
    # What is won or lost before fees; slippage is none in these plans.
    "gross": lambda of: (of.ladder.totals.reward or Decimal(0)) + of.ladder.totals.fees,
    "exit_value": lambda of: of.ladder.exits[-1].fee / of.plan.fees.taker,
    "realized_1": lambda of: of.ladder.exits[0].realized,
    "realized_2": lambda of: of.ladder.exits[1].realized,
    "realized_3": lambda of: of.ladder.exits[2].realized,
    "net_with_funding": lambda of: (of.ladder.totals.reward or Decimal(0)) - (of.ladder.totals.funding or Decimal(0)),
    "maintenance_margin_at_entry": lambda of: of.maintenance(of.last.average_entry),
    "maintenance_margin_at_mark": lambda of: of.maintenance(Decimal(of.case["mark"])),
    "equity_at_liquidation": lambda of: of.last.initial_margin + of.held.pnl(of.liquidation_price),
    "initial_margin_and_closing_fee": lambda of: of.last.initial_margin + of.closing_fee,
    "maintenance_margin_and_closing_fee": lambda of: of.maintenance(of.last.average_entry) + of.closing_fee,
    "closing_fee_at_bankruptcy": lambda of: of.closing_fee,
    "order_cost": lambda of: of.last.initial_margin + of.fills[0].fee + of.closing_fee,
    "deduction_3": lambda of: None if of.plan.margin is None else of.plan.margin.brackets[2].deduction,
}


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_published_figure_is_reproduced(case: Case) -> None:
    """A plan with the source's inputs gives the source's answers, to the digits it printed."""
    text = plan_text(case)
    found = studied(text)
    # What was filled and sold there, whether price could have come to a plan of it in that order or not.
    of = Answers(case, found.plan, listed(found.plan))
    wrong = []
    for name, answer in case["answers"].items():
        figure = FIGURES[name](of)
        if figure is None or abs(figure - Decimal(answer["is"])) > Decimal(answer["within"]):
            wrong.append(f"{name} is {figure}, {case['source']} has {answer['is']}")
    assert wrong == []


#: Buys and sells as freqtrade's test of recalculated trades has them (tests/persistence/test_persistence.py): quantity
#: (sold where negative), price, and the average and the realised result that it expects after each.
SEQUENCES = {
    "freqtrade-dca-d": [
        ("100", "3", "3", "0"),
        ("100", "7", "5", "0"),
        ("-100", "11", "5", "600"),
        ("150", "15", "11", "600"),
        ("-100", "19", "11", "1400"),
        ("-150", "23", "11", "3200"),
    ],
    "freqtrade-dca-e": [
        ("100", "8", "8", "0"),
        ("100", "9", "8.5", "0"),
        ("-100", "10", "8.5", "150"),
        ("150", "11", "10", "150"),
        ("-100", "12", "10", "350"),
        ("-150", "14", "10", "950"),
    ],
}


@pytest.mark.parametrize("name", sorted(SEQUENCES))
def test_exit_leaves_the_average_and_a_later_fill_averages_with_what_is_held(name: str) -> None:
    """Sells move no average; a buy after a sell averages with what is still held, not with what once was."""
    position = Position(1, inverse=False)
    realized = Decimal(0)
    for quantity, price, average, result in SEQUENCES[name]:
        if quantity.startswith("-"):
            sold = position.part(Decimal(quantity[1:]))
            realized += sold.pnl(Decimal(price))
            held_before = position
            position = position.part(position.quantity - sold.quantity) if sold != position else position
            assert held_before.average_entry == Decimal(average)
        else:
            position = position.filled(Decimal(price), Decimal(quantity), NO_CHARGE)
        assert position.average_entry == Decimal(average)
        assert realized == Decimal(result)


def test_what_is_left_out_says_why() -> None:
    """A published figure that no plan can say is listed with its source and its reason, and is not silently tested."""
    assert all(case["source"] and case["reason"] for case in LEFT_OUT)
    assert not {case["id"] for case in LEFT_OUT} & {case["id"] for case in CASES}


def test_fee_aware_size_is_exact() -> None:
    """Where jesse cuts a size by rule of thumb, (1 - 3 * fee)^2, to 4.97, the plan solves it: 100 / 20.18 = 4.955..."""
    text = (
        "symbol: COIN/USDT\nside: long\naccount: {equity: 10000 USDT}\nsize: 1% risk\n"
        "fees: {maker: 0.1%, taker: 0.1%}\ntiers: [100]\nstop: 80"
    )
    ladder = ladder_of(text)
    # One coin loses 100 - 80, 0.1 to enter and 0.08 to leave.
    assert abs(Fraction(ladder.totals.quantity) - Fraction(100) / Fraction("20.18")) < Fraction(1, 10**40)
