"""What is written is read back: every character that a trader may type, by whatever command it gets into a file."""

import json
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scaleplan.cli.reply import ExitCode
from scaleplan.decode.profiles import terms_in
from scaleplan.imports import write
from scaleplan.layout import lay_out
from scaleplan.layout.scalars import typed
from scaleplan.source import Source
from scaleplan.tree import Scalar
from scaleplan.tree.events import LIBYAML
from scaleplan.tree.quoting import in_escapes
from scaleplan.tree.read import parse_text, read_tree
from tests.given import PLAN, studied
from tests.running import ROOT, outcome, process

FAMILY = "\U0001f469\u200d\U0001f469\u200d\U0001f467"
CHOSEN = [
    FAMILY,
    "\U000e0041",
    "flag \U0001f3f4\U000e0067\U000e0062\U000e007f",
    "\U0001f469",
    "\U0010ffff",
    "\U00010000",
    "\uffff",
    "\ufffd",
    "\ufeff",
    "\u2028",
    "\u0085",
    "\u202e",
    "\ue000",
    "\u00ad",
    "\x00",
    "\x1b[2J",
    "\x7f",
    "\t",
    "a\nb",
    "a\r\nb",
    "\\U0001F469",
    "\\",
    '"',
    "'",
    "\\\"'",
    "a: b # c",
    "- a",
    "{a, b}",
    "no",
    "é\u0301",
    "\u0301",
]
NEW = ("--long", "SOL/USDT", "150", "140", "130", "--stop", "118", "--size", "900 USDT")
SAVED = (ROOT / "plans" / "saved" / "binance-brackets.json", ROOT / "plans" / "saved" / "binance-rules.json")


