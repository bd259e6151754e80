"""The plan language: every key and every form read to its value, every wrong form told where it stands.

The tables are the language in examples. A readable form is one or more lines put into a small plan, and what the plan
then holds. A wrong form has its place marked in the text, `stop: «60,000»`; the mark is taken away before the plan
is read, and the mistake must be told just there, with a help that says what to write.
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from scaleplan.decode.keys import SECTIONS
from scaleplan.diagnostic import Severity
from scaleplan.ladder import climb
from scaleplan.plan import (
    Account,
    AfterPrice,
    AfterTier,
    BracketBy,
    Close,
    CloseOf,
    Contract,
    EntriesEnd,
    Fees,
    Funding,
    Instrument,
    LevelsLie,
    MaintenanceOn,
    MarginMode,
    MarginModel,
    Order,
    Plan,
    RiskUnit,
    Runner,
    Side,
    SizeKind,
    Style,
    Swap,
    Target,
    Tier,
    TimeStop,
    Trail,
)
from scaleplan.quantity.price import Anchor, Fixed, PriceUnit, Reference, RMultiple, Steps
from scaleplan.study import Studied
from tests.given import plan_of, studied, study_of

#: The small plan into which every example is put, one line for each key.
PLAN = {
    "symbol": "BTC/USDT:USDT",
    "side": "long",
    "leverage": "2",
    "account": "{equity: 10000 USDT}",
    "size": "1000 USDT",
    "tiers": "[100, 90]",
    "stop": "80",
}
SPOT = {"symbol": "BTC/USDT", "leverage": ""}
COIN = {"symbol": "BTC/USD:BTC", "account": "{equity: 2 BTC}", "size": "1000 USD"}
TICKS = {"instrument": "{tick_size: 0.25}"}
CONTRACTS = {"instrument": "{contract_size: 0.1}", "size": "200 contracts"}
EURO = {
    "symbol": "EUR/USD",
    "account": "{equity: 10000 USD}",
    "instrument": "{contract_size: 1000}",
    "size": "2 lots",
    "tiers": "[1.1]",
    "stop": "-1%",
}
POUNDS = {**EURO, "account": "{equity: 10000 GBP, rate: 1.27 USD per GBP}"}
SHORT = {"side": "short", "tiers": "[100, 110]", "stop": "120"}


def written(keys: dict[str, str]) -> str:
    """The small plan with some keys written otherwise; an empty text leaves the key out, `|` begins indented lines."""
    lines = []
    for key, text in {**PLAN, **keys}.items():
        if text.startswith("|"):
            lines.append(f"{key}:{text[1:]}")
        elif text:
            lines.append(f"{key}: {text}")
    return "\n".join(lines) + "\n"


def readable(keys: dict[str, str]) -> Plan:
    """The plan, which must be one."""
    return plan_of(written(keys))


def tier(text: str, **more: str) -> dict[str, str]:
    """A plan of two tiers, the second of which is the example."""
    return {"tiers": f"[{{price: 100, share: 50%}}, {{price: 110, share: 50%, {text}}}]", **more}


def target(text: str, **more: str) -> dict[str, str]:
    """A plan with one target, the example."""
    return {"targets": f"[{{price: 130, {text}}}]", **more}


def venue(text: str, **more: str) -> dict[str, str]:
    """A plan with a venue's terms."""
    return {"venue": f"{{{text}}}", **more}


class Form(NamedTuple):
    """A readable form: the keys of the language that it shows, how it is written, and what the plan then holds."""

    shows: str
    keys: dict[str, str]
    figure: Callable[[Plan], object]
    value: object


def second(plan: Plan) -> Tier:
    """Tier 2."""
    return plan.tiers[1]


def first(plan: Plan) -> Target:
    """Target 1."""
    return plan.targets[0]


def model(plan: Plan) -> MarginModel:
    """The margin model, which must be there."""
    assert plan.margin is not None
    return plan.margin


def brackets(plan: Plan) -> object:
    """The margin model in short: basis, what chooses the bracket, rates, deductions."""
    held = model(plan)
    rates, deductions = [item.rate for item in held.brackets], [item.deduction for item in held.brackets]
    return held.maintenance_on, held.bracket_by, rates, deductions


def amount(plan: Plan) -> tuple[SizeKind, Decimal]:
    """What the size counts, and how many."""
    return plan.size.kind, plan.size.amount


def timed(plan: Plan) -> TimeStop:
    """The time stop, which must be there."""
    assert plan.time_stop is not None
    return plan.time_stop


def quantities(plan: Plan) -> list[Decimal]:
    """The quantity of each tier."""
    return [step.fill.quantity for step in climb(plan).steps]


D = Decimal
TWO_ENDS = "{from: 100, to: 85, count: 4"

