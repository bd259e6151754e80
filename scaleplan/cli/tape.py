"""Options of commands that read bars, and the bars that they ask for: with what is wrong with them, and what to say."""

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.cli.command import Call, Option, WrongUsage, choice, number, switch, text, texts
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from decimal import Decimal

    from scaleplan.bars import NoLibraries
    from scaleplan.bars.form import BarsForm, WrongForm
    from scaleplan.bars.reading import BarsFile
    from scaleplan.bars.records import Bars
    from scaleplan.diagnostic import Diagnostic
    from scaleplan.plan import Plan
    from scaleplan.replay import Tape
    from scaleplan.report.replay.words import BarsRead
    from scaleplan.source import Unreachable

BARS = Option(
    (), "Bars: .csv (.gz, .zst), .parquet or .feather; `-` is CSV from standard input.", "", "BARS", required=True
)
COLUMNS = text("--columns", "NAME=COLUMN", "Columns by name, or number from 0: time=0,open=Bid.Open.")
TZ = text("--tz", "ZONE", "The zone of times without one; UTC where left out.")
STAMP = choice("--stamp", ("open", "close"), "Whether a time is that of a bar's open or close.")
SINCE = text("--from", "TIME", "Bars from this time on.")
UNTIL = text("--to", "TIME", "Bars before this time.")
ADJUST = switch("--adjust", "Scale prices by the column `adj close`.")
DROP_BAD = switch("--drop-bad", "Leave bars out in which something is wrong.")
MOST_BARS = number("--most-bars", "N", "Read so many bars at most.")
FINER = texts("--finer", "BARS", "Finer bars for those that leave something open; again for still finer.")
MARK = text("--mark", "BARS", "Bars of the mark price, which liquidates.")
FUNDING = text("--funding", "FILE", "Funding rates, as CSV of time and rate, in place of the plan's.")
FORM = (COLUMNS, TZ, STAMP, SINCE, UNTIL, ADJUST, DROP_BAD, MOST_BARS)


class Tapes(NamedTuple):
    """All bars that a call names, each as it was read, and the funding rates."""

    bars: "BarsFile"
    finer: "tuple[BarsFile, ...]"
    mark: "BarsFile | None"
    funding: "tuple[tuple[int, Decimal], ...]"

    @property
    def files(self) -> "tuple[BarsFile, ...]":
        """Returns the files of bars."""
        return (self.bars, *self.finer, *(() if self.mark is None else (self.mark,)))

    @property
    def diagnostics(self) -> "tuple[Diagnostic, ...]":
        """Returns what is wrong with them all."""
        return tuple(diagnostic for file in self.files for diagnostic in file.diagnostics)

    @property
    def walked(self) -> "tuple[Bars, Tape] | None":
        """Returns the bars that are walked first, and the tape of all; absent where one of them has errors."""
        from scaleplan.replay import Tape

        bars = self.bars.bars
        if bars is None or any(file.bars is None for file in self.files):
            return None
        finer = tuple(file.bars for file in self.finer if file.bars is not None)
        return bars, Tape(bars, finer, None if self.mark is None else self.mark.bars, self.funding)

    def beside(self, plan: "Plan") -> "tuple[Diagnostic, ...]":
        """Returns what is wrong with bars for a plan that is walked over them, and with finer ones for those above."""
        from scaleplan.bars.against import against_finer, against_plan

        found: list[Diagnostic] = []
        if self.bars.bars is not None:
            first, tick = plan.tiers[0].price, plan.instrument.tick_size
            found += against_plan(self.bars.name, self.bars.bars, self.bars.text, first, tick)
        for file, inside in pairwise((self.bars, *self.finer)):
            if file.bars is not None and inside.bars is not None:
                found += against_finer(file.name, file.bars, file.text, inside.bars)
        return tuple(found)

    @property
    def left_out(self) -> str:
        """Returns how many bad bars were left out, a line for each file, for outputs that have no place for it."""
        from scaleplan.cli.talk import line_of
        from scaleplan.quantity.number import counted

        dropped = [(file.name, file.dropped) for file in self.files if file.dropped]
        return "".join(line_of(name, f"{counted(number, 'bad bar')} left out") for name, number in dropped)

    @property
    def bars_read(self) -> "BarsRead":
        """Returns what a report says of the bars that are walked first."""
        return _read(self.bars)

    @property
    def finer_read(self) -> "tuple[BarsRead, ...]":
        """Returns what a report says of each of the finer bars."""
        return tuple(map(_read, self.finer))


