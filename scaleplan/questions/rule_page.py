"""A rule's page: what it is, why, a plan that has it with what is said of that plan, and the same plan mended.

The page of a rule is its own file's docstring and constants; that of a mistake of reading or shape stands in
`rules.pages`. What is said of the example is asked of the program itself, as if no policy file stood beside it.
"""

from typing import NamedTuple

from scaleplan.diagnostic import Diagnostic, Kind
from scaleplan.policy.codes import known_kinds
from scaleplan.rules import FILES
from scaleplan.rules.pages import PAGES
from scaleplan.study import Session

#: What the first digit of a code says.
FAMILIES = {
    "SP0": "The file and its YAML",
    "SP1": "The shape of a plan",
    "SP2": "Prices and sides",
    "SP3": "Sizes and shares",
    "SP4": "Leverage and liquidation",
    "SP5": "Exits and R",
    "SP6": "Discipline",
    "SP7": "Costs",
}


class RulePage(NamedTuple):
    """One kind of problem at length. Where no plan can show it, the plans are empty and nothing is said."""

    kind: Kind
    paragraphs: tuple[str, ...]
    bad: str
    said: tuple[Diagnostic, ...]
    mended: str


def kinds() -> tuple[Kind, ...]:
    """Every kind of problem, in the order of the codes."""
    return tuple(known_kinds().values())


def page_of(code: str) -> RulePage:
    """The page of a code that there is."""
    kind = known_kinds()[code]
    file = next((file for file in FILES if file.KIND.code == code), None)
    if file is not None:
        paragraphs, bad, mended = _paragraphs(file.__doc__ or ""), file.BAD, file.MENDED
    else:
        page = PAGES[code]
        paragraphs, bad, mended = (kind.what, page.why), page.bad, page.mended
    return RulePage(kind, paragraphs, bad, _said(code, bad), mended)


def _paragraphs(docstring: str) -> tuple[str, ...]:
    """The paragraphs of a rule's page, each in one line; the first, `SP401 name: what it is.`, without the name."""
    first, *others = (" ".join(paragraph.split()) for paragraph in docstring.strip().split("\n\n"))
    sentence = first.partition(": ")[2]
    return sentence[:1].upper() + sentence[1:], *others


def _said(code: str, bad: str) -> tuple[Diagnostic, ...]:
    """What `check` says of the example under this code."""
    if not bad:
        return ()
    found = Session(with_policies=False).study("plan.yaml", bad.encode())
    return tuple(diagnostic for diagnostic in found.diagnostics if diagnostic.code == code)