FORMS = [
    # A whole plan
    Form("name", {"name": "BTC range-high breakout"}, lambda p: p.name, "BTC range-high breakout"),
    Form("name", {}, lambda p: p.name, "plan"),
    Form("symbol", {"symbol": "BTC/USDT:USDT"}, lambda p: (p.symbol.base, p.symbol.quote), ("BTC", "USDT")),
    Form("side", {"side": "long"}, lambda p: p.side, Side.LONG),
    Form("side", SHORT, lambda p: p.side, Side.SHORT),
    *(Form("style", {"style": style.value}, lambda p: p.style, style) for style in Style),
    Form("style", {"tiers": "[100]"}, lambda p: (p.style, p.style_written), (Style.SINGLE, False)),
    Form("style", {"tiers": "[100, 110]"}, lambda p: p.style, Style.PYRAMID),
    Form("style", {"tiers": "[100, 90]"}, lambda p: p.style, Style.DCA),
    Form("style", {"tiers": "[100, 90, 105]"}, lambda p: p.style, Style.CONFIRMATION),
    Form("style", SHORT, lambda p: p.style, Style.DCA),
    Form("size", {"size": "900 USDT"}, amount, (SizeKind.NOTIONAL, 900)),
    Form("tiers", {"tiers": "[100, 90, 85]"}, lambda p: [t.price for t in p.tiers], [100, 90, 85]),
    Form("tiers", {"tiers": "[100, 90, 85]"}, lambda p: sum(t.share or 0 for t in p.tiers), 1),
    Form("invalidation", {"invalidation": "82"}, lambda p: (p.invalidation, p.stop), (82, 80)),
    Form("invalidation", {"invalidation": "82", "stop": ""}, lambda p: p.stop, D(82)),
    Form("stop", {"stop": "none"}, lambda p: p.stop, None),
    Form("targets", {}, lambda p: p.targets, ()),
    Form("checklist", {"checklist": "|\n  - No news\n  - Rested"}, lambda p: p.checklist, ("No news", "Rested")),
    Form("notes", {"notes": "seen twice before"}, lambda p: p.notes, ("seen twice before",)),
    Form("notes", {"notes": "[one, two]"}, lambda p: p.notes, ("one", "two")),
    # Account
    Form("account.equity", {"account": "{equity: 25000}"}, lambda p: p.account, Account(equity=D(25000))),
    Form("account.equity", {"account": "{equity: 25_000.5 USDT}"}, lambda p: p.account.equity, D("25000.5")),
    Form("account.max_risk", {"account": "{equity: 25000, max_risk: 4%}"}, lambda p: p.account.max_risk, D(1000)),
    Form("account.max_risk", {"account": "{max_risk: 300 USDT}"}, lambda p: p.account.max_risk, D(300)),
    Form("account.max_margin", {"account": "{equity: 8000, max_margin: 1/4}"}, lambda p: p.account.max_margin, D(2000)),
    Form("account.max_leverage", {"account": "{equity: 1, max_leverage: 3}"}, lambda p: p.account.max_leverage, D(3)),
    Form("account.reserved", {"account": "{equity: 9000, reserved: 1200}"}, lambda p: p.account.reserved, D(1200)),
    Form("account.equity", COIN, lambda p: p.account.equity, D(2)),
    # Contract
    Form("contract", {"symbol": "BTC/USDT:USDT"}, lambda p: (p.contract, p.settle), (Contract.LINEAR, "USDT")),
    Form("contract", COIN, lambda p: (p.contract, p.settle), (Contract.INVERSE, "BTC")),
    Form("contract", {"symbol": "BTC/USDT"}, lambda p: p.contract, Contract.LINEAR),
    Form("contract", SPOT, lambda p: p.contract, Contract.SPOT),
    Form("contract", {**SPOT, "contract": "spot"}, lambda p: p.contract, Contract.SPOT),
    Form("contract", {"symbol": "BTC/USDT", "contract": "linear"}, lambda p: p.contract, Contract.LINEAR),
    Form("contract", {**COIN, "symbol": "BTC/USD", "contract": "inverse"}, lambda p: p.settle, "BTC"),
    Form("leverage", {"leverage": "12.5"}, lambda p: p.leverage, D("12.5")),
    Form("margin_mode", {}, lambda p: p.margin_mode, MarginMode.ISOLATED),
    Form("margin_mode", {"margin_mode": "cross"}, lambda p: p.margin_mode, MarginMode.CROSS),
    Form("extra_margin", {"extra_margin": "150 USDT"}, lambda p: p.extra_margin, D(150)),
    Form("extra_margin", {"extra_margin": "-25"}, lambda p: p.extra_margin, D(-25)),
    # Numbers: the text that was typed, never what YAML makes of it
    Form("stop", {"stop": "80.25"}, lambda p: p.stop, D("80.25")),
    Form("tiers", {"tiers": "[60_000, 59_000.5]"}, lambda p: [t.price for t in p.tiers], [60000, D("59000.5")]),
    Form("stop", {"stop": "010"}, lambda p: p.stop, D(10)),
    Form("name", {"name": "no"}, lambda p: p.name, "no"),
    Form("name", {"name": "1e5"}, lambda p: p.name, "1e5"),
    Form("name", {"name": "010"}, lambda p: p.name, "010"),
    Form("tiers.trigger", tier("trigger: 1:30"), lambda p: second(p).trigger, "1:30"),
    Form("tiers.note", tier("note: .inf"), lambda p: second(p).note, ".inf"),
    Form("name", {"name": "2026-12-24"}, lambda p: p.name, "2026-12-24"),
    Form("name", {"name": "'~'"}, lambda p: p.name, "~"),
    # Shares
    Form("tiers.share", {"tiers": "[25% at 100, 75% at 90]"}, lambda p: p.tiers[0].share, Fraction(1, 4)),
    Form("tiers.share", {"tiers": "[12.5% at 100, 7/8 at 90]"}, lambda p: second(p).share, Fraction(7, 8)),
    Form(
        "tiers.share", {"tiers": "[1/3 at 100, 1/3 at 95, 1/3 at 90]"}, lambda p: sum(t.share or 0 for t in p.tiers), 1
    ),
    # Prices
    Form("tiers.price", {"tiers": "[100, -1.5%]"}, lambda p: second(p).price, D("98.5")),
    Form("tiers.price", {"tiers": "[100, 95, +2%]"}, lambda p: p.tiers[2].price, D(102)),
    Form("tiers.price", {**SHORT, "tiers": "[100, +2%]"}, lambda p: second(p).price, D(102)),
    Form("stop", {"stop": "-20%"}, lambda p: p.stop, D(80)),
    Form("invalidation", {"invalidation": "-15%"}, lambda p: p.invalidation, D(85)),
    Form("targets.price", {"targets": "[rest at +30%]"}, lambda p: first(p).price, Fixed(D(130))),
    Form("targets.price", {"targets": "[rest at 2R]"}, lambda p: first(p).price, RMultiple(D(2))),
    Form("targets.price", {"targets": "[rest at +2.5R]"}, lambda p: first(p).price, RMultiple(D("2.5"))),
    # Sizes
    Form("size", {"size": "0.5 BTC"}, amount, (SizeKind.QUANTITY, D("0.5"))),
    Form("size", {"size": "300 shares"}, amount, (SizeKind.CONTRACTS, 300)),
    *(
        Form(
            "size",
            {"size": f"12 {word}", "instrument": "{contract_size: 0.01}"},
            amount,
            (SizeKind.CONTRACTS, 12),
        )
        for word in ("contracts", "lots", "shares")
    ),
    Form("size", {"size": "150% equity"}, amount, (SizeKind.EQUITY, 15000)),
    Form("size", {"size": "5% margin"}, amount, (SizeKind.MARGIN, 500)),
    Form("size", {"size": "500 USDT margin"}, amount, (SizeKind.MARGIN, 500)),
    Form("size", {"size": "1% risk"}, amount, (SizeKind.RISK, 100)),
    Form("size", {"size": "250 USDT risk"}, amount, (SizeKind.RISK, 250)),
    # What a share of a size divides: 1,000 of money, or 10 coins, at 100 and 80
    Form("size", {"tiers": "[100, 80]", "stop": "70"}, quantities, [5, D("6.25")]),
    Form("size", {"tiers": "[100, 80]", "stop": "70", "size": "10 BTC"}, quantities, [5, 5]),
    Form("size", {"tiers": "[100, 80]", "stop": "70", "size": "500 USDT margin"}, quantities, [5, D("6.25")]),
    Form("size", {"tiers": "[100, 80]", "stop": "70", "size": "10% equity"}, quantities, [5, D("6.25")]),
    # An inverse position is counted as value: 10 coins are 5 * 100 and 5 * 80, 2 coins of margin at 2x are 4 * 100
    Form("size", {**COIN, "tiers": "[100, 80]", "stop": "70", "size": "10 BTC"}, quantities, [500, 400]),
    Form("size", {**COIN, "tiers": "[100, 25]", "stop": "20", "size": "2 BTC margin"}, quantities, [80, 80]),
    Form("size", {**COIN, "size": "150% equity"}, quantities, [150, 150]),
    Form(
        "size",
        {**COIN, "size": "12 contracts", "instrument": "{contract_size: 100}"},
        quantities,
        [600, 600],
    ),
    Form("tiers.size", {"size": "", "tiers": "[3 BTC at 100, 5 BTC at 90]"}, lambda p: p.size.amount, D(8)),
    Form("tiers.size", {"size": "", "tiers": "[300 USDT at 100, 450 USDT at 90]"}, quantities, [3, 5]),
    Form("tiers.size", {"size": "900 USDT", "tiers": "[3 BTC at 100, 5 BTC at 90]"}, quantities, [3, 5]),
    # Tiers
    Form("tiers.share", {"tiers": "[50% at 100, 50% at 110 stop]"}, lambda p: second(p).order, Order.STOP),
    Form("tiers.order", {"tiers": "[50% at 100 market, 50% at 90 limit]"}, lambda p: p.tiers[0].order, Order.MARKET),
    Form(
        "tiers.order", tier("order: market"), lambda p: (second(p).order, second(p).order_written), (Order.MARKET, True)
    ),
    # Left out: a stop where the price lies on the winning side of its `after`, or else of the tier before it
    Form("tiers.order", {"tiers": "[100, 110]"}, lambda p: [t.order for t in p.tiers], [Order.LIMIT, Order.STOP]),
    Form("tiers.order", {"tiers": "[100, 90]"}, lambda p: [t.order for t in p.tiers], [Order.LIMIT, Order.LIMIT]),
    Form("tiers.order", {**SHORT, "tiers": "[100, 95]"}, lambda p: second(p).order, Order.STOP),
    Form("tiers.order", SHORT, lambda p: second(p).order, Order.LIMIT),
    Form(
        "tiers.after",
        tier("after: 120"),
        lambda p: (second(p).after, second(p).order),
        (AfterPrice(D(120)), Order.LIMIT),
    ),
    Form("tiers.after", tier("after: +20%"), lambda p: second(p).after, AfterPrice(D(120))),
    Form("tiers.after", tier("after: 105"), lambda p: second(p).order, Order.STOP),
    Form(
        "tiers.after", tier("after: tier 1"), lambda p: (second(p).after, second(p).order), (AfterTier(1), Order.STOP)
    ),
    Form("tiers.trigger", tier("trigger: 4h close above it"), lambda p: second(p).trigger, "4h close above it"),
    Form("tiers.note", tier("note: small"), lambda p: second(p).note, "small"),
    Form("tiers.stop", tier("stop: 95"), lambda p: second(p).stop, Fixed(D(95))),
    Form("tiers.stop", tier("stop: -5%"), lambda p: second(p).stop, Fixed(D(95))),
    Form("tiers.stop", tier("stop: -0.5R"), lambda p: second(p).stop, RMultiple(D("-0.5"))),
    Form("tiers.stop", tier("stop: entry"), lambda p: second(p).stop, Anchor(Reference.ENTRY)),
    Form("tiers.stop", tier("stop: breakeven"), lambda p: second(p).stop, Anchor(Reference.BREAKEVEN)),
    Form("tiers.stop", tier("stop: entry +0.2%"), lambda p: second(p).stop, Anchor(Reference.ENTRY, ratio=D("0.002"))),
    Form("tiers.stop", tier("stop: breakeven -3"), lambda p: second(p).stop, Anchor(Reference.BREAKEVEN, amount=D(-3))),
    Form("tiers.stop", tier("stop: tier 1"), lambda p: second(p).stop, Fixed(D(100))),
    Form("tiers.stop", tier("stop: tier 1 -2%"), lambda p: second(p).stop, Fixed(D(98))),
    # Ladders written short
    Form("ladder.from", {"tiers": f"{TWO_ENDS}}}"}, lambda p: [t.price for t in p.tiers], [100, 95, 90, 85]),
    Form("ladder.to", {"tiers": "{from: 100, to: -10%, count: 2}"}, lambda p: second(p).price, D(90)),
    Form("ladder.count", {"tiers": f"{TWO_ENDS}}}"}, lambda p: len(p.tiers), 4),
    Form("ladder.spacing", {"tiers": f"{TWO_ENDS}, spacing: even}}"}, lambda p: second(p).price, D(95)),
    # 125 to 64 in three equal ratios of 0.8
    Form(
        "ladder.spacing",
        {"tiers": "{from: 125, to: 64, count: 4, spacing: geometric}", "stop": "60"},
        lambda p: [round(t.price, 20) for t in p.tiers],
        [125, 100, 80, 64],
    ),
    *(
        Form(
            "ladder.shares",
            {"tiers": f"{TWO_ENDS}, shares: {shares}}}"},
            lambda p: [t.share for t in p.tiers],
            [Fraction(part, sum(parts)) for part in parts],
        )
        for shares, parts in {
            "equal": (1, 1, 1, 1),
            "pyramid": (4, 3, 2, 1),
            "martingale": (1, 2, 4, 8),
            "[40%, 30%, 1/5, 10%]": (4, 3, 2, 1),
        }.items()
    ),
    Form("ladder.shares", {"tiers": f"{TWO_ENDS}}}"}, lambda p: p.tiers[3].share, Fraction(1, 4)),
    Form("ladder.trigger", {"tiers": f"{TWO_ENDS}, trigger: holds}}"}, lambda p: p.tiers[3].trigger, "holds"),
    Form("ladder.order", {"tiers": f"{TWO_ENDS}, order: market}}"}, lambda p: p.tiers[2].order, Order.MARKET),
    Form("ladder.note", {"tiers": f"{TWO_ENDS}, note: thin}}"}, lambda p: p.tiers[2].note, "thin"),
    Form(
        "exits.from",
        {"targets": "{from: 110, to: 130, count: 3}"},
        lambda p: [t.price for t in p.targets],
        [Fixed(D(110)), Fixed(D(120)), Fixed(D(130))],
    ),
    Form("exits.to", {"targets": "{from: 1R, to: 3R, count: 3}"}, lambda p: p.targets[1].price, RMultiple(D(2))),
    Form("exits.count", {"targets": "{from: 110, to: 130, count: 5}"}, lambda p: len(p.targets), 5),
    Form(
        "exits.spacing",
        {"targets": "{from: 110, to: 440, count: 3, spacing: geometric}"},
        lambda p: getattr(p.targets[1].price, "price", D(0)).quantize(D(1)),
        D(220),
    ),
    Form(
        "exits.shares",
        {"targets": "{from: 110, to: 130, count: 3, shares: pyramid}"},
        lambda p: [t.close.amount for t in p.targets],
        [Fraction(3, 6), Fraction(2, 6), Fraction(1, 6)],
    ),
    Form(
        "exits.order",
        {"targets": "{from: 110, to: 130, count: 2, order: market}"},
        lambda p: p.targets[1].order,
        Order.MARKET,
    ),
    Form("exits.note", {"targets": "{from: 110, to: 130, count: 2, note: calm}"}, lambda p: first(p).note, "calm"),
    # Targets
    Form("targets.close", {"targets": "[30% at 120, rest at 3R]"}, lambda p: first(p).close.amount, Fraction(3, 10)),
    Form("targets.close", target("close: 1/3"), lambda p: first(p).close, Close(Fraction(1, 3), CloseOf.POSITION)),
    Form("targets.close", target("close: rest"), lambda p: first(p).close, Close(Fraction(1), CloseOf.REST)),
    Form("targets.close", target("close: 30% of rest"), lambda p: first(p).close, Close(Fraction(3, 10), CloseOf.REST)),
    Form(
        "targets.close",
        target("close: 30 contracts", **CONTRACTS),
        lambda p: first(p).close,
        Close(Fraction(30), CloseOf.CONTRACTS),
    ),
    Form(
        "targets.close",
        {"targets": "[1 contract at 120, 2 lots at 125, rest at 130]", **CONTRACTS},
        lambda p: [(t.close.amount, str(t.close.of)) for t in p.targets],
        [(1, "contracts"), (2, "contracts"), (1, "rest")],
    ),
    # A share is one of the base: nothing else has to say how much it is
    Form(
        "targets.close",
        target("close: 3 shares", symbol="ABC/USD", leverage="", size="10 shares", account=""),
        lambda p: first(p).close,
        Close(Fraction(3), CloseOf.CONTRACTS),
    ),
    # Words in any case
    *(
        Form(name, keys, figure, value)
        for name, keys, figure, value in (
            ("side", {"side": "LONG"}, lambda p: p.side, Side.LONG),
            ("style", {"style": "DCA"}, lambda p: p.style, Style.DCA),
            ("margin_mode", {"margin_mode": "Isolated"}, lambda p: p.margin_mode, MarginMode.ISOLATED),
            ("contract", {"contract": "Linear"}, lambda p: p.contract, Contract.LINEAR),
            ("stop", {"stop": "None"}, lambda p: p.stop, None),
            ("entries_end", {"entries_end": "Never"}, lambda p: p.entries_end, EntriesEnd.NEVER),
            ("risk_unit", {"risk_unit": "First Tier"}, lambda p: p.risk_unit, RiskUnit.FIRST_TIER),
            ("size", {"size": "5% Margin"}, lambda p: p.size.kind, SizeKind.MARGIN),
            ("size", {"size": "150 USDT RISK"}, lambda p: p.size.kind, SizeKind.RISK),
            ("size", {"size": "150% Equity"}, lambda p: p.size.kind, SizeKind.EQUITY),
            ("tiers.order", {"tiers": "[50% AT 100 Limit, 50% at 110 STOP]"}, lambda p: second(p).order, Order.STOP),
            ("tiers.after", tier("after: Tier 1"), lambda p: second(p).after, AfterTier(1)),
            ("targets.close", target("close: 30% Of Rest"), lambda p: first(p).close.of, CloseOf.REST),
            ("targets.close", {"targets": "[50% at 120, REST AT 3r]"}, lambda p: p.targets[1].close.of, CloseOf.REST),
            ("time_stop.close", {"time_stop": "{after: 48H, close: All}"}, lambda p: timed(p).close, 1),
            ("ladder.spacing", {"tiers": f"{TWO_ENDS}, spacing: Even}}"}, lambda p: second(p).price, D(95)),
            ("ladder.shares", {"tiers": f"{TWO_ENDS}, shares: EQUAL}}"}, lambda p: second(p).share, Fraction(1, 4)),
            ("fees", {"fees": "2 USDT Per Order"}, lambda p: p.fees.per_order, 2),
        )
    ),
    # Left out in the whole list: equal shares, as of tiers
    Form(
        "targets.close", {"targets": "[120, 130]"}, lambda p: [t.close.amount for t in p.targets], [Fraction(1, 2)] * 2
    ),
    Form(
        "targets.close",
        {"targets": "[{price: 120, note: thin}, 130, {price: 140, order: market}]"},
        lambda p: [t.close for t in p.targets],
        [Close(Fraction(1, 3), CloseOf.POSITION, written=False)] * 3,
    ),
    # Where one says something: the rest on the last target without a trail, else nothing: the level only moves the stop
    *(
        Form(
            "targets.close",
            {"targets": f"[{{price: 120, {one}}}, 130]"},
            lambda p: [t.close.amount for t in p.targets],
            closes,
        )
        for one, closes in {
            "stop: entry": [0, 1],
            "exit: a close below the low": [0, 1],
            "close: 20%": [Fraction(1, 5), 1],
        }.items()
    ),
    Form(
        "targets.close",
        {"targets": "[120, {price: 130, trail: 2%}]"},
        lambda p: [t.close.amount for t in p.targets],
        [0, 0],
    ),
    # An exit in words alone
    Form(
        "targets.exit",
        {"targets": "[50% at 120, {exit: close below the 20-day low, note: daily}]"},
        lambda p: (len(p.targets), p.runner),
        (1, Runner("close below the 20-day low", "daily")),
    ),
    Form(
        "targets.exit",
        {"targets": "[{exit: close below the 20-day low, close: rest}]"},
        lambda p: (p.targets, p.runner),
        ((), Runner("close below the 20-day low", "")),
    ),
    # Targets from the average
    *(
        Form(
            "targets.price", {"targets": f"[50% at 120, rest at {text}]", **TICKS}, lambda p: p.targets[1].price, level
        )
        for text, level in {
            "entry +1.5%": Anchor(Reference.ENTRY, ratio=D("0.015")),
            "Entry + 3": Anchor(Reference.ENTRY, amount=D(3)),
            "entry": Anchor(Reference.ENTRY),
            "BREAKEVEN": Anchor(Reference.BREAKEVEN),
            "breakeven +4 ticks": Anchor(Reference.BREAKEVEN, amount=D(1), steps=Steps(D(4), PriceUnit.TICK)),
        }.items()
    ),
    # In front of 2R: a quarter of a point, or a percent
    Form(
        "targets.price",
        {"targets": "[rest at 2R -1 tick]", **TICKS},
        lambda p: first(p).price,
        RMultiple(D(2), amount=D("-0.25"), steps=Steps(D(-1), PriceUnit.TICK)),
    ),
    Form("targets.price", {"targets": "[rest at 2 R]"}, lambda p: first(p).price, RMultiple(D(2))),
    Form("targets.stop", target("stop: 1r + 0.5%"), lambda p: first(p).stop, RMultiple(D(1), ratio=D("0.005"))),
    # 1%, 2%, 4% beyond the average, in equal steps and by a factor; 1.00, 1.10 and 1.21 times it in equal ratios
    Form(
        "exits.from",
        {"targets": "{from: entry +1%, to: entry +4%, count: 3, spacing: 2x}"},
        lambda p: [t.price for t in p.targets],
        [Anchor(Reference.ENTRY, ratio=D(ratio)) for ratio in ("0.01", "0.02", "0.04")],
    ),
    Form(
        "exits.to",
        {"targets": "{from: breakeven, to: breakeven +8, count: 3}"},
        lambda p: [t.price for t in p.targets],
        [Anchor(Reference.BREAKEVEN, amount=D(amount)) for amount in (0, 4, 8)],
    ),
    Form(
        "exits.spacing",
        {"targets": "{from: entry, to: entry +21%, count: 3, spacing: geometric}"},
        lambda p: round(getattr(p.targets[1].price, "ratio", D(0)), 20),
        D("0.1"),
    ),
    # 100 down to 81: steps of 4, 6 and 9 are 1.5 times each other
    Form(
        "ladder.spacing",
        {"tiers": "{from: 100, to: 81, count: 4, spacing: 1.5x}"},
        lambda p: [t.price for t in p.tiers],
        [100, 96, 90, 81],
    ),
    # Steps may shrink: 9, 6 and 4 are each two thirds; of 0.5 they are 8, 4 and 2
    Form(
        "ladder.spacing",
        {"tiers": "{from: 100, to: 86, count: 4, spacing: 0.5X}"},
        lambda p: [t.price for t in p.tiers],
        [100, 92, 88, 86],
    ),
    # 1, 1.5 and 2.25 parts of 4.75 are 4, 6 and 9 of 19
    Form(
        "ladder.shares",
        {"tiers": "{from: 100, to: 90, count: 3, shares: 1.5x}"},
        lambda p: [t.share for t in p.tiers],
        [Fraction(4, 19), Fraction(6, 19), Fraction(9, 19)],
    ),
    Form(
        "exits.shares",
        {"targets": "{from: 110, to: 130, count: 3, shares: 0.5x}"},
        lambda p: [t.close.amount for t in p.targets],
        [Fraction(4, 7), Fraction(2, 7), Fraction(1, 7)],
    ),
    Form("targets.close", target("trail: 2%"), lambda p: first(p).close.amount, Fraction(0)),
    Form("targets.stop", target("stop: breakeven"), lambda p: first(p).stop, Anchor(Reference.BREAKEVEN)),
    Form("targets.stop", target("stop: +1R"), lambda p: first(p).stop, RMultiple(D(1))),
    Form("targets.stop", target("stop: tier 2"), lambda p: first(p).stop, Fixed(D(90))),
    Form(
        "targets.stop",
        {"targets": "[{price: 120, close: 50%}, {price: 130, stop: target 1 +1}]"},
        lambda p: p.targets[1].stop,
        Anchor(Reference.TARGET, 1, amount=D(1)),
    ),
    Form("targets.trail", target("trail: 2%"), lambda p: first(p).trail, Trail(D("0.02"), None)),
    Form("targets.trail", target("trail: 4.5"), lambda p: first(p).trail, Trail(None, D("4.5"))),
    Form(
        "targets.exit", target("exit: 4h close below the 50 EMA"), lambda p: first(p).exit, "4h close below the 50 EMA"
    ),
    Form("targets.order", target("close: rest"), lambda p: first(p).order, Order.LIMIT),
    Form("targets.order", target("order: market"), lambda p: first(p).order, Order.MARKET),
    Form("targets.note", target("note: old high"), lambda p: first(p).note, "old high"),
    # Time
    *(
        Form("time_stop.after", {"time_stop": f"{{after: {text}}}"}, lambda p: timed(p).after_minutes, minutes)
        for text, minutes in {"90m": 90, "48h": 2880, "3d": 4320, "2w": 20160, "2 days": 2880, "1 Hour": 60}.items()
    ),
    Form("time_stop", {"time_stop": "48h"}, timed, TimeStop(2880, None, Fraction(1))),
    Form("fees", {"fees": "0.1%"}, lambda p: (p.fees.maker, p.fees.taker), (D("0.001"), D("0.001"))),
    Form(
        "time_stop.unless",
        {"time_stop": "{after: 48h, unless: 0.5R, close: 50%}"},
        timed,
        TimeStop(2880, RMultiple(D("0.5")), Fraction(1, 2)),
    ),
    Form("time_stop.close", {"time_stop": "{after: 1d}"}, lambda p: timed(p).close, 1),
    Form("expires", {"expires": "2026-12-24"}, lambda p: p.expires, date(2026, 12, 24)),
    Form("expires", {"expires": "36h"}, lambda p: p.expires, 2160),
    Form("entries_end", {}, lambda p: p.entries_end, EntriesEnd.FIRST_TARGET),
    Form("entries_end", {"entries_end": "first target"}, lambda p: p.entries_end, EntriesEnd.FIRST_TARGET),
    Form("entries_end", {"entries_end": "never"}, lambda p: p.entries_end, EntriesEnd.NEVER),
    # Costs
    Form("fees.maker", {}, lambda p: p.fees, Fees(D(0), D(0), written=False)),
    Form("fees.maker", {"fees": "{maker: 0.02%, taker: 0.05%}"}, lambda p: p.fees.maker, D("0.0002")),
    Form(
        "fees.taker",
        {"fees": "{maker: -0.01%, taker: 0.05%}"},
        lambda p: p.fees,
        Fees(D("-0.0001"), D("0.0005"), written=True),
    ),
    Form("slippage", {"slippage": "0.05%"}, lambda p: p.slippage, D("0.0005")),
    *(
        Form(
            f"funding.{key}",
            {"funding": "{rate: 0.01%, every: 8h, hold: 3d}"},
            lambda p: p.funding,
            Funding(D("0.0001"), 480, 4320),
        )
        for key in ("rate", "every", "hold")
    ),
    Form(
        "funding.rate",
        {"funding": "{rate: -0.02%, every: 8h, hold: 20h}"},
        lambda p: p.funding and p.funding.periods,
        2,
    ),
    # Costs as brokers charge them
    *(
        Form(
            "fees.per_contract",
            {"fees": f"2.25 USDT per {word}", **CONTRACTS},
            lambda p: p.fees.per_contract,
            D("2.25"),
        )
        for word in ("contract", "lot", "share")
    ),
    Form(
        "fees.per_contract",
        {"fees": "{maker: 0.02%, taker: 0.05%, per_contract: 2.25 USDT, per_order: 1}", **CONTRACTS},
        lambda p: p.fees,
        Fees(D("0.0002"), D("0.0005"), written=True, per_contract=D("2.25"), per_order=D(1)),
    ),
    Form(
        "fees.per_order",
        {"fees": "1 USDT per order"},
        lambda p: p.fees,
        Fees(D(0), D(0), written=True, per_order=D(1)),
    ),
    Form(
        "venue.fees",
        venue("fees: {maker: 0.02%, taker: 0.05%}", fees="1 USDT per order"),
        lambda p: p.fees,
        Fees(D(0), D(0), written=True, per_order=D(1)),
    ),
    Form("venue.fees", venue("fees: 0.5 USDT per order"), lambda p: p.fees.per_order, D("0.5")),
    Form("slippage", {"slippage": "2 ticks", **TICKS}, lambda p: (p.slippage, p.slippage_price), (0, D("0.5"))),
    Form("slippage", {"slippage": "0.5 points"}, lambda p: p.slippage_price, D("0.5")),
    Form("slippage", {"slippage": "2 pips", **EURO}, lambda p: p.slippage_price, D("0.0002")),
    Form("spread", {"spread": "0.8 pips", **EURO}, lambda p: p.spread, D("0.00008")),
    Form("spread", {"spread": "1 tick", **TICKS}, lambda p: p.spread, D("0.25")),
    # Of tier 1's price of 100
    Form("spread", {"spread": "0.05%"}, lambda p: p.spread, D("0.05")),
    *(
        Form(
            f"swap.{key}",
            {"swap": "{long: -6.2 USD per lot, short: 1.1 USD per lot, nights: 3}", **EURO},
            lambda p: p.swap,
            Swap(D("6.2"), 3),
        )
        for key in ("long", "nights")
    ),
    Form(
        "swap.short",
        {"swap": "{short: +1.1 per lot, nights: 1}", **EURO, "side": "short", "stop": "+1%"},
        lambda p: p.swap,
        Swap(D("-1.1"), 1),
    ),
    # Margin as brokers ask for it
    *(
        Form(
            f"margin.{key}",
            {
                "margin": "{initial: 50 USDT per contract, maintenance: 40 USDT per contract}",
                "leverage": "",
                **CONTRACTS,
            },
            lambda p: (p.initial_per_contract, model(p).per_contract, p.leverage),
            (D(50), D(40), 1),
        )
        for key in ("initial", "maintenance")
    ),
    Form(
        "margin.initial",
        {"margin": "{initial: 50 USDT per contract}", "leverage": "", "symbol": "BTC/USDT", **CONTRACTS},
        lambda p: (p.contract, p.margin),
        (Contract.LINEAR, None),
    ),
    # 5% of 10,000 opens 10 contracts at 50 each
    Form(
        "margin.initial",
        {"margin": "{initial: 50 USDT per contract}", "leverage": "", **CONTRACTS, "size": "5% margin"},
        amount,
        (SizeKind.CONTRACTS, 10),
    ),
    # Half of the margin of 2x is a quarter of the mark value
    Form(
        "margin_closeout",
        {"margin_closeout": "50%"},
        brackets,
        (MaintenanceOn.MARK, BracketBy.NOTIONAL, [D("0.25")], [0]),
    ),
    Form("margin_closeout", {"margin_closeout": "50%"}, lambda p: model(p).name, "margin closeout 50%"),
    Form(
        "margin_closeout",
        {"margin": "{initial: 50 USDT per contract}", "leverage": "", "margin_closeout": "30%", **CONTRACTS},
        lambda p: model(p).per_contract,
        D(15),
    ),
    # An account in another currency: 1% of 10,000 GBP is 127 USD
    Form(
        "account.rate",
        {
            **EURO,
            "account": "{equity: 10000 GBP, rate: 1.27 USD per GBP, max_risk: 1%, max_margin: 500, reserved: 5 USD}",
        },
        lambda p: p.account,
        Account(D(12700), D(127), D(635), None, D(5), "GBP", D("1.27")),
    ),
    Form(
        "account.rate",
        {**EURO, "account": "{equity: 10000, rate: 0.8 GBP per USD}"},
        lambda p: p.account,
        Account(D(12500), currency="GBP", rate=D("1.25")),
    ),
    Form(
        "account.rate",
        {**EURO, "account": "{equity: 10000 USD, rate: 1.27 USD per GBP}"},
        lambda p: p.account,
        Account(D(10000)),
    ),
    Form("size", {**POUNDS, "size": "100 GBP risk"}, amount, (SizeKind.RISK, 127)),
    # Distances in ticks, points and pips
    Form("tiers.price", {"tiers": "[100, -24 ticks]", **TICKS}, lambda p: second(p).price, D(94)),
    Form("tiers.price", {"tiers": "[50% at 100, 50% at -24 TICKS limit]", **TICKS}, lambda p: second(p).price, D(94)),
    Form("tiers.price", {"tiers": "[100, +1 tick]", **TICKS}, lambda p: second(p).price, D("100.25")),
    Form("tiers.price", {"tiers": "[100, -8 points]"}, lambda p: second(p).price, D(92)),
    Form("tiers.price", {**EURO, "tiers": "[1.1, -15pips]"}, lambda p: second(p).price, D("1.0985")),
    Form(
        "tiers.price",
        {**EURO, "symbol": "USD/JPY", "account": "", "tiers": "[150, -15 pips]", "stop": "-1%"},
        lambda p: second(p).price,
        D("149.85"),
    ),
    Form("instrument.pip_size", {"instrument": "{pip_size: 0.1}", "stop": "-50 pips"}, lambda p: p.stop, D(95)),
    Form(
        "instrument.levels",
        {"instrument": "{tick_size: 0.25, levels: On Ticks}"},
        lambda p: (p.instrument.levels, p.instrument.level_tick),
        (LevelsLie.ON_TICKS, D("0.25")),
    ),
    Form(
        "instrument.levels",
        {"instrument": "{tick_size: 0.25, levels: exact}"},
        lambda p: (p.instrument.levels, p.instrument.level_tick),
        (LevelsLie.EXACT, None),
    ),
    Form(
        "instrument.pip_size",
        {**EURO, "instrument": "{pip_size: 0.001, contract_size: 1000}", "stop": "-50 pips"},
        lambda p: p.stop,
        D("1.05"),
    ),
    Form("stop", {"stop": "-24 ticks", "tiers": "[100]", **TICKS}, lambda p: p.stop, D(94)),
    Form("stop", {"stop": "tier 2 -10 ticks", **TICKS}, lambda p: p.stop, D("87.5")),
    Form("invalidation", {"invalidation": "-18 points"}, lambda p: p.invalidation, D(82)),
    Form("targets.price", {"targets": "[rest at +40 ticks]", **TICKS}, lambda p: first(p).price, Fixed(D(110))),
    Form("ladder.to", {"tiers": "{from: 100, to: -40 ticks, count: 3}", **TICKS}, lambda p: second(p).price, D(95)),
    Form(
        "exits.from",
        {"targets": "{from: +10 points, to: +30 points, count: 3}"},
        lambda p: p.targets[1].price,
        Fixed(D(120)),
    ),
    Form("tiers.after", tier("after: +80 ticks", **TICKS), lambda p: second(p).after, AfterPrice(D(120))),
    Form(
        "tiers.stop",
        tier("stop: entry +4 ticks", **TICKS),
        lambda p: second(p).stop,
        Anchor(Reference.ENTRY, amount=D(1), steps=Steps(D(4), PriceUnit.TICK)),
    ),
    Form("tiers.stop", tier("stop: tier 1 -10 ticks", **TICKS), lambda p: second(p).stop, Fixed(D("97.5"))),
    Form(
        "targets.stop",
        target("stop: breakeven +1 point"),
        lambda p: first(p).stop,
        Anchor(Reference.BREAKEVEN, amount=D(1), steps=Steps(D(1), PriceUnit.POINT)),
    ),
    Form("targets.trail", target("trail: 10 ticks", **TICKS), lambda p: first(p).trail, Trail(None, D("2.5"))),
    Form("targets.trail", target("trail: 8 points"), lambda p: first(p).trail, Trail(None, D(8))),
    # Contract rules
    *(
        Form(
            f"instrument.{key}",
            {"instrument": "{tick_size: 0.5, lot_size: 1, min_notional: 5, contract_size: 0.001, max_leverage: 50}"},
            lambda p: p.instrument,
            Instrument(D("0.5"), D(1), D(5), D("0.001"), D(50)),
        )
        for key in ("tick_size", "lot_size", "min_notional", "contract_size", "max_leverage")
    ),
    # What 1R is
    Form("risk_unit", {}, lambda p: p.risk_unit, RiskUnit.PLAN),
    Form("risk_unit", {"risk_unit": "plan"}, lambda p: p.risk_unit, RiskUnit.PLAN),
    Form("risk_unit", {"risk_unit": "first tier"}, lambda p: p.risk_unit, RiskUnit.FIRST_TIER),
    Form("risk_unit", {"risk_unit": "250 USDT"}, lambda p: (p.risk_unit, p.risk_unit_amount), (RiskUnit.AMOUNT, 250)),
    # Margin
    Form("maintenance", {"maintenance": "0.5%"}, brackets, (MaintenanceOn.MARK, BracketBy.NOTIONAL, [D("0.005")], [0])),
    Form("maintenance", {"maintenance": "0.5%"}, lambda p: model(p).name, "written"),
    Form("maintenance", {}, lambda p: p.margin, None),
    # The second bracket begins at 50,000: 50,000 * (1% - 0.4%) = 300; the third at 80,000: 300 + 80,000 * 1% = 1,100
    Form(
        "maintenance",
        {"maintenance": "[{up_to: 50000, rate: 0.4%}, {up_to: 80000, rate: 1%}, {rate: 2%}]"},
        brackets,
        (MaintenanceOn.MARK, BracketBy.NOTIONAL, [D("0.004"), D("0.01"), D("0.02")], [0, 300, 1100]),
    ),
    Form("venue", {"venue": "generic"}, lambda p: p.venue_name, "generic"),
    Form("venue.name", venue("name: mine, maintenance: 1%"), lambda p: model(p).name, "mine"),
    Form("venue.as_of", venue("as_of: 2026-08-01, maintenance: 1%"), lambda p: model(p).as_of, "2026-08-01"),
    Form("venue.source", venue("source: its page, maintenance: 1%"), lambda p: model(p).source, "its page"),
    *(
        Form(
            "venue.maintenance_on",
            venue(f"maintenance_on: {basis.value}, maintenance: 1%"),
            lambda p: model(p).maintenance_on,
            basis,
        )
        for basis in MaintenanceOn
    ),
    Form(
        "venue.closing_fee", venue("closing_fee: 0.06%, maintenance: 1%"), lambda p: model(p).closing_fee, D("0.0006")
    ),
    Form(
        "venue.bankruptcy_fee",
        venue("bankruptcy_fee: 0.06%, maintenance: 1%"),
        lambda p: model(p).bankruptcy_fee,
        D("0.0006"),
    ),
    Form("venue.reserve", venue("reserve: 2.5 USDT, maintenance: 1%"), lambda p: model(p).reserve, D("2.5")),
    Form(
        "venue.maintenance",
        venue("maintenance: 1%"),
        brackets,
        (MaintenanceOn.MARK, BracketBy.NOTIONAL, [D("0.01")], [0]),
    ),
    Form(
        "venue.deduction", venue("maintenance: 2.5%, deduction: 16300"), lambda p: model(p).brackets[0].deduction, 16300
    ),
    *(
        Form(
            "venue.bracket_by",
            venue(f"bracket_by: {by.value}, maintenance: [{{up_to: 10, rate: 1%}}, {{rate: 3%}}]")
            | {"instrument": "{contract_size: 0.1}"},
            brackets,
            # By contracts the whole position takes its bracket's rate and nothing is deducted.
            (MaintenanceOn.MARK, by, [D("0.01"), D("0.03")], [0, 0 if by is BracketBy.CONTRACTS else D("0.2")]),
        )
        for by in BracketBy
    ),
    Form("venue.fees", venue("fees: {maker: 0.01%, taker: 0.04%}"), lambda p: p.fees.taker, D("0.0004")),
    Form("venue.fees", venue("fees: {taker: 0.04%}", fees="{taker: 0.03%}"), lambda p: p.fees.taker, D("0.0003")),
    Form("venue.instrument", venue("instrument: {tick_size: 0.5}"), lambda p: p.instrument.tick_size, D("0.5")),
    *(
        Form(
            f"bracket.{key}",
            venue("maintenance: [{up_to: 10, rate: 1%, max_leverage: 125}, {rate: 3%}]"),
            lambda p: model(p).brackets[0],
            (D(10), D("0.01"), D(0), D(125)),
        )
        for key in ("up_to", "rate", "max_leverage")
    ),
]


