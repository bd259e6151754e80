"""How long liquidation prices take, against bare multiplications: `python tests/benchmarks/liquidation.py`.

10,000 liquidation prices over ten brackets on mark value, each of a position of its own, long and short in turn,
against the 100,000 Decimal multiplications of 50 digits that a rate and a value for every bracket make. Both run in
turn in one process, medians are compared, and it exits with 1 where the prices take 40 times as long or more.
"""

import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal

from scaleplan.engine.margin import Answer, liquidation
from scaleplan.engine.position import NO_CHARGE, Position
from scaleplan.plan import Bracket, BracketBy, MaintenanceOn, MarginModel
from scaleplan.quantity.exact import ZERO, exact

MOST = 40
PRICES = 10_000
ROUNDS = 7
#: Ends in quote and rates: ten steps such as the large venues have.
STEPS = (
    (50_000, "0.004"),
    (600_000, "0.005"),
    (3_000_000, "0.01"),
    (12_000_000, "0.025"),
    (70_000_000, "0.05"),
    (100_000_000, "0.1"),
    (230_000_000, "0.125"),
    (480_000_000, "0.15"),
    (600_000_000, "0.25"),
    (1_200_000_000, "0.5"),
)


def model() -> MarginModel:
    """A venue with ten brackets, their deductions derived."""
    brackets: list[Bracket] = []
    for end, rate in STEPS:
        deduction = ZERO
        if brackets:
            before = brackets[-1]
            deduction = before.deduction + (before.up_to or ZERO) * (Decimal(rate) - before.rate)
        brackets.append(Bracket(Decimal(end), Decimal(rate), deduction))
    return MarginModel("ten", "", "", MaintenanceOn.MARK, BracketBy.NOTIONAL, tuple(brackets))


@exact
def positions() -> list[Position]:
    """Positions of 0.1 to 1,000 units at prices of 50 digits, from the first bracket to the last ones."""
    third = Decimal(1) / 3
    return [
        Position(1 if number % 2 else -1, inverse=False).filled(
            60_000 + number * third, (number + 1) * third / 10, NO_CHARGE
        )
        for number in range(PRICES)
    ]


@exact
def solve(held: list[Position], terms: MarginModel) -> int:
    """Every liquidation price; how many there are."""
    ten = Decimal(10)
    return sum(
        liquidation(position, terms, position.cost / ten, ZERO, None).answer is Answer.PRICE for position in held
    )


@exact
def multiply(held: list[Position], terms: MarginModel) -> int:
    """A rate times a value for every position and bracket."""
    rates = [bracket.rate for bracket in terms.brackets]
    done = 0
    for position in held:
        cost = position.cost
        for rate in rates:
            cost * rate
            done += 1
    return done


def seconds(work: Callable[[list[Position], MarginModel], int], held: list[Position], terms: MarginModel) -> float:
    """How long one round takes."""
    begin = time.perf_counter()
    done = work(held, terms)
    taken = time.perf_counter() - begin
    if done < PRICES:
        raise SystemExit(f"{done} of {PRICES}")
    return taken


def main() -> int:
    """Measure, print, and return the exit code."""
    held, terms = positions(), model()
    rounds = [(seconds(multiply, held, terms), seconds(solve, held, terms)) for _ in range(ROUNDS)]
    bare, solved = (statistics.median(times) for times in zip(*rounds, strict=True))
    ratio = solved / bare
    print(f"{PRICES * len(STEPS):,} multiplications  {bare * 1000:8.1f} ms")
    print(f"{PRICES:,} liquidation prices  {solved * 1000:8.1f} ms  {ratio:.1f} times (limit {MOST})")
    return 0 if ratio < MOST else 1


if __name__ == "__main__":
    sys.exit(main())
