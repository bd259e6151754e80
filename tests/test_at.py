"""`scaleplan at`: what it prints for people and programs, what it refuses, and what is not known."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from scaleplan.cli.reply import ExitCode, Reply
from tests.given import file, linear, spot
from tests.running import outcome, screen_of

PYRAMID = "plans/breakout-retest-pyramid.yaml"
#: The contract's example; `tests/test_stance.py` has its sums.
EXAMPLE = """\
at 41,000.00  tiers 1-2 filled, no target hit: 0.8 BTC at 40,012.50
unrealised    +790.00 USDT = +1.08R, +19.7% on margin; equity 25,777.60
closed now    +744.80 USDT = +1.02R, all costs in (breakeven 40,048.03)
stopped       -733.72 USDT = -1.00R at 39,150.00
leverage      1.27x of equity; margin ratio 3.4% (liquidated at 100%)

level           price       away       %   in R  then
target 1    43,500.00   2,500.00    6.1%   2.73
tier 3      42,000.00   1,000.00    2.4%   1.09  next up, 64.9%: average 40,414.20, stop to 40,471.27
HERE        41,000.00
breakeven   40,048.03    -951.97   -2.3%  -1.04
stop        39,150.00  -1,850.00   -4.5%  -2.02  next down, 35.1%: ends at -1.00R
liquidated  35,186.87  -5,813.13  -14.2%  -6.34
"""


def at(*words: str, width: int | None = 120) -> Reply:
    """Returns the reply to a command line."""
    return outcome("at", *words, screen=screen_of(width))


def test_the_example_is_printed() -> None:
    """Every figure of it, in the order of prices."""
    reply = at(PYRAMID, "41000", "--tiers", "2")
    assert reply.out == EXAMPLE
    assert reply.code == ExitCode.OK


@pytest.mark.parametrize("width", [60, 80, 120, 160])
def test_every_figure_stands_in_every_width(width: int) -> None:
    """Words go below their row before a digit is cut."""
    out = at(PYRAMID, "41000", "--tiers", "2", width=width).out
    assert all(len(line) <= width for line in out.splitlines())
    squeezed = " ".join(out.split())
    for words in (
        "2,500.00 6.1% 2.73",
        "-5,813.13 -14.2% -6.34",
        "next up, 64.9%: average 40,414.20, stop to 40,471.27",
    ):
        assert words in squeezed


def test_programs_have_every_figure_unrounded() -> None:
    """The keys of the contract, the same figures; several prices are a list."""
    found = json.loads(at(PYRAMID, "41000", "--tiers", "2", "--format", "json").out)
    assert found["command"] == "at"
    assert found["state"] == {
        "tiers": [1, 2],
        "targets": 0,
        "quantity": "0.8",
        "average_entry": "40012.5",
        "stop": "39150",
    }
    assert found["closed_now"] == "744.8032"
    assert found["equity"] == "25777.595"
    assert [level["level"] for level in found["levels"]] == ["target", "tier", "breakeven", "stop", "liquidation"]
    assert found["next"]["up"]["state"]["tiers"] == [1, 2, 3]
    assert found["next"]["down"]["end"] == "stopped"
    assert Decimal(found["next"]["up"]["probability"]) + Decimal(found["next"]["down"]["probability"]) == 1
    several = json.loads(at(PYRAMID, "41000", "39000", "--format", "json").out)
    assert [block["price"] for block in several] == ["41000", "39000"]
    assert several[1]["over"] == {
        "end": "stopped",
        "event": "stop",
        "price": "39150",
        "net": "-464.57510625",
        "net_r": several[1]["over"]["net_r"],
    }
    assert several[1]["closed_now"] is None


def test_a_spreadsheet_has_a_row_a_level() -> None:
    """The figures of the stance stand beside each; what is over has one row."""
    rows = list(csv.DictReader(io.StringIO(at(PYRAMID, "41000", "39000", "--tiers", "2", "--format", "csv").out)))
    assert [row["level"] for row in rows] == ["target", "tier", "breakeven", "stop", "liquidation", ""]
    assert {row["closed_now"] for row in rows[:5]} == {"744.8032"}
    assert (rows[5]["end"], rows[5]["net"]) == ("stopped", "-733.71717")


def test_a_price_is_any_form_of_a_plan() -> None:
    """-2.5% of 40,000 is 39,000; tier 3 is at 42,000; 2R of tier 1's 40,020 is 41,760: 870 to the stop, twice."""
    out = at(PYRAMID, "-2.4%", "entry", "2R", "breakeven", "tier 2").out
    for price in ("at 39,040.00", "at 40,020.00", "at 41,760.00", "at 40,000.00"):
        assert price in out
    # Closed at the breakeven, all costs in, nothing is left.
    found = json.loads(at(PYRAMID, "breakeven", "--format", "json").out)
    assert abs(Decimal(found["closed_now"])) < Decimal("1e-40")


