"""A help topic: drawn by rich on a terminal, plain text into a pipe."""

import re
from io import StringIO
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

#: No background and no magenta: legible on a light terminal and on a dark one, in the colours of all other pages.
_STYLES = {
    "markdown.code": "cyan",
    "markdown.h1": "bold underline",
    "markdown.h2": "bold cyan",
    "markdown.h3": "bold",
    "markdown.table.header": "bold",
    "markdown.table.border": "dim",
}
_LINK = re.compile(r"\[([^\]\n]+)\]\([^)\n]+\)")


def render_list(titles: dict[str, str], width: int | None) -> str:
    """Returns a line for each topic; in a narrow terminal its title goes on below itself."""
    from textwrap import wrap  # noqa: PLC0415 - a pipe has lines of any length

    names = max(map(len, titles)) + 2
    if width is None:
        return "".join(f"{name.ljust(names)}{title}\n" for name, title in titles.items())
    lines = []
    for name, title in titles.items():
        first, *more = wrap(title, max(20, width - names), break_long_words=False)
        lines += [name.ljust(names) + first, *(" " * names + line for line in more)]
    return "\n".join(lines) + "\n"


def render_topic(text: str, width: int | None, *, colour: bool) -> str:
    """Returns a topic as it is written, or laid out for a terminal of that width; of links their words are left."""
    text = _LINK.sub(r"\1", text)
    if width is None:
        return text
    # rich takes a third of a start, and a pipe has no use for it.
    from rich.console import Console  # noqa: PLC0415
    from rich.markdown import CodeBlock, Markdown  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415
    from rich.theme import Theme  # noqa: PLC0415

    class Block(CodeBlock):
        """A plan or a command with its output, whose lines stay as they are."""

        def __rich_console__(self, console: "Console", options: "ConsoleOptions") -> "RenderResult":
            yield Text(str(self.text).rstrip("\n"), "cyan", no_wrap=True, overflow="ignore")

    class Topic(Markdown):
        """Markdown whose blocks of code are not wrapped."""

        elements: ClassVar = {**Markdown.elements, "fence": Block}

    out = StringIO()
    console = Console(
        file=out,
        width=width,
        color_system="standard" if colour else None,
        force_terminal=colour,
        no_color=not colour,
        legacy_windows=False,
        _environ={},
        theme=Theme(_STYLES),
    )
    console.print(Topic(text), crop=False)
    return "\n".join(line.rstrip(" ") for line in out.getvalue().split("\n"))
