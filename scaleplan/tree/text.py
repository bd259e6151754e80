"""From bytes to text: UTF-8 and nothing else, and no character that YAML or a terminal reads otherwise than an eye.

Those characters are found before YAML sees the text: it would refuse some with a sentence about "the stream" and
take others, such as U+0085, for the end of a line that no editor shows.
"""

import re
from bisect import bisect_right

from scaleplan.diagnostic import Diagnostic, Help, problem
from scaleplan.source import Source, Span
from scaleplan.tree.kinds import CONTROL_CHARACTER, NOT_UTF8, NOT_YAML, TOO_LARGE

#: The longest file that is read. The longest plan in the field has some thousand characters.
BYTES = 1 << 20
#: The most orders to YAML that a text is read with: no plan has one.
ORDERS = 100
#: The unwelcome line ends are ends to libyaml.
_ORDER = re.compile("(?:^|[\n\r\x85\u2028\u2029])%")

#: Whole runs, because a file of such characters would otherwise be a problem at every place.
_UNWELCOME = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]+",
)
# These two are compiled only for the rare text that has a tab, or a NUL where it begins.
_IDLE = r"(?m)(?:^|(?<=\r))[ \t]++(?=[\r\n#]|\Z)"
#: A line that is neither indented nor empty nor a comment.
_TOP_LINE = r"\n[^ \r\n#].*"
_SYMBOL_LINE = r"\n([^\W_][^\s/#'\"{}\[\],]*/[^\s#'\"{}\[\],]*):[ \r]*"
_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
_UTF16_WITHOUT_MARK = rb"(?:[\t\n\r -~]\x00){2}|(?:\x00[\t\n\r -~]){2}"
_UTF8_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_LINE_ENDS = "\x85\u2028\u2029"
#: No-break space, narrow no-break space, thin space, ideographic space.
_WIDE_BLANKS = "\u00a0\u202f\u2009\u3000"
_MISPLACED_BLANKS = rf"(?m)(?:^ *(?:- *)*+|^ *(?:- +)?[A-Za-z_]+:)([{_WIDE_BLANKS}]+)"
_NAMES = {
    "\x00": "NUL",
    "\x07": "bell",
    "\x08": "backspace",
    "\x0b": "vertical tab",
    "\x0c": "form feed",
    "\x1b": "escape",
    "\x7f": "delete",
    "\x85": "next line",
    "\u00a0": "no-break space",
    "\u2009": "thin space",
    "\u202f": "narrow no-break space",
    "\u3000": "ideographic space",
    "\u2028": "line separator",
    "\u2029": "paragraph separator",
    "\ufeff": "byte order mark",
}


class Marks:
    """Places that do not overlap, to be asked whether any lies in a span."""

    __slots__ = ("_ends", "_starts")

    def __init__(self, places: list[tuple[int, int]]) -> None:
        """Keeps the places in the order of the text."""
        ordered = sorted(places)
        self._starts = [start for start, _ in ordered]
        self._ends = [end for _, end in ordered]

    def __bool__(self) -> bool:
        """Returns whether there are any."""
        return bool(self._starts)

    def within(self, start: int, end: int) -> bool:
        """Returns whether any of them has a character between `start` and `end`."""
        index = bisect_right(self._ends, start)
        return index < len(self._starts) and self._starts[index] < end


def decode_text(name: str, data: bytes) -> Source | Diagnostic:
    """Returns the text that `data` spells in UTF-8, without its byte order mark, or the reason why it spells none."""
    if len(data) > BYTES:
        return too_large(Source(name, ""))
    encoding = other_encoding(data)
    if encoding is not None:
        return problem(
            NOT_UTF8,
            Span(Source(name, ""), 0, 0),
            "",
            f"the file is written in {encoding}, and a plan is read as UTF-8",
            "save it as UTF-8",
        )
    data = data.removeprefix(_UTF8_BYTE_ORDER_MARK)
    try:
        return Source(name, data.decode("utf-8"))
    except UnicodeDecodeError as error:
        # Every wrong sequence becomes at least one U+FFFD, so what stands before the first keeps its place.
        source = Source(name, data.decode("utf-8", "replace"))
        start = len(data[: error.start].decode("utf-8"))
        return problem(
            NOT_UTF8,
            Span(source, start, start + 1),
            "",
            f"the byte 0x{data[error.start]:02x} does not belong to a UTF-8 text",
            "save the file as UTF-8",
        )


