"""The page of an order list: step by step what happens, and what to place, amend and cancel then."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.orders import OrderEventKind, OrderList, OrderStep, VenueOrder
from scaleplan.quantity.rounding import grouped, places_of, trimmed
from scaleplan.report.figures import Figures, figures_of, one_unit
from scaleplan.report.layout import table_width
from scaleplan.report.orders.words import event_name, order_facts, order_words
from scaleplan.report.page import (
    UNLIMITED,
    Branches,
    Cell,
    Column,
    Fact,
    FactList,
    Heading,
    Medium,
    Page,
    Part,
    Role,
    Sentence,
    Table,
    Title,
    column,
)
from scaleplan.report.sentences import best, head, more, worst
from scaleplan.report.visible import visible
from scaleplan.study import Study

_NOTHING = "-"
#: The unit heads its column where it is no longer than this.
_SHORT_UNIT, _QUANTITY = 5, "qty"


class _OrderRow(NamedTuple):
    """One line of the list: what to do with which order, and what to know of it."""

    do: str
    order: str
    how: str
    quantity: str
    price: str
    only: str = ""
    words: str = ""


def orders_page(study: Study, orders: OrderList, medium: Medium) -> Page:
    """Returns the list of one plan, and below it what no order says; where columns find no room, it is lines."""
    figures = figures_of(study.plan, study.ladder)
    answer = Sentence((worst(figures, study.ladder), best(figures, study.ladder)), limit=UNLIMITED)
    beyond = (Sentence((cell,), limit=UNLIMITED, hang=0) for cell in more(figures, study.ladder))
    facts = list(order_facts(figures, study, orders))
    table: Part = _table(figures, orders)
    if isinstance(table, Table) and table_width(table.columns, 1) > medium.width:
        table = Branches(tuple(_lines(figures, orders)))
    elif (unit := quantity_unit(figures)) and len(unit) > _SHORT_UNIT:
        size = study.plan.instrument.contract_size
        of = "" if size is None else f" of {trimmed(size)} {visible(figures.quantity_unit)}"
        facts.insert(0, Fact(_QUANTITY, f"in {unit}{of}"))
    return Page((Title(head(study.plan), 6), answer, *beyond, Heading(), table, Heading(), FactList(tuple(facts))))


def _lines(figures: Figures, orders: OrderList) -> Iterator[tuple[int, str]]:
    """Yields the list as lines, each with its depth."""
    unit = quantity_unit(figures)
    for step in orders.steps:
        yield 0, f"{step.number} {_event(figures, step)}"
        for row in _rows(figures, step):
            quantity = f"{row.quantity} {unit}" if row.quantity else ""
            first = " ".join(part for part in (row.do, row.order) if part)
            rest = " ".join(part for part in (row.how, quantity) if part)
            said = ", ".join(part for part in (rest, row.price, row.only) if part)
            yield 1, f"{first}: {said}" if row.order and said else f"{first} {said}".rstrip()
            if row.words:
                yield 2, row.words


def count_text(figures: Figures, quantity: Decimal) -> str:
    """Returns a quantity as it is typed into an order, whole: in contracts where these are counted."""
    return trimmed(counted(figures, quantity))


def counted(figures: Figures, quantity: Decimal) -> Decimal:
    """Returns a quantity in contracts; where there is no contract size, as it is."""
    size = figures.plan.instrument.contract_size
    return quantity if size is None else quantity / size


def price_text(figures: Figures, price: Decimal) -> str:
    """Returns a price of an order, with all its digits and at least those that the plan's prices show."""
    return grouped(price.quantize(Decimal(1).scaleb(-max(figures.places.price, places_of(price)))))


def _table(figures: Figures, orders: OrderList) -> Table:
    numbers, events, rows = [], [], []
    for step in orders.steps:
        found = list(_rows(figures, step)) or [_OrderRow(_NOTHING, "nothing", "", "", "")]
        numbers += [str(step.number), *[""] * (len(found) - 1)]
        events += [_event(figures, step), *[""] * (len(found) - 1)]
        rows += found
    unit = quantity_unit(figures)
    columns = (
        column("", numbers),
        Column("event", tuple(Cell(text, Role.STRONG) for text in events), left=True),
        column("do", [row.do for row in rows], left=True),
        column("order", [row.order for row in rows], left=True),
        column("", [row.how for row in rows], left=True),
        column(unit if len(unit) <= _SHORT_UNIT else _QUANTITY, [row.quantity for row in rows]),
        column("price", [row.price for row in rows], left=True),
        column("", [row.only for row in rows], left=True),
    )
    return Table(columns, tuple((Cell(row.words),) for row in rows))


def quantity_unit(figures: Figures) -> str:
    """Returns what quantities of orders count: contracts, lots or shares, or base (inverse: quote)."""
    return f"{one_unit(figures.plan)}s" if figures.by_contracts else visible(figures.quantity_unit)


def _event(figures: Figures, step: OrderStep) -> str:
    if step.event.kind in (OrderEventKind.AFTER, OrderEventKind.PRICE) and step.event.price is not None:
        return price_text(figures, step.event.price)
    return event_name(step.event)


def _rows(figures: Figures, step: OrderStep) -> Iterator[_OrderRow]:
    event = step.event
    if event.kind is OrderEventKind.TARGET and event.price is not None:
        at = f"at {price_text(figures, event.price)}"
        closed = count_text(figures, step.traded) if step.traded else ""
        yield _OrderRow("closed" if closed else "met", "", "", closed, at)
    if step.entries_end:
        yield _OrderRow("cancel", "tiers", "all unfilled", "", "")
    yield from (_OrderRow("cancel", order.level, "", "", "") for order in _told(step))
    yield from (_order(figures, "amend", order, step) for order in step.amend)
    yield from (_order(figures, "place", order, step) for order in step.place)


def _told(step: OrderStep) -> Iterator[VenueOrder]:
    """Yields the orders to cancel that `unfilled tiers` does not say."""
    yield from (order for order in step.cancel if order.reduce_only or not step.entries_end)


def _order(figures: Figures, do: str, order: VenueOrder, step: OrderStep) -> _OrderRow:
    price = "" if order.price is None else f"at {price_text(figures, order.price)}"
    if order.trigger is not None:
        price = f"trigger {price_text(figures, order.trigger)}"
    return _OrderRow(
        do,
        order.level,
        f"{order.side} {order.type}",
        count_text(figures, order.quantity),
        price,
        "reduce-only" if order.reduce_only else "",
        order_words(figures, order, step),
    )
