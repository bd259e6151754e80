"""The book in the terminal: what several plans of one account risk and tie up together."""

from decimal import Decimal

from scaleplan.ladder.book import BookLine
from scaleplan.report.figures import UNKNOWN, leverage, of_equity, written
from scaleplan.report.layout import BLANK, Block, Cell, Column, Role, stack, table, table_width, wrap
from scaleplan.report.precision import money_places
from scaleplan.report.rounding import grouped, result, rounded
from scaleplan.report.terminal import draw
from scaleplan.report.visible import visible

_GAPS = (2, 1)


def render_book(lines: tuple[BookLine, ...], *, width: int, colour: bool) -> str:
    """One line for each settle currency, as text of at most `width` columns."""
    plans = sum(line.plans for line in lines)
    open_plans = f"{plans} {'plan' if plans == 1 else 'plans'}, as if all are open"
    out: list[Block] = [(Cell("book", Role.STRONG), Cell(f"  {open_plans}")), BLANK]
    columns = [
        _column("settle", [visible(line.settle) for line in lines], left=True),
        _column("plans", [str(line.plans) for line in lines]),
        _column("risk", [_loss(line) for line in lines]),
        _column("risk %", [of_equity(line.risk_fraction) for line in lines]),
        _column("margin", [_margin(line) for line in lines]),
        _column("margin %", [of_equity(line.margin_fraction, places=1) for line in lines]),
        _column("leverage", [leverage(line.effective_leverage) for line in lines]),
        _column("equity", [UNKNOWN if line.equity is None else written(line.equity) for line in lines]),
    ]
    gap = next((gap for gap in _GAPS if table_width(columns, gap) <= width), None)
    out += stack(columns, width) if gap is None else table(columns, gap)
    if any(line.equity is None for line in lines):
        out += wrap("equity is n/a where the plans write none, or not the same", width, indent=2, role=Role.CAUTION)
    return draw(out, colour=colour)


def _column(head: str, texts: list[str], *, left: bool = False) -> Column:
    return Column(head, tuple(Cell(text) for text in texts), left)


def _loss(line: BookLine) -> str:
    return grouped(result(line.risk, _places(line.risk), loss=1))


def _margin(line: BookLine) -> str:
    return grouped(rounded(line.initial_margin, _places(line.risk)))


def _places(amount: Decimal) -> int:
    return money_places(amount)
