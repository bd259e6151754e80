"""`scaleplan show`: the figures of one plan or several, as a table or for another program."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from scaleplan.cli.formats import ShowFormat
from scaleplan.cli.outcome import Exit, Outcome, Screen, Surface
from scaleplan.cli.plans import files, is_folder
from scaleplan.cli.talk import changed, exit_code, refusal
from scaleplan.decode import Override
from scaleplan.policy import Selection
from scaleplan.report.visible import visible
from scaleplan.source import Unreachable
from scaleplan.study import Session, Studied, Study, Unread

if TYPE_CHECKING:
    from scaleplan.questions.wallet import Stand

#: The columns of a table that goes into a pipe or a file.
_COLUMNS = 80


def show(  # noqa: PLR0913 - each option of the command is one
    paths: Sequence[str],
    overrides: tuple[Override, ...],
    selection: Selection,
    screen: Screen,
    *,
    format: ShowFormat,
    strict: bool,
    cross: bool = False,
    allowed: tuple[str, ...] = (),
) -> Outcome:
    """Study every plan named and show them one after the other, with the book where they are several.

    With `cross` the plans stand on one account's cross margin, each solved with the others at their entries.
    """
    session = Session(overrides, selection, allowed=allowed)
    stands: tuple[Stand, ...] = ()
    if cross:
        from scaleplan.cli.cross import together

        found = list(files(paths))
        solved = together(session, found, screen.talk, format=format)
        if isinstance(solved, Outcome):
            return solved
        results, stands = solved
    else:
        results = [one if isinstance(one, Unreachable) else session.study(one.name, one.data) for one in files(paths)]
    studies = [result for result in results if not isinstance(result, Unreachable)]
    out = _out(results, stands, screen.out, format)
    talk = [changed(studies), _diagnostics(_told_beside(studies, format), screen.talk)]
    if format is ShowFormat.CSV:
        talk += _cross(stands, screen.talk.width or _COLUMNS, colour=screen.talk.colour)
    talk += [_refusal(result) for result in results if isinstance(result, Unreachable)]
    clash = _clash([one for one in studies if isinstance(one, Study)])
    code = exit_code(
        (diagnostic for one in studies for diagnostic in one.diagnostics),
        refused=len(studies) < len(results),
        strict=strict,
    )
    return Outcome(out, "".join([*talk, _clash_words(clash)]), max(code, Exit.ERRORS) if clash else code)


def _out(
    results: Sequence[Studied | Unreachable], stands: "tuple[Stand, ...]", surface: Surface, format: ShowFormat
) -> str:
    if format is ShowFormat.JSON:
        return _json(results, stands)
    shown = [result for result in results if isinstance(result, Study)]
    if not shown:
        return ""
    if format is ShowFormat.CSV:
        from scaleplan.report.show.csv import render_csv

        return render_csv(tuple(shown))
    if format is ShowFormat.MD:
        from scaleplan.report.show.markdown import render_markdown

        return _pages([*(render_markdown(one) for one in shown), *_cross(stands, 0, colour=False)])
    return _tables(shown, stands, surface)


def _refusal(error: Unreachable) -> str:
    folder = is_folder(error.name)
    return refusal(error, f"`scaleplan check {visible(error.name)}` goes through its plans" if folder else "")


def _told_beside(studies: Sequence[Studied], format: ShowFormat) -> list[Studied]:
    """The plans whose diagnostics are no part of the output: those that cannot be shown, and in CSV all."""
    if format is ShowFormat.JSON:
        return []
    return [one for one in studies if isinstance(one, Unread) or format is ShowFormat.CSV]


def _diagnostics(studies: Sequence[Studied], surface: Surface) -> str:
    found = tuple(diagnostic for one in studies for diagnostic in one.diagnostics)
    if not found:
        return ""
    from scaleplan.report.diagnostics.text import render

    return render(found, width=surface.width, colour=surface.colour)


def _pages(texts: Iterable[str]) -> str:
    """One text after the other, an empty line between two."""
    return "\n".join(f"{text.rstrip()}\n" for text in texts)


def _cross(stands: "tuple[Stand, ...]", width: int, *, colour: bool) -> list[str]:
    """What the plans of a cross account hold of it; nothing where they were not solved together."""
    if not stands:
        return []
    from scaleplan.report.show.cross import cross_markdown, render_cross

    return [render_cross(stands, width=width, colour=colour) if width else cross_markdown(stands)]


def _tables(shown: Sequence[Study], stands: "tuple[Stand, ...]", surface: Surface) -> str:
    from scaleplan.report.show.page import render_show

    width = surface.width or _COLUMNS
    parts = [render_show(one, width=width, colour=surface.colour) for one in shown]
    pairs = tuple((one.plan, one.ladder) for one in shown)
    if len(pairs) > 1 and _clash(shown) is None:
        from scaleplan.ladder.book import book
        from scaleplan.report.show.book import render_book

        parts.append(render_book(book(pairs), width=width, colour=surface.colour))
    return _pages(parts + _cross(stands, width, colour=surface.colour))


def _json(results: Sequence[Studied | Unreachable], stands: "tuple[Stand, ...]") -> str:
    from scaleplan.report.show.record import show_record, to_json

    records = []
    for result in results:
        if isinstance(result, Unreachable):
            # The file cannot be read, but a program that reads the output still finds one record a file.
            records.append(show_record(Unread(result.name)) | {"unread": result.reason})
        else:
            records.append(show_record(result) | _matrix(result) | _cross_record(result, stands))
    return to_json(records[0] if len(records) == 1 else records)


def _matrix(one: Studied) -> dict[str, object]:
    if isinstance(one, Unread):
        return {"matrix": None}
    from scaleplan.report.show.record import matrix_records

    return {"matrix": matrix_records(one.every_path.matrix(), one.ladder)}


def _cross_record(one: Studied, stands: "tuple[Stand, ...]") -> dict[str, object]:
    if not stands:
        return {}
    from scaleplan.report.show.cross import cross_record

    return {"cross": cross_record(one.file, stands)}


def _clash(studies: Sequence[Study]) -> "tuple[Study, Study] | None":
    if len(studies) < 2:
        return None
    from scaleplan.ladder.book import equity_clash

    found = equity_clash([one.plan for one in studies])
    return None if found is None else (studies[found[0]], studies[found[1]])


def _clash_words(clash: "tuple[Study, Study] | None") -> str:
    """What is said of two plans of one settle currency that state different equities."""
    if clash is None:
        return ""
    first, one = clash
    plan = one.plan
    return (
        f"scaleplan: plans are one book only on one equity: {visible(first.file)} says"
        f" {first.plan.account.equity:,f} {plan.settle}, {visible(one.file)} says {plan.account.equity:,f}."
        f" Write it in one file that both name (`account: ./account.yaml`), or give it for this run:"
        f" --equity {plan.account.equity:f}\n"
    )
