"""Mistakes with colons and dashes: a second colon on a line, a line without one, a key below a value."""

import re

from scaleplan.tree.kinds import NOT_YAML
from scaleplan.tree.quoting import QUOTED, quote, quote_help
from scaleplan.tree.syntax import values
from scaleplan.tree.syntax.trouble import Fault, Line, Lines, Mask, Remark, Trouble

#: The signs that begin a copy, a name or a type.
SIGNS = ("*", "&", "!")

_SEVERAL = re.compile(r"[^\s,]*[0-9][^,]{0,20},[ \t]*[a-z_]+:[ \t]")
_NEXT_KEY = re.compile(r"[-+]?[0-9][0-9_.,]*%?[ \t]+([a-z_]+:[ \t]+[^ \t].*)")
_NO_SPACE = re.compile(r"([^\s:,{}\[\]\"'#]+):([^\s:/][^\n]*)")
_WORD = re.compile(r"[a-z_]{1,40}")
_PAIR = re.compile(r"([a-z_]+) [^ ]+(?: [A-Z]+)?")
_NEGATIVE = re.compile(r"-[ \t]+([0-9][0-9_.]*(?:%|R)?)")
_SENTENCE = 3


def second_colon(trouble: Trouble) -> Fault | None:
    """Explains a colon where no key can end: `trigger: wait: then go`, or a key below a value."""
    line = trouble.line
    if line.text.startswith(("--- ", "---\t")):
        start, end = line.start, line.start + 3
        message = "the plan begins on the line of `---`"
        return Fault(NOT_YAML, start, end, message, "delete the `---`", masks=(Mask(start, end, " "),))
    colon = line.colon
    if colon is None or line.start + colon > trouble.at:
        return None
    if line.start + colon < trouble.at:
        return _colon_in_value(line, trouble.at)
    if line.key.startswith(SIGNS):
        return values.sign(trouble.lines, line.start + line.key_start, None)
    return _key_below_value(trouble.lines, line)


def _colon_in_value(line: Line, at: int) -> Fault:
    start, end = line.start + line.value_start, max(line.start + line.end, at + 1)
    value = line.value
    typed = line.text[line.key_start : line.value_start]
    remedy = quote_help(value, typed)
    if value.startswith(("'", '"')):
        message = f"the quote opened by {value[0]} is closed, and then another colon follows: {quote(value)}"
    elif value.endswith(":"):
        message = f"{quote(value)} ends in a colon, which YAML takes for another key"
    else:
        message = f"{quote(value)} has a colon and a space in it, which YAML takes for another key"
        if len(value) <= QUOTED and _SEVERAL.match(value):
            remedy = f"put braces around several keys on one line: {{{typed}{value}}}"
        next_key = _NEXT_KEY.fullmatch(value)
        if next_key:
            remedy = f"put {quote(next_key[1])} on a line of its own"
    return Fault(NOT_YAML, start, end, message, remedy, masks=(Mask(start, end),))


def _key_below_value(lines: Lines, line: Line) -> Fault | None:
    """Explains a first key of a line that is not expected: what stands above has its value already, or no colon."""
    start, end = line.start + line.key_start, line.start + (line.colon or 0)
    above, owner = lines.above(line), lines.owner(line)
    if above is None:
        message = "this key is too long for YAML"
        return Fault(NOT_YAML, start, end, message, "write a key of a few words") if end - start > QUOTED else None
    if above.colon is None and (owner is None or not owner.value or above.number == owner.number):
        if above.key_start == above.indent or _NO_SPACE.fullmatch(above.value):
            return line_without_colon(lines, above.start + above.key_start)
        message = f"{quote(line.key)} is a key of the list item above, which has no key itself: {quote(above.value)}"
        remedy = "write every part of the item as `key: value`, or put a dash in front of this line"
        return Fault(NOT_YAML, start, end, message, remedy, (Remark(*above.span, "the item"),))
    holder = owner if owner is not None and owner.value else above
    if not holder.value or holder.indent >= line.indent:
        return None
    if not holder.key:
        message = f"{quote(line.key)} is a key below {quote(holder.value)}, which is a text"
        remark = Remark(*holder.span, "the text")
        return Fault(NOT_YAML, start, end, message, "write that text as `key: value`", (remark,))
    deeper = f"{quote(line.key)} is indented deeper than {quote(holder.key)}"
    message = f"{deeper}, whose value stands on line {holder.number}"
    remark = Remark(*holder.span, "this has its value already")
    return Fault(NOT_YAML, start, end, message, indent_help(holder.key_start, holder.key), (remark,))


