"""A form is how a value is written: one regular expression in two spellings, the reader's and an editor's.

Editors read the patterns of a JSON Schema as JavaScript does: without named groups and flags, and a letter is an ASCII
one. So a form is put together from parts that know both spellings: `captured(NUMBER) + " per " + captured(CURRENCY)`.
"""

import re


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
