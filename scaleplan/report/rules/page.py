"""The list of rules and their pages as text, for a terminal and as Markdown."""

import textwrap
from collections.abc import Iterable, Iterator

from scaleplan.diagnostic import Kind
from scaleplan.questions.rule_page import FAMILIES, RulePage
from scaleplan.report.diagnostics.text import in_colour, render

#: The width of a page where the output has none.
_PAGE = 80
_INDENT = "    "


def render_rules(kinds: Iterable[Kind], width: int | None, *, colour: bool) -> str:
    """Code, severity, name and what it is, family by family; what it is stands below where not all fit beside."""
    listed = tuple(kinds)
    severities = max(len(kind.severity) for kind in listed)
    names = max(len(kind.name) for kind in listed)
    heads = [f"{kind.code}  {kind.severity:<{severities}}  {kind.name:<{names}}" for kind in listed]
    beside = (
        width is None or max(len(head) + 2 + len(kind.what) for head, kind in zip(heads, listed, strict=True)) <= width
    )
    lines: list[str] = []
    family = ""
    for head, kind in zip(heads, listed, strict=True):
        if kind.code[:3] != family:
            family = kind.code[:3]
            lines += [""] * bool(lines) + [in_colour(FAMILIES[family]) if colour else FAMILIES[family]]
        shown = head.replace(kind.severity, in_colour(kind.severity, kind.severity), 1) if colour else head
        if beside:
            lines.append(f"{shown}  {kind.what}")
        else:
            lines += [shown.rstrip(), *_wrapped(kind.what, max(20, width or 0), " " * 7)]
    return "\n".join(lines) + "\n"


def render_page(page: RulePage, width: int | None, *, colour: bool) -> str:
    """One page: head, why, the example, what is said of it, and the example mended."""
    across = min(width or _PAGE, 100)
    kind = page.kind
    name = in_colour(f"{kind.code} {kind.name}", kind.severity) if colour else f"{kind.code} {kind.name}"
    parts = [f"{name} ({kind.severity})"]
    parts += ["\n".join(_wrapped(text, across)) for text in page.paragraphs]
    if page.bad:
        said = render(page.said, width=max(40, across - len(_INDENT)), colour=colour)
        parts += [_head("A plan that has it:", colour=colour), _indented(page.bad)]
        parts += [_head("What `scaleplan check` says of it:", colour=colour), _indented(said)]
        parts += [_head("The same plan mended:", colour=colour), _indented(page.mended)]
    return "\n\n".join(parts) + "\n"


def _head(text: str, *, colour: bool) -> str:
    return in_colour(text) if colour else text


def render_rules_markdown(kinds: Iterable[Kind]) -> str:
    """The list as a table."""
    rows = [f"| {kind.code} | {kind.severity} | {kind.name} | {kind.what} |" for kind in kinds]
    return "\n".join(("| code | severity | name | what it is |", "|---|---|---|---|", *rows)) + "\n"


def render_page_markdown(page: RulePage) -> str:
    """One page under a heading of its own."""
    return "\n\n".join(_markdown(page)) + "\n"


def _markdown(page: RulePage) -> Iterator[str]:
    yield f"## {page.kind.code} {page.kind.name}"
    yield f"Severity: {page.kind.severity}."
    yield from page.paragraphs
    if page.bad:
        yield "A plan that has it:"
        yield f"```yaml\n{page.bad}```"
        yield "What `scaleplan check` says of it:"
        yield f"```text\n{render(page.said, width=None, colour=False)}```"
        yield "The same plan mended:"
        yield f"```yaml\n{page.mended}```"


def _indented(text: str) -> str:
    return textwrap.indent(text.rstrip("\n"), _INDENT)


def _wrapped(text: str, width: int, indent: str = "") -> list[str]:
    """A text in lines of at most `width`, each indented; words stay whole."""
    return textwrap.wrap(
        text, width, initial_indent=indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
