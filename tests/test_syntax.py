"""What a trader reads where YAML cannot: the place, what is wrong in words of the plan, and the one way out.

Each case is a mistake that people make. The expected place and way out were written by asking what should be typed
instead; where the way out is a text to type, a second test types it and reads the plan again.
"""

import pytest

from scaleplan.tree import Scalar
from scaleplan.tree.comments import leaves
from tests.given import tree_of

# The text, then where it is marked, what is marked, and the help.
CASES = [
    # Signs that YAML keeps for itself.
    ("price: @60000\n", "1:8", "@60000", "write `60000`"),
    ("price: `60000`\n", "1:8", "`60000`", "write `60000`"),
    ("close: %30\n", "1:8", "%30", "write `30%`"),
    ("trigger: @here\n", "1:10", "@here", 'put quotes around the text: "@here"'),
    ("  - {price: @60000, share: 50%}\n", "1:13", "@60000", "write `60000`"),
    ("trigger: > 60000 closes\n", "1:10", "> 60000 closes", 'put quotes around the text: "> 60000 closes"'),
    ("trigger: >60000\n", "1:10", ">60000", 'put quotes around the text: ">60000"'),
    ("trigger: *must hold\n", "1:10", "*must hold", 'put quotes around the text: "*must hold"'),
    ("trigger: & must hold\n", "1:10", "& must hold", 'put quotes around the text: "& must hold"'),
    ("- **bold**\n", "1:3", "**bold**", 'put quotes around the text: "**bold**"'),
    ("note: ? maybe\n", "1:7", "? maybe", 'put quotes around the text: "? maybe"'),
    ("@note: 1\n", "1:1", "@note", "begin the key with a letter"),
    ("a: 1\n%b: 2\n", "2:1", "%b: 2", "begin the line with a key"),
    ("%YAML 1.1\na: 1\n", "1:1", "%YAML 1.1", "delete the line"),
    # Colons.
    ("trigger: wait: then go\n", "1:10", "wait: then go", 'put quotes around the text: trigger: "wait: then go"'),
    (
        "{trigger: wait: then go, b: 1}\n",
        "1:11",
        "wait: then go",
        'put quotes around the text: trigger: "wait: then go"',
    ),
    ('name: "BTC": x\n', "1:7", '"BTC": x', "put quotes around the text: name: '\"BTC\": x'"),
    (
        "- price: 3R, close: 5%\n",
        "1:10",
        "3R, close: 5%",
        "put braces around several keys on one line: {price: 3R, close: 5%}",
    ),
    ("- price: 60000 share: 50%\n", "1:10", "60000 share: 50%", "put `share: 50%` on a line of its own"),
    ("side: long\nstop 118\ntiers: []\n", "2:1", "stop 118", "write `stop: 118`"),
    ("side long\nstop: 118\n", "1:1", "side long", "write `side: long`"),
    ("side: long\nstop:118\nsize: 5\n", "2:1", "stop:118", "write `stop: 118`"),
    ("side:long\nstop: 118\n", "1:1", "side:long", "write `side: long`"),
    ("- price:60\n  share: 5%\n", "1:3", "price:60", "write `price: 60`"),
    ("side: long\nsize 900 USDT\nstop: 5\n", "2:1", "size 900 USDT", "write `size: 900 USDT`"),
    ("size: 1\ntiers\n  - 150\nstop: 118\n", "2:1", "tiers", "write `tiers:` if it is a key"),
    ("a: 1\n: 2\n", "2:1", ":", "write the key before the colon"),
    (
        "note: a long\nstory goes on\nstop: 1\n",
        "2:1",
        "story goes on",
        "to continue the text of line 1, indent it deeper than `note`",
    ),
    # Lists.
    ("tiers: - 150\n", "1:8", "- 150", "write `-150` for the negative figure"),
    ("tiers: - 150\n       - 140\n", "1:8", "- 150", "begin the list on the next line, one dash per line"),
    ("tiers:\n- 150\n-140\nstop: 5\n", "3:1", "-140", "write `- 140`"),
    (
        "side: long\n- 150\n",
        "2:1",
        "- 150",
        "put it under a key without a value, such as `tiers:`, or write it as `key: value`",
    ),
    ("- 150\nstop: 118\n", "2:1", "stop: 118", "put the list under a key, such as `tiers:`"),
    (
        "tiers:\n  - 60000\n    share: 50%\n",
        "3:5",
        "share",
        "write every part of the item as `key: value`, or put a dash in front of this line",
    ),
    # Brackets and quotes.
    ("tiers: [150, 140\nstop: 118\n", "1:8", "[", "close it with `]` on this line"),
    ("tiers:\n  - {price: 1\n  - {price: 2}\n", "2:5", "{", "close it with `}` on this line"),
    ("tiers: [\n  150,\n  140,\n", "1:8", "[", "close it with `]` on line 3"),
    ("tiers: [150, 140}\n", "1:17", "}", "write `]`"),
    ("tiers: [{price: 1, share: 5%]\n", "1:29", "]", "write `}` before it"),
    ("tiers: [150, 140]]\n", "1:18", "]", "delete it"),
    ("{price: 60000 share: 50%}\n", "1:15", "share", "write `price: 60000, share:`"),
    ("[{price: 1} {price: 2}]\n", "1:13", "{", "write a comma behind `1}`"),
    ('{\n  "a": 1\n  "b": 2\n}\n', "3:3", '"b"', "write a comma behind `1`"),
    ("tiers: [150,, 140]\n", "1:13", ",", "delete the comma"),
    ("tiers: [- 150]\n", "1:9", "-", "leave out the dash"),
    ('name: "BTC\nstop: 118\n', "1:7", '"BTC', 'close it where the text ends: "BTC"'),
    ("name: 'BTC\nside: 'long'\n", "1:7", "'BTC", "close it where the text ends: 'BTC'"),
    ("trigger: 'don't chase'\n", "1:15", "t chase'", 'put quotes around the text: "don\'t chase"'),
    ('name: "BTC" breakout\n', "1:13", "breakout", "put quotes around the text: '\"BTC\" breakout'"),
    ('list: "a", "b"\n', "1:10", ', "b"', 'put brackets around the list: ["a", "b"]'),
    ("name: [BTC] breakout\n", "1:13", "breakout", 'put quotes around the text: "[BTC] breakout"'),
    ('note: "C:\\plans"\n', "1:10", "\\p", "write the text in single quotes, where a backslash is a backslash"),
    # Indentation.
    ("a:\n\tb: 1\n", "2:1", "\t", "indent with spaces: two for each level"),
    ("a: |\n\tb\n", "2:1", "\t", "indent with spaces: two for each level"),
    ("side: long\n  stop: 118\n", "2:3", "stop", "begin it at the left margin, like `side`"),
    ("tiers:\n  - price: 1\n   share: 5%\n", "3:4", "share: 5%", "indent it by 4 spaces, like `price`"),
    ("tiers:\n    - 1\n  - 2\n", "3:3", "- 2", "indent it by 4 spaces, like `- 1`"),
    ("notes: |\n  one\n two\nstop: 1\n", "3:2", "two", "indent it by 2 spaces, like `one`"),
    ("trigger: close # of 4h\n  above it\n", "2:3", "above it", "put the comment on a line of its own"),
    # The end.
    ("a: 1\n...\nb: 2\n", "3:1", "b: 2", "delete the line with the `...`"),
    ("--- a: 1\n", "1:1", "---", "delete the `---`"),
]


