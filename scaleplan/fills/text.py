"""The text of an export: UTF-8 or UTF-16, with or without a mark at its beginning, and what kind of text it is."""

import codecs
from enum import StrEnum

from scaleplan.fills import FileRefused
from scaleplan.trade.kinds import UNREADABLE_ROW

#: How many bytes of a file are read at most; an account's whole history takes some megabytes.
LARGEST = 1 << 28
#: So many characters tell what a text is.
_ENOUGH = 4096


class TextKind(StrEnum):
    """What an export is written in."""

    TABLE = "table"
    JSON = "json"
    MARKUP = "markup"


def read_text(data: bytes) -> str:
    """Returns the text of a file, marks of the byte order taken away. Raises `FileRefused` where it is none."""
    if len(data) > LARGEST:
        raise FileRefused(UNREADABLE_ROW, 1, f"is larger than {LARGEST >> 20} MiB", "export a shorter time at once")
    encoding = _encoding(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileRefused(
            UNREADABLE_ROW,
            line,
            f"byte {error.start + 1} is none of {encoding.upper().removesuffix('-SIG')}",
            "save it as UTF-8",
        ) from error
    return text.replace("\ufeff", "") if "\ufeff" in text else text


def _encoding(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    head = data[:_ENOUGH]
    # Every other byte of Latin text in UTF-16 is a zero, and none of UTF-8 is.
    if len(head) > 1 and head.count(0) * 3 > len(head):
        return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"
    return "utf-8"


def kind_of(text: str) -> TextKind:
    """Returns what a text is written in, by its first character."""
    first = text.lstrip()[:1]
    if first in ("{", "["):
        return TextKind.JSON
    return TextKind.MARKUP if first == "<" else TextKind.TABLE
