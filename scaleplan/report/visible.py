"""Text from a plan as plain text for a terminal: nothing in it moves the cursor, colours, hides or turns around.

ESC and OSC sequences, NUL, and the characters that reorder what is displayed all belong to Unicode's categories
"other" and "separator"; each of them is written as its escape.
"""

import unicodedata
from collections import Counter

#: Control, format (bidi among them), surrogate, private use, unassigned; line and paragraph separator.
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TWO_DIGITS = 0x100
_FOUR_DIGITS = 0x10000
#: Marks that stand over or under the character before them.
_WITHOUT_WIDTH = frozenset({"Mn", "Me"})
_WIDE = frozenset({"W", "F"})


def visible(text: str) -> str:
    r"""Write every character that a terminal would act upon or not show as an escape, `\x1b` or `\u202e`."""
    if text.isprintable():
        return text
    return "".join(map(_visible_character, text))


def _visible_character(character: str) -> str:
    if unicodedata.category(character) not in _INVISIBLE:
        return character
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code < _TWO_DIGITS:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _FOUR_DIGITS else f"\\U{code:08x}"


def cells(text: str) -> int:
    """How many columns of a terminal a visible text takes: wide East Asian characters two, combining marks none."""
    if text.isascii():
        return len(text)
    # A long text has few characters, many times.
    return sum(_cells_of_character(character) * times for character, times in Counter(text).items())


def _cells_of_character(character: str) -> int:
    if unicodedata.category(character) in _WITHOUT_WIDTH:
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