OFFER = "put quotes around the text: "


@pytest.mark.parametrize("libyaml", [True, False])
@pytest.mark.parametrize(("text", "place", "marked", "help"), CASES)
def test_a_syntax_error_says_where_and_what_to_write(
    text: str, place: str, marked: str, help: str, *, libyaml: bool
) -> None:
    """One diagnostic, at the smallest text that must change, with one way out, whichever parser stumbled."""
    (diagnostic,) = tree_of(text, libyaml=libyaml).diagnostics
    line, column = diagnostic.span.source.position(diagnostic.span.start)
    assert (f"{line}:{column}", diagnostic.span.text, diagnostic.help) == (place, marked, help)
    assert diagnostic.code in {"SP004", "SP007", "SP008", "SP012"}


@pytest.mark.parametrize("help", [case[3] for case in CASES if case[3].startswith(OFFER)])
def test_the_quotes_that_are_offered_hold(help: str) -> None:
    """What the help shows is read as one text from its first quote to its last."""
    offered = help.removeprefix(OFFER)
    quoted = offered[min(offered.find(mark) for mark in "\"'" if mark in offered) :]
    tree = tree_of(f"- {quoted}\n")
    assert tree.diagnostics == ()
    assert tree.root is not None
    assert tree.root.span.text == f"- {quoted}"


