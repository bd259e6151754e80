"""`scaleplan fmt`: one layout for every way to write a plan, in which nothing is said otherwise and nothing is lost."""

import os
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scaleplan.cli.reply import ExitCode
from scaleplan.diagnostic import Severity
from scaleplan.layout import lay_out
from scaleplan.source import Source
from scaleplan.tree.comments import comments
from scaleplan.tree.read import parse_text
from tests.given import PLAN, codes, study_of
from tests.running import ROOT, outcome, process

PLANS = sorted((ROOT / "plans").rglob("*.yaml"))

UNTIDY = """\
# The title stays on top.

stop:   58750     # where the exit order sits
symbol: 'BTC/USDT:USDT'
side: "long"


style: dca
leverage:
    2
# why so small
size:  "900 USDT"
tiers: [ {share: 50%, price: 60000},   {price: 59000,share: 50%} ]  # two of them
targets:
    - 50% at 64000
    # a second one, perhaps
    # - 20% at 65000
    - {close: rest, price: 3R,  # far
       note: 'a, b' }
    # and that is all
account: {equity: 25000,
  max_risk: 4%}
checklist:
- "No news: none"
- 'plain words'
-   trigger #2
# the end
"""

TIDY = """\
# The title stays on top.

symbol: BTC/USDT:USDT
side: long

style: dca
account: {equity: 25000, max_risk: 4%}
leverage: 2
# why so small
size: 900 USDT
tiers:  # two of them
  - {price: 60000, share: 50%}
  - {price: 59000, share: 50%}
stop: 58750  # where the exit order sits
targets:
  - 50% at 64000
  # a second one, perhaps
  # - 20% at 65000
  - price: 3R  # far
    close: rest
    note: a, b
  # and that is all
checklist:
  - "No news: none"
  - plain words
  - trigger  #2
# the end
"""


def laid_out(text: str, name: str = "plan.yaml") -> str:
    """The text in canonical layout, which it must have."""
    layout = lay_out(name, text.encode())
    assert layout.text is not None, [one.message for one in layout.diagnostics]
    return layout.text


def said(text: str, name: str = "plan.yaml") -> object:
    """What a plan says: the plan that is read, every comment, and what is wrong with it."""
    found = study_of(text, name)
    source = Source(name, text)
    notes = Counter(comment.text.rstrip() for comment in comments(source, parse_text(source).root))
    return found.plan, notes, Counter(codes(found))


def test_a_plan_is_tidied_up() -> None:
    """Keys in their order, a tier a line, quotes where they are needed, comments where they belong."""
    assert laid_out(UNTIDY) == TIDY
    assert said(UNTIDY) == said(TIDY)


