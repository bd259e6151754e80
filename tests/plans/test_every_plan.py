"""What every bundled plan promises: it reads without error, says where its idea comes from, and is tested."""

import re
from pathlib import Path

import pytest

from tests.plans.figures import PLANS, read

FILES = sorted(path for path in PLANS.glob("*.yaml") if path.name != "account.yaml")
NAMES = [path.stem for path in FILES]


@pytest.mark.parametrize("name", NAMES)
def test_plan_reads_without_error(name: str) -> None:
    """Every bundled plan can be read and reckoned, and nothing at error level speaks up."""
    read(name)


@pytest.mark.parametrize("path", FILES, ids=NAMES)
def test_plan_says_where_its_idea_comes_from(path: Path) -> None:
    """Every bundled plan opens with a comment of at least two lines, and its name is kebab-case."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert all(line.startswith("# ") for line in lines[:2])
    assert re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", path.stem)


@pytest.mark.parametrize("name", NAMES)
def test_plan_has_figures_worked_by_hand(name: str) -> None:
    """No plan is bundled without a test that holds it against figures worked by hand."""
    here = Path(__file__).parent
    tested = "".join(path.read_text(encoding="utf-8") for path in here.glob("test_*.py") if path != Path(__file__))
    assert f'read("{name}")' in tested


def test_bundle_is_whole() -> None:
    """The plans that were promised are there, and one account that several of them share."""
    promised = {
        "breakout-retest-pyramid",
        "confirmation-four-tiers",
        "dca-bot-ladder",
        "dca-four-equal",
        "forex-gbp-account",
        "futures-close-contracts",
        "futures-multiplier",
        "futures-ticks",
        "inverse-long",
        "ladder-written-short",
        "probe-dip-reclaim",
        "range-short",
        "scale-out-thirds",
        "shrinking-adds",
        "spot-in-five-lines",
        "stock-per-order",
        "stock-swing",
        "three-buys-by-money",
        "three-buys-by-quantity",
        "time-stop-48h",
        "turtle-pyramid",
        "two-r-half-off",
        "venue-brackets-pyramid",
    }
    assert promised <= set(NAMES)
    sharing = [path.stem for path in FILES if "account: ./account.yaml" in path.read_text(encoding="utf-8")]
    assert len(sharing) >= 3
    assert (PLANS / "account.yaml").is_file()
