"""What reports say of a plan, in each of their forms: what tests hold against golden files and hand arithmetic."""

from collections.abc import Iterable

from scaleplan.ladder.book import BookLine
from scaleplan.report.page import Branches, Medium, Page, rendered
from scaleplan.report.paths.page import paths_page, tree, tree_page
from scaleplan.report.paths.record import COLUMNS as PATHS_COLUMNS
from scaleplan.report.paths.record import TEXTS as PATHS_TEXTS
from scaleplan.report.paths.record import paths_rows
from scaleplan.report.paths.words import WalkedPlan
from scaleplan.report.record_csv import csv_table
from scaleplan.report.show.account import book_page
from scaleplan.report.show.page import show_page
from scaleplan.report.show.record import COLUMNS, TEXTS, show_rows
from scaleplan.study import Study


def show_text(study: Study, *, width: int, colour: bool = False) -> str:
    """`show` in a terminal."""
    return rendered(lambda medium: [show_page(study, medium)], "table", Medium(width), colour=colour)


def show_in(format: str, *studies: Study) -> str:
    """`show` as a document."""
    return rendered(lambda medium: [show_page(study, medium) for study in studies], format, Medium(), colour=False)


def show_csv(studies: Iterable[Study]) -> str:
    """`show` as rows."""
    return csv_table(COLUMNS, TEXTS, (row for study in studies for row in show_rows(study)))


def book_text(lines: tuple[BookLine, ...], *, width: int) -> str:
    """The book in a terminal."""
    return rendered(lambda _: [book_page(lines)], "table", Medium(width), colour=False)


def paths_text(walked: WalkedPlan, *, width: int, colour: bool = False, blocks: bool = True) -> str:
    """`paths` in a terminal."""
    return rendered(lambda medium: [paths_page(walked, medium)], "table", Medium(width, blocks), colour=colour)


def paths_in(format: str, *walks: WalkedPlan) -> str:
    """`paths` as a document."""
    return rendered(lambda medium: [paths_page(walked, medium) for walked in walks], format, Medium(), colour=False)


def tree_in(format: str, walked: WalkedPlan, *, width: int = 80, colour: bool = False) -> str:
    """`paths --tree` with its head."""
    return rendered(lambda medium: [tree_page(walked, medium)], format, Medium(width), colour=colour)


def tree_text(walked: WalkedPlan, *, width: int) -> str:
    """The tree alone."""
    return rendered(lambda _: [Page((Branches(tree(walked, width)),))], "table", Medium(width), colour=False)


def paths_csv(walks: Iterable[WalkedPlan]) -> str:
    """`paths` as rows."""
    return csv_table(PATHS_COLUMNS, PATHS_TEXTS, (row for walked in walks for row in paths_rows(walked)))
