"""One row of an export made an execution: the same for all venues, by what the shape of the export says.

Quantities become base (inverse: value in quote), a fee above 0 is paid, and the row's own amount has to agree.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from scaleplan.fills import Passed, ReadOptions, RowProblem, SourceRow
from scaleplan.fills.numbers import Numbers, kept, last_digit, shortest
from scaleplan.fills.shape import Cells, Shape, plain_key
from scaleplan.fills.symbols import coin, is_inverse, parts_of, unified
from scaleplan.fills.times import Clock
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import plain, quote
from scaleplan.trade.kinds import AMOUNT_DISAGREES, NO_CONTRACT_SIZE, UNREADABLE_ROW

_TRUE, _FALSE = frozenset({"true", "yes"}), frozenset({"false", "no"})
_NOTHING = frozenset({"", "-", "--", "0", "none", "null", "n/a"})
#: Digits that a journal keeps before the point.
_DIGITS = 16
#: Units of a quantity that counts contracts.
_CONTRACTS = frozenset({"CONTRACT", "CONTRACTS", "CONT", "CONTS", "LOT", "LOTS"})
#: Units of a quantity of what has no quote currency.
_SHARES = frozenset({"SHARE", "SHARES", "STK"})
#: A contract's size has few digits, as 0.001, 10 or 0.25 have.
_FEW_DIGITS = 3
#: Words of a liquidity, as far as letters go.
_LIQUIDITY = {
    "maker": "maker",
    "m": "maker",
    "addedliquidity": "maker",
    "added": "maker",
    "taker": "taker",
    "t": "taker",
    "removedliquidity": "taker",
    "removed": "taker",
}


class SourceSymbol(NamedTuple):
    """What a symbol of a file is: its venue, what it means, and in what its quantities are counted."""

    venue: str
    unified: str
    inverse: bool
    unit: str
    size: Decimal | None
    base: str
    settle: str


class RowReader:
    """Reads the rows of one file. `outer` has what stands around the rows of an answer."""

    def __init__(
        self, shape: Shape, clock: Clock, numbers: Numbers, options: ReadOptions, outer: Mapping[str, str]
    ) -> None:
        self.shape = shape
        self.clock = clock
        self.numbers = numbers
        self.options = options
        self.outer = outer
        #: The market that who wraps the rows says of them: `spot`, `linear`, `inverse`.
        self.hint = ""
        self._instruments: dict[tuple[str, str], SourceSymbol] = {}
        self._sides: dict[str, tuple[str, str | None] | None] = {}
        self._quantities: dict[str, Decimal] = {}
        self._liquidities: dict[str, str | None] = {}

    def read(self, cells: Cells, line: int, index: int, raw: str) -> SourceRow:
        """Returns the execution or the funding of a row. Raises `RowProblem`, or `Passed` for what is neither."""
        shape = self.shape
        if shape.before is not None:
            cells = shape.before(cells, self)
        venue = shape.venue if isinstance(shape.venue, str) else shape.venue(cells, self)
        at, zone, grain = self.clock.read(time_of(cells) if cells.clock else cells.time, index)
        instrument = self._instruments.get((venue, cells.symbol))
        if instrument is None:
            instrument = self._instrument(venue, cells.symbol)
        if cells.kind == "funding":
            return self._funding(cells, instrument, (at, zone, grain), line, raw)
        # What was understood before is looked up here: a call for each takes as long as all else of a row.
        known = self._sides.get(cells.side)
        side, holds = self.side(cells) if known is None or cells.effect else known
        price = self.numbers.read(cells.price, "price")
        if price <= 0:
            raise RowProblem(UNREADABLE_ROW, f"the price {quote(cells.price)} is not above zero", _MEND, "price")
        quantity = self._quantities.get(cells.quantity)
        if quantity is None:
            quantity, counted = self._quantity(cells, instrument, side)
            cells = cells if not counted else cells._replace(unit=counted)
        contracts = None
        if instrument.unit != "base" or cells.multiplier or cells.unit:
            contracts, quantity = self._in_base(cells, instrument, price, quantity)
        if contracts is not None:
            quantity = _fitting(quantity, cells.quantity, "quantity")
        if cells.amount:
            self._agree(cells, instrument, price, quantity)
        fee, currency, given = self.fee(cells, instrument, side)
        role = None if shape.role is None else shape.role(cells)
        position = self._position(cells, side, holds, quantity) if cells.position else None
        if contracts is not None and position is not None and cells.kind != "position in base":
            position = position * quantity / contracts
        return SourceRow(
            False,  # noqa: FBT003 - by place it takes half the time
            line,
            holds,
            position,
            grain,
            given,
            role,
            raw,
            at,
            zone,
            venue,
            _word(cells.id),
            side,
            price,
            quantity,
            contracts,
            fee,
            currency,
            (self._liquidities.get(cells.liquidity) or self.liquidity(cells.liquidity)) if cells.liquidity else None,
            _word(cells.order),
            cells.symbol,
        )

    def _funding(
        self, cells: Cells, instrument: SourceSymbol, when: tuple[str, str, int], line: int, raw: str
    ) -> SourceRow:
        paid = self.numbers.read(cells.funding, "funding")
        currency = coin(cells.fee_currency) or instrument.settle or None
        at, zone, grain = when
        way = self.shape.sides.get(plain_key(cells.side), (None, None))[0]
        return SourceRow(
            is_funding=True,
            line=line,
            holds=cells.effect or {"buy": "long", "sell": "short"}.get(way or ""),
            position=None,
            grain=grain,
            given_fee=None,
            role=None,
            raw=raw,
            at=at,
            zone=zone,
            venue=instrument.venue,
            source_id=_word(cells.id),
            side=None,
            price=None,
            quantity=None,
            contracts=None,
            fee=paid,
            fee_currency=currency,
            liquidity=None,
            order_id=None,
            symbol=cells.symbol,
        )

    # Parts

    def _instrument(self, venue: str, symbol: str) -> SourceSymbol:
        if not symbol.strip():
            raise RowProblem(UNREADABLE_ROW, "the row names no symbol", _MEND, "symbol")
        own = unified(venue, symbol)
        base, quoted, settle = parts_of(own)
        inverse = is_inverse(own)
        unit = self.shape.unit if isinstance(self.shape.unit, str) else self.shape.unit(venue, own)
        asked, meant = self.options.contract_sizes, self.options.symbols.get(symbol.upper(), own)
        size = self.options.plan_sizes.get(meant.upper())
        for name in (symbol, meant, own, ""):
            size = asked.get(name.upper()) if size is None else size
        found = SourceSymbol(venue, own, inverse, unit, size, base, settle if quoted else "")
        self._instruments[venue, symbol] = found
        return found

    def side(self, cells: Cells) -> tuple[str, str | None]:
        """Returns which way a row trades, and the side of the position where it says that."""
        known = self._sides.get(cells.side)
        if known is None:
            known = self.shape.sides.get(plain_key(cells.side))
            if known is None:
                raise RowProblem(
                    UNREADABLE_ROW, f"{quote(cells.side)} is no side, neither bought nor sold", _MEND, "side"
                )
            self._sides[cells.side] = known
        if known[1] is None and cells.effect:
            effect = cells.effect.strip().lower()
            if effect in ("long", "short"):
                return known[0], effect
        return known

    def _quantity(self, cells: Cells, instrument: SourceSymbol, side: str) -> tuple[Decimal, str]:
        """Returns a quantity without its sign, and what its unit counts: `contracts`, `base`; empty without one."""
        text = cells.quantity
        found, unit = self.numbers.with_unit(text, "quantity", instrument.base) if text else (None, "")
        if not found:
            raise RowProblem(UNREADABLE_ROW, f"the quantity {quote(text)} is nothing", _MEND, "quantity")
        if found < 0 and side == "buy":
            raise RowProblem(
                UNREADABLE_ROW,
                f"the row says {quote(cells.side)}, and its quantity {quote(text)}, below zero, is of a sale",
                _MEND,
                "quantity",
            )
        quantity = abs(found)
        if not unit:
            if found > 0:
                self._quantities[text] = quantity
            return quantity, ""
        if unit in _CONTRACTS:
            return quantity, "contracts"
        own = parts_of(instrument.unified)[1] if instrument.inverse else instrument.base
        if coin(unit) != coin(own) and not (unit in _SHARES and not instrument.settle):
            raise RowProblem(
                UNREADABLE_ROW,
                f"the quantity {quote(text)} is in {unit}, and that of {quote(cells.symbol)} is in {own}",
                f"write how much {own} it is, or pass the row over: --skip-bad",
                "quantity",
            )
        return quantity, "base"

    def _in_base(
        self, cells: Cells, instrument: SourceSymbol, price: Decimal, quantity: Decimal
    ) -> tuple[Decimal | None, Decimal]:
        """Returns the contracts that a row counts, absent where it counts none, and its quantity in base."""
        counted = cells.unit if cells.unit in ("contracts", "base") else instrument.unit
        if cells.multiplier:
            multiplier = self.numbers.read(cells.multiplier, "multiplier")
            if multiplier <= 0:
                raise RowProblem(
                    UNREADABLE_ROW, f"the multiplier {quote(cells.multiplier)} is not above zero", _MEND, "multiplier"
                )
            return (None, quantity) if multiplier == 1 else (quantity, quantity * multiplier)
        if counted == "base":
            return None, quantity
        size = self._size_by_amount(cells, instrument, price, quantity)
        size = instrument.size if size is None else size
        if size is None:
            word = "lots" if counted == "lots" else "contracts"
            raise RowProblem(
                NO_CONTRACT_SIZE,
                f"{quote(cells.quantity)} counts {word} of {quote(cells.symbol)}, and nothing says how much one is",
                f"give it: `--contract-size {cells.symbol}=0.01`, or write `instrument: {{contract_size: ...}}`"
                " in its plan",
                "quantity",
            )
        return quantity, quantity * size

    def _size_by_amount(
        self, cells: Cells, instrument: SourceSymbol, price: Decimal, quantity: Decimal
    ) -> Decimal | None:
        """Returns how much a contract is where the row's own amount leaves only one size."""
        if not cells.amount:
            return None
        amount, _ = self.numbers.with_unit(cells.amount, "amount")
        if not amount:
            return None
        amount = abs(amount)
        step, unit = last_digit(amount), quantity / price if instrument.inverse else quantity * price
        exactly = amount / unit
        if len(exactly.normalize().as_tuple().digits) <= _FEW_DIGITS:
            return exactly.normalize()
        return shortest(max(amount - step, ZERO) / unit, (amount + step) / unit)

    def _agree(self, cells: Cells, instrument: SourceSymbol, price: Decimal, quantity: Decimal) -> None:
        """Raises `RowProblem` where price times quantity is not the row's amount within its last digit."""
        amount, _ = self.numbers.with_unit(cells.amount, "amount")
        if amount is None:
            return
        amount = abs(amount)
        reckoned = quantity / price if instrument.inverse else price * quantity
        if reckoned == amount:
            return
        apart = last_digit(amount)
        if self.shape.averages:
            apart += last_digit(price) * quantity
        if abs(reckoned - amount) >= apart:
            sign = "/" if instrument.inverse else "x"
            first, second = (quantity, price) if instrument.inverse else (price, quantity)
            raise RowProblem(
                AMOUNT_DISAGREES,
                f"{plain(first)} {sign} {plain(second)} is {plain(kept(reckoned))}, and the row's amount is"
                f" {plain(amount)}",
                "look at the row in the venue's own history; --skip-bad passes it over",
                "amount",
            )

    def fee(self, cells: Cells, instrument: SourceSymbol, side: str) -> tuple[Decimal | None, str | None, str | None]:
        """Returns what was paid (below 0: received), its currency, and the fee as written where a rate counts."""
        if not (cells.fee or cells.fee2 or cells.fee3):
            return None, None, None
        fee, unit = self.numbers.with_unit(cells.fee, "fee", instrument.base) if cells.fee else (None, "")
        for part in (cells.fee2, cells.fee3):
            more = self.numbers.optional(part, "fee") if part else None
            if more is not None:
                fee = more if fee is None else fee + more
        if fee is None:
            return None, None, None
        if self.shape.fee_sign < 0:
            fee = -fee
        currency = coin(cells.fee_currency) or coin(unit) or self._currency(instrument, side)
        if not fee:
            fee = ZERO
        elif cells.fee2 or cells.fee3:
            fee = _fitting(fee, cells.fee, "fee")
        rate = self.options.rates.get(currency) if currency else None
        if rate is not None and currency != instrument.settle:
            spot_base = ":" not in instrument.unified and currency == instrument.base
            if not spot_base:
                return _fitting(fee * rate, cells.fee, "fee"), instrument.settle or None, f"{plain(fee)} {currency}"
        return fee, currency or None, None

    def _currency(self, instrument: SourceSymbol, side: str) -> str:
        if self.shape.fee_in == "received":
            return instrument.base if side == "buy" else instrument.settle
        if self.shape.fee_in == "quote":
            return parts_of(instrument.unified)[1]
        return instrument.settle if self.shape.fee_in == "settle" else ""

    def liquidity(self, text: str) -> str | None:
        """Returns whether a fill made or took liquidity; a plain truth says that it made it."""
        if text not in self._liquidities:
            word = text.strip().lower()
            is_truth = word in _TRUE or word in _FALSE
            found = ("maker" if word in _TRUE else "taker") if is_truth else _LIQUIDITY.get(plain_key(text))
            self._liquidities[text] = found
        return self._liquidities[text]

    def _position(self, cells: Cells, side: str, holds: str | None, quantity: Decimal) -> Decimal | None:
        """Returns what is held after a row that states it; `unit` says that it is what was held before."""
        stated = self.numbers.optional(cells.position, "position")
        if stated is None:
            return None
        if cells.kind == "position before":
            return stated + (quantity if side == "buy" else -quantity)
        if holds == "short" and stated > 0:
            return -stated
        return stated

    def stated(self, text: str, row: SourceRow) -> Decimal | None:
        """Returns a position that stands elsewhere in a file, in base, as the last row of its symbol counts."""
        found = self.numbers.optional(text, "position")
        if found is None or row.contracts is None or row.quantity is None:
            return found
        return found * row.quantity / row.contracts


def _fitting(value: Decimal, text: str, field: str) -> Decimal:
    """Returns what was reckoned of a cell as a journal keeps it. Raises `RowProblem` where it is too large for that."""
    exponent = value.as_tuple().exponent
    if value.adjusted() >= _DIGITS or (isinstance(exponent, int) and exponent < 0 and not kept(value)):
        raise RowProblem(UNREADABLE_ROW, f"{quote(text)} comes to {value:.3E}, which no journal keeps", _MEND, field)
    return kept(value)


_MEND = "mend the row, or pass it over: --skip-bad"


def time_of(cells: Cells) -> str:
    """Returns the time of a row, of its day and its clock where those are two cells."""
    return f"{cells.time} {cells.clock}" if cells.clock else cells.time


def _word(text: str) -> str | None:
    """Returns a number of an order or an execution; absent for an empty one."""
    if text.isdigit() and text != "0":
        return text
    word = text.strip()
    return None if word.lower() in _NOTHING else word


def passed(reason: str) -> Passed:
    """Returns what is raised for a row that is no fill."""
    return Passed(reason)