def entry_alone(source: Source, key: str) -> Source | None:
    """Returns the source with empty lines in place of all entries of its top mapping but one, so that places stay.

    Absent where the text is not plainly that: lines that hold a key with a `/` and a colon, this one among them once in
    whatever case, and below each lines that are indented.
    """
    text = source.text
    if text.count("\r") != text.count("\r\n"):
        return None
    # A newline before the first line too: a pattern that begins with a character is found ten times as fast.
    tops = list(re.finditer(_TOP_LINE, f"\n{text}"))
    keys = [match[1].upper() for top in tops if (match := re.fullmatch(_SYMBOL_LINE, top[0]))]
    if len(keys) < len(tops) or keys.count(key.upper()) != 1:
        return None
    at = keys.index(key.upper())
    start, end = tops[at].start(), tops[at + 1].start() if at + 1 < len(tops) else len(text)
    return Source(source.name, "\n" * text.count("\n", 0, start) + text[start:end])


def too_large(source: Source) -> Diagnostic:
    """Returns the diagnostic for a text of more than `BYTES`."""
    return problem(
        TOO_LARGE,
        Span(source, 0, 0),
        "",
        f"the file is larger than {BYTES:,} bytes (1 MiB), so it was not read",
        "name the file of a plan: most have less than a hundred lines",
    )


def too_many_orders(source: Source) -> Diagnostic | None:
    """Returns the diagnostic for a text with more orders to YAML (`%` at the start of a line) than a parser can bear.

    libyaml compares each with all before it.
    """
    if source.text.count("%") <= ORDERS:
        return None
    orders = [order.end() - 1 for order in _ORDER.finditer(source.text)]
    if len(orders) <= ORDERS:
        return None
    at = orders[ORDERS]
    message = f"more than {ORDERS} lines begin with `%`: that is an order to YAML, which a plan has no use for"
    return problem(NOT_YAML, Span(source, at, at + 1), "", message, "delete those lines")


def other_encoding(data: bytes) -> str | None:
    """Returns the name of the encoding that a text is written in where its first bytes say that it is not UTF-8."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return encoding
    return "UTF-16" if b"\x00" in data[:4] and re.match(_UTF16_WITHOUT_MARK, data) else None


def unwelcome(text: str) -> list[tuple[int, int]]:
    """Returns where refused characters stand: controls but tab and line ends, and line ends that only YAML knows."""
    return [match.span() for match in _UNWELCOME.finditer(text)]


def has_wide_blanks(text: str) -> bool:
    """Returns whether a text has blanks that are none to YAML, as they are pasted from pages."""
    return not text.isascii() and any(blank in text for blank in _WIDE_BLANKS)


def without_wide_blanks(text: str) -> tuple[list[tuple[int, int]], str]:
    """Returns where such blanks stand as indent or behind a dash or colon, and the text with plain blanks there.

    YAML would read the dash or colon as part of a word. Anywhere else they stay, and no place moves.
    """
    places = [match.span(1) for match in re.finditer(_MISPLACED_BLANKS, text)]
    for start, end in places:
        text = text[:start] + " " * (end - start) + text[end:]
    return places, text


def plain_blanks(text: str) -> str:
    """Returns a value with plain blanks for wide ones."""
    return text if text.isascii() else re.sub(f"[{_WIDE_BLANKS}]", " ", text)


def without_unwelcome(text: str) -> str:
    """Returns the text with U+FFFD, which YAML reads as a letter, in each of those places: every place stays."""
    return _UNWELCOME.sub(lambda match: "\ufffd" * len(match[0]), text)


def without_idle_tabs(text: str) -> str:
    """Returns the text with spaces for tabs on lines of nothing else, or of a comment only: nobody sees them there."""
    return re.sub(_IDLE, lambda match: match[0].replace("\t", " "), text) if "\t" in text else text


def unwelcome_character(source: Source, start: int, end: int, path: str) -> Diagnostic:
    """Returns the diagnostic for a run of refused characters."""
    character = source.text[start]
    label = f"U+{ord(character):04X}"
    if character in _NAMES:
        label += f" ({_NAMES[character]})"
    if character in _LINE_ENDS:
        message = f"the character {label} ends a line for YAML but not in an editor"
    elif "\ud800" <= character <= "\udfff":
        message = f"{label} is half a character, and no text"
    elif character in _WIDE_BLANKS:
        return problem(
            CONTROL_CHARACTER,
            Span(source, start, end),
            path,
            f"the character {label} looks like a blank, and is none to YAML",
            Help("write a plain blank instead", (" " * (end - start),)),
        )
    else:
        message = f"the character {label} is invisible and has no place in a plan"
    return problem(CONTROL_CHARACTER, Span(source, start, end), path, message, "delete it, or type the line anew")
