"""What commands say beside their output, and what they exit with."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scaleplan.bounds import LONGEST_PATH
from scaleplan.cli.outcome import Exit, Outcome, Surface
from scaleplan.cli.plans import NoPlans, Several
from scaleplan.diagnostic import Diagnostic, Severity
from scaleplan.report.visible import visible
from scaleplan.source import Unreachable
from scaleplan.tree.quoting import QUOTED

if TYPE_CHECKING:
    from scaleplan.study import Studied, Verdict

_EMPTY = "''"
#: How many values of the plans a line names.
_NAMED = 3


def refusal(error: Unreachable, hint: str = "") -> str:
    """The line for a file that the operating system does not give us, and what else would work."""
    return said(error.name, f"{error.reason}; {hint}" if hint else error.reason)


def not_one(found: Unreachable | Several) -> Outcome:
    """What a command that takes one plan comes to where it is not given one."""
    if isinstance(found, Unreachable):
        return Outcome("", refusal(found), Exit.REFUSED)
    first, second, *_ = map(visible, found.names)
    what = f"stands for {len(found.names)} files ({first}, {second}{', ...' if len(found.names) > 2 else ''}); name one"
    return Outcome("", said(found.pattern, what), Exit.USAGE)


def no_plans(found: NoPlans) -> str:
    """The line for a folder that was searched in vain."""
    return said(found.folder, found.reason)


def changed(studies: "Iterable[Studied | Verdict]") -> str:
    """A line for each option that changed plans for this run, `set tier 2 price: 96 -> 95`, with what stood there."""
    stood: dict[tuple[int, str, str], list[str]] = {}
    for one in studies:
        for option, place, before, after in one.changes:
            stood.setdefault((option, place, after), []).append(before)
    return "".join(
        f"set {visible(place)}: {_befores(befores)} -> {visible(after)}"
        + (f" in {len(befores)} plans\n" if len(befores) > 1 else "\n")
        for (_, place, after), befores in sorted(stood.items())
    )


def _befores(befores: Iterable[str]) -> str:
    values = [visible(value) or "(none)" for value in dict.fromkeys(befores)]
    more = len(values) - _NAMED
    return ", ".join(values[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def said(path: str, what: str) -> str:
    """One line about one path; the empty path is shown as a shell would write it, of a long one its beginning."""
    name = path if len(path) <= LONGEST_PATH else f"{path[:QUOTED]}..."
    return f"scaleplan: {visible(name) or _EMPTY}: {what}\n"


def exit_code(diagnostics: Iterable[Diagnostic], *, refused: bool, strict: bool) -> int:
    """3 where a file was refused, or else 1 where there are errors, or with `strict` warnings, or else 0."""
    if refused:
        return Exit.REFUSED
    failing = (Severity.ERROR, Severity.WARNING) if strict else (Severity.ERROR,)
    return Exit.ERRORS if any(diagnostic.severity in failing for diagnostic in diagnostics) else Exit.OK


def errors_of(studies: Iterable["Studied"], surface: Surface) -> str:
    """What is wrong with plans that could not be reckoned, and the errors of those that could."""
    told = tuple(
        diagnostic
        for one in studies
        for diagnostic in one.diagnostics
        if one.ladder is None or diagnostic.severity is Severity.ERROR
    )
    if not told:
        return ""
    from scaleplan.report.diagnostics.text import render

    return render(told, width=surface.width, colour=surface.colour)
