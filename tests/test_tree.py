"""From bytes to nodes: what is read, where it stands, what is refused, and that nothing at all makes it raise."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.source import Source, Span
from scaleplan.tree import Mapping, Node, Scalar, Sequence, Tree, Unreadable, kinds
from scaleplan.tree.collector import LISTED
from scaleplan.tree.comments import comments, leaves
from scaleplan.tree.read import parse_text, read_tree
from tests.given import tree_of

PLANS = Path(__file__).parent.parent / "plans"

#: What YAML, terminals and editors read differently, and all that begins or ends something.
ALPHABET = "ab1 :-,#&*!|>?%@`'\"[]{}<=~\\x\n\r\t\u0000\u001b\u0085\u2028\ufeff\u00e9\u9577\U0001f600"


def shape(node: Node | None) -> object:
    """A tree without its places: text, list, dictionary, or ... for what could not be read."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Sequence):
        return [shape(item) for item in node.items]
    if isinstance(node, Mapping):
        return {entry.key.text: shape(entry.value) for entry in node.entries}
    return None if node is None else ...


def with_places(node: Node | None) -> object:
    """A tree with its places, to be compared."""
    if node is None:
        return None
    inside: object = None
    if isinstance(node, Scalar):
        inside = (node.text, node.plain)
    elif isinstance(node, Sequence):
        inside = [with_places(item) for item in node.items]
    elif isinstance(node, Mapping):
        inside = [(with_places(entry.key), with_places(entry.value)) for entry in node.entries], node.flow
    return type(node).__name__, node.span.start, node.span.end, inside


def told(tree: Tree) -> list[tuple[str, str, str]]:
    """Of each diagnostic its code, where it begins, and what is marked."""
    found = []
    for diagnostic in tree.diagnostics:
        line, column = diagnostic.span.source.position(diagnostic.span.start)
        found.append((diagnostic.code, f"{line}:{column}", diagnostic.span.text))
    return found


def only(tree: Tree, kind: Kind) -> Diagnostic:
    """The one diagnostic of a tree, which has to be of that kind."""
    assert [diagnostic.kind for diagnostic in tree.diagnostics] == [kind]
    return tree.diagnostics[0]


def assert_sound(tree: Tree) -> None:
    """Every place lies in its text, every diagnostic is complete, and no comment lies in a text."""
    for diagnostic in tree.diagnostics:
        assert diagnostic.message
        assert diagnostic.help
        for span in (diagnostic.span, *(related.span for related in diagnostic.related)):
            assert 0 <= span.start <= span.end <= len(span.source.text)
    kinds_listed = Counter(diagnostic.kind for diagnostic in tree.diagnostics)
    assert all(count <= LISTED for kind, count in kinds_listed.items() if kind.severity is Severity.ERROR)
    if tree.root is None:
        assert tree.diagnostics
        return
    source = tree.root.span.source
    taken = [node.span for node, _ in leaves(tree.root)]
    for span in taken:
        assert 0 <= span.start <= span.end <= len(source.text)
    for comment in comments(source, tree.root):
        assert comment.text == comment.span.text
        assert comment.text.startswith("#")
        assert not any(span.start < comment.span.end and comment.span.start < span.end for span in taken)


# Texts


def test_every_value_is_the_text_that_was_typed() -> None:
    """YAML's own numbers, booleans, nulls and dates are never made."""
    tree = tree_of("a: 010\nb: 1:30\nc: no\nd: .inf\ne: 2026-01-02\nf: ~\ng: 0x1F\nh: 60_000\ni: 1e5\n")
    assert tree.diagnostics == ()
    assert shape(tree.root) == {
        "a": "010",
        "b": "1:30",
        "c": "no",
        "d": ".inf",
        "e": "2026-01-02",
        "f": "~",
        "g": "0x1F",
        "h": "60_000",
        "i": "1e5",
    }


def test_a_plan_in_json_is_a_plan() -> None:
    """JSON is YAML: quoted keys are keys."""
    tree = tree_of('{\n  "side": "long",\n  "tiers": [150, {"price": 140}]\n}\n')
    assert shape(tree.root) == {"side": "long", "tiers": ["150", {"price": "140"}]}
    assert tree.diagnostics == ()


