"""The remainder of a signal: what of its text nothing was made of. It is said, line by line."""

import re

from scaleplan.signals.scan import Extent, Scan
from scaleplan.signals.text import MASK
from scaleplan.tree.quoting import quote

#: Labels whose value has been read.
_LABELS = re.compile(
    r"(?<![^\W_])(?:coin|pair|symbol|ticker|direction|position|side|signal|пара|пару|монета|монету|маржа|margin|mode"
    r"|isolated|cross(?:ed)?|кросс\w*|изолир\w*|spot|sats?|x)(?![^\W_])",
    re.IGNORECASE,
)
#: So many parts of a line are repeated.
_SHOWN = 4
#: What is left of a line between what was read.
_LEFT = re.compile(rf"[^\W_](?:[^\n{MASK}]*[^\W_])?")


def say_remainder(scan: Scan) -> None:
    """Says of each line what was left out."""
    for match in _LABELS.finditer(scan.rest):
        scan.take(match.start(), match.end())
    start = 0
    for text in scan.rest.splitlines(keepends=True):
        line = [Extent(start + match.start(), start + match.end()) for match in _LEFT.finditer(text)]
        start += len(text)
        if not line:
            continue
        shown = ", ".join(quote(scan.span(part).text) for part in line[:_SHOWN])
        has = "has" if len(line) == 1 else "have"
        scan.left_out(line[0], f"{shown} {has} no place in a plan")
