"""Asking at the terminal: questions go to standard error, so that what is printed can still go elsewhere."""

import sys
from textwrap import wrap
from typing import Protocol

from scaleplan.report.visible import visible


class Asker(Protocol):
    """Somebody who can be asked."""

    def say(self, text: str) -> None:
        """Show a line."""

    def ask(self, question: str, default: str) -> str:
        """The answer without blanks around it; `default` where it is empty. Raises `EOFError` at the end of input."""


class Terminal:
    """The person at the keyboard, who sees lines of `width` columns."""

    __slots__ = ("_width",)

    def __init__(self, width: int | None) -> None:
        self._width = width

    def say(self, text: str) -> None:
        """Show a text at once; `sys.stderr` itself is kept until the end."""
        indent = " " * (len(text) - len(text.lstrip(" ")))
        lines = wrap(visible(text), self._width or 80, subsequent_indent=indent, break_long_words=False)
        if sys.__stderr__ is not None:
            sys.__stderr__.write("".join(f"{line}\n" for line in lines))
            sys.__stderr__.flush()

    def ask(self, question: str, default: str) -> str:
        """Ask in one line and read the next one."""
        self.say(f"{question} [{default}]" if default else question)
        if sys.__stderr__ is not None:
            sys.__stderr__.write("> ")
            sys.__stderr__.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip() or default


def terminal(width: int | None) -> Terminal | None:
    """The terminal, if there is somebody who sees the questions and can answer them."""
    for stream in (sys.stdin, sys.__stderr__):
        if stream is None or stream.closed or not stream.isatty():
            return None
    return Terminal(width)