def test_a_trail_follows_the_best_price() -> None:
    """At 47,000 its stop is 2.5% lower: 45,825. Back at 46,000 it stays where 46,500 put it: 45,337.50; then it exits.

    There 0.05 BTC are sold at 45,337.50 * 0.9995 = 45,314.83125.
    """
    assert "at 45,825.00" in at(PYRAMID, "47000").out
    back = at(PYRAMID, "46000", "--tiers", "1", "--targets", "3").out
    assert "at 45,337.50" in back
    # Up to 46,500 again it trails on: (46,000 - 45,337.50) of the 1,162.50 between.
    assert "next up, 57.0%: the rest trails 2.5% behind the best price" in " ".join(back.split())
    over = at(PYRAMID, "45000", "--tiers", "1", "--targets", "3").out
    assert "the plan is over there: its trail exits at 45,337.50" in over


def test_the_target_that_ends_a_plan_was_hit_too(tmp_path: Path) -> None:
    """Two targets close all of it: at 150 both are hit, though no state says so any more."""
    plan = tmp_path / "plan.yaml"
    plan.write_text("symbol: SOL/USDT\nside: long\nsize: 1 SOL\ntiers: [100]\nstop: 90\ntargets: [120, 140]\n")
    over = " ".join(at(str(plan), "150").out.split())
    assert "nothing is left after target 2 at 140" in over
    assert "(tier 1 filled, targets 1-2 hit)" in over


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("43000", "--tiers", "2"), "tier 3 fills at 42,000 before 43,000: --tiers 3"),
        (("41000", "--tiers", "1,3"), "no path fills tier 3 before tier 2 (`after: tier 2`)"),
        (("41000", "--tiers", "x"), "`x` names no tiers"),
        (("41000", "--tiers", "0"), "`0` names no tiers"),
        (("41000", "--targets", "9"), "there is no target 9: the plan has 3 targets"),
        (("entry -50000",), "is not above 0, and no price"),
        (("",), "a price is empty"),
        (("41,000",), "write it without commas: `41000`"),
        (("0",), "is not above 0"),
        (("1e5",), "write it out: `100000`"),
        (("\x1b[31m",), "\\x1b[31m"),
    ],
)
def test_what_cannot_be_is_wrong_usage(words: tuple[str, ...], said: str) -> None:
    """Nothing is printed, and the reason says what to type."""
    reply = at(PYRAMID, *words)
    assert (reply.out, reply.code) == ("", ExitCode.USAGE)
    assert said in " ".join(reply.talk.split()), reply.talk
    assert "\x1b" not in reply.talk


def test_a_wrong_price_is_underlined_where_it_was_typed() -> None:
    """The line is the whole command line; `-1.5%` before it is a price and no option, and no option's value is one."""
    line = f"scaleplan at {PYRAMID} --set name=x name=x"
    column = line.rindex("name=x") + 1
    assert at(PYRAMID, "--set", "name=x", "name=x").talk.startswith(f"at:1:{column}: error SP108")
    assert at(PYRAMID, "-1.5%", "6O000", "--tiers", "1").talk.splitlines()[:3] == [
        "at:1:55: error SP108 not-a-price: `6O000` is not a price",
        f"  1 | scaleplan at {PYRAMID} -1.5% 6O000 --tiers 1",
        f"    |{' ' * 55}^^^^^",
    ]


def test_what_is_not_known_is_said_so(tmp_path: Path) -> None:
    """Without equity, maintenance or a stop the figures that need them are n/a, and no cost takes their place."""
    bare = file(tmp_path, spot("tiers: [100, 90]\nstop: none", "1 BTC"))
    out = at(bare, "95").out
    # Half of a coin at 100 is at stake: 50, and with it all that it cost.
    assert "there is no stop: at worst -50.00 USDT" in out
    assert "equity n/a" in out
    assert "margin ratio" not in out
    unknown = linear("long", "tiers: [100]\nstop: 90", account="{equity: 500 USDT}").replace("maintenance: 0.5%\n", "")
    out = at(file(tmp_path, unknown), "95").out
    assert "margin ratio n/a" in out
    assert "liquidated: n/a; add `maintenance: 0.5%`" in out


