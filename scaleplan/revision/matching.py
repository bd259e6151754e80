"""Pairs the items of two lists in their order: those with equal prices first, so that what is inserted is one more.

A longest common subsequence of the prices, and of such one with the most items that are equal in all, keeps its pairs;
what lies between two pairs is paired in turn as far as both sides have something.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

_Item = TypeVar("_Item")


class Match(NamedTuple):
    """An item's place in the old list and in the new one, from 0; absent where one of them has none."""

    old: int | None
    new: int | None


def matched(old: Sequence[_Item], new: Sequence[_Item], key: Callable[[_Item], object]) -> tuple[Match, ...]:
    """Returns every item of both lists, paired where it has a counterpart, in the order of the new list."""
    anchors = _anchors(old, new, key)
    pairs: list[Match] = []
    at_old = at_new = 0
    for anchor_old, anchor_new in (*anchors, (len(old), len(new))):
        both = min(anchor_old - at_old, anchor_new - at_new)
        pairs += [Match(at_old + index, at_new + index) for index in range(both)]
        pairs += [Match(index, None) for index in range(at_old + both, anchor_old)]
        pairs += [Match(None, index) for index in range(at_new + both, anchor_new)]
        if anchor_old < len(old):
            pairs.append(Match(anchor_old, anchor_new))
        at_old, at_new = anchor_old + 1, anchor_new + 1
    return tuple(pairs)


def _anchors(old: Sequence[_Item], new: Sequence[_Item], key: Callable[[_Item], object]) -> list[tuple[int, int]]:
    """Returns the pairs of a longest common subsequence by key; of those that are as long, the one most alike."""
    # best[i][j]: how many pairs old[i:] and new[j:] have, and how many of them are equal in all.
    best = [[(0, 0)] * (len(new) + 1) for _ in range(len(old) + 1)]
    keys = [key(item) for item in new]
    for i in range(len(old) - 1, -1, -1):
        own = key(old[i])
        for j in range(len(new) - 1, -1, -1):
            found = max(best[i + 1][j], best[i][j + 1])
            if own == keys[j]:
                count, alike = best[i + 1][j + 1]
                found = max(found, (count + 1, alike + (old[i] == new[j])))
            best[i][j] = found
    anchors = []
    i = j = 0
    while i < len(old) and j < len(new):
        count, alike = best[i + 1][j + 1]
        if key(old[i]) == keys[j] and best[i][j] == (count + 1, alike + (old[i] == new[j])):
            anchors.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return anchors
