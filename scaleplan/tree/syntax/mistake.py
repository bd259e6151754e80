"""A mistake in a text that is no YAML: what the diagnostic will say, and how to read on past it."""

from collections.abc import Iterable
from typing import NamedTuple

from scaleplan.diagnostic import Kind
from scaleplan.tree.syntax.page import Line, Page


class Trouble(NamedTuple):
    """Where YAML stopped, and what it said.

    `at` is the character it could not take, `since` where what it was reading began. `brackets` are
    the places of those still open, the innermost last; `last_scalar` is the last text that was read.
    """

    page: Page
    at: int
    since: int
    problem: str
    context: str
    brackets: tuple[int, ...]
    last_scalar: tuple[int, int] | None

    @property
    def opened(self) -> int | None:
        """Where the innermost open bracket stands."""
        return self.brackets[-1] if self.brackets else None

    @property
    def here(self) -> str:
        """The character that could not be taken, or nothing at the end of the text."""
        return self.page.text[self.at : self.at + 1]

    @property
    def line(self) -> Line:
        """The line in which it stands."""
        return self.page.line_at(self.at)

    @property
    def last_quote(self) -> str:
        """The quote in which the last text stood, or nothing."""
        mark = "" if self.last_scalar is None else self.page.text[self.last_scalar[0] : self.last_scalar[0] + 1]
        return mark if mark in ("'", '"') else ""


class Mask(NamedTuple):
    """The characters `start` to `end`, painted over with `fill` so that reading can go on behind them."""

    start: int
    end: int
    fill: str = "x"


class Remark(NamedTuple):
    """Another place that a mistake speaks of."""

    start: int
    end: int
    message: str


class Mistake(NamedTuple):
    """What is wrong, from which character to which. It has masks only where it is clear what was meant."""

    kind: Kind
    start: int
    end: int
    message: str
    remedy: str
    remarks: tuple[Remark, ...] = ()
    masks: tuple[Mask, ...] = ()


def paint(text: str, masks: Iterable[Mask]) -> str:
    """The text with every masked character replaced, each place unchanged."""
    pieces = []
    at = 0
    for mask in sorted(masks):
        start = max(at, mask.start)
        if start < mask.end:
            pieces += [text[at:start], mask.fill * (mask.end - start)]
            at = mask.end
    return "".join([*pieces, text[at:]])
