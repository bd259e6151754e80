"""`scaleplan log`: the events of the journal, a line each."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option, WrongUsage, switch, text
from scaleplan.cli.journaling import FORMAT, JOURNAL, JournalPlace, read, right
from scaleplan.cli.options import complete_path
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.journal.database import Journal

TRADE: Option[str] = Option(
    (), "A plan's file, or a trade by its number; left out, all.", "", "PLAN|T7", complete=complete_path
)
NO_PLAN = switch("--no-plan", "Fills that are in no trade.")
VOIDED = switch("--voided", "Those that were voided too.")
SINCE = text("--since", "TIME", "From here on.")
UNTIL = text("--until", "TIME", "Up to here.")
COMMAND = Command(
    """List the events of a trade, or of all. A line each, as they are in force.

    Batches are what `scaleplan undo` takes back.
    """,
    (TRADE, NO_PLAN, VOIDED, SINCE, UNTIL, JOURNAL, FORMAT),
    examples=("scaleplan log plans/range-short.yaml",),
)


def run(call: Call) -> Reply:
    """Lists events."""
    return read(call, lambda journal, place: _answer(call, journal, place))


def _answer(call: Call, journal: "Journal", place: JournalPlace) -> Reply:
    from scaleplan.clock import now
    from scaleplan.questions.log import logged
    from scaleplan.questions.trades import NoTrade, Trades, habits_of
    from scaleplan.trade.words import read_day_or_moment

    trades = Trades(journal, habits_of(place.policy))
    at = now()
    bounds = []
    for option, ends in ((SINCE, False), (UNTIL, True)):
        written = call[option]
        bounds.append(None if written is None else right(option, read_day_or_moment(written, at, ends=ends)))
    row = None
    if call[TRADE]:
        if call[NO_PLAN]:
            raise WrongUsage(NO_PLAN, "fills in no trade are of no plan: leave one of the two out")
        row = trades.last_of(call[TRADE])
        if row is None:
            raise NoTrade(f"{call[TRADE]} has no trade in this journal; `scaleplan status` lists those that are open")
    lines = logged(trades, row, no_plan=call[NO_PLAN], voided=call[VOIDED], since=bounds[0], until=bounds[1])
    if call[FORMAT] == "json":
        from scaleplan.report.record import to_json
        from scaleplan.report.trade.log import log_record
        from scaleplan.report.trade.record import begin

        return Reply(to_json(begin("log", place.path, at) | log_record(lines)), "", ExitCode.OK)
    from scaleplan.cli.studied import paged
    from scaleplan.report.trade.log import log_page

    return Reply(paged(lambda _: [log_page(lines)], "table", call.screen.out), "", ExitCode.OK)
