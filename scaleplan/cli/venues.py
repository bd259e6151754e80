"""`scaleplan venues`: the venues that are known by name, and all that is known of one."""

from collections.abc import Sequence

from scaleplan.cli.formats import VenuesFormat
from scaleplan.cli.outcome import Exit, Outcome, Screen
from scaleplan.clock import now
from scaleplan.decode.bundled import all_bundled, bundled
from scaleplan.decode.reader import nearest
from scaleplan.quantity.number import quote
from scaleplan.report.visible import visible
from scaleplan.venue import VENUE_NAMES

#: The columns of a table that goes into a pipe or a file.
_COLUMNS = 80


def venues(screen: Screen, *, format: VenuesFormat) -> Outcome:
    """List the bundled venues."""
    today, known = now().date(), all_bundled()
    if format is VenuesFormat.JSON:
        from scaleplan.report.show.record import to_json
        from scaleplan.report.venues.record import list_record

        return Outcome(to_json(list_record(known, today)), "", Exit.OK)
    from scaleplan.report.venues.page import list_markdown, render_list

    if format is VenuesFormat.MD:
        return Outcome(list_markdown(known, today), "", Exit.OK)
    width = screen.out.width or _COLUMNS
    return Outcome(render_list(known, today, width=width, colour=screen.out.colour), "", Exit.OK)


def venues_show(names: Sequence[str], screen: Screen, *, format: VenuesFormat) -> Outcome:
    """All that is known of the venues that are named; a name that is none is answered with the nearest."""
    wanted = list(dict.fromkeys(name.strip().lower() for name in names))
    talk = "".join(_unknown(name) for name in wanted if name not in VENUE_NAMES)
    code = Exit.USAGE if talk else Exit.OK
    known = [bundled(name) for name in wanted if name in VENUE_NAMES]
    if not known:
        return Outcome("", talk, code)
    today = now().date()
    if format is VenuesFormat.JSON:
        from scaleplan.report.show.record import to_json
        from scaleplan.report.venues.record import venues_record

        return Outcome(to_json(venues_record(known, today)), talk, code)
    from scaleplan.report.venues.page import render_venues, venues_markdown

    if format is VenuesFormat.MD:
        return Outcome(venues_markdown(known, today), talk, code)
    width = screen.out.width or _COLUMNS
    return Outcome(render_venues(known, today, width=width, colour=screen.out.colour), talk, code)


def _unknown(name: str) -> str:
    near = nearest(name, VENUE_NAMES)
    help = f"did you mean `{near}`?" if near else f"there are {', '.join(VENUE_NAMES)}"
    return f"scaleplan: {visible(quote(name))} is no venue that is known; {help}\n"
