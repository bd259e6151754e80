"""`compare`: plans beside each other, and a plan beside its baselines, scaled to what it loses at worst.

Figures of the baselines are worked by hand in the docstrings; the contract's own for a plan whose 3R lies behind
another target differ, because a level behind price acts at once, at price (`paths.md`, "The machine").
"""

import csv
import io
import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.engine.sizing import lot_of
from scaleplan.plan import SizeKind
from scaleplan.plan.shapes import divided, doubling_shares, equal_shares, with_shares
from scaleplan.quantity.exact import exact
from scaleplan.questions.alongside import Alongside, alongside, beside_baselines
from tests.given import drawn, file, known, same, studied, with_keys
from tests.running import ROOT, approved, joined, outcome, screen_of

D, F = Decimal, Fraction
PYRAMID = "plans/breakout-retest-pyramid.yaml"
DIPS = """\
symbol: SOL/USDT
side: long
account: {equity: 10000 USDT}
fees: {maker: 0%, taker: 0%}
size: 6 SOL
tiers:
  - {price: 100, share: 1/2}
  - {price: 90, share: 1/3}
  - {price: 80, share: 1/6}
stop: 70
targets: [120]
"""
INVERSE = """\
symbol: BTC/USD:BTC
side: long
account: {equity: 10 BTC}
leverage: 2
maintenance: 0.5%
fees: {maker: 0%, taker: 0%}
size: 1 BTC
tiers: [{price: 100, share: 75%}, {price: 80, share: 25%}]
stop: 50
targets: [200]
"""


def baselines(text: str) -> Alongside:
    """Returns a plan beside its baselines."""
    found = beside_baselines(studied(text))
    assert isinstance(found, Alongside)
    return found


def quantities(found: Alongside) -> dict[str, tuple[Decimal, ...]]:
    """Returns what each column buys at each tier."""
    return {each.name: each.ladder.machine.quantities for each in found.plans}


def near(figure: Decimal | None, value: Fraction | int) -> bool:
    """Returns whether a figure is a value but for what the rounds of scaling leave."""
    wanted = Fraction(value)
    return abs(Fraction(known(figure)) - wanted) < F(1, 10**25) * max(F(1), abs(wanted))


def test_each_shape_by_hand() -> None:
    """3 SOL at 100, 2 at 90, 1 at 80 lose 3 x 30 + 2 x 20 + 10 = 140 at 70, which is 1R.

    All at 1: 140 / 30 = 14/3 SOL. Equal: each x loses 30 + 20 + 10 = 60, so 140 / 60 = 7/3. Reversed, 1:2:3, loses
    30 + 40 + 30 = 100 a unit: 1.4, 2.8, 4.2. Doubling, 1:2:4, 30 + 40 + 40 = 110: 14/11, 28/11, 56/11. At 120 they
    make 14/3 x 20 = 280/3, 7/3 x (20 + 30 + 40) = 210, 1.4 x 20 + 2.8 x 30 + 4.2 x 40 = 280, (20 + 60 + 160) x 14/11 =
    3360/11; the plan 60 + 60 + 40 = 160.
    """
    found = baselines(DIPS)
    bought = quantities(found)
    assert list(bought) == ["plan", "all at 1", "equal", "reversed", "doubling"]
    assert found.loss == known(found.plans[0].one_r) == 140
    wanted = {
        "plan": (F(3), F(2), F(1)),
        "all at 1": (F(14, 3),),
        "equal": (F(7, 3),) * 3,
        "reversed": (F(14, 10), F(28, 10), F(42, 10)),
        "doubling": (F(14, 11), F(28, 11), F(56, 11)),
    }
    for name, amounts in wanted.items():
        assert all(near(*pair) for pair in zip(bought[name], amounts, strict=True)), name
    rewards = (F(160), F(280, 3), F(210), F(280), F(3360, 11))
    for each, reward in zip(found.plans, rewards, strict=True):
        assert near(each.ladder.totals.reward, reward), each.name
        assert near(each.measures.worst_loss, 140), each.name


