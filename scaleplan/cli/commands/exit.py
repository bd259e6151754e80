"""`scaleplan exit`: a close that the venue executed, recorded for the plan's trade."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option, WrongUsage, number, switch
from scaleplan.cli.journaling import AGAIN, FEE, ORDER, RECORDING, TRADE, recorded, right, words_of
from scaleplan.cli.reply import Reply

if TYPE_CHECKING:
    from scaleplan.engine.event import EventKind

PRICE = Option((), "The price of execution.", "", "PRICE", required=True)
QUANTITY = Option((), "How much: all, 50% of what is held, 0.1, or '12 contracts'.", "", "QUANTITY", required=True)
TARGET = number("--target", "N", "It was this target.")
STOP = switch("--stop", "It was the stop.")
TRAIL = switch("--trail", "It was the trailing stop.")
TIME_STOP = switch("--time-stop", "It was the time stop.")
LIQUIDATED = switch("--liquidated", "The venue liquidated it.")
BY_HAND = switch("--by-hand", "It was closed where the plan has no exit.")
#: What a close is said to be, by its option.
ROLES = (TARGET, STOP, TRAIL, TIME_STOP, LIQUIDATED, BY_HAND)
COMMAND = Command(
    """Record a close of a trade. Of a target, at the stop, or by hand; left out, its price tells which.

    Says what it brought, where the trade stands, and what is due now.
    """,
    (TRADE, PRICE, QUANTITY, *ROLES, FEE, ORDER, AGAIN, *RECORDING),
    examples=("scaleplan exit plans/range-short.yaml 28600 50%", "scaleplan exit T1 30050 all --stop"),
)


def role_of(call: Call) -> "tuple[EventKind, int | None] | None":
    """Returns what a close is said to be, and the target; raises `WrongUsage` where two are said."""
    from scaleplan.engine.event import EventKind

    kinds = {
        STOP.name: EventKind.STOP,
        TRAIL.name: EventKind.TRAIL,
        TIME_STOP.name: EventKind.TIME_STOP,
        LIQUIDATED.name: EventKind.LIQUIDATION,
        BY_HAND.name: EventKind.BY_HAND,
    }
    given = [option for option in ROLES if call[option]]
    if len(given) > 1:
        raise WrongUsage(given[1], f"a close is one thing: leave out {given[0].name} or {given[1].name}")
    target = call[TARGET]
    if target is not None:
        if target < 1:
            raise WrongUsage(TARGET, "targets are counted from 1")
        return EventKind.TARGET, target
    return (kinds[given[0].name], None) if given else None


def run(call: Call) -> Reply:
    """Records a close."""
    from scaleplan.quantity.number import read_number
    from scaleplan.questions.recording import TypedFill
    from scaleplan.trade.words import read_close, read_fee

    written, role = call[FEE], role_of(call)
    fee = None if written is None else right(FEE, read_fee(written))
    fill = TypedFill(
        is_entry=False,
        price=right(PRICE, read_number(call[PRICE], what="a price")),
        quantity=right(QUANTITY, read_close(call[QUANTITY])),
        fee=None if fee is None else fee.amount,
        fee_currency=None if fee is None else fee.currency,
        order_id=call[ORDER],
        role=None if role is None else str(role[0]),
        target=None if role is None else role[1],
    )
    command = words_of("exit", call[TRADE], call[PRICE], call[QUANTITY])
    return recorded(call, "exit", command, lambda recorder: recorder.fill(call[TRADE], fill))