@pytest.mark.parametrize(
    ("text", "typed", "value", "plain"),
    [
        ("a: 60000 # c\nb: 1", "60000", "60000", True),
        ("a: 'it''s'\nb: 1", "'it''s'", "it's", False),
        ('a: "x\\ty" \nb: 1', '"x\\ty"', "x\ty", False),
        ("a: one\n  two\n\n  three  \nb: 1", "one\n  two\n\n  three", "one two\nthree", True),
        ("a: |\n  x\n\n  y\n\n\nb: 1", "|\n  x\n\n  y", "x\n\ny\n", False),
        ("a: >-\n  x\n  y", ">-\n  x\n  y", "x y", False),
        ("a: |+\r\n  x\r\n\r\nb: 1", "|+\r\n  x", "x\n\n", False),
        ("a: 'x\r\n  y'\r\nb: 1", "'x\r\n  y'", "x y", False),
        ("\U0001f600\u9577: {a: \U0001f600 x , b: 1}", "\U0001f600 x", "\U0001f600 x", True),
        ("- 1\r- a: 5\r", "5", "5", True),
        ("[a: b c ]", "b c", "b c", True),
    ],
)
def test_a_span_covers_what_was_typed(text: str, typed: str, value: str, plain: bool) -> None:  # noqa: FBT001
    """Quotes are inside, a comment and what ends the line are not; a block reaches to its last written line."""
    for libyaml in (True, False):
        tree = tree_of(text, libyaml=libyaml)
        found = [node for node, _ in leaves(tree.root) if isinstance(node, Scalar) and node.text == value]
        assert [(node.span.text, node.plain) for node in found] == [(typed, plain)]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("price:\nb: 1", 6),
        ("price: # none\nb: 1", 6),
        ("price  :\n\n\nb: 1", 8),
        ("{price: , b: 1}", 7),
        ("{price: }", 7),
        ("{price}", 6),
        ("{price , b: 1}", 6),
        ("? price\n\n? b\n", 7),
        ("- price:", 8),
        ("-\n- 1", 1),
        ("- \n- 1", 1),
    ],
)
def test_a_value_left_out_is_an_empty_text_behind_its_colon(text: str, place: int) -> None:
    """It has no characters, and stands where the trader would begin to type; without a colon, behind the key."""
    empty = [node for node, _ in leaves(tree_of(text).root) if isinstance(node, Scalar) and not node.text]
    assert (empty[0].span.start, empty[0].span.end, empty[0].plain) == (place, place, True)


def test_lists_and_mappings_reach_from_their_first_to_their_last_character() -> None:
    """Brackets are inside; without them a list begins at its dash and a mapping at its first key."""
    root = tree_of("a:\n  - {b: 1} # c\n  - [2]\nc: [x: y, 3]\n").root
    assert isinstance(root, Mapping)
    items, flow = root.entries[0].value, root.entries[1].value
    assert root.span.text == "a:\n  - {b: 1} # c\n  - [2]\nc: [x: y, 3]"
    assert isinstance(items, Sequence)
    assert items.span.text == "- {b: 1} # c\n  - [2]"
    assert [item.span.text for item in items.items] == ["{b: 1}", "[2]"]
    assert isinstance(flow, Sequence)
    assert [item.span.text for item in flow.items] == ["x: y", "3"]
    assert [item.flow for item in (*items.items, *flow.items) if isinstance(item, Mapping)] == [True, True]


# Bytes


def test_a_byte_order_mark_and_carriage_returns_change_no_place() -> None:
    """A file from a Windows editor reads like any other, and places count from the first character behind the mark."""
    tree = read_tree("x", b"\xef\xbb\xbfa: 1\r\nb: @2\r\n")
    assert told(tree) == [("SP004", "2:4", "@2")]


@pytest.mark.parametrize(
    ("data", "word"),
    [
        ("side: long".encode("utf-16"), "UTF-16"),
        ("side: long".encode("utf-16-be"), "UTF-16"),
        ("side: long".encode("utf-16-le"), "UTF-16"),
        ("side: long".encode("utf-32"), "UTF-32"),
    ],
)
def test_another_encoding_is_named(data: bytes, word: str) -> None:
    """What PowerShell writes with `>` is called by its name, with a byte order mark or without."""
    diagnostic = only(read_tree("x", data), kinds.NOT_UTF8)
    assert diagnostic.message == f"the file is written in {word}, and a plan is read as UTF-8"
    assert diagnostic.help == "save it as UTF-8"