def a_few_of_every_kind() -> list[str]:
    """The first character, one in the middle and the last, of each category of each plane; halves are none."""
    kinds: dict[tuple[int, str], list[str]] = {}
    for code in range(sys.maxunicode + 1):
        character = chr(code)
        kinds.setdefault((code >> 16, unicodedata.category(character)), []).append(character)
    return [
        character
        for (_, category), found in sorted(kinds.items())
        if category != "Cs"
        for character in dict.fromkeys((found[0], found[len(found) // 2], found[-1]))
    ]


def reads(written: str, text: str, *, libyaml: bool) -> bool:
    """Whether a value as written is read as the text, and as nothing else."""
    tree = parse_text(Source("", written), libyaml=libyaml)
    node = terms_in(tree.root).get("key")
    return not tree.diagnostics and isinstance(node, Scalar) and node.text == text


@pytest.mark.parametrize("libyaml", [False, *([True] if LIBYAML else [])])
def test_every_kind_of_character_is_read_back(libyaml: bool) -> None:  # noqa: FBT001
    """In double quotes, alone and between others, by both parsers."""
    wrong = [
        ascii(text)
        for character in [*a_few_of_every_kind(), *CHOSEN]
        for text in (character, f"a{character}", f"{character}b", f"a {character} b")
        if not reads(f"key: {in_escapes(text)}\n", text, libyaml=libyaml)
        or not reads(f"{{key: {in_escapes(text)}}}\n", text, libyaml=libyaml)
    ]
    assert wrong == []


def test_beyond_the_first_plane_a_character_is_one_escape() -> None:
    """The halves that JSON writes are no characters to YAML."""
    assert in_escapes("\U000e0041") == '"\\U000E0041"'
    assert in_escapes(FAMILY) == '"\\U0001F469\\u200d\\U0001F469\\u200d\\U0001F467"'


@pytest.mark.parametrize("in_brackets", [False, True])
@given(text=st.text(st.characters(exclude_categories=["Cs"])))
@example(text=FAMILY)
@example(text="\U000e0041")
def test_any_text_is_read_back_as_one_types_it(text: str, in_brackets: bool) -> None:  # noqa: FBT001
    """With quotes or without them."""
    written = typed(text, in_brackets=in_brackets)
    assert reads(f"{{key: {written}}}\n" if in_brackets else f"key: {written}\n", text, libyaml=LIBYAML)


@pytest.mark.parametrize("words", CHOSEN, ids=ascii)
def test_new_writes_what_it_was_told(tmp_path: Path, words: str) -> None:
    """A trigger is in the plan as it was typed, and the plan checks clean."""
    path = tmp_path / "plan.yaml"
    done = outcome("new", str(path), *NEW, "--trigger", words)
    assert done.code == 0, done.talk
    plan = studied(path.read_bytes(), str(path)).plan
    assert plan.tiers[0].trigger == words
    assert outcome("check", str(path)).code == 0


@pytest.mark.parametrize("words", CHOSEN, ids=ascii)
def test_venues_import_writes_what_it_was_told(tmp_path: Path, words: str) -> None:
    """A name is in the venue file as it was typed, and the file checks clean."""
    path = tmp_path / "venue.yaml"
    done = outcome("venues", "import", *map(str, SAVED), "--name", f"my {words} venue", "-o", str(path))
    assert done.code == 0, done.talk
    root = read_tree("venue.yaml", path.read_bytes()).root
    names = [terms_in(node)["name"] for node in terms_in(root).values()]
    assert names
    assert all(isinstance(name, Scalar) and name.text == f"my {words} venue" for name in names)
    assert outcome("check", str(path)).code == 0


@pytest.mark.parametrize("words", CHOSEN, ids=ascii)
def test_fmt_changes_no_character(words: str) -> None:
    """A value, a key, a list and a text over several lines say the same after it."""
    quoted = in_escapes(words)
    folded = f'"one\n  two {quoted[1:-1]} three"'
    text = f"stop: 118\nname: {quoted}\nnotes: {folded}\nchecklist: [{quoted}, {{ {quoted}: 1 }}]\n? {folded}\n: 1\n"
    after = lay_out("plan.yaml", text.encode()).text
    assert after is not None
    assert after != text
    before, again = (parse_text(Source("", each)).root for each in (text, after))
    assert {key: _said(node) for key, node in terms_in(before).items()} == {
        key: _said(node) for key, node in terms_in(again).items()
    }


def _said(node: object) -> str:
    return node.text if isinstance(node, Scalar) else type(node).__name__


@pytest.mark.parametrize("arguments", [("--trigger", b"half \xff"), ("--trigger", "\udc80")], ids=["byte", "half"])
def test_what_is_no_text_is_refused(tmp_path: Path, arguments: tuple[str, str | bytes]) -> None:
    """A byte that is no UTF-8 has no way to be written: it is said so, and nothing is left."""
    path = tmp_path / "plan.yaml"
    words = arguments[1] if isinstance(arguments[1], bytes) else arguments[1].encode("utf-8", "surrogateescape")
    done = process("new", str(path), *NEW, arguments[0], words)
    assert done.returncode == ExitCode.ERRORS
    assert b"Traceback" not in done.stderr
    name = process("venues", "import", *map(str, SAVED), "--name", words, "-o", str(path))
    assert name.returncode == ExitCode.ERRORS
    assert len(name.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_new_is_not_said_to_be_written_where_it_reads_otherwise(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever spoils the text on its way: one line, exit 1, and nothing is left behind."""
    path = tmp_path / "plan.yaml"
    monkeypatch.setattr("scaleplan.draft.text.typed", lambda text, **_: typed(text.replace("holds", "fails")))
    done = outcome("new", str(path), *NEW, "--trigger", "the level holds")
    assert (done.out, done.code, len(done.talk.splitlines())) == ("", ExitCode.ERRORS, 1)
    assert "would read otherwise" in done.talk
    monkeypatch.setattr("scaleplan.cli.new_plan._example", lambda _: "symbol: [\n")
    done = outcome("new", str(path), "--from", "range-short")
    assert (done.out, done.code, len(done.talk.splitlines())) == ("", ExitCode.ERRORS, 1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spoilt", [json.dumps, lambda words: f'"{words[1:]}"'])
def test_a_venue_file_is_not_written_where_it_reads_otherwise(
    tmp_path: Path, spoilt: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same of what was saved from an exchange, to a file and to standard output."""
    monkeypatch.setattr(write, "typed", spoilt)
    for output in (str(tmp_path / "venue.yaml"), "-"):
        done = outcome("venues", "import", *map(str, SAVED), "--name", "\U000e0041my", "-o", output)
        assert (done.out, done.code, len(done.talk.splitlines())) == ("", ExitCode.ERRORS, 1)
        assert "nothing was written" in done.talk
    assert list(tmp_path.iterdir()) == []


def test_a_name_in_a_plan_stays(tmp_path: Path) -> None:
    """A plan that already says it in escapes is laid out and shown as before."""
    path = tmp_path / "plan.yaml"
    path.write_text(f"name: {in_escapes(FAMILY)}\n{PLAN}", encoding="utf-8")
    assert outcome("fmt", "--check", str(path)).code == 0
    plan = studied(path.read_bytes(), str(path)).plan
    assert plan.name == FAMILY
