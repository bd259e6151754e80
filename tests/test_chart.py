"""`scaleplan chart`: the ladder to scale, at any width, for every kind of plan."""

# ruff: noqa: RUF001 - the cross on the axis is no letter X

import json
import os
import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, takewhile
from operator import itemgetter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaleplan.cli.reply import Screen, Surface
from scaleplan.engine.levels import MoveFault
from scaleplan.ladder.tape import walk
from scaleplan.plan import AfterPrice
from scaleplan.quantity.exact import exact
from scaleplan.report.chart.page import chart_svg, ladder_parts
from scaleplan.report.chart.payoff import drawn_payoffs, payoff_curves
from scaleplan.report.drawings import PriceScale
from scaleplan.report.figures import figures_of
from scaleplan.report.scale import parts_of, scale_lines, step_of
from scaleplan.study import Study
from tests.given import file, linear, same, spot, studied, study_of
from tests.running import ROOT, environment, joined, outcome, process, screen_of
from tests.test_paths_laws import Draft, drafts

PYRAMID = str(ROOT / "plans" / "breakout-retest-pyramid.yaml")
laws = settings(max_examples=60, deadline=None, database=None, derandomize=True)

#: Drawn by hand. The other levels span 46,500 - 39,150 = 7,350 and have 7 prices, so that a row is 7,350 / 6 = 1,225:
#: 44,206.80 lies 2,293.20 below the top, row 1.87; 43,500 in 2.45; 42,000 in 3.67; 40,414.20 in 4.97; 40,000 in 5.31.
#: 35,540.13 is 3,609.87 below the stop, more than a quarter of the span, 1,837.50. A bar of 0.5 BTC is half of 20.
PICTURE = """\
46,500.00 ┤ ▒▒▒▒▒▒      target 3        close 0.30, runner trails 2.5%    +5.27R
          │
44,206.80 ┤ ▒▒▒▒▒▒      target 2, 3R    close 0.30, stop to 41,678.40     +2.79R
43,500.00 ┤ ▒▒▒▒▒▒      target 1        close 0.30, stop to 40,471.27     +1.25R
          │
42,000.00 ├ ████        tier 3 stop     after tier 2, stop to breakeven
40,414.20 ┄             average         breakeven 40,451.03
40,000.00 ├ ██████████  tier 1 stop
40,000.00 ├ ██████      tier 2 limit    after 40,900 traded
39,150.00 ╪             stop            wrong at 39,200.00                -1.00R
          │                             ≈ 3,609.87 further
35,540.13 ╳             liquidated      all in; 35,186.87 after tiers 1-2
"""


def drawn(*arguments: str, width: int | None = 80, blocks: bool = True) -> list[str]:
    """Returns the lines of the drawing, without what stands above it."""
    surface = Surface(width=width, colour=False, blocks=blocks)
    reply = outcome("chart", *arguments, screen=Screen(surface, surface))
    return reply.out.partition("\n\n")[2].splitlines()


def levels(text: str, *arguments: str, folder: Path) -> dict[str, dict[str, Any]]:
    """Returns the levels of a plan by name and number, as the JSON has them."""
    (folder / "plan.yaml").write_text(text)
    record = json.loads(outcome("chart", str(folder / "plan.yaml"), "--format", "json", *arguments).out)
    return {f"{each['level']} {each['index'] or ''}".strip(): each for each in record["levels"]}


def test_the_picture() -> None:
    """A pyramid at 80 columns, drawn by hand."""
    assert "\n".join(drawn(PYRAMID)) + "\n" == PICTURE


def test_ascii_where_the_stream_has_no_blocks() -> None:
    """The same places, other characters: `#` are entries, `=` closes."""
    signs = str.maketrans("█▒┤├│┄╪╳≈", "#=++|-*X~")
    assert drawn(PYRAMID, blocks=False) == PICTURE.translate(signs).splitlines()
    plain = process("chart", PYRAMID, env=environment(PYTHONIOENCODING="ascii")).stdout
    assert b"40,000.00 + ##########  tier 1 stop" in plain


