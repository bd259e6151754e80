"""Templates drawn at random, of every kind that the language knows, and bars to trade them on: for the kernel's law."""

import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scaleplan.bars.records import Bars, bars_of

_MINUTE = 60_000_000_000
_SYMBOLS = {"spot": "X/USDT", "linear": "X/USDT:USDT", "inverse": "X/USD:X"}


def drawn_bars(dice: random.Random, count: int) -> Bars:
    """Returns bars of a walk around 1,000 in whole steps, some opening with a jump, and levels are often met."""
    rows, times = [], []
    price, time = 1_000, 0
    size = dice.choice([1, 2, 5, 15])
    for _ in range(count):
        path = [price + (dice.randint(-3, 3) * size if dice.random() < 0.2 else 0)]
        for _ in range(4):
            path.append(max(path[-1] + dice.randint(-2, 2) * size, 100))
        rows.append([str(each) for each in (path[0], max(path), min(path), path[-1])])
        price = path[-1]
        times.append(time)
        time += _MINUTE * (1 if dice.random() < 0.97 else dice.randint(2, 9))
    return bars_of(rows, times, _MINUTE)


def _distance(dice: random.Random, way: int, most: float, least: float = 0.2) -> str:
    """Returns a distance from tier 1 in one of the units; `way` is its sign."""
    sign = "+" if way > 0 else "-"
    part = dice.uniform(least, most)
    form = dice.randrange(4)
    if form == 0:
        return f"{sign}{part:.1f}%"
    if form == 1:
        return f"{sign}{max(round(part * 10), 1)} points"
    if form == 2:
        return f"{sign}{part:.2f}%"
    return f"{sign}{max(part / 2, 0.1):.1f} atr"


def _stop_word(dice: random.Random, sign: int, tiers: int, targets: int) -> str:
    """Returns a stop that a tier or a target gives."""
    back = "-" if sign > 0 else "+"
    words = ["breakeven", "entry", "-0.5R", "+0.5R", f"entry {back}0.3%", f"breakeven {back}2 points", f"{back}1%"]
    words.append(f"tier {dice.randint(1, tiers)} {back}0.5 atr")
    if targets:
        words += [f"target {dice.randint(1, targets)}", f"target 1 {back}0.5%"]
    return dice.choice(words)


def _tiers(dice: random.Random, sign: int, targets: int) -> tuple[str, int]:
    count = dice.choice([1, 1, 2, 2, 3, 3, 4, 5])
    first = dice.choice(
        ["signal", "signal", f"signal {'-' if sign > 0 else '+'}0.3%", f"signal {'+' if sign > 0 else '-'}0.4 atr"]
    )
    if dice.random() < 0.3 and count > 1:
        extra = f", spacing: {dice.choice(['even', '1.5x'])}" if dice.random() < 0.5 else ""
        shares = dice.choice(["equal", "pyramid", "martingale", "1.2x"])
        return f"{{from: {first}, to: {_distance(dice, -sign, 3, 1)}, count: {count}, shares: {shares}{extra}}}", count
    down = dice.random() < 0.6
    cuts: Sequence[float] = [dice.choice([1, 2, 3]) for _ in range(count)]
    parts = [f"{{price: {first}, share: {int(cuts[0])}/{int(sum(cuts))}"]
    step = 0.0
    for index in range(1, count):
        step += dice.uniform(0.2, 1.2)
        way = -sign if down else sign
        if dice.random() < 0.15:
            way = -way
        price = _distance(dice, way, step, step * 0.8)
        part = f"{{price: {price}, share: {int(cuts[index])}/{int(sum(cuts))}"
        if dice.random() < 0.3:
            part += f", order: {dice.choice(['limit', 'stop', 'market'])}"
        if dice.random() < 0.2:
            waits = [f"tier {dice.randint(1, index)}", _distance(dice, dice.choice([1, -1]), 1.5)]
            part += f", after: {dice.choice(waits)}"
        parts.append(part)
    for index in range(count):
        if dice.random() < 0.2:
            parts[index] += f", stop: {_stop_word(dice, sign, count, targets)}"
    return "[" + ", ".join(f"{part}}}" for part in parts) + "]", count


def _targets(dice: random.Random, sign: int, tiers: int, count: int) -> str:
    ahead = "+" if sign > 0 else "-"
    parts, away = [], 0.0
    for index in range(count):
        away += dice.uniform(0.3, 1.5)
        offset = dice.choice([f"{ahead}{away:.1f}%", f"{ahead}{away * 2:.0f} points", f"{ahead}{away:.1f} atr"])
        price = dice.choice([f"{away:.1f}R", f"entry {offset}", f"breakeven {offset}", offset])
        last = index == count - 1
        close = "rest" if last and dice.random() < 0.6 else dice.choice(["30%", "1/3", "25% of rest", "0%", "40%"])
        part = f"{{price: {price}, close: {close}"
        if dice.random() < 0.4:
            part += f", stop: {_stop_word(dice, sign, tiers, index + 1)}"
        if dice.random() < 0.15:
            part += f", order: {dice.choice(['market', 'stop'])}"
        if last and close != "rest" and dice.random() < 0.6:
            part += f", trail: {dice.choice(['0.8%', '2%', '5 points', '0.7 atr'])}"
        parts.append(f"{part}}}")
    return "[" + ", ".join(parts) + "]"


