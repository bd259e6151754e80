"""Mistakes inside brackets: one left open, closed by the wrong one, a comma too few or too many."""

import re

from scaleplan.tree.kinds import NOT_YAML
from scaleplan.tree.quoting import quote, quote_help
from scaleplan.tree.syntax import values
from scaleplan.tree.syntax.trouble import Fault, Mask, Remark, Trouble

_CLOSERS = {"[": "]", "{": "}"}
_TWO_WORDS = 2
_HASH = re.compile(r"[ \t]#")


def explain(trouble: Trouble) -> Fault | None:
    """Explains what was not expected inside the innermost open bracket."""
    opened = trouble.since if trouble.opened is None else trouble.opened
    if trouble.lines.text[opened : opened + 1] not in _CLOSERS:
        return None
    return (
        _unclosed(trouble, opened)
        or _wrong_closer(trouble, opened)
        or _stray(trouble, opened)
        or _behind_quotes(trouble)
        or _missing_comma(trouble, opened)
    )


def _unclosed(trouble: Trouble, opened: int) -> Fault | None:
    """Explains a bracket that is still open where the text ends or a line begins as far left as the bracket's own."""
    lines, line = trouble.lines, trouble.line
    opening = lines.line_at(opened)
    closer = _CLOSERS[lines.text[opened]]
    at_end = trouble.at >= len(lines.text) or line.text.startswith(("---", "..."))
    if not at_end and (line.number == opening.number or line.indent > opening.indent or trouble.here == closer):
        return None
    last = lines.last() if at_end else lines.above(line)
    where = f"on line {last.number}" if last is not None and last.number > opening.number else "on this line"
    swallowed = _swallowed(trouble, opened, opening.start + len(opening.text), closer)
    if swallowed is not None:
        return swallowed
    remarks = () if at_end else (Remark(*line.span, "this line is read as if inside it"),)
    message = f"`{lines.text[opened]}` is opened here and not closed"
    return Fault(NOT_YAML, opened, opened + 1, message, f"close it with `{closer}` {where}", remarks)


def _swallowed(trouble: Trouble, opened: int, end: int, closer: str) -> Fault | None:
    """Explains a closing bracket that a `#` on the line of its opening one took along into a comment."""
    match = _HASH.search(trouble.lines.text, opened, end)
    if match is None or closer not in trouble.lines.text[match.end() : end]:
        return None
    start = match.end() - 1
    message = f"a `#` behind a blank begins a comment, and the `{closer}` of this line is lost in it"
    remark = Remark(opened, opened + 1, f"`{trouble.lines.text[opened]}` is opened here")
    lost = trouble.lines.text[start:end].partition(closer)[0].strip()
    return Fault(NOT_YAML, start, end, message, f'put quotes around the text: "... {lost}"', (remark,))


def _wrong_closer(trouble: Trouble, opened: int) -> Fault | None:
    at, here, bracket = trouble.at, trouble.here, trouble.lines.text[opened]
    if here not in _CLOSERS.values() or here == _CLOSERS[bracket]:
        return None
    closer = _CLOSERS[bracket]
    message = f"`{here}` stands where `{closer}` should close the `{bracket}`"
    remark = Remark(opened, opened + 1, f"`{bracket}` is opened here")
    if any(_CLOSERS[trouble.lines.text[outer]] == here for outer in trouble.brackets[:-1]):
        return Fault(NOT_YAML, at, at + 1, message, f"write `{closer}` before it", (remark,))
    return Fault(NOT_YAML, at, at + 1, message, f"write `{closer}`", (remark,), (Mask(at, at + 1, closer),))


def _stray(trouble: Trouble, opened: int) -> Fault | None:
    """Explains a comma, a colon or a dash that has nothing to do there."""
    text, at = trouble.lines.text, trouble.at
    if trouble.here == ",":
        return Fault(NOT_YAML, at, at + 1, "nothing stands before this comma", "delete the comma")
    if trouble.here == ":":
        return _second_colon(trouble, opened)
    if trouble.here == "-" and not text[at + 1 : at + 2].strip():
        message = f"a dash begins a list item, but inside `{text[opened]}` commas separate the items"
        return Fault(NOT_YAML, at, at + 1, message, "leave out the dash")
    return None


def _second_colon(trouble: Trouble, opened: int) -> Fault:
    """Explains a colon too many: `{price: 60000 share: 50%}` lacks a comma, `{trigger: wait: then go}` lacks quotes."""
    lines, at = trouble.lines, trouble.at
    start = max(lines.text.rfind(sign, opened, at) for sign in ",[{") + 1
    entry = lines.text[start:at]
    typed, colon, value = entry.partition(": ")
    key, words = typed.strip(), value.split()
    if not colon or not words:
        return Fault(NOT_YAML, at, at + 1, "this colon has no key in front of it", "write the key before the colon")
    figure = " ".join(words[:-1])
    if len(words) >= _TWO_WORDS and any(character.isdigit() for character in words[-2]):
        place = start + entry.rindex(words[-1])
        message = f"a comma is missing between {quote(figure)} and the key {quote(words[-1])}"
        remedy = f"write {quote(f'{key}: {figure}, {words[-1]}:')}"
        if trouble.line.start > start + len(typed):
            remedy = f"write a comma behind {quote(words[-2])}"
        masks = _comma_mask(lines.text, place)
        return Fault(NOT_YAML, place, at, message, remedy, masks=masks)
    end = lines.value_end(at, opened)
    value_start = start + len(typed) + len(colon) + len(value) - len(value.lstrip())
    whole = lines.text[value_start:end]
    message = f"{quote(whole)} has a colon and a space in it, which YAML takes for another key"
    masks = (Mask(value_start, end),) if whole.isprintable() else ()
    return Fault(NOT_YAML, value_start, end, message, quote_help(whole, f"{key}: "), masks=masks)


def _behind_quotes(trouble: Trouble) -> Fault | None:
    """Explains a text that goes on behind its closing quote; two quoted texts lack a comma instead."""
    last = trouble.last_scalar
    if last is None or not trouble.last_quote or trouble.here in ("'", '"', "[", "{"):
        return None
    if trouble.lines.text[last[1] : trouble.at].strip(" \t"):
        return None
    return values.behind_the_end(trouble, last[0])


def _missing_comma(trouble: Trouble, opened: int) -> Fault:
    lines, at = trouble.lines, trouble.at
    previous = lines.text[opened:at].rstrip()
    place = opened + max(1, len(previous))
    word = (previous.split() or [""])[-1]
    end = lines.value_end(at, opened)
    message = f"a comma is missing before {quote(lines.text[at:end])}"
    remark = Remark(place - 1, place, "behind this")
    masks = _comma_mask(lines.text, at)
    return Fault(NOT_YAML, at, end, message, f"write a comma behind {quote(word)}", (remark,), masks)


def _comma_mask(text: str, at: int) -> tuple[Mask, ...]:
    """Returns a comma in place of the space before `at`, if there is one."""
    return (Mask(at - 1, at, ","),) if text[at - 1 : at] in (" ", "\t") else ()
