"""`--set` and `--equity`: a plan changed for one run, as if the trader had written it so."""

from decimal import Decimal
from pathlib import Path

import pytest

from scaleplan.decode.overrides import Override, read_override
from scaleplan.plan import Plan
from scaleplan.study import Studied, study
from tests.given import codes, study_of
from tests.running import joined, outcome

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


def talk_of(folder: Path, *words: str, data: bytes = EVEN) -> list[str]:
    """What a command says on standard error of a plan, line by line."""
    (folder / "plan.yaml").write_bytes(data)
    return outcome(words[0], str(folder / "plan.yaml"), *words[1:]).talk.splitlines()


def changed_plan(data: bytes, *texts: str) -> Plan:
    """Returns a plan as overrides make it."""
    plan = changed(data, *texts).plan
    assert plan is not None
    return plan


def test_a_value_is_replaced() -> None:
    """`stop=120` reads as if `stop: 120` stood in the file."""
    assert changed_plan(EVEN, "stop=120").stop == Decimal(120)


def test_a_short_tier_is_reached_into() -> None:
    """`tiers[1].price` counts from 0 and finds the price of a tier that is written short."""
    assert [tier.price for tier in changed_plan(EVEN, "tiers[1].price=141").tiers] == [150, 141, 130]


def test_a_missing_section_is_made() -> None:
    """`account.equity` needs no account in the file; limits in shares of it then work."""
    plan = changed_plan(EVEN, "account.equity=21500", "account.max_risk=2%")
    assert (plan.account.equity, plan.account.max_risk) == (Decimal(21500), Decimal(430))


def test_a_whole_list_is_replaced() -> None:
    """A value in brackets is a list; short forms in it are understood."""
    plan = changed_plan(EVEN, "tiers=[25% at 150, 75% at 140]")
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


@pytest.mark.parametrize("text", ["tier2.price=141", "tier 2.price=141", "tier 2 price=141", "tiers2.price = 141"])
def test_a_tier_is_named_as_tables_name_it(text: str) -> None:
    """`tier2` is the second, which `tiers[1]` is too; the words in which a change is told can be typed."""
    assert [tier.price for tier in changed_plan(EVEN, text).tiers] == [150, 141, 130]


def test_a_whole_tier_and_a_target_are_named_so_too() -> None:
    """`tier3` alone is the tier in its short form; `target1` counts as `tier2` does."""
    plan = changed_plan(EVEN + b"targets: [160, rest at 170]\n", "tier3=135", "target1.close=40%")
    assert [tier.price for tier in plan.tiers] == [150, 140, 135]
    assert plan.targets[0].close.amount == Decimal("0.4")


@pytest.mark.parametrize(
    ("text", "message", "help"),
    [
        ("tier4.price=1", "there is no tier 4: `tiers` has 3", "the last is `tier3`"),
        ("tiers[3].price=1", "`tiers[3]` is not there: `tiers` has 3", "count from 0: the last is `tiers[2]`"),
        ("target1.price=1", "the plan has no `targets`", "set `targets` itself"),
        ("size[0]=1", "`size` is not a list, so it has no `[0]`", "set `size` itself"),
    ],
)
def test_who_counts_from_one_is_answered_so(text: str, message: str, help: str) -> None:
    """A tier that is not there is spoken of as it was typed."""
    told = [one for one in changed(EVEN, text).diagnostics if one.code == "SP127"]
    assert [(one.message, one.help) for one in told] == [(message, help)]


def test_a_ladder_has_no_tiers_to_set() -> None:
    """Of tiers that are written as a ladder none can be set alone, and the answer names the one that was meant."""
    ladder = EVEN.replace(b"[150, 140, 130]", b"{from: 150, to: 130, count: 3}")
    assert study_of(ladder).plan is not None
    told = [one for one in changed(ladder, "tier2.price=141").diagnostics if one.code == "SP127"]
    assert [one.message for one in told] == ["`tiers` is not a list, so it has no tier 2"]


def test_tier_0_is_not_the_first() -> None:
    """Who counts from 0 is told that `tier0` is none, and not given another tier."""
    assert read_override("tier0.price=1") == "`tier0.price=1`: tiers are counted from 1, the first is `tier1`"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("tiers[1].price=141", "set tier 2 price: 140 -> 141"),
        ("tier2=45% at 141", "set tier 2: 140 -> 45% at 141"),
        ("stop=120", "set stop: 118 -> 120"),
        ("leverage=5", "set leverage: (none) -> 5"),
        ("account.equity=21500", "set account equity: (none) -> 21500"),
        ("tiers=[25% at 150, 75% at 140]", "set tiers: [150, 140, 130] -> [25% at 150, 75% at 140]"),
        ("stop=around 118", "set stop: 118 -> around 118"),
        ("name=\x1b[31m\u202ered", "set name: (none) -> \\x1b[31m\\u202ered"),
        (f"name={'x' * 100}", f"set name: (none) -> {'x' * 60}..."),
    ],
)
def test_what_was_changed_is_told(text: str, told: str, tmp_path: Path) -> None:
    """A line on standard error says which place was changed, what stood there and what stands there now."""
    assert talk_of(tmp_path, "check", "--set", text)[0] == told


