"""Messages for standard error: a line about a file, and what the options changed."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from scaleplan.bounds import LONGEST_PATH
from scaleplan.report.visible import visible
from scaleplan.tree.quoting import QUOTED

if TYPE_CHECKING:
    from scaleplan.cli.plans import NoPlans
    from scaleplan.source import Unreachable
    from scaleplan.study import Studied, Verdict

_EMPTY = "''"
#: How many values of the plans a line names.
_NAMED = 3


def refusal(error: "Unreachable", hint: str = "") -> str:
    """Returns the line for a file that the operating system does not give us, and what else would work."""
    return line_of(error.name, f"{error.reason}; {hint}" if hint else error.reason)


def no_plans(found: "NoPlans") -> str:
    """Returns the line for a folder that was searched in vain."""
    return line_of(found.folder, found.reason)


def line_of(path: str, what: str) -> str:
    """Returns a line about a path; the empty one is shown as a shell would write it, of a long one its beginning."""
    name = path if len(path) <= LONGEST_PATH else f"{path[:QUOTED]}..."
    return f"scaleplan: {visible(name) or _EMPTY}: {what}\n"


def changed(studies: "Iterable[Studied | Verdict]") -> str:
    """Returns a line for each option that changed plans, `set tier 2 price: 96 -> 95`, with what stood there."""
    stood: dict[tuple[int, str, str], list[str]] = {}
    for study in studies:
        for option, place, before, after in study.changes:
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
