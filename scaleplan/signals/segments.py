"""Segments: the parts of a text that are about one signal each. A signal begins at its pair, or some lines before."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from scaleplan.signals.card import Card, read_card, without_noise
from scaleplan.signals.pairs import SaidPair, bare_base, pairs
from scaleplan.signals.scan import Extent, Scan
from scaleplan.signals.text import SignalText

#: So many lines before its pair may belong to a signal.
_MOST_LINES_BEFORE = 6
_DIGIT = re.compile(r"\d")


class SignalPart(NamedTuple):
    """One signal: what was said while it was read, and its card."""

    scan: Scan
    card: Card


def segments(text: SignalText) -> tuple[SignalPart, ...]:
    """Returns the signals of a text; one without prices is a part of the one before it, or of the next."""
    whole = Scan(text)
    without_noise(whole)
    found = pairs(whole)
    starts = [0, *(_beginning(text.plain, pair.place.start) for pair in found[1:])]
    if len(found) < 2:
        return (_segment(text, found),)
    ends = [*starts[1:], len(text.plain)]
    parts = [
        _segment(text.part(start, end), (_moved(pair, start),))
        for pair, start, end in zip(found, starts, ends, strict=True)
    ]
    groups: list[list[int]] = []
    has_entry = False
    for index, part in enumerate(parts):
        # A pair without prices before the same pair with some is the title of that signal.
        opens = part.card.has_entry or (
            index + 1 < len(parts) and parts[index + 1].card.has_entry and found[index].name == found[index + 1].name
        )
        if groups and not (opens and has_entry):
            groups[-1].append(index)
        else:
            groups.append([index])
            has_entry = False
        has_entry = has_entry or part.card.has_entry
    return tuple(_joined(text, found, starts, group, parts) for group in groups)


def _beginning(text: str, at: int) -> int:
    """Returns where the signal of a pair begins: with its line, and the lines before that have no digits.

    Where a digit stands before it on its line, it begins there.
    """
    line = text.rfind("\n", 0, at) + 1
    if _DIGIT.search(text, line, at):
        return at
    for _ in range(_MOST_LINES_BEFORE):
        above = text.rfind("\n", 0, line - 1) + 1
        if line == 0 or _DIGIT.search(text, above, line):
            break
        line = above
    return line


def _moved(pair: SaidPair, start: int) -> SaidPair:
    """Returns a pair as it stands in the part of a text that begins there."""
    return pair._replace(place=Extent(pair.place.start - start, pair.place.end - start))


def _joined(
    text: SignalText,
    found: Sequence[SaidPair],
    starts: Sequence[int],
    group: Sequence[int],
    parts: Sequence[SignalPart],
) -> SignalPart:
    """Returns the signal of some parts that follow each other: it is about the pair of the part that has prices."""
    if len(group) == 1:
        return parts[group[0]]
    start = starts[group[0]]
    end = starts[group[-1] + 1] if group[-1] + 1 < len(starts) else len(text.plain)
    main = next((each for each in group if parts[each].card.has_entry), group[0])
    mentions = [_moved(found[each], start) for each in group]
    return _segment(text.part(start, end), mentions, group.index(main))


def _segment(text: SignalText, mentions: Sequence[SaidPair], main: int = 0) -> SignalPart:
    scan = Scan(text)
    if not mentions:
        bare = bare_base(scan)
        return SignalPart(scan, read_card(scan, bare, () if bare is None else (bare,)))
    pair = mentions[main]
    scan.about = pair.place
    card = read_card(scan, pair, mentions)
    for other in mentions:
        if other.name != pair.name:
            scan.left_out(other.place, f"{other.name}: the prices are those of {pair.name}")
    return SignalPart(scan, card)
