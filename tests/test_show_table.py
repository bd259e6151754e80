"""The tables of `show`: layout at every width, the figures of the sketch, text that stays text."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaleplan.ladder.book import book
from scaleplan.report.figures import figures_of
from scaleplan.report.layout import essential
from scaleplan.report.show.columns import target_columns, tier_columns
from scaleplan.report.visible import cells
from scaleplan.study import Study
from tests.given import studied, study_of
from tests.reported import book_text, show_text
from tests.running import approved, joined, outcome

GOLDEN = Path(__file__).parent / "golden" / "show"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))
WIDTHS = (60, 80, 120, 160)
#: Set to rewrite the golden files from what the program says; then read the difference.
ESCAPE = "\x1b"


def golden(name: str) -> Study:
    """The study of a golden plan, under the bare name of its file."""
    return studied((GOLDEN / f"{name}.yaml").read_bytes(), f"{name}.yaml")


def shown(text: str, width: int = 80) -> str:
    """The tables of a plan given as text."""
    return show_text(studied(text), width=width, colour=False)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_tables_are_as_they_were_approved(name: str, width: int) -> None:
    """Layout and wording at 60, 80, 120 and 160 columns are those of the golden files, to the character."""
    # What is wrong with a plan is told elsewhere, in words of its own golden files.
    text = show_text(golden(name)._replace(diagnostics=()), width=width, colour=False)
    approved(text, GOLDEN / f"{name}.{width}.txt")


# The sketch: hand-drawn figures of the plan `eth-range-top-short`, with their sums in the plan language's terms, as
# risk after tier 4: 8 * (2660 * 1.0005 - 2560) = 810.64, entry fees 0.02% of 20,480 = 4.096, exit fee 0.05% of
# 8 * 2,661.33 = 10.645..., together 825.381...; liquidation (20,480 + 4,096) / (8 * 1.005) = 3,056.716...
SKETCH = """
planned loss 825.38 USDT = 4.13% of 20,000 (limit 5%)     make 1,320.07 = 1.60R
1 limit 2,500.00 2.00 2,500.00 2,660.00 326.32 0.40 2,985.07 +12.2%
2 limit 2,540.00 2.00 2,520.00 2,660.00 572.66 0.69 3,008.96 +13.1%
3 limit 2,580.00 2.00 2,540.00 2,660.00 739.01 0.90 3,032.84 +14.0%
4 limit 2,620.00 2.00 2,560.00 2,660.00 825.38 1.00 3,056.72 +14.9%
1 limit 2,440.00 4.00 50% 4.00 476.00 476.00 0.58 2,556.93 +0.58R
2 limit 2,380.00 2.40 30% 1.60 429.63 905.63 1.10 2,440.00 +1.32R
3 limit 2,300.00 1.60 20% 0.00 414.44 1,320.07 1.60 - -
stopped -1.00R
after target 1 +0.07R +0.19R +0.36R +0.58R
all targets +0.25R +0.61R +1.05R +1.60R
"""


def test_the_sketch_comes_out_of_the_program() -> None:
    """Every figure that the sketch drew by hand for 80 columns stands in the table, row by row."""
    rows = [joined(line) for line in shown((GOLDEN / "eth-range-top-short.yaml").read_text()).splitlines()]
    for line in SKETCH.strip().splitlines():
        assert joined(line) in rows
    text = "\n".join(rows)
    for part in (
        "breakeven 2,558.21",
        "margin 4,096.00 (20.5%)",
        "leverage 1.05x",
        "1,305.29 (1.58R)",
        "instead of 2,560.00",
    ):
        assert part in text


def test_what_matters_comes_in_the_order_of_the_eye() -> None:
    """What is lost, the tiers, the position, the targets, what a partial fill brings, then what it rests on."""
    text = shown((GOLDEN / "eth-range-top-short.yaml").read_text())
    places = [text.index(part) for part in ("planned loss", "tier ", "all in", "target ", "if only", "1R  ", "costs")]
    assert places == sorted(places)


@pytest.mark.parametrize(("width", "heads"), [(80, 8), (120, 12), (160, 16)])
def test_wider_terminals_show_more(width: int, heads: int) -> None:
    """Eight figures beside the tier at 80 columns; at 120 and 160 the others come in."""
    line = shown((GOLDEN / "eth-range-top-short.yaml").read_text(), width).splitlines()[3]
    for head in ("% eq", "past stop", "from price"):
        line = line.replace(head, head.replace(" ", "-"))
    assert len(line.split()) == heads + 1


@pytest.mark.parametrize(
    ("prices", "stop", "width"),
    [
        (("0.00001234", "0.00001200", "0.00001150", "0.00001100", "0.00001050"), "0.00000990", 60),
        (("60000", "59500", "59000", "58500", "58000"), "57000", 60),
        (("60000", "59500", "59000", "58500", "58000"), "57000", 50),
        (("1500000000", "1480000000", "1450000000", "1420000000", "1400000000"), "1380000000", 80),
    ],
)
def test_columns_stay_columns(prices: tuple[str, ...], stop: str, width: int) -> None:
    """What does not fit beside the rest stands in a second table, where figures are still compared down a column."""
    text = (
        f"symbol: X/USDT:USDT\nside: long\nleverage: 5\nmaintenance: 0.5%\nsize: 50000000 USDT\n"
        f"tiers: [{', '.join(prices)}]\nstop: {stop}\n"
    )
    lines = show_text(studied(text), width=width).splitlines()
    heads = [line for line in lines if line.startswith("tier ")]
    words = [word for line in heads for word in line.split() if word != "tier"]
    assert words == ["price", "qty", "average", "stop", "risk", "R", "liquidated", "past", "stop"]
    for head in heads:
        begin = lines.index(head)
        # As many rows as tiers, each as wide as its heads.
        assert [len(line) for line in lines[begin + 1 : begin + 6]] == [len(head)] * 5
    assert all(len(line) <= width for line in lines)


def test_narrow_terminals_stack() -> None:
    """At 40 columns each tier is a block of labelled figures."""
    text = shown((GOLDEN / "eth-range-top-short.yaml").read_text(), 40)
    assert "tier 1 limit\n  price      2,500.00\n  qty            2.00\n" in text
    text = shown((GOLDEN / "eth-range-top-short.yaml").read_text(), 24)
    assert "tier 1 limit\n  price      2,500.00\n  qty            2.00\n" in text


@pytest.mark.parametrize("name", NAMES)
def test_without_colour_nothing_acts_on_the_terminal(name: str) -> None:
    """No control character but the line feed, and no blank at the end of a line."""
    text = show_text(golden(name), width=80, colour=False)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]", text)
    assert not re.search(r" $", text, re.MULTILINE)


@pytest.mark.parametrize("width", [40, *WIDTHS])
@pytest.mark.parametrize("name", NAMES)
def test_colour_only_repeats_what_the_words_say(name: str, width: int) -> None:
    """With colour the text is the same; the only sequences are attributes, each ended on its line."""
    plain, coloured = (show_text(golden(name), width=width, colour=colour) for colour in (False, True))
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain
    assert ESCAPE in coloured
    for line in coloured.splitlines():
        assert line.count(f"{ESCAPE}[0m") * 2 == line.count(ESCAPE)


def test_text_of_a_plan_is_never_markup_nor_a_command() -> None:
    """A name with markup, an escape sequence, a bidi override and an emoji code stays the text that it is."""
    text = show_text(golden("no-stop"), width=160, colour=False)
    assert r"no \x1b[31mstop\x1b[0m [bold]at all[/] \u202eekam :smile:" in text
    assert r"=cmd|' /C calc'!A0 `x` <b>\x1b]0;owned\x07" in text


def test_a_tier_that_cannot_fill_says_so() -> None:
    """It reads `never fills` and why, and with colour its row is faint."""
    plain = show_text(golden("never-fills"), width=80, colour=False)
    assert plain.count("never fills: the tiers before it are stopped first") == 2
    row = next(line for line in show_text(golden("never-fills"), width=80, colour=True).splitlines() if "2,580" in line)
    assert row.startswith(f"{ESCAPE}[2m3 limit")


def test_the_best_result_is_no_promise_where_tiers_cannot_fill() -> None:
    """Reward counts the tiers that have filled by then on some path; the first lines say which."""
    assert "with tiers 1-2 filled" in show_text(golden("never-fills"), width=80, colour=False)


def test_a_broken_limit_is_said_in_words() -> None:
    """A worst loss, a margin and a leverage past their limits read `over the limit`; the headline says it twice."""
    assert show_text(golden("never-fills"), width=160, colour=False).count("over the limit of") == 4


def test_diagnostics_come_last_and_their_count_first() -> None:
    """The head says how many, a line counts them after the tables, and then each is told."""
    text = show_text(golden("never-fills"), width=80, colour=False)
    assert (
        text.index("told at the end") < text.index("tier ") < text.index("in 1 plan") < text.index("never-fills.yaml:")
    )


def test_a_plan_that_cannot_be_read_has_no_table(tmp_path: Path) -> None:
    """Only what is wrong with it is told, beside."""
    (tmp_path / "plan.yaml").write_text("symbol: [\n")
    found = outcome("show", str(tmp_path / "plan.yaml"))
    assert found.out == ""
    assert "plan.yaml:" in found.talk
    assert "tier" not in found.talk


UNKNOWN = """
symbol: ETH/USDT:USDT
side: long
leverage: {leverage}
size: 4 ETH
tiers: [2000, 1900]
stop: 1800
{rest}
"""


def test_unknown_is_not_none_and_neither_is_zero() -> None:
    """`n/a` where no rate is written, with the bankruptcy price as the latest; `none` where margin covers all."""
    # 4 ETH at an average of 1,950 with margin 7,800 / 4 = 1,950: bankrupt at 1,950 - 1,950 / 4 = 1,462.50.
    unknown = shown(UNKNOWN.format(leverage=4, rest=""))
    assert re.search(r"^2 limit .* n/a +1,462\.50$", unknown, re.MULTILINE)
    assert "write `maintenance:` or `venue:`" in unknown
    covered = shown(UNKNOWN.format(leverage=1, rest="maintenance: 0.5%"))
    assert re.search(r"^2 limit .* none +none$", covered, re.MULTILINE)
    assert "share of equity n/a" in covered
    assert "make n/a: no targets" in covered


def test_a_liquidation_just_before_the_stop_shows() -> None:
    """A room of less than nothing is negative however little it is."""
    # One ETH at 2,000 with margin 200 and no maintenance is liquidated at 1,800; the stop at 1,799.99 lies behind it.
    text = shown(
        "symbol: ETH/USDT:USDT\nside: long\nleverage: 10\nmaintenance: 0%\nsize: 1 ETH\ntiers: [2000]\nstop: 1799.99\n"
    )
    assert re.search(r"1,799\.99 .* 1,800\.00 +-0\.1%$", text, re.MULTILINE)


def test_a_gain_that_the_stop_locks_in_is_explained() -> None:
    """A risk below zero is no loss, and a line says so."""
    text = shown(
        "symbol: AAA/USDT\nside: long\nsize: 2 AAA\nstop: 90\ntiers:\n  - 100\n"
        "  - {price: 120, order: stop, stop: 115}\n"
    )
    # After tier 2 the average is 110 and the stop 115: 2 * 5 = 10 locked in.
    assert re.search(r"^2 stop .* -10\.00 ", text, re.MULTILINE)
    assert "below 0 it is a gain" in text


def test_assumed_costs_are_said() -> None:
    """Where neither fees nor slippage are written the figures are at 0, and the table says that it is assumed."""
    assert "fees: none written, 0 assumed; slippage 0 assumed" in shown(UNKNOWN.format(leverage=4, rest=""))


def test_distances_in_r_are_told_from_money_in_r() -> None:
    """Where the two differ by more than 5%, a footnote gives both; where they do not, there is none."""
    assert "every other R is money" in show_text(golden("btc-pyramid"), width=80, colour=False)
    # 800 of distance against 825.38 of money is 3%.
    assert "every other R is money" not in show_text(golden("eth-range-top-short"), width=120, colour=False)


def test_twenty_tiers_wrap_what_each_count_brings() -> None:
    """Counts that do not fit beside each other go on below, each with its labels; narrower they go down the page."""
    tiers = ", ".join(f"{price} stop" for price in range(100, 140, 2))
    plan = f"symbol: AAA/USDT\nside: long\nsize: 20 AAA\nstop: 50\ntiers: [{tiers}]\n"
    text = shown(plan)
    assert text.count("if only tiers") == 3
    assert "1-20" in text
    assert shown(plan, 40).count("if only tiers") == 1


@pytest.mark.parametrize("width", [40, 80, 160])
@pytest.mark.parametrize("name", ["word " * 60 + "x" * 300, "比特币区间突破计划東京한국어" * 12, "e\u0301" * 200])
def test_a_name_of_any_length_stays_within_the_width(name: str, width: int) -> None:
    """Long, wide and combining names wrap; none is cut."""
    text = shown(f"name: {name}\nsymbol: AAA/USDT\nside: long\nsize: 2 AAA\nstop: 90\ntiers: [100, 95]\n", width)
    assert all(cells(line) <= width for line in text.splitlines())
    assert name.replace(" ", "") in re.sub(r"\s", "", text)


def test_a_number_wider_than_the_terminal_stands_whole() -> None:
    """Where not even a number fits, it has a line of its own, and every other line still fits."""
    prices = "tiers: [1234567890123456, 1200000000000000]\nstop: 1000000000000000"
    lines = shown(f"symbol: AAA/USDT\nside: long\nsize: 200 AAA\n{prices}\n", 18).splitlines()
    assert "1,234,567,890,123,456" in lines
    # 100 lose 234,567,890,123,456 each and 100 lose 200,000,000,000,000: said as the planned loss, in the table, as
    # 1R, and once more below the diagnostics.
    assert lines.count("43,456,789,012,345,600") == 4
    table = lines[: lines.index("1 note in 1 plan")]
    assert all(cells(line) <= 18 or " " not in line.strip() for line in table)


PRICES = st.decimals(min_value=Decimal("0.00001"), max_value=10**9, places=5)


@st.composite
def plans(draw: st.DrawFn) -> str:
    """A plan of any size and side: tiers, targets, costs, equity and limits as they come."""
    side = draw(st.sampled_from(["long", "short"]))
    tiers = draw(st.lists(PRICES, min_size=1, max_size=6))
    worse = min(tiers) / 2 if side == "long" else max(tiers) * 2
    better = max(tiers) * 2 if side == "long" else min(tiers) / 2
    lines = ["symbol: AAA/USDT:USDT", f"side: {side}", f"leverage: {draw(st.integers(1, 50))}", f"stop: {worse:f}"]
    lines.append(f"size: {draw(st.integers(1, 10**12))} {draw(st.sampled_from(['AAA', 'USDT']))}")
    lines.append(f"tiers: [{', '.join(format(tier, 'f') for tier in tiers)}]")
    if draw(st.booleans()):
        lines.append("account: {equity: 20000, max_risk: 1%, max_margin: 30%, max_leverage: 2}")
    if draw(st.booleans()):
        lines.append("maintenance: 0.5%")
    if draw(st.booleans()):
        lines.append("fees: {maker: 0.02%, taker: 0.05%}\nslippage: 0.05%")
    if draw(st.booleans()):
        lines.append(f"targets: [30% at {better:f}, 20% at 3R]")
    return "\n".join(lines) + "\n"


@settings(max_examples=150, deadline=None)
@given(plans(), st.integers(min_value=40, max_value=200))
def test_no_line_is_too_wide_and_no_figure_is_cut(text: str, width: int) -> None:
    """At any width every essential figure stands whole, and only a line of one figure may be wider."""
    found = study_of(text)
    assume(isinstance(found, Study))  # a target in R may lie below zero
    assert isinstance(found, Study)
    out = show_text(found._replace(diagnostics=()), width=width, colour=False)
    for line in out.splitlines():
        assert cells(line) <= width or " " not in line.strip()
    words = out.split()
    figures = figures_of(found.plan, found.ladder)
    offered = tier_columns(figures, found.ladder, width) + (
        target_columns(figures, found.ladder) if found.ladder.exits else []
    )
    prose = {word.rstrip(",;") for word in words}
    assert figures.price(found.ladder.steps[-1].position.breakeven) in prose
    # What is left, and how far liquidation is past the stop, may be left out; their figures are never cut.
    for column in (each for each in essential(offered) if not each.spare):
        for cell in column.cells:
            assert all(part in words for part in cell.text.split())


def test_the_book_sums_by_currency() -> None:
    """One line a settle currency; what needs one equity is n/a where the plans have several."""
    studies = [golden(name) for name in ("eth-range-top-short", "btc-pyramid", "coin-long")]
    pairs = tuple((one.plan, one.ladder) for one in studies)
    text = book_text(book(pairs), width=80)
    # 825.38132 + 900.497... = 1,725.879...; margin 4,096 + 5,001.75
    assert re.search(r"^USDT +2 +1,725\.88 +n/a +9,097\.75 +n/a +n/a +n/a$", text, re.MULTILINE)
    assert re.search(r"^BTC +1 .* 4\.37% .* 0\.05$", text, re.MULTILINE)
    assert all(cells(line) <= 40 for line in book_text(book(pairs), width=40).splitlines())


PAIR = """
symbol: EUR/USD
side: {side}
leverage: 30
fees: {{maker: 0%, taker: 0%}}
account: {{equity: 10000 USD}}
size: 1% risk
tiers: [1.10]
stop: {stop}
targets:
  - {{price: 1.5R, close: 50%, stop: entry +1 pip}}
  - {{price: 2R, close: rest}}
