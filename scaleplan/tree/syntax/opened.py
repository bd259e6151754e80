"""Which brackets are open at a place: the parser reads ahead, so it stops before it has told of the last ones."""

import re
from collections.abc import Sequence

#: How many characters back are looked at: the parser reads ahead for a key, and a key has at most 1,024.
FAR = 100_000

_SIGN = re.compile(r"(?:(?<=[ \t\r\n])|\A)#[^\r\n]*|[\"'\[\]{}]")
_BLANK = (" ", "\t")


def open_brackets(text: str, told: Sequence[int], start: int, at: int) -> tuple[int, ...]:
    """Where the brackets stand that are open at `at`, the innermost last; `told` are those known at `start`."""
    brackets = list(told)
    here = max(start, at - FAR)
    while (match := _SIGN.search(text, here, at)) is not None:
        place, sign = match.start(), match[0]
        here = match.end()
        if sign in ("'", '"'):
            close = text.find(sign, here, at) if _begins(text, place, inside=bool(brackets)) else -1
            here = max(here, close + 1)
        elif sign in ("[", "{"):
            if brackets or _begins(text, place, inside=False):
                brackets.append(place)
        elif brackets and sign in ("]", "}"):
            brackets.pop()
    return tuple(brackets)


def _begins(text: str, place: int, *, inside: bool) -> bool:
    """Whether a value begins at `place`: behind nothing, a key or a dash; inside brackets behind any sign."""
    before = place
    while before > 0 and text[before - 1] in _BLANK and place - before < FAR:
        before -= 1
    if before == 0 or text[before - 1] in "\r\n":
        return True
    if inside:
        return text[before - 1] in ",[]{}:"
    return before < place and text[before - 1] in ":-?"