def test_an_inverse_contract_sized_in_coin() -> None:
    """1 BTC: 0.75 at 100 is 75 USD, 0.25 at 80 is 20 USD. At 50 they lose 75 (1/50 - 1/100) + 20 (1/50 - 1/80) = 0.9.

    All at 1: 0.9 / 0.01 = 90 USD, 0.9 BTC at 100. Equal halves of coin lose 50 x 0.01 + 40 x 0.0075 = 0.8 a coin: 1.125
    BTC, 56.25 and 45 USD. Reversed, 25:75, 25 x 0.01 + 60 x 0.0075 = 0.7: 9/7 BTC, 225/7 and 540/7 USD. Doubling, 1:2,
    (100/3) x 0.01 + (160/3) x 0.0075 = 11/15: 27/22 BTC, 450/11 and 720/11 USD.
    """
    found = baselines(INVERSE)
    assert near(found.loss, F(9, 10))
    wanted = {
        "plan": (F(75), F(20)),
        "all at 1": (F(90),),
        "equal": (F(225, 4), F(45)),
        "reversed": (F(225, 7), F(540, 7)),
        "doubling": (F(450, 11), F(720, 11)),
    }
    bought = quantities(found)
    assert list(bought) == list(wanted)
    for name, amounts in wanted.items():
        assert all(near(*pair) for pair in zip(bought[name], amounts, strict=True)), name
    assert found.plans[1].plan.size.kind is SizeKind.QUANTITY
    assert near(found.plans[1].plan.size.amount, F(9, 10))


@pytest.mark.parametrize(
    ("size", "kind", "parts"),
    [
        ("6 SOL", SizeKind.QUANTITY, (3, 2, 1)),
        ("600 USDT", SizeKind.NOTIONAL, (300, 200, 100)),
        ("6 shares", SizeKind.CONTRACTS, (3, 2, 1)),
    ],
)
def test_what_shares_divide(size: str, kind: SizeKind, parts: tuple[int, ...]) -> None:
    """A quantity divides quantity, money notional, and a count whole units: put back, they buy the same."""
    study = studied(with_keys(DIPS, size="") + f"size: {size}\n")
    held = exact(divided)(study.plan, study.ladder.machine.quantities)
    assert held.kind is kind
    assert all(same(*pair) for pair in zip(held.parts, parts, strict=True))
    assert sum(held.shares) == 1


def test_shares_of_shapes() -> None:
    """Equal parts, and 1, 2, 4 of 7."""
    assert equal_shares(3) == (F(1, 3),) * 3
    assert doubling_shares(3) == (F(1, 7), F(2, 7), F(4, 7))
    study = studied(DIPS)
    one = with_shares(study.plan, SizeKind.QUANTITY, D(6), (F(1),))
    assert ([tier.share for tier in one.tiers], one.size.amount) == ([F(1)], D(6))


def test_lots_are_lost_at_most_once() -> None:
    """Orders go down to whole shares: a baseline loses as much as the plan, to a lot, and never more."""
    found = beside_baselines(studied((ROOT / "plans" / "stock-swing.yaml").read_text()))
    assert isinstance(found, Alongside)
    loss = known(found.loss)
    for each in found.plans[1:]:
        assert all(quantity % 1 == 0 for quantity in each.ladder.machine.quantities)
        # One share of the dearest tier, at 84, loses 84.042 less 78.9447 at the stop.
        assert 0 <= loss - known(each.measures.worst_loss) < len(each.plan.tiers) * D("5.2"), each.name
    assert [each.name for each in found.left_out] == ["equal", "reversed"]


BUNDLED = [path for path in sorted((ROOT / "plans").glob("*.yaml")) if path.stem != "account"]


@pytest.mark.parametrize("path", BUNDLED, ids=lambda path: path.stem)
def test_every_bundled_plan_has_baselines(path: Path) -> None:
    """A baseline never loses more than the plan, and less by no more than a lot at each tier."""
    found = beside_baselines(studied(path.read_bytes(), str(path)))
    assert isinstance(found, Alongside)
    assert len(found.plans) + len(found.left_out) == 5
    plan, loss = found.plans[0].plan, known(found.loss)
    assert plan.stop is not None
    for each in found.plans[1:]:
        lot = exact(lot_of)(each.plan) or D("1e-20")
        # What a lot of a tier loses at the stop, and as much again for costs.
        room = sum(abs(tier.price - plan.stop) * 2 for tier in each.plan.tiers) * lot
        if plan.contract == "inverse":
            room /= plan.stop * plan.stop
        less, rounding = loss - known(each.measures.worst_loss), loss * D("1e-25")
        assert -rounding <= less <= max(room, rounding), each.name
        assert each.summary is not None