@pytest.mark.parametrize(
    ("data", "place", "byte"),
    [
        (b"name: \xc3\xa9\nside: \xe9t\xe9\n", "2:7", "0xe9"),
        (b"a: x\xc3", "1:5", "0xc3"),
        (b"\x93BTC\x94", "1:1", "0x93"),
        (b"a: \xed\xa0\x80", "1:4", "0xed"),
    ],
)
def test_the_first_byte_that_is_not_utf8_is_shown(data: bytes, place: str, byte: str) -> None:
    """Latin-1, a cut character, a half of a pair: one diagnostic with the byte and its place in characters."""
    tree = read_tree("x", data)
    assert [found[:2] for found in told(tree)] == [("SP001", place)]
    assert byte in tree.diagnostics[0].message
    assert tree.root is None


def test_a_file_of_a_mebibyte_is_read_and_a_larger_one_is_not() -> None:
    """The limit is 1,048,576 bytes, bytes and not characters; one more is a diagnostic."""
    fits = b"a: " + b"x" * (1_048_576 - 3)
    assert read_tree("x", fits).diagnostics == ()
    assert "1,048,576 bytes" in only(read_tree("x", fits + b"x"), kinds.TOO_LARGE).message


@pytest.mark.parametrize("text", ["", "\n\n", "# nothing yet\n", "---\n", "\ufeff", " \t\n#\n---\n..."])
def test_an_empty_file_is_answered_with_the_shortest_plan(text: str) -> None:
    """Nothing, or nothing but comments: the help is a plan that can be pasted and read."""
    diagnostic = only(tree_of(text), kinds.EMPTY_FILE)
    plan = diagnostic.help.removeprefix("write at least ")
    tree = tree_of(plan)
    assert tree.diagnostics == ()
    assert isinstance(tree.root, Mapping)
    assert [entry.key.text for entry in tree.root.entries] == ["symbol", "side", "size", "tiers", "stop"]


def test_an_empty_option_is_an_empty_text() -> None:
    """As a value on the command line nothing is nothing; only a file has to hold a plan."""
    tree = parse_text(Source("--set", ""))
    assert tree == Tree(Scalar("", Span(tree.root.span.source, 0, 0)) if tree.root else None, ())
    assert shape(parse_text(Source("--set", "[150, 140]")).root) == ["150", "140"]


# Characters


@pytest.mark.parametrize(
    ("character", "words"),
    [
        ("\x00", "U+0000 (NUL) is invisible"),
        ("\x1b", "U+001B (escape) is invisible"),
        ("\x7f", "U+007F (delete) is invisible"),
        ("\x9b", "U+009B is invisible"),
        ("\ufeff", "U+FEFF (byte order mark) is invisible"),
        ("\ufffe", "U+FFFE is invisible"),
        ("\x85", "U+0085 (next line) ends a line for YAML but not in an editor"),
        ("\u2028", "U+2028 (line separator) ends a line for YAML but not in an editor"),
        ("\u2029", "U+2029 (paragraph separator) ends a line for YAML but not in an editor"),
    ],
)
def test_a_character_that_no_eye_sees_is_an_error_at_its_place(character: str, words: str) -> None:
    """It is told with its number, and where it stands counted in characters; the text around it is not guessed at."""
    tree = tree_of(f"a: 1\nb: \U0001f600x{character * 3}y\nc: 2\n")
    diagnostic = only(tree, kinds.CONTROL_CHARACTER)
    assert told(tree) == [("SP003", "2:6", character * 3)]
    assert words in diagnostic.message
    assert diagnostic.path == "b"
    assert shape(tree.root) == {"a": "1", "b": ..., "c": "2"}


def test_a_half_of_a_character_from_the_command_line_is_told() -> None:
    """A byte that is not UTF-8 arrives in an argument as a lone surrogate, which no encoder takes."""
    tree = parse_text(Source("--set", "x\udcff"))
    assert told(tree) == [("SP003", "1:2", "\udcff")]
    assert isinstance(tree.root, Unreadable)


def test_a_key_only_loses_what_cannot_be_seen_in_it() -> None:
    """The key is still the one that the trader sees, so that it is not called missing as well."""
    tree = tree_of("pri\ufeffce: 1\n")
    assert told(tree) == [("SP003", "1:4", "\ufeff")]
    assert shape(tree.root) == {"price": "1"}


