"""`--set` and `--equity`: a plan changed for one run, as if the trader had written it so."""

from decimal import Decimal

import pytest

from scaleplan.decode import Override, read_override
from scaleplan.plan import Plan
from scaleplan.study import Studied, study

SHORT = b"""symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 50% at 140, 130]
stop: 118
"""
EVEN = SHORT.replace(b"50% at 140", b"140")


def changed(data: bytes, *texts: str) -> Studied:
    """A plan studied with overrides."""
    overrides = tuple(read_override(text) for text in texts)
    assert all(isinstance(override, Override) for override in overrides)
    return study("plan.yaml", data, tuple(each for each in overrides if isinstance(each, Override)))


def plan_of(found: Studied) -> Plan:
    """The plan of a study that could be read."""
    assert found.plan is not None
    return found.plan


def test_a_value_is_replaced() -> None:
    """`stop=120` reads as if `stop: 120` stood in the file."""
    assert plan_of(changed(EVEN, "stop=120")).stop == Decimal(120)


def test_a_short_tier_is_reached_into() -> None:
    """`tiers[1].price` counts from 0 and finds the price of a tier that is written short."""
    assert [tier.price for tier in plan_of(changed(EVEN, "tiers[1].price=141")).tiers] == [150, 141, 130]


def test_a_missing_section_is_made() -> None:
    """`account.equity` needs no account in the file; limits in shares of it then work."""
    plan = plan_of(changed(EVEN, "account.equity=21500", "account.max_risk=2%"))
    assert (plan.account.equity, plan.account.max_risk) == (Decimal(21500), Decimal(430))


def test_a_whole_list_is_replaced() -> None:
    """A value in brackets is a list; short forms in it are understood."""
    plan = plan_of(changed(EVEN, "tiers=[25% at 150, 75% at 140]"))
    assert [tier.price for tier in plan.tiers] == [150, 140]


def test_a_wrong_value_is_told_at_the_option() -> None:
    """The place of a mistake that an option brings is the option, with its column."""
    found = changed(EVEN, "stop=around 118")
    assert found.plan is None
    told = found.diagnostics[0]
    assert (told.code, told.path, told.span.source.name, told.span.text) == ("SP108", "stop", "--set", "around 118")


@pytest.mark.parametrize("path", ["tiers[3].price=1", "stop.price=1", "symbol[0]=1"])
def test_a_place_that_is_not_there_is_told(path: str) -> None:
    """A path that the plan does not have is a mistake of this run, not silence."""
    assert "SP127" in {diagnostic.code for diagnostic in changed(EVEN, path).diagnostics}


@pytest.mark.parametrize("text", ["stop", "=5", "stop=", "tiers[x].price=1", "Tiers=1", "tiers=[1", "a b=1"])
def test_what_is_no_override_is_wrong_usage(text: str) -> None:
    """What does not read PATH=VALUE is answered with a sentence, before any plan is read."""
    assert isinstance(read_override(text), str)


def test_a_share_that_one_tier_lacks_is_told() -> None:
    """The fixture's own mistake: one tier with a share and two without."""
    assert [diagnostic.code for diagnostic in study("plan.yaml", SHORT).diagnostics] == ["SP121"]
