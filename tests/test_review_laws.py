"""Laws of reviews: steps add up, a plan played leaves nothing to tell, the whole size at once is no spacing at all.

Plans are drawn by number, of every market, margin, cost, order and way out, as in the laws of trades; paths through
them are played as the rows of a journal, as planned or changed as a trader would leave the plan.
"""

import json
import random
import re
from datetime import timedelta
from decimal import Decimal, localcontext

from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.engine.event import EventKind, ExitFill, Fill
from scaleplan.engine.sizing import lot_of
from scaleplan.engine.state import Step
from scaleplan.journal import EventRow, RowKind
from scaleplan.ladder.totals import whole_quantity
from scaleplan.plan import Contract
from scaleplan.quantity.exact import EXACT, ZERO, exact
from scaleplan.questions.review import OneTrade, Review, ReviewCounts, Wanted
from scaleplan.report.page import Medium, rendered
from scaleplan.report.record import to_json
from scaleplan.report.review.card import card_page
from scaleplan.report.review.page import review_page
from scaleplan.report.review.record import review_record, trade_rows
from scaleplan.review import TradeReview
from scaleplan.review.summary import summed
from scaleplan.review.trades import reviewed
from scaleplan.study import Study
from scaleplan.trade import Habits, Trade, Version
from scaleplan.trade.deviations import Orders, deviations_when_over
from scaleplan.trade.play import play
from tests.given import drawn as counted
from tests.given import study_of
from tests.test_claims_laws import drawn as text_of_drawn
from tests.test_trade_laws import BEGUN, CLOSE, Written, drawn_study, played, representable, way

D = Decimal
laws = settings(max_examples=counted(60, 800), deadline=None)
NUMBERS = st.integers(0, 20_000)
#: What fifty digits leave of sums of money taken in another order, as a part of what was traded.
NOISE = D("1e-38")


def review_of(trade: Trade) -> TradeReview:
    """Returns the review of a trade that is over."""
    return reviewed(trade, deviations_when_over(trade, Orders()))


def path(number: int) -> tuple[Study, list[Step]] | None:
    """Returns a drawn plan and a path through it that fills and exits tell of, where it comes to one."""
    study = drawn_study(number)
    if study is None:
        return None
    steps = way(study, random.Random(number))  # noqa: S311 - drawn to be drawn again
    return (study, steps) if representable(study, steps) else None


def left(written: Written, number: int) -> Written:
    """Returns the rows of a trade whose trader left the plan: other prices, quantities, fees, and parts by hand."""
    draw = random.Random(number)  # noqa: S311 - drawn to be drawn again
    other = Written(written.study)
    for row in written.rows:
        changed = row
        if row.kind is RowKind.FILL and row.price is not None and row.quantity is not None and row.fee is not None:
            is_entry = row.tier is not None
            changed = row._replace(
                price=round(row.price * D(draw.choice(("0.999", "1", "1.0007"))), 12) or row.price,
                quantity=round(row.quantity * D(draw.choice(("0.8", "1", "1.1"))), 12) if is_entry else row.quantity,
                fee=round(row.fee * D(draw.choice(("0", "1", "2"))), 12),
            )
        other.rows.append(changed)
    return closed(other, draw)


def closed(written: Written, draw: random.Random | None = None) -> Written:
    """Adds a close by hand of what is still held, in two parts where there is a draw."""
    trade = written.trade()
    if trade.is_over or trade.held < D("1e-9"):
        return written
    price = written.study.plan.tiers[0].price
    parts = [trade.held]
    if draw is not None and draw.random() < 0.5:
        parts = [trade.held / 4, trade.held - trade.held / 4]
    for part in parts:
        written.executed(ExitFill(EventKind.BY_HAND, 0, price, part, ZERO), named=True)
    return written


def scale_of(trade: Trade) -> Decimal:
    """Returns what was traded, in settle currency: what rounding is measured by."""
    position = trade.machine.holdings.nothing.position
    fills = [moment for moment in trade.moments if moment.is_entry or moment.is_exit]
    return sum((position.value(m.event.price or ZERO, m.event.quantity or ZERO) for m in fills), D(1))


