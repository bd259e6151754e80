"""A plan's change in words: its changes, its rows, and the verdict with its reasons."""

from collections.abc import Iterator
from typing import NamedTuple

from scaleplan.engine.risk import in_r
from scaleplan.quantity.rounding import trimmed
from scaleplan.questions.diff import Diff, SideFigures
from scaleplan.report.figures import Figures, figures_of, ratio
from scaleplan.report.measures import MeasureRow, Sides, measure_rows, turned
from scaleplan.report.paths.words import chance
from scaleplan.report.visible import visible
from scaleplan.revision.changes import KeyChange, Op
from scaleplan.revision.forms import item_words, place_words, written_form
from scaleplan.revision.measures import RiskVerdict, Turn

SIGNS = {Op.ADD: "+", Op.REMOVE: "-", Op.CHANGE: "~"}
#: What the reader of a verdict has to know of it.
_VERDICTS = {
    RiskVerdict.RISKIER: "riskier",
    RiskVerdict.SAFER: "safer",
    RiskVerdict.SAME: "as risky",
    RiskVerdict.OTHER: "another trade",
    RiskVerdict.NEW: "new",
}
_TRADE = ("symbol", "side", "contract")


class ChangeWords(NamedTuple):
    """A change as people read it: its sign, what changed, and the values, empty where a side has none."""

    sign: str
    what: str
    old: str
    new: str

    @property
    def both(self) -> str:
        """Returns the values with an arrow between, or the one that there is."""
        return f"{self.old} -> {self.new}" if self.old and self.new else self.old or self.new


def change_words(change: KeyChange) -> ChangeWords:
    """Returns a change as people read it."""
    path = change.path_new or change.path_old or change.key
    what = place_words(path)
    if change.path_old is not None and change.path_new is not None and item_words(change.path_old) != item_words(path):
        what += f" (was {item_words(change.path_old)})"
    old = "" if change.op is Op.ADD else visible(written_form(change.old, trimmed))
    new = "" if change.op is Op.REMOVE else visible(written_form(change.new, trimmed))
    return ChangeWords(SIGNS[change.op], what, old, new)


def sides_of(diff: Diff) -> Sides | None:
    """Returns the measures of both sides with the new one's figures; absent where the new one has none."""
    if diff.after is None:
        return None
    before, figures = diff.before, _figures(diff.after)
    if before is None or diff.comparison is not None:
        return Sides(figures, None if before is None else before.measures, diff.after.measures, diff.one_r)
    return Sides(figures, before.measures, diff.after.measures, None, _figures(before))


def _figures(judged: SideFigures) -> Figures:
    return figures_of(judged.study.plan, judged.study.ladder)


def rows_of(diff: Diff) -> tuple[MeasureRow, ...]:
    """Returns the rows of the table: the measures, and behind them what is shown and never judged."""
    sides = sides_of(diff)
    if sides is None or diff.after is None:
        return ()
    turns = {} if diff.comparison is None else dict(diff.comparison.turns)
    return (*measure_rows(sides, turns), *_shown(diff, diff.after))


def _shown(diff: Diff, after: SideFigures) -> Iterator[MeasureRow]:
    """Yields what a plan may bring and costs."""
    before = diff.before
    figures = _figures(after)

    def row(label: str, old: str, new: str, note: str = "") -> MeasureRow:
        return MeasureRow(label, old if before is not None else "", new, note, "")

    old_figures = figures if before is None else _figures(before)
    rewards = [None if each is None else each.reward for each in (before, after)]
    in_old_r = [in_r(each, diff.one_r) for each in rewards]
    in_words = "" if None in in_old_r or diff.comparison is None else "{}R -> {}R".format(*map(ratio, in_old_r))
    yield row("make if all hit", old_figures.money(rewards[0]), figures.money(rewards[1]), in_words)
    payoffs = [None if each is None else each.study.ladder.totals.reward_to_risk for each in (before, after)]
    yield row("reward to risk", *map(ratio, payoffs))
    old = None if before is None else before.summary
    new = after.summary
    if new is None:
        return
    chances = [None if each is None else each.probability_of_profit for each in (old, new)]
    yield row("chance of profit", *map(chance, chances))
    costs = [None if each is None else each.expected_net for each in (old, new)]
    yield row("expected net", old_figures.money(costs[0]), figures.money(costs[1]), "at the fair price")


def verdict_words(diff: Diff) -> tuple[str, ...]:
    """Returns the verdict and its reasons: one sentence, and where it is mixed a second for what is safer."""
    if diff.verdict is None:
        return ()
    word, sides = _VERDICTS[diff.verdict], sides_of(diff)
    if diff.verdict is RiskVerdict.NEW:
        return (f"{word}: {_why_new(diff)}",)
    if diff.verdict is RiskVerdict.OTHER:
        found = [change_words(change) for change in diff.changes if change.key in _TRADE]
        return (f"{word}: {', '.join(f'{each.what} {each.both}' for each in found)}; their risk is not compared",)
    if diff.comparison is None or sides is None:
        return ()
    worse, better = (
        [text for measure in diff.comparison.those(turn) if (text := turned(sides, measure))]
        for turn in (Turn.WORSE, Turn.BETTER)
    )
    if diff.verdict is RiskVerdict.SAME:
        return (f"{word}: {'no measure has changed' if diff.changes else 'nothing has changed'}",)
    if diff.verdict is RiskVerdict.SAFER:
        return (f"{word}: {', '.join(better)}",)
    first = f"{word}: {', '.join(worse)}"
    return (first, f"but safer: {', '.join(better)}") if better else (first,)


def _why_new(diff: Diff) -> str:
    if diff.old.study is None:
        return f"{visible(diff.new.file)} is not in {visible(diff.old.revision or diff.old.file)}"
    return f"{visible(diff.old.name)} has no figures to compare with"


def incomplete(diff: Diff) -> str:
    """Returns what to mind where a side has too many paths to walk; empty where none has."""
    sides = [each for each in (diff.before, diff.after) if each is not None]
    if all(each.measures.complete for each in sides):
        return ""
    return "too many paths to walk: the worst loss is a bound, and the rest that of the tiers as listed"