def test_tabs_on_lines_that_seem_empty_are_fine() -> None:
    """An editor leaves them where the line above was indented; with a comment behind them they are still idle."""
    for libyaml in (True, False):
        tree = read_tree("x", b"\t\na:\n  \t\n\t# c\n  - 1\n\t\r\n  - 2\n\t", libyaml=libyaml)
        assert tree.diagnostics == ()
        assert shape(tree.root) == {"a": ["1", "2"]}


def test_tabs_between_values_and_any_letters_are_fine() -> None:
    """Only what cannot be seen is refused: tabs behind a colon, accents, emoji and Chinese are text."""
    tree = tree_of("name:\t\u9577\U0001f600\u00e9\u00a0x\u200d\t# \u202e\n")
    assert tree.diagnostics == ()
    assert shape(tree.root) == {"name": "\u9577\U0001f600\u00e9\u00a0x\u200d"}


# What is refused


def test_copies_are_refused_and_the_rest_is_read() -> None:
    """Anchor, alias and merge key are three diagnostics that say why; what an alias stands for is not filled in."""
    tree = tree_of("base: &b {x: 1}\ncopy: *b\nall:\n  <<: *b\n  y: 2\n")
    assert told(tree) == [("SP007", "1:7", "&b"), ("SP008", "2:7", "*b"), ("SP010", "4:3", "<<")]
    assert [diagnostic.path for diagnostic in tree.diagnostics] == ["base", "copy", "all"]
    assert all("a plan is read as it stands" in diagnostic.message for diagnostic in tree.diagnostics)
    assert shape(tree.root) == {"base": {"x": "1"}, "copy": ..., "all": {"y": "2"}}


def test_a_file_of_merge_keys_takes_no_time_at_all() -> None:
    """The merges that keep a YAML loader busy for seconds are passed over one by one."""
    lines = ["a0: &a0 {x: 1}"] + [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 9)]
    codes = {diagnostic.code for diagnostic in tree_of("\n".join(lines)).diagnostics}
    assert codes == {"SP007", "SP010"}


@pytest.mark.parametrize(
    ("text", "marked", "value"),
    [
        ("a: !!float 3", "!!float", "3"),
        ("a: !important", "!important", ...),
        ("a: !!python/object:os.system [x]", "!!python/object:os.system", ["x"]),
        ("a: !<tag:x> {b: 1}", "!<tag:x>", {"b": "1"}),
        ("a: !t\n  b: 1", "!t", {"b": "1"}),
    ],
)
def test_a_type_is_refused_and_its_value_read(text: str, marked: str, value: object) -> None:
    """No tag makes anything: the value is the text that stands behind it."""
    tree = tree_of(text)
    assert told(tree) == [("SP009", "1:4", marked)]
    assert shape(tree.root) == {"a": value}


def test_a_name_and_a_type_together_are_two_mistakes() -> None:
    """Each is told at its own place, in either order, and what stands behind both is read."""
    for text, first, second in (("a: &x !t 5", "&x", "!t"), ("a: !t # c\n  &x 5", "!t", "&x")):
        tree = tree_of(text)
        assert [marked for _, _, marked in told(tree)] == [first, second]
        assert [(node.span.text, shape(node)) for node, _ in leaves(tree.root)][1:] == [("5", "5")]


def test_of_two_equal_keys_the_first_stays_and_both_places_are_told() -> None:
    """The message has both values, the place is the second key, and the first is named as related."""
    tree = tree_of("stop: 118\nside: long\nstop: 120\n")
    diagnostic = only(tree, kinds.DUPLICATE_KEY)
    assert diagnostic.message == "`stop` is written twice: `118` on line 1, `120` here"
    assert told(tree) == [("SP011", "3:1", "stop")]
    assert [related.span.start for related in diagnostic.related] == [0]
    assert shape(tree.root) == {"stop": "118", "side": "long"}


def test_a_quoted_key_is_equal_to_the_plain_one() -> None:
    """How a key is written makes no difference to what it says."""
    assert told(tree_of("{a: 1, 'a': 2}")) == [("SP011", "1:8", "'a'")]


