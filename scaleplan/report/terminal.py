"""The terminal part: laid-out blocks drawn by rich, the only module that knows it.

What stands where has been decided before (`layout`): a grid's columns fit, every text is visible text. So rich is asked
to draw, never to wrap, crop, highlight, or to read markup or emoji codes out of a trader's words. Attributes are eight
of the sixteen colours that every terminal has, and only ever repeat what the words say.
"""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from scaleplan.report.layout import Block, Cell, Grid, Role

_STYLES = {
    Role.PLAIN: "",
    Role.STRONG: "bold",
    Role.FAINT: "dim",
    Role.HEAD: "cyan",
    Role.LOSS: "red",
    Role.GAIN: "green",
    Role.CAUTION: "yellow",
    Role.ALARM: "bold red",
}
#: No line of a plan is as wide; the console would crop what passes its width.
_WIDTH = 100_000


def draw(blocks: Iterable[Block], *, colour: bool) -> str:
    """The blocks as text, each line ended by a line feed, without blanks at its end; attributes only with `colour`."""
    out = StringIO()
    console = Console(
        file=out,
        width=_WIDTH,
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )
    for block in blocks:
        if colour or isinstance(block, Grid):
            console.print(_table(block) if isinstance(block, Grid) else _text(block), no_wrap=True, crop=False)
        else:
            # A note may be of fifty thousand lines, and nothing is left to be drawn in them.
            out.write("".join(cell.text for cell in block) + "\n")
    return "\n".join(line.rstrip(" ") for line in out.getvalue().split("\n"))


def _text(cells: Iterable[Cell]) -> Text:
    text = Text(end="")
    for cell in cells:
        text.append(cell.text, _STYLES[cell.role])
    return text


def _table(grid: Grid) -> Table:
    table = Table(box=None, padding=(0, grid.gap, 0, 0), pad_edge=False, show_edge=False, show_header=grid.heads)
    for column, width in zip(grid.columns, grid.widths, strict=True):
        table.add_column(
            Text(column.head, _STYLES[Role.HEAD], end=""),
            justify="left" if column.left else "right",
            width=width,
            no_wrap=True,
        )
    for index in grid.rows:
        table.add_row(*(_text((column.cells[index],)) for column in grid.columns))
    return table