def cash_of(trade: Trade, rows: list[EventRow]) -> Decimal:
    """Returns what exits brought less what entries cost and all fees: the definition of a flat trade's net."""
    plan = trade.plan
    total = ZERO
    slope = -plan.sign if plan.contract is Contract.INVERSE else plan.sign
    for row in rows:
        if row.kind is RowKind.FILL and row.price is not None and row.quantity is not None:
            worth = row.quantity / row.price if plan.contract is Contract.INVERSE else row.quantity * row.price
            is_entry = row.side == ("buy" if plan.sign > 0 else "sell")
            total += slope * (-worth if is_entry else worth) - (row.fee or ZERO)
    return total


@laws
@given(NUMBERS)
@exact
def test_the_steps_add_up_to_what_was_done(number: int) -> None:
    """Laws 5 and 10: however the plan was left, the steps end in the net result, which is the cash of its fills."""
    found = path(number)
    if found is None:
        return
    study, steps = found
    written = left(played(study, steps, named=True)[0], number)
    trade = written.trade()
    if not trade.is_over:
        return
    review = review_of(trade)
    noise = NOISE * scale_of(trade)
    assert abs(sum(review.steps.steps, ZERO) - review.net) <= noise
    assert abs(review.net - trade.booked) <= noise
    if not trade.loose:
        assert abs(review.net - cash_of(trade, written.rows)) <= noise
    summary = summed([review])
    if summary.waterfall:
        assert abs(sum(summary.waterfall, ZERO) - summary.sum) <= CLOSE * max(abs(summary.sum), D(1))


@laws
@given(NUMBERS)
@exact
def test_a_plan_that_was_followed_leaves_no_steps(number: int) -> None:
    """Law 7: fills at the plan's prices, each stop recorded: no deviation, all followed, steps 0, stopped -risk_r."""
    found = path(number)
    if found is None:
        return
    study, steps = found
    plan = study.plan
    entries = [step.event for step in steps if step.event.kind is EventKind.TIER]
    at_own = all(event.price == plan.tiers[event.number - 1].price for event in entries)
    written, _ = played(study, steps, named=True)
    trade = written.trade()
    if plan.expires is not None or plan.time_stop is not None or not at_own or not trade.is_over:
        return
    review = review_of(trade)
    noise = NOISE * scale_of(trade)
    assert review.codes == ()
    assert review.followed == review.applicable > 0
    assert all(abs(step) <= noise for step in review.steps.steps[1:])
    only = [step.event.kind for step in steps]
    if only[-1] is EventKind.STOP and EventKind.TARGET not in only and review.r is not None:
        last = steps[-2].state
        assert last is not None
        assert last.stop is not None
        risk = -study.ladder.machine.stopped_out(last.held, last.stop)[1]
        assert abs(review.net + risk) <= noise


@laws
@given(NUMBERS)
@exact
def test_the_whole_size_at_once_has_no_spacing(number: int) -> None:
    """Law 10: the whole size entered at one price and fee rate comes to what the lump does, whatever its exits."""
    study = drawn_study(number)
    if study is None:
        return
    draw = random.Random(number)  # noqa: S311 - drawn to be drawn again
    plan, ladder = study.plan, study.ladder
    price = round(plan.tiers[0].price * D(draw.choice(("0.99", "1", "1.02"))), 10)
    whole = whole_quantity(plan, tuple(step.fill.wanted for step in ladder.steps), price)
    if price <= 0 or whole <= 0:
        return
    written = Written(study)
    written.executed(Fill(1, price, whole, round(whole / 1000, 12)), named=True)
    for part in (whole / 3, whole / 2):
        at = round(price * D(draw.choice(("0.9", "1.1"))), 10)
        written.executed(ExitFill(EventKind.BY_HAND, 0, at, part, round(part / 500, 12)), named=True)
    trade = closed(written).trade()
    if not trade.is_over or trade.loose:
        return
    review = review_of(trade)
    assert abs(review.net - review.lump.same_size) <= NOISE * scale_of(trade)


