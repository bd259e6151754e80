"""`scaleplan export`: the orders of a plan, as a list, CSV, calls of ccxt, a signal of Cornix, or a script of Pine."""

from typing import TYPE_CHECKING, NamedTuple

from scaleplan.cli.command import Call, Command, WrongUsage, choice, switch, text
from scaleplan.cli.options import ALLOW_FILES, EQUITY, PLAN, SET, STRICT, settings_of
from scaleplan.cli.reply import ExitCode, Reply
from scaleplan.source import STANDARD_INPUT

if TYPE_CHECKING:
    from scaleplan.cli.reply import Surface
    from scaleplan.study import Studied, Study

TO = choice("--to", ("orders", "csv", "ccxt", "cornix", "pine"), "What to write the orders as.")
FOR = text("--for", "VENUE", "With --to ccxt: binance, bybit, okx, gate, bitget or hyperliquid; else the plan's own.")
LOSSY = switch("--lossy", "With --to cornix: write what can be said, and leave out the rest.")
OUTPUT = text("--output", "FILE", "Write it to a file, whole or not at all.", short="-o")
FORCE = switch("--force", "Replace the file that is there.")
COMMAND = Command(
    """Write out a plan's orders. What rests now, and what to place, amend and cancel after each event.

    They go along the order listed, every tier and then every target, on the venue's lot and tick. No exit is placed
    before something is held. Nothing is sent anywhere. The journal has an export of its own: journal export.
    """,
    (PLAN, TO, FOR, LOSSY, OUTPUT, FORCE, EQUITY, SET, STRICT, ALLOW_FILES),
    examples=(
        "scaleplan export plans/breakout-retest-pyramid.yaml",
        "scaleplan export plans/range-short.yaml --to ccxt --for bybit",
        "scaleplan export plans/range-short.yaml --to pine",
    ),
)


class _Written(NamedTuple):
    """A plan in a format: empty where there is nothing, with the sentences said beside, and an exit code."""

    text: str
    beside: tuple[str, ...] = ()
    code: int = ExitCode.OK


def run(call: Call) -> Reply:
    """Writes the orders of a plan that could be read; what is wrong with it, at error level, is said beside."""
    from scaleplan.bounds import is_yaml
    from scaleplan.cli.saving import is_same, save
    from scaleplan.cli.studied import StudiedFiles, errors_of, reply_to, study_one
    from scaleplan.cli.talk import line_of
    from scaleplan.study import Study

    _must_fit(call)
    file = None if call[OUTPUT] == STANDARD_INPUT else call[OUTPUT]
    study = study_one(call[PLAN], settings_of(call))
    if isinstance(study, Reply):
        return study
    if file is not None and (is_yaml(file) or is_same(file, study.file)):
        raise WrongUsage(OUTPUT, f"`{file}` is a plan, or is named as plans are; name another, as `orders.csv`")
    results, errors = StudiedFiles([study]), errors_of((study,), call.screen.talk)
    if not isinstance(study, Study):
        from scaleplan.report.record import to_json

        out = to_json(record(study)) if call[TO] == "ccxt" and file is None else ""
        return reply_to(results, out, beside=errors, strict=call[STRICT])
    written = _written(study, call, call.screen.out if file is None else None)
    last, codes = "".join(line_of(study.file, said) for said in written.beside), [written.code]
    out = written.text
    if file is not None and out:
        said, code = save(file, out.encode(), force=call[FORCE])
        out, last, codes = "", last + said, [*codes, code]
    beside = "" if call[TO] == "ccxt" and out else errors
    return reply_to(results, out, beside=beside, last=last, strict=call[STRICT], codes=codes)


