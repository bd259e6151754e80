"""Where a plan stands by name, and what it is worth there, against sums made by hand."""

from decimal import Decimal

import pytest

from scaleplan.face import Study, read
from scaleplan.quantity.exact import exact
from scaleplan.questions.stance import Finished, NoStance, Stance, stance
from scaleplan.questions.stance_figures import StanceFigures, figures_of
from tests.given import known

PYRAMID = "plans/breakout-retest-pyramid.yaml"


def pyramid() -> Study:
    """Returns the plan of the contract's example: 0.5 BTC at 40,000, 0.3 there after 40,900, 0.2 at 42,000."""
    found = read(PYRAMID)
    assert isinstance(found, Study)
    return found


@exact
def figures(study: Study, price: str, tiers: tuple[int, ...] | None = None) -> StanceFigures:
    """Returns the figures of a plan that stands at a price."""
    there = stance(study, Decimal(price), tiers)
    assert isinstance(there, Stance)
    return figures_of(study, there)


def test_the_figures_of_two_tiers_at_a_price() -> None:
    """Marks, closes, equity, leverage and margin ratio follow from 0.8 BTC at 40,012.50.

    Tier 1 is a stop, filled at 40,000 * 1.0005 = 40,020 for 0.5 * 40,020 * 0.05% = 10.005; tier 2 a limit at 40,000 for
    0.3 * 40,000 * 0.02% = 2.40: cost 32,010, average 40,012.50, fees 12.405. At 41,000 it is worth 32,800: unrealised
    790. Closed there at 41,000 * 0.9995 = 40,979.50: worth 32,783.60, fee 16.3918, so 773.60 - 12.405 - 16.3918 =
    744.8032. Equity 25,000 + 790 - 12.405. Margin 32,010 / 8 = 4,001.25; ratio 0.5% * 32,800 / (4,001.25 + 790).
    """
    found = figures(pyramid(), "41000", (1, 2))
    assert found.unrealised == 790
    assert found.closed_now == Decimal("744.8032")
    assert found.equity == Decimal("25777.595")
    assert found.margin == Decimal("4001.25")
    assert found.margin_ratio is not None
    assert found.margin_ratio.quantize(Decimal("1e-12")) == (Decimal(164) / Decimal("4791.25")).quantize(
        Decimal("1e-12")
    )
    # 1,850 above the stop at 39,150, of the 2,850 up to tier 3 at 42,000.
    assert found.up is not None
    assert known(found.up.probability).quantize(Decimal("1e-12")) == (Decimal(1850) / 2850).quantize(Decimal("1e-12"))
    assert found.up.step.event.name == "tier 3"


@pytest.mark.parametrize(
    ("price", "tiers", "targets", "words"),
    [
        ("43000", (1, 2), None, "tier 3 fills at 42,000 before 43,000: --tiers 3"),
        ("44000", (1, 2, 3), None, "target 1 is hit at 43,500 before 44,000: --targets 1"),
        ("41000", (1, 3), None, "no path fills tier 3 before tier 2 (`after: tier 2`)"),
        ("41000", (2,), None, "no path fills tier 2 before tier 1"),
        ("41000", (1, 2, 3, 4), None, "there is no tier 4: the plan has 3 tiers"),
        ("41000", None, 4, "there is no target 4: the plan has 3 targets"),
    ],
)
@exact
def test_what_no_path_comes_to_is_refused(
    price: str, tiers: tuple[int, ...] | None, targets: int | None, words: str
) -> None:
    """A name that no state bears, or bears no more at that price, is answered with the reason."""
    assert stance(pyramid(), Decimal(price), tiers, targets) == NoStance(words)


@exact
def test_a_plan_stands_at_its_stop_and_not_beyond() -> None:
    """At 39,150 exactly it stands; a cent lower 0.5 BTC have been stopped there.

    Sold at 39,150 * 0.9995 = 39,130.425 for 0.5 * 39,130.425 * 0.05% = 9.78260625: 19,565.2125 - 20,010 - 10.005 -
    9.78260625 = -464.57510625.
    """
    at = stance(pyramid(), Decimal(39150))
    assert isinstance(at, Stance)
    assert figures_of(pyramid(), at).closed_now == Decimal("-464.57510625")
    beyond = stance(pyramid(), Decimal("39149.99"))
    assert isinstance(beyond, Finished)
    assert beyond.net == Decimal("-464.57510625")


@exact
def test_straight_up_price_takes_what_it_meets() -> None:
    """From tier 1 to 44,000 the retest never comes: target 1 closes 0.15 of 0.5 BTC, and its stop moves."""
    there = stance(pyramid(), Decimal(44000))
    assert isinstance(there, Stance)
    assert [event.name for event in there.way] == ["tier 1", "after 2", "target 1", "target 2"]
    # The 3R of 40,020 is 42,630, which 43,500 has passed: it is hit there at once. 0.5 - 0.15 - 0.15 are left.
    assert there.state.held.position.quantity == Decimal("0.2")
