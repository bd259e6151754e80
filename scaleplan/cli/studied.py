"""Plans studied, and the one place where they become a reply: a format, what is said beside it, an exit code.

They are named, or gathered below folders. There the accounts and venues that plans name lie beside them: these are
passed over, and read through the plans. One that is named is studied as what it is, so that a hook may be handed every
changed file.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.bounds import POLICY_NAME
from scaleplan.cli.plans import Found, NoPlans, Several, Text, files, files_and_folders, one_file, read
from scaleplan.cli.reply import ExitCode, Reply, Surface
from scaleplan.cli.talk import changed, line_of, no_plans, refusal
from scaleplan.diagnostic import Diagnostic, Severity, condensed
from scaleplan.report.visible import visible
from scaleplan.source import STANDARD_INPUT, Unreachable
from scaleplan.study import Session, Settings, Studied, Study, Unread, Verdict

if TYPE_CHECKING:
    from scaleplan.report.page import Medium, Page


#: What a trader plans with, with prices or without.
PLANS = ("plan", "template")
#: The columns of a table that goes into a pipe or a file.
COLUMNS = 80


#: From so many files on it is worth asking for more processes.
_MANY = 200


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
    templates = [no_prices(study) for study in studies if study.kind == "template"]
    talk = "".join([changed(studies), beside, *templates, *map(refused, results.refused), last])
    found = (diagnostic for study in studies for diagnostic in study.diagnostics)
    code = exit_code(found, refused=bool(results.refused), strict=strict)
    if templates:
        code = max(code, ExitCode.USAGE)
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


def no_prices(study: Studied) -> str:
    """Returns the line that asks for the prices of a template."""
    helps = [found.help for found in study.diagnostics if found.code == "SP820"]
    wanted = helps[0].partition("FILE ")[2].partition("`")[0] if helps else "--at PRICE"
    return line_of(
        study.file,
        f"is a template, without prices of its own: show, paths and checklist take {wanted}; backtest replays it",
    )


class Gathered(NamedTuple):
    """The files studied in their order, those that could not be read, and the folders searched in vain."""

    studies: tuple[Verdict, ...]
    refused: tuple[Unreachable, ...]
    empty: tuple[NoPlans, ...]

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """Returns all that is wrong; what is wrong with a file that several plans share, once."""
        found: list[Diagnostic] = []
        shared: set[tuple[str, str, int, int, str]] = set()
        for study in self.studies:
            for diagnostic in study.diagnostics:
                span = diagnostic.span
                key = (diagnostic.code, span.source.name, span.start, span.end, diagnostic.message)
                if span.source.name == study.file and study.kind in PLANS:
                    found.append(diagnostic)
                elif key not in shared:
                    shared.add(key)
                    found.append(diagnostic)
        return found

    @property
    def talk(self) -> str:
        """Returns what goes to standard error."""
        return "".join([changed(self.studies), *map(refusal, self.refused), *map(no_plans, self.empty)])


def gather(paths: Iterable[str], session: Session) -> Gathered:
    """Studies every file named, and every plan below each folder named."""
    listed = list(files_and_folders(paths))
    results = _studied([item.path for item in listed if isinstance(item, Found) and not item.again], session)
    studies: list[Verdict] = []
    refused = [item for item in listed if isinstance(item, Unreachable)]
    empty = [item for item in listed if isinstance(item, NoPlans)]
    plans: Counter[str | None] = Counter()
    others: Counter[str | None] = Counter()
    remaining = iter(results)
    for item in listed:
        if not isinstance(item, Found):
            continue
        result = None if item.again else next(remaining)
        if isinstance(result, Unreachable):
            refused.append(result)
        elif result is not None and result.kind not in PLANS and item.folder is not None:
            others[item.folder] += 1
            continue
        elif result is not None:
            studies.append(result)
        plans[item.folder] += 1
    for folder, count in others.items():
        if folder is not None and not plans[folder]:
            empty.append(NoPlans(folder, f"no plans in this folder, only accounts and venues ({count})"))
    return Gathered(tuple(studies), tuple(refused), tuple(empty))


def _studied(paths: Sequence[str], session: Session) -> list[Verdict | Unreachable]:
    if len(paths) < _MANY or STANDARD_INPUT in paths:
        return [_study(path, session) for path in paths]
    from scaleplan.cli.processes import shared_out

    return shared_out(lambda path: _study(path, session), paths)


def _study(path: str, session: Session) -> Verdict | Unreachable:
    text = read(path)
    if isinstance(text, Unreachable):
        return text
    if os.path.basename(path) == POLICY_NAME:  # noqa: PTH119
        return verdict(session.beside(text.name, text.data, "policy"))
    found = session.study(text.name, text.data)
    return verdict(found if found.kind in PLANS else session.beside(text.name, text.data, found.kind))


def verdict(found: Studied) -> Verdict:
    """Returns what is wrong with a file, and the margin model of a plan that has one."""
    model = ""
    if not isinstance(found, Unread) and found.plan.margin is not None:
        from scaleplan.report.models import model_named

        model = model_named(found.plan, found.ladder)
    return Verdict(found.file, condensed(found.diagnostics), found.kind, model, found.changes)
