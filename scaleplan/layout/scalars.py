"""Single texts as they are written: as typed, with quotes only where YAML would read something else without them."""

import re

from scaleplan.source import Source
from scaleplan.tree import Mapping, Scalar
from scaleplan.tree.quoting import in_escapes
from scaleplan.tree.read import parse_text

#: Texts that mean nothing to YAML wherever they stand, so that it need not be asked.
_SIMPLE = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 ./%_+-]*[A-Za-z0-9./%_+-])?")
#: Words that other YAML parsers take for nothing, or for yes and no; in quotes they are words for them too.
_NOT_WORDS = frozenset({"null", "~", "true", "false", "yes", "no", "on", "off", "y", "n"})
_HEADER = re.compile(r"[|>][+-]?([1-9]?)")


def is_block(scalar: Scalar) -> bool:
    """Returns whether a text is written below its key, behind `|` or `>`."""
    return not scalar.plain and scalar.span.text.startswith(("|", ">"))


def inline(scalar: Scalar, *, in_brackets: bool, keep_quotes: bool) -> str:
    """Returns a text on one line."""
    typed = scalar.span.text
    if "\n" in typed:
        return _folded(scalar.text, in_brackets=in_brackets)
    if scalar.plain:
        return scalar.text
    if keep_quotes or scalar.text.lower() in _NOT_WORDS or not _can_be_plain(scalar.text, in_brackets=in_brackets):
        return typed
    return scalar.text


def typed(text: str, *, in_brackets: bool = False) -> str:
    """Returns any text as a person would type it: without quotes where YAML reads it so."""
    plain = text.lower() not in _NOT_WORDS and _can_be_plain(text, in_brackets=in_brackets)
    return text if plain else in_escapes(text)


def key_text(key: Scalar) -> str:
    """Returns a key."""
    if key.plain and "\n" not in key.span.text:
        return key.text
    if _SIMPLE.fullmatch(key.text) and key.text.lower() not in _NOT_WORDS:
        return key.text
    return key.span.text if "\n" not in key.span.text else in_escapes(key.text)


def block_lines(scalar: Scalar, indent: int, moved: int) -> list[str]:
    """Returns a block text, the header first and the content indented by `indent`.

    Where the header itself says how deep the content lies, that is from its key, which has `moved` by so many columns.
    """
    header, *content = scalar.span.text.split("\n")
    match = _HEADER.match(header)
    first = next((line for line in content if line.strip()), "")
    shift = moved if match and match[1] else indent - (len(first) - len(first.lstrip(" ")))
    return [header.rstrip(), *(_shifted(line, shift) for line in content)]


def _shifted(line: str, shift: int) -> str:
    if not line.strip(" "):
        return " " * (len(line) + shift) if line and len(line) + shift > 0 else ""
    return " " * shift + line if shift >= 0 else line[-shift:]


def _folded(text: str, *, in_brackets: bool) -> str:
    """Returns a text that was typed over several lines, on one."""
    return text if _can_be_plain(text, in_brackets=in_brackets) else in_escapes(text)


def _can_be_plain(text: str, *, in_brackets: bool) -> bool:
    """Returns whether YAML reads the text as it is without quotes."""
    if _SIMPLE.fullmatch(text):
        return True
    if not text or text != text.strip() or not text.isprintable():
        return False
    tree = parse_text(Source("", f"{{key: {text}}}" if in_brackets else f"key: {text}"))
    if tree.diagnostics or not isinstance(tree.root, Mapping) or len(tree.root.entries) != 1:
        return False
    value = tree.root.entries[0].value
    return isinstance(value, Scalar) and value.plain and value.text == text