@pytest.mark.parametrize(
    ("untidy", "tidy"),
    [
        # Shortest: bare prices stay on their line, everything else has one of its own.
        (PLAN, PLAN),
        ("tiers: [150,140,130]\nstop: 118\n", "tiers: [150, 140, 130]\nstop: 118\n"),
        ("targets: [50% at 1R, rest at 2R]\n", "targets:\n  - 50% at 1R\n  - rest at 2R\n"),
        ("{stop: 1, symbol: A/B}", "symbol: A/B\nstop: 1\n"),
        ("checklist: [one thing, another]\n", "checklist: [one thing, another]\n"),
        ("tiers:\n- 150\n-  140\n", "tiers:\n  - 150\n  - 140\n"),
        # What is written over several lines stays so.
        ("tiers:\n- trigger: x\n  price: 1\n", "tiers:\n  - price: 1\n    trigger: x\n"),
        ("account:\n     max_risk: 1%\n     equity: 5\n", "account:\n  equity: 5\n  max_risk: 1%\n"),
        # Values as typed.
        ("leverage: 010\nstop: 60_000.50\n", "leverage: 010\nstop: 60_000.50\n"),
        ("name: 'null'\nnotes: \"yes\"\n", "name: 'null'\nnotes: \"yes\"\n"),
        ('name: "a: b"\nnotes: "# no comment"\n', 'name: "a: b"\nnotes: "# no comment"\n'),
        ("name: ''\n", "name: ''\n"),
        ('name: "tab\\there"\n', 'name: "tab\\there"\n'),
        ("tiers: [{price: 1, trigger: 'a, b'}]\n", "tiers:\n  - {price: 1, trigger: 'a, b'}\n"),
        ("name: a\n  folded\n  text\n", "name: a folded text\n"),
        ('name: "a\n\n  b"\n', 'name: "a\\nb"\n'),
        ("notes: |\n      two\n        lines\nname: x\n", "name: x\nnotes: |\n  two\n    lines\n"),
        ("tiers:\n- note: >-\n    folded\n    too\n", "tiers:\n  - note: >-\n      folded\n      too\n"),
        ("tiers:\n- price: 1\n  note: |2\n     deep\n", "tiers:\n  - price: 1\n    note: |2\n       deep\n"),
        # A long mapping in braces is written key by key.
        (f"tiers: [{{price: 1, trigger: {'x' * 110}}}]\n", f"tiers:\n  - price: 1\n    trigger: {'x' * 110}\n"),
        # An unknown key stays behind the one before it.
        ("stop: 1\nstopp: 2\nsize: 3\n", "size: 3\nstop: 1\nstopp: 2\n"),
        # Blanks, empty lines, the document's marks; a file's own line ends and byte order mark stay.
        ("\ufeffstop: 1   \r\n\r\n\r\n\r\nnotes: x", "\ufeffstop: 1\r\n\r\nnotes: x\r\n"),
        ("stop: 1\r\nnotes: x\r\nname: y\n", "name: y\r\nstop: 1\r\nnotes: x\r\n"),
        ("stop: 1\r\nnotes: x\nname: y\n", "name: y\nstop: 1\nnotes: x\n"),
        ("stop: 1\r\nnotes: x\n", "stop: 1\r\nnotes: x\r\n"),
        ("stop: 1\nnotes: x\r\n", "stop: 1\nnotes: x\n"),
        ("notes: x\rstop: 1\r", "stop: 1\rnotes: x\r"),
        ("notes: |\r\n    a\r\n    b\r\nstop: 1 # c\r\n", "stop: 1  # c\r\nnotes: |\r\n  a\r\n  b\r\n"),
        ("---\nstop: 1\n...\n", "stop: 1\n"),
        ("stop:\nnotes: x\n", "stop:\nnotes: x\n"),
        # Comments.
        ("stop: 1 # a\n", "stop: 1  # a\n"),
        ("stop: # a\n  1 # b\n", "# a\nstop: 1  # b\n"),
        ("tiers:   # a\n  # b\n  - 1   # c\n\n\n  - 2\n", "tiers:  # a\n  # b\n  - 1  # c\n\n  - 2\n"),
        ("tiers: [ # a\n 1, # b\n 2 ] # c\n", "# a\ntiers:  # c\n  - 1  # b\n  - 2\n"),
        ("tiers: [ # a\n  ]\n", "tiers: []  # a\n"),
        ("stop: 1\n# above the name\nname: x\n", "# above the name\nname: x\nstop: 1\n"),
        ("# of the file\nstop: 1\nname: x\n", "# of the file\nname: x\nstop: 1\n"),
        ("tiers:\n  -\n    # a\n    price: 1\n", "tiers:\n  # a\n  - price: 1\n"),
        (
            "tiers:\n  - 1\n  # below\nstop: 1\n# at the end\nname: x\n",
            "# at the end\nname: x\ntiers:\n  - 1\n  # below\nstop: 1\n",
        ),
        # What is quoted in front of `#2` stays so: without quotes it would look cut off.
        ("name: 'x' #2\n", "name: 'x'  #2\n"),
        # An ignore stays before what it is for, and never gets to the top, where it would be for the whole file.
        (
            "tiers:\n  - 1\n  # scaleplan: ignore[SP601] why\nstop: 1\nsize: 5\n",
            "size: 5\ntiers:\n  - 1\n# scaleplan: ignore[SP601] why\nstop: 1\n",
        ),
        (
            "stop: 1\n# scaleplan: ignore[SP601] why\nname: x\n",
            "stop: 1\n# scaleplan: ignore[SP601] why\nname: x\n",
        ),
    ],
    ids=lambda text: text[:24],
)  # fmt: skip
def test_layout(untidy: str, tidy: str) -> None:
    """Each point of the layout in an example; what is laid out once stays as it is."""
    assert laid_out(untidy) == tidy
    assert laid_out(tidy) == tidy
    assert said(untidy) == said(tidy)


def test_other_files() -> None:
    """Accounts and venues have an order of their own."""
    assert laid_out("max_risk: 1%\nequity: 5\n") == "equity: 5\nmax_risk: 1%\n"
    venue = "B/U:U:\n  fees: {taker: 1%, maker: 0%}\n  name: x\nA/U:U: {}\n"
    assert laid_out(venue) == "B/U:U:\n  name: x\n  fees: {maker: 0%, taker: 1%}\nA/U:U: {}\n"