def test_a_tier_that_waits_says_what_for(tmp_path: Path) -> None:
    """A limit above the price at which it goes live would fill at once: it waits for the tier before it."""
    tiers = (
        "tiers: [{price: 100, share: 50%}, {price: 90, share: 25%}, {price: 101, share: 25%, order: limit, after: 95}]"
    )
    out = at(file(tmp_path, linear("long", f"{tiers}\nstop: 80")), "94", "--tiers", "1").out
    assert "tier 3 waits: it fills at the price of the moment when tier 2 has filled" in out


def test_a_liquidation_before_the_stop_is_what_is_shown(tmp_path: Path) -> None:
    """At 10x a long from 100 is liquidated at 90 / 0.995 = 90.4523, before its stop at 85: 10 of margin are lost."""
    plan = file(tmp_path, linear("long", "tiers: [100]\nstop: 85", leverage="10"))
    out = at(plan, "95").out
    assert "-10.00 USDT = -0.67R at 90.45, before the stop at 85.00" in out
    over = at(plan, "88").out
    assert "the plan is over there: liquidated at 90.45 before the stop at 85" in over


def test_of_several_states_of_a_name_the_likeliest_is_taken_and_named(tmp_path: Path) -> None:
    """Tier 2 at 95 fills on the way down, or after 110 has traded and made tier 3 at 90 live.

    From 100 the chance of 95 before 110 is 10 of 15: the first is likelier, and in it 110 has not traded. Asked at 91,
    tier 3 is not live: below comes the stop at 80, 11 away, and above 110, 19 away: 19 of 30 for the stop.
    """
    tiers = "tiers: [{price: 100}, {price: 95}, {price: 90, after: 110}]"
    plan = file(tmp_path, linear("long", f"{tiers}\nstop: 80\ntargets: [120]"))
    reply = at(plan, "91", "--tiers", "2")
    assert "next down, 63.3%: ends at" in " ".join(reply.out.split())
    assert "the likeliest way here: tier 1 at 100, tier 2 at 95; another state is called so too" in reply.out
    found = json.loads(at(plan, "91", "--tiers", "2", "--format", "json").out)
    assert found["others"] == 1
    # Straight up through 110 to 115 and no further: there is one way to stand there with tier 1 alone.
    assert json.loads(at(plan, "115", "--tiers", "1", "--format", "json").out)["others"] == 0


def test_an_account_in_another_currency_says_which_equity_it_is() -> None:
    """10,000 GBP at 1.27 are 12,700 USD; 87.60 of them are lost on paper."""
    assert "equity 12,612.40 USD" in at("plans/forex-gbp-account.yaml", "-0.2%").out


def test_drawing_again_needs_a_terminal() -> None:
    """`--watch` is there, and says so where nothing can be drawn on."""
    reply = at(PYRAMID, "41000", "--watch")
    assert reply.code == ExitCode.USAGE
    assert "it draws anew on a terminal" in reply.talk


def test_a_plan_that_cannot_be_read_stands_nowhere(tmp_path: Path) -> None:
    """Its mistakes are said, and programs find every key without a figure."""
    plan = file(tmp_path, "symbol: [")
    assert at(plan, "5").code == ExitCode.ERRORS
    found = json.loads(at(plan, "5", "--format", "json").out)
    assert found["price"] is found["state"] is found["closed_now"] is found["over"] is None
    assert found["diagnostics"]


def test_a_state_is_found_among_more_than_can_be_walked(tmp_path: Path) -> None:
    """Twenty tiers whose entries never end have far more than 100,000 states; those that lead to one name are few."""
    targets = ", ".join(f"{{price: {1100 + 10 * step}, close: 5%}}" for step in range(10))
    tiers = "tiers: {from: 1000, to: 981, count: 20}"
    plan = file(tmp_path, linear("long", f"entries_end: never\n{tiers}\nstop: 700\ntargets: [{targets}]"))
    assert "tiers 1-15 filled, target 1 hit" in at(plan, "1105", "--tiers", "15", "--targets", "1").out
    assert "no path has tiers 1, 3 filled" in at(plan, "1105", "--tiers", "1,3").talk