@laws
@given(NUMBERS)
@exact
def test_a_fill_in_parts_changes_no_figure(number: int) -> None:
    """Law 6: a fill split at its price, its fee divided, of one order: the review is the same."""
    found = path(number)
    if found is None or found[0].plan.fees.per_order:
        return
    study, steps = found
    whole = closed(played(study, steps, named=True)[0])
    parts = Written(study)
    for row in whole.rows:
        if row.kind is not RowKind.FILL or row.quantity is None or row.fee is None:
            parts.rows.append(row._replace(seq=len(parts.rows) + 1))
            continue
        quarter, fee = (round(figure * D("0.25"), 8) for figure in (row.quantity, row.fee))
        for quantity, paid in ((quarter, fee), (row.quantity - quarter, row.fee - fee)):
            seq = len(parts.rows) + 1
            parts.rows.append(row._replace(seq=seq, id=f"{seq:032x}", quantity=quantity, fee=paid, order_id=row.id))
    one, other = whole.trade(), parts.trade()
    if not one.is_over or any(row.quantity is not None and row.quantity <= 0 for row in parts.rows):
        return
    assert other.is_over
    mine, theirs = review_of(one), review_of(other)
    # A rate is the same but for the eighth digit of the fee that was divided.
    noise = D("1e-6") * scale_of(one)
    assert (mine.tiers, mine.hits, mine.end, mine.codes) == (theirs.tiers, theirs.hits, theirs.end, theirs.codes)
    assert (mine.followed, mine.applicable) == (theirs.followed, theirs.applicable)
    for first, second in zip(mine.steps, theirs.steps, strict=True):
        assert abs(first - second) <= NOISE * scale_of(one)
    assert abs(mine.lump.same_size - theirs.lump.same_size) <= noise
    assert abs(mine.costs.slippage - theirs.costs.slippage) <= NOISE * scale_of(one)


@laws
@given(NUMBERS, st.integers(2, 9))
@exact
def test_quantities_times_k_leave_every_r(number: int, times: int) -> None:
    """Law 11: the size, every fill and every fee k times as large: each result in R stays, the lump's too."""
    text = text_of_drawn(number)
    size = re.search(r"^size: (\d+) (USDT?)$", text, re.MULTILINE)
    if size is None or "per_order" in text:
        return
    larger = text.replace(size[0], f"size: {int(size[1]) * times} {size[2]}")
    studies = [study_of(each) for each in (text, larger)]
    if not all(isinstance(study, Study) for study in studies):
        return
    small, large = (study for study in studies if isinstance(study, Study))
    if lot_of(small.plan) is not None:
        # The whole size goes down to lots, and so it is not k times as large.
        return
    steps = way(small, random.Random(number))  # noqa: S311 - drawn to be drawn again
    if not representable(small, steps):
        return
    written = left(played(small, steps, named=True)[0], number)
    scaled = Written(large)
    for row in written.rows:
        values = (row.quantity, row.fee)
        quantity, fee = (None if value is None else value * times for value in values)
        scaled.rows.append(row._replace(quantity=quantity, fee=fee))
    trade, other = written.trade(), scaled.trade()
    if not trade.is_over or trade.loose or trade.one_r is None or trade.one_r <= 0:
        return
    if other.one_r is None or abs(other.one_r - trade.one_r * times) > CLOSE * other.one_r:
        # What an account without a stop loses is not k times as much.
        return
    mine, theirs = review_of(trade), review_of(other)
    assert mine.codes == theirs.codes
    pairs = [(mine.in_r(one), theirs.in_r(two)) for one, two in zip(mine.steps, theirs.steps, strict=True)]
    pairs += [(mine.in_r(one), theirs.in_r(two)) for one, two in zip(mine.costs, theirs.costs, strict=True)]
    pairs += [(mine.in_r(one), theirs.in_r(two)) for one, two in zip(mine.lump[1:], theirs.lump[1:], strict=True)]
    noise = NOISE * scale_of(trade) / trade.one_r
    for one, two in pairs:
        assert (one is None) == (two is None)
        assert one is None or two is None or abs(one - two) <= noise


@laws
@given(NUMBERS, st.sampled_from(("Z", "+05:30", "-03:00")), st.integers(-48, 48))
@exact
def test_zones_and_the_clock_change_nothing(number: int, zone: str, hours: int) -> None:
    """Laws 12 and 13: the same instants in another zone, and another now, make the same review but for `zone`."""
    found = path(number)
    if found is None:
        return
    study, steps = found
    written = closed(left(played(study, steps, named=True)[0], number))
    other = Written(study)
    other.rows = [row._replace(zone=zone) for row in written.rows]
    mine, theirs = written.trade(), other.trade()
    if not mine.is_over:
        return
    first, second = review_of(mine), review_of(theirs)
    assert first._replace(zone=zone) == second
    assert BEGUN + timedelta(hours=hours) != mine.moments[-1].at or first == review_of(mine)