def _read(file: "BarsFile") -> "BarsRead":
    from scaleplan.report.replay.words import BarsRead

    return BarsRead(*(getattr(file, name) for name in BarsRead._fields))


def tapes_of(call: Call, keep: tuple[str, ...] = ()) -> "Tapes | Reply":
    """Reads all bars that a call names; where that cannot be, returns the reply that says so.

    Of the bars that are walked first the columns named in `keep` are kept.
    """
    from scaleplan.bars import NoLibraries, read_bars
    from scaleplan.bars.form import WrongForm
    from scaleplan.source import Unreachable

    form = form_of(call)
    try:
        bars = read_bars(call[BARS], form._replace(keep=keep))
        finer = tuple(_beside(path, form) for path in call[FINER])
        mark = None if call[MARK] is None else _beside(call[MARK] or "", form)
        funding = _funding(call[FUNDING], call[TZ] or "UTC")
    except (NoLibraries, WrongForm, Unreachable) as error:
        return not_read(call[BARS], error)
    return Tapes(bars, finer, mark, funding)


def not_read(name: str, error: "NoLibraries | WrongForm | Unreachable") -> Reply:
    """Returns the reply that says why bars cannot be read."""
    from scaleplan.bars import NoLibraries
    from scaleplan.cli.talk import line_of, refusal
    from scaleplan.source import Unreachable

    if isinstance(error, Unreachable):
        return Reply("", refusal(error), ExitCode.REFUSED)
    said = f"scaleplan: {error}\n" if isinstance(error, NoLibraries) else line_of(name, str(error))
    return Reply("", said, ExitCode.USAGE)


def form_of(call: Call) -> "BarsForm":
    """Returns how bars are read."""
    from scaleplan.bars.form import MOST_BARS as MOST
    from scaleplan.bars.form import BarsForm

    pairs = []
    for part in (call[COLUMNS] or "").split(",") if call[COLUMNS] else ():
        name, equals, column = part.partition("=")
        if not equals or name not in ("time", "open", "high", "low", "close", "volume"):
            raise WrongUsage(COLUMNS, f"`{part}` names no column; write time=0,open=Bid.Open")
        pairs.append((name, column))
    most = call[MOST_BARS]
    if most is not None and most < 1:
        raise WrongUsage(MOST_BARS, "read at least one bar")
    return BarsForm(
        tuple(pairs),
        call[TZ] or "UTC",
        call[STAMP] == "close",
        call[SINCE],
        call[UNTIL],
        call[ADJUST],
        call[DROP_BAD],
        MOST if most is None else most,
    )


def _funding(path: str | None, tz: str) -> "tuple[tuple[int, Decimal], ...]":
    """Returns the rates of a file, by their times."""
    if path is None:
        return ()
    from scaleplan.bars.funding import read_funding

    return read_funding(path, tz)


def smallest_step(bars: "Bars") -> "Decimal":
    """Returns the smallest step that prices of bars make: what a limit is gone through by without a tick."""
    from scaleplan.bars.funding import smallest_step as step_of

    return step_of(bars)


def _beside(path: str, form: "BarsForm") -> "BarsFile":
    """Reads bars beside those that are walked first: whole, and by the same columns if they have them."""
    from scaleplan.bars import read_bars

    # What is cut of the bars need not be cut of those inside them.
    whole = form._replace(since=None, until=None)
    file = read_bars(path, whole)
    if file.bars is None and form.columns and any(each.code == "SP806" for each in file.diagnostics):
        return read_bars(path, whole._replace(columns=()))
    return file
