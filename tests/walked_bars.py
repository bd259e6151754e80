"""The maker of `plans/bars`: bars of a walk that a seed rules, for examples. `python -m tests.walked_bars` writes them.

Price moves every minute by up to 60, up and down alike; no market is meant. The seed is one of which a bar of 4 hours
leaves open what the example's plan comes to. Bars of 15 minutes and of 4 hours are of
one walk, so that the finer add up to the coarser.
"""

import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

FOLDER = Path(__file__).parent.parent / "plans" / "bars"
_BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
_SEED, _DAYS, _FIRST, _STEP = 11, 8, 29_650, 60


def walk() -> list[int]:
    """Returns the price at each minute, from the first on."""
    dice = random.Random(_SEED)  # noqa: S311 - drawn, not secret
    prices = [_FIRST]
    for _ in range(_DAYS * 1440):
        prices.append(prices[-1] + dice.randint(-_STEP, _STEP))
    return prices


def bars_text(minutes: int) -> str:
    """Returns the bars of so many minutes as CSV."""
    prices = walk()
    lines = ["time,open,high,low,close"]
    for start in range(0, len(prices) - 1, minutes):
        part = prices[start : start + minutes + 1]
        when = _BEGIN + timedelta(minutes=start)
        lines.append(f"{when:%Y-%m-%dT%H:%M:%SZ},{part[0]},{max(part)},{min(part)},{part[-1]}")
    return "\n".join(lines) + "\n"


FILES = {"walk-4h.csv": 240, "walk-15m.csv": 15}

if __name__ == "__main__":
    for name, minutes in FILES.items():
        (FOLDER / name).write_text(bars_text(minutes), encoding="utf-8")
