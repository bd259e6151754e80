"""Diagnostics as a trader and as a program reads them: layout, widths, colour, and nothing that a terminal obeys."""

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaleplan.diagnostic import Diagnostic, Edit, Kind, Related, Severity, in_order, problem
from scaleplan.report.diagnostics.record import to_json_record
from scaleplan.report.diagnostics.text import render, summary
from scaleplan.report.visible import cells, visible
from scaleplan.source import Source, Span

UNKNOWN = Kind("SP103", "unknown-key", Severity.ERROR, "A key is not one of the language.")
RED, YELLOW, PLAIN = "\x1b[1;31m", "\x1b[1;33m", "\x1b[0m"


def at(text: str, marked: str, **change: object) -> Diagnostic:
    """A diagnostic about the first `marked` in a text."""
    start = text.index(marked)
    span = Span(Source("plans/x.yaml", text), start, start + len(marked))
    return problem(UNKNOWN, span, "tiers[0].pric", "`pric` is not a key of a tier", "write `price`")._replace(**change)  # type: ignore[arg-type]


def shown(diagnostic: Diagnostic, width: int | None = None) -> list[str]:
    """The lines of one diagnostic without colour."""
    return render([diagnostic], width=width, colour=False).splitlines()


def excerpt_of(diagnostic: Diagnostic, width: int | None = None) -> tuple[str, str]:
    """The trader's line and the line of carets, without the gutter."""
    lines = [line for line in shown(diagnostic, width) if re.match(r" +\d* \|", line)]
    assert len(lines) == 2
    return lines[0].partition(" | ")[2], lines[1].partition(" | ")[2]


def test_a_diagnostic_is_place_sentence_excerpt_help_and_other_places() -> None:
    """The layout that the command's text output promises, character by character."""
    text = "a: 1\n" * 11 + "  - {pric: 60000}\n"
    diagnostic = at(text, "pric")
    other = Source("account.yaml", "\n\nequity: 5\n")
    related = (
        Related(Span(diagnostic.span.source, 5, 6), "first written here"),
        Related(Span(other, 2, 8), "and here"),
    )
    assert render([diagnostic._replace(related=related)], width=None, colour=False) == (
        "plans/x.yaml:12:6: error SP103 unknown-key: `pric` is not a key of a tier\n"
        "  12 |   - {pric: 60000}\n"
        "     |      ^^^^\n"
        "  help: write `price`\n"
        "  also 2:1: first written here\n"
        "  also account.yaml:3:1: and here\n"
    )


def test_a_note_is_one_line_and_notes_stand_together() -> None:
    """They ask for nothing: place, code and sentence, and an empty line before the first of them only."""
    note = at("a: 1\n", "1", severity=Severity.NOTE)
    warning = at("a: 1\n", "1", severity=Severity.WARNING)
    line = "plans/x.yaml:1:4: note SP103 unknown-key: `pric` is not a key of a tier\n"
    first = render([warning], width=None, colour=False)
    assert render([warning, note, note], width=None, colour=False) == f"{first}\n{line}{line}"


def test_errors_come_before_warnings_and_these_before_notes() -> None:
    """Wherever they stand in the text; what is as bad stands in the order of the text."""
    text = "a: 1\nb: 2\nc: 3\nd: 4\n"
    found = [
        at(text, "1", severity=Severity.NOTE),
        at(text, "2", severity=Severity.WARNING),
        at(text, "4", severity=Severity.ERROR),
        at(text, "3", severity=Severity.ERROR),
    ]
    assert [each.span.text for each in in_order(found)] == ["3", "4", "2", "1"]


def test_two_diagnostics_have_an_empty_line_between_them() -> None:
    """Nothing is written for none, and the order is the one given."""
    first, second = at("pric: 1", "pric"), at("pric: 1", "1")
    assert render([], width=80, colour=False) == ""
    together = render([first, second], width=None, colour=False)
    assert together == render([first], width=None, colour=False) + "\n" + render([second], width=None, colour=False)


@pytest.mark.parametrize(
    ("text", "marked", "line", "carets"),
    [
        ("a: 1 ", "1", "a: 1", "   ^"),
        ("\u9577\u9577: \u6587x", "\u6587x", "\u9577\u9577: \u6587x", "      ^^^"),
        ("e\u0301e\u0301: bad", "bad", "e\u0301e\u0301: bad", "    ^^^"),
        ("\tname:\tbad", "bad", "    name:    bad", "             ^^^"),
        ("a: \u202ebad\x1b]52;c\x07", "bad\x1b", "a: \\u202ebad\\x1b]52;c\\x07", "         ^^^^^^^"),
        ("a:\tx", "\t", "a:    x", "  ^^^^"),
        ("a: one  \n  two\nb: 1", "one  \n  two", "a: one", "   ^^^"),
    ],
)
def test_the_caret_stands_under_what_is_meant(text: str, marked: str, line: str, carets: str) -> None:
    """Wide characters, combining marks, tabs and escapes are counted in cells; of several lines the first is marked."""
    assert excerpt_of(at(text, marked)) == (line, carets)