def test_a_second_document_is_told_and_left_alone() -> None:
    """A file holds one plan; nothing of the second one is read, not even its mistakes."""
    tree = tree_of("---\na: 1\n---\na: @2\n")
    assert told(tree) == [("SP012", "3:1", "---")]
    assert shape(tree.root) == {"a": "1"}
    assert tree.diagnostics[0].help == "move what follows into a file of its own"
    assert tree_of("a: 1\n--- # the end\n").diagnostics[0].help == "delete the line"


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("[a]: 1\nb: 2", "[a]"),
        ("{x: y}: 1\nb: 2", "{x: y}"),
        ("? - x\n: 1\nb: 2", "- x"),
        ("? |\n  x\n: 1\nb: 2", "|\n  x"),
        ("?\n: 1\nb: 2", ""),
    ],
)
def test_a_key_has_to_be_a_word(text: str, marked: str) -> None:
    """A list, a mapping, a block of text or nothing as a key is told, and its value goes with it."""
    tree = tree_of(text)
    assert [(code, found) for code, _, found in told(tree)] == [("SP014", marked)]
    assert shape(tree.root) == {"b": "2"}


def test_an_alias_as_a_key_is_told_once() -> None:
    """What is wrong with the key is that it is an alias; that it is no word is not told as well."""
    assert told(tree_of("*a : 1\nb: 2")) == [("SP008", "1:1", "*a")]


# Too much


@pytest.mark.parametrize(
    "text",
    [
        "[" * 25_000,
        "{" * 25_000,
        "- " * 25_000,
        "? " * 25_000,
        "[\n" * 25_000,
        "".join(f"{' ' * n}a:\n" for n in range(999)),
    ],
)
def test_nesting_ends_at_64(text: str) -> None:
    """The brackets that crash a loader are one diagnostic, as soon as the sixty-fifth is seen."""
    diagnostic = only(tree_of(text), kinds.TOO_DEEP)
    assert "64" in diagnostic.message


@pytest.mark.parametrize("libyaml", [True, False])
@pytest.mark.parametrize(("before", "path"), [("", ""), ("a: ", "a"), ("- - {b: ", "[0][0].b")])
def test_the_bracket_that_is_too_deep_is_marked(before: str, path: str, *, libyaml: bool) -> None:
    """The same bracket by every parser, though libyaml has a limit of its own since 0.2.6, and meets it reading ahead.

    Three levels are open behind `- - {b: `, one behind `a: `: the sixty-fifth is 64 brackets less these further on.
    """
    levels = {"": 0, "a: ": 1, "- - {b: ": 3}[before]
    tree = tree_of((before + "[" * 2000), libyaml=libyaml)
    found = only(tree, kinds.TOO_DEEP)
    assert found.span.start == len(before) + 64 - levels
    assert found.path == path + "[0]" * (64 - levels)


@pytest.mark.parametrize("libyaml", [True, False])
def test_many_brackets_hide_no_other_mistake(*, libyaml: bool) -> None:
    """Where YAML stops before the brackets are reached, that is told of the whole line, whatever limit a parser has."""
    found = only(tree_of(("a: 1\n" + "[" * 1200 + "\nb: 2"), libyaml=libyaml), kinds.NOT_YAML)
    assert (found.span.start, found.span.end) == (5, 5 + 1200)


def test_nesting_of_64_is_read() -> None:
    """The limit itself is allowed, in brackets and below keys."""
    assert tree_of("[" * 64 + "]" * 64).diagnostics == ()
    assert tree_of("".join(f"{' ' * n}a:\n" for n in range(64))).diagnostics == ()
    assert [diagnostic.code for diagnostic in tree_of("[" * 65 + "]" * 65).diagnostics] == ["SP005"]


def test_values_end_at_20000() -> None:
    """A list of 19,999 texts is 20,000 nodes and is read; one more is a diagnostic where it stands."""
    assert tree_of("[" + "1," * 19_999 + "]").diagnostics == ()
    tree = tree_of("[" + "1," * 20_000 + "]")
    assert "20,000" in only(tree, kinds.TOO_MANY_NODES).message
    assert tree.diagnostics[0].span.start == 1 + 2 * 19_999
    assert tree.root is None


def test_what_ends_the_reading_is_told_whatever_else_there_is() -> None:
    """Twenty problems of a kind are listed and the others counted; so is the one that says why the reading stopped."""
    tree = tree_of("a: 1\n" * 15_000)
    codes = [diagnostic.code for diagnostic in tree.diagnostics]
    # 20,000 nodes are the root and 9,999 whole entries, all but the first of them repetitions.
    assert codes.count("SP006") == 1
    assert codes.count("SP011") == 20
    rest = next(diagnostic for diagnostic in tree.diagnostics if diagnostic.kind is kinds.TOO_MANY_PROBLEMS)
    assert rest.message == f"{9_999 - 1 - 20:,} more of SP011 duplicate-key are not listed"
    assert rest.counts_as == 9_999 - 1 - 20


