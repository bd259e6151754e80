"""A help topic: drawn by rich on a terminal, plain text into a pipe."""

import re
from io import StringIO
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderResult

_LINK = re.compile(r"\[([^\]\n]+)\]\([^)\n]+\)")


def render_topic(text: str, width: int | None, *, colour: bool) -> str:
    """Returns a topic as it is written, or laid out for a terminal of that width; of links their words are left."""
    text = _LINK.sub(r"\1", text)
    if width is None:
        return text
    # rich takes a third of a start, and a pipe has no use for it.
    from rich.console import Console  # noqa: PLC0415
    from rich.markdown import CodeBlock, Markdown  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

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
    )
    console.print(Topic(text), crop=False)
    return "\n".join(line.rstrip(" ") for line in out.getvalue().split("\n"))
