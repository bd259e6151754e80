"""Bytes or a text to a tree: decoded, looked through for refused characters, and read past what can be read past.

A syntax error stops a parser for good. Where it is clear what was meant, as in `price: @60000`, the characters in
question are painted over and the text is read again, so that one run tells of every mistake of a plan; what was
painted over becomes `Unreadable`.
"""

from typing import TYPE_CHECKING

from scaleplan.diagnostic import Diagnostic, Related, in_order, problem
from scaleplan.source import Source, Span
from scaleplan.tree import Node, Scalar, Tree
from scaleplan.tree.build import Builder, Stop
from scaleplan.tree.collector import LISTED
from scaleplan.tree.comments import cut_texts
from scaleplan.tree.events import LIBYAML, Broken
from scaleplan.tree.kinds import CONTROL_CHARACTER, EMPTY_FILE, TEXT_CUT_AT_HASH
from scaleplan.tree.quoting import quote, quoted_help
from scaleplan.tree.text import (
    BYTES,
    Marks,
    decode_text,
    has_wide_blanks,
    too_large,
    too_many_orders,
    unwelcome,
    unwelcome_character,
    without_idle_tabs,
    without_unwelcome,
    without_wide_blanks,
)

if TYPE_CHECKING:
    from scaleplan.tree.syntax.trouble import Fault, Mask

#: How often a text is read again past a syntax error, and how many characters that may cost altogether.
ROUNDS = 20
CHARACTERS = 2 * BYTES

_NO_BRACKETS = str.maketrans("[]{}", "xxxx")

_SHORTEST_PLAN = "{symbol: SOL/USDT, side: long, size: 900 USDT, tiers: [150, 140, 130], stop: 118}"


def read_tree(name: str, data: bytes, *, libyaml: bool = LIBYAML) -> Tree:
    """Reads the bytes of a file, spoken of as `name`; an empty file is a mistake."""
    source = decode_text(name, data)
    if isinstance(source, Diagnostic):
        return Tree(None, (source,))
    tree = parse_text(source, libyaml=libyaml)
    root = tree.root
    if isinstance(root, Scalar) and root.plain and not root.text and not tree.diagnostics:
        nothing = "it is empty" if not source.text.strip() else "nothing but comments"
        message = f"the file holds no plan: {nothing}"
        remedy = f"write at least {_SHORTEST_PLAN}"
        return Tree(None, (problem(EMPTY_FILE, Span(source, 0, 0), "", message, remedy),))
    return tree


def parse_text(source: Source, *, libyaml: bool = LIBYAML) -> Tree:
    """Reads a text; nothing written is an empty scalar, as an empty value is.

    The root is absent where reading could not go on to the end. With `libyaml` false PyYAML's own parser is used.
    """
    if len(source.text) > BYTES:
        return Tree(None, (too_large(source),))
    orders = too_many_orders(source)
    if orders is not None:
        return Tree(None, (orders,))
    return _Attempts(source, libyaml=libyaml).tree()