@pytest.mark.parametrize("width", [5, 14, 23, 24, 31, 32, 43, 44, 60, 63, 64, 75, 76, 80, 109, 110, 160])
def test_words_go_first_then_bars_and_prices_never(width: int) -> None:
    """Each narrower drawing has the lines of the wider one with less in them, and every price whole."""
    lines = drawn(PYRAMID, width=width)
    prices = [line.split()[0] for line in PICTURE.splitlines() if line[0] != " "]
    assert [line.split()[0] for line in lines if line[0] != " "] == prices
    assert len(lines) == 12
    assert all(len(line) <= max(width, 11) for line in lines[:9])
    text = "\n".join(lines)
    has = [word in text for word in ("4h close below", "close 0.30, stop", "close 0.30", "█", "+5.27R", "tier 2")]
    # Price, blank and axis are 11 columns. Behind them: a blank and 12 of names (24); 2 and 6 of results (32); 10 of
    # bars and 2 (44); of words their first alone, 2 and 18 (64), or all, 2 and 30 (76). The trader's own words are 29
    # more with "; " and stand 4 apart, but in no terminal of less than 100 columns (110).
    least = [width >= columns for columns in (110, 76, 64, 44, 32, 24)]
    assert has == least


def test_height_is_the_rows_of_the_scale() -> None:
    """With 3 rows one is 3,675 of price: 44,206.80 (row 0.62) to 42,000 (1.22) share the middle one."""
    lines = drawn(PYRAMID, "--height", "3")
    assert [line for line in lines if line.split()[0] == "│"] == [
        "          │                             ≈ 3,609.87 further"
    ]
    # 15 rows of 525: 44,206.80 is in 4.37, so three are blank above it.
    lines = drawn(PYRAMID, "--height", "15")
    assert [line[:9].strip() for line in lines[:5]] == ["46,500.00", "", "", "", "44,206.80"]
    # 40,414.20 (11.59) shares row 12 with both tiers at 40,000 (12.38); liquidation stands behind the break.
    assert len([line for line in lines if "≈" not in line]) == 15 + 2 + 1


@pytest.mark.parametrize("rows", ["0", "1", "201"])
def test_a_scale_has_two_ends(rows: str) -> None:
    """Fewer rows than two are no scale, and nobody reads two hundred."""
    reply = outcome("chart", PYRAMID, "--height", rows)
    assert (reply.code, reply.out) == (2, "")
    assert "a scale has 2 to 200 rows" in reply.talk


def test_a_short_stands_upside_down(tmp_path: Path) -> None:
    """Liquidation above the break, then the stop, the tiers, the targets."""
    # 2 at 100 and 2 at 104: average 102. Isolated at 5x, margin 81.6, maintenance 1% of mark:
    # liquidated at (408 + 81.6) / (4 * 1.01) = 121.188; after tier 1 at (200 + 40) / (2 * 1.01) = 118.812.
    text = linear("short", "tiers: [100, 104]\nstop: 108\ntargets: [90]", "4 BTC", "5")
    found = levels(text.replace("0.5%", "1%"), folder=tmp_path)
    assert list(found) == ["liquidation 2", "liquidation 1", "stop", "tier 2", "average 2", "tier 1", "target 1"]
    assert found["liquidation 2"]["price"].startswith("121.188")
    assert found["liquidation 2"]["row"] is None
    assert found["liquidation 1"]["price"].startswith("118.811")
    # Seven rows over 108 - 90 = 18: a row is 3.
    assert [found[name]["exact_row"][:5] for name in ("stop", "tier 1", "target 1")] == ["0", "2.666", "6"]
    assert (found["tier 1"]["row"], found["average 2"]["row"], found["tier 2"]["row"]) == (3, 2, 1)


def test_a_liquidation_near_the_others_stands_on_the_scale(tmp_path: Path) -> None:
    """At 20x a long from 100 is liquidated at 95 / 0.995 = 95.477: 0.523 below the stop, of a span of 24."""
    text = linear("long", "tiers: [100]\nstop: 96\ntargets: [120]", leverage="20")
    assert levels(text, folder=tmp_path)["liquidation 1"]["row"] == 6
    # At 10x it is 90 / 0.995 = 90.452, 5.548 below: within a quarter of 24; at 9x 88.889 / 0.995 = 89.336, beyond.
    assert levels(text.replace("leverage: 20", "leverage: 10"), folder=tmp_path)["liquidation 1"]["row"] == 6
    assert levels(text.replace("leverage: 20", "leverage: 9"), folder=tmp_path)["liquidation 1"]["row"] is None
    # A short at 10x: 110 / 1.005 = 109.453, 5.453 above the stop, of a span of 24; at 9x 111.111 / 1.005 = 110.558.
    text = linear("short", "tiers: [100]\nstop: 104\ntargets: [80]", leverage="10")
    assert levels(text, folder=tmp_path)["liquidation 1"]["row"] == 0
    assert levels(text.replace("leverage: 10", "leverage: 9"), folder=tmp_path)["liquidation 1"]["row"] is None