"""


@pytest.mark.parametrize(
    ("side", "stop", "levels"),
    # 1R is 0.0010: 1.5R is 1.10 +- 0.0015, 2R is 1.10 +- 0.0020; a pip of a pair is 0.0001.
    [("long", "1.099", ("1.1015", "1.1020", "1.1001")), ("short", "1.101", ("1.0985", "1.0980"))],
)
def test_a_pair_never_shows_fewer_digits_than_a_pip(side: str, stop: str, levels: tuple[str, ...]) -> None:
    """Targets half a pip step apart read as two prices, and a stop a pip from the entry is not the entry."""
    text = shown(PAIR.format(side=side, stop=stop))
    assert all(f" {level} " in text for level in levels)


def test_levels_that_differ_read_differently_without_a_tick() -> None:
    """1.5R and 1.504R from 100 with a stop at 99.9: 100.15 and 100.1504, which two digits would show alike."""
    plan = PAIR.replace("EUR/USD", "ABC/USD").replace("1.10]", "100]").replace("entry +1 pip", "entry")
    text = shown(plan.replace("2R", "1.504R").format(side="long", stop="99.9"))
    assert " 100.1500 " in text
    assert " 100.1504 " in text


def test_the_headline_is_the_last_line_where_diagnostics_follow() -> None:
    """What scrolls by ends with the answer; without diagnostics it is said once."""
    study = studied(PAIR.format(side="long", stop="1.099"))
    text = show_text(study, width=80, colour=False)
    assert study.diagnostics
    assert text.splitlines()[-1].startswith("planned loss ")
    assert text.count("planned loss ") == 2