def no_colon(trouble: Trouble) -> Fault:
    """Explains a line among keys that has no key."""
    return line_without_colon(trouble.lines, trouble.since)


def line_without_colon(lines: Lines, start: int) -> Fault:
    """Explains what begins at `start` and has no colon: `price 60000`, `price:60000`, `-60000`."""
    line = lines.line_at(start)
    end = max(start + 1, line.start + line.end)
    text = lines.text[start:end]
    cut = line.text[line.end :].lstrip(" \t")
    tight = _NO_SPACE.fullmatch(text)
    masks: tuple[Mask, ...] = (Mask(start, end, " "),)
    if text.startswith(("[", "{")):
        message = f"{quote(text)} stands where a key was due"
        remedy = "write a key before it, such as `tiers:`"
    elif tight:
        message = f"{quote(text)} has no space behind its colon, so it is no key"
        remedy = f"write {quote(f'{tight[1]}: {tight[2]}')}"
        masks = _as_value(start + tight.start(2), end)
    elif text.startswith("-") and text[1:2].strip():
        message = f"{quote(text)} has no space behind its dash, so it is no list item"
        remedy = f"write {quote(f'- {text[1:]}')}"
        masks = _as_value(start + 1, end)
    elif cut.startswith("#") and ":" in cut and cut[1:2].strip():
        message = f"{quote(text)} has no colon: what follows, {quote(cut)}, is a comment"
        remedy = "write no `#` behind a space in a key"
    else:
        message = f"{quote(text)} has no colon, so it is neither a key nor a value"
        remedy = _colon_help(text, lines.above(line))
        pair = _PAIR.fullmatch(text)
        if _WORD.fullmatch(text):
            # There is no character to spare for its colon, and what stands under it would be read as something else.
            masks = ()
        elif pair:
            colon = start + pair.end(1)
            masks = (Mask(colon, colon + 1, ":"), *_as_value(colon + 1, end))
    return Fault(NOT_YAML, start, end, message, remedy, masks=masks)


def _as_value(start: int, end: int) -> tuple[Mask, ...]:
    """Returns masks under which a place is read as a value behind a space, so that its key is not missing too."""
    return Mask(start, start + 1, " "), Mask(start + 1, end)


def _colon_help(text: str, above: Line | None) -> str:
    first, _, rest = text.partition(" ")
    if _WORD.fullmatch(text):
        return f"write `{text}:` if it is a key"
    if _PAIR.fullmatch(text):
        return f"write `{first}: {rest}`"
    if above is not None and above.value and above.key and len(text.split()) >= _SENTENCE:
        return f"to continue the text of line {above.number}, indent it deeper than {quote(above.key)}"
    if rest and len(text) <= QUOTED and first[0].isalpha():
        return f"write `{first}: {rest.strip()}`"
    return "write a key, a colon, a space and a value, or delete the line"


def dash_in_line(trouble: Trouble) -> Fault:
    """Explains a list that begins on the line of its key: `tiers: - 60000`."""
    lines, start = trouble.lines, trouble.at
    line = trouble.line
    end = max(start + 1, line.start + line.end)
    text = lines.text[start:end]
    negative = _NEGATIVE.fullmatch(text)
    below = lines.text[line.start + len(line.text) :].lstrip()
    message = f"{quote(text)} stands on the line of its key: a dash with a space begins a list item"
    if negative and not below.startswith("-"):
        return Fault(NOT_YAML, start, end, message, f"write `-{negative[1]}` for the negative figure")
    return Fault(NOT_YAML, start, end, message, "begin the list on the next line, one dash per line")


def indent_help(level: int, beside: str) -> str:
    """Returns the way out for a line that begins in a wrong column."""
    if level == 0:
        return f"begin it at the left margin, like {quote(beside)}"
    return f"indent it by {spaces(level)}, like {quote(beside)}"


def spaces(count: int) -> str:
    """Returns so many spaces, in words."""
    return "1 space" if count == 1 else f"{count} spaces"
