"""Distances in ticks, points and pips, made prices by what the instrument says of its steps.

A point is 1 of price. A tick is the venue's smallest step, and has to be written. A pip is 0.0001 of a pair of two
currencies, 0.01 where the yen is the quote, and has to be written for anything else.
"""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.reader import Reader
from scaleplan.plan import Instrument
from scaleplan.quantity.amount import Symbol
from scaleplan.quantity.exact import ONE
from scaleplan.quantity.number import quote
from scaleplan.quantity.price import PriceUnit, Steps
from scaleplan.tree import Node

#: Currencies of states that are traded in pairs.
_CURRENCIES = (
    *("AUD", "BRL", "CAD", "CHF", "CNH", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR", "JPY", "KRW"),
    *("MXN", "NOK", "NZD", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "TWD", "USD", "ZAR"),
)
_PIP, _YEN_PIP = Decimal("0.0001"), Decimal("0.01")


class Units(NamedTuple):
    """The price of one tick and of one pip; absent where nothing says it."""

    tick: Decimal | None = None
    pip: Decimal | None = None

    def of(self, unit: PriceUnit) -> Decimal | None:
        """The price of one of a unit."""
        return {PriceUnit.TICK: self.tick, PriceUnit.POINT: ONE, PriceUnit.PIP: self.pip}[unit]


def units_of(rules: Instrument, symbol: Symbol) -> Units:
    """The units of an instrument; a pair of two currencies has a pip of its own."""
    pip = rules.pip_size
    base, priced = symbol.base.upper(), symbol.quote.upper()
    if pip is None and base in _CURRENCIES and priced in _CURRENCIES:
        pip = _YEN_PIP if priced == "JPY" else _PIP
    return Units(rules.tick_size, pip)


def measure_steps(reader: Reader, node: Node, path: str, steps: Steps, units: Units) -> Decimal | None:
    """Steps as an amount of price; absent where nothing says how much one of them is, which is told."""
    unit = units.of(steps.unit)
    if unit is not None:
        return steps.number * unit
    name, size = ("tick_size", "0.25") if steps.unit is PriceUnit.TICK else ("pip_size", "0.0001")
    reader.lacks(
        node,
        path,
        name,
        f"{quote(node.span.text)} does not say how much of price a {steps.unit} is",
        f"add `instrument: {{{name}: {size}}}`",
    )
    return None