@pytest.mark.parametrize("path", PLANS, ids=lambda path: path.stem)
def test_every_plan_says_the_same_afterwards(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan, comments and diagnostics of every plan are the same; a second time changes nothing; bad YAML is left."""
    monkeypatch.chdir(ROOT)
    name = path.relative_to(ROOT).as_posix()
    before = path.read_text(encoding="utf-8")
    layout = lay_out(name, before.encode())
    if layout.text is None:
        codes = {one.code for one in layout.diagnostics if one.severity is Severity.ERROR}
        assert codes, "a layout that was given up"
        assert all(code.startswith("SP0") or code == "SP101" for code in codes)
        return
    assert said(layout.text, name) == said(before, name)
    assert laid_out(layout.text, name) == layout.text


def test_our_own_plans_are_tidy() -> None:
    """The plans that come with scaleplan are in canonical layout."""
    for path in (ROOT / "plans").glob("*.yaml"):
        assert laid_out(path.read_text(encoding="utf-8"), str(path)) == path.read_text(encoding="utf-8")


# The same plan, written in any way


WORDS = st.sampled_from(
    ["holds", "RSI > 50, cross", "a: b", "# x", "'", '"quoted"', "- dash", "null", "x #y", "é", "{a"]
)
BLANKS = st.sampled_from(["", " ", "   "])
NOTES = st.sampled_from(["# one", "#two", "# it's [odd] {here", "# scaleplan: maybe"])


@st.composite
def scalars(draw: st.DrawFn, text: str) -> str:
    """A text in one of the ways to write it; plain only where that is the same."""
    source = Source("", f"{{k: {text}}}")
    tree = parse_text(source)
    plain = not tree.diagnostics and len(getattr(tree.root, "entries", ())) == 1 and f"text='{text}'" in repr(tree.root)
    ways = ["'" + text.replace("'", "''") + "'", '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"']
    return draw(st.sampled_from([text, *ways] if plain else ways))


@st.composite
def in_brackets(draw: st.DrawFn, value: object) -> str:
    """A value in brackets, on one line or several, with comments between."""
    if isinstance(value, str):
        return draw(scalars(value))
    items: list[str] = []
    if isinstance(value, dict):
        items = [f"{key}: {draw(in_brackets(value[key]))}" for key in draw(st.permutations(list(value)))]
    elif isinstance(value, list):
        items = [draw(in_brackets(item)) for item in value]
    gaps = [draw(st.sampled_from(["", " ", "\n      ", f" {draw(NOTES)}\n      "])) for _ in range(len(items) + 1)]
    inside = ",".join(f"{gap or ' '}{item}" for gap, item in zip(gaps, items, strict=False)) + gaps[-1]
    return f"{{{inside}}}" if isinstance(value, dict) else f"[{inside}]"


@st.composite
def below(draw: st.DrawFn, value: object, indent: int) -> str:
    """A value behind a colon or dash, and whatever lines it takes."""
    beside = draw(st.sampled_from(["", "", f"{draw(BLANKS)}  {draw(NOTES)}"]))
    if isinstance(value, str) or draw(st.booleans()):
        # In brackets further lines have to be indented; they are, by more than any key here.
        return f" {draw(BLANKS)}{draw(in_brackets(value))}{beside}\n".replace("\n      ", "\n" + " " * 14)
    return f"{beside}\n{draw(block(value, indent + draw(st.integers(1, 3))))}"


@st.composite
def block(draw: st.DrawFn, value: object, indent: int) -> str:
    """A mapping or list over several lines, with comments and empty lines between."""
    lines = []
    heads = []
    if isinstance(value, dict):
        heads = [(f"{key}:", value[key]) for key in draw(st.permutations(list(value)))]
    elif isinstance(value, list):
        heads = [("-", item) for item in value]
    for head, inner in heads:
        note = draw(st.sampled_from(["", "", "\n", "\n\n\n", f"{' ' * indent}{draw(NOTES)}\n", f"\n{draw(NOTES)}\n"]))
        lines.append(f"{note}{' ' * indent}{head}{draw(below(inner, indent))}")
    return "".join(lines)


@st.composite
def written_anyhow(draw: st.DrawFn) -> tuple[str, str]:
    """One plan, written in two ways."""
    plan: dict[str, object] = {
        "symbol": "BTC/USDT:USDT",
        "side": draw(st.sampled_from(["long", "short", "buy"])),
        "leverage": "2",
        "account": {"equity": "25000 USDT", "max_risk": "4%"},
        "size": "900 USDT",
        "tiers": [
            {"price": "60000", "share": "50%", "trigger": draw(WORDS)},
            draw(st.sampled_from(["50% at 59000", {"price": "-2%", "share": "50%", "note": draw(WORDS)}])),
        ],
        "stop": draw(st.sampled_from(["58000", "none", "61000"])),
        "targets": draw(st.sampled_from([["64000", "rest at 70000"], [{"price": "64000", "stop": "breakeven"}]])),
        "checklist": draw(st.lists(WORDS, min_size=1, max_size=3)),
        "maintenance": [{"up_to": "50000", "rate": "0.5%"}, {"rate": "1%"}],
        draw(st.sampled_from(["notes", "stopp"])): draw(WORDS),
    }
    return draw(block(plan, 0)), draw(st.sampled_from(["\n", "\r\n"]))


@settings(deadline=None, max_examples=60)
@given(written_anyhow())
def test_laws(written: tuple[str, str]) -> None:
    """However a plan is written: it says the same afterwards, no comment is lost, and a second time changes nothing."""
    text = written[0].replace("\n", written[1])
    layout = lay_out("plan.yaml", text.encode())
    if layout.text is None:
        assert layout.diagnostics, "a layout that was given up"
        return
    once = layout.text
    assert said(once) == said(text.replace("\r\n", "\n"))
    assert laid_out(once) == once
    assert "\n\n\n" not in once
    assert not any(line != line.rstrip() for line in once.splitlines())


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=ascii)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=ascii)
@pytest.mark.parametrize("text", [path.read_text(encoding="utf-8") for path in PLANS if path.parent.name == "plans"])
def test_line_ends_and_byte_order_mark_are_the_files_own(text: str, mark: str, end: str) -> None:
    """A checkout with other line ends, or an editor that marks UTF-8, makes no plan untidy."""
    written = mark + text.replace("\n", end)
    assert lay_out("plan.yaml", written.encode()).text == written


# Files


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an untidy plan, a tidy one and one that is no YAML, in which the program runs."""
    (tmp_path / "untidy.yaml").write_text(UNTIDY)
    (tmp_path / "tidy.yaml").write_text(TIDY)
    (tmp_path / "broken.yaml").write_text("stop: *5\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_in_place(folder: Path) -> None:
    """A plan is laid out where it lies; one that is tidy is not written to; nothing else is left in the folder."""
    before = (folder / "tidy.yaml").stat()
    done = outcome("fmt", "untidy.yaml", "tidy.yaml")
    assert done[:3] == ("", "scaleplan: untidy.yaml: laid out anew\n", 0)
    assert (folder / "untidy.yaml").read_text() == TIDY
    assert (folder / "tidy.yaml").stat() == before
    assert sorted(path.name for path in folder.iterdir()) == ["broken.yaml", "tidy.yaml", "untidy.yaml"]


def test_permissions_and_links_stay(folder: Path) -> None:
    """The permissions are kept, and a link still leads to the file, which is laid out."""
    (folder / "untidy.yaml").chmod(0o640)
    (folder / "link.yaml").symlink_to("untidy.yaml")
    assert outcome("fmt", "link.yaml").code == 0
    assert (folder / "link.yaml").is_symlink()
    assert (folder / "untidy.yaml").read_text() == TIDY
    assert (folder / "untidy.yaml").stat().st_mode & 0o777 == 0o640


def test_check_names_what_differs(folder: Path) -> None:
    """`--check` names the files, exits with 1, and writes nothing."""
    (folder / "broken.yaml").unlink()
    done = outcome("fmt", "--check", ".")
    assert done[:3] == ("untidy.yaml\n1 file would be laid out anew\n", "", 1)
    assert (folder / "untidy.yaml").read_text() == UNTIDY
    assert outcome("fmt", "--check", "tidy.yaml")[:3] == ("1 file in canonical layout\n", "", 0)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=ascii)
@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=ascii)
def test_check_takes_any_line_ends(folder: Path, end: str, mark: str) -> None:
    """What is laid out passes `--check` with the line ends and the mark that it has, and is written with them."""
    path = folder / "windows.yaml"
    path.write_bytes((mark + UNTIDY.replace("\n", end)).encode())
    assert outcome("fmt", "--check", "windows.yaml").code == 1
    assert outcome("fmt", "windows.yaml").code == 0
    assert path.read_bytes() == (mark + TIDY.replace("\n", end)).encode()
    assert outcome("fmt", "--check", "windows.yaml")[:3] == ("1 file in canonical layout\n", "", 0)
    through = process("fmt", "-", stdin=path.read_bytes())
    assert (through.stdout, through.returncode) == (path.read_bytes(), 0)


