"""Laws of the field, held over plans that nobody thought of.

Each law is one that a trader would sign without knowing the program: the order of fills does not matter to the
average, twice the size is twice the money, equity at the liquidation price is what the venue asks for. Plans are drawn,
written as text and studied, so that a law holds for the whole way from what is typed to what is shown; laws of position
and margin alone are held on those directly. The arithmetic on this side is done with exact fractions.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from scaleplan.engine.margin import Answer, liquidation
from scaleplan.engine.position import NO_CHARGE, Position
from scaleplan.ladder import Ladder
from scaleplan.ladder.tape import reward_after
from scaleplan.plan import Bracket, BracketBy, MaintenanceOn, MarginModel
from tests.given import ROUNDING, drawn, known, listed, same

laws = settings(max_examples=drawn(80, 150), deadline=None, database=None, derandomize=True)


def times(figure: Decimal | None, factor: int) -> Fraction | None:
    """A multiple of a figure, exact; absent where the figure is."""
    return None if figure is None else Fraction(figure) * factor


@dataclass(frozen=True)
class Entry:
    """One tier of a draft; `weight` over the sum of all weights is its share."""

    price: Decimal
    weight: int
    order: str = "limit"
    extra: str = ""


@dataclass(frozen=True)
class Draft:
    """A plan to be written: what the laws vary. Rates are in percent, as they are typed."""

    side: str
    symbol: str
    size: str
    entries: tuple[Entry, ...]
    stop: Decimal
    maker: Decimal = Decimal(0)
    taker: Decimal = Decimal(0)
    slippage: Decimal = Decimal(0)
    more: tuple[str, ...] = ()

    @property
    def sign(self) -> int:
        """+1 for long, -1 for short."""
        return 1 if self.side == "long" else -1

    @property
    def inverse(self) -> bool:
        """Whether it is settled in coin."""
        return self.symbol.endswith(":BTC")

    def worth(self, quantity: Fraction, price: Fraction) -> Fraction:
        """What a quantity (inverse: a value in quote) is worth at a price, in the settle currency."""
        return quantity / price if self.inverse else quantity * price

    def ladder(self) -> Ladder:
        """The plan written, read and reckoned, with every tier filled as listed."""
        whole = sum(entry.weight for entry in self.entries)
        lines = [
            f"symbol: {self.symbol}",
            f"side: {self.side}",
            f"size: {self.size}",
            f"fees: {{maker: {self.maker}%, taker: {self.taker}%}}",
            f"slippage: {self.slippage}%",
            f"stop: {self.stop}",
            *self.more,
            "tiers:",
            *(
                f"  - {{price: {entry.price}, share: {entry.weight}/{whole}, order: {entry.order}{entry.extra}}}"
                for entry in self.entries
            ),
        ]
        return listed("\n".join(lines))

    def fills(self, amount: Fraction) -> list[tuple[Fraction, Fraction, Fraction]]:
        """Each tier's fill price, quantity and fee rate, for a size of `amount`, worked from the definitions."""
        whole = sum(entry.weight for entry in self.entries)
        found = []
        for entry in self.entries:
            share = Fraction(entry.weight, whole) * amount
            price = Fraction(entry.price)
            quantity = share / price if self.size.endswith("USDT") else share
            worse = 0 if entry.order == "limit" else self.sign * Fraction(self.slippage) / 100
            rate = Fraction(self.maker if entry.order == "limit" else self.taker) / 100
            found.append((price * (1 + worse), quantity, rate))
        return found


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    """Numbers between two bounds with at most so many places behind the point."""
    return st.decimals(Decimal(low), Decimal(high), places=places, allow_nan=False, allow_infinity=False)


prices = decimals("60", "140", 2)
fee_rates = decimals("0", "0.2", 3)
sides = st.sampled_from(["long", "short"])
#: Linear by money and by quantity, inverse by money: the symbol and the unit of its size.
SYMBOLS = {"linear": ("BTC/USDT:USDT", ["USDT", "BTC"]), "inverse": ("BTC/USD:BTC", ["USD"])}