@pytest.mark.parametrize("form", FORMS, ids=[f"{form.shows}-{number}" for number, form in enumerate(FORMS)])
def test_form_reads_to_its_value(form: Form) -> None:
    """Every form of the language, in a plan, is the value that the language says."""
    assert form.figure(readable(form.keys)) == form.value


def test_every_key_has_a_form() -> None:
    """No key of the language is without an example here."""
    prefixes = {
        "a plan": "",
        "an account": "account.",
        "a tier": "tiers.",
        "a ladder of tiers": "ladder.",
        "a target": "targets.",
        "a ladder of targets": "exits.",
        "a time stop": "time_stop.",
        "fees": "fees.",
        "a margin for each contract": "margin.",
        "a swap": "swap.",
        "funding": "funding.",
        "an instrument": "instrument.",
        "a venue": "venue.",
        "a bracket": "bracket.",
        "an ATR": "atr.",
    }
    keys = {prefixes[section.name] + key.name for section in SECTIONS for key in section.keys}
    shown = {form.shows for form in FORMS}
    # A key that holds others is shown by them.
    shown |= {name.partition(".")[0] for name in shown}
    # Those of templates are in `test_template.py`.
    assert keys - shown == {"atr", "atr.bars", "atr.of", "signals"}


def test_the_whole_plan_of_the_readme_is_read() -> None:
    """The long example of the language reads as it is meant, from name to checklist."""
    text = """
name: BTC range-high breakout
symbol: BTC/USDT:USDT          # BASE/QUOTE[:SETTLE]
side: long
style: pyramid                 # pyramid | confirmation | dca | range | single
account:
  equity: 25000 USDT
  max_risk: 4%
  max_margin: 25%
  max_leverage: 3
maintenance: 0.5%
margin_mode: isolated          # isolated | cross
leverage: 10
size: 50000 USDT               # the most the plan may ever hold
tiers:
  - {price: 60000, share: 50%, order: stop, trigger: 4h close above the range high}
  - {price: 60000, share: 30%, after: 61200, trigger: retest of the breakout holds}
  - {price: 62000, share: 20%, after: tier 2, order: stop, trigger: breaks the next resistance, stop: breakeven}
invalidation: 58800            # where the idea is wrong
stop: 58750                    # where the exit order sits
targets:
  - {price: 64000, close: 30%, stop: breakeven}
  - {price: 4R, close: 30%, stop: +1R}
  - {price: 68000, close: 30%, trail: 2%, exit: 4h close below the 50 EMA}   # what is left runs
time_stop: {after: 48h, unless: 0.5R, close: 50%}   # counted from the first fill
checklist:
  - No red-folder news in the next 12 hours
"""
    found = studied(text)
    assert found.count(Severity.ERROR) == 0
    plan = found.plan
    assert plan.account == Account(D(25000), D(1000), D(6250), D(3))
    assert [tier.share for tier in plan.tiers] == [Fraction(1, 2), Fraction(3, 10), Fraction(1, 5)]
    assert [tier.order for tier in plan.tiers] == [Order.STOP, Order.LIMIT, Order.STOP]
    assert [target.close.amount for target in plan.targets] == [Fraction(3, 10)] * 3
    assert plan.targets[2].exit == "4h close below the 50 EMA"
    assert plan.checklist == ("No red-folder news in the next 12 hours",)


