"""`scaleplan stop`: where the trader's stop sits at the venue now."""

from scaleplan.cli.command import Call, Command, Option, WrongUsage, switch
from scaleplan.cli.journaling import RECORDING, TRADE, recorded, right, words_of
from scaleplan.cli.reply import Reply

PRICE: Option[str] = Option((), "Where the stop sits now.", "", "PRICE")
QUANTITY: Option[str] = Option((), "What it covers; left out, all that is held.", "", "QUANTITY")
NONE = switch("--none", "The stop was cancelled.")
COMMAND = Command(
    """Record where your stop sits now. Left out, the quantity is all that is held.

    Says whether that is where the plan has it, and for how much.
    """,
    (TRADE, PRICE, QUANTITY, NONE, *RECORDING),
    examples=("scaleplan stop plans/range-short.yaml 30050",),
)


def run(call: Call) -> Reply:
    """Records a stop."""
    from scaleplan.quantity.number import read_number
    from scaleplan.trade.words import read_amount

    written, covered = call[PRICE], call[QUANTITY]
    if call[NONE] == bool(written):
        message = "a cancelled stop has no price" if written else "give the price at which it sits, or --none"
        raise WrongUsage(NONE if written else PRICE, message)
    price = right(PRICE, read_number(written, what="a price")) if written else None
    quantity = right(QUANTITY, read_amount(covered)) if covered else None
    command = words_of("stop", call[TRADE], written, covered)
    return recorded(call, "stop", command, lambda recorder: recorder.stop(call[TRADE], price, quantity))