@pytest.mark.parametrize(
    ("text", "messages"),
    [
        (
            "name: BTC: b\ntiers:\n  - {price: @60000, trigger: a: b, share: 5%}\n  - 'x' y\nside long\nstop: `5`\n",
            ["name", "tiers[0].price", "tiers[0].trigger", "tiers[1]", "side", "stop"],
        ),
        ("a: @1\nb: {c: 1 d: 2}\ne: [1, 2}\nf: 1]]\ng: [3]]\nh: *x\n", ["a", "", "", "", "h"]),
    ],
)
def test_one_run_tells_of_every_mistake_that_is_clear(text: str, messages: list[str]) -> None:
    """Where it is clear what was meant, reading goes on, and each mistake comes with the path of its value."""
    assert [diagnostic.path for diagnostic in tree_of(text).diagnostics] == messages


def test_what_was_told_is_unreadable_and_the_rest_is_kept() -> None:
    """Later rooms pass over what has been told already, and check everything else."""
    tree = tree_of("stop: @118\nside: long\n")
    assert [type(entry.value).__name__ for entry in getattr(tree.root, "entries", ())] == ["Unreadable", "Scalar"]


@pytest.mark.parametrize("line", ["stop:118", "stop:5", "stop 118", "stop 5", "stop 118 USDT"])
def test_a_key_without_its_colon_is_not_missing_too(line: str) -> None:
    """The key is read, so that a later room does not ask for it, and its value is passed over."""
    for text in (f"side: long\n{line}\nsize: 1\n", f"a:\n  - b: 1\n    {line}\n"):
        tree = tree_of(text)
        assert [diagnostic.path.rpartition(".")[2] for diagnostic in tree.diagnostics] == ["stop"]
        assert tree.root is not None
        keys = [node for node, _ in leaves(tree.root) if isinstance(node, Scalar) and node.text == "stop"]
        assert [key.span.text for key in keys] == ["stop"]


def test_where_it_is_not_clear_there_is_no_tree() -> None:
    """An open bracket swallows what follows, so nothing is said about the rest."""
    assert tree_of("tiers: [150\nstop: @118\n").root is None


@pytest.mark.parametrize("text", ["a: b\x1b: c\nd: 1\n", "- a\n -c\n  - d: 1\n"])
def test_an_echo_is_not_told(text: str) -> None:
    """What breaks only because of a mistake that has been told is no second mistake."""
    assert len(tree_of(text).diagnostics) == 1


@pytest.mark.parametrize(
    ("text", "related"),
    [
        ("tiers: [150, 140}\n", ["1:8 `[` is opened here"]),
        ("tiers: [150, 140\nstop: 118\n", ["2:1 this line is read as if inside it"]),
        ("name: 'BTC\nside: 'long'\n", ["2:7 closed here"]),
        ("side: long\n  stop: 118\n", ["1:1 this has its value already"]),
        ("trigger: close # of 4h\n  above it\n", ["1:16 the comment"]),
    ],
)
def test_the_other_place_is_named(text: str, related: list[str]) -> None:
    """Where two places clash, both are told."""
    (diagnostic,) = tree_of(text).diagnostics
    found = []
    for other in diagnostic.related:
        line, column = other.span.source.position(other.span.start)
        found.append(f"{line}:{column} {other.message}")
    assert found == related


def test_tabs_are_counted() -> None:
    """A file indented with tabs throughout says so once, with how many lines there are."""
    (diagnostic,) = tree_of("a:\n\tb: 1\n\tc: 2\n\n\t\td: 3\n").diagnostics
    assert "3 lines of this file" in diagnostic.message


def test_what_nobody_foresaw_is_still_a_sentence() -> None:
    """A complaint without an explanation of its own has a place and a way out, and none of the parser's words."""
    (diagnostic,) = tree_of("--- ,a\n").diagnostics
    assert diagnostic.message == "YAML cannot read on from here"
    assert diagnostic.help.startswith("put a text with special characters in quotes")


def test_a_hash_inside_braces_takes_the_closing_one_along() -> None:
    """`{trigger: break of level #2}` loses its end and its brace: the `#` is named, not the brace."""
    text = "tiers:\n  - {price: 150, trigger: break of level #2}\n  - {price: 140}\n"
    told = tree_of(text).diagnostics[0]
    assert told.code == "SP004"
    assert tuple(told.span.source.position(told.span.start)) == (2, 42)
    assert '"... #2"' in told.help