def _must_fit(call: Call) -> None:
    """Raises `WrongUsage` for an option that another format has, and for a venue whose orders are not known."""
    from scaleplan.orders.venues import DIALECTS

    venue = call[FOR]
    if venue is not None and call[TO] != "ccxt":
        raise WrongUsage(FOR, f"it is for `--to ccxt`, not for `--to {call[TO]}`")
    if venue is not None and venue not in DIALECTS:
        *names, last = DIALECTS
        raise WrongUsage(FOR, f"`{venue}` is none of {', '.join(names)} and {last}")
    if call[LOSSY] and call[TO] != "cornix":
        raise WrongUsage(LOSSY, f"it is for `--to cornix`: `--to {call[TO]}` says all of the plan")


def _written(study: "Study", call: Call, surface: "Surface | None") -> _Written:
    """Returns a plan in the format that is asked for; without a surface the text of a file."""
    match call[TO]:
        case "csv":
            from scaleplan.orders.walk import order_list
            from scaleplan.report.orders.record import COLUMNS, TEXTS, order_rows
            from scaleplan.report.record_csv import csv_table

            rows = order_rows(study, order_list(study))
            return _Written(csv_table(COLUMNS, TEXTS, rows, line_end="\r\n"))
        case "ccxt":
            return _ccxt(study, call[FOR])
        case "cornix":
            return _cornix(study, lossy=call[LOSSY])
        case "pine":
            return _pine(study)
    return _Written(_listed(study, surface))


def _listed(study: "Study", surface: "Surface | None") -> str:
    from scaleplan.cli.reply import Surface
    from scaleplan.cli.studied import paged
    from scaleplan.orders.walk import order_list
    from scaleplan.report.orders.page import orders_page

    orders = order_list(study)
    file = Surface(None, colour=False)
    return paged(lambda medium: [orders_page(study, orders, medium)], "table", surface or file)


def _ccxt(study: "Study", venue: str | None) -> _Written:
    from scaleplan.report.orders.words import contracts_words, is_oversized
    from scaleplan.report.record import to_json

    name = _venue_of(study) if venue is None else venue
    warning = contracts_words(study.plan, name)
    if is_oversized(study.plan, name):
        return _Written("", (warning,), ExitCode.ERRORS)
    return _Written(to_json(_record(study, name)), (warning,) if warning else ())


def _cornix(study: "Study", *, lossy: bool) -> _Written:
    from scaleplan.report.orders.cornix import signal_of

    signal = signal_of(study)
    beside = tuple(f"no signal says {what}" for what in signal.unsaid)
    if (signal.unsaid and not lossy) or not signal.text:
        way = "`--lossy` writes what can be said" if signal.text else "nothing of the plan makes a signal"
        return _Written("", (*beside, way), ExitCode.ERRORS)
    return _Written(signal.text, (*beside, *(f"left out: {what}" for what in signal.left_out)))


def _pine(study: "Study") -> _Written:
    from scaleplan.report.orders.pine import MOST_LEVELS, pine, pine_levels

    levels = len(pine_levels(study))
    if levels > MOST_LEVELS:
        message = f"{levels} levels are more than the {MOST_LEVELS} that a script of Pine has alerts for"
        return _Written("", (message,), ExitCode.ERRORS)
    return _Written(pine(study))


def _venue_of(study: "Study") -> str:
    """Returns the plan's own venue, if its orders are known."""
    from scaleplan.orders.venues import DIALECTS

    # Rules that a venue has given up stand under its name and their last day.
    name = study.plan.venue_name.partition("-before-")[0]
    return name if name in DIALECTS else ""


def _record(study: "Study", venue: str) -> dict[str, object]:
    from scaleplan.orders.walk import order_list
    from scaleplan.report.orders.ccxt import ccxt_record

    return ccxt_record(study, order_list(study), venue)


def record(study: "Studied") -> dict[str, object]:
    """Returns what the JSON says of a plan's orders: calls of ccxt for the plan's own venue, or for any."""
    from scaleplan.report.orders.ccxt import ccxt_record
    from scaleplan.study import Study

    return _record(study, _venue_of(study)) if isinstance(study, Study) else ccxt_record(study, None)
