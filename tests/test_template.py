"""Templates: what they are at a signal, what is wrong with them, and that what is written down is that plan again."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.decode.template import SignalBar
from scaleplan.decode.written_plan import plan_yaml
from scaleplan.engine.machine import Machine
from scaleplan.plan import Order, Plan
from scaleplan.quantity.price import Fixed
from scaleplan.study import Session, Settings, Study
from tests.running import ROOT, outcome

HEAD = "symbol: BTC/USDT:USDT\nleverage: 5\naccount: {equity: 25000 USDT}\nsize: 1% risk\n"
LONG = (
    HEAD
    + "side: long\ntiers: {from: signal, to: -2 atr, count: 3, shares: equal}\nstop: -3 atr\n"
    + "targets: [40% at +1 atr, 30% at 2R, rest at +4 atr]\natr: {bars: 14, of: 4h}\nsignals: breakout 20\n"
)


def at(text: str, bar: SignalBar) -> Study:
    """Returns the plan that a template is where a signal's bar is as given."""
    study = Session(Settings(moment=bar)).study("t.yaml", text.encode())
    assert isinstance(study, Study), study.diagnostics
    return study


def plan_of(text: str, price: str, atr: str | None = None, sign: int = 1, **columns: str) -> Plan:
    """Returns the plan of a template at a close, an ATR and prices of columns."""
    prices = {name: Decimal(column) for name, column in columns.items()}
    return at(text, SignalBar(Decimal(price), None if atr is None else Decimal(atr), prices, sign)).plan


def prices(plan: Plan) -> list[Decimal]:
    """Returns the prices of tiers."""
    return [tier.price for tier in plan.tiers]


def written(folder: Path, text: str) -> str:
    """Writes a file. Returns its name."""
    (folder / "t.yaml").write_text(text)
    return str(folder / "t.yaml")


def test_distances_in_atr_are_prices_at_a_signal() -> None:
    """60000 less 1 x 850 and 2 x 850; the stop 3 x 850 below; the first is a market order, the others limits."""
    plan = plan_of(LONG, "60000", "850")
    assert prices(plan) == [60000, 59150, 58300]
    assert plan.stop == 57450
    assert plan.targets[0].price == Fixed(Decimal(60850))
    assert plan.targets[2].price == Fixed(Decimal(63400))
    assert [tier.order for tier in plan.tiers] == [Order.MARKET, Order.LIMIT, Order.LIMIT]


def test_the_sign_of_a_signal_mirrors_what_is_written_for_a_long() -> None:
    """A short: adds above, the stop 3 x 850 above 60000, the last target 4 x 850 below."""
    plan = plan_of(LONG.replace("side: long", "side: signal"), "60000", "850", -1)
    assert plan.side == "short"
    assert prices(plan) == [60000, 60850, 61700]
    assert plan.stop == 62550
    assert plan.targets[2].price == Fixed(Decimal(56600))


@pytest.mark.parametrize(
    ("first", "price", "order"),
    [
        ("signal", "60000", Order.MARKET),
        ("signal -0.2%", "59880", Order.LIMIT),
        ("signal +0.5 atr", "60425", Order.STOP),
        ("signal -120 points", "59880", Order.LIMIT),
        ("column high +1.5 points", "61001.5", Order.STOP),
        ("column low", "59000", Order.LIMIT),
        ("column high +0.1%", "61061", Order.STOP),
        ("column low -1 atr", "58150", Order.LIMIT),
    ],
)
def test_tier_1_is_executed_by_where_it_lies(first: str, price: str, order: Order) -> None:
    """At the close at once; on the losing side of it by a limit, on the winning side by a stop."""
    text = HEAD + f"side: long\ntiers: [{first}]\nstop: 50000\n"
    tier = plan_of(text, "60000", "850", low="59000", high="61000").tiers[0]
    assert (tier.price, tier.order) == (Decimal(price), order)


def test_levels_lie_on_ticks() -> None:
    """A tick of 25: 60010 goes to 60000, the add at 59161.5 to 59150, the stop away from price: a long's down."""
    text = HEAD + "side: signal\ninstrument: {tick_size: 25}\ntiers: [signal, -1 atr]\nstop: -3 atr\n"
    long = plan_of(text, "60010", "848.5")
    assert prices(long) == [60000, 59150]
    assert long.stop == 57450  # 60010 - 2545.5 = 57464.5
    short = plan_of(text, "60010", "848.5", -1)
    assert short.stop == 62575  # 62555.5