class _Attempts:
    """Reads one text, again and again until nothing breaks it or nothing more can be painted over."""

    def __init__(self, source: Source, *, libyaml: bool) -> None:
        self._source = source
        self._libyaml = libyaml
        self._unwelcome = unwelcome(source.text)
        self._seen = without_idle_tabs(source.text)
        if self._unwelcome:
            self._seen = without_unwelcome(self._seen)
        if has_wide_blanks(source.text):
            misplaced, self._seen = without_wide_blanks(self._seen)
            self._unwelcome = sorted(self._unwelcome + misplaced)
        self._masks: list[Mask] = []
        self._faults: list[Fault] = []

    def tree(self) -> Tree:
        """Reads until the end, or until a mistake past which one cannot read."""
        unwelcome_marks = Marks(self._unwelcome)
        rounds = min(ROUNDS, 1 + CHARACTERS // max(1, len(self._seen)))
        while True:
            rounds -= 1
            masked = Marks([(mask.start, mask.end) for mask in self._masks])
            builder = Builder(self._source, self._seen, masked, unwelcome_marks)
            try:
                root = builder.build(libyaml=self._libyaml)
            except Stop as stop:
                return self._finished(None, builder, [stop.diagnostic])
            except Broken as broken:
                if broken.is_too_deep and self._is_less_deep(broken):
                    # Not a mistake of its own, so not a round of its own either.
                    rounds += 1
                elif not self._reads_on(broken, builder) or not rounds:
                    return self._finished(None, builder, [])
            else:
                end = len(self._seen)
                return self._finished(root or Scalar("", Span(self._source, end, end)), builder, [])

    def _reads_on(self, broken: Broken, builder: Builder) -> bool:
        """Reports a syntax error and paints it over. Returns whether that could be done."""
        # Loaded when something is wrong only: explaining takes as much code as all the rest of the reading.
        from scaleplan.tree.syntax import explain  # noqa: PLC0415
        from scaleplan.tree.syntax.trouble import paint  # noqa: PLC0415

        fault = explain(self._source, self._seen, broken, builder)
        if not self._is_echo(fault):
            self._faults.append(fault)
        self._masks += fault.masks
        self._seen = paint(self._seen, fault.masks)
        return bool(fault.masks)

    def _is_less_deep(self, broken: Broken) -> bool:
        """Paints over the brackets from the one too many for the parser to the end of the line. Returns whether it did.

        The parser reads ahead of what it tells, to the end of a line at most. With a thousand brackets left the builder
        meets its own limit, or the parser the mistake that comes before: what is told depends on no parser's limit.
        """
        end = self._seen.find("\n", broken.at)
        rest = self._seen[broken.at : end if end >= 0 else None]
        painted = rest.translate(_NO_BRACKETS)
        self._seen = self._seen[: broken.at] + painted + self._seen[broken.at + len(rest) :]
        return painted != rest

    def _is_echo(self, fault: "Fault") -> bool:
        """Returns whether a fault may follow from a known one: it is on the same line, and not clear in itself."""
        line = self._line(fault.start)
        if any(self._line(start) == line for start, _ in self._unwelcome[:LISTED]):
            return True
        if fault.masks:
            return any(mask.start < fault.end and fault.start < mask.end for mask in self._masks)
        lines = {line, *(self._line(remark.start) for remark in fault.remarks)}
        return any(self._line(known.start) in lines for known in self._faults)

    def _line(self, at: int) -> int:
        return self._source.position(at).line

    def _finished(self, root: Node | None, builder: Builder, found: list[Diagnostic]) -> Tree:
        collector = builder.collector
        collector.extend(found)
        for fault in self._faults:
            span = Span(self._source, fault.start, fault.end)
            remarks = [Related(Span(self._source, start, end), message) for start, end, message in fault.remarks]
            path = _path_at(builder, fault.start, fault.end)
            collector.add(problem(fault.kind, span, path, fault.message, fault.remedy, remarks))
        for start, end in self._unwelcome:
            if collector.has_room(CONTROL_CHARACTER, Span(self._source, start, end)):
                collector.add(unwelcome_character(self._source, start, end, _path_at(builder, start, end)))
        for scalar, path, comment in cut_texts(self._source, root):
            if collector.has_room(TEXT_CUT_AT_HASH, comment):
                collector.add(_cut_at_hash(scalar, path, comment))
        return Tree(root, in_order(collector.found))


def _path_at(builder: Builder, start: int, end: int) -> str:
    """Returns the path of the first unreadable value that has to do with the characters `start` to `end`."""
    return next((path for first, last, path in builder.unreadable if first < end and start <= last), "")


def _cut_at_hash(scalar: Scalar, path: str, comment: Span) -> Diagnostic:
    lost = comment.text.rstrip()
    message = f"the text is read as {quote(scalar.text)}: `#` behind a space begins a comment, {quote(lost)}"
    whole = f"{scalar.span.text} {lost}"
    remedy = quoted_help(whole).then("; if it is a comment, write a space behind the `#`")
    return problem(TEXT_CUT_AT_HASH, scalar.span._replace(end=comment.start + len(lost)), path, message, remedy)