@pytest.mark.parametrize(
    "command",
    [
        "show",
        "show --format json",
        "show --format csv",
        "check",
        "check --format sarif",
        "paths",
        "paths --format json",
        "checklist",
        "checklist --format json",
        "explain-liquidation",
        "explain-liquidation --format json",
        "compare-venues",
        "compare-venues --format json",
    ],
)
def test_every_command_tells_it_once(command: str, tmp_path: Path) -> None:
    """One line an option, in the order typed, whatever the output is for: standard error is read by people."""
    data = EVEN.replace(b"/USDT", b"/USDT:USDT") + b"leverage: 3\naccount: {equity: 10000}\n"
    lines = talk_of(
        tmp_path, *command.split(), "--equity", "21500", "--set", "stop=119", "--set", "tier1=151", data=data
    )
    assert [line for line in lines if line.startswith("set ")] == [
        "set stop: 118 -> 119",
        "set tier 1: 150 -> 151",
        "set account equity: 10000 -> 21500",
    ]


def test_a_value_of_many_lines_is_told_on_one(tmp_path: Path) -> None:
    """A section written over several lines is told as it would be written in braces."""
    data = EVEN + b"account:\n  equity: 10000  # all of it\n  max_risk: 2%\n"
    lines = talk_of(tmp_path, "check", "--set", "account={equity: 5}", data=data)
    assert lines[0] == "set account: {equity: 10000, max_risk: 2%} -> {equity: 5}"


def test_an_override_that_misses_changes_nothing(tmp_path: Path) -> None:
    """What is not there was not changed; the mistake is told instead."""
    assert not any(line.startswith("set ") for line in talk_of(tmp_path, "show", "--set", "tier9.price=1"))


@pytest.mark.parametrize("count", [5, 450])
def test_many_plans_have_one_line(count: int, tmp_path: Path) -> None:
    """Of a folder each option has one line, with some of what stood in its plans, also where processes share them."""
    for number in range(count):
        (tmp_path / f"{number:03}.yaml").write_bytes(EVEN.replace(b"118", b"11%d" % (number % 5)))
    found = outcome("check", str(tmp_path), "--set", "stop=119", "--set", "size=800 USDT")
    assert found.talk.splitlines() == [
        f"set stop: 110, 111, 112 and 2 more -> 119 in {count} plans",
        f"set size: 900 USDT -> 800 USDT in {count} plans",
    ]


@pytest.mark.parametrize("text", ["stop", "=5", "stop=", "tiers[x].price=1", "Tiers=1", "tiers=[1", "a b=1"])
def test_what_is_no_override_is_wrong_usage(text: str) -> None:
    """What does not read PATH=VALUE is answered with a sentence, before any plan is read."""
    assert isinstance(read_override(text), str)


def test_a_share_that_one_tier_lacks_is_told() -> None:
    """The fixture's own mistake: one tier with a share and two without."""
    assert codes(study_of(SHORT)) == ["SP121"]


@pytest.mark.parametrize("path", ["account" + ".a" * 1200, "a" + ".a" * 8, "tiers[0]" + "[0]" * 7, "tier2" + ".a" * 7])
def test_a_path_is_not_as_deep_as_that(path: str) -> None:
    """No place of a plan lies deeper than 8 steps; a path that goes further is wrong usage, however far it goes."""
    found = read_override(f"{path}=1")
    assert isinstance(found, str)
    assert found.endswith(" steps deep, and no place of a plan is deeper than 8")
    assert len(found) < 200
    assert outcome("check", "plan.yaml", "--set", f"{path}=1").code == 2


def test_eight_steps_are_a_path() -> None:
    """The deepest path that is one is answered by the plan: it has no such place."""
    assert isinstance(read_override("a" + ".a" * 7 + "=1"), Override)


@pytest.mark.parametrize("count", [201, 20_000])
@pytest.mark.parametrize("text", ["stop=119", "key_{}=1"])
def test_more_options_than_a_person_types(count: int, text: str, tmp_path: Path) -> None:
    """Each option looks through the plan, so that more than 200 are refused before any is read."""
    (tmp_path / "plan.yaml").write_bytes(EVEN)
    letters = str.maketrans("0123456789", "abcdefghij")
    options = [word for number in range(count) for word in ("--set", text.format(str(number).translate(letters)))]
    found = outcome("check", str(tmp_path / "plan.yaml"), *options)
    assert found.code == 2
    assert f"{count:,} changes are more than 200; write them into a plan" in joined(found.talk)


def test_what_overrides_itself_has_one_line(tmp_path: Path) -> None:
    """Of several options for one place the last holds, and one line tells what stood and what stands now."""
    options = [word for number in range(198) for word in ("--set", f"stop={number}")]
    lines = talk_of(tmp_path, "check", *options, "--set", "tier1=151", "--set", "tier1=152", data=EVEN)
    assert [line for line in lines if line.startswith("set ")] == ["set stop: 118 -> 197", "set tier 1: 150 -> 152"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Stop=130", "stop=130"),
        ("TIER2.price=1", "tier2.price=1"),
        ("Tiers[1].Price=141", "tiers[1].price=141"),
        ("tier2.PRICE = 141", "tier2.price = 141"),
    ],
)
def test_capital_letters_are_answered_with_small_ones(text: str, meant: str) -> None:
    """A path that only wants small letters is told so, and how it is written."""
    assert read_override(text) == f"keys are written in small letters; write `{meant}`"


LONG = "a" * 60_000


@pytest.mark.parametrize(
    "text", [LONG, f"{LONG}=1", f"stop=[{LONG}", f"tier0 {LONG}=1", f"{LONG}=", f"stop.{LONG}=1", f"{LONG.upper()}=1"]
)
def test_a_long_option_is_not_repeated_whole(text: str) -> None:
    """What a usage error repeats of an option is cut, as everywhere."""
    found = read_override(text)
    assert isinstance(found, str)
    assert len(found) < 300
