"""The rows of an order list for a spreadsheet: one an order that is placed, amended or cancelled."""

from collections.abc import Iterator

from scaleplan.orders import OrderList, OrderStep, VenueOrder
from scaleplan.report.figures import Figures, figures_of
from scaleplan.report.orders.ccxt import client_id
from scaleplan.report.orders.page import counted, quantity_unit
from scaleplan.report.orders.words import event_name, order_words
from scaleplan.report.record import Record, digits
from scaleplan.study import Study

#: The columns of the CSV, and those in which the trader's own words stand.
COLUMNS = (
    *("step", "event", "action", "id", "side", "type", "quantity", "unit", "price", "trigger_price"),
    *("reduce_only", "level", "note"),
)
TEXTS = frozenset({"unit", "note"})


def order_rows(study: Study, orders: OrderList) -> Iterator[Record]:
    """Yields the rows, in the order in which things are to be done: cancel, amend, place."""
    figures = figures_of(study.plan, study.ladder)
    for step in orders.steps:
        for action, listed in (("cancel", step.cancel), ("amend", step.amend), ("place", step.place)):
            for order in listed:
                yield _row(figures, orders, step, action, order)


def _row(figures: Figures, orders: OrderList, step: OrderStep, action: str, order: VenueOrder) -> Record:
    return {
        "step": step.number,
        "event": event_name(step.event),
        "action": action,
        "id": client_id(orders, order.id),
        "side": order.side,
        "type": str(order.type),
        "quantity": digits(counted(figures, order.quantity)),
        "unit": quantity_unit(figures),
        "price": digits(order.price),
        "trigger_price": digits(order.trigger),
        "reduce_only": order.reduce_only,
        "level": order.level,
        "note": "" if action == "cancel" else order_words(figures, order, step),
    }
