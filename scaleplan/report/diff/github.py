"""A plan's change as commands that a GitHub workflow turns into annotations of a pull request.

Each measure that is worse is an error at the change that it turned by, and the verdict is a notice.
"""

from pathlib import Path

from scaleplan.questions.diff import Diff
from scaleplan.report.diagnostics.github import command, place_of
from scaleplan.report.diff.words import change_words, sides_of, verdict_words
from scaleplan.report.measures import clause
from scaleplan.revision.changes import KeyChange
from scaleplan.revision.measures import Turn

_TITLE = "scaleplan diff"


def render_diff_github(diff: Diff, folder: Path) -> str:
    """Returns the commands; files are named as seen from `folder`."""
    sides = sides_of(diff)
    lines = []
    for measure in diff.comparison.those(Turn.WORSE) if diff.comparison is not None else ():
        said = "" if sides is None else clause(sides, measure)
        cause = diff.cause(measure)
        if said:
            lines.append(command("error", _place(diff, cause, folder), _TITLE, [said, *_because(cause)]))
    verdict = verdict_words(diff)
    if verdict:
        lines.append(command("notice", _place(diff, None, folder), _TITLE, verdict))
    return "".join(lines)


def _because(cause: KeyChange | None) -> list[str]:
    if cause is None:
        return []
    words = change_words(cause)
    return [f"{words.sign} {words.what}: {words.both}"]


def _place(diff: Diff, cause: KeyChange | None, folder: Path) -> dict[str, object]:
    """Returns the place of a change in the new file; without one the file's first line."""
    if diff.places is None:
        return {}
    whole = diff.places.of("")
    if cause is None:
        return place_of(whole.part(0, 1), folder)
    return place_of(diff.places.of(cause.path_new or cause.path_old or ""), folder) or place_of(whole, folder)
