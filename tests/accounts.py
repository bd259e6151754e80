"""An account that a seed rules: twenty trades of five plans on three venues, their exports, and what each comes to.

The sums are reckoned here from the executions alone, and know nothing of plans: of a trade that is flat the net is what
was sold for less what was bought for, less the fees.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.running import ROOT

D = Decimal
#: What is traded, beside the short of the contract: venue, the venue's symbol, the plan's, side, first tier, step, lot.
_MARKETS = (
    ("binance", "BTCUSDT", "BTC/USDT:USDT", "short", "29800", "300", "0.1"),
    ("binance", "ETHUSDT", "ETH/USDT:USDT", "long", "3000", "60", "0.5"),
    ("bybit", "SOLUSDT", "SOL/USDT:USDT", "long", "150", "4", "10"),
    ("bybit", "XRPUSDT", "XRP/USDT:USDT", "short", "2.5", "0.05", "400"),
    ("hyperliquid", "DOGE", "DOGE/USDC:USDC", "long", "0.2", "0.005", "5000"),
)
_PLAN = """symbol: {symbol}
side: {side}
account: {{equity: 100000 {quote}}}
leverage: 5
maintenance: 0.5%
fees: {{maker: 0.02%, taker: 0.05%}}
slippage: 0.05%
size: {size} {base}
tiers:
{tiers}
stop: {stop}
targets:
  - {{price: {first}, close: 50%, stop: breakeven}}
  - {{price: {second}, close: rest}}
"""


class Execution(NamedTuple):
    """One fill as the venue has it. `order` is its order's number."""

    venue: str
    symbol: str
    at: datetime
    side: str
    price: Decimal
    quantity: Decimal
    fee: Decimal
    order: int
    number: int


class AccountTrade(NamedTuple):
    """What an account did from flat to flat, in the settle currency."""

    symbol: str
    fills: tuple[Execution, ...]

    @property
    def net(self) -> Decimal:
        """Returns what was sold for less what was bought for, less the fees."""
        worth = sum((fill.price * fill.quantity * (1 if fill.side == "sell" else -1) for fill in self.fills), D(0))
        return worth - sum((fill.fee for fill in self.fills), D(0))


class Account(NamedTuple):
    """An account: its trades in the order in which they began, and the files of its exports."""

    trades: tuple[AccountTrade, ...]
    files: tuple[Path, ...]
    plans: Path


class _Venue:
    """Makes executions: each order is split as it comes."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._order = self._number = 1000

    def order(
        self, market: tuple[str, ...], at: datetime, side: str, price: Decimal, quantity: Decimal, rate: str
    ) -> Iterator[Execution]:
        self._order += 1
        parts = [quantity]
        for _ in range(self._random.randint(0, 2)):
            part = (parts[-1] * self._random.randint(2, 8) / 10).quantize(D("0.001"))
            if 0 < part < parts[-1]:
                parts[-1:] = [part, parts[-1] - part]
        for number, part in enumerate(parts):
            self._number += 1
            fee = (price * part * D(rate)).quantize(D("0.00000001"))
            when = at + timedelta(seconds=number)
            yield Execution(market[0], market[1], when, side, price, part, fee, self._order, self._number)


def account(folder: Path, seed: int = 17) -> Account:
    """Makes an account of twenty trades, four of each plan one after another. Its first short is the contract's own."""
    random = Random(seed)  # noqa: S311
    venue = _Venue(random)
    plans = folder / "plans"
    plans.mkdir(parents=True)
    (plans / "range-short.yaml").write_bytes((ROOT / "plans" / "range-short.yaml").read_bytes())
    trades = []
    for market in _MARKETS:
        if market[1] != "BTCUSDT":
            (plans / f"{market[1].lower()}.yaml").write_text(_plan(market), encoding="utf-8")
        at = datetime(2026, 8, 21, 12, 5, tzinfo=UTC)
        for number in range(4):
            if market[1] == "BTCUSDT" and number == 0:
                fills = tuple(_of_contract(market, venue))
            else:
                fills = tuple(_traded(market, at, random, venue))
            trades.append(AccountTrade(market[2], fills))
            at = fills[-1].at + timedelta(hours=random.randint(5, 40))
    trades.sort(key=lambda trade: trade.fills[0].at)
    every = [fill for trade in trades for fill in trade.fills]
    files = (
        _binance(folder, [fill for fill in every if fill.venue == "binance"]),
        _bybit(folder, [fill for fill in every if fill.venue == "bybit"]),
        _hyperliquid(folder, [fill for fill in every if fill.venue == "hyperliquid"]),
    )
    return Account(tuple(trades), files, plans)


def _sign(market: tuple[str, ...]) -> int:
    return 1 if market[3] == "long" else -1


