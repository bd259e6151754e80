"""The pages of the checklist: layout as approved, one page, no markup out of a plan, and a browser that agrees."""

import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scaleplan.report.checklist.build import sheet_of
from scaleplan.report.checklist.html import render_html
from scaleplan.report.checklist.markdown import render_markdown
from scaleplan.report.checklist.sheet import Sheet
from scaleplan.report.checklist.text import render_text
from scaleplan.report.visible import cells, visible
from tests.given import studied
from tests.running import approved
from tests.test_checklist import GOLDEN, PLAN, PRINTED, golden, sheet

ROOT = Path(__file__).parent.parent
NAMES = sorted(path.stem for path in GOLDEN.glob("*.yaml"))
PLANS = sorted(path for path in (ROOT / "plans").glob("*.yaml") if path.stem != "account")
#: Set to rewrite the golden files from what the program says; then read the difference.
WIDTHS = (60, 80, 120)
#: What a printer puts on a page of A4 or Letter in its own type.
PAGE = 66
UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]")
HOSTILE = (
    "</title></style><script>alert(1)</script> <img src=x onerror=alert(2)> [x](http://e.example) | `c` **b** _u_ "
    "&lt; \" ' ]]> <!-- \x1b[31m\x07 \u202e www.e.example"
)
#: The attributes of a drawing.
DRAWN = {
    *("width", "height", "viewbox", "font-family", "font-size", "font-weight", "fill", "stroke", "stroke-width"),
    *("stroke-dasharray", "text-anchor", "x", "y", "x1", "y1", "x2", "y2"),
}
BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)


def text_of(found: Sheet, width: int = 80) -> str:
    """A sheet as text without colour."""
    return render_text(found, width=width, colour=False)


def of_plan(path: Path) -> Sheet:
    """The sheet of a plan in a file."""
    return sheet_of(studied(path.read_bytes(), str(path)), PRINTED)


def hostile() -> Sheet:
    """A sheet in which every text that a trader may write is hostile."""
    # As YAML reads it: in double quotes, backslash and quotes escaped.
    quoted = '"' + HOSTILE.replace("\\", "\\\\").replace('"', '\\"').replace("\x1b", "\\e").replace("\x07", "\\a") + '"'
    plan = PLAN.replace("[60000, 59500]", f"[{{price: 60000, trigger: {quoted}, note: {quoted}}}, 59500]")
    plan = plan.replace("rest at 64000", f"{{price: 64000, trail: 2%, exit: {quoted}, note: {quoted}}}")
    return sheet(f"name: {quoted}\nchecklist: [{quoted}]\nnotes: [{quoted}]\n{plan}")


@pytest.mark.parametrize("kind", ["txt", "md", "html"])
@pytest.mark.parametrize("name", NAMES)
def test_sheets_are_as_they_were_approved(name: str, kind: str) -> None:
    """Layout and wording are those of the golden files, to the character."""
    found = golden(name)
    text = text_of(found) if kind == "txt" else render_html([found]) if kind == "html" else render_markdown(found)
    approved(text, GOLDEN / f"{name}.{kind}")


@pytest.mark.parametrize("found", [*map(golden, NAMES), *map(of_plan, PLANS)], ids=lambda found: found.title)
def test_a_sheet_is_one_page_of_text(found: Sheet) -> None:
    """At most 66 lines of 80 columns, in plain ASCII, without a control character or a blank at a line's end."""
    text = text_of(found)
    lines = text.splitlines()
    assert len(lines) <= PAGE
    assert max(map(cells, lines)) <= 80
    assert text.isascii()
    assert not UNSEEN.search(text)
    assert not re.search(r" $", text, re.MULTILINE)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", NAMES)
def test_no_line_is_wider_than_the_paper(name: str, width: int) -> None:
    """At 60, 80 and 120 columns; no width has fewer figures than the printed page."""
    text = text_of(golden(name), width)
    assert max(map(cells, text.splitlines())) <= width
    figures = re.compile(r"\d[\d,]*\.\d+")
    assert set(figures.findall(text)) >= set(figures.findall(text_of(golden(name), 80)))


def test_a_full_page_gives_up_air_and_then_what_can_be_spared() -> None:
    """Short sheets have empty lines between their parts; six tiers and four targets have none."""
    assert "\n\nBEFORE\n" in text_of(golden("range-short"))
    full = text_of(golden("six-adds"))
    assert "\n\n" not in full
    assert "target 1 closes" not in full
    assert "target 2 at" in full
    assert "target 1 closes" in render_markdown(golden("six-adds"))


def test_colour_only_repeats_what_the_characters_say() -> None:
    """With attributes taken off, the text is that without colour."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", render_text(golden("range-short"), width=80, colour=True))
    assert plain == text_of(golden("range-short"))


def test_prices_of_many_digits_are_never_cut() -> None:
    """Where the table of fills is too wide it becomes two, and then labelled figures."""
    plan = PLAN.replace("60000, 59500", "60000.12345678, 59500.12345678")
    for width in (80, 60, 30):
        text = text_of(sheet(plan), width)
        assert "60,000.12345678" in text
        assert "59,500.12345678" in text
        assert "THEN average" in text


@given(st.text(max_size=300))
@example("x" * 5000)
@example("| a | b |\n<b>")
@settings(max_examples=30, deadline=None)
def test_any_text_stays_a_text(text: str) -> None:
    """Whatever a trigger holds: within the width, one line of Markdown, and no tag that was not ours."""
    found = golden("range-short")
    ours = Tags(render_html([found])).tags
    written = found.before[-1]._replace(label=visible(text))
    found = found._replace(before=(*found.before[:-1], written))
    assert max(map(cells, text_of(found).splitlines())) <= 80
    assert render_markdown(found).count("\n") == render_markdown(golden("range-short")).count("\n")
    assert Tags(render_html([found])).tags == ours


class Tags(HTMLParser):
    """What a parser of HTML finds: tags, attributes, and the text of each."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.ends: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag: str) -> None:
        """Keep the end."""
        self.ends.append(tag)

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.text += data


