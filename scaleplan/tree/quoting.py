"""A piece of the trader's text inside a message, and the same piece as YAML takes it whole."""

#: How much of the trader's text a message repeats.
QUOTED = 60
_PAIR = 2


def quote(text: str) -> str:
    """A text inside a message: in backticks, on one line, cut at a length that a line can bear."""
    first, *more = text.splitlines() or [""]
    return f"`{first[:QUOTED]}...`" if more or len(first) > QUOTED else f"`{first}`"


def in_quotes(text: str) -> str:
    """The text in double quotes, or in single ones where it has a double one itself."""
    mark = text[:1]
    if mark in ("'", '"') and len(text) > 1 and text[-1] == mark:
        # The trader's own quotes around the whole, one of which does not do what it should; two texts have four.
        marks = text.count(mark)
        text = text[1:-1] if marks == _PAIR or marks % 2 else text
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def quote_help(text: str, before: str = "") -> str:
    """One way out for a text that YAML does not take: the same in quotes, written out where that fits into a line."""
    if len(before) + len(text) > QUOTED or not text.isprintable():
        return "put quotes around the whole text"
    return f"put quotes around the text: {before}{in_quotes(text)}"