def test_few_problems_are_all_listed() -> None:
    """Up to twenty of a kind nothing is left out; of twenty-one the last is counted, and the other kinds are listed."""
    assert len(tree_of("- *a\n" * 20).diagnostics) == 20
    diagnostics = tree_of("- *a\n" * 21 + "- &b 1\n").diagnostics
    assert [diagnostic.code for diagnostic in diagnostics] == ["SP008"] * 20 + ["SP017", "SP007"]
    assert diagnostics[20].message == "1 more of SP008 alias is not listed"


@pytest.mark.parametrize(
    "text",
    [
        "'" * 1_048_575,
        "#" * 1_048_576,
        "#\n" * 524_288,
        "\0" * 1_048_576,
        "\0a" * 524_288,
        "- &a 1\n" * 149_796,
        "a: b: c\n" * 131_072,
        "a: 1\n" + "#\n" * 500_000 + "b\nc: 1",
        "\n" * 1_048_560 + "b c\nd: 1",
        "a: x" + "[" * 1_048_500 + "\n b: @",
        "? " + "k" * 500_000 + "\n: [" + "a," * 5_000 + "]",
        "a: |\n x" + " \n" * 500_000 + "b: 1",
    ],
)
def test_a_mebibyte_of_anything_is_answered_quickly(text: str) -> None:
    """Nothing is looked at more often than a few times, so no text of the allowed size takes seconds."""
    # The test that would hang or take minutes is the one that fails; 0.2 s each is what it takes.
    assert_sound(tree_of(text))


# Comments


def test_comments_are_found_outside_texts() -> None:
    """A `#` in a text is none: quoted, in a block, or without a space before it."""
    text = '# one\na: "x # y" # two\nb: c#d #three\ne: |\n  # not\n  # this\nf: [1,# four\n  2]\n#five'
    tree = tree_of(text)
    found = comments(Source("x", text), tree.root)
    assert [comment.text for comment in found] == ["# one", "# two", "#three", "# four", "#five"]


def test_comments_end_with_their_line() -> None:
    """What ends the line is not part of the comment, whatever it is."""
    found = comments(Source("x", "# a\r\n# b\r# c\n"), None)
    assert [comment.text for comment in found] == ["# a", "# b", "# c"]


def test_a_text_cut_at_a_hash_is_a_warning() -> None:
    """`break of level #2` is read as `break of level`: told with what was read, what was lost, and a way out."""
    tree = tree_of("tiers:\n  - {price: 60000}\n  - trigger: break of level #2 holds \n")
    diagnostic = only(tree, kinds.TEXT_CUT_AT_HASH)
    assert diagnostic.severity is Severity.WARNING
    assert told(tree) == [("SP015", "3:14", "break of level #2 holds")]
    assert diagnostic.path == "tiers[1].trigger"
    assert "`break of level`" in diagnostic.message
    assert "`#2 holds`" in diagnostic.message
    assert diagnostic.help.startswith('put quotes around the text: "break of level #2 holds"; ')


@pytest.mark.parametrize(
    "text",
    [
        "a: break # of level 2",
        "a: 'break' #2",
        "a: 60000 #entry",
        "a: break of level#2",
        "a: x ## y",
        "a: x\n#y",
        "a: x #",
    ],
)
def test_what_is_meant_as_a_comment_is_not_warned_of(text: str) -> None:
    """A space behind the hash, a figure before it, quotes, or a line of its own say that it is a comment."""
    assert tree_of(text).diagnostics == ()


# Any input


@given(st.binary(max_size=200))
@example(b"%TAG ! x\n")
@example(b'"\\U00110000"')
@example(b"- x\n--- [")
def test_any_bytes_at_all_never_raise(data: bytes) -> None:
    """Whatever a file holds, there is a tree or a diagnostic, and every place lies in the text."""
    for libyaml in (True, False):
        assert_sound(read_tree("x", data, libyaml=libyaml))