def test_an_empty_place_gets_one_caret() -> None:
    """A value that was left out is shown where it would stand, also behind the last character of the line."""
    diagnostic = at("stop:\nside: long", "stop:")
    assert excerpt_of(diagnostic._replace(span=diagnostic.span.part(5, 5))) == ("stop:", "     ^")


def test_where_there_is_nothing_to_see_there_is_no_excerpt() -> None:
    """An empty file, or an empty line, has place, sentence and help."""
    span = Span(Source("x.yaml", ""), 0, 0)
    assert shown(at("pric", "pric", span=span)) == [
        "x.yaml:1:1: error SP103 unknown-key: `pric` is not a key of a tier",
        "  help: write `price`",
    ]


@pytest.mark.parametrize("wide", ["x", "\u9577"])
@pytest.mark.parametrize("before", [0, 1, 30, 400])
@pytest.mark.parametrize("behind", [0, 5, 400])
@pytest.mark.parametrize("width", [30, 60, 80])
def test_a_long_line_is_clipped_around_the_caret(wide: str, before: int, behind: int, width: int) -> None:
    """The excerpt fits the width, the caret is under the place, and dots say where something is left out."""
    text = wide * before + "BAD" + wide * behind
    line, carets = excerpt_of(at(text, "BAD"), width)
    gutter = len("  1 | ")
    assert gutter + cells(line) <= width
    assert carets.strip() == "^^^"
    assert cells(line[: line.index("BAD")]) == len(carets) - 3
    if cells(text) > width - gutter:
        assert line.startswith("...") or line.endswith("...")
    else:
        assert line == text


def test_carets_end_where_the_line_is_clipped() -> None:
    """A place longer than the width is marked as far as it is shown."""
    line, carets = excerpt_of(at("a: " + "x" * 500, "x" * 500), 40)
    assert line == "a: " + "x" * (len(line) - 6) + "..."
    assert carets == "   " + "^" * (len(line) - 6)
    assert len("  1 | ") + len(line) <= 40


def test_a_line_of_a_megabyte_costs_no_more_than_what_is_shown() -> None:
    """A hundred diagnostics on one endless line of marks without width are written at once."""
    text = "\u0301" * 1_000_000
    source = Source("x", text)
    many = [at("pric", "pric", span=Span(source, start, start + 1)) for start in range(0, 1_000_000, 10_000)]
    assert len(render(many, width=80, colour=False)) < 100 * 1_000


def test_message_and_help_are_wrapped_and_never_cut() -> None:
    """Lines break at spaces with an indent; a word longer than the width stays whole."""
    word = "x" * 50
    diagnostic = at("pric", "pric", message=f"one two three four {word} five", help="six seven eight nine ten eleven")
    assert shown(diagnostic, 40) == [
        "plans/x.yaml:1:1: error SP103",
        "  unknown-key: one two three four",
        f"  {word}",
        "  five",
        "  1 | pric",
        "    | ^^^^",
        "  help: six seven eight nine ten eleven",
    ]
    assert shown(diagnostic, 39)[-1:] == ["  help: six seven eight nine ten eleven"]
    assert shown(diagnostic, 38)[-2:] == ["  help: six seven eight nine ten", "    eleven"]
    assert shown(diagnostic, 30)[-2:] == ["  help: six seven eight nine", "    ten eleven"]


@given(st.text(max_size=200), st.integers(1, 90))
def test_wrapping_loses_nothing(message: str, width: int) -> None:
    """All that a message says is there at every width, in its order."""
    lines = shown(at("pric", "pric", message=message), width)
    heading = lines[: next(index for index, line in enumerate(lines) if line.startswith("  1 | "))]
    expected = f"plans/x.yaml:1:1: error SP103 unknown-key: {visible(message)}"
    assert "".join("".join(heading).split()) == "".join(expected.split())


