"""The reader goes from nodes to values and collects every mistake on the way; it never stops at the first.

A value that could not be read is `None`, and its mistake is in `diagnostics`; what depends on it is passed over.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from scaleplan.decode.changes import added, any_of, begin_of, replacement, uncut, was_cut, written_long
from scaleplan.decode.keys import Section
from scaleplan.decode.kinds import CUT_AT_COMMA, EMPTY_VALUE, MISSING_KEY, UNKNOWN_KEY, WRONG_SHAPE
from scaleplan.diagnostic import Diagnostic, Help, Kind, Related, problem, write
from scaleplan.quantity.form import NOT_ONE_OF, Mistake
from scaleplan.quantity.number import quote
from scaleplan.source import Source, Span
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence, Unreadable, key_path
from scaleplan.tree.collector import Collector
from scaleplan.tree.quoting import in_quotes
from scaleplan.tree.text import plain_blanks

if TYPE_CHECKING:
    from scaleplan.decode.examples import Examples

_Value = TypeVar("_Value")
_Choice = TypeVar("_Choice", bound=StrEnum)


class Fields(dict[str, Node]):
    """The nodes of a mapping's known keys; `path` is the mapping's own."""

    __slots__ = ("path",)

    def __init__(self, path: str) -> None:
        self.path = path

    def at(self, name: str) -> tuple[Node | None, str]:
        """Returns the node of a key and its path; where the key is not written, neither."""
        if name not in self:
            return None, ""
        return self[name], f"{self.path}.{name}" if self.path else name


#: Stands in for what is no mapping.
NO_FIELDS = Fields("")
_NO_PLAN = Mapping((), Span(Source("", ""), 0, 0))


class Reader:
    """Collects diagnostics while nodes become values."""

    __slots__ = ("_asked", "_collector", "root")

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        """Begin with what has been found before."""
        self._collector = Collector()
        #: The instrument's keys that have been asked for.
        self._asked: set[str] = set()
        #: The plan, of whose own words examples are made.
        self.root: Mapping | None = None
        self.add(found)

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """All reported so far; of a kind that a file is full of the first, and one that counts the others."""
        return self._collector.found

    @property
    def count(self) -> int:
        """The number of mistakes, with those that are counted but not listed."""
        return sum(diagnostic.counts_as for diagnostic in self.diagnostics)

    def add(self, found: Iterable[Diagnostic]) -> None:
        """Takes over what has been found elsewhere."""
        self._collector.extend(found)

    def has_room(self, kind: Kind, span: Span) -> bool:
        """Returns whether another mistake of a kind would be listed; if not, counts it. Asked before a dear message."""
        return self._collector.has_room(kind, span)

    def report(
        self, kind: Kind, span: Span, path: str, message: str, help: str, related: Iterable[Related] = ()
    ) -> None:
        """Adds a mistake."""
        self._collector.add(problem(kind, span, path, message, help, related))

    def fields(self, section: Section, node: Node, path: str) -> Fields | None:
        """Returns the known keys of a mapping and their nodes; reports unknown, empty and missing keys."""
        if isinstance(node, Unreadable):
            return None
        if not isinstance(node, Mapping):
            example = ", ".join(f"{key.name}: ..." for key in section.keys[:2])
            message = f"{shape(node)} stands where {section.name} belongs"
            self.report(WRONG_SHAPE, node.span, path, message, f"write {{{example}}}")
            return None
        known = section.known
        fields = Fields(path)
        meant: dict[str, Span] = {}
        for index, entry in enumerate(node.entries):
            name = entry.key.text
            if name not in known:
                near = self._unknown(section, node, index, key_path(path, name))
                if near:
                    meant[near] = entry.value.span
            elif is_empty(entry.value):
                self.empty(entry.key.span, key_path(path, name), name, entry.value)
                fields[name] = Unreadable(entry.value.span)
            else:
                fields[name] = entry.value
        # A misspelt key is not missing too: what was meant by it has been reported, and is passed over from here on.
        for name, span in meant.items():
            fields.setdefault(name, Unreadable(span))
        for key in section.required:
            if key.name not in fields:
                message = f"{section.name} needs {quote(key.name)}, and it is missing"
                self.missing(key.name, node, path, message, any_of(self.examples().lines(section, key, path), node))
        return fields

    def examples(self) -> "Examples":
        """Returns examples made of the plan's own words."""
        from scaleplan.decode.examples import Examples  # noqa: PLC0415 - paid for only where something is missing

        return Examples(self.root or _NO_PLAN)

    def added(self, owner: str, line: str, more: str = "") -> Help:
        """Returns the help that adds a line to the plan, or under the key that is its `owner`."""
        return added(self.root or _NO_PLAN, owner, line, more)

    def empty(self, span: Span, path: str, name: str, node: Node) -> None:
        """Reports a key, or an item of a list, without a value."""
        word = node.span.text if isinstance(node, Scalar) and node.text else ""
        message = f"{quote(name)} has no value" + (f": YAML's {quote(word)} means nothing" if word else "")
        help = f"write a value instead of {quote(word)}" if word else "write a value behind the colon"
        self.report(EMPTY_VALUE, node.span if word else span, path, message, f"{help}, or delete the line")

    def missing(self, name: str, node: Node, path: str, message: str, help: str) -> None:
        """Reports that a mapping lacks a key, at the mapping's first key."""
        self.ask(name, begin_of(node), path, message, help)

    def ask(self, name: str, span: Span, path: str, message: str, help: str) -> None:
        """Reports at `span` that the key `name` is missing, and remembers that it has been asked for."""
        before = len(self.diagnostics)
        self.report(MISSING_KEY, span, path, message, help)
        if any(diagnostic.kind is MISSING_KEY for diagnostic in self.diagnostics[before:]):
            self._asked.add(name)

    def lacks(self, node: Node, path: str, name: str, message: str, help: str) -> None:
        """Reports at `node` that a key of the instrument is missing: once, and not where that is wrong already."""
        if name not in self._asked and not any(
            diagnostic.path.startswith(("instrument", "venue")) for diagnostic in self.diagnostics
        ):
            self.ask(name, node.span, path, message, help)

    def _unknown(self, section: Section, node: Mapping, index: int, path: str) -> str | None:
        """Reports an unknown key. Returns the known key that it was probably meant to be."""
        entry = node.entries[index]
        before = node.entries[index - 1] if index else None
        if node.flow and before is not None and was_cut(before, entry):
            self._cut(before, entry, path)
            return None
        if not self.has_room(UNKNOWN_KEY, entry.key.span):
            return None
        from scaleplan.decode.trade_words import meaning_of, short_with_a_key  # noqa: PLC0415 - paid for only where one is unknown

        short = short_with_a_key(entry, section)
        if short:
            message = f"{quote(entry.key.text)} is no key"
            self.report(UNKNOWN_KEY, entry.key.span, path, message, written_long(entry, short))
            return "price"
        written = {other.key.text for other in node.entries}
        typed = entry.value.span.text if isinstance(entry.value, Scalar) else ""
        meant = meaning_of(entry.key.text, typed, section, written)
        message = f"{quote(entry.key.text)} is not a key of {section.name}"
        self._asked.add(meant.inside)
        help = meant.help
        if meant.whole or meant.is_deleted:
            help = Help(help, (), replacement(node, index, meant.whole))
        self.report(UNKNOWN_KEY, entry.key.span, path, message, help)
        return meant.key or None

    def _cut(self, before: Entry, entry: Entry, path: str) -> None:
        read, lost = before.value.span.text, entry.key.text
        help = uncut(before, entry)
        self.report(
            CUT_AT_COMMA,
            entry.key.span,
            path,
            f"the comma ended the value: {quote(before.key.text)} reads as {quote(read)}, and {quote(lost)} as a key",
            help,
            [Related(before.value.span, f"{quote(before.key.text)} ends here")],
        )

    def text(self, node: Node | None, path: str) -> str | None:
        """Reads a scalar's text as typed."""
        if node is None or isinstance(node, Unreadable):
            return None
        if isinstance(node, Scalar):
            return node.text
        help = Help("write a text")
        if isinstance(node, Mapping) and not node.flow and node.entries:
            words = node.span.text.splitlines()[0].strip()
            is_line = len(node.entries) == 1 and node.span.text.strip() == words
            help = Help(f"put the text in quotes: `{in_quotes(words)}`", (in_quotes(words),) if is_line else ())
            message = f"a colon and a blank made {quote(words)} a key and its value"
        else:
            message = f"{shape(node)} stands where a text belongs"
        self.report(WRONG_SHAPE, node.span, path, message, help)
        return None

    def form(self, node: Node | None, path: str, read: Callable[[str], _Value | Mistake]) -> _Value | None:
        """Reads a scalar in a written form, and reports its mistake."""
        if node is None:
            return None
        text = self.word(node, path)
        if text is None:
            return None
        value = read(text)
        if not isinstance(value, Mistake):
            return value
        self.mistake(value, node, path)
        return None

    def word(self, node: Node | None, path: str) -> str | None:
        """Reads a scalar's text without blanks around it; reports a list or a mapping in its place."""
        if node is None or isinstance(node, Unreadable):
            return None
        if is_empty(node):
            self.empty(node.span, path, path, node)
            return None
        if isinstance(node, Scalar):
            # Blanks that do not break, as pasted from pages, are blanks.
            return plain_blanks(node.text.strip())
        self.report(
            WRONG_SHAPE, node.span, path, f"{shape(node)} stands where one value belongs", "write a single value"
        )
        return None

    def mistake(self, mistake: Mistake, node: Node, path: str) -> None:
        """Reports a mistake of form at the node that has it."""
        self.report(mistake.kind, node.span, path, mistake.message, mistake.help)

    def choice(self, node: Node | None, path: str, choices: type[_Choice]) -> _Choice | None:
        """Reads a scalar that is one of a few words, in any case."""
        if node is None:
            return None

        def read(text: str) -> _Choice | Mistake:
            try:
                return choices(text.lower())
            except ValueError:
                from scaleplan.decode.trade_words import value_of  # noqa: PLC0415 - paid for only where something is wrong

                near = value_of(text, [word.value for word in choices])
                listed = ", ".join(f"`{word}`" for word in choices)
                return Mistake(
                    NOT_ONE_OF,
                    f"{quote(text)} is none of {listed}",
                    write(near) if near else Help(f"write one of {listed}"),
                )

        return self.form(node, path, read)

    def texts(self, node: Node | None, path: str) -> tuple[str, ...]:
        """Reads a text, or a list of them."""
        if isinstance(node, Sequence):
            found = [self._item_text(item, f"{path}[{index}]") for index, item in enumerate(node.items)]
            return tuple(text for text in found if text)
        text = self.text(node, path)
        return (text,) if text else ()

    def _item_text(self, item: Node, path: str) -> str | None:
        if not is_empty(item) or not item.span.text:
            return self.text(item, path)
        self.empty(item.span, path, path, item)
        return None


#: What YAML reads as no value at all, beside nothing.
_NOTHING = frozenset({"", "~", "null"})


def is_empty(node: Node) -> bool:
    """Returns whether a value is none: nothing is written, or `null` or `~` without quotes."""
    return isinstance(node, Scalar) and node.plain and node.text.lower() in _NOTHING


def shape(node: Node) -> str:
    """Says what a node is, in a trader's words."""
    if isinstance(node, Mapping):
        return "a mapping (`key: value`)"
    if isinstance(node, Sequence):
        return "a list"
    return f"the text {quote(node.text)}" if isinstance(node, Scalar) else "something unreadable"


def nearest(word: str, known: Iterable[str], *, letters: int = 2) -> str | None:
    """Returns the known word of which a word is a misspelling, by as many letters at most."""
    from scaleplan.decode.trade_words import slip_of  # noqa: PLC0415 - paid for only where something is wrong

    return slip_of(word, known, letters=letters)
