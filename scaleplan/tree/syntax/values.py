"""Mistakes inside one value: a sign that YAML keeps for itself, a quote left open, an escape, a tab."""

import re

from scaleplan.diagnostic import Help, write
from scaleplan.tree.kinds import ALIAS, ANCHOR, NOT_YAML, TAG
from scaleplan.tree.quoting import QUOTED, quote, quote_help, quoted_help
from scaleplan.tree.syntax.trouble import Fault, Lines, Mask, Trouble

_KINDS = {"*": ALIAS, "&": ANCHOR, "!": TAG}
_MEANS = {
    "*": "which in YAML copies a value from elsewhere",
    "&": "which in YAML names a value to be copied elsewhere",
    "!": "which in YAML gives a value a type",
    "?": "which in YAML announces a key",
    ">": "which in YAML announces a block of text below",
    "|": "which in YAML announces a block of text below",
}
_FIGURE = re.compile(r"[@`%~=]+[ \t]*([+-]?[0-9][0-9_.,]*%?(?: [A-Za-z]{1,9})?)`?")
_ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{0,2}|u[0-9a-fA-F]{0,4}|U[0-9a-fA-F]{0,8}|[^\r\n])")
_BLOCK_HEADER = re.compile(r"[|>](?:[-+][1-9]?|[1-9][-+]?)?")
_ORDER = re.compile(r"%(?:YAML|TAG)\b")
_INDENTED_BY_TAB = re.compile(r"^ *\t[ \t]*[^ \t\r\n#]", re.MULTILINE)


def sign_here(trouble: Trouble) -> Fault:
    """Explains a text that begins with a sign that means something to YAML: `price: @60000`, `note: ? yes`."""
    return sign(trouble.lines, trouble.at, trouble.opened)


def sign_since(trouble: Trouble) -> Fault | None:
    """Explains a sign that is no text: `trigger: > 60000 closes`, `trigger: * must hold`."""
    typed = trouble.lines.text[trouble.since : trouble.lines.value_end(trouble.since, trouble.opened)]
    if typed[:1] in ("|", ">") and _BLOCK_HEADER.fullmatch(typed):
        return None
    return sign(trouble.lines, trouble.since, trouble.opened)


def sign(lines: Lines, start: int, opened: int | None) -> Fault:
    """Explains a value or a key that begins with a sign at `start`."""
    end = lines.value_end(start, opened)
    text = lines.text[start:end]
    character = text[:1]
    line = lines.line_at(start)
    figure = _FIGURE.fullmatch(text)
    remedy = quoted_help(text)
    if figure:
        remedy = write(f"{figure[1]}%" if character == "%" and figure[1][-1] != "%" else figure[1])
    if opened is None and line.colon is not None and line.start + line.colon > start:
        end = line.start + line.colon
        remedy = Help("begin the key with a letter")
    named = "a backtick" if character == "`" else f"`{character}`"
    message = f"{quote(text)} begins with {named}, {_MEANS.get(character, 'which YAML keeps for itself')}"
    return Fault(_KINDS.get(character, NOT_YAML), start, end, message, remedy, masks=(Mask(start, end),))


def open_quote(trouble: Trouble) -> Fault:
    """Explains a quote that is opened and not closed: `name: "BTC breakout`."""
    lines, start = trouble.lines, trouble.since
    mark = lines.text[start : start + 1]
    line = lines.line_at(start)
    end = max(start + 1, line.start + len(line.text.rstrip(" \t")))
    return Fault(
        NOT_YAML, start, end, f"the quote {mark} opened here is not closed", close_help(lines.text[start:end], mark)
    )


def close_help(typed: str, mark: str) -> str:
    """Returns the way out for an open quote."""
    if len(typed) > QUOTED or not typed.isprintable():
        return f"write {mark} where the text ends"
    return f"close it where the text ends: {typed}{mark}"


def escape(trouble: Trouble) -> Fault:
    r"""Explains a backslash that begins something that does not exist: `"C:\plans"`."""
    text = trouble.lines.text
    # One parser points at the backslash and the other behind it.
    start = max(text.rfind("\\", trouble.since, trouble.at + 1), trouble.since)
    match = _ESCAPE.match(text, start)
    end = match.end() if match else min(start + 1, len(text))
    message = f"{quote(text[start:end])} means nothing: in double quotes a backslash begins a special character"
    remedy = "write the text in single quotes, where a backslash is a backslash"
    return Fault(NOT_YAML, start, end, message, remedy, masks=(Mask(start, end),))


def directive(trouble: Trouble) -> Fault:
    """Explains a line that begins with `%`."""
    lines, start = trouble.lines, trouble.since
    end = lines.value_end(start, None)
    text = lines.text[start:end]
    if _ORDER.match(text):
        message = f"{quote(text)} is an order to YAML, which a plan has no use for"
        return Fault(NOT_YAML, start, end, message, "delete the line", masks=(Mask(start, end, " "),))
    message = f"{quote(text)} begins with `%`, which YAML keeps for itself at the start of a line"
    return Fault(NOT_YAML, start, end, message, "begin the line with a key", masks=(Mask(start, end, " "),))


def tab(trouble: Trouble) -> Fault:
    """Explains a tab where YAML counts spaces."""
    lines, at = trouble.lines, trouble.at
    line = lines.line_at(at)
    before = lines.text[line.start : at]
    start = line.start + len(before.rstrip(" \t"))
    end = at + len(line.text[at - line.start :]) - len(line.text[at - line.start :].lstrip(" \t"))
    start += max(0, lines.text[start:end].find("\t"))
    end = max(end, start + 1)
    if before.strip(" \t"):
        message = "a tab stands here, where YAML wants spaces"
        return Fault(NOT_YAML, start, end, message, Help("write a space instead of the tab", (" ",)))
    tabbed = sum(1 for _ in _INDENTED_BY_TAB.finditer(lines.text))
    more = f" ({tabbed} lines of this file are)" if tabbed > 1 else ""
    message = f"the line is indented with a tab, and YAML counts spaces only{more}"
    return Fault(NOT_YAML, start, end, message, "indent with spaces: two for each level")


def behind_the_end(trouble: Trouble, value_start: int) -> Fault:
    """Explains a text that goes on behind a closing quote or bracket: `name: "BTC" breakout`, `'it's fine'`."""
    lines, at = trouble.lines, trouble.at
    end = lines.value_end(at, trouble.opened)
    whole, rest = lines.text[value_start:end], lines.text[at:end]
    before = lines.text[value_start:at].rstrip(" \t")
    mark = before[-1:]
    if mark in ("'", '"') and before[:1] == mark:
        message = f"the quote opened by {mark} is closed here, and {quote(rest)} is left over"
    else:
        message = f"{quote(rest)} stands behind the closing `{mark}`, where the value has ended"
    remedy = quote_help(whole)
    if rest.startswith(","):
        remedy = "put brackets around the list" + (f": [{whole}]" if len(whole) <= QUOTED else "")
    # A text over several lines is not painted over, because its line ends would go with it.
    can_read_on = whole.isprintable() and (trouble.opened is None or mark in ("'", '"'))
    return Fault(NOT_YAML, at, end, message, remedy, masks=(Mask(value_start, end),) if can_read_on else ())