def test_an_account_may_live_in_its_own_file(tmp_path: Path) -> None:
    """`account: ./account.yaml` is read from beside the plan, wherever the program runs."""
    (tmp_path / "account.yaml").write_text("equity: 25000 USDT\nmax_risk: 4%\n", encoding="utf-8")
    plan = studied(written({"account": "./account.yaml"}), str(tmp_path / "plan.yaml")).plan
    assert plan.account == Account(D(25000), D(1000))


def test_a_venue_file_holds_terms_by_symbol(tmp_path: Path) -> None:
    """`venue: ./venue.yaml` finds the plan's symbol in a file of many."""
    terms = "ETH/USDT:USDT: {maintenance: 2%}\nBTC/USDT:USDT:\n  maintenance: 1%\n  fees: {taker: 0.04%}\n"
    (tmp_path / "venue.yaml").write_text(terms, encoding="utf-8")
    plan = studied(written({"venue": "./venue.yaml"}), str(tmp_path / "plan.yaml")).plan
    assert plan.margin is not None
    assert [bracket.rate for bracket in plan.margin.brackets] == [D("0.01")]
    assert plan.fees.taker == D("0.0004")


class Wrong(NamedTuple):
    """A form that is none: how it is written, its place in marks, the family of its code, what the help must say."""

    keys: dict[str, str]
    family: str
    words: tuple[str, ...]
    severity: Severity = Severity.ERROR


