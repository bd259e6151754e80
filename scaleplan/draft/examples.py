"""The bundled examples: whole plans with where their ideas come from, each to begin a plan of one's own with."""

import re
from pathlib import Path
from typing import NamedTuple

from scaleplan.decode import read_plan
from scaleplan.draft.text import EDITOR_LINES
from scaleplan.layout import lay_out
from scaleplan.source import Source, plans_folder
from scaleplan.tree import Mapping, Scalar
from scaleplan.tree.read import parse_text

_FIRST_SENTENCE = re.compile(r"#\s*(.*?[.:])(?:\s|$)")


class Example(NamedTuple):
    """An example by the name of its file, with what it is in a line."""

    name: str
    line: str


def examples() -> tuple[Example, ...]:
    """Returns every bundled plan, by name."""
    found = []
    for path in sorted(plans_folder().glob("*.yaml")):
        data = path.read_bytes()
        plan = read_plan(str(path), data).plan
        if plan is not None:
            first = _FIRST_SENTENCE.match(data.decode())
            title = plan.name if plan.name != path.stem else first[1].rstrip(".:") if first else ""
            traded = f"{plan.style}, {plan.side} {plan.symbol.text}"
            found.append(Example(path.stem, f"{title} ({traded})"))
    return tuple(found)


def example_text(name: str) -> str:
    """Returns an example as a plan of its own: with the account that it names, and the schema for editors."""
    path = plans_folder() / f"{name}.yaml"
    text = path.read_text(encoding="utf-8")
    root = parse_text(Source(path.name, text)).root
    if isinstance(root, Mapping):
        for key, value in root.entries:
            if key.text == "account" and isinstance(value, Scalar):
                account = "".join(f"\n  {line}" for line in _account_lines(path.parent / value.text))
                text = text[: value.span.start].rstrip() + account + text[value.span.end :]
    whole = "\n".join((*EDITOR_LINES, "", text))
    return lay_out(path.name, whole.encode()).text or whole


def _account_lines(path: Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
