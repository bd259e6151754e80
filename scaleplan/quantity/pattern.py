"""A pattern is a regular expression that is compiled when it is first asked, because most plans ask few of them.

To compile one takes up to half a millisecond, and every start would pay for all.
"""

import re


class Pattern:
    """A regular expression by its text and flags."""

    __slots__ = ("_compiled", "flags", "pattern")

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self.pattern = pattern
        self.flags = flags
        self._compiled: re.Pattern[str] | None = None

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """The match of all of a text."""
        compiled = self._compiled
        if compiled is None:
            compiled = self._compiled = re.compile(self.pattern, self.flags)
        return compiled.fullmatch(text)
