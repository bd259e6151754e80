"""How a figure of the program is held against one worked by hand.

A figure is written as text. `95.8888...` gives the first digits of one that goes on; without dots it is the whole
figure, and the program may be off by no more than the rounding of its fiftieth digit.
"""

from decimal import ROUND_DOWN, Decimal
from pathlib import Path

from scaleplan.diagnostic import Severity
from scaleplan.engine.margin import Answer, Liquidation
from scaleplan.ladder import Ladder
from scaleplan.ladder.tape import reward_after
from scaleplan.plan import Plan
from tests.given import same, studied

PLANS = Path(__file__).resolve().parents[2] / "plans"


def read(name: str, **keys: str) -> tuple[Plan, Ladder]:
    """The bundled plan `name`, read and reckoned, with some keys written otherwise; it has no errors."""
    path = PLANS / f"{name}.yaml"
    found = studied(path.read_text(encoding="utf-8"), str(path), **keys)
    assert found.count(Severity.ERROR) == 0
    return found.plan, found.ladder


def agrees(actual: Decimal, expected: str) -> bool:
    """Whether a figure is the one that is written, to the digits that are written."""
    if expected.endswith("..."):
        digits = Decimal(expected.removesuffix("..."))
        return actual.quantize(digits, rounding=ROUND_DOWN) == digits
    return same(actual, expected)


def check_rewards(ladder: Ladder, *expected: str | None) -> None:
    """Hold the net result after each tier, every target hit, against those worked by hand, from tier 1 on."""
    for index, figure in enumerate(expected):
        actual = reward_after(ladder, index)
        if figure is None:
            assert actual is None
        else:
            assert actual is not None
            assert agrees(actual, figure)


def check(record: object, **expected: str | None) -> None:
    """Hold the named figures of a record (a fill, a position, a target, the totals) against those worked by hand.

    A liquidation is a price, or one of the words `none` and `unknown`.
    """
    wrong = []
    for name, figure in expected.items():
        actual = getattr(record, name)
        if isinstance(actual, Liquidation):
            actual = actual.price if actual.answer is Answer.PRICE else str(actual.answer)
        if isinstance(actual, Decimal) and figure is not None and figure not in (Answer.NONE, Answer.UNKNOWN):
            right = agrees(actual, figure)
        else:
            right = actual == figure
        if not right:
            wrong.append(f"{name} is {actual}, by hand {figure}")
    assert wrong == []
