"""One trade: what is held, what stands behind it, and the machine that applies an event to a state.

The only rules of what a plan does. Whatever follows a plan feeds the same `Machine`: the ladder in the order listed,
`paths` in every order, and what a venue did, which no plan foresaw:

>>> from decimal import Decimal as D
>>> from scaleplan.engine.event import EventKind, ExitFill, Fill
>>> from scaleplan.engine.next_events import NextEvents
>>> from scaleplan.study import study
>>> plan = b'''
... {symbol: SOL/USDT, side: long, size: 9 SOL, tiers: [150, 140, 130], stop: 118,
...  targets: [{price: 160, close: 50%, stop: entry}, {price: 170, close: rest}]}'''
>>> machine = study("sol.yaml", plan).ladder.machine
>>> steps = machine.play([
...     Fill(1, D("149.5"), D(3)),                        # better than planned
...     Fill(2, D(140), D(1)),                            # a part: tier 2 still misses 2
...     ExitFill(EventKind.BY_HAND, 0, D(145), D(1)),     # the trader's own hand
...     ExitFill(EventKind.TARGET, 1, D(160), D(2)),      # half of the four; what is missing of tier 2 is cancelled
... ])
>>> here = steps[-1].state
>>> here.held.position.quantity, here.stop, here.realized
(Decimal('1'), Decimal('147.125'), Decimal('23.625'))
>>> up, down = NextEvents(machine).fork(here)
>>> f"{up.event.kind} {up.event.number} at {up.event.price}, {down.event.kind} at {down.event.price}"
'target 2 at 170, stop at 147.125'
"""


class Unreckonable(ArithmeticError):  # noqa: N818 - it is a state of the plan, told to the trader
    """A plan whose figures cannot be: at `path`, `message` says what clashes and `help` one way out."""

    def __init__(self, path: str, message: str, help: str) -> None:
        super().__init__(message)
        self.path = path
        self.message = message
        self.help = help
