"""The difference of two texts, line by line, in the unified form that `patch` and people read."""

from collections.abc import Iterator, Sequence
from difflib import unified_diff

#: How many lines are compared each with each; the work grows with their square.
MOST = 1_000
#: How many lines stand around what differs.
_AROUND = 3


def differences(before: Sequence[str], after: Sequence[str], name: str) -> Iterator[str]:
    """The lines of a unified diff. Of long texts all from the first line that differs to the last is one change."""
    if max(len(before), len(after)) <= MOST:
        yield from unified_diff(before, after, name, name)
        return
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    tail = next((at for at in range(shorter - head) if before[-1 - at] != after[-1 - at]), shorter - head)
    if len(before) == len(after) == head:
        return
    start, end = max(0, head - _AROUND), max(0, tail - _AROUND)
    removed, added = before[head : len(before) - tail], after[head : len(after) - tail]
    yield f"--- {name}\n"
    yield f"+++ {name}\n"
    yield f"@@ -{_range(start, len(before) - end)} +{_range(start, len(after) - end)} @@\n"
    yield from (f" {line}" for line in before[start:head])
    yield from (f"-{line}" for line in removed)
    yield from (f"+{line}" for line in added)
    yield from (f" {line}" for line in before[len(before) - tail : len(before) - end])


def _range(start: int, end: int) -> str:
    """Lines `start` to `end` as a hunk's head names them: the first from 1, and how many; of none the one before."""
    return f"{start + 1 if end > start else start},{end - start}"