def test_what_has_no_price_is_said_below(tmp_path: Path) -> None:
    """No stop, and a liquidation that nothing is known of but that the margin ends at 90."""
    (tmp_path / "plan.yaml").write_text(
        "symbol: BTC/USDT:USDT\nside: long\nsize: 1 BTC\nleverage: 10\ntiers: [100]\nstop: none\ntargets: [110]\n"
    )
    text = "\n".join(drawn(str(tmp_path / "plan.yaml")))
    assert "stop        none, as written\nliquidated  n/a, no later than 90.00" in text
    (tmp_path / "plan.yaml").write_text(spot("tiers: [100]\nstop: 90"))
    assert "liquidated" not in "\n".join(drawn(str(tmp_path / "plan.yaml")))


def test_a_drawing_says_what_it_does_not_know(tmp_path: Path) -> None:
    """Cross margin without equity or a stop has no R: results are money, and what has no price is said in words."""
    text = linear("long", "margin_mode: cross\ntiers: [100, 98]\nstop: none\ntargets: [110]", account="{}")
    (tmp_path / "plan.yaml").write_text(text)
    texts = words_of(svg_of(str(tmp_path / "plan.yaml")))
    assert {"stop: none, as written", "liquidated: n/a all in", "What it pays, in USDT"} <= set(texts)
    # Half a coin at 100 and half at 98 make 11 at 110; at 97.4, a twentieth of 12 below, they lose 1.6: a row is 1.
    rows = [text for text in texts if re.fullmatch(r"[-+]?[0-9.]+R?", text)]
    assert [row for row in rows if row[0] in "+-"] == [*(f"+{row}" for row in range(11, 0, -1)), "-1", "-2"]


def test_a_tier_that_never_fills_says_so(tmp_path: Path) -> None:
    """The average and the liquidation are those of the tiers that can fill, and are named so."""
    # At 50x 1/3 at 60,000 and 1/3 at 59,500 average 59,750; liquidated at 59,750 * 0.98 / 0.995 = 58,849.25.
    text = linear("long", "tiers: [60000, 59500, 58000]\nstop: 57000\ntargets: [61000]", leverage="50")
    (tmp_path / "plan.yaml").write_text(text)
    lines = "\n".join(drawn(str(tmp_path / "plan.yaml")))
    assert re.search(r"58,000.00 ├ ███████ +tier 3 never fills\n", lines)
    assert re.search(r"59,750.00 ┄ +average 1-2", lines)
    assert re.search(r"58,849.25 ╳ +liquidated 1-2", lines)


def test_liquidations_that_are_one_price_are_one_mark(tmp_path: Path) -> None:
    """Adds that go up and down by turns keep the average: after six tiers of thirty it is the same but for a digit."""
    prices = ", ".join(str(40000 + (step if step % 2 else -step) * 3) for step in range(30))
    text = linear("long", f"tiers: [{prices}]\nstop: 38500", leverage="5")
    out = outcome("chart", file(tmp_path, text)).out
    assert out.count("╳") == 1
    assert "0.00 further" not in out


def test_two_hundred_tiers() -> None:
    """Each has its line, however many share a row."""
    tiers = "tiers: {from: 60000, to: 63980, count: 200}"
    study = studied(linear("short", f"{tiers}\nstop: 65000\ntargets: [59000]", "10 BTC"))
    scale = ladder_parts(study, figures_of(study.plan, study.ladder))[0]
    assert isinstance(scale, PriceScale)
    lines = ["".join(cell.text for cell in line) for line in scale_lines(scale, 80, blocks=True)]
    assert sum("├" in line for line in lines) == 200
    assert len(lines) < 240