@given(st.text(alphabet=ALPHABET, max_size=80))
@settings(max_examples=300)
def test_any_text_of_signs_never_raises(text: str) -> None:
    """Nor does what is made of nothing but the characters that mean something to YAML."""
    for libyaml in (True, False):
        assert_sound(tree_of(text, libyaml=libyaml))


WORDS = (
    st.text(alphabet="abc\u00e9\u9577\U0001f600 1%", min_size=1, max_size=12)
    .map(str.strip)
    .filter(lambda word: word and word[0] != "%")
)
STYLES = st.sampled_from(["plain", "single", "double"])


@st.composite
def written(draw: st.DrawFn, depth: int = 0) -> tuple[str, list[tuple[str, str]]]:
    """A value in brackets as a trader may write it, and of each text in it what was typed and what it says."""
    kind = draw(st.sampled_from(["text", "list", "mapping"])) if depth < 3 else "text"
    if kind == "text":
        word = draw(WORDS)
        typed = {"plain": word, "single": f"'{word}'", "double": f'"{word}"'}[draw(STYLES)]
        return typed, [(typed, word)]
    parts: list[str] = []
    texts: list[tuple[str, str]] = []
    for number in range(draw(st.integers(0, 3))):
        inner, inner_texts = draw(written(depth=depth + 1))
        if kind == "mapping":
            texts.append((f"k{number}", f"k{number}"))
            inner = f"k{number}:{draw(st.sampled_from([' ', '  ']))}{inner}"
        parts.append(inner)
        texts += inner_texts
    between = "," + draw(st.sampled_from([" ", "  ", "\n   ", "\r\n  ", " # it's\n  "]))
    opening, closing = ("[", "]") if kind == "list" else ("{", "}")
    return f"{opening}{between.join(parts)}{closing}", texts


@given(st.lists(written(), min_size=1, max_size=4), st.sampled_from(["\n", "\r\n", "  # one\n", "\n\n# two\n"]))
def test_places_slice_back_to_what_was_typed(values: list[tuple[str, list[tuple[str, str]]]], end: str) -> None:
    """For any lists, mappings and texts, a text's span is what was typed, in the order typed, with both parsers."""
    text = "".join(f"- {value}{end}" for value, _ in values)
    expected = [pair for _, texts in values for pair in texts]
    for libyaml in (True, False):
        tree = tree_of(text, libyaml=libyaml)
        assert tree.diagnostics == ()
        found = [(node.span.text, node.text) for node, _ in leaves(tree.root) if isinstance(node, Scalar)]
        assert found == expected
        assert_sound(tree)


# Both parsers


@pytest.mark.parametrize(
    "text",
    [
        *(path.read_text(encoding="utf-8") for path in sorted(PLANS.rglob("*.yaml"))),
        "a: &b !c\n  - 1\n  - *b\n<<: {x: 1}\na: 2\n",
        "a: |\n  x\n\n\nb: >-\n  y\n  z\nc: 'x\n  y'\r\nd: one\n  two # c\n",
        "a: @1\nb: [1, 2}\nc: x: y\nd: 'x' y\n- z\n",
        "a:\n  b: 1\n c: 2\n",
        "tiers: [1, 2\nstop: 3\n",
        'name: "abc\nstop: 3\n',
        "a: 1\n...\nb: 2\n",
        "%YAML 1.1\na: 1\n",
        "a b\nc: 1\n",
        "a: > 5\nb: *\nc: & x\nd: !a!b x\n",
        "? [a]\n: {b, c: , ? d}\n",
    ],
)
def test_both_parsers_read_the_same(text: str) -> None:
    """Where PyYAML comes without libyaml, its own parser gives the same tree, places and diagnostics."""
    one, other = (tree_of(text, libyaml=libyaml) for libyaml in (True, False))
    assert with_places(one.root) == with_places(other.root)
    assert told(one) == told(other)
    assert [each.message for each in one.diagnostics] == [each.message for each in other.diagnostics]


def test_codes_and_names_of_the_kinds_are_unique() -> None:
    """A code is permanent and means one thing; all of them are in KINDS."""
    assert len({kind.code for kind in kinds.KINDS}) == len({kind.name for kind in kinds.KINDS}) == len(kinds.KINDS)
    assert set(kinds.KINDS) == {value for value in vars(kinds).values() if isinstance(value, Kind)}
    assert all(kind.code.startswith("SP0") for kind in kinds.KINDS)
