r"""The text of a signal, cleaned to be searched: each character of it knows its place in what was sent.

Letters and digits are those of NFKC (full-width, mathematical, keycaps), digits of every script are ASCII, format
characters (zero width, direction, joiners) and variation selectors are gone, line ends are `\n`, many blanks are one.
Digits above or below the line stay what they are: in `0.0₄12` they count zeros, and must not become digits of a price.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from scaleplan.diagnostic import Diagnostic, problem
from scaleplan.source import Source, Span
from scaleplan.tree.kinds import TOO_LARGE
from scaleplan.tree.text import decode_text

#: The longest text that is read, in bytes. The longest message of a messenger has some thousand characters.
MOST_BYTES = 1 << 16
#: A character that stands for what has been read already: no letter, no digit, no blank.
MASK = "\ue000"
#: Signs that make text bold, quoted or code, and say nothing.
_MARKUP = "*`~>"
_KEYCAP, _GRAPHEME_JOINER = "\u20e3", "\u034f"
_LINE_ENDS = "\n\x0b\x0c\x85\u2028\u2029"
#: Apart from its mark, a letter is another: `й` may be sent as `и` and a breve.
_UNIT = re.compile(r"\r\n|[^\u0300-\u036f][\u0300-\u036f]{1,4}|[\s\S]")
#: Compatibility forms that mean something else than the same digit or letter in another face.
_KEPT = ("<sub>", "<super>", "<fraction>")
#: More characters than one sign of a text becomes.
_LONGEST_UNIT = 4


class SignalText(NamedTuple):
    """A text as it was sent, and cleaned; `starts` and `ends` are the places of each cleaned character in the first."""

    source: Source
    plain: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def part(self, start: int, end: int) -> "SignalText":
        """Returns the text from one cleaned character to before another; its places stay those of the whole."""
        return SignalText(self.source, self.plain[start:end], self.starts[start:end], self.ends[start:end])

    def span(self, start: int, end: int) -> Span:
        """Returns the place of cleaned characters `start` to `end` in the text as it was sent."""
        if not self.starts:
            return Span(self.source, 0, 0)
        if start >= len(self.starts):
            return Span(self.source, self.ends[-1], self.ends[-1])
        return Span(self.source, self.starts[start], max(self.starts[start], self.ends[max(start, end - 1)]))


def read_text(name: str, data: bytes) -> SignalText | Diagnostic:
    """Reads the bytes of a signal, spoken of as `name`; returns what is wrong where they are no text."""
    if len(data) > MOST_BYTES:
        message = f"the text has more than {MOST_BYTES:,} bytes, and a signal has some hundred"
        return problem(TOO_LARGE, Span(Source(name, ""), 0, 0), "", message, "give one signal, as it was sent")
    source = decode_text(name, data)
    return source if isinstance(source, Diagnostic) else cleaned(source)


def cleaned(source: Source) -> SignalText:
    """Returns a text cleaned, with the places of its characters."""
    signs: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _UNIT.finditer(source.text):
        for sign in _cleaned(match[0]):
            # Of a run of blanks one is as good as many, and of empty lines two: no pattern has to look further.
            if (sign == " " and signs[-1:] == [" "]) or (sign == "\n" and signs[-3:] == ["\n"] * 3):
                continue
            signs.append(sign)
            starts.append(match.start())
            ends.append(match.end())
    return SignalText(source, "".join(signs), tuple(starts), tuple(ends))


def _cleaned(unit: str) -> Iterator[str]:
    """Yields the characters of one unit of a text: none, mostly one, seldom some."""
    first = unit[0]
    if first in _MARKUP:
        yield " "
    elif unit.isascii() and first >= " " and first != "\x7f":
        yield unit
    elif unit in ("\r\n", "\r") or first in _LINE_ENDS:
        yield "\n"
    elif first == _KEYCAP:
        yield ")"  # `1` in a keycap numbers what follows.
    elif first == MASK:
        yield " "
    else:
        yield from _of_other_scripts(unit)


def _of_other_scripts(unit: str) -> Iterator[str]:
    first = unit[0]
    category = unicodedata.category(first)
    if category == "Cf" or first == _GRAPHEME_JOINER or "\ufe00" <= first <= "\ufe0f":
        return
    if category in ("Cc", "Zs"):
        yield " "
    elif category == "Nd":
        yield str(unicodedata.decimal(first))
    elif _is_kept(first):
        yield first
    elif category == "No" and (number := unicodedata.numeric(first, None)) is not None and number == int(number):
        yield from f"{int(number)})"  # Digits in circles number what follows.
    else:
        normal = unicodedata.normalize("NFKC", unit)
        yield from normal if len(normal) <= _LONGEST_UNIT else "?"


def _is_kept(sign: str) -> bool:
    return unicodedata.decomposition(sign).startswith(_KEPT)