def test_what_another_path_loses_stands_beside_the_plan() -> None:
    """A plan of which paths lose more than the planned 1,000: 1,552.63 with tiers 1 and 3 at the same stop, 1.55R."""
    path = str(ROOT / "plans" / "bad" / "SP512-risk-passed-on-a-path.yaml")
    text = outcome("chart", path, screen=screen_of(80)).out
    assert "planned loss 1,000.00 USDT" in text
    assert "\nanother path loses 1,552.63 USDT = 3.11%: tier 1, after 3, tier 3, stop\n" in text
    assert re.search(r"\n58,000.00 ╪ +stop +-1.55R on another path +-1.00R\n", text)
    assert "another path loses 1,552.63" in (svg_of(path).findtext(f"{SPACE}desc") or "")


def test_errors_are_said_beside(tmp_path: Path) -> None:
    """The drawing shows why; what cannot be read has none."""
    (tmp_path / "plan.yaml").write_text(spot("tiers: [100]\nstop: 110"))
    reply = outcome("chart", str(tmp_path / "plan.yaml"), screen=screen_of(80))
    assert reply.code == 1
    assert "110.00 ╪" in reply.out
    assert "SP201" in reply.talk
    (tmp_path / "plan.yaml").write_text("side: long\n")
    reply = outcome("chart", str(tmp_path / "plan.yaml"), screen=screen_of(80))
    assert (reply.code, reply.out) == (1, "")
    assert outcome("chart", str(tmp_path / "none.yaml")).code == 3


@laws
@given(
    drafts(("spot", "linear", "inverse")),
    st.sampled_from([(), ("leverage: 5", "maintenance: 2%"), ("leverage: 12", "maintenance: 1%")]),
    st.one_of(st.none(), st.integers(2, 60)),
    st.integers(1, 140),
    st.booleans(),
)
@exact
def test_the_scale_is_kept(
    draft: Draft,
    venue: tuple[str, ...],
    rows: int | None,
    width: int,
    blocks: bool,  # noqa: FBT001
) -> None:
    """Levels are in order of price, each within half a row of its place; blank rows are exactly those without one."""
    more = draft.more if draft.contract == "spot" else (*draft.more, *venue)
    study = study_of(replace(draft, more=more).text)
    assume(isinstance(study, Study))
    assert isinstance(study, Study)
    scale = ladder_parts(study, figures_of(study.plan, study.ladder), rows)[0]
    assert isinstance(scale, PriceScale)
    prices = [mark.price for mark in scale.marks]
    assert prices == sorted(prices, reverse=True)
    above, within, below = parts_of(scale.marks)
    assert (*above, *within, *below) == scale.marks
    step = step_of(within, rows)
    assert all(abs(step.row(mark.price) - step.exact(mark.price)) <= Decimal("0.5") for mark in within)
    assert (step.row(within[0].price), step.row(within[-1].price)) in ((0, step.rows - 1), (0, 0))
    lines = ["".join(cell.text for cell in line).rstrip() for line in scale_lines(scale, width, blocks=blocks)]
    heads = [line.split(maxsplit=1)[0] for line in lines]
    axis = "│" if blocks else "|"
    assert [head for head in heads if head != axis] == [mark.text for mark in scale.marks]
    # Of the lines only those that are blank, or a break, have no level.
    gaps = [max(0, step.row(low.price) - step.row(high.price) - 1) for high, low in pairwise(within)]
    assert heads.count(axis) == sum(gaps) + len(above) + len(below)
    fits = max(width, max(len(mark.text) for mark in scale.marks) + 4)
    assert all(len(line) <= fits for line in lines)


# SVG

#: Elements that a drawing is made of; none of them loads or runs anything.
ELEMENTS = {"svg", "title", "desc", "rect", "line", "polyline", "text", "g"}
SPACE = "{http://www.w3.org/2000/svg}"


def svg_of(*arguments: str) -> ET.Element:
    """Returns the drawing that `--svg -` prints, parsed; it is well-formed and in ASCII."""
    reply = outcome("chart", *arguments, "--svg", "-")
    assert reply.out.isascii()
    return ET.fromstring(reply.out)  # noqa: S314 - our own


def words_of(drawing: ET.Element) -> list[str]:
    """Returns every text of a drawing."""
    return [element.text or "" for element in drawing.iter(f"{SPACE}text")]