FORM, YAML = "SP1", "SP0"

WRONG = [
    # Numbers
    Wrong({"stop": "«60,000»"}, FORM, ("60000", "60_000")),
    Wrong({"stop": "«1e5»"}, FORM, ("100000",)),
    Wrong({"stop": "«NaN»"}, FORM, ("`100`",)),
    Wrong({"stop": "«.inf»"}, FORM, ("`100`",)),
    Wrong({"stop": "«８０»"}, FORM, ("`80`",)),  # noqa: RUF001 - full-width digits
    Wrong({"stop": "«1:30»"}, FORM, ("`100`",)),
    Wrong({"stop": "«no»"}, FORM, ("`100`",)),
    Wrong({"leverage": "«1,000»"}, FORM, ("1000",)),
    # Shares
    Wrong({"tiers": "[{price: 100, share: «0.25»}, {price: 90, share: 75%}]"}, FORM, ("25%",)),
    Wrong({"tiers": "[{price: 100, share: «25»}, {price: 90, share: 75%}]"}, FORM, ("25%",)),
    Wrong({"tiers": "[«0.25» at 100, 75% at 90]"}, FORM, ("25%",)),
    Wrong(target("close: «0.5»"), FORM, ("50%", "rest")),
    Wrong({"slippage": "«0.05»"}, FORM, ("5%",)),
    Wrong({"account": "{equity: 10000, max_risk: «0.5.1%»}"}, FORM, ("25%",)),
    # Prices
    Wrong({"stop": "«0»"}, FORM, ("above zero",)),
    Wrong({"stop": "«-80»"}, FORM, ("-80 points",)),
    Wrong({"stop": "«-100%»"}, FORM, ("smaller",)),
    Wrong({"tiers": "[«-1.5%», 90]"}, FORM, ("60000",)),
    Wrong({"tiers": "[100, «2R»]"}, FORM, ("-1.5%",)),
    Wrong({"tiers": "[100, «1.5%»]"}, FORM, ("+1.5%", "-1.5%")),
    Wrong({"targets": "[rest at «tier1»]"}, FORM, ("2R", "entry +1.5%")),
    Wrong({"targets": "[{price: «target 1 +2», close: rest}]"}, FORM, ("2R", "entry +1.5%")),
    Wrong({"tiers": "[100, «entry»]"}, FORM, ("-1.5%",)),
    Wrong({"targets": "[{price: «entry 1.5%», close: rest}]"}, FORM, ("entry +1.5%", "entry -1.5%")),
    Wrong({"targets": "[{price: 120, trail: «2%»}, {exit: a new low}]"}, FORM, ("the `exit` of target 2 here",)),
    Wrong(target("stop: «tier 1 2 points»"), FORM, ("tier 1 +2 points",)),
    Wrong({"time_stop": "{after: 4h, unless: «entry +1%»}"}, FORM, ("2R",)),
    Wrong({"targets": "[«{exit: a new low}», 120]"}, FORM, ("add `price: 103`", "to the end")),
    Wrong({"targets": "[120, {exit: a new low, stop: «entry»}]"}, FORM, ("price",)),
    Wrong({"targets": "[120, {exit: a new low, trail: «2%»}]"}, FORM, ("price",)),
    Wrong({"targets": "[50% at 120, {exit: a new low, close: «30%»}]"}, FORM, ("`close: rest`",)),
    Wrong({"targets": "[50% at 120, {exit: a new low}]", **tier("stop: «target 2»")}, FORM, ("target 1",)),
    Wrong(target("close: «2 contracts»"), FORM, ("contract_size",)),
    Wrong(target("close: «0.1 BTC»"), FORM, ("2 contracts", "rest")),
    Wrong({"tiers": "{from: 100, to: 90, count: 3, spacing: «0x»}"}, FORM, ("1.5x",)),
    Wrong({"tiers": "{from: 100, to: 90, count: 3, spacing: «1.7»}"}, FORM, ("`1.7x`",)),
    Wrong({"tiers": "{from: 100, to: 90, count: 3, spacing: «x1.7»}"}, FORM, ("`1.7x`",)),
    Wrong({"tiers": "{from: 100, to: 90, count: 3, shares: «1.2 x»}"}, FORM, ("`1.2x`",)),
    Wrong({"tiers": "{from: 100, to: 90, count: 3, spacing: «wide»}"}, FORM, ("1.5x", "geometric")),
    Wrong({"tiers": "{from: 100, to: 90, count: 3, shares: «101x»}"}, FORM, ("1.5x",)),
    Wrong({"tiers": "{from: 100, to: 90, count: 3, shares: «110%»}"}, FORM, ("1.1x", "martingale")),
    Wrong({"targets": "{from: entry +1%, to: «3R», count: 3}"}, FORM, ("entry +4%",)),
    Wrong({"targets": "{from: entry +1%, to: «entry +3», count: 3}"}, FORM, ("entry +4%",)),
    # Nothing written
    *(
        Wrong({key: f"«{word}»"}, FORM, (word, "write a value"))
        for key in ("notes", "stop", "style")
        for word in ("null", "~", "NULL")
    ),
    Wrong(tier("trigger: «null»"), FORM, ("null",)),
    Wrong({"tiers": "[100, «~»]"}, FORM, ("~",)),
    Wrong({"targets": "[110, «null»]"}, FORM, ("null",)),
    Wrong({"checklist": "[a, «null», b]"}, FORM, ("null",)),
    Wrong({"invalidation": "«-1R»"}, FORM, ("-1.5%",)),
    Wrong({"stop": "«1R»"}, FORM, ("price", "none")),
    Wrong({"stop": "«entry»"}, FORM, ("price", "none")),
    Wrong(tier("stop: «tier 3»"), FORM, ("tier 1", "tier 2")),
    Wrong(target("stop: «target 2»"), FORM, ("target 1",)),
    Wrong(tier("after: «tier 5»"), FORM, ("tier 1",)),
    Wrong({"stop": "none", "targets": "[rest at «2R»]"}, FORM, ("stop",)),
    # Distances in steps
    Wrong({"tiers": "[100, «24 ticks»]", **TICKS}, FORM, ("+24 ticks", "-24 ticks")),
    Wrong({"tiers": "[100, «-24 ticks»]"}, FORM, ("tick_size: 1",)),
    Wrong({"stop": "«-15 pips»"}, FORM, ("pip_size: 1",)),
    Wrong({"stop": "«-400 ticks»", **TICKS}, FORM, ("smaller",)),
    Wrong({"tiers": "[«-24 ticks», 90]", **TICKS}, FORM, ("60000",)),
    Wrong({"tiers": "[«50% -24 ticks», 90]", **TICKS}, FORM, ("50% at -24 ticks",)),
    Wrong(target("trail: «0 ticks»", **TICKS), FORM, ("above zero",)),
    Wrong({"slippage": "«2 tick size»", **TICKS}, FORM, ("0.05%", "1 tick")),
    Wrong({"slippage": "«200 points»"}, FORM, ("fewer",)),
    Wrong({"spread": "«0.8»"}, FORM, ("0.8%", "0.8 ticks", "0.8 points", "0.8 pips")),
    # Costs and margin as brokers ask for them
    Wrong({"fees": "«2.25 USDT»"}, FORM, ("2.25 USDT per contract",)),
    Wrong({"fees": "«free»"}, FORM, ("maker: 0.02%", "1 USD per order")),
    Wrong({"fees": "«2.25 EUR per contract»", **CONTRACTS}, FORM, ("USDT",)),
    Wrong({"fees": "«2.25 USDT per contract»"}, FORM, ("contract_size",)),
    Wrong({"fees": "«2.25 USDT per side»", **CONTRACTS}, FORM, ("per contract",)),
    Wrong({"margin": "«{initial: 50 USDT per contract}»", **CONTRACTS}, FORM, ("one of the two",)),
    Wrong({"margin": "{initial: «50 USDT»}", "leverage": "", **CONTRACTS}, FORM, ("50 USDT per contract",)),
    Wrong({"margin": "{initial: «50 USDT per order»}", "leverage": "", **CONTRACTS}, FORM, ("50 USDT per contract",)),
    Wrong({"margin": "{initial: «0 USDT per contract»}", "leverage": "", **CONTRACTS}, FORM, ("above zero",)),
    Wrong({"margin_closeout": "«150%»"}, FORM, ("50%",)),
    Wrong({"margin_closeout": "«50%»", "maintenance": "0.5%"}, FORM, ("one of the two",)),
    Wrong({"margin_closeout": "«50%»", "venue": "{maintenance: 0.5%}"}, FORM, ("one of the two",)),
    Wrong({**EURO, "swap": "«{short: 1.1 USD per lot, nights: 1}»"}, FORM, ("long",)),
    Wrong({**EURO, "swap": "{long: 1.1 USD per lot, nights: «0»}"}, FORM, ("from 1",)),
    Wrong({**EURO, "swap": "{long: «1.1 USD per order», nights: 1}"}, FORM, ("per lot",)),
    Wrong(
        {**EURO, "swap": "«{long: 1.1 USD per lot, nights: 1}»", "funding": "{rate: 0.01%, every: 8h, hold: 3d}"},
        FORM,
        ("one of the two",),
    ),
    # Money
    Wrong({**EURO, "account": "{equity: «10000 GBP»}"}, FORM, ("USD", "rate: ... USD per GBP")),
    Wrong({**EURO, "account": "{equity: 10000 GBP, rate: «1.27»}"}, FORM, ("1.27 USD per GBP", "1.27 GBP per USD")),
    Wrong({**EURO, "account": "{equity: 10000 GBP, rate: «1.17 EUR per GBP»}"}, FORM, ("USD per GBP",)),
    Wrong({**POUNDS, "size": "«100 JPY risk»"}, FORM, ("USD",)),
    Wrong({"account": "{equity: «25000 EUR»}"}, FORM, ("USDT",)),
    Wrong({**COIN, "account": "{equity: «25000»}"}, FORM, ("25000 BTC",)),
    Wrong({**COIN, "account": "{equity: «25000 USD»}"}, FORM, ("BTC",)),
    Wrong({"account": "{equity: «a lot»}"}, FORM, ("25000",)),
    Wrong({"account": "|\n  equity: «25,000»"}, FORM, ("25000",)),
    # Durations
    Wrong({"time_stop": "{after: «48»}"}, FORM, ("48h",)),
    Wrong({"time_stop": "{after: «2 moons»}"}, FORM, ("48h", "3d")),
    Wrong({"funding": "{rate: 0.01%, every: «8», hold: 3d}"}, FORM, ("8h",)),
    Wrong({"expires": "«7»"}, FORM, ("3d",)),
    Wrong({"expires": "«2026-02-30»"}, FORM, ("2026-12-24",)),
    # Sizes
    Wrong({"size": "«900»"}, FORM, ("900 USDT", "900 BTC", "900 contracts", "150% equity", "5% margin", "1% risk")),
    Wrong({"size": "«5%»"}, FORM, ("5% equity", "5% margin", "5% risk")),
    Wrong({"size": "«900 ETH»"}, FORM, ("900 USDT", "900 BTC")),
    Wrong({"size": "«12 contracts»"}, FORM, ("contract_size",)),
    Wrong({"size": "«1% risk»", "account": ""}, FORM, ("equity",)),
    Wrong({"size": "«5% margin»", "account": ""}, FORM, ("equity",)),
    Wrong({"account": "{max_risk: «4%»}"}, FORM, ("equity",)),
    # Words
    Wrong({"side": "«lomg»"}, FORM, ("long",)),
    Wrong({"margin_mode": "«crossed»"}, FORM, ("cross",)),
    Wrong({"style": "«averaging»"}, FORM, ("dca",)),
    Wrong({"symbol": "«BTCUSDT»"}, FORM, ("BTC/USDT",)),
    Wrong({"risk_unit": "«first»"}, FORM, ("first tier",)),
    Wrong({"entries_end": "«last target»"}, FORM, ("first target",)),
    # Contracts
    Wrong({"symbol": "«BTC/USDT:ETH»"}, FORM, ("BTC/USDT:USDT",)),
    Wrong({"symbol": "«BTC/USDT:USDT»", "leverage": ""}, FORM, ("leverage: 3",)),
    Wrong({**SPOT, "side": "«short»", "tiers": "[100]", "stop": "110"}, FORM, ("leverage: 1",)),
    Wrong({**SPOT, "contract": "spot", "leverage": "«5»"}, FORM, ("BTC/USDT:USDT",)),
    Wrong({"contract": "«inverse»"}, FORM, (":USDT",)),
    # Shapes
    Wrong({"tiers": "[{price: 100, share: 50%}, «{price: 90}»]"}, FORM, ("share",)),
    Wrong({"tiers": "[{price: 100, share: 50%}, «{price: 90, size: 1 BTC}»]"}, FORM, ("all tiers",)),
    Wrong({"tiers": "[{price: 100, share: 50%, size: «1 BTC»}, {price: 90, share: 50%}]"}, FORM, ("one",)),
    Wrong({"tiers": "{from: 100, to: 90, count: «1»}"}, FORM, ("count",)),
    Wrong({"tiers": "{from: 100, to: 90, count: 3, shares: «half»}"}, FORM, ("equal", "pyramid", "martingale")),
    Wrong({"targets": "[{price: 120, close: 50%, trail: «2%»}, 130]"}, FORM, ("target 2",)),
    Wrong(venue("maintenance: [{up_to: 10, rate: 2%}, {rate: «1%»}]"), FORM, ("2%",)),
    Wrong(venue("maintenance: [{up_to: 10, rate: 1%}, {up_to: «5», rate: 2%}]"), FORM, ("above 10",)),
    Wrong({"venue": "«binanse»"}, FORM, ("binance",)),
    Wrong({"account": "«./nowhere/account.yaml»"}, FORM, ("./account.yaml",)),
    # Keys
    Wrong({"«symbool»": "x"}, FORM, ("symbol",)),
    Wrong({"«targtes»": "[120]"}, FORM, ("targets",)),
    Wrong(tier("«triger»: holds"), FORM, ("trigger",)),
    Wrong({"account": "{equity: 10000, «max_rsk»: 1%}"}, FORM, ("max_risk",)),
    Wrong({"«name»": "|"}, FORM, ("value",)),
    # What YAML takes away in silence
    Wrong({"tiers": "[{price: 60,«000»}, 58000]"}, YAML, ("60000", "60_000")),
    Wrong({"tiers": "[60,«000», 58000]", "stop": "50"}, YAML, ("60000",)),
    Wrong(tier("trigger: RSI > 50, «MACD cross»"), YAML, ("quotes", '"RSI > 50, MACD cross"')),
    Wrong(
        {
            "account": "{max_risk: 1000}",
            "maintenance": "0.5%",
            "fees": "{maker: 0%, taker: 0%}",
            "tiers": "|\n  - price: 100\n    trigger: «break of level #2»",
        },
        YAML,
        ("quotes", "level #2"),
        Severity.WARNING,
    ),
    Wrong({"checklist": "|\n  - «FOMC: flat»"}, FORM, ("quotes", "FOMC: flat")),
    Wrong({"tiers": "|\n  - price: «@60000»\n  - price: 58000"}, YAML, ("60000",)),
    Wrong({"stop": "«@80»"}, YAML, ("80",)),
    Wrong({"stop": "«&level» 80"}, YAML, ("delete",)),
    Wrong({"stop": "«*level»"}, YAML, ("value",)),
    Wrong({"stop": "«!!int» 80"}, YAML, ("delete",)),
    Wrong({"account": "{«<<»: {equity: 5}}"}, YAML, ("keys",)),
    Wrong({"name": "one\n«name»: two"}, YAML, ("one",)),
    Wrong({"name": "one\n«---»\nname: two"}, YAML, ("file of its own",)),
]


