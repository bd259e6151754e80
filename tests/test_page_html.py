"""Pages of HTML: one file for a phone, a screen and paper, in which nothing runs and nothing is loaded."""

import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from scaleplan.report.paths.words import WalkedPlan, walked_of
from scaleplan.study import Study
from tests.given import studied
from tests.reported import paths_in, show_in, tree_in

SHOWN = sorted(path.stem for path in (Path(__file__).parent / "golden" / "show").glob("*.yaml"))
WALKED = sorted(path.stem for path in (Path(__file__).parent / "golden" / "paths").glob("*.yaml"))
#: Elements without an end.
VOID = {"meta", "br"}
#: All that a page is made of: nothing here runs, loads or leads anywhere.
ELEMENTS = {
    *("html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "h3", "p", "ul", "li", "b", "br", "span"),
    *("dl", "div", "dt", "dd", "table", "thead", "tbody", "tr", "th", "td", "pre"),
    *("svg", "desc", "g", "line", "rect", "text"),
}
ATTRIBUTES = {
    *("lang", "charset", "name", "content", "http-equiv", "class", "scope", "aria-hidden"),
    *("width", "height", "viewbox", "role", "font-family", "font-size", "font-weight", "fill", "stroke"),
    *("stroke-width", "stroke-dasharray", "text-anchor", "x", "y", "x1", "y1", "x2", "y2", "transform"),
}
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"&' \\u202e"


class Reader(HTMLParser):
    """Reads a page; elements that do not close in order, and any that are not listed, are faults."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(page)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keeps what has to be closed."""
        assert tag in ELEMENTS, tag
        assert {name for name, _ in attrs} <= ATTRIBUTES, attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Closes what was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keeps what a reader sees."""
        if self.open and self.open[-1] != "style":
            self.words.append(data)


def figures(text: str) -> set[str]:
    """Every number of a text, with its sign and separators; Markdown escapes as HTML does."""
    return set(re.findall(r"[-+]?[0-9][0-9,.]*[0-9]|[0-9]", unescape(text)))


def golden(folder: str, name: str) -> Study:
    """The study of a golden plan."""
    path = Path(__file__).parent / "golden" / folder / f"{name}.yaml"
    return studied(path.read_bytes(), path.name)


def walked(study: Study) -> WalkedPlan:
    """A plan with its paths."""
    return walked_of(study, study.every_path.walked())


@pytest.mark.parametrize("name", SHOWN)
def test_show_has_every_figure_of_its_markdown(name: str) -> None:
    """What is said as HTML is what is said as Markdown, well-formed and in ASCII."""
    study = golden("show", name)
    page = show_in("html", study)
    assert page.isascii()
    assert figures(show_in("md", study)) <= figures(" ".join(Reader(page).words))


@pytest.mark.parametrize("name", WALKED)
def test_paths_has_every_figure_of_its_markdown(name: str) -> None:
    """So it is with every path, and with the tree of them."""
    paths = walked(golden("paths", name))
    for markdown, page in (
        (paths_in("md", paths), paths_in("html", paths)),
        (tree_in("md", paths), tree_in("html", paths)),
    ):
        assert figures(markdown) <= figures(" ".join(Reader(page).words))


def test_text_of_a_plan_stays_text() -> None:
    """A name, a trigger, a note and an exit that would be markup are shown as they are written."""
    study = studied(
        "{symbol: SOL/USDT, side: long, size: 900 USDT, stop: 118, name: NAME, tiers: [{price: 150, trigger: NAME},"
        " {price: 140, note: NAME}], targets: [{price: 170, close: 50%, exit: NAME, note: NAME}]}".replace(
            "NAME", '"' + HOSTILE.replace('"', '\\"').replace("\\u", "\\\\u") + '"'
        )
    )
    for page in (show_in("html", study), paths_in("html", walked(study)), tree_in("html", walked(study))):
        words = " ".join(Reader(page).words)
        assert "<script>alert(1)</script>" in words
        assert not re.search(r"<(script|img)|\s(src|href|on\w+)=[^x]*<", page)


def test_several_plans_are_one_document() -> None:
    """One document has a part for each plan, and its title names them."""
    page = show_in("html", golden("show", SHOWN[0]), golden("show", SHOWN[1]))
    assert page.count("<main>") == 2
    assert page.count("<html") == 1