def test_colour_repeats_what_the_words_say() -> None:
    """Only the severity and the carets are coloured, and without the colours the text is the same."""
    warning = at("pric: 1", "pric", severity=Severity.WARNING)
    coloured = render([at("pric: 1", "pric"), warning], width=60, colour=True)
    assert f": {RED}error{PLAIN} SP103" in coloured
    assert f": {YELLOW}warning{PLAIN} SP103" in coloured
    assert f"| {RED}^^^^{PLAIN}" in coloured
    plain = render([at("pric: 1", "pric"), warning], width=60, colour=False)
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@given(st.text(), st.text(min_size=1), st.booleans())
def test_no_text_of_a_plan_reaches_the_terminal_as_anything_but_text(name: str, text: str, colour: bool) -> None:  # noqa: FBT001
    """Whatever stands in names, lines and messages, the only control characters written are line ends and colours."""
    source = Source(name, text)
    span = Span(source, 0, len(text))
    written = render([problem(UNKNOWN, span, text, text, text, [Related(span, text)])], width=40, colour=colour)
    bare = re.sub(r"\x1b\[(?:1;3[136]|0)m", "", written) if colour else written
    assert {unicodedata.category(character) for character in bare} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} <= {
        "Cc"
    }
    assert {character for character in bare if unicodedata.category(character) == "Cc"} <= {"\n"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain text, 60_000", "plain text, 60_000"),
        ("\u9577\U0001f600\u00e9\u00a0", "\u9577\U0001f600\u00e9\u00a0"),
        ("a\x1b[2J\x00b", "a\\x1b[2J\\x00b"),
        ("\u202eabc\u2066", "\\u202eabc\\u2066"),
        ("\U000e0001", "\\U000e0001"),
        ("a\nb\tc\r", "a\\nb\\tc\\r"),
        ("\x85\u2028\u2029\ufeff\udc80\ue000\uffff", "\\x85\\u2028\\u2029\\ufeff\\udc80\\ue000\\uffff"),
    ],
)
def test_what_a_terminal_would_obey_is_written_as_its_escape(text: str, expected: str) -> None:
    """Control, format, bidi, private and unassigned characters become visible; letters of all scripts stay."""
    assert visible(text) == expected


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("", 0), ("\u9577\uff21", 4), ("e\u0301", 1), ("\u20ac\u00e9", 2)]
)
def test_cells_are_columns_of_a_terminal(text: str, width: int) -> None:
    """East Asian wide and full-width characters take two, a combining mark none, all else one."""
    assert cells(text) == width


@pytest.mark.parametrize(
    ("errors", "warnings", "notes", "files", "expected"),
    [
        (3, 1, 0, 2, "3 errors, 1 warning in 2 plans"),
        (1, 0, 0, 1, "1 error in 1 plan"),
        (0, 2, 1, 3, "2 warnings, 1 note in 3 plans"),
        (0, 0, 2, 1, "2 notes in 1 plan"),
        (0, 0, 0, 1, "no problems found in 1 plan"),
        (0, 0, 0, 12, "no problems found in 12 plans"),
    ],
)
def test_the_summary_counts_in_words(errors: int, warnings: int, notes: int, files: int, expected: str) -> None:
    """One of a thing has no plural, and what there is none of is not mentioned."""
    severities = [Severity.ERROR] * errors + [Severity.WARNING] * warnings + [Severity.NOTE] * notes
    assert summary([at("pric", "pric", severity=severity) for severity in severities], files) == expected


def test_the_record_for_programs_has_the_keys_of_the_contract() -> None:
    """Lines and columns from 1 in characters, the end exclusive; `file` of a related place only where it differs."""
    text = "name: \U0001f600\r\ntiers: [{pric: 1}]\r\n"
    diagnostic = at(text, "pric")
    own = Related(Span(diagnostic.span.source, 0, 4), "here")
    foreign = Related(Span(Source("account.yaml", "equity"), 0, 6), "there")
    edits = (Edit(diagnostic.span, "price"), Edit(foreign.span, ""))
    record = to_json_record(diagnostic._replace(related=(own, foreign), edits=edits))
    assert list(record.items()) == [
        ("code", "SP103"),
        ("name", "unknown-key"),
        ("severity", "error"),
        ("file", "plans/x.yaml"),
        ("line", 2),
        ("column", 10),
        ("end_line", 2),
        ("end_column", 14),
        ("path", "tiers[0].pric"),
        ("message", "`pric` is not a key of a tier"),
        ("help", "write `price`"),
        (
            "related",
            [
                {"line": 1, "column": 1, "message": "here"},
                {"line": 1, "column": 1, "message": "there", "file": "account.yaml"},
            ],
        ),
        (
            "edits",
            [
                {"line": 2, "column": 10, "end_line": 2, "end_column": 14, "text": "price"},
                {"line": 1, "column": 1, "end_line": 1, "end_column": 7, "text": "", "file": "account.yaml"},
            ],
        ),
    ]


def test_the_record_can_be_written_as_json() -> None:
    """It is made of texts and numbers only, and half a character does not break it."""
    record = to_json_record(at("pric\udc80", "pric\udc80", message="x\udc80\x1b"))
    assert json.loads(json.dumps(record))["message"] == "x\udc80\x1b"


@pytest.mark.parametrize("width", range(30, 90))
def test_an_excerpt_cuts_no_number(width: int) -> None:
    """A price without its first or last digits is another price: it is shown whole or not at all."""
    line = (
        "  - {price: 0.00001254, share: 1/3, stop: 0.0000124987, after: 0.00001302, trigger: a close above it, note: x}"
    )
    numbers = {"0.00001254", "1/3", "0.0000124987", "0.00001302"}
    for number in sorted(numbers - {"1/3"}):
        text, carets = excerpt_of(at(f"{line}\n", number), width)
        assert len(f"  1 | {text}") <= width
        assert text[carets.index("^") : carets.rindex("^") + 1] == number
        assert set(re.findall(r"\d[\d./]*", text.replace("...", " "))) <= numbers
