"""`scaleplan undo`: the newest batch of the journal voided, or that one; twice is back."""

from scaleplan.cli.command import Call, Command, Option, WrongUsage
from scaleplan.cli.journaling import RECORDING, recorded, words_of
from scaleplan.cli.reply import Reply

BATCH: Option[str] = Option((), "The batch, by its number; left out, the newest in force.", "", "BATCH")
COMMAND = Command(
    """Take back what was recorded last. Nothing is deleted: it is voided, and twice is back.

    Says what it voids. A batch that others rest on is not taken back before those.
    """,
    (BATCH, *RECORDING),
    examples=("scaleplan undo",),
)


def run(call: Call) -> Reply:
    """Voids a batch."""
    word = call[BATCH]
    if word and not (word.isascii() and word.isdecimal() and len(word) < 10):
        raise WrongUsage(BATCH, "a batch is a number, as `scaleplan log` names it")
    number = int(word) if word else None
    return recorded(call, "undo", words_of("undo", word), lambda recorder: recorder.undo(number))
