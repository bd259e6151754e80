"""Gathering: every file that a command line names or finds below a folder, studied.

Below a folder the accounts and venues that plans name lie beside them: they are passed over, and read through the
plans. One that is named is studied as what it is, so that a hook may be handed every changed file.
"""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from scaleplan.bounds import POLICY_NAME
from scaleplan.cli.plans import Found, NoPlans, files_and_folders, read
from scaleplan.cli.talk import changed, no_plans, refusal
from scaleplan.diagnostic import Diagnostic, condensed
from scaleplan.source import STANDARD_INPUT, Unreachable
from scaleplan.study import Session, Studied, Unread, Verdict

#: From so many files on it is worth asking for more processes.
_MANY = 200


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
                if span.source.name == study.file and study.kind == "plan":
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
        elif result is not None and result.kind != "plan" and item.folder is not None:
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
    return verdict(found if found.kind == "plan" else session.beside(text.name, text.data, found.kind))


def verdict(found: Studied) -> Verdict:
    """Returns what is wrong with a file, and the margin model of a plan that has one."""
    model = ""
    if not isinstance(found, Unread) and found.plan.margin is not None:
        from scaleplan.report.models import model_named

        model = model_named(found.plan, found.ladder)
    return Verdict(found.file, condensed(found.diagnostics), found.kind, model, found.changes)
