"""`scaleplan backtest`: a template at each of its signals on bars, with the worst and the best of every figure."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, WrongUsage, choice, number, switch, text
from scaleplan.cli.manner import LIMIT, ORDER, THROUGH, manner_of
from scaleplan.cli.options import ALLOW_FILES, EQUITY, PLAN, SET, STRICT, settings_of
from scaleplan.cli.reply import ExitCode, Reply, Surface
from scaleplan.cli.tape import BARS, FINER, FORM, FUNDING, MARK

if TYPE_CHECKING:
    from scaleplan.book.backtest import BacktestOrder
    from scaleplan.book.rules import Baseline, Rules
    from scaleplan.cli.tape import Tapes
    from scaleplan.decode.template import Template
    from scaleplan.quantity.signal import SignalRule
    from scaleplan.report.backtest.view import BacktestView
    from scaleplan.study import Read, Session

TEMPLATE = PLAN._replace(
    help="A template: a plan whose first tier is `signal`; `-` is standard input.", metavar="TEMPLATE"
)
SIGNALS = text("--signals", "RULE", "When it is traded: breakout 20, dip 3% in 20, cross 50, every 1d, column NAME.")
OVERLAP = text("--overlap", "N", "How many plans may be live at once: none beside the first, a number, or all.")
COMPOUND = switch("--compound", "Size by equity as it stands.")
ENTER = choice("--enter", ("open", "close"), "Whether a market order fills at the next open or at the signal's close.")
AGAINST = text("--against", "NAMES", "lump, dca, reversed, martingale; backtest: random, hold; none for none.")
DCA_EVERY = text("--dca-every", "TIME", "The time between the buys of dca; 1d where left out.")
SEED = number("--seed", "N", "What rules every draw; 0 where left out.")
FORMAT = choice("--format", ("table", "json", "csv", "md", "html", "svg"), "How to show it.")
CURVE = switch("--curve", "With --format csv: equity at each close, a row a bar.")
COMMAND = Command(
    """Replay a template at each signal on bars.

    Each signal makes a plan of the template, with the prices of its bar. Every figure stands twice: over the worst and
    over the best that the bars allow each trade.
    """,
    (
        TEMPLATE,
        BARS,
        SIGNALS,
        FINER,
        OVERLAP,
        COMPOUND,
        ENTER,
        LIMIT,
        THROUGH,
        ORDER,
        AGAINST,
        DCA_EVERY,
        SEED,
        MARK,
        FUNDING,
        *FORM,
        FORMAT,
        CURVE,
        EQUITY,
        SET,
        STRICT,
        ALLOW_FILES,
    ),
    examples=(
        "scaleplan backtest plans/templates/dips-by-atr.yaml plans/bars/walk-15m.csv",
        "scaleplan backtest plans/templates/range-ladder.yaml plans/bars/walk-15m.csv",
    ),
)


#: The baselines beside which a template stands where nothing else is asked for.
_USUAL = "lump,dca,reversed,martingale"
_A_DAY = 1440
#: What is said where no signal makes a plan of a template.
NO_PLAN_MADE = "no bar of these makes a plan of it: `scaleplan show FILE --at PRICE` says what is wrong at a price"


def run(call: Call) -> Reply:
    """Backtests a template. What is wrong with bars stands at the end of a page; beside other forms errors are said."""
    from scaleplan.cli.tape import tapes_of
    from scaleplan.diagnostic import has_doubts

    if call[CURVE] and call[FORMAT] != "csv":
        raise WrongUsage(CURVE, "a curve is rows of figures: add `--format csv`")
    if call[TEMPLATE] == call[BARS] == "-":
        raise WrongUsage(BARS, "standard input holds one file: name the template or the bars")
    seed, rules, baselines, dca_every = seed_of(call), rules_of(call), baselines_of(call), dca_every_of(call)
    found = template_read(call)
    if isinstance(found, Reply):
        return found
    read, session, template = found
    rule = signal_rule(call, read.file, template)
    if isinstance(rule, Reply):
        return rule
    tapes = tapes_of(call, (*template.columns, *((rule.column,) if rule.column else ())))
    if isinstance(tapes, Reply):
        return tapes
    from scaleplan.book.backtest import BacktestOrder

    asked = BacktestOrder(rule, rules, baselines, dca_every, seed)
    view = _backtested(call, read, session, template, tapes, asked)
    if isinstance(view, Reply):
        return view
    doubted = call[STRICT] and has_doubts(view.diagnostics)
    beside = tapes.left_out if call[FORMAT] in ("csv", "svg") else ""
    return Reply(_out(call, view, call.screen.out), beside, ExitCode.ERRORS if doubted else ExitCode.OK)


def template_read(call: Call) -> "tuple[Read, Session, Template] | Reply":
    """Returns the template that is named; the reply where it is none, or something is wrong with it."""
    from scaleplan.cli.plans import Text, one_file
    from scaleplan.cli.studied import study_one, written
    from scaleplan.cli.talk import changed, line_of
    from scaleplan.diagnostic import has_errors
    from scaleplan.study import Session

    text = one_file(call[TEMPLATE])
    if not isinstance(text, Text):
        refused = study_one(call[TEMPLATE], settings_of(call))
        return refused if isinstance(refused, Reply) else Reply("", "", ExitCode.REFUSED)
    session = Session(settings_of(call))
    read = session.read(text.name, text.data)
    template = read.reading.template
    if template is None:
        study = session.reckoned(read)
        if study.plan is None:
            return Reply("", written(study.diagnostics, call.screen.talk), ExitCode.ERRORS)
        message = "is a plan with prices of its own: `scaleplan replay` walks it over bars"
        return Reply("", line_of(text.name, message), ExitCode.USAGE)
    study = session.reckoned(read)
    if has_errors(study.diagnostics):
        return Reply("", changed([study]) + written(study.diagnostics, call.screen.talk), ExitCode.ERRORS)
    return read, session, template


def signal_rule(call: Call, name: str, template: "Template") -> "SignalRule | Reply":
    """Returns when the template is traded: as the option says, or else as it says itself."""
    from scaleplan.book.rules import WITHOUT_SIGN
    from scaleplan.cli.talk import line_of
    from scaleplan.quantity.form import Mistake
    from scaleplan.quantity.signal import read_signal

    rule: SignalRule | Mistake | None = template.signals
    if call[SIGNALS] is not None:
        rule = read_signal(call[SIGNALS] or "")
        if isinstance(rule, Mistake):
            raise WrongUsage(SIGNALS, f"{rule.message}; {rule.help}")
    if rule is None or isinstance(rule, Mistake):
        message = "says not when it is traded: write `signals: breakout 20` into it, or --signals 'breakout 20'"
        return Reply("", line_of(name, message), ExitCode.USAGE)
    if template.by_signal and rule.kind in WITHOUT_SIGN:
        message = f"`side: signal` needs a signal with a sign, and `{rule.text}` has none: --set side=long"
        return Reply("", line_of(name, message), ExitCode.USAGE)
    return rule


def seed_of(call: Call) -> int:
    """Returns what rules every draw."""
    seed = call[SEED] or 0
    if seed < 0:
        raise WrongUsage(SEED, "a seed is 0 or more")
    return seed


def rules_of(call: Call) -> "Rules":
    """Returns how signals are taken."""
    from scaleplan.book.rules import Rules

    word = (call[OVERLAP] or "none").strip().lower()
    count = 1 if word == "none" else int(word) if word.isascii() and word.isdecimal() and len(word) < 7 else 0
    if word != "all" and count < 1:
        raise WrongUsage(OVERLAP, f"`{call[OVERLAP]}` is neither none nor all nor a number from 1 on")
    return Rules(None if word == "all" else count, call[COMPOUND], call[ENTER] == "close")


def baselines_of(call: Call) -> "tuple[Baseline, ...]":
    """Returns what the template is held against."""
    from scaleplan.book.rules import Baseline

    words = (_USUAL if call[AGAINST] is None else call[AGAINST] or "none").replace(" ", "").lower().split(",")
    names = [name.value for name in Baseline]
    for word in words:
        if word not in names and words != ["none"]:
            raise WrongUsage(AGAINST, f"`{word}` is no way to trade; there are {', '.join(names)}, and none")
    return () if words == ["none"] else tuple(Baseline(word) for word in dict.fromkeys(words))


def dca_every_of(call: Call) -> int:
    """Returns the minutes between the buys of `dca`."""
    from scaleplan.quantity.amount import read_duration
    from scaleplan.quantity.form import Mistake

    minutes = _A_DAY if call[DCA_EVERY] is None else read_duration(call[DCA_EVERY] or "")
    if isinstance(minutes, Mistake):
        raise WrongUsage(DCA_EVERY, f"{minutes.message}; {minutes.help}")
    return minutes


def _backtested(
    call: Call, read: "Read", session: "Session", template: "Template", tapes: "Tapes", asked: "BacktestOrder"
) -> "BacktestView | Reply":
    from scaleplan.bars.indicators import NoColumn
    from scaleplan.book.backtest import backtested, rounds_of
    from scaleplan.cli.progress import Progress
    from scaleplan.cli.studied import written
    from scaleplan.cli.talk import line_of
    from scaleplan.report.backtest.view import BacktestView
    from scaleplan.report.figures import figures_of
    from scaleplan.template.maker import Maker, TooCoarse

    walked = tapes.walked
    if walked is None:
        return Reply("", written(tapes.diagnostics, call.screen.talk), ExitCode.ERRORS)
    bars, tape = walked
    if read.reading.plan is None:
        raise AssertionError("what has errors was refused")
    manner = manner_of(call, read.reading.plan.instrument.tick_size, bars)
    progress = Progress("backtest", len(bars) * rounds_of(asked, tape))
    try:
        maker = Maker(read.file, template, bars, session)
        found = backtested(maker, bars, tape, manner, asked._replace(progress=progress.at))
    except NoColumn as error:
        return Reply("", line_of(tapes.bars.name, f"has no column `{error.name}`"), ExitCode.USAGE)
    except TooCoarse:
        message = "`atr: {of: ...}` is of bars shorter than those given: give finer ones, or leave `of` out"
        return Reply("", line_of(read.file, message), ExitCode.USAGE)
    finally:
        progress.done()
    if found.made is None:
        return Reply("", line_of(read.file, NO_PLAN_MADE), ExitCode.ERRORS)
    return BacktestView(
        read.file,
        found.made.plan,
        figures_of(found.made.plan, found.made.ladder),
        template.by_signal,
        tapes.bars_read,
        tapes.finer_read,
        tape,
        manner,
        asked,
        found,
        "" if tapes.mark is None else tapes.mark.name,
        call[FUNDING] or "",
        (*tapes.diagnostics, *tapes.beside(found.made.plan)),
    )


def _out(call: Call, view: "BacktestView", surface: Surface) -> str:
    format = call[FORMAT]
    if format == "json":
        from scaleplan.report.backtest.record import backtest_record
        from scaleplan.report.record import to_json

        return to_json(backtest_record(view))
    if format == "csv":
        from scaleplan.report.backtest.record import COLUMNS, CURVE_COLUMNS, TEXTS, curve_rows, trade_rows
        from scaleplan.report.record_csv import csv_table

        if call[CURVE]:
            return csv_table(CURVE_COLUMNS, frozenset(), curve_rows(view))
        return csv_table(COLUMNS, TEXTS, trade_rows(view))
    if format == "svg":
        from scaleplan.report.backtest.page import backtest_svg

        return backtest_svg(view)
    from scaleplan.cli.studied import paged
    from scaleplan.report.backtest.page import backtest_page

    return paged(lambda medium: [backtest_page(view, medium)], format, surface)