@st.composite
def drafts(draw: st.DrawFn, contract: str | None = None, most: int = 5) -> Draft:
    """A plan whose tiers all lie on the right side of the stop and move it nowhere."""
    side = draw(sides)
    symbol, units = SYMBOLS[contract or draw(st.sampled_from(sorted(SYMBOLS)))]
    entries = draw(
        st.lists(
            st.builds(Entry, prices, st.integers(1, 9), st.sampled_from(["limit", "stop", "market"])),
            min_size=1,
            max_size=most,
        )
    )
    stop = draw(decimals("40", "58", 2)) if side == "long" else draw(decimals("142", "170", 2))
    size = f"{draw(decimals('1', '99999', 2))} {draw(st.sampled_from(units))}"
    maker, taker = draw(fee_rates), draw(fee_rates)
    slippage = draw(decimals("0", "0.3", 2))
    return Draft(side, symbol, size, tuple(entries), stop, maker, taker, slippage, ("leverage: 2", "maintenance: 0.5%"))


def amount_of(draft: Draft) -> Fraction:
    """The number in a draft's size."""
    return Fraction(draft.size.split()[0])


def final(ladder: Ladder) -> tuple[Decimal | None, ...]:
    """What stands when all tiers are filled."""
    position = ladder.steps[-1].position
    return (
        position.quantity,
        position.average_entry,
        position.breakeven,
        position.risk,
        position.initial_margin,
        position.liquidation.price,
        position.bankruptcy_price,
        ladder.totals.fees,
    )


# Averages


@laws
@given(drafts(), st.data())
def test_order_of_tiers_does_not_change_where_it_ends(draft: Draft, data: st.DataObject) -> None:
    """However the fills come, the same fills give the same average, breakeven, risk and liquidation price."""
    shuffled = replace(draft, entries=tuple(data.draw(st.permutations(draft.entries))))
    pairs = zip(final(draft.ladder()), final(shuffled.ladder()), strict=True)
    assert all(same(one, other) for one, other in pairs)


