"""`scaleplan fill`: an entry that the venue executed, recorded for the plan's trade."""

from scaleplan.cli.command import Call, Command, Option, number
from scaleplan.cli.journaling import AGAIN, FEE, ORDER, RECORDING, TRADE, recorded, right, words_of
from scaleplan.cli.options import ALLOW_FILES, EQUITY, SET
from scaleplan.cli.reply import Reply

PRICE = Option((), "The price of execution.", "", "PRICE", required=True)
QUANTITY = Option(
    (), "How much: in base (inverse: value in quote), '12 contracts', '0.6 lots'.", "", "QUANTITY", required=True
)
TIER = number("--tier", "N", "The tier that it was; left out, the one that its price is near.")
COMMAND = Command(
    """Record an entry. The plan is locked with it where it is not yet.

    Says which tier it was, where the trade stands, and what is due now. Nothing is sent anywhere.
    """,
    (TRADE, PRICE, QUANTITY, TIER, FEE, ORDER, AGAIN, EQUITY, SET, ALLOW_FILES, *RECORDING),
    examples=("scaleplan fill plans/range-short.yaml 29471 0.1 --fee 1.47",),
)


def run(call: Call) -> Reply:
    """Records an entry."""
    from scaleplan.quantity.number import read_number
    from scaleplan.questions.recording import TypedFill
    from scaleplan.trade.words import read_amount, read_fee

    price = right(PRICE, read_number(call[PRICE], what="a price"))
    quantity = right(QUANTITY, read_amount(call[QUANTITY]))
    written = call[FEE]
    fee = None if written is None else right(FEE, read_fee(written))
    fill = TypedFill(
        is_entry=True,
        price=price,
        quantity=quantity,
        fee=None if fee is None else fee.amount,
        fee_currency=None if fee is None else fee.currency,
        order_id=call[ORDER],
        tier=call[TIER],
    )
    command = words_of("fill", call[TRADE], call[PRICE], call[QUANTITY])
    return recorded(call, "fill", command, lambda recorder: recorder.fill(call[TRADE], fill))
