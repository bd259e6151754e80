"""Nodes from events, one after the other, without recursion; what a plan may not use is told and passed over.

Three things end the reading, because whoever wrote them did not write a plan: too deep, too many values, and a text
that is no YAML. All else is told and the rest of the tree kept: an alias becomes `Unreadable`, of two equal keys the
first stays, a second document is left alone.
"""

import re

from scaleplan.diagnostic import Diagnostic, Help, Kind, Related, problem
from scaleplan.source import Source, Span
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence, Unreadable, item_path, key_path, kinds
from scaleplan.tree.collector import Collector
from scaleplan.tree.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    events,
)
from scaleplan.tree.quoting import QUOTED, in_quotes, quote, quote_help
from scaleplan.tree.text import Marks

_BRACKETS = ("[", "{")


#: Open lists and mappings; a plan needs five.
DEPTH = 64
#: Texts, lists and mappings; a plan of forty tiers has about four hundred.
NODES = 20_000
#: The same for a file of terms by symbol, whose keys all have a `/`: a whole exchange of 700 symbols has about 60,000.
SYMBOL_NODES = 150_000

_STARTS = (MappingStartEvent, SequenceStartEvent)
_ENDS = (MappingEndEvent, SequenceEndEvent)
_BLOCK_STYLES = ("|", ">")
_COLON = re.compile(r"[ \t\r\n]*:")
_BLANK = " \t\r\n"
_MORE = re.compile(r"^[ \t]*[^\s#]", re.MULTILINE)
#: Why a plan may not copy or convert.
_AS_IT_STANDS = "a plan is read as it stands"

_PROPERTY = re.compile(r"!<[^>\s]*>|[&!][^\s,\[\]{}]*")
_BETWEEN = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+")


class Frame:
    """What is known so far. `reach` is where the last thing in it ends; of equal keys the first entry stays."""

    __slots__ = ("bracketed", "entries", "flow", "is_mapping", "items", "key", "key_kept", "reach", "start")

    def __init__(self, text: str, start: int, *, is_mapping: bool, flow: bool) -> None:
        """Begins at `start`; one pair inside a list, `[a: 1]`, is of flow style but has no bracket of its own."""
        self.start = start
        self.reach = start
        self.is_mapping = is_mapping
        self.flow = flow
        self.bracketed = flow and text.startswith(_BRACKETS, start)
        self.items: list[Node] = []
        self.entries: dict[str, Entry] = {}
        self.key: Scalar | None = None
        self.key_kept = True

    def node(self, source: Source, end: int) -> Node:
        """Returns the list or mapping, which ends at `end`, or where its last value does if no bracket ends it."""
        span = Span(source, self.start, max(self.start, end if self.bracketed else self.reach))
        if self.is_mapping:
            return Mapping(tuple(self.entries.values()), span, self.flow)
        return Sequence(tuple(self.items), span)

    @property
    def waits_for_key(self) -> bool:
        """Returns whether the next node is a key."""
        return self.is_mapping and self.key is None


def path_of(frames: list[Frame]) -> str:
    """Returns the path of the value that is due next; of a mapping whose key is due, that of the mapping."""
    path = ""
    for frame in frames:
        if not frame.is_mapping:
            path = item_path(path, len(frame.items))
        elif frame.key is not None:
            path = key_path(path, frame.key.text)
    return path