def test_hostile_text_is_text_in_every_form() -> None:
    """No control character, no tag, no link, no further cell."""
    found = hostile()
    assert not UNSEEN.search(text_of(found))
    page = render_html([found])
    parsed = Tags(page)
    assert not {"script", "img", "a", "link", "iframe"} & set(parsed.tags)
    assert parsed.text.count("<script>alert(1)</script>") >= 6
    assert not any(name.startswith("on") for name, _ in parsed.attributes)
    markdown = render_markdown(found)
    assert not re.search(r"(?<!\\)<", markdown)
    assert "://" not in markdown
    for block in markdown.split("\n\n"):
        rows = [re.split(r"(?<!\\)\|", line) for line in block.splitlines() if line.startswith("|")]
        assert len({len(row) for row in rows}) <= 1


@pytest.mark.parametrize("name", NAMES)
def test_a_page_of_html_stands_alone(name: str) -> None:
    """Language, charset, title; every tag closed; tables with heads; nothing to load, nothing that runs."""
    page = render_html([golden(name)])
    parsed = Tags(page)
    assert page.isascii()
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n')
    assert f"<title>{golden(name).title} - checklist</title>" in page
    assert sorted(set(parsed.tags) - {"meta"}) == sorted(set(parsed.ends))
    assert [parsed.tags.count(tag) for tag in ("html", "head", "body", "main", "h1", "style")] == [1] * 6
    assert {name for name, _ in parsed.attributes} <= DRAWN | {
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "role",
        "aria-label",
        "scope",
        "colspan",
    }
    assert not re.search(r"https?:|url\(|@import|@font-face|src=|href=", page)
    assert "default-src 'none'" in page
    assert parsed.tags.count("th") >= parsed.tags.count("tr")
    # Black and white.
    assert set(re.findall(r"(?<!&)#[0-9a-f]{3,6}\b", page)) <= {"#000", "#fff"}


def test_several_sheets_are_one_document_with_a_page_each() -> None:
    """One head, as many mains, a break between them."""
    parsed = Tags(render_html([golden(name) for name in NAMES]))
    assert parsed.tags.count("html") == 1
    assert parsed.tags.count("main") == len(NAMES)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("letter", (612, 792))])
def test_a_browser_prints_six_tiers_and_four_targets_on_one_page(
    tmp_path: Path, paper: str, size: tuple[int, int]
) -> None:
    """In headless Chromium, on A4 and on Letter, in the paper's own size."""
    page = render_html([golden("six-adds")]).replace("@page { margin", f"@page {{ size: {paper}; margin")
    pdf = printed(tmp_path, page)
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 1
    (box,) = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf))
    assert all(abs(int(part.partition(b".")[0]) - side) <= 1 for part, side in zip(box.split()[2:], size, strict=True))


@pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
def test_a_browser_runs_nothing_and_keeps_the_text(tmp_path: Path) -> None:
    """What it makes of a hostile plan has no element beside those of the page."""
    (tmp_path / "page.html").write_text(render_html([hostile()]), encoding="utf-8")
    parsed = Tags(browse(tmp_path, "--dump-dom").decode())
    assert not {"script", "img", "a", "iframe"} & set(parsed.tags)
    assert "<script>alert(1)</script>" in parsed.text


def printed(folder: Path, page: str) -> bytes:
    """The page as a PDF."""
    (folder / "page.html").write_text(page, encoding="utf-8")
    browse(folder, "--no-pdf-header-footer", f"--print-to-pdf={folder / 'page.pdf'}")
    return (folder / "page.pdf").read_bytes()


def browse(folder: Path, *options: str) -> bytes:
    """What the browser says of `page.html` in a folder, with a profile of its own and without network."""
    assert BROWSER is not None
    quiet = ("--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync")
    where = (f"--user-data-dir={folder / 'profile'}", *options, (folder / "page.html").as_uri())
    ran = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", *quiet, *where],
        capture_output=True,
        check=True,
        timeout=60,
    )
    return ran.stdout


def test_the_sheet_has_the_ladder_drawn_unless_it_would_push_the_orders_down() -> None:
    """Every price of the ladder stands in one drawing; of thirty tiers there is none, which would be a page high."""
    page = render_html([golden("range-short")])
    drawing = page[page.index("<svg") : page.index("</svg>")]
    assert page.count("<svg") == 1
    assert all(f">{price}</text>" in drawing for price in ("2,500.00", "2,660.00", "2,440.00", "3,056.72"))
    many = sheet(PLAN.replace("[60000, 59500]", "{from: 60000, to: 59500, count: 30}"))
    assert "<svg" not in render_html([many])