def _levels(market: tuple[str, ...]) -> tuple[list[Decimal], Decimal, Decimal, Decimal]:
    """Returns the tiers, the stop and two targets of a market's plan; tiers are limits that lie behind each other."""
    price, step, sign = D(market[4]), D(market[5]), _sign(market)
    if market[1] == "BTCUSDT":
        return [D(29800), D(29500), D(29200)], D(30050), D(28600), D(28100)
    return (
        [price - sign * step * n for n in range(3)],
        price - sign * step * 4,
        price + sign * step * 3,
        price + sign * step * 5,
    )


def _plan(market: tuple[str, ...]) -> str:
    tiers, stop, first, second = _levels(market)
    pair = market[2].partition(":")[0]
    base, _, quote = pair.partition("/")
    return _PLAN.format(
        symbol=market[2],
        side=market[3],
        quote=quote,
        base=base,
        size=D(market[6]) * 3,
        tiers="\n".join(f"  - {{price: {tier}, share: 1/3}}" for tier in tiers),
        stop=stop,
        first=first,
        second=second,
    )


def _of_contract(market: tuple[str, ...], venue: _Venue) -> Iterator[Execution]:
    """Yields the worked example: sold at 29,802.50, 29,471 and 29,466.50, half bought at 28,600, the rest at 28,240."""
    day = datetime(2026, 8, 21, tzinfo=UTC)
    steps = (
        (12, 5, "sell", "29802.5", "0.1", "0.0002"),
        (13, 0, "sell", "29471", "0.06", "0.0005"),
        (13, 1, "sell", "29466.5", "0.04", "0.0005"),
        (16, 40, "buy", "28600", "0.1", "0.0002"),
        (17, 40, "buy", "28240", "0.1", "0.0005"),
    )
    for hour, minute, side, price, quantity, rate in steps:
        yield from venue.order(market, day + timedelta(hours=hour, minutes=minute), side, D(price), D(quantity), rate)


def _traded(market: tuple[str, ...], at: datetime, random: Random, venue: _Venue) -> Iterator[Execution]:
    """Yields a trade: some tiers, then stopped, or at one target or two, or at one and then by hand."""
    tiers, stop, first, second = _levels(market)
    enters, leaves = ("buy", "sell") if market[3] == "long" else ("sell", "buy")
    lot, held = D(market[6]), D(0)
    for tier in tiers[: random.randint(1, 3)]:
        at += timedelta(minutes=random.randint(10, 300))
        yield from venue.order(market, at, enters, tier, lot, "0.0002")
        held += lot
    end = random.choice(("stopped", "one", "both", "by hand"))
    at += timedelta(minutes=random.randint(10, 300))
    if end == "stopped":
        yield from venue.order(market, at, leaves, stop, held, "0.0005")
        return
    half = held / 2
    yield from venue.order(market, at, leaves, first, half, "0.0002")
    at += timedelta(minutes=random.randint(10, 300))
    price = {"both": second, "one": tiers[0], "by hand": (first + tiers[0]) / 2}[end]
    yield from venue.order(market, at, leaves, price, held - half, "0.0002" if end == "both" else "0.0005")


def _binance(folder: Path, fills: list[Execution]) -> Path:
    """Writes a trade history, the last row first, by a clock two hours ahead."""
    head = "Uid,Time,Symbol,Side,Price,Quantity,Amount,Fee,Realized Profit,Buyer,Maker,Trade ID,Order ID"
    rows = []
    for fill in sorted(fills, key=lambda fill: fill.number, reverse=True):
        at = f"{fill.at + timedelta(hours=2):%Y-%m-%d %H:%M:%S}"
        figures = f"{fill.price},{fill.quantity},{fill.price * fill.quantity:f},{fill.fee:f} USDT"
        rows.append(f"7,{at},{fill.symbol},{fill.side.upper()},{figures},0,true,false,{fill.number},{fill.order}")
    path = folder / "Trade-History(UTC+2).csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def _bybit(folder: Path, fills: list[Execution]) -> Path:
    rows = [
        {
            "symbol": fill.symbol,
            "execFee": f"{fill.fee:f}",
            "execId": f"x{fill.number}",
            "execPrice": str(fill.price),
            "execQty": str(fill.quantity),
            "execType": "Trade",
            "execValue": f"{fill.price * fill.quantity:f}",
            "orderId": f"o{fill.order}",
            "side": fill.side.capitalize(),
            "execTime": str(int(fill.at.timestamp()) * 1000),
            "feeCurrency": "USDT",
        }
        for fill in fills
    ]
    path = folder / "executions.json"
    path.write_text(json.dumps({"retCode": 0, "result": {"category": "linear", "list": rows}}), encoding="utf-8")
    return path


def _hyperliquid(folder: Path, fills: list[Execution]) -> Path:
    rows = [
        {
            "coin": fill.symbol,
            "px": str(fill.price),
            "sz": str(fill.quantity),
            "side": "B" if fill.side == "buy" else "A",
            "time": int(fill.at.timestamp()) * 1000,
            "fee": f"{fill.fee:f}",
            "oid": fill.order,
            "tid": fill.number,
            "crossed": False,
            "feeToken": "USDC",
        }
        for fill in fills
    ]
    path = folder / "userFills.json"
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path
