"""`scaleplan show`: the figures of one plan or several, as a table or for another program."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, WrongUsage, choice, switch
from scaleplan.cli.options import ALLOW_FILES, EQUITY, IGNORE, MOMENT, PLANS, SELECT, SET, STRICT, WATCH, settings_at
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from scaleplan.cli.reply import Surface
    from scaleplan.cli.studied import StudiedFiles
    from scaleplan.diagnostic import Diagnostic
    from scaleplan.questions.wallet import Stand
    from scaleplan.report.page import Medium, Page
    from scaleplan.source import Unreachable
    from scaleplan.study import Studied, Study

FORMAT = choice("--format", ("table", "json", "md", "html", "csv", "yaml"), "How to show it.")
CROSS = switch("--cross", "Solve the plans of one account together, on its cross margin.")
COMMAND = Command(
    "Show what each tier and target would do.",
    (PLANS, FORMAT, EQUITY, SET, SELECT, IGNORE, STRICT, ALLOW_FILES, CROSS, WATCH, *MOMENT),
    examples=(
        "scaleplan show plans/breakout-retest-pyramid.yaml",
        "scaleplan show plans/three-buys-by-money.yaml --equity 21500 --set stop=88",
    ),
)


def run(call: Call) -> Reply:
    """Shows plans, with `--watch` each time that they are saved."""
    if call[WATCH]:
        from scaleplan.cli.watch import watched

        return watched(call, call[PLANS], FORMAT, _shown)
    return _shown(call)


def _shown(call: Call) -> Reply:
    """Shows every plan named one after the other, with the book where they are several.

    With `--cross` the plans stand on one account's cross margin, each solved with the others at their entries.
    """
    from scaleplan.cli.studied import paged, reply_to, study_all, written

    stands: tuple[Stand, ...] = ()
    if call[CROSS]:
        solved = _together(call)
        if isinstance(solved, Reply):
            return solved
        results, stands = solved
    else:
        results = study_all(call[PLANS], settings_at(call))
    format, talk = call[FORMAT], call.screen.talk
    beside = written(told_beside(results.studies, format), talk)
    if format == "csv" and stands:
        beside += paged(lambda medium: _pages((), stands, medium), "table", talk)
    clash = _clash(results.shown)
    return reply_to(
        results,
        output(results, stands, call.screen.out, format),
        beside=beside,
        last=_clash_words(clash),
        strict=call[STRICT],
        codes=[ExitCode.ERRORS] if clash else [],
        refused=_refusal,
    )


def output(results: "StudiedFiles", stands: "tuple[Stand, ...]", surface: "Surface", format: str) -> str:
    """Returns what is shown of plans in a format."""
    if format == "json":
        from scaleplan.cli.studied import records_of
        from scaleplan.report.record import to_json

        return to_json(records_of(results, lambda study: record(study, stands)))
    shown = results.shown
    if not shown:
        return ""
    if format == "yaml":
        return _yaml(shown)
    if format == "csv":
        from scaleplan.report.record_csv import csv_table
        from scaleplan.report.show.record import COLUMNS, TEXTS, show_rows

        return csv_table(COLUMNS, TEXTS, (row for study in shown for row in show_rows(study)))
    from scaleplan.cli.studied import paged

    return paged(lambda medium: _pages(shown, stands, medium), format, surface)


def _yaml(shown: "Sequence[Study]") -> str:
    """Returns the plans that templates are at a signal, one document each."""
    from scaleplan.decode.written_plan import plan_yaml

    texts = [
        plan_yaml(study.template, moment, study.plan)
        for study in shown
        if study.template is not None and (moment := study.session.moment) is not None
    ]
    if len(texts) < len(shown):
        raise WrongUsage(FORMAT, "only a template is written as the plan that it is at a signal: a plan is one already")
    return "---\n".join(texts)


def _refusal(error: "Unreachable") -> str:
    from scaleplan.cli.plans import is_folder
    from scaleplan.cli.talk import refusal
    from scaleplan.report.visible import visible

    folder = is_folder(error.name)
    return refusal(error, f"`scaleplan check {visible(error.name)}` goes through its plans" if folder else "")


def told_beside(studies: "Iterable[Studied]", format: str) -> "tuple[Diagnostic, ...]":
    """Returns the diagnostics that are no part of the output: of plans that cannot be shown, and in CSV all."""
    if format == "json":
        return ()
    return tuple(
        diagnostic for study in studies if study.plan is None or format == "csv" for diagnostic in study.diagnostics
    )


def _pages(shown: "Sequence[Study]", stands: "tuple[Stand, ...]", medium: "Medium") -> "Iterator[Page]":
    """Yields a page a plan, in a terminal the book of several, and what the plans hold of a cross account."""
    if shown:
        from scaleplan.report.show.page import show_page

        yield from (show_page(study, medium) for study in shown)
    if len(shown) > 1 and not medium.document and _clash(shown) is None:
        from scaleplan.ladder.book import book
        from scaleplan.report.show.account import book_page

        yield book_page(book(tuple((study.plan, study.ladder) for study in shown)))
    if stands:
        from scaleplan.report.show.account import cross_page

        yield cross_page(stands, medium)


def record(study: "Studied", stands: "tuple[Stand, ...]" = ()) -> dict[str, object]:
    """Returns what the JSON says of a plan, with what it holds of a cross account."""
    from scaleplan.report.show.record import matrix_records, show_record
    from scaleplan.study import Unread

    matrix = None if isinstance(study, Unread) else matrix_records(study.every_path.matrix(), study.ladder)
    shown = show_record(study) | {"matrix": matrix}
    if not stands:
        return shown
    from scaleplan.report.show.account import cross_record

    return shown | {"cross": cross_record(study.file, stands)}


def _clash(studies: "Sequence[Study]") -> "tuple[Study, Study] | None":
    """Returns two plans of one settle currency that state different equities."""
    if len(studies) < 2:
        return None
    from scaleplan.ladder.book import equity_clash

    found = equity_clash([study.plan for study in studies])
    return None if found is None else (studies[found[0]], studies[found[1]])


def _clash_words(clash: "tuple[Study, Study] | None") -> str:
    if clash is None:
        return ""
    from scaleplan.report.visible import visible

    first, other = clash
    plan = other.plan
    return (
        f"scaleplan: plans are one book only on one equity: {visible(first.file)} says"
        f" {first.plan.account.equity:,f} {plan.settle}, {visible(other.file)} says {plan.account.equity:,f}."
        f" Write it in one file that both name (`account: ./account.yaml`), or give it for this run:"
        f" --equity {plan.account.equity:f}\n"
    )


# Cross margin


def _together(call: Call) -> "tuple[StudiedFiles, tuple[Stand, ...]] | Reply":
    """Returns the studies and what each plan holds of the wallet; or the reply where that cannot be solved."""
    from scaleplan.cli.plans import Text, files
    from scaleplan.cli.studied import StudiedFiles, written
    from scaleplan.cli.talk import changed, line_of, refusal
    from scaleplan.questions.wallet import NotTogether, solved_together
    from scaleplan.source import Unreachable
    from scaleplan.study import Session

    # What a program that reads the output finds where there is nothing to show.
    nothing = "[]\n" if call[FORMAT] == "json" else ""
    session = Session(settings_at(call))
    found = list(files(call[PLANS]))
    unread = [error for error in found if isinstance(error, Unreachable)]
    if unread:
        return Reply(nothing, "".join(map(refusal, unread)), ExitCode.REFUSED)
    texts = [(text.name, text.data) for text in found if isinstance(text, Text)]
    if len(texts) < 2:
        message = "scaleplan: --cross solves the plans of one account together: name two or more\n"
        return Reply("", message, ExitCode.USAGE)
    try:
        studies, stands = solved_together(session, texts)
    except NotTogether as error:
        diagnostics = tuple(found for study in error.studies if study.plan is None for found in study.diagnostics)
        reasons = "".join(
            line_of(one.file, f"--cross cannot solve the plans together: {one.reason}") for one in error.refusals
        )
        talk = changed(error.studies) + written(diagnostics, call.screen.talk) + reasons
        return Reply(nothing, talk, ExitCode.ERRORS)
    return StudiedFiles(studies), stands