def harmless(drawing: ET.Element) -> bool:
    """Returns whether a drawing has nothing in it that runs, loads, leads anywhere, or needs a colour."""
    colours = {
        value for element in drawing.iter() for name, value in element.attrib.items() if name in ("fill", "stroke")
    }
    names = {name for element in drawing.iter() for name in element.attrib}
    return (
        {element.tag.removeprefix(SPACE) for element in drawing.iter()} <= ELEMENTS
        and not any(name.startswith("on") or "href" in name or name in ("style", "class", "id") for name in names)
        and colours <= {"#000", "#fff", "none"}
    )


def test_a_drawing_stands_alone() -> None:
    """SVG 1.1 with a title and a description, in a generic typeface; every level has its text and its height."""
    drawing = svg_of(PYRAMID)
    assert drawing.attrib["version"] == "1.1"
    assert drawing.attrib["font-family"] == "monospace"
    assert (drawing.findtext(f"{SPACE}title"), drawing.findtext(f"{SPACE}desc")) == (
        "Range-high breakout, retest, continuation, BTC/USDT:USDT long",
        "planned loss 733.72 USDT = 2.93% of 25,000 (limit 4%); make 4,352.40 = 5.93R",
    )
    assert harmless(drawing)
    texts = words_of(drawing)
    # The same words as in the terminal, but for the bars.
    lines = [line for line in PICTURE.splitlines() if line[0] != " "]
    for line in lines:
        assert set(re.split(r"  +| [┤├┄╪╳] ", re.sub("[█▒]+ *", "", line))) - {""} <= set(texts)


def test_heights_are_to_scale() -> None:
    """Ticks of the short of four stand as far apart as their prices: 20, 40, 60 of 360 in price."""
    # 2,660 to 2,300 in 216 pixels, twelve lines of 18: 0.6 a unit of price. Behind the break above it are two levels.
    drawing = svg_of(str(ROOT / "tests" / "golden" / "show" / "eth-range-top-short.yaml"))
    ladder = drawing.findall(f"{SPACE}g")[1]
    ticks = [
        Decimal(line.attrib["y1"])
        for line in ladder.iter(f"{SPACE}line")
        if line.attrib["y1"] == line.attrib["y2"] and line.attrib["x1"] != line.attrib["x2"]
    ]
    prices = [2660, 2620, 2580, 2560, 2540, 2500, 2440, 2380, 2300]
    assert [tick - ticks[0] for tick in ticks] == [Decimal(2660 - price) * Decimal("0.6") for price in prices]
    # Text stands 4.5 lower than its middle. What has room stands at its level; of the three from 2,580 to 2,540, too
    # near to each other, the middle one does.
    heights = {text.text: Decimal(text.attrib["y"]) - Decimal("4.5") for text in ladder.iter(f"{SPACE}text")}
    alone = {"2,660.00": 0, "2,560.00": 3, "2,500.00": 5, "2,440.00": 6, "2,380.00": 7, "2,300.00": 8}
    assert {price: heights[price] for price in alone} == {price: ticks[row] for price, row in alone.items()}
    assert (heights["2,580.00"], heights["2,540.00"]) == (ticks[3] - 18, ticks[3] + 18)


def test_the_same_plan_gives_the_same_bytes(tmp_path: Path) -> None:
    """Saved whole, left alone where nothing would change, and put over nothing else unasked."""
    file = tmp_path / "ladder.svg"
    first = outcome("chart", PYRAMID, "--svg", str(file))
    assert (first.code, first.talk) == (0, f"scaleplan: {file}: written\n")
    assert "46,500.00 ┤" in first.out
    data = file.read_bytes()
    assert outcome("chart", PYRAMID, "--svg", "-").out.encode() == data
    again = outcome("chart", PYRAMID, "--svg", str(file))
    assert (again.code, file.read_bytes()) == (0, data)
    assert "left alone" in again.talk
    other = outcome("chart", PYRAMID, "--set", "stop=39000", "--svg", str(file))
    assert (other.code, file.read_bytes()) == (3, data)
    assert "is there already, with another content; `--force` replaces it" in other.talk
    forced = outcome("chart", PYRAMID, "--set", "stop=39000", "--svg", str(file), "--force")
    assert forced.code == 0
    assert b"39,000.00" in file.read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["ladder.svg"]


