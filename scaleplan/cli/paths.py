"""`scaleplan paths`: every path of one plan or several, as tables, trees, or for another program."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.cli.formats import PathsFormat
from scaleplan.cli.outcome import Exit, Outcome, Screen, Surface
from scaleplan.cli.plans import files
from scaleplan.cli.talk import changed, errors_of, exit_code, refusal, said
from scaleplan.decode import Override
from scaleplan.engine.unreckonable import Unreckonable
from scaleplan.source import Unreachable
from scaleplan.study import Session, Studied, Unread

if TYPE_CHECKING:
    from scaleplan.report.paths.parts import Told

#: The columns of a table that goes into a pipe or a file.
_COLUMNS = 80
#: Of more states than these the JSON is written while it is made.
_HELD_AT_ONCE = 5_000


class _Walked(NamedTuple):
    """A study and what is told of its paths; without that, why there is nothing where that is not the plan's fault."""

    study: Studied
    told: "Told | None"
    refused: str = ""


def paths(  # noqa: PLR0913 - each option of the command is one
    names: Sequence[str],
    overrides: tuple[Override, ...],
    screen: Screen,
    *,
    format: PathsFormat,
    tree: bool,
    edge: Decimal | None,
    start: Decimal | None,
    strict: bool,
    allowed: tuple[str, ...] = (),
) -> Outcome:
    """Walk every path of every plan named.

    The table and the Markdown say at their end what is wrong with a plan; beside the other forms its errors are said.
    """
    session = Session(overrides, allowed=allowed)
    results = [
        one if isinstance(one, Unreachable) else _walked(session.study(one.name, one.data), edge, start)
        for one in files(names)
    ]
    walked = [one for one in results if isinstance(one, _Walked)]
    studies = [one.study for one in walked]
    json = format is PathsFormat.JSON
    told_inside = not tree and format in (PathsFormat.TABLE, PathsFormat.MD)
    pieces = _json(results) if json else ()
    out = "" if json else _out([one.told for one in walked if one.told], screen.out, format, tree=tree)
    talk = changed(studies)
    if not json:
        talk += errors_of([one for one in studies if isinstance(one, Unread) or not told_inside], screen.talk)
    talk += "".join(said(one.study.file, one.refused) for one in walked if one.refused)
    talk += "".join(refusal(one) for one in results if isinstance(one, Unreachable))
    found = [diagnostic for one in studies for diagnostic in one.diagnostics]
    codes = [exit_code(found, refused=len(walked) < len(results), strict=strict)]
    if any(one.refused for one in walked):
        codes.append(Exit.USAGE)
    if strict and any(proof.holds is False for one in walked if one.told for proof in one.told.paths.proofs):
        codes.append(Exit.ERRORS)
    if sum(len(one.told.paths.states) for one in walked if one.told) <= _HELD_AT_ONCE:
        out, pieces = out + "".join(pieces), ()
    return Outcome(out, talk, max(codes), pieces)


def _walked(study: Studied, edge: Decimal | None, start: Decimal | None) -> _Walked:
    if isinstance(study, Unread):
        return _Walked(study, None)
    from scaleplan.report.paths.parts import told

    try:
        found = study.every_path.walked(edge, start)
    except Unreckonable as error:
        return _Walked(study, None, f"--edge cannot be reckoned: {error.message}; {error.help}")
    return _Walked(study, told(study, found))


def _out(told: "Sequence[Told]", surface: Surface, format: PathsFormat, *, tree: bool) -> str:
    if not told:
        return ""
    if format is PathsFormat.CSV:
        from scaleplan.report.paths.csv import render_csv

        return render_csv(told)
    if format is PathsFormat.DOT:
        from scaleplan.report.paths.graph import render_dot

        return render_dot(told)
    if format is PathsFormat.MD:
        from scaleplan.report.paths.markdown import paths_markdown, tree_markdown

        return "\n".join(map(tree_markdown if tree else paths_markdown, told))
    width = surface.width or _COLUMNS
    if tree:
        from scaleplan.report.paths.tree import tree_page

        return "\n".join(tree_page(one, width=width, colour=surface.colour) for one in told)
    from scaleplan.report.paths.page import render_paths

    return "\n".join(render_paths(one, width=width, colour=surface.colour, blocks=surface.blocks) for one in told)


def _json(results: "Sequence[_Walked | Unreachable]") -> Iterable[str]:
    from scaleplan.report.paths.record import paths_record
    from scaleplan.report.show.record import pieces_of_json

    records = []
    for one in results:
        if isinstance(one, Unreachable):
            # A program that reads the output finds one record a file, of those that cannot be read too.
            records.append(paths_record(Unread(one.name), None) | {"unread": one.reason})
        elif one.refused:
            records.append(paths_record(one.study, None) | {"missing": one.refused})
        else:
            records.append(paths_record(one.study, one.told.paths if one.told else None))
    return pieces_of_json(records[0] if len(records) == 1 else records)
