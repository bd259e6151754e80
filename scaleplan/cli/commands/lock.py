"""`scaleplan lock`: a plan locked before its first fill, accepted again, or released."""

from scaleplan.cli.command import Call, Command, WrongUsage, text
from scaleplan.cli.journaling import RECORDING, TRADE, recorded, words_of
from scaleplan.cli.options import ALLOW_FILES, EQUITY, SET
from scaleplan.cli.reply import Reply

ACCEPT = text("--again", "REASON", "Accept the file as it is now: its numbers are due from here on.")
RELEASE = text("--release", "REASON", "End a trade that holds nothing: it never came.")
COMMAND = Command(
    """Lock a plan before its first fill. From here on its trade is judged by these bytes, and not by the file.

    The best moment to lock a plan is before it is in the market; the first fill locks it too.
    """,
    (TRADE, ACCEPT, RELEASE, EQUITY, SET, ALLOW_FILES, *RECORDING),
    examples=("scaleplan lock plans/range-short.yaml",),
)


def run(call: Call) -> Reply:
    """Locks a plan, accepts it again, or releases its trade."""
    again, release = call[ACCEPT], call[RELEASE]
    if again is not None and release is not None:
        raise WrongUsage(RELEASE, "a trade is accepted again or released: leave one of the two out")
    for option, reason in ((ACCEPT, again), (RELEASE, release)):
        if reason is not None and not reason.strip():
            raise WrongUsage(option, "a reason is missing: say it in a few words")
    command = words_of("lock", call[TRADE])
    if again is not None:
        return recorded(call, "lock", command, lambda recorder: recorder.amend(call[TRADE], again))
    if release is not None:
        return recorded(call, "lock", command, lambda recorder: recorder.release(call[TRADE], release))
    return recorded(call, "lock", command, lambda recorder: recorder.lock(call[TRADE]))
