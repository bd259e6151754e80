"""`scaleplan venues`: the venues that are known by name."""

from scaleplan.cli.command import Call, Command, choice
from scaleplan.cli.reply import ExitCode, Reply

FORMAT = choice("--format", ("table", "json", "md"), "How to print it.")
COMMAND = Command(
    "List the venues that a plan may name. With the symbols whose brackets are known, and how old these are.",
    (FORMAT,),
    examples=("scaleplan venues", "scaleplan venues show binance", "scaleplan venues --format json"),
    children=("show", "import"),
)


def run(call: Call) -> Reply:
    """Lists the bundled venues."""
    from scaleplan.cli.studied import paged
    from scaleplan.clock import now
    from scaleplan.decode.bundled import read_all_bundled

    today, venues = now().date(), read_all_bundled()
    if call[FORMAT] == "json":
        from scaleplan.report.record import to_json
        from scaleplan.report.venues.record import list_record

        return Reply(to_json(list_record(venues, today)), "", ExitCode.OK)
    from scaleplan.report.venues.page import list_page

    out = paged(lambda frame: [list_page(venues, today, frame)], call[FORMAT], call.screen.out)
    return Reply(out, "", ExitCode.OK)