def unmarked(text: str) -> tuple[str, int, int]:
    """The text without its marks, and where what they marked begins and ends."""
    start = text.index("«")
    end = text.index("»") - 1
    return text.replace("«", "").replace("»", ""), start, end


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """A place as an editor counts it, from 1."""
    before = text[:offset]
    return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


def read_wrong(wrong: Wrong) -> tuple[Studied, tuple[int, int], tuple[int, int]]:
    """The study of a plan with a wrong form, and the line and column at which that begins and ends."""
    text, start, end = unmarked(written(wrong.keys))
    return study_of(text), line_and_column(text, start), line_and_column(text, end)


@pytest.mark.parametrize("wrong", WRONG, ids=[f"{number}-{wrong.words[0]}" for number, wrong in enumerate(WRONG)])
def test_wrong_form_is_told_where_it_stands(wrong: Wrong) -> None:
    """A form that is none is told once, at its own line and column, with a help that says what to write."""
    study, begin, end = read_wrong(wrong)
    told = [found for found in study.diagnostics if found.severity is wrong.severity]
    assert [found.code[:3] for found in told] == [wrong.family]
    (found,) = told
    source = found.span.source
    assert tuple(source.position(found.span.start)) == begin
    assert tuple(source.position(found.span.end)) == end
    assert [word for word in wrong.words if word not in found.help] == []
    assert (study.plan is None) == (wrong.severity is Severity.ERROR)