@pytest.mark.parametrize(
    ("name", "code", "said"),
    [
        ("plan.yaml", 2, "is named as plans are"),
        ("link.svg", 2, "is a plan"),
        ("no/such/ladder.svg", 3, "there is no such folder"),
        ("folder", 3, "is no regular file"),
        ("pipe", 3, "is no regular file"),
    ],
)
def test_what_cannot_be_saved(tmp_path: Path, name: str, code: int, said: str) -> None:
    """No plan, folder or FIFO is written to, with `--force` neither."""
    (tmp_path / "plan.yaml").write_text("kept")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link.svg").symlink_to(PYRAMID)
    os.mkfifo(tmp_path / "pipe")
    reply = outcome("chart", PYRAMID, "--force", "--svg", str(tmp_path / name))
    assert reply.code == code
    assert said in joined(reply.talk)
    assert (tmp_path / "plan.yaml").read_text() == "kept"


HOSTILE = "</svg></title><script>alert(1)</script>]]> &amp; \x1b[31m \x07 \ufffe \u202e <image href='x'/>"


def test_text_of_a_plan_is_no_markup(tmp_path: Path) -> None:
    """A name, a trigger, a note and an exit stay text: in the terminal, in a drawing, in a page."""
    name = json.dumps(HOSTILE)
    text = spot(
        f"name: {name}\nstop: 90\ntiers: [{{price: 100, trigger: {name}, note: {name}}}, 95]\n"
        f"targets: [{{price: 110, exit: {name}, note: {name}}}]"
    )
    (tmp_path / "plan.yaml").write_text(text)
    drawing = svg_of(str(tmp_path / "plan.yaml"))
    assert harmless(drawing)
    assert "<script>alert(1)</script>" in " ".join(words_of(drawing))
    for width in (60, 80, 200, 400):
        out = outcome("chart", str(tmp_path / "plan.yaml"), screen=screen_of(width)).out
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202e\ufffe]", out)


@laws
@given(drafts(("spot", "linear", "inverse")))
@exact
def test_a_drawing_has_every_price_of_its_plan(draft: Draft) -> None:
    """Of tiers and what they wait for, targets, stop and invalidation; labels keep their order and a line each."""
    study = study_of(draft.text)
    assume(isinstance(study, Study))
    assert isinstance(study, Study)
    drawing = ET.fromstring(chart_svg(study))  # noqa: S314 - our own
    assert harmless(drawing)
    texts = words_of(drawing)
    plan, figures = study.plan, figures_of(study.plan, study.ladder)
    prices = [*(tier.price for tier in plan.tiers), *(each.price for each in study.ladder.exits), plan.stop]
    assert {figures.price(price) for price in prices} <= set(texts)
    waits = [tier.after.price for tier in plan.tiers if isinstance(tier.after, AfterPrice)]
    assert all(f"after {price:,f} traded" in " ".join(texts) for price in waits)
    scale = ladder_parts(study, figures)[0]
    assert isinstance(scale, PriceScale)
    labels = {mark.text for mark in scale.marks}
    placed = [
        (Decimal(text.attrib["y"]), text.text)
        for text in drawing.iter(f"{SPACE}text")
        if text.attrib.get("text-anchor") == "end" and text.text in labels
    ]
    assert [text for _, text in sorted(placed, key=itemgetter(0))] == [mark.text for mark in scale.marks]
    heights = sorted(height for height, _ in placed)
    assert all(low - high >= Decimal("17.99") for high, low in pairwise(heights))


# What it pays

#: 1 at 100 and 1 at 96, stopped at 90, half off at 110 and the rest at 120; nothing costs anything.
PAYS = linear("long", "tiers: [100, 96]\nstop: 90\ntargets: [50% at 110, rest at 120]", "2 BTC")


def payoffs(text: str, folder: Path, *arguments: str) -> dict[int, list[tuple[Decimal, Decimal]]]:
    """Returns the points of each count of tiers, as the JSON has them: price and net."""
    (folder / "plan.yaml").write_text(text)
    record = json.loads(outcome("chart", str(folder / "plan.yaml"), "--format", "json", "--payoff", *arguments).out)
    return {
        len(each["tiers"]): [(Decimal(point["price"]), Decimal(point["net"])) for point in each["points"]]
        for each in record["payoff"]
    }