def test_a_diff_shows_line_ends_where_they_differ(folder: Path) -> None:
    """On a screen they are seen only where they are mixed."""
    (folder / "plain.yaml").write_bytes(b"notes: x\r\nstop: 1\r\n")
    assert outcome("fmt", "--diff", "plain.yaml").out.splitlines()[3:] == ["+stop: 1", " notes: x", "-stop: 1"]
    (folder / "mixed.yaml").write_bytes(b"stop: 1\r\nnotes: x\nname: y\r\n")
    assert "+notes: x\\r" in outcome("fmt", "--diff", "mixed.yaml").out


def test_diff_shows_what_differs(folder: Path) -> None:
    """`--diff` prints a unified diff, exits with 1 as diff does, and writes nothing."""
    done = outcome("fmt", "--diff", "untidy.yaml")
    assert done.code == 1
    assert done.out.startswith("--- untidy.yaml\n+++ untidy.yaml\n@@ ")
    assert "\n-symbol: 'BTC/USDT:USDT'\n" in done.out
    assert "\n+symbol: BTC/USDT:USDT\n" in done.out
    assert (folder / "untidy.yaml").read_text() == UNTIDY
    assert outcome("fmt", "--diff", "tidy.yaml")[:3] == ("", "", 0)


def test_what_is_no_yaml_is_left_alone(folder: Path) -> None:
    """A file with mistakes of YAML is not touched and its mistakes are told; the others are still laid out."""
    done = outcome("fmt", "broken.yaml", "untidy.yaml", "missing.yaml")
    assert (done.out, done.code) == ("", ExitCode.REFUSED)
    assert "broken.yaml:1:7: error SP008 alias" in done.talk
    assert "missing.yaml: no such file" in done.talk
    assert (folder / "broken.yaml").read_text() == "stop: *5\n"
    assert (folder / "untidy.yaml").read_text() == TIDY
    assert outcome("fmt", "broken.yaml").code == ExitCode.ERRORS