class Stop(Exception):  # noqa: N818 - a decision, not an error of the program
    """The reading ends here, and the diagnostic says why."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        """Carries the reason."""
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


class Builder:
    """Builds the tree of one text; `text` is the source's with some characters painted over, every place unchanged.

    A text among the places `masked` is one of which a mistake has been told, and becomes `Unreadable`; so does one
    among the places `unwelcome`, which hold refused characters.
    """

    def __init__(self, source: Source, text: str, masked: Marks, unwelcome: Marks) -> None:
        """Begins with an empty tree."""
        self.collector = Collector()
        self.last_scalar: Span | None = None
        self.reached = 0
        self.unreadable: list[tuple[int, int, str]] = []
        self._source = source
        self._text = text
        self._masked = masked
        self._unwelcome = unwelcome
        # Of most texts every character is what was meant.
        self._is_clean = not masked and not unwelcome
        self._frames: list[Frame] = []
        self._root: Node | None = None
        self._nodes = 0
        self._most = NODES

    def build(self, *, libyaml: bool) -> Node | None:
        """Reads to the end and returns the root; raises `Stop` or `Broken` where reading cannot go on."""
        documents = 0
        source, is_clean, add = self._source, self._is_clean, self._add
        for event, start, end in events(self._text, libyaml=libyaml):
            self.reached = end
            if isinstance(event, ScalarEvent):
                if is_clean and start != end and not event.style and event.anchor is None and event.tag is None:
                    # Nearly all that a plan holds, without the questions that other texts ask.
                    self._nodes += 1
                    if self._nodes > self._most:
                        self._allow_more(start)
                    self.last_scalar = span = Span(source, start, end)
                    add(Scalar(event.value, span), end)
                else:
                    self._scalar(event, start, end)
            elif isinstance(event, _STARTS):
                self._start(event, start, end)
            elif isinstance(event, _ENDS):
                frame = self._frames.pop()
                self._add(frame.node(self._source, end), end if frame.bracketed else frame.reach)
            elif isinstance(event, AliasEvent):
                self._alias(start, end)
            elif isinstance(event, DocumentStartEvent):
                documents += 1
                if documents > 1:
                    self._second_document(start, end)
                    break
        return self._root

    @property
    def brackets(self) -> list[int]:
        """Returns where the brackets stand that have been read and are still open."""
        return [frame.start for frame in self._frames if frame.bracketed]

    # What the events say

    def _scalar(self, event: ScalarEvent, start: int, end: int) -> None:
        self._nodes += 1
        if self._nodes > self._most:
            self._allow_more(start)
        style = event.style
        is_block = style in _BLOCK_STYLES
        if event.anchor is not None or event.tag is not None:
            start = self._properties(start, end, is_text=True)
            if start == end:
                self._add(Unreadable(self._span(start, end)), end)
                return
        if is_block:
            end = start + len(self._text[start:end].rstrip(_BLANK))
        elif start == end and not style:
            start = end = self._empty_place(end)
        self.last_scalar = span = self._span(start, end)
        if self._is_clean:
            node: Scalar | Unreadable = Scalar(event.value, span, not style)
        else:
            node = self._readable(event.value, span, is_plain=not style)
        self._add(node, end, is_block=is_block)

    def _readable(self, text: str, span: Span, *, is_plain: bool) -> Scalar | Unreadable:
        """Returns a text, unless its characters are not what was meant. A key only loses what cannot be seen in it."""
        _, start, end = span
        # Of a value of one character nothing may be left but the place behind its key.
        if self._masked.within(start, max(end, start + 1)):
            self.unreadable.append((start, end, path_of(self._frames)))
            return Unreadable(span)
        if self._unwelcome.within(start, end):
            self.unreadable.append((start, end, path_of(self._frames)))
            if not (self._frames and self._frames[-1].waits_for_key):
                return Unreadable(span)
            text = text.replace("\ufffd", "")
        return Scalar(text, span, is_plain)

    def _start(self, event: MappingStartEvent | SequenceStartEvent, start: int, end: int) -> None:
        self._nodes += 1
        if self._nodes > self._most:
            self._allow_more(start)
        if event.anchor is not None or event.tag is not None:
            start = self._properties(start, end if event.flow_style else len(self._text), is_text=False)
        if len(self._frames) >= DEPTH:
            message = f"lists and keys are nested deeper than {DEPTH} levels here, so the file was not read"
            raise Stop(self._problem(kinds.TOO_DEEP, start, start + 1, message, "close the brackets that are open"))
        is_mapping = isinstance(event, MappingStartEvent)
        self._frames.append(Frame(self._text, start, is_mapping=is_mapping, flow=bool(event.flow_style)))

    def _alias(self, start: int, end: int) -> None:
        self._nodes += 1
        if self._nodes > self._most:
            self._allow_more(start)
        if not self._is_under_merge_key() and self.collector.has_room(kinds.ALIAS, self._span(start, end)):
            alias = self._source.text[start:end]
            message = f"{quote(alias)} copies a value from elsewhere (a YAML alias), and {_AS_IT_STANDS}"
            remedy = "write the value itself here"
            if len(alias) < QUOTED:
                remedy += f", or {in_quotes(alias)} if it is meant as text"
            self.collector.add(self._problem(kinds.ALIAS, start, end, message, remedy))
        self._add(Unreadable(self._span(start, end)), end)

    def _second_document(self, start: int, end: int) -> None:
        message = "a second plan (a YAML document) begins here, and a file holds one"
        remedy = "move what follows into a file of its own" if _MORE.search(self._text, end) else "delete the line"
        self._tell(kinds.SECOND_DOCUMENT, start, end, message, remedy)

    # Where the nodes go

    def _add(self, node: Node, end: int, *, is_block: bool = False) -> None:
        if not self._frames:
            self._root = node
            return
        parent = self._frames[-1]
        if end > parent.reach:  # noqa: PLR1730 - `max` takes three times as long
            parent.reach = end
        if not parent.is_mapping:
            parent.items.append(node)
        elif parent.key is None:
            self._add_key(parent, node, is_block=is_block)
        else:
            if parent.key_kept:
                entry = Entry(parent.key, node)
                first = parent.entries.setdefault(parent.key.text, entry)
                if first is not entry:
                    self._written_twice(first, entry)
            parent.key = None

    def _add_key(self, parent: Frame, node: Node, *, is_block: bool) -> None:
        if isinstance(node, Scalar) and not is_block and (node.text or not node.plain):
            parent.key_kept = node.text != "<<" or not node.plain
            if not parent.key_kept:
                message = f"`<<` merges the keys of another mapping into this one, and {_AS_IT_STANDS}"
                start, end = node.span.start, node.span.end
                self._tell(kinds.MERGE_KEY, start, end, message, "write the keys themselves here")
            parent.key = node
            return
        parent.key_kept = False
        parent.key = Scalar("", node.span)
        if not isinstance(node, Unreadable):
            what = "a mapping in braces" if isinstance(node, Mapping) else "a list"
            if isinstance(node, Scalar):
                what = "a block of text" if is_block else "nothing"
            message = f"{what} stands where a key was due"
            is_bracketed = parent.bracketed and not isinstance(node, Scalar)
            remedy = "close the `{` before it, or write a key" if is_bracketed else "write a word before the colon"
            self._tell(kinds.KEY_NOT_TEXT, node.span.start, node.span.end, message, remedy)

    def _written_twice(self, first: Entry, entry: Entry) -> None:
        key = entry.key
        if self.collector.has_room(kinds.DUPLICATE_KEY, key.span):
            message = f"{quote(key.text)} is written twice"
            if isinstance(first.value, Scalar) and isinstance(entry.value, Scalar):
                line = self._source.position(first.key.span.start).line
                message += f": {quote(first.value.text)} on line {line}, {quote(entry.value.text)} here"
            related = [Related(first.key.span, "first written here")]
            path = path_of(self._frames)
            remedy = "keep one of the two"
            self.collector.add(problem(kinds.DUPLICATE_KEY, key.span, path, message, remedy, related))

    def _is_under_merge_key(self) -> bool:
        return any(frame.key is not None and not frame.key_kept and frame.key.text == "<<" for frame in self._frames)

    # Small things

    def _span(self, start: int, end: int) -> Span:
        return Span(self._source, start, end)

    def _problem(self, kind: Kind, start: int, end: int, message: str, remedy: str) -> Diagnostic:
        span = self._span(start, min(end, len(self._text)))
        return problem(kind, span, path_of(self._frames), message, remedy)

    def _tell(self, kind: Kind, start: int, end: int, message: str, remedy: str) -> None:
        if self.collector.has_room(kind, self._span(start, end)):
            self.collector.add(self._problem(kind, start, end, message, remedy))

    def _allow_more(self, at: int) -> None:
        """Goes on past the bound of a plan in a file of symbols. Raises `Stop` in any other, and past their bound."""
        root = self._frames[0] if self._frames else None
        is_of_symbols = root is not None and root.entries and all("/" in key for key in root.entries)
        if self._most == NODES and is_of_symbols:
            self._most = SYMBOL_NODES
            return
        message = f"the file has more than {self._most:,} values, so it was not read to the end"
        remedy = "name the file of a plan: most have less than a hundred"
        raise Stop(self._problem(kinds.TOO_MANY_NODES, at, at, message, remedy))

    def _properties(self, start: int, end: int, *, is_text: bool) -> int:
        """Reports an anchor and a tag in front of a node. Returns where the node itself begins."""
        places, node_start = _properties(self._text, start, end)
        for found in places:
            kind = _kind_of(self._text, found)
            if self.collector.has_room(kind, self._span(*found)):
                value = self._source.text[found[0] : end] if is_text else None
                self.collector.add(_refused(self._source, found, path_of(self._frames), value))
        return node_start

    def _empty_place(self, at: int) -> int:
        """Returns where a value that was left out would stand: behind its colon or, without one, behind its key."""
        key = self._frames[-1].key if self._frames else None
        if key is None:
            return at
        match = _COLON.match(self._text, key.span.end)
        return min(at, match.end() if match else key.span.end)


def _properties(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], int]:
    """Returns where the anchor and the tag stand, and where the value begins. Nothing is read past `end`."""
    places = []
    while start < end and (match := _PROPERTY.match(text, start, end)):
        places.append(match.span())
        between = _BETWEEN.match(text, match.end(), end)
        start = between.end() if between else match.end()
    return places, start


def _kind_of(text: str, place: tuple[int, int]) -> Kind:
    """Returns the kind of mistake that one of them is."""
    return kinds.ANCHOR if text.startswith("&", place[0]) else kinds.TAG


def _refused(source: Source, place: tuple[int, int], path: str, value: str | None) -> Diagnostic:
    """Returns the diagnostic for one of them; `value` is all that was typed, if it may be meant as text."""
    span = Span(source, *place)
    kind = _kind_of(source.text, place)
    means = "names a value so that it can be copied (a YAML anchor)"
    if kind is kinds.TAG:
        means = "gives a value a type (a YAML tag)"
    message = f"{quote(span.text)} {means}, and {_AS_IT_STANDS}"
    is_number = value is not None and value[len(span.text) :].strip()[:1].isdigit()
    is_deleted = value is None or is_number or span.text.startswith("!!")
    remedy = Help("delete it", ("",)) if is_deleted or value is None else quote_help(value)
    return problem(kind, span, path, message, remedy)