def test_what_a_plan_pays_by_hand(tmp_path: Path) -> None:
    """Flat past the stop, straight between levels, half as steep after half is closed, flat when all is."""
    found = payoffs(PAYS, tmp_path)
    # The outermost levels are 90 and 120; a twentieth of 30 more on either side. Tier 1 alone is 1 from 100: -10 at 90,
    # +10 at 110, where half goes; 120 brings 5 + 0.5 * 20 = 15. Both are 2 from 98: -16, -4 at 96 where the second
    # filled, +24 at 110, and 12 + 22 = 34 at 120.
    assert found == {
        1: [
            (Decimal("88.5"), Decimal(-10)),
            (Decimal(90), Decimal(-10)),
            (Decimal(100), Decimal(0)),
            (Decimal(110), Decimal(10)),
            (Decimal(120), Decimal(15)),
            (Decimal("121.5"), Decimal(15)),
        ],
        2: [
            (Decimal("88.5"), Decimal(-16)),
            (Decimal(90), Decimal(-16)),
            (Decimal(96), Decimal(-4)),
            (Decimal(110), Decimal(24)),
            (Decimal(120), Decimal(34)),
            (Decimal("121.5"), Decimal(34)),
        ],
    }


def test_what_closing_costs(tmp_path: Path) -> None:
    """Closed at a price a taker pays slippage and fee; at a target a limit pays maker, so that the result leaps."""
    text = PAYS.replace("fees: {maker: 0%, taker: 0%}", "fees: {maker: 0%, taker: 0.1%}\nslippage: 1%")
    found = payoffs(text, tmp_path)[1]
    # At 110 a taker is filled at 108.9 and pays 0.1089: 8.9 - 0.1089 = 8.7911. Half as a limit at 110 nets 5, and half
    # as a taker half of that, 4.39555.
    assert [net for price, net in found if price == 110] == [Decimal("8.7911"), Decimal("9.39555")]
    # All closed by limits: 5 + 10.
    assert found[-1][1] == 15


def test_liquidation_before_the_stop_is_a_leap(tmp_path: Path) -> None:
    """At 20x the margin of 5 is lost at 95 / 0.995 = 95.477, where closing would still save 0.477."""
    text = linear("long", "tiers: [100]\nstop: 90\ntargets: [110]", "1 BTC", "20")
    found = payoffs(text, tmp_path)[1]
    assert [round(net, 6) for _, net in found][:3] == [-5, -5, Decimal("-4.522613")]
    lines = "\n".join(drawn(str(tmp_path / "plan.yaml"), "--payoff"))
    assert "liquidated 1" in lines


@laws
@given(
    drafts(("spot", "linear", "inverse")),
    st.sampled_from([(), ("leverage: 5", "maintenance: 2%"), ("leverage: 12", "maintenance: 1%")]),
    st.booleans(),
)
@exact
def test_what_a_plan_pays_is_what_its_figures_say(
    draft: Draft,
    venue: tuple[str, ...],
    costs: bool,  # noqa: FBT001
) -> None:
    """At the stop it is minus the risk; past the last target, where nothing is left, the reward. No price is twice."""
    fees = ("fees: {maker: 0.02%, taker: 0.05%}", "slippage: 0.1%") if costs else ()
    more = draft.more if draft.contract == "spot" else (*draft.more, *venue)
    study = study_of(replace(draft, more=(*more, *fees)).text)
    assume(isinstance(study, Study))
    assert isinstance(study, Study)
    ladder, sign = study.ladder, study.plan.sign
    for payoff, points in drawn_payoffs(study):
        step = ladder.steps[payoff.tiers - 1]
        prices = [point.price for point in points]
        assert prices == sorted(prices)
        away, won = (points[0], points[-1]) if sign > 0 else (points[-1], points[0])
        stop, at = step.position.stop, step.position.liquidation.price
        listed = walk(ladder.machine, step.state)
        # A stop at the price, or one that a target moves past it, is out at once: the figures as listed pass over that.
        if any(move.fault is MoveFault.EXITS_AT_ONCE for move in (*ladder.moves, *listed.moves)):
            continue
        risk = step.position.risk
        if stop is not None and risk is not None and (at is None or sign * (stop - at) > 0):
            assert same(away.net, -risk)
        if payoff.winning[-1].state is None:
            assert same(won.net, listed.reward)


