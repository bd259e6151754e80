"""Parts to lines: keys in the order of their declaration, two blanks for each level, one list item a line.

What was written in braces stays in them where it fits into a line and no comment stands inside; what was written over
several lines stays so: that is the trader's choice.
"""

from collections.abc import Sequence
from typing import NamedTuple

from scaleplan.decode.keys import INSIDE, Inside, Section
from scaleplan.layout.parts import Collection, Note, Part
from scaleplan.layout.scalars import block_lines, inline, is_block, key_text
from scaleplan.tree import Scalar

#: The longest line that a mapping in braces makes; a longer one is written key by key.
LONGEST = 120
_STEP = 2
#: The lists of which each item has a line of its own, unless all of them are bare prices.
_ONE_A_LINE = ("tiers", "targets")
_NOTHING = Inside()


class Context(NamedTuple):
    """What is known of a group: the section that declares its keys, or that of the mapping behind every key.

    `inside` is what its items are, `one_a_line` whether each of them has a line of its own, and `as_typed` whether the
    order of its keys stays.
    """

    section: Section | None = None
    behind_every_key: Section | None = None
    inside: Inside = _NOTHING
    one_a_line: bool = False
    as_typed: bool = False

    def below(self, key: Scalar | None) -> "Context":
        """Returns what is known of the value of `key`, or of an item where there is none."""
        if key is None:
            return Context(self.inside.item)
        if self.behind_every_key is not None:
            return Context(self.behind_every_key)
        form = next((known.form for known in self.section.keys if known.name == key.text), "") if self.section else ""
        inside = INSIDE.get(form, _NOTHING)
        return Context(inside.mapping, inside=inside, one_a_line=form in _ONE_A_LINE)


def lines_of(group: Collection, context: Context, indent: int = 0) -> list[str]:
    """Returns the lines of a list or mapping without brackets."""
    lines: list[str] = []
    for number, part in enumerate(ordered(group.parts, context)):
        lines += _part(part, context, indent, first=not number)
    return lines + notes(group.below, indent)


def notes(found: Sequence[Note], indent: int, *, first: bool = False) -> list[str]:
    """Returns comments on lines of their own; the first has no empty line before it where it opens something."""
    lines = []
    for number, note in enumerate(found):
        if note.blank and (number or not first):
            lines.append("")
        lines.append(" " * indent + note.text)
    return lines


def ordered(parts: Sequence[Part], context: Context) -> list[Part]:
    """Returns the parts in the order in which their keys are declared. An unknown key stays behind its neighbour."""
    if context.section is None or context.as_typed:
        return list(parts)
    places = {name: place for place, name in enumerate(context.section.names)}
    ranks: list[int] = []
    for part in parts:
        before = ranks[-1] if ranks else -1
        ranks.append(places.get(part.key.text, before) if part.key else before)
    return [part for _, part in sorted(zip(ranks, parts, strict=True), key=lambda pair: pair[0])]


def _part(part: Part, context: Context, indent: int, *, first: bool) -> list[str]:
    part = _one_beside(part)
    head = f"{key_text(part.key)}:" if part.key else "-"
    value = _value(part, context, indent + len(head) + 1)
    below: list[str] = []
    if value is not None:
        line = f"{head} {value}".rstrip() if value else head
    elif isinstance(part.value, Scalar):
        header, *below = block_lines(part.value, indent + _STEP, indent - part.column)
        line = f"{head} {header}"
    elif part.key:
        line = head
        below = lines_of(part.value, context.below(part.key), indent + _STEP)
    else:
        return _item(part, part.value, context, indent, first=first)
    line = " " * indent + line
    if part.beside:
        line = f"{line}  {part.beside[0]}"
    opening = [*notes(part.above, indent, first=first)]
    if part.blank and (opening or not first):
        opening.append("")
    return [*opening, line, *below]


def _item(part: Part, group: Collection, context: Context, indent: int, *, first: bool) -> list[str]:
    """Returns an item of a list that has lines of its own: its first key stands behind the dash."""
    inner = context.below(None)
    head, *others = ordered(group.parts, inner)
    above = part.above + head.above
    beside = part.beside + head.beside
    group = group._replace(parts=(head._replace(above=(), beside=beside, blank=False), *others))
    # What was beside the item may have gone above its first key; there is no place between it and the dash.
    begun = _one_beside(group.parts[0])
    above += begun.above
    group = group._replace(parts=(begun._replace(above=()), *others))
    lines = lines_of(group, inner, indent + _STEP)
    lines[0] = f"{' ' * indent}- {lines[0].lstrip(' ')}"
    opening = notes(above, indent, first=first)
    if part.blank and (opening or not first):
        opening.append("")
    return [*opening, *lines]


def _one_beside(part: Part) -> Part:
    """Returns a part with at most one comment behind it; those before the last go above."""
    if len(part.beside) <= 1:
        return part
    moved = tuple(Note(text, blank=False) for text in part.beside[:-1])
    return part._replace(above=part.above + moved, beside=part.beside[-1:])


def _value(part: Part, context: Context, column: int) -> str | None:
    """Returns the value on one line; absent where it takes several."""
    value = part.value
    if isinstance(value, Scalar):
        # `"a" #2` is a text and a comment; without the quotes it would look like a text that was cut.
        cut = bool(part.beside) and not part.beside[-1].startswith("# ") and not value.text.isdecimal()
        return None if is_block(value) else inline(value, in_brackets=False, keep_quotes=cut)
    if value.parts and (not value.in_brackets or value.is_commented):
        return None
    if context.below(part.key).one_a_line and not value.is_mapping and not _all_bare(value):
        return None
    text = _in_brackets(value, context.below(part.key))
    return text if text is not None and (column + len(text) <= LONGEST or not value.parts) else None


def _all_bare(group: Collection) -> bool:
    """Returns whether every item is a single word, such as a price."""
    return all(isinstance(part.value, Scalar) and len(part.value.text.split()) == 1 for part in group.parts)


def _in_brackets(group: Collection, context: Context) -> str | None:
    """Returns a list or mapping in brackets; absent where something in it takes lines of its own."""
    # A key without a value looks like what a comma cut off; the quotes before it say that nothing was.
    keep = any(isinstance(part.value, Scalar) and part.value.plain and not part.value.text for part in group.parts)
    texts = []
    for part in ordered(group.parts, context):
        if isinstance(part.value, Scalar):
            text: str | None = inline(part.value, in_brackets=True, keep_quotes=keep)
        else:
            text = _in_brackets(part.value, context.below(part.key))
        if text is None:
            return None
        texts.append(text if not part.key else f"{key_text(part.key)}: {text}" if text else key_text(part.key))
    opening, closing = "{}" if group.is_mapping else "[]"
    return f"{opening}{', '.join(texts)}{closing}"