@settings(max_examples=drawn(15, 100), deadline=None, database=None, derandomize=True)
@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=4),
    st.sampled_from(["long", "short"]),
    st.sampled_from(["SOL/USDT:USDT", "SOL/USDT:USDT", "BTC/USD:BTC"]),
    st.sampled_from(["[2R]", "[{price: 1R, close: 50%, stop: breakeven}, 3R]"]),
)
def test_baselines_of_any_plan(weights: list[int], side: str, symbol: str, targets: str) -> None:
    """Law 6: every worst loss is the plan's; at no cost every expected result is 0, of a linear contract."""
    sign = 1 if side == "long" else -1
    shares = ", ".join(
        f"{{price: {100 - sign * 5 * index}, share: {weight}/{sum(weights)}}}" for index, weight in enumerate(weights)
    )
    unit = "USD" if symbol.startswith("BTC") else "USDT"
    money = "BTC" if symbol.startswith("BTC") else "USDT"
    found = baselines(
        f"symbol: {symbol}\nside: {side}\nleverage: 2\nmaintenance: 0.5%\nfees: {{maker: 0%, taker: 0%}}\n"
        f"account: {{equity: 10000 {money}}}\nsize: 500 {unit}\ntiers: [{shares}]\nstop: {100 - sign * 25}\n"
        f"targets: {targets}\n"
    )
    assert len(found.plans) + len(found.left_out) == 5
    for each in found.plans:
        assert same(each.measures.worst_loss, found.loss, within=10**12), each.name
        assert each.summary is not None
        if money == "USDT":
            assert abs(known(each.summary.expected_net)) < D("1e-20"), each.name


# The command


def test_the_example(monkeypatch: pytest.MonkeyPatch) -> None:
    """The contract's example, at 80 columns.

    All at 1: x BTC at 40,020 with 0.05% of it lose, at 39,150 x 0.9995 = 39,130.425, x (40,020 - 39,130.425 + 20.01 +
    19.5652125) = 929.1502125 x; 733.71717 / 929.1502125 = 0.789665 BTC. Its 3R is 40,020 + 3 x 870 = 42,630, behind
    target 1, so that 0.3 x at 43,500 twice, 0.3 x at 46,500 (all less 0.02%) and the rest, 0.1 x, at 46,500 x 0.975 x
    0.9995 less 0.05% come to: per x, 0.6 x 43,491.3 + 0.3 x 46,490.7 + 0.1 x 45,292.174 - 40,020 - 20.01 = 4,531.2...,
    times 0.789665 / 733.717 = 4.88R. The contract's page has 4.60, with the second part sold at 42,630, which price
    has passed by then.
    """
    monkeypatch.chdir(ROOT)
    ran = outcome("compare", PYRAMID, "--baselines", screen=screen_of(80))
    assert (ran.code, ran.talk) == (0, "")
    approved(ran.out, ROOT / "tests" / "data" / "compare" / "baselines.txt")
    assert max(map(len, ran.out.splitlines())) <= 80
    row = next(line for line in ran.out.splitlines() if line.startswith("make if all hit, R"))
    assert row.split()[5:] == ["5.93", "4.88", "7.24", "9.92", "12.26"]
    chances = next(line for line in ran.out.splitlines() if line.startswith("chance of profit"))
    assert chances.split()[3:] == ["17.9%", "19.5%", "17.4%", "16.6%", "16.2%"]
    assert joined(ran.out).endswith(
        "at the fair price none of them has an edge: what differs is when you lose and what it costs"
    )


def test_plans_beside_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """A column a plan; in one currency money is money, in several it is R."""
    monkeypatch.chdir(ROOT)
    two = ("plans/dca-four-equal.yaml", "plans/range-short.yaml")
    outs = {width: outcome("compare", *two, screen=screen_of(width)).out for width in (60, 80, 160)}
    for width, out in outs.items():
        assert max(map(len, out.splitlines())) <= width
    out = outs[160]
    approved(out, ROOT / "tests" / "data" / "compare" / "two.txt")
    assert "worst loss, USDT" in out
    mixed = outcome("compare", *two, "plans/inverse-long.yaml").out
    assert "worst loss, R" in mixed
    assert "several currencies" in mixed
    assert "USDT" not in mixed.replace("worst loss, USDT", "")


