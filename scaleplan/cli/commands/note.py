"""`scaleplan note`: a line for a trade, what was learned."""

from scaleplan.cli.command import Call, Command, Option, WrongUsage
from scaleplan.cli.journaling import AT, DRY_RUN, FORMAT, JOURNAL, TRADE, recorded, words_of
from scaleplan.cli.reply import Reply

TEXT = Option((), "What was learned, in a line.", "", "TEXT", required=True)
COMMAND = Command(
    "Write a line for a trade. What was learned, or why it was left.",
    (TRADE, TEXT, AT, DRY_RUN, JOURNAL, FORMAT),
    examples=("scaleplan note plans/range-short.yaml 'waited for the close'",),
)


def run(call: Call) -> Reply:
    """Records a line."""
    if not call[TEXT].strip():
        raise WrongUsage(TEXT, "a line is missing: say it in a few words")
    command = words_of("note", call[TRADE])
    return recorded(call, "note", command, lambda recorder: recorder.note(call[TRADE], call[TEXT]))
