"""Laws of `diff`: a partial order over plans, and changes that are told by meaning and no less."""

import re
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scaleplan.layout import lay_out
from scaleplan.plan import Plan
from scaleplan.questions.diff import Diff, DiffSide, diff
from scaleplan.revision.changes import changes_of
from scaleplan.revision.fingerprint import numbers_of
from scaleplan.revision.keys import PlacedPlan
from scaleplan.revision.matching import matched
from scaleplan.revision.measures import Measures, RiskVerdict, RoomKind, StopRoom, Turn, compared
from scaleplan.study import Session
from tests.given import drawn, study_of
from tests.running import ROOT

laws = settings(max_examples=drawn(60, 400), deadline=None, database=None, derandomize=True)
PLANS = sorted((ROOT / "plans").glob("*.yaml"))
#: NEW is no riskier than OLD.
AT_MOST = (RiskVerdict.SAFER, RiskVerdict.SAME)


def change(old: str, new: str) -> Diff:
    """Returns the change from one text to another."""
    sides = (DiffSide("plan.yaml", None, None, study_of(text)) for text in (old, new))
    return diff(*sides)


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Draws one of a family of plans of one trade, in which few values of each key make comparable ones common."""
    account = draw(st.sampled_from(["{equity: 1000}", "{equity: 2000}", "{equity: 1000, max_risk: 2%}", ""]))
    tiers = draw(st.sampled_from(["[100]", "[100, 90]", "[100, 95, 90]", "[{price: 100, share: 70%}, 30% at 90]"]))
    lines = [
        *("symbol: BTC/USDT:USDT", "side: long", "fees: {maker: 0.02%, taker: 0.05%}"),
        *([f"account: {account}"] if account else []),
        f"leverage: {draw(st.sampled_from(['2', '3', '6', '12']))}",
        *draw(st.sampled_from([["maintenance: 0.5%"], ["maintenance: 0.5%"], ["maintenance: 1%"], []])),
        *draw(st.sampled_from([[], [], ["margin_mode: cross"]])),
        f"size: {draw(st.sampled_from(['1 BTC', '2 BTC', '95 USDT']))}",
        f"tiers: {tiers}",
        f"stop: {draw(st.sampled_from(['85', '80', '80', '70', 'none']))}",
        f"targets: {draw(st.sampled_from(['[120]', '[110, 130]', '[{price: 110, stop: breakeven}]']))}",
    ]
    return "\n".join(lines) + "\n"


@laws
@given(texts())
def test_a_plan_is_itself(text: str) -> None:
    """Law 5: diff(A, A) is empty, and same."""
    found = change(text, text)
    assert (found.changes, found.verdict, found.loosened) == ((), RiskVerdict.SAME, ())


@laws
@given(texts(), texts())
def test_there_and_back(first: str, second: str) -> None:
    """Law 5: safer one way is riskier the other; riskier both ways only where mixed; same both ways."""
    there, back = change(first, second), change(second, first)
    assert there.comparison is not None
    assert back.comparison is not None
    is_mixed = bool(there.comparison.those(Turn.WORSE) and there.comparison.those(Turn.BETTER))
    # A set of errors in which each side has one that the other has not is worse both ways.
    both = set(there.comparison.those(Turn.WORSE)) & set(back.comparison.those(Turn.WORSE))
    verdicts = there.verdict, back.verdict
    if verdicts == (RiskVerdict.RISKIER, RiskVerdict.RISKIER):
        assert is_mixed or both
    else:
        assert verdicts in {
            (RiskVerdict.SAME, RiskVerdict.SAME),
            (RiskVerdict.SAFER, RiskVerdict.RISKIER),
            (RiskVerdict.RISKIER, RiskVerdict.SAFER),
        }


@laws
@given(st.tuples(texts(), texts(), texts()))
def test_what_is_no_riskier_than_what_is_no_riskier(three: tuple[str, str, str]) -> None:
    """Law 5: A <= B <= C implies A <= C, whichever of the three is which."""
    verdicts = {(old, new): change(old, new).verdict for old in three for new in three}
    for low, middle, high in permutations(three):
        if verdicts[high, middle] in AT_MOST and verdicts[middle, low] in AT_MOST:
            assert verdicts[high, low] in AT_MOST


_FEW = st.sampled_from([None, Decimal(1), Decimal("1.0000000000004"), Decimal(2)])
_ROOMS = st.sampled_from(
    [
        StopRoom(RoomKind.NONE),
        StopRoom(RoomKind.BEHIND, Decimal("0.1")),
        StopRoom(RoomKind.BEHIND, Decimal("0.2")),
        StopRoom(RoomKind.BEFORE, Decimal("-0.1")),
        StopRoom(RoomKind.BEFORE),
        StopRoom(RoomKind.UNKNOWN),
    ]
)
_ERRORS = st.frozensets(st.sampled_from(["SP401", "SP503"]))
MEASURES = st.builds(
    Measures,
    *(_FEW, _FEW, st.just(None), st.just(Decimal(1)), st.booleans(), _ROOMS, st.just(Decimal(1)), _FEW, st.just(None)),
    *(_ERRORS, st.just(True)),  # noqa: FBT003 - a record
)


@settings(max_examples=drawn(400, 5000), deadline=None, database=None, derandomize=True)
@given(MEASURES, MEASURES, MEASURES)
def test_the_order_of_measures(first: Measures, second: Measures, third: Measures) -> None:
    """Reflexive, transitive, and both ways only where nothing differs after rounding to 12 digits."""
    assert compared(first, first).verdict is RiskVerdict.SAME
    if compared(first, second).verdict in AT_MOST and compared(second, third).verdict in AT_MOST:
        assert compared(first, third).verdict in AT_MOST
    if compared(first, second).verdict in AT_MOST and compared(second, first).verdict in AT_MOST:
        assert compared(first, second).verdict is RiskVerdict.SAME


# Meaning


def placed(name: Path, text: str) -> PlacedPlan | None:
    """Returns a plan that is read, and not reckoned."""
    reading = Session().read(str(name), text.encode()).reading
    return None if reading.plan is None or reading.places is None else PlacedPlan(reading.plan, reading.places)


def plan_at(name: Path, text: str) -> PlacedPlan:
    """Returns a plan that can be read."""
    found = placed(name, text)
    assert found is not None
    return found


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_layout_is_no_change(path: Path) -> None:
    """`fmt` never shows in a diff, nor do comments, nor the order of keys."""
    text = path.read_text(encoding="utf-8")
    before = placed(path, text)
    if before is None:
        return
    laid_out = lay_out(str(path), text.encode()).text
    assert laid_out is not None
    bare = re.sub(r"(?m)^#.*\n| +# .*$", "", text)
    sections = re.split(r"(?m)^(?=[a-z_]+:)", bare)
    for other in (laid_out, bare, "".join(reversed(sections)), text.replace("\n", "\r\n")):
        assert changes_of(before, plan_at(path, other)) == ()


def words_of(plan: Plan) -> tuple[object, ...]:
    """Returns all that a plan has in words."""
    tiers = [(tier.trigger, tier.note) for tier in plan.tiers]
    targets = [(target.exit, target.note) for target in plan.targets]
    return plan.name, plan.notes, plan.checklist, plan.runner, tiers, targets


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_no_change_is_passed_over(path: Path) -> None:
    """Each number of each plan, one more: whatever the journal would lock otherwise is told, and nothing else is."""
    text = path.read_text(encoding="utf-8")
    before = placed(path, text)
    if before is None:
        return
    begin = re.search(r"(?m)^[a-z]", text)
    assert begin is not None
    tried = 0
    for number in re.finditer(r"[0-9]+(?:\.[0-9]+)?", text[begin.start() :]):
        start, end = number.start() + begin.start(), number.end() + begin.start()
        more = Decimal(number[0]) + Decimal(1).scaleb(min(0, int(Decimal(number[0]).as_tuple().exponent)))
        after = placed(path, f"{text[:start]}{more}{text[end:]}")
        if after is None:
            continue
        tried += 1
        old, new = before.plan, after.plan
        found = changes_of(before, after)
        figures = [each for each in found if not each.words]
        is_other = numbers_of(old) != numbers_of(new)
        is_account = old.account != new.account
        assert bool(figures) == (is_other or is_account), (number[0], found)
        assert bool(found) == (is_other or is_account or words_of(old) != words_of(new)), (number[0], found)
    assert tried or path.stem == "account"


@laws
@given(st.lists(st.integers(0, 4), max_size=7), st.lists(st.integers(0, 4), max_size=7))
def test_matching_keeps_order_and_loses_nothing(old: list[int], new: list[int]) -> None:
    """Each item is in one pair, both sides in order, and no longer common subsequence is there."""
    pairs = matched(old, new, lambda item: item)
    assert [pair.old for pair in pairs if pair.old is not None] == list(range(len(old)))
    assert [pair.new for pair in pairs if pair.new is not None] == list(range(len(new)))
    equal = sum(pair.old is not None and pair.new is not None and old[pair.old] == new[pair.new] for pair in pairs)
    assert equal >= _longest(tuple(old), tuple(new))


def _longest(old: tuple[int, ...], new: tuple[int, ...]) -> int:
    """Returns the length of the longest common subsequence, by its definition."""
    if not old or not new:
        return 0
    if old[0] == new[0]:
        return 1 + _longest(old[1:], new[1:])
    return max(_longest(old[1:], new), _longest(old, new[1:]))


@laws
@given(st.binary(max_size=200), st.binary(max_size=200))
@example(b"\xff\xfe", b"symbol: [")
def test_any_bytes_are_a_side(old: bytes, new: bytes) -> None:
    """What is no plan has nothing to compare, and raises nothing."""
    sides = (DiffSide("plan.yaml", None, None, study_of(data)) for data in (old, new))
    assert diff(*sides).comparison is None
