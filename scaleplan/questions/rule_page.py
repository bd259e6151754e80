"""A rule's page: what it is, why, a plan that has it with what is said of that plan, and the same plan mended.

The words of a rule are its own file's docstring; those of a mistake of reading or shape stand under `## Why` in
`rules/pages`. The plans are those of `plans/bad` and `plans/mended`. All are called by code and name:
`SP401-liquidation-before-stop`. What is said of the bad plan is asked of the program itself, as if no policy file stood
beside it.
"""

from pathlib import Path
from typing import NamedTuple

import scaleplan
from scaleplan.diagnostic import Diagnostic, Kind
from scaleplan.policy.codes import known_kinds
from scaleplan.rules import RULES
from scaleplan.source import plans_folder
from scaleplan.study import Session, Settings

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
    "SP8": "Bars, templates and signals",
    "SP9": "In the trade",
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
    """Returns the page of a code that there is."""
    kind = known_kinds()[code]
    file_name = f"{code}-{kind.name}"
    rule = next((rule for rule in RULES if rule.kind is kind), None)
    if rule is not None:
        # The first paragraph is `SP401 liquidation-before-stop: what it is.`
        first, *others = _paragraphs((rule.file.__doc__ or "").partition(": ")[2])
        paragraphs = (first[:1].upper() + first[1:], *others)
    else:
        text = (Path(scaleplan.__file__).parent / "rules" / "pages" / f"{file_name}.md").read_text(encoding="utf-8")
        paragraphs = (kind.what, *_paragraphs(text.partition("\n## Why\n")[2]))
    bad, mended = (_plan(folder, f"{file_name}.yaml") for folder in ("bad", "mended"))
    return RulePage(kind, paragraphs, bad, _said(code, bad), mended)


def _paragraphs(text: str) -> tuple[str, ...]:
    """Returns the paragraphs of a text, each in one line."""
    return tuple(" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n"))


def _plan(folder: str, name: str) -> str:
    """Returns the text of a plan of `plans/`; it is empty for a mistake that no plan can show."""
    path = plans_folder() / folder / name
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def _said(code: str, bad: str) -> tuple[Diagnostic, ...]:
    """What `check` says of the example under this code."""
    if not bad:
        return ()
    found = Session(Settings(with_policies=False)).study("plan.yaml", bad.encode())
    return tuple(diagnostic for diagnostic in found.diagnostics if diagnostic.code == code)
