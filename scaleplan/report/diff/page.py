"""The page of a plan's change: what changed, what it does to risk, words, and the verdict."""

from collections.abc import Iterator, Sequence

from scaleplan.questions.diff import Diff
from scaleplan.report.diff.words import ChangeWords, change_words, incomplete, rows_of, verdict_words
from scaleplan.report.measures import MeasureRow
from scaleplan.report.page import (
    WELCOME,
    Cell,
    Column,
    Fact,
    FactList,
    Folded,
    Heading,
    Medium,
    Page,
    Part,
    Role,
    Sentence,
    Table,
    Title,
    column,
)
from scaleplan.report.visible import visible
from scaleplan.revision.measures import RiskVerdict

_ROLES = {"RISKIER": Role.ALARM, "safer": Role.GAIN}
_VERDICTS = {RiskVerdict.RISKIER: Role.ALARM, RiskVerdict.OTHER: Role.ALARM, RiskVerdict.SAFER: Role.GAIN}


def diff_page(diff: Diff, medium: Medium) -> Page:
    """Returns the page of a change; a document begins with the verdict, a terminal ends with it."""
    figures, words = ([change_words(each) for each in diff.changes if each.words is own] for own in (False, True))
    list_of = _listed if medium.document else _facts
    changes = [list_of(figures)] if figures else []
    parts: tuple[Part, ...]
    if medium.document:
        title = Title((Cell(f"{visible(diff.new.file)}: risk of the change"), Cell(_between(diff))))
        parts = (title, *_verdict(diff, lead=True), *changes, _table(rows_of(diff)))
    else:
        parts = (*changes, Heading(), _table(rows_of(diff)), Heading(), *_verdict(diff))
    folded = f"words ({len(words)})" if medium.document else "words"
    return Page(parts, folded=(Folded(folded, list_of(words)),) if words else ())


def _between(diff: Diff) -> str:
    return f"{visible(diff.old.name)} -> {visible(diff.new.name)}"


def _facts(changes: Sequence[ChangeWords]) -> FactList:
    return FactList(tuple(Fact(f"{each.sign} {each.what}", each.both, mark=Role.PLAIN) for each in changes))


def _listed(changes: Sequence[ChangeWords]) -> Table:
    return Table(
        (
            column("", [change.sign for change in changes], left=True),
            column("changed", [change.what for change in changes], left=True),
            column("old", [change.old for change in changes], left=True),
            column("new", [change.new for change in changes], left=True),
        )
    )


def _table(rows: Sequence[MeasureRow]) -> Table:
    columns = [
        column("risk", [row.label for row in rows], left=True),
        column("old", [row.old for row in rows]),
        column("new", [row.new for row in rows]),
        column("", [row.note for row in rows], left=True, since=WELCOME),
        Column("", tuple(Cell(row.turn, _ROLES.get(row.turn, Role.PLAIN)) for row in rows), left=True),
    ]
    told = [each for each in columns if any(cell.text for cell in each.cells)]
    return Table(tuple(told), least_gap=2)


def _verdict(diff: Diff, *, lead: bool = False) -> Iterator[Sentence]:
    sentences = verdict_words(diff)
    role = Role.PLAIN if diff.verdict is None else _VERDICTS.get(diff.verdict, Role.PLAIN)
    if diff.loosened and diff.verdict is RiskVerdict.SAFER:
        role = Role.PLAIN
    for number, sentence in enumerate(sentences):
        is_taken = bool(diff.loosened) and number == len(sentences) - 1
        own = Role.CAUTION if is_taken else Role.PLAIN if number else role
        yield Sentence((Cell(sentence, own),), lead=lead and not number)
    mind = incomplete(diff)
    if mind:
        yield Sentence((Cell(mind, Role.CAUTION),))