@pytest.mark.parametrize("key", ["symbol", "side", "size", "tiers", "stop", "leverage"])
def test_missing_key_is_asked_for(key: str) -> None:
    """What a plan cannot do without is asked for, with an example of what to add."""
    found = study_of(written({key: ""}))
    wrong = [one for one in found.diagnostics if one.severity is Severity.ERROR]
    assert any(one.code == "SP102" and f"`{key}: " in one.help for one in wrong)
    assert found.plan is None


def test_missing_leverage_is_asked_for_in_words() -> None:
    """A contract without leverage is asked the question that a trader would be asked."""
    found = study_of(written({"leverage": ""})).diagnostics
    assert any("what leverage is set on the venue?" in one.message for one in found)


@pytest.mark.parametrize("blank", ["\u00a0", "\u202f", "\u2009", "\u3000"])
def test_a_blank_that_does_not_break_is_a_blank(blank: str) -> None:
    """As pasted from a page: inside a value it is what it looks like."""
    text = f"symbol: BTC/USDT\nside: long\nsize: 900{blank}USDT\ntiers: [100]\nstop: 90\n"
    assert studied(text).plan.size.amount == 900


#: What a trader types, and what is said to write instead: his own number, or the key that means his word.
WORDS = {
    "stop: 2 ATR": "-3%",
    "stop: 3%": "`-3%`",
    "tiers: [60000 @ 50%, 59000 @ 50%]": "`50% at 60000`",
    "tiers: [60000 50%, 59000 50%]": "`50% at 60000`",
    "tiers: [2 at 60000, 2 at 59000]": "`2 contracts at 60000`",
    "size: $5000": "`5000 USDT`",
    "size: 5,000 \u20ac": "`5000 USDT`",
    "size: 5k": "`5000 USDT`",
    "size: 0.5btc": "`0.5 BTC`",
    "account: 10000": "`{equity: 10000}`",
    "venue: bitget": "binance, bybit",
    "tp: 62000": "`targets",
    "sl: 58000": "`stop",
    "entry: 60000": "`tiers:`",
    "risk: 1%": "risk",
    "trailing_stop: 2%": "`trail: 2%`",
    "balance: 10000": "equity",
    "exchange: binance": "`venue",
    "tick_size: 0.1": "`instrument",
    "max_risk: 2%": "`account",
    "fees: {per_share: 0.01}": "`per_contract",
    "instrument: {tick_value: 12.5}": "contract_size",
    "instrument: {step_size: 0.1}": "`lot_size",
    "initial_margin: 300": "`margin",
    "leverge: 2": "`leverage`",
    "targets:\n  - 30% at 2100, stop: breakeven": "`{price: 2100, close: 30%, stop: breakeven}`",
}


@pytest.mark.parametrize("typed", WORDS)
def test_words_of_the_trade_lead_to_what_means_them(typed: str) -> None:
    """No help makes another number, another venue or another meaning of what was typed."""
    plan = "symbol: BTC/USDT:USDT\nside: long\nleverage: 2\nmaintenance: 0.5%\n"
    plan += "size: 900 USDT\ntiers: [60000]\nstop: 58000\n"
    key = typed.partition(":")[0]
    text = "".join(f"{line}\n" for line in plan.splitlines() if not line.startswith(f"{key}:")) + f"{typed}\n"
    helps = [diagnostic.help for diagnostic in study_of(text).diagnostics]
    assert any(WORDS[typed] in help for help in helps), helps