def test_what_yaml_took_away_is_no_layout(folder: Path) -> None:
    """A number that a comma cut is told of, and not laid out as two."""
    (folder / "cut.yaml").write_text("tiers: [{price: 60,000}]\n")
    done = outcome("fmt", "cut.yaml")
    assert done.code == 1
    assert "SP016" in done.talk
    assert (folder / "cut.yaml").read_text() == "tiers: [{price: 60,000}]\n"


def test_what_cannot_be_laid_out_is_left_alone(folder: Path) -> None:
    """A text that keeps the empty lines behind it would change with the layout: the file stays, and is named."""
    (folder / "keep.yaml").write_text("notes: |+\n  a\n\n\nname: x\n")
    done = outcome("fmt", "keep.yaml")
    assert (done.out, done.code) == ("", ExitCode.ERRORS)
    assert done.talk.startswith("scaleplan: keep.yaml: left alone: ")
    assert (folder / "keep.yaml").read_text() == "notes: |+\n  a\n\n\nname: x\n"


def test_dash_goes_through() -> None:
    """`-` reads standard input and writes to standard output, laid out or as it is tidy already."""
    for text in (UNTIDY, TIDY):
        done = process("fmt", "-", stdin=text.encode())
        assert (done.stdout.decode(), done.stderr, done.returncode) == (TIDY, b"", 0)
    refused = process("fmt", "-", stdin=b"stop: *5\n")
    assert (refused.stdout, refused.returncode) == (b"", 1)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write anywhere")
def test_a_folder_that_may_not_be_written_to(folder: Path) -> None:
    """Where the file cannot be stored the plan stays as it is, and the reason is told."""
    folder.chmod(0o500)
    try:
        done = outcome("fmt", "untidy.yaml")
    finally:
        folder.chmod(0o700)
    assert (done.code, done.talk) == (ExitCode.REFUSED, "scaleplan: untidy.yaml: permission denied\n")
    assert (folder / "untidy.yaml").read_text() == UNTIDY