def test_levels_of_a_position_lie_on_ticks() -> None:
    """A tick of 5, long 1 at 100 and at 90, stop 60: the average is 95, 1R is 35 of price.

    1.5R is 147.5, on the nearer tick (to the even one) 150. +0.3R is 105.5, and a stop away from price, at 105. The
    breakeven after a taker fee of 1% is (95 + 0.95) / 0.99 = 96.92, at 95: it lies a tick too low rather than too near.
    """
    text = (
        "symbol: T/USDT:USDT\nside: long\nleverage: 1\nfees: {maker: 1%, taker: 1%}\nsize: 2 T\n"
        "instrument: {tick_size: 5}\ntiers: [{price: signal, order: limit}, -10 points]\nstop: -40 points\n"
        "targets: [{price: 1.5R, close: 50%, stop: breakeven}, {price: 3R, close: 20%, stop: +0.3R}, rest at 6R]\n"
    )
    plan = plan_of(text, "100", "1")
    machine = Machine(plan, (Decimal(1), Decimal(1)))
    state = machine.listed()
    for index, level in enumerate((100, 90)):
        step = machine.fill(state, machine.holdings.own_fill(index), Decimal(level))
        assert step.state is not None
        state = step.state
    assert machine.holdings.target(state.held, 0) == 150
    hit = machine.hit(state, Decimal(150))
    assert hit.state is not None
    assert hit.state.stop == 95
    assert machine.holdings.target(hit.state.held, 1) == 200
    again = machine.hit(hit.state, Decimal(200))
    assert again.state is not None
    assert again.state.stop == 105


def test_a_distance_that_trails_is_of_whole_ticks() -> None:
    """1.3 times 851.3 is 1106.69: on a tick of 5 it trails 1110, and what is written down says so."""
    text = HEAD + "side: long\ninstrument: {tick_size: 5}\ntiers: [signal]\nstop: -3 atr\n"
    plan = plan_of(text + "targets: [{price: +1 atr, trail: 1.3 atr}]\n", "60000", "851.3")
    trail = plan.targets[0].trail
    assert trail is not None
    assert trail.distance == 1110


def test_levels_on_ticks_need_a_tick(tmp_path: Path) -> None:
    """In a plan too, and with a place and a way out where nothing says how much a tick is."""
    text = "symbol: T/USDT\nside: long\nsize: 1 T\ninstrument: {levels: on ticks}\ntiers: [100]\nstop: 90\n"
    (tmp_path / "p.yaml").write_text(text)
    done = outcome("check", str(tmp_path / "p.yaml"))
    assert done.code == 1
    assert "nothing says how much a tick is" in " ".join(done.out.split())


def test_a_template_alone_is_judged_by_its_shape(tmp_path: Path) -> None:
    """A note says what judges the rest; commands that need prices ask for them and exit with 2."""
    done = outcome("check", written(tmp_path, LONG))
    assert done.code == 0
    assert "note SP820 template" in done.out
    for command in ("show", "paths", "checklist", "explain-liquidation"):
        done = outcome(command, written(tmp_path, LONG))
        assert done.code == 2
        assert "--at PRICE --atr DISTANCE" in done.talk
    wrong = LONG.replace("-3 atr", "-3 art").replace("breakout 20", "brakeout 20")
    done = outcome("check", written(tmp_path, wrong))
    assert "SP108" in done.out
    assert "`brakeout 20` is no signal" in " ".join(done.out.split())


@pytest.mark.parametrize(
    "line",
    ["side: signal", "signals: cross 20", "atr: {bars: 20}", "stop: -1 atr", "targets: [column vwap]", "stop: signal"],
)
def test_words_of_templates_mean_nothing_in_a_plan(line: str, tmp_path: Path) -> None:
    """Each is SP821, in a plan with prices of its own."""
    keys = {"side": "side: long", "size": "size: 900 USDT", "tiers": "tiers: [60000]", "stop": "stop: 58000"}
    keys[line.partition(":")[0]] = line
    text = "symbol: BTC/USDT\n" + "".join(f"{each}\n" for each in keys.values())
    done = outcome("check", written(tmp_path, text))
    assert done.out.count("error SP821 template-only") == 1, done.out


