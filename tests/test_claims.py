"""What is said must be true: claims that once were not, each with its siblings; expected figures by hand."""

import json
from pathlib import Path

import pytest

from scaleplan.paths.records import Claim
from tests.given import file, studied, study_of, the, walked
from tests.reported import show_text
from tests.running import outcome

#: Without a stop all that stands behind cross margin is lost, and nothing says how much that is.
NO_EQUITY = (
    "symbol: {symbol}\nside: {side}\nleverage: 10\nmargin_mode: cross\n{maintenance}\n"
    "fees: {{maker: 0.02%, taker: 0.05%}}\nsize: {size}\ntiers: [{tiers}]\nstop: none\ntargets: [{targets}]\n"
)


@pytest.mark.parametrize("maintenance", ["maintenance: 0.5%", "", "account: {max_risk: 1000}"])
@pytest.mark.parametrize(
    ("symbol", "side", "size", "tiers", "targets"),
    [
        ("BTC/USDT:USDT", "long", "60000 USDT", "60000, 58000", "66000, 70000"),
        ("BTC/USDT:USDT", "short", "60000 USDT", "60000, 62000", "54000, 50000"),
        ("BTC/USD:BTC", "long", "60000 USD", "60000, 58000", "66000, 70000"),
        ("BTC/USD:BTC", "short", "60000 USD", "60000, 62000", "54000, 50000"),
    ],
)
def test_a_loss_that_nobody_knows_is_no_number(
    symbol: str, side: str, size: str, tiers: str, targets: str, maintenance: str, tmp_path: Path
) -> None:
    """Cross margin without equity and without a stop: n/a in every figure, rule, proof and command, never the cost."""
    if "BTC/USD:" in symbol:
        maintenance = maintenance.replace("1000", "1 BTC")
    text = NO_EQUITY.format(symbol=symbol, side=side, size=size, tiers=tiers, targets=targets, maintenance=maintenance)
    study = studied(text)
    totals = study.ladder.totals
    assert [totals.risk, totals.risk_if_all, totals.r, totals.all_at_first, totals.reward_to_risk] == [None] * 5
    assert [step.position.risk for step in study.ladder.steps] == [None, None]
    assert study.ladder.most_lost is None
    assert {"SP503", "SP510", "SP508"}.isdisjoint(each.code for each in study.diagnostics)
    if "account" not in maintenance:
        assert "without `equity` not how much" in the("SP606", text).message
    assert "no equity is written" in the("SP509", text).message
    planned, limit, liquidated, *_ = walked(text).proofs
    assert (planned.claim, planned.holds, planned.missing) == (Claim.WORST_PLANNED, None, "account.equity")
    assert (limit.holds, limit.value) == (None, None)
    assert liquidated.holds is None
    plan = file(tmp_path, text)
    shown = outcome("show", plan, "--format", "json").out
    assert json.loads(shown)["totals"]["risk"] is None
    assert "planned loss n/a: cross margin stands on the account" in show_text(study, width=200)
    sheet = outcome("checklist", plan).out
    assert "worst n/a" in sheet
    assert "loses n/a" in sheet


def test_a_stop_of_the_first_tier_says_what_is_lost() -> None:
    """The plan has no stop, tier 1 sets one at 59,000: half a coin loses 500, tier 2 at 59,500 makes it 750."""
    text = (
        NO_EQUITY.format(
            symbol="BTC/USDT:USDT",
            side="long",
            maintenance="",
            size="1 BTC",
            tiers="{price: 60000, stop: 59000}, 59500",
            targets="66000",
        )
        .replace("0.02%", "0%")
        .replace("0.05%", "0%")
    )
    assert [step.position.risk for step in studied(text).ladder.steps] == [500, 750]
    assert walked(text).proofs[0].holds is True


def test_a_size_in_risk_needs_to_know_what_is_lost() -> None:
    """Without equity no size can be solved to lose 100 of an account that nobody knows."""
    text = NO_EQUITY.format(
        symbol="BTC/USDT:USDT", side="long", maintenance="", size="100 USDT risk", tiers="60000", targets="66000"
    )
    assert "no equity is written" in study_of(text).diagnostics[0].message
