"""The page of `paths`: what is proved first, then the ends and their chart, then what they come to."""

from scaleplan.report.page import (
    COLUMNS,
    UNLIMITED,
    Branches,
    Cell,
    FactList,
    Heading,
    Medium,
    Page,
    Part,
    Sentence,
    Title,
)
from scaleplan.report.paths.ends import end_notes, ends_chart, ends_table, left_out, left_out_words
from scaleplan.report.paths.proofs import proofs
from scaleplan.report.paths.summary import odds_words, rests_on, summary
from scaleplan.report.paths.tree import tree
from scaleplan.report.paths.words import WalkedPlan
from scaleplan.report.sentences import head, wrong


def paths_page(walked: WalkedPlan, medium: Medium) -> Page:
    """Returns every path of a plan; a terminal has the notes of the ends under their table, a document at its end."""
    notes, ending = tuple(end_notes(walked)), (*summary(walked), *rests_on(walked))
    parts: list[Part] = [*_head(walked), Heading("Proofs"), FactList(tuple(proofs(walked)))]
    outcomes = walked.paths.outcomes
    if outcomes:
        parts += [Heading("Ends"), ends_table(walked, medium)]
        chart = ends_chart(outcomes, "R" if walked.ladder.totals.has_r else walked.plan.settle)
        if not medium.document:
            parts += [FactList(notes), *([Heading()] if chart else [])]
        elif left_out(walked.paths):
            words = f"Left out between the worst and the best: {left_out_words(walked)}."
            parts.append(Sentence((Cell(words),)))
        parts += chart
    parts.append(Heading("Taken together"))
    if medium.document or not outcomes:
        ending = (*summary(walked), *notes, *rests_on(walked))
    return Page((*parts, FactList(ending)), walked.study.diagnostics)


def tree_page(walked: WalkedPlan, medium: Medium) -> Page:
    """Returns the states of a plan as a tree below its head."""
    width = COLUMNS if medium.document else medium.width
    return Page((*_head(walked), Heading(), Branches(tree(walked, width))))


def _head(walked: WalkedPlan) -> list[Part]:
    """The plan in a few words, where its paths begin, and whether something is wrong with it."""
    doubts = wrong(walked.study)
    return [
        Title(head(walked.plan)),
        Sentence((Cell(odds_words(walked)),), lead=True, limit=UNLIMITED),
        *([Sentence((doubts,), lead=True, limit=UNLIMITED, hang=0)] if doubts else []),
    ]
