"""Why YAML cannot read a text, in the trader's words: what stands there, and the one way out.

The two parsers word their complaints for people who know the grammar ("did not find expected key"), and differ in
wording; so only the sort of complaint is taken from them, and the rest is read off the lines around the place.
"""

import re
from collections.abc import Callable, Sequence

from scaleplan.source import Source
from scaleplan.tree.build import Builder
from scaleplan.tree.events import Broken
from scaleplan.tree.kinds import NOT_YAML
from scaleplan.tree.syntax import brackets, colons, margins, values
from scaleplan.tree.syntax.trouble import Fault, Lines, Trouble

#: How many characters back are looked at: the parser reads ahead for a key, and a key has at most 1,024.
FAR = 100_000

_SIGN = re.compile(r"(?:(?<=[ \t\r\n])|\A)#[^\r\n]*|[\"'\[\]{}]")
_BLANK = (" ", "\t")

# Matched against `context | problem | character`, in this order, because the later ones are the more general.
_SORTS: tuple[tuple[re.Pattern[str], Callable[[Trouble], Fault | None]], ...] = (
    (re.compile(r"tab character|cannot start any token.* \| \t"), values.tab),
    (re.compile(r"escape|hexa?decimal"), values.escape),
    (re.compile(r"quoted scalar \| "), values.open_quote),
    (re.compile(r"directive"), values.directive),
    (re.compile(r"found incompatible YAML document"), values.directive),
    (re.compile(r"block scalar \| |(?:an alias|an anchor|a tag|a node) \| "), values.sign_since),
    (re.compile(r"cannot start any token|mapping keys are not allowed"), values.sign_here),
    (re.compile(r"could not find expected ':'"), colons.no_colon),
    (re.compile(r"flow (?:sequence|mapping|node) \| "), brackets.explain),
    (re.compile(r"mapping values are not allowed"), colons.second_colon),
    (re.compile(r"sequence entries are not allowed"), colons.dash_in_line),
    (re.compile(r"document start"), margins.after_the_end),
    (re.compile(r""), margins.out_of_place),
)


def explain(source: Source, text: str, broken: Broken, builder: Builder) -> Fault:
    """Returns what is wrong where `broken` says that YAML stopped, in the text as `builder` has read it so far."""
    lines = Lines(source, text)
    since = broken.at if broken.since is None else broken.since
    opened = _open_brackets(text, builder.brackets, builder.reached, broken.at)
    last = builder.last_scalar[1:] if builder.last_scalar else None
    trouble = Trouble(lines, broken.at, since, broken.problem, broken.context, opened, last)
    complaint = f"{broken.context} | {broken.problem} | {trouble.here}"
    fault = None
    for sort, handler in _SORTS:
        if sort.search(complaint):
            fault = handler(trouble)
            break
    if fault is None:
        message = "YAML cannot read on from here"
        remedy = "put a text with special characters in quotes, and look at the indentation"
        fault = Fault(NOT_YAML, broken.at, broken.at + 1, message, remedy)
    # At the end of the text there is no character left to point at.
    end = len(lines.text)
    return fault._replace(start=min(fault.start, end), end=min(fault.end, end))


def _open_brackets(text: str, known: Sequence[int], start: int, at: int) -> tuple[int, ...]:
    """Returns where the brackets stand that are open at `at`, the innermost last; `known` are those at `start`."""
    brackets = list(known)
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
    """Returns whether a value begins at `place`: behind nothing, a key or a dash; inside brackets behind any sign."""
    before = place
    while before > 0 and text[before - 1] in _BLANK and place - before < FAR:
        before -= 1
    if before == 0 or text[before - 1] in "\r\n":
        return True
    if inside:
        return text[before - 1] in ",[]{}:"
    return before < place and text[before - 1] in ":-?"
