"""`scaleplan fmt`: plans in canonical layout, in place, or only what would change."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, switch
from scaleplan.cli.options import PLANS_AND_FOLDERS

if TYPE_CHECKING:
    from scaleplan.cli.reply import Reply

CHECK = switch("--check", "Write nothing; name the files that would change.")
DIFF = switch("--diff", "Write nothing; show what would change.")
COMMAND = Command(
    """Lay out plans in one way, in place. Keys in their order, one tier a line; comments and values stay.

    With --check and --diff the exit code is 1 where something would change; `-` goes to standard output.
    """,
    (PLANS_AND_FOLDERS, CHECK, DIFF),
    examples=(
        "scaleplan fmt --check plans/breakout-retest-pyramid.yaml",
        "scaleplan fmt --check plans/account.yaml plans/range-short.yaml",
    ),
)


def run(call: Call) -> "Reply":
    """Lays out every file named and every file below each folder named."""
    from scaleplan.cli.layouts import lay_out_all

    return lay_out_all(call[PLANS_AND_FOLDERS], call.screen, check=call[CHECK], diff=call[DIFF])