@pytest.mark.parametrize("width", [30, 60, 80, 120])
@pytest.mark.parametrize("rows", [None, "3", "9", "40"])
@pytest.mark.parametrize("blocks", [True, False])
def test_curves_stand_in_their_rows(tmp_path: Path, width: int, rows: str | None, blocks: bool) -> None:  # noqa: FBT001
    """Every column of a drawing has its curve in the row nearest to its result, on a grid that has a row of 0."""
    text = linear("short", "tiers: [100]\nstop: 108\ntargets: [50% at 92, rest at 80]", "1 BTC")
    points = payoffs(text, tmp_path)[1]
    arguments = () if rows is None else ("--height", rows)
    lines = drawn(str(tmp_path / "plan.yaml"), "--payoff", *arguments, width=width, blocks=blocks)
    grid = list(takewhile(lambda line: re.match(r" *[-+]?[0-9.]+R ", line), lines))
    assert all(len(line) <= width for line in lines)
    assert len(grid) <= int(rows or 17)
    results = [Decimal(line.partition("R ")[0].strip()) for line in grid]
    step = results[0] - results[1]
    assert all(high - low == step for high, low in pairwise(results))
    assert 0 in results
    begin = grid[0].index("R ") + 3
    columns = max(len(line) for line in grid) - begin
    low, high = points[0][0], points[-1][0]
    for column in range(columns):
        price = low + (high - low) * column / (columns - 1)
        net = next(
            left[1] + (right[1] - left[1]) * (price - left[0]) / (right[0] - left[0])
            for left, right in pairwise(points)
            if left[0] <= price <= right[0] and left[0] < right[0]
        )
        drawn_in = [result for result, line in zip(results, grid, strict=True) if line[begin + column :][:1] == "1"]
        # 1R is the loss at the stop, 8.
        assert any(abs(result - net / 8) <= step / 2 + Decimal("1e-9") for result in drawn_in)


def test_more_curves_than_nine_are_not_told_apart() -> None:
    """Of two hundred tiers nine curves are drawn, the first and the last among them, each with a letter of its own."""
    tiers = "tiers: {from: 60000, to: 63980, count: 200}"
    study = studied(linear("short", f"{tiers}\nstop: 65000\ntargets: [59000]", "10 BTC"))
    curves = payoff_curves(study, figures_of(study.plan, study.ladder)).curves
    assert [curve.sign for curve in curves] == list("abcdefghi")
    assert (curves[0].name, curves[-1].name) == ("tier 1", "tiers 1-200")


def test_curves_are_polylines_over_the_same_points(tmp_path: Path) -> None:
    """Their ends in a drawing are those of the axis, told apart by dashes, each with its name."""
    (tmp_path / "plan.yaml").write_text(PAYS)
    drawing = svg_of(str(tmp_path / "plan.yaml"))
    assert harmless(drawing)
    lines = list(drawing.iter(f"{SPACE}polyline"))
    assert len({line.attrib.get("stroke-dasharray") for line in lines}) == 2
    assert {"tier 1", "tiers 1-2"} <= set(words_of(drawing))
    for line in lines:
        across = [Decimal(pair.partition(",")[0]) for pair in line.attrib["points"].split()]
        # From 88.5 to 121.5 are 560 pixels.
        assert across[-1] - across[0] == 560
        assert across == sorted(across)


@pytest.mark.parametrize(
    ("price", "state"),
    [("41000", ("--tiers", "3")), ("43000", ("--tiers", "3")), ("44000", ("--tiers", "3", "--targets", "1"))],
)
def test_a_curve_is_what_standing_there_says(price: str, state: tuple[str, ...]) -> None:
    """Closed at a price between levels, a plan nets what `at` says of that price."""
    standing = json.loads(outcome("at", PYRAMID, price, *state, "--format", "json").out)
    record = json.loads(outcome("chart", PYRAMID, "--payoff", "--format", "json").out)
    (points,) = (each["points"] for each in record["payoff"] if each["tiers"] == [1, 2, 3])
    at = Decimal(price)
    low, high = next(
        (low, high) for low, high in pairwise(points) if Decimal(low["price"]) <= at < Decimal(high["price"])
    )
    begin, end = Decimal(low["price"]), Decimal(high["price"])
    net, other = Decimal(low["net"]), Decimal(high["net"])
    drawn_at = net + (other - net) * (at - begin) / (end - begin)
    assert abs(drawn_at - Decimal(standing["closed_now"])) < Decimal("1e-9")
