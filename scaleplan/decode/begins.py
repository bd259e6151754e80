"""Where a bracket begins is not written: it is where the one before it ends, so that no table has gaps or overlaps.

Exchanges print both bounds, and who copies a table copies both. A bound that fits says nothing new, one that does not
is the gap or the overlap itself: both are told where they are written.
"""

from decimal import Decimal

from scaleplan.decode.kinds import BAD_BRACKETS, UNKNOWN_KEY
from scaleplan.decode.reader import Reader, join
from scaleplan.plan import Bracket
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import plain, quote, read_number
from scaleplan.tree import Entry, Mapping, Node, Scalar

#: What the lower bound is called in exchanges' tables.
_WORDS = frozenset({"from", "min", "above", "over", "floor", "minNotional", "notionalFloor", "qtyFloor", "minSz"})


def drop_begins(reader: Reader, item: Node, path: str, before: list[Bracket]) -> Node:
    """A bracket without the key that says where it begins, about which it is told what is wrong."""
    if not isinstance(item, Mapping):
        return item
    written = [entry for entry in item.entries if entry.key.text in _WORDS]
    for entry in written:
        # A bracket that was not understood leaves the list shorter than the place of this one.
        _tell(reader, entry, path, before if path.endswith(f"[{len(before)}]") else None)
    left = tuple(entry for entry in item.entries if entry not in written)
    return Mapping(left, item.span, item.flow) if written else item


def _tell(reader: Reader, entry: Entry, path: str, before: list[Bracket] | None) -> None:
    key, value = entry
    begin = read_number(value.text.strip()) if isinstance(value, Scalar) else None
    end = ZERO if before == [] else before[-1].up_to if before else None
    if isinstance(begin, Decimal) and end is not None and begin != end:
        clash = "no bracket holds between them" if begin > end else "they overlap"
        where = f"the one before it ends at {plain(end)}" if before else "the first one holds from 0"
        reader.report(
            BAD_BRACKETS,
            value.span,
            join(path, key.text),
            f"the bracket begins at {plain(begin)}, but {where}: {clash}",
            f"delete {quote(key.text)}, or mend the `up_to` before it" if before else f"delete {quote(key.text)}",
        )
        return
    reader.report(
        UNKNOWN_KEY,
        key.span,
        join(path, key.text),
        f"{quote(key.text)} is not a key of a bracket",
        "delete it: a bracket begins where the one before it ends",
    )
