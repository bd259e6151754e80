"""Which explanation fits a complaint of the parser."""

import re
from collections.abc import Callable

from scaleplan.source import Source
from scaleplan.tree.build import Builder
from scaleplan.tree.events import Broken
from scaleplan.tree.kinds import NOT_YAML
from scaleplan.tree.syntax import brackets, colons, margins, values
from scaleplan.tree.syntax.mistake import Mistake, Trouble
from scaleplan.tree.syntax.opened import open_brackets
from scaleplan.tree.syntax.page import Page

# Matched against `context | problem | character`, in this order, because the later ones are the more general.
_SORTS: tuple[tuple[re.Pattern[str], Callable[[Trouble], Mistake | None]], ...] = (
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


def explain(source: Source, text: str, broken: Broken, builder: Builder) -> Mistake:
    """What is wrong where `broken` says that YAML stopped, in the text as `builder` has read it so far."""
    page = Page(source, text)
    since = broken.at if broken.since is None else broken.since
    brackets = open_brackets(text, builder.brackets, builder.reached, broken.at)
    trouble = Trouble(page, broken.at, since, broken.problem, broken.context, brackets, builder.last_scalar)
    complaint = f"{broken.context} | {broken.problem} | {trouble.here}"
    mistake = None
    for sort, handler in _SORTS:
        if sort.search(complaint):
            mistake = handler(trouble)
            break
    if mistake is None:
        message = "YAML cannot read on from here"
        remedy = "put a text with special characters in quotes, and look at the indentation"
        mistake = Mistake(NOT_YAML, broken.at, broken.at + 1, message, remedy)
    # At the end of the text there is no character left to point at.
    end = len(page.text)
    return mistake._replace(start=min(mistake.start, end), end=min(mistake.end, end))
