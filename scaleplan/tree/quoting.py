"""A piece of the trader's text inside a message, and the same piece as YAML takes it whole."""

from scaleplan.diagnostic import Help

#: How much of the trader's text a message repeats.
QUOTED = 60
_PAIR = 2
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_FOUR_DIGITS = 0xFFFF


def quote(text: str) -> str:
    """Returns a text inside a message: in backticks, on one line, cut at a length that a line can bear."""
    first, *more = text.splitlines() or [""]
    return f"`{first[:QUOTED]}...`" if more or len(first) > QUOTED else f"`{first}`"


def in_quotes(text: str) -> str:
    """Returns the text in double quotes, or in single ones where it has a double one itself."""
    mark = text[:1]
    if mark in ("'", '"') and len(text) > 1 and text[-1] == mark:
        # The trader's own quotes around the whole, one of which does not do what it should; two texts have four.
        marks = text.count(mark)
        text = text[1:-1] if marks == _PAIR or marks % 2 else text
    if '"' in text or "\\" in text:
        return "'" + text.replace("'", "''") + "'"
    return f'"{text}"'


def in_escapes(text: str) -> str:
    r"""Returns the text in double quotes on one line, so that YAML reads the same text back.

    One that is not printable is written in ASCII, beyond U+FFFF as `\U0001F469`: the halves that JSON would write there
    are no characters to YAML.
    """
    plain = text.isprintable()
    return '"' + "".join(sign if plain and sign not in '"\\' else _escaped(sign) for sign in text) + '"'


def _escaped(character: str) -> str:
    if character in _SHORT:
        return _SHORT[character]
    if " " <= character <= "~":
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= _FOUR_DIGITS else f"\\U{code:08X}"


def quoted_help(text: str) -> Help:
    """Returns the way out for a text that is all that stands at its place: the same in quotes."""
    return Help(quote_help(text), (in_quotes(text),) if text.isprintable() else ())


def quote_help(text: str, before: str = "") -> str:
    """Returns the way out for a text that YAML refuses: the same in quotes, written out where that fits into a line."""
    if len(before) + len(text) > QUOTED or not text.isprintable():
        return "put quotes around the whole text"
    return f"put quotes around the text: {before}{in_quotes(text)}"