def test_a_date_is_none_that_every_trade_could_have(tmp_path: Path) -> None:
    """`expires` of a template is a duration."""
    done = outcome("check", written(tmp_path, LONG + "expires: 2026-12-24\n"))
    assert "SP821" in done.out
    assert plan_of(LONG + "expires: 3d\n", "60000", "850").expires == 3 * 24 * 60


@given(
    price=st.decimals("0.5", "90000", places=2),
    atr=st.decimals("0.01", "0.05", places=3),
    sign=st.sampled_from([1, -1]),
    steps=st.integers(2, 6),
    shares=st.sampled_from(["equal", "pyramid", "martingale", "1.1x"]),
    tick=st.sampled_from(["", "instrument: {tick_size: 0.01}\n"]),
)
@settings(max_examples=40, deadline=None)
def test_what_is_written_down_is_the_plan_again(
    price: Decimal, atr: Decimal, sign: int, steps: int, shares: str, tick: str
) -> None:
    """The YAML of a template at a signal is read as the very plan, ladders and thirds and all."""
    text = (
        HEAD + tick + f"side: signal\ntiers: {{from: signal, to: -2 atr, count: {steps}, shares: {shares}}}\n"
        "stop: -3 atr\ntargets:\n  - {price: +1 atr, close: 40%, stop: tier 1 -0.5 atr}\n"
        "  - {price: entry +2 atr, trail: 1 atr}\n"
        "time_stop: {after: 48h, unless: 0.5R, close: 50%}\n"
    )
    study = at(text, SignalBar(price, price * atr, {}, sign))
    template, bar = study.template, study.session.moment
    assert template is not None
    assert bar is not None
    again = Session().study("t.yaml", plan_yaml(template, bar, study.plan).encode())
    assert isinstance(again, Study), again.diagnostics
    written = again.plan
    firsts = [tier._replace(order_written=True) for tier in (written.tiers[0], study.plan.tiers[0])]
    assert firsts[0] == firsts[1]
    assert written._replace(name="", tiers=()) == study.plan._replace(name="", tiers=())
    assert written.tiers[1:] == study.plan.tiers[1:]


@pytest.mark.parametrize("path", sorted((ROOT / "plans" / "templates").glob("*.yaml")), ids=lambda path: path.stem)
def test_templates_are_shown_laid_out_and_accepted_by_editors(path: Path) -> None:
    """Each that is shipped is a plan at a price without an error, in the layout of `fmt`, by the schema."""
    assert outcome("show", str(path), "--at", "60000", "--atr", "500").code == 0
    assert outcome("fmt", "--check", str(path)).code == 0
    schema = json.loads(outcome("schema").out)
    jsonschema.Draft202012Validator(schema).validate(yaml.safe_load(path.read_text(encoding="utf-8")))


def test_nothing_is_recorded_of_a_template() -> None:
    """A lock needs prices."""
    done = outcome("lock", "plans/templates/range-ladder.yaml", "--journal", "none.jsonl")
    assert (done.code, "--at PRICE" in done.talk) == (2, True)


def test_without_the_extra_a_line_says_so() -> None:
    """What is missing and how to install it, and no more; a template is judged all the same."""
    script = "import sys; sys.modules['polars'] = sys.modules['numpy'] = None; from scaleplan.cli import main; main()"
    words = ["backtest", "plans/templates/range-ladder.yaml", "plans/bars/walk-15m.csv"]
    done = subprocess.run([sys.executable, "-c", script, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == ""
    assert done.stderr == "scaleplan: bars need polars and numpy: pip install 'scaleplan[replay]'\n"


def test_yaml_is_written_of_templates_alone(tmp_path: Path) -> None:
    """A plan is written already."""
    (tmp_path / "t.yaml").write_text(LONG)
    done = outcome("show", str(tmp_path / "t.yaml"), "--at", "60000", "--atr", "850", "--format", "yaml")
    assert "- {price: 60000, order: market}\n" in done.out
    done = outcome("show", "plans/range-short.yaml", "--format", "yaml")
    assert done.code == 2
