"""`scaleplan venues show`: all that is known of a venue."""

from scaleplan.cli.command import Call, Command, Option
from scaleplan.cli.commands.venues import FORMAT
from scaleplan.cli.reply import ExitCode, Reply


def complete_venue(incomplete: str) -> list[str]:
    """Returns the venues known by name that begin with what is typed."""
    from scaleplan.venue import VENUE_NAMES

    return [name for name in VENUE_NAMES if name.startswith(incomplete.lower())]


VENUES: Option[tuple[str, ...]] = Option(
    (), "Names of venues.", (), "VENUE...", many=True, required=True, complete=complete_venue
)
COMMAND = Command(
    "Show what is known of venues. The formula in words, fees, brackets, contract rules, and their sources.",
    (VENUES, FORMAT),
    examples=("scaleplan venues show binance", "scaleplan venues show okx --format md"),
)


def run(call: Call) -> Reply:
    """Shows the venues that are named; a name that is none is answered with the nearest."""
    from scaleplan.cli.studied import paged
    from scaleplan.clock import now
    from scaleplan.decode.bundled import read_bundled
    from scaleplan.venue import VENUE_NAMES

    names = list(dict.fromkeys(name.strip().lower() for name in call[VENUES]))
    talk = "".join(_unknown(name) for name in names if name not in VENUE_NAMES)
    code = ExitCode.USAGE if talk else ExitCode.OK
    venues = [read_bundled(name) for name in names if name in VENUE_NAMES]
    if not venues:
        return Reply("", talk, code)
    today = now().date()
    if call[FORMAT] == "json":
        from scaleplan.report.record import to_json
        from scaleplan.report.venues.record import venues_record

        return Reply(to_json(venues_record(venues, today)), talk, code)
    from scaleplan.report.venues.page import venue_page

    out = paged(lambda frame: [venue_page(venue, today, frame) for venue in venues], call[FORMAT], call.screen.out)
    return Reply(out, talk, code)


def _unknown(name: str) -> str:
    from scaleplan.decode.reader import nearest
    from scaleplan.quantity.number import quote
    from scaleplan.report.visible import visible
    from scaleplan.venue import VENUE_NAMES

    near = nearest(name, VENUE_NAMES)
    help = f"did you mean `{near}`?" if near else f"there are {', '.join(VENUE_NAMES)}"
    return f"scaleplan: {visible(quote(name))} is no venue that is known; {help}\n"