@laws
@given(drafts(), st.data())
def test_splitting_a_tier_changes_nothing(draft: Draft, data: st.DataObject) -> None:
    """One order or two at the same price with the same sum: nothing that stands afterwards can tell."""
    index = data.draw(st.integers(0, len(draft.entries) - 1))
    parts = data.draw(st.integers(1, 9))
    doubled = [replace(entry, weight=entry.weight * 10) for entry in draft.entries]
    entry = doubled[index]
    one = replace(entry, weight=entry.weight * parts // 10)
    assume(one.weight > 0)
    doubled[index : index + 1] = [one, replace(entry, weight=entry.weight - one.weight)]
    pairs = zip(final(draft.ladder()), final(replace(draft, entries=tuple(doubled)).ladder()), strict=True)
    assert all(same(before, after) for before, after in pairs)


@laws
@given(drafts("linear"))
def test_linear_average_is_money_over_quantity(draft: Draft) -> None:
    """The average entry is the money paid over the quantity got, and lies between the cheapest and dearest fill."""
    fills = draft.fills(amount_of(draft))
    cost = sum((price * quantity for price, quantity, _ in fills), Fraction(0))
    average = cost / sum(quantity for _, quantity, _ in fills)
    found = draft.ladder().steps[-1].position.average_entry
    assert same(found, average)
    assert min(fills)[0] <= average <= max(fills)[0]


@laws
@given(drafts("inverse"))
def test_inverse_average_is_harmonic(draft: Draft) -> None:
    """Coin-settled, each part weighs by the coin it is worth: N over the sum of n / p, never above the plain mean."""
    fills = draft.fills(amount_of(draft))
    value = sum((quantity for _, quantity, _ in fills), Fraction(0))
    average = value / sum(quantity / price for price, quantity, _ in fills)
    assert same(draft.ladder().steps[-1].position.average_entry, average)
    assert average <= sum(price * quantity for price, quantity, _ in fills) / value


@laws
@given(drafts("linear"))
def test_equal_money_buys_at_or_below_equal_quantity(draft: Draft) -> None:
    """The same shares by money average at or below those by quantity: money buys more where price is lower."""
    by_money = replace(draft, size="1000 USDT").ladder().steps[-1].position.average_entry
    by_quantity = replace(draft, size="10 BTC").ladder().steps[-1].position.average_entry
    assert by_money <= by_quantity or same(by_money, by_quantity)


@laws
@given(drafts())
def test_breakeven_nets_nothing(draft: Draft) -> None:
    """Sold at the breakeven, after every entry fee and the exit's taker fee, nothing is won or lost: by definition."""
    fills = draft.fills(amount_of(draft))
    taker = Fraction(draft.taker) / 100
    for step, count in zip(draft.ladder().steps, range(1, len(fills) + 1), strict=True):
        exit_price = Fraction(step.position.breakeven or 0)
        net = Fraction(0)
        for price, quantity, rate in fills[:count]:
            paid, got = draft.worth(quantity, price), draft.worth(quantity, exit_price)
            gain = paid - got if draft.inverse else got - paid
            net += draft.sign * gain - rate * paid - taker * got
        assert same(net, Fraction(0))


# Risk


@laws
@given(drafts())
def test_worst_planned_loss_is_what_the_fills_lose_one_by_one(draft: Draft) -> None:
    """Where no tier moves the stop, each tier adds to the risk, and all of them stopped lose the worst planned loss."""
    stopped = Fraction(draft.stop) * (1 - draft.sign * Fraction(draft.slippage) / 100)
    taker = Fraction(draft.taker) / 100
    lost, losses = Fraction(0), []
    for price, quantity, rate in draft.fills(amount_of(draft)):
        entry, leaving = draft.worth(quantity, price), draft.worth(quantity, stopped)
        gain = (entry - leaving if draft.inverse else leaving - entry) * draft.sign
        lost += -gain + rate * entry + taker * leaving
        losses.append(lost)
    ladder = draft.ladder()
    assert all(same(step.position.risk, loss) for step, loss in zip(ladder.steps, losses, strict=True))
    assert losses == sorted(losses)
    assert same(ladder.totals.risk, losses[-1])
    assert same(ladder.totals.r, losses[-1])
    assert same(ladder.steps[-1].position.risk_r, Fraction(1))


@st.composite
def moving_drafts(draw: st.DrawFn) -> Draft:
    """A linear pyramid, tier by tier further into the profit, whose tiers may bring the stop along."""
    side = draw(sides)
    sign = 1 if side == "long" else -1
    count = draw(st.integers(2, 4))
    moves = st.sampled_from(["", ", stop: breakeven", ", stop: tier 1", ", stop: -0.5R", ", stop: entry -1"])
    if side == "short":
        moves = st.sampled_from(["", ", stop: breakeven", ", stop: tier 1", ", stop: -0.5R", ", stop: entry +1"])
    entries = tuple(
        Entry(Decimal(100 + sign * 8 * index), draw(st.integers(1, 9)), "stop", draw(moves) if index else "")
        for index in range(count)
    )
    stop = Decimal(100 - sign * draw(st.integers(2, 9)))
    taker, slippage = draw(fee_rates), draw(decimals("0", "0.3", 2))
    return Draft(side, "BTC/USDT:USDT", "1000 USDT", entries, stop, Decimal(0), taker, slippage, ("leverage: 2",))


@laws
@given(st.one_of(drafts(), moving_drafts()), decimals("0.1", "5000", 2))
def test_plan_sized_by_risk_loses_just_that(draft: Draft, amount: Decimal) -> None:
    """A size in risk is the worst planned loss, costs in, whatever the tiers, the fees and the stop moves."""
    currency = "BTC" if draft.inverse else "USDT"
    assume(amount > 0)
    totals = replace(draft, size=f"{amount} {currency} risk").ladder().totals
    assert abs(Fraction(known(totals.risk)) - Fraction(amount)) <= ROUNDING * Fraction(amount)


@laws
@given(moving_drafts())
def test_stop_at_breakeven_leaves_no_risk(draft: Draft) -> None:
    """A tier that brings the stop to breakeven leaves a risk of nothing: slippage and fees of the exit are in it."""
    last = replace(draft.entries[-1], extra=", stop: breakeven")
    entries = (*(replace(entry, extra="") for entry in draft.entries[:-1]), last)
    position = replace(draft, entries=entries).ladder().steps[-1].position
    # Where costs put breakeven beyond the tier's own price, the stop would exit at once, and there is a loss.
    price = entries[-1].price
    trigger = Fraction(position.breakeven or 0) / (1 - draft.sign * Fraction(draft.slippage) / 100)
    assume(draft.sign * (Fraction(price) - trigger) > 0)
    assert same(position.stop, trigger)
    assert same(position.risk, Fraction(0))


# Scale


TARGETS = {
    "long": "targets: [{price: 150, close: 40%}, {price: 3R, close: 30%, stop: breakeven}, {price: 6R, close: 30%}]",
    "short": "targets: [{price: 59, close: 40%}, {price: 57, close: 30%, stop: breakeven}, {price: 55, close: 30%}]",
}


@laws
@given(drafts(), st.integers(2, 50))
def test_size_scales_money_and_leaves_prices(draft: Draft, factor: int) -> None:
    """A plan `factor` times as large has `factor` times the money, and the same prices and figures in R."""
    draft = replace(draft, more=(*draft.more, TARGETS[draft.side]))
    amount, unit = draft.size.split()
    small, large = draft.ladder(), replace(draft, size=f"{Decimal(amount) * factor} {unit}").ladder()
    for before, after in zip(small.steps, large.steps, strict=True):
        one, other = before.position, after.position
        for name in ("quantity", "notional", "risk", "initial_margin"):
            assert same(times(getattr(one, name), factor), getattr(other, name)), name
        rewards = (reward_after(ladder, before.tier - 1) for ladder in (small, large))
        assert same(times(next(rewards), factor), next(rewards))
        for name in ("average_entry", "breakeven", "stop", "risk_r", "bankruptcy_price"):
            assert same(getattr(one, name), getattr(other, name)), name
        assert one.liquidation.answer is other.liquidation.answer
        assert same(one.liquidation.price, other.liquidation.price)
    for exit_before, exit_after in zip(small.exits, large.exits, strict=True):
        assert same(times(exit_before.pnl, factor), exit_after.pnl)
        assert same(exit_before.price, exit_after.price)
        assert same(exit_before.r_multiple, exit_after.r_multiple)
    assert same(times(small.totals.all_at_first, factor), large.totals.all_at_first)
    assert same(small.totals.reward_to_risk, large.totals.reward_to_risk)


@laws
@given(drafts("linear"), st.sampled_from([2, 3, 10, 1000]))
def test_prices_scale_money_and_leave_r(draft: Draft, factor: int) -> None:
    """Quoted in a coin worth a thousandth, all prices are a thousandfold, and no figure in R or share changes."""
    draft = replace(draft, size="7 BTC")
    entries = tuple(replace(entry, price=entry.price * factor) for entry in draft.entries)
    small, large = draft.ladder(), replace(draft, entries=entries, stop=draft.stop * factor).ladder()
    for before, after in zip(small.steps, large.steps, strict=True):
        one, other = before.position, after.position
        for name in ("average_entry", "breakeven", "stop", "risk", "initial_margin"):
            assert same(times(getattr(one, name), factor), getattr(other, name)), name
        rewards = (reward_after(ladder, before.tier - 1) for ladder in (small, large))
        assert same(times(next(rewards), factor), next(rewards))
        for name in ("quantity", "risk_r", "liquidation_distance", "liquidation_past_stop", "liquidation_buffer"):
            assert same(getattr(one, name), getattr(other, name)), name


@laws
@given(drafts(), st.integers(1, 40))
def test_distance_in_r_is_so_many_stop_distances(draft: Draft, tenths: int) -> None:
    """`nR` lies n times the stop's distance from the average, on the winning side; its multiple is n again."""
    # Three stop distances below an average of at most 170 may pass zero, so a short goes no further than it can.
    n = Fraction(tenths, 10) if draft.side == "long" else Fraction(tenths, 100)
    text = f"targets: [{{price: {float(n):.10g}R, close: rest}}]"
    ladder = replace(draft, more=(*draft.more, text)).ladder()
    average = Fraction(ladder.totals.average_entry)
    (only,) = ladder.exits
    assert same(only.price, average + draft.sign * n * abs(average - Fraction(draft.stop)))
    assert same(only.r_multiple, n)


# Sign


@laws
@given(drafts("linear"))
def test_short_is_the_mirror_of_a_long(draft: Draft) -> None:
    """Without costs, prices mirrored at 300 and the side turned round lose and win the same money, levels in R too."""
    exits = "targets: [{price: 0.25R, close: 50%, stop: entry}, {price: +0.5R, close: 30%, stop: +0.1R, trail: 3}]"
    draft = replace(draft, size="5 BTC", maker=Decimal(0), taker=Decimal(0), slippage=Decimal(0))
    draft = replace(draft, more=(*draft.more, exits))
    entries = tuple(replace(entry, price=300 - entry.price) for entry in draft.entries)
    other_side = "short" if draft.side == "long" else "long"
    mirrored = replace(draft, side=other_side, entries=entries, stop=300 - draft.stop)
    here, there = draft.ladder(), mirrored.ladder()
    for one, other in zip(here.steps, there.steps, strict=True):
        assert same(one.position.risk, other.position.risk)
        assert same(reward_after(here, one.tier - 1), reward_after(there, other.tier - 1))
        assert same(one.position.average_entry, 300 - Fraction(other.position.average_entry))
        assert same(one.position.breakeven, 300 - Fraction(other.position.breakeven or 0))
    for first, second in zip(here.exits, there.exits, strict=True):
        assert same(first.price, 300 - Fraction(second.price))
        assert same(first.stop, 300 - Fraction(second.stop or 0))
        assert same(first.pnl, second.pnl)
        assert same(first.locked, second.locked)
        assert same(first.r_multiple, second.r_multiple)


#: Prices whose reciprocals end: 1/64 is 0.015625.
RECIPROCAL = [Decimal(price) for price in (64, 80, 100, 125, 128)]


@laws
@given(
    st.lists(st.builds(Entry, st.sampled_from(RECIPROCAL), st.integers(1, 9)), min_size=1, max_size=4),
    fee_rates,
    fee_rates,
    st.integers(2, 20),
)
def test_inverse_long_is_a_linear_short_of_the_dollar(
    entries: list[Entry], maker: Decimal, taker: Decimal, leverage: int
) -> None:
    """A coin-settled long sells dollars for coin: the same trade as a linear short priced in coin per dollar."""
    more = (f"leverage: {leverage}", "maintenance: 0.5%")
    coin = Draft("long", "BTC/USD:BTC", "4000 USD", tuple(entries), Decimal(50), maker, taker, Decimal(0), more)
    turned = tuple(replace(entry, price=1 / entry.price) for entry in entries)
    dollar = Draft("short", "USD/BTC:BTC", "4000 USD", turned, Decimal("0.02"), maker, taker, Decimal(0), more)
    for one, other in zip(coin.ladder().steps, dollar.ladder().steps, strict=True):
        here, there = one.position, other.position
        assert same(here.risk, there.risk)
        assert same(here.initial_margin, there.initial_margin)
        assert same(here.average_entry, 1 / Fraction(there.average_entry))
        assert same(here.breakeven, 1 / Fraction(there.breakeven or 1))
        assert same(here.bankruptcy_price, 1 / Fraction(there.bankruptcy_price or 1))
        assert same(here.liquidation.price, 1 / Fraction(there.liquidation.price or 1))


# Liquidation


@dataclass(frozen=True)
class Table:
    """Maintenance as a venue prints it: ends of brackets and their rates, the last one open."""

    ends: tuple[Fraction, ...]
    rates: tuple[Fraction, ...]
    by: str

    def share(self, measure: Fraction) -> Fraction:
        """The maintenance margin of something that measures so much, as a share of it.

        By contracts the whole position takes its bracket's rate; otherwise each slice takes its own.
        """
        if self.by == "contracts":
            index = sum(measure > end for end in self.ends)
            return self.rates[index]
        low, total = Fraction(0), Fraction(0)
        for end, rate in zip((*self.ends, None), self.rates, strict=True):
            high = measure if end is None else min(measure, end)
            if high > low:
                total += rate * (high - low)
                low = high
        return total / measure

    @property
    def text(self) -> str:
        """The brackets as they are written in a plan."""
        ends = [f"up_to: {float(end):.10g}, " for end in self.ends] + [""]
        rows = [f"{{{end}rate: {float(rate * 100):.10g}%}}" for end, rate in zip(ends, self.rates, strict=True)]
        return f"[{', '.join(rows)}]"


@st.composite
def tables(draw: st.DrawFn) -> Table:
    """Brackets by notional, by coin or by contracts, with ends near what the drawn positions measure."""
    by = draw(st.sampled_from(["notional", "coin", "contracts"]))
    # Positions are 10 coins at 100, as notional 1,000, as contracts of a tenth (inverse: of 10 USD) 100.
    around = {"notional": 1000, "coin": 10, "contracts": 100}[by]
    ends = sorted(draw(st.sets(st.integers(1, 30), max_size=4)))
    rates = sorted(draw(st.lists(st.integers(1, 40), min_size=len(ends) + 1, max_size=len(ends) + 1)))
    return Table(tuple(Fraction(end * around, 20) for end in ends), tuple(Fraction(rate, 1000) for rate in rates), by)


@laws
@given(
    side=sides,
    inverse=st.booleans(),
    cross=st.booleans(),
    on=st.sampled_from(["mark", "entry"]),
    table=tables(),
    closing_fee=st.integers(0, 10),
    reserve=st.integers(0, 5),
    leverage=st.integers(1, 15),
    extra=st.integers(-3, 60),
    weights=st.lists(st.integers(1, 9), min_size=1, max_size=3),
)
def test_equity_at_liquidation_is_what_the_venue_asks(
    side: str,
    inverse: bool,  # noqa: FBT001 - drawn by name
    cross: bool,  # noqa: FBT001 - drawn by name
    on: str,
    table: Table,
    closing_fee: int,
    reserve: int,
    leverage: int,
    extra: int,
    weights: list[int],
) -> None:
    """Margin and loss at the liquidation price leave the maintenance margin, the closing fee and the reserve: no more.

    Up to there more is left; and a position that has no such price is never short of it.
    """
    unit = Fraction(1, 100) if inverse else Fraction(1)  # money is coin: 10 at 1,000 USD of value
    fee = Fraction(closing_fee, 10000)
    held_back = reserve * unit
    lots = table.by == "contracts"
    entries = tuple(Entry(Decimal(100 + 5 * index), weight) for index, weight in enumerate(weights))
    settle = "BTC" if inverse else "USDT"
    terms = [
        f"maintenance_on: {on}",
        f"bracket_by: {table.by}",
        f"closing_fee: {float(fee * 100):.10g}%",
        f"reserve: {Decimal(reserve) / (100 if inverse else 1)} {settle}",
        f"maintenance: {table.text}",
    ]
    more = [
        f"leverage: {leverage}",
        # A lot so small that what goes down to it is nothing beside the margin.
        *([f"instrument: {{contract_size: {10 if inverse else '0.1'}, lot_size: 0.{'0' * 19}1}}"] if lots else []),
        f"venue: {{{', '.join(terms)}}}",
    ]
    posted = Decimal(200 + 10 * extra) / (100 if inverse else 1)
    if cross:
        more += ["margin_mode: cross", f"account: {{equity: {posted} {settle}}}"]
    else:
        more += [f"extra_margin: {Decimal(extra) / (100 if inverse else 1)} {settle}"]
    draft = Draft(
        side,
        "BTC/USD:BTC" if inverse else "BTC/USDT:USDT",
        "1000 USD" if inverse else "10 BTC",
        entries,
        Decimal(50 if side == "long" else 200),
        maker=Decimal("0.02"),
        more=tuple(more),
    )
    fills = draft.fills(Fraction(1000) if inverse else Fraction(10))
    for count, step in enumerate(draft.ladder().steps, start=1):
        parts = fills[:count]
        quantity = sum((part[1] for part in parts), Fraction(0))
        cost = sum((q / p if inverse else q * p for p, q, _ in parts), Fraction(0))
        fees = cost * Fraction(2, 10000)
        margin = Fraction(posted) - fees if cross else cost / leverage + extra * unit
        average = quantity / cost if inverse else cost / quantity

        def spare(
            price: Fraction,
            quantity: Fraction = quantity,
            cost: Fraction = cost,
            margin: Fraction = margin,
        ) -> Fraction:
            """What is left above the venue's demand with the mark at `price`."""
            worth = quantity / price if inverse else quantity * price
            slope = -draft.sign if inverse else draft.sign
            of = worth if on == "mark" else cost
            coins, value = (of, quantity) if inverse else (quantity, of)
            contracts = quantity / 10 if inverse else quantity * 10
            measure = {"notional": value, "coin": coins, "contracts": contracts}[table.by]
            return margin + slope * (worth - cost) - table.share(measure) * of - fee * worth - held_back

        assume(spare(average) > 0)
        found = step.position.liquidation
        if found.answer is Answer.NONE:
            far = average / 10**9 if side == "long" else average * 10**9
            assert spare(far) >= -ROUNDING
            assert (side == "short") == inverse
            continue
        assert found.answer is Answer.PRICE
        price = Fraction(found.price or 0)
        assert abs(spare(price)) <= (Fraction(1, 10**15) if lots else ROUNDING * 1000)
        assert draft.sign * (average - price) > 0
        assert all(spare(average + (price - average) * Fraction(tenth, 10)) > 0 for tenth in range(10))


@laws
@given(
    sign=st.sampled_from([1, -1]),
    inverse=st.booleans(),
    ends=st.lists(st.integers(1, 40), max_size=5, unique=True),
    rates=st.lists(st.integers(1, 60), min_size=6, max_size=6),
    margin=st.integers(70, 900),
)
def test_brackets_are_solved_as_bisection_would(
    sign: int,
    inverse: bool,  # noqa: FBT001 - drawn by name
    ends: list[int],
    rates: list[int],
    margin: int,
) -> None:
    """Solving every bracket and keeping the price nearest the entry is the root that halving the interval finds."""
    brackets: list[Bracket] = []
    low = deduction = before = Decimal(0)
    for end, rate in zip([*sorted(ends), None], sorted(rates), strict=False):
        ratio = Decimal(rate) / 1000
        deduction += low * (ratio - before)
        up_to = None if end is None else Decimal(end * 50)
        brackets.append(Bracket(up_to, ratio, deduction))
        low, before = up_to or low, ratio
    by = BracketBy.COIN if inverse else BracketBy.NOTIONAL
    model = MarginModel("drawn", "", "", MaintenanceOn.MARK, by, tuple(brackets))
    # Worth 1,000 at the entry, 100, in the settle currency.
    position = Position(sign, inverse=inverse).filled(Decimal(100), Decimal(10**5 if inverse else 10), NO_CHARGE)

    def spare(price: Decimal) -> Decimal:
        worth = position.worth(price)
        at = next(b for b in brackets if b.up_to is None or worth <= b.up_to)
        return margin + position.pnl(price) - at.rate * worth + at.deduction

    assume(spare(Decimal(100)) > 0)
    good, bad = Decimal(100), Decimal("0.0001") if sign > 0 else Decimal(10**6)
    assume(spare(bad) < 0)
    for _ in range(120):
        middle = (good + bad) / 2
        good, bad = (middle, bad) if spare(middle) > 0 else (good, middle)
    found = liquidation(position, model, Decimal(margin), Decimal(0), None)
    assert found.price is not None
    assert abs(found.price - good) <= Decimal("1e-25") * good


# Exits


@laws
@given(drafts(), st.data())
def test_splitting_a_target_changes_no_result(draft: Draft, data: st.DataObject) -> None:
    """A target in two halves at the same price brings what the whole one does, and every coin leaves just once."""
    near, far = (150, 160) if draft.side == "long" else (59, 50)
    share = data.draw(st.integers(1, 98))
    part = data.draw(st.integers(1, share))
    whole = f"targets: [{{price: {near}, close: {share}%}}, {{price: {far}, close: rest}}]"
    halves = (
        f"targets: [{{price: {near}, close: {part}%}}, {{price: {near}, close: {share - part}%}}, "
        f"{{price: {far}, close: rest}}]"
    )
    one = replace(draft, more=(*draft.more, whole)).ladder()
    two = replace(draft, more=(*draft.more, halves)).ladder()
    assert same(one.totals.reward, two.totals.reward)
    assert same(one.exits[0].realized, two.exits[1].realized)
    for ladder in (one, two):
        assert same(sum((Fraction(found.quantity) for found in ladder.exits), Fraction(0)), ladder.totals.quantity)
        assert same(sum((Fraction(found.pnl) for found in ladder.exits), Fraction(0)), ladder.totals.reward)
        assert ladder.exits[-1].remaining == 0
