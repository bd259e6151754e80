"""Plans studied, and the one place where they become a reply: a format, what is said beside it, an exit code."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.cli.plans import Several, Text, files, one_file
from scaleplan.cli.reply import ExitCode, Reply, Surface
from scaleplan.cli.talk import changed, line_of, refusal
from scaleplan.diagnostic import Diagnostic, Severity
from scaleplan.report.visible import visible
from scaleplan.source import Unreachable
from scaleplan.study import Session, Settings, Studied, Study, Unread

if TYPE_CHECKING:
    from scaleplan.report.page import Medium, Page

#: The columns of a table that goes into a pipe or a file.
COLUMNS = 80


class StudiedFiles(NamedTuple):
    """What became of the files that were named, in their order."""

    files: Sequence[Studied | Unreachable]

    @property
    def studies(self) -> list[Studied]:
        """Returns those that could be opened."""
        return [result for result in self.files if not isinstance(result, Unreachable)]

    @property
    def shown(self) -> list[Study]:
        """Returns those that have figures."""
        return [result for result in self.files if isinstance(result, Study)]

    @property
    def refused(self) -> list[Unreachable]:
        """Returns those that could not be opened."""
        return [result for result in self.files if isinstance(result, Unreachable)]


def study_all(names: Iterable[str], settings: Settings) -> StudiedFiles:
    """Studies every file named."""
    session = Session(settings)
    return StudiedFiles(
        [found if isinstance(found, Unreachable) else session.study(found.name, found.data) for found in files(names)]
    )


def study_one(word: str, settings: Settings) -> Studied | Reply:
    """Studies the one file that a word stands for; where that is none, or several, returns the reply."""
    found = one_file(word)
    if isinstance(found, Text):
        return Session(settings).study(found.name, found.data)
    if isinstance(found, Unreachable):
        return Reply("", refusal(found), ExitCode.REFUSED)
    return Reply("", line_of(found.pattern, _several(found)), ExitCode.USAGE)


def _several(found: Several) -> str:
    first, second, *others = map(visible, found.names)
    return f"stands for {len(found.names)} files ({first}, {second}{', ...' if others else ''}); name one"


def reply_to(  # noqa: PLR0913 - each is a part of the reply
    results: StudiedFiles,
    out: str,
    *,
    beside: str = "",
    last: str = "",
    strict: bool = False,
    codes: Iterable[int] = (),
    refused: Callable[[Unreachable], str] = refusal,
    pieces: Iterable[str] = (),
) -> Reply:
    """Returns the reply of a command. Standard error has changes, `beside`, refusals and `last`, in this order."""
    studies = results.studies
    talk = "".join([changed(studies), beside, *map(refused, results.refused), last])
    found = (diagnostic for study in studies for diagnostic in study.diagnostics)
    code = exit_code(found, refused=bool(results.refused), strict=strict)
    return Reply(out, talk, max(code, *codes) if codes else code, pieces)


def exit_code(diagnostics: Iterable[Diagnostic], *, refused: bool, strict: bool) -> int:
    """Returns 3 where a file was refused, or else 1 where there are errors, or with `strict` warnings, or else 0."""
    if refused:
        return ExitCode.REFUSED
    failing = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return ExitCode.ERRORS if any(diagnostic.severity in failing for diagnostic in diagnostics) else ExitCode.OK


def errors_of(studies: Iterable[Studied], surface: Surface) -> str:
    """Returns what is wrong with plans that could not be reckoned, and the errors of those that could."""
    found = tuple(
        diagnostic
        for study in studies
        for diagnostic in study.diagnostics
        if study.ladder is None or diagnostic.severity is Severity.ERROR
    )
    return written(found, surface)


def written(diagnostics: Sequence[Diagnostic], surface: Surface) -> str:
    """Returns diagnostics as text, empty where there are none."""
    if not diagnostics:
        return ""
    from scaleplan.report.diagnostics.text import render

    return render(diagnostics, width=surface.width, colour=surface.colour)


def paged(build: "Callable[[Medium], Iterable[Page]]", format: str, surface: Surface) -> str:
    """Returns pages in a format, those of a terminal as wide as the surface."""
    from scaleplan.report.page import Medium, rendered

    return rendered(build, format, Medium(surface.width or COLUMNS, surface.blocks), colour=surface.colour)


def records_of(
    results: StudiedFiles, record: Callable[[Studied], dict[str, object]]
) -> list[dict[str, object]] | dict[str, object]:
    """Returns a record a file, those that could not be opened too; of one file its own record.

    A program that reads the output so finds each file that it has named.
    """
    records = [
        record(Unread(result.name)) | {"unread": result.reason} if isinstance(result, Unreachable) else record(result)
        for result in results.files
    ]
    return records[0] if len(records) == 1 else records