class _Draw(NamedTuple):
    """What else of a template depends on: the contract, the side that prices are written for, its dice."""

    dice: random.Random
    contract: str
    sign: int

    @property
    def inverse(self) -> bool:
        """Whether it is settled in coin."""
        return self.contract == "inverse"

    def maybe(self, chance: float, *choices: str) -> list[str]:
        """Returns one of some lines with a chance, or none."""
        return [self.dice.choice(choices)] if self.dice.random() < chance else []


def _money(draw: _Draw) -> Iterator[str]:
    """Yields account, leverage, margin, and the size."""
    coin = draw.inverse
    sizes = ["5000 USD" if coin else "5000 USDT", "4 X"]
    if draw.dice.random() < 0.8:
        yield f"account: {{equity: {'40 X' if coin else '30000 USDT'}}}"
        sizes += ["1% risk", "20% equity", "0.3 X risk" if coin else "150 USDT risk"]
    if draw.contract != "spot":
        yield f"leverage: {draw.dice.choice([2, 5, 20, 50])}"
        sizes.append("1 X margin" if coin else "400 USDT margin")
        yield from draw.maybe(
            0.75,
            "maintenance: 0.5%",
            "maintenance: [{up_to: 2000, rate: 0.5%}, {up_to: 20000, rate: 1%}, {rate: 2.5%}]",
            "venue: {name: v, maintenance_on: entry, maintenance: 1%, closing_fee: 0.05%, reserve: "
            + ("0.001 X}" if coin else "1}"),
        )
        yield from draw.maybe(0.3, "margin_mode: cross")
        yield from draw.maybe(0.1, f"extra_margin: {'0.01 X' if coin else '20 USDT'}")
    yield f"size: {draw.dice.choice(sizes)}"


def _exits(draw: _Draw, tiers: int, targets: int) -> Iterator[str]:
    """Yields stop, invalidation, targets, what the clock does, and what costs are."""
    dice, sign = draw.dice, draw.sign
    wrong = _distance(dice, -sign, 4, 1.5)
    stop = dice.choice([f"stop: {wrong}"] * 6 + [f"invalidation: {wrong}", "stop: none"])
    yield stop
    if stop.startswith("stop: ") and "none" not in stop:
        yield from draw.maybe(0.1, f"invalidation: {_distance(dice, -sign, 3, 1)}")
    if targets:
        yield f"targets: {_targets(dice, sign, tiers, targets)}"
    if dice.random() < 0.7:
        yield f"fees: {{maker: {dice.choice(['0.02%', '-0.01%'])}, taker: 0.05%}}"
        yield f"slippage: {dice.choice(['0.02%', '0.1%', '0%'])}"
    yield from draw.maybe(0.15, "spread: 1 points")
    unless = f", unless: {dice.choice(['0.5R', '1R', '-0.3R', '+1%'])}" if dice.random() < 0.7 else ""
    close = dice.choice(["rest", "50%", "100%"])
    yield from draw.maybe(0.3, f"time_stop: {{after: {dice.randint(5, 120)}m{unless}, close: {close}}}")
    yield from draw.maybe(0.4, f"expires: {dice.randint(3, 200)}m")
    yield from draw.maybe(0.2, "entries_end: never")
    yield from draw.maybe(0.2, "risk_unit: first tier", f"risk_unit: {'1 X' if draw.inverse else '100 USDT'}")
    rules = draw.maybe(0.4, "tick_size: 0.5", "tick_size: 1", "tick_size: 0.05")
    rules += [] if draw.inverse else draw.maybe(0.2, "lot_size: 0.01")
    rules += draw.maybe(0.15, "min_notional: 20")
    rules += draw.maybe(0.15, f"contract_size: {'10' if draw.inverse else '0.1'}")
    if rules:
        yield f"instrument: {{{', '.join(rules)}}}"


def drawn_template(dice: random.Random) -> str:
    """Returns a template as text, with its signals."""
    contract = dice.choice(["spot", "linear", "linear", "inverse"])
    by_signal = contract != "spot" and dice.random() < 0.15
    sign = 1 if contract == "spot" or by_signal or dice.random() < 0.5 else -1
    draw = _Draw(dice, contract, sign)
    lines = [f"symbol: {_SYMBOLS[contract]}"]
    lines.append(f"side: {'signal' if by_signal else 'long' if sign > 0 else 'short'}")
    lines += _money(draw)
    targets = dice.choice([0, 1, 1, 2, 2, 3])
    tiers, count = _tiers(dice, sign, targets)
    lines += [f"tiers: {tiers}", *_exits(draw, count, targets), "atr: {bars: 5}"]
    rules = ["random 2%", "breakout 20", "dip 0.5% in 9", "every 40m"]
    lines.append(f"signals: {'breakout 20' if by_signal else dice.choice(rules)}")
    return "\n".join(lines) + "\n"
