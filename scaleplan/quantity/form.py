"""A form is how a value is written: one regular expression in two spellings, the reader's and an editor's.

A mistake is a text that is not of the form it should be: which kind, what clashed, and what to write instead.

Editors read the patterns of a JSON Schema as JavaScript does: without named groups and flags, and a letter is an ASCII
one. So a form is put together from parts that know both spellings: `captured(NUMBER) + " per " + captured(CURRENCY)`.
"""

import re
from typing import NamedTuple

from scaleplan.diagnostic import Kind, Severity


class Form:
    """A regular expression as `reader` and as `editor` spell it; the second is the first where it is not given."""

    __slots__ = ("_compiled", "editor", "reader")

    def __init__(self, reader: str, editor: str | None = None) -> None:
        self.reader = reader
        self.editor = reader if editor is None else editor
        self._compiled: re.Pattern[str] | None = None

    def __add__(self, behind: "Form | str") -> "Form":
        """Returns the form with another behind it."""
        if isinstance(behind, str):
            return Form(self.reader + behind, self.editor + behind)
        return Form(self.reader + behind.reader, self.editor + behind.editor)

    def __radd__(self, before: str) -> "Form":
        """Returns the form with a text before it."""
        return Form(before + self.reader, before + self.editor)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """Matches all of a text. Compiles the expression when first asked: that takes up to half a millisecond."""
        compiled = self._compiled
        if compiled is None:
            compiled = self._compiled = re.compile(self.reader)
        return compiled.fullmatch(text)


def captured(part: Form | str, name: str = "") -> Form:
    """Returns the form as a group that the reader finds by its number or name."""
    inner = Form("") + part
    return Form(f"(?P<{name}>{inner.reader})" if name else f"({inner.reader})", f"(?:{inner.editor})")


def any_case(*words: str) -> Form:
    """Returns the form of a few words in small or capital letters."""
    both = ("".join(f"[{sign.lower()}{sign.upper()}]" if sign.isalpha() else sign for sign in word) for word in words)
    return Form(f"(?i:{'|'.join(words)})", "|".join(both))


NOT_A_NUMBER = Kind("SP106", "not-a-number", Severity.ERROR, "A number is written in a form that could be misread.")
NOT_A_SHARE = Kind("SP107", "not-a-share", Severity.ERROR, "A share is not written as a percentage or a fraction.")
NOT_A_PRICE = Kind("SP108", "not-a-price", Severity.ERROR, "A price is in no form that a price can have here.")
PRICE_NOT_POSITIVE = Kind("SP109", "price-not-positive", Severity.ERROR, "A price is zero or below.")
NOT_MONEY = Kind(
    "SP110", "not-money", Severity.ERROR, "An amount of money is neither a number nor a number with its currency."
)
NOT_A_DURATION = Kind("SP112", "not-a-duration", Severity.ERROR, "A duration has no unit, or one that is not known.")
NOT_A_SIZE = Kind("SP113", "not-a-size", Severity.ERROR, "A size does not say what it counts.")
NOT_ONE_OF = Kind("SP114", "not-one-of", Severity.ERROR, "A word is none of those that can stand here.")
NOT_A_SYMBOL = Kind("SP115", "not-a-symbol", Severity.ERROR, "A symbol is not BASE/QUOTE or BASE/QUOTE:SETTLE.")
NOT_A_DATE = Kind("SP116", "not-a-date", Severity.ERROR, "A date is not written as year-month-day, or does not exist.")
TEMPLATE_ONLY = Kind(
    "SP821", "template-only", Severity.ERROR, "A word of templates stands where it cannot mean anything."
)

KINDS = (
    NOT_A_NUMBER,
    NOT_A_SHARE,
    NOT_A_PRICE,
    PRICE_NOT_POSITIVE,
    NOT_MONEY,
    NOT_A_DURATION,
    NOT_A_SIZE,
    NOT_ONE_OF,
    NOT_A_SYMBOL,
    NOT_A_DATE,
    TEMPLATE_ONLY,
)


class Mistake(NamedTuple):
    """What is wrong with a text, and one way out. `start` and `end` count characters inside the text."""

    kind: Kind
    message: str
    help: str
    start: int = 0
    end: int | None = None