def anything(study: Study, draw: random.Random) -> Written:
    """Returns the rows of a trade in which anything was recorded: any tier and price, any exit, fees in any coin."""
    written, plan = Written(study), study.plan
    way_in, way_out = ("buy", "sell") if plan.sign > 0 else ("sell", "buy")
    for _ in range(draw.randint(1, 9)):
        trade = written.trade()
        if trade.is_over:
            break
        price = round(plan.tiers[0].price * D(draw.randint(800, 1200)) / 1000, 6)
        values: dict[str, object] = {"price": price, "fee_currency": plan.settle}
        if trade.held <= 0 or draw.random() < 0.5:
            own = draw.choice(study.ladder.machine.quantities)
            quantity = round(own * D(draw.choice(("0.3", "1", "1.3"))), 8)
            values |= {"side": way_in, "tier": draw.choice((None, draw.randint(1, len(plan.tiers))))}
            values["order_id"] = draw.choice((None, None, "1", "2"))
            if plan.contract is Contract.SPOT and draw.random() < 0.4:
                values["fee_currency"] = plan.symbol.base
        else:
            quantity = round(trade.held * D(draw.choice(("0.3", "0.5", "1", "1.5"))), 8)
            role = draw.choice((None, "stop", "by hand", "trail", "liquidation", "time stop", "target"))
            if role == "target":
                role = "target" if plan.targets else None
                values["target"] = draw.randint(1, max(len(plan.targets), 1))
            values |= {"side": way_out, "role": role}
        if quantity > 0:
            fee = draw.choice((None, round(quantity / 1000, 8), round(quantity / 1000, 8)))
            written.add(RowKind.FILL, quantity=quantity, fee=fee, **values)
        if plan.stop is not None and draw.random() < 0.4:
            written.add(RowKind.STOP, price=round(plan.stop * D(draw.choice(("1", "0.99", "1.01"))), 6))
        if draw.random() < 0.1:
            written.add(RowKind.FUNDING, fee=D("0.1"), fee_currency=plan.settle)
    return closed(written)


def amended(written: Written, number: int, draw: random.Random) -> Trade:
    """Returns a trade, in a third of the cases with another plan of the same market accepted in the middle of it."""
    trade = written.trade()
    other = drawn_study(number + 1) if draw.random() < 0.34 else None
    plan = trade.plan
    if other is None or (other.plan.contract, other.plan.symbol, other.plan.sign) != (
        plan.contract,
        plan.symbol,
        plan.sign,
    ):
        return trade
    since = BEGUN + timedelta(hours=draw.randint(0, 8), minutes=30)
    version = Version(since, other.plan, other.ladder, "e", since)
    return play(trade.row, [*trade.versions, version], written.rows, Habits())


@settings(max_examples=counted(150, 3000), deadline=None)
@given(NUMBERS)
def test_whatever_was_recorded_has_a_review(number: int) -> None:
    """Law 10 of anything at all: the steps add up to the cash, counts are counts, and every format says it."""
    study = drawn_study(number)
    if study is None:
        return
    draw = random.Random(number)  # noqa: S311 - drawn to be drawn again
    with localcontext(EXACT):
        trade = amended(anything(study, draw), number, draw)
        if not trade.is_over:
            return
        deviations = deviations_when_over(trade, Orders())
        review = reviewed(trade, deviations)
        noise = NOISE * scale_of(trade)
        assert abs(sum(review.steps.steps, ZERO) - review.net) <= noise
        assert abs(review.net - trade.booked) <= noise
        assert all(0 <= check.followed <= check.applicable for check in review.checks)
    counts = ReviewCounts(1, 0, 0, int(review.late), 0)
    found = Review(Wanted(), counts, summed([review]), OneTrade(trade, review, deviations))
    single = found.single
    assert single is not None
    for format in ("table", "md", "html"):
        assert rendered(lambda medium: [review_page(found, medium)], format, Medium(60), colour=False)
        assert rendered(lambda medium: [card_page(single, medium)], format, Medium(160), colour=True)
    assert json.loads(to_json(review_record(found)))["counts"]["over"] == 1
    assert [row["trade"] for row in trade_rows(found)] == ["T1"]
