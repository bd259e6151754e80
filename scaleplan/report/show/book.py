"""The book: what several plans of one account risk and tie up together, as if all are open."""

from scaleplan.ladder.book import BookLine
from scaleplan.report.figures import UNKNOWN, leverage, of_equity, written
from scaleplan.report.page import UNLIMITED, Cell, Heading, Page, Role, Sentence, Table, column
from scaleplan.report.precision import money_places
from scaleplan.report.rounding import grouped, result, rounded
from scaleplan.report.visible import visible


def book_page(lines: tuple[BookLine, ...]) -> Page:
    """Returns a row for each settle currency."""
    plans = sum(line.plans for line in lines)
    unknown = "equity is n/a where the plans write none, or not the same"
    return Page(
        (
            Heading("book", shown=True, note=f"{plans} {'plan' if plans == 1 else 'plans'}, as if all are open"),
            Heading(),
            Table(
                (
                    column("settle", [visible(line.settle) for line in lines], left=True),
                    column("plans", [str(line.plans) for line in lines]),
                    column("risk", [_risk(line) for line in lines]),
                    column("risk %", [of_equity(line.risk_fraction) for line in lines]),
                    column("margin", [grouped(rounded(line.initial_margin, _places(line))) for line in lines]),
                    column("margin %", [of_equity(line.margin_fraction, places=1) for line in lines]),
                    column("leverage", [leverage(line.effective_leverage) for line in lines]),
                    column("equity", [UNKNOWN if line.equity is None else written(line.equity) for line in lines]),
                )
            ),
            *(
                [Sentence((Cell(unknown, Role.CAUTION),), limit=UNLIMITED)]
                if any(line.equity is None for line in lines)
                else []
            ),
        )
    )


def _risk(line: BookLine) -> str:
    return UNKNOWN if line.risk is None else grouped(result(line.risk, _places(line), loss=1))


def _places(line: BookLine) -> int:
    return money_places(line.initial_margin if line.risk is None else line.risk)