def test_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON and CSV have the same figures; Markdown a table."""
    monkeypatch.chdir(ROOT)
    found = json.loads(outcome("compare", PYRAMID, "--baselines", "--format", "json").out)
    assert (found["command"], found["loss"]) == ("compare", "733.71717")
    rows = list(csv.DictReader(io.StringIO(outcome("compare", PYRAMID, "--baselines", "--format", "csv").out)))
    assert [row["shape"] for row in rows] == ["plan", "all at 1", "equal", "reversed", "doubling"]
    for row, record in zip(rows, found["plans"], strict=True):
        assert row == {name: "" if value is None else str(value) for name, value in record.items()}
    assert "| chance of profit | 17.9% |" in outcome("compare", PYRAMID, "--baselines", "--format", "md").out


def test_a_plan_of_one_tier(tmp_path: Path) -> None:
    """Every baseline of it is the plan."""
    found = baselines(DIPS.partition("tiers:")[0] + "tiers: [100]\nstop: 70\ntargets: [120]\n")
    assert [each.name for each in found.plans] == ["plan"]
    assert {each.reason for each in found.left_out} == {"it is the plan itself"}
    assert outcome("compare", file(tmp_path, DIPS), "--baselines").code == 0


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((PYRAMID,), 2, "one plan is beside no other"),
        ((PYRAMID, "plans/range-short.yaml", "--baselines"), 2, "2 are named"),
        (("plans/missing.yaml", PYRAMID), 3, "no such file"),
        (("plans/bad/SP113-not-a-size.yaml", PYRAMID), 1, "SP113"),
        (tuple(f"plans/bad/{path.name}" for path in sorted((ROOT / "plans" / "bad").glob("*.yaml"))[:7]), 2, "7 plans"),
    ],
)
def test_what_cannot_be_compared(
    arguments: tuple[str, ...], code: int, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each in a clear sentence, and no table."""
    monkeypatch.chdir(ROOT)
    ran = outcome("compare", *arguments)
    assert (ran.code, ran.out) == (code, "")
    assert message in joined(ran.talk)


def test_a_loss_that_nothing_bounds(tmp_path: Path) -> None:
    """Cross without a stop and without equity: there is nothing to scale to."""
    text = with_keys(DIPS, symbol="SOL/USDT:USDT", stop="none", account="") + "margin_mode: cross\nleverage: 2\n"
    ran = outcome("compare", file(tmp_path, text), "--baselines")
    assert ran.code == 1
    assert "no baseline can be scaled to it" in ran.talk


def test_a_chance_is_0_or_100_only_where_it_is_exactly_so(tmp_path: Path) -> None:
    """At the fair price 200 comes before 99.99 from 100 once in 10,001 times, 0.01 / 100.01; without a target never."""
    near = "symbol: SOL/USDT\nside: long\nfees: {maker: 0%, taker: 0%}\nsize: 1 SOL\ntiers: [100]\nstop: 99.99\n"
    hopeful, hopeless = file(tmp_path, near + "targets: [200]\n"), tmp_path / "hopeless.yaml"
    hopeless.write_text(near)
    for command in ("compare", "diff"):
        rows = {line[:16]: line[16:].split() for line in outcome(command, str(hopeful), str(hopeless)).out.splitlines()}
        assert rows["chance of profit"] == ["<0.1%", "0%"]
        assert command == "diff" or rows["of the worst    "] == [">99.9%", "100%"]


def test_names_are_told_apart(tmp_path: Path) -> None:
    """Files of one name, and long ones, are numbered."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    names = file(tmp_path / "a", DIPS, "sol.yaml"), file(tmp_path / "b", DIPS, "sol.yaml")
    assert outcome("compare", *names).out.splitlines()[0].split() == ["1", "sol", "2", "sol"]
    found = alongside([studied(DIPS), studied(DIPS)])
    assert found.in_money
