"""Statuses: messages of what became of a signal, which look like one and are none."""

import re

from scaleplan.signals.scan import Extent, Scan

_WHAT = r"(?:entry|entries|targets?|tps?|take[ \t-]*profits?|stop[ \t-]*loss|stop|sl)"
_HAPPENED = r"(?:hit|achieved|reached|filled|triggered|done|completed|smashed|booked)"
_NUMBERED = rf"\b{_WHAT}(?:[ \t-]+(?:targets?|price))?[ \t]*#?\d{{0,2}}"
_STATUS = re.compile(
    "|".join(
        (
            rf"\ball[ \t]+{_WHAT}[^\n.]{{0,25}}?\b{_HAPPENED}\b",
            rf"{_NUMBERED}[ \t]*(?:(?:was|is|has|have|been|got)[ \t]+){{0,2}}{_HAPPENED}\b",
            r"\bcancell?ed\b",
            r"\bstopped[ \t]+out\b",
            r"\b(?:manually[ \t]+)?closed[ \t]+(?:at|by|due|after|in|manually|with)\b",
            r"\b(?:цель|тейк|стоп|вход)\w{0,2}[ \t]*№?\d{0,2}[ \t]*(?:достигнут|взят|сработал|выбит|исполнен)\w{0,2}",
            r"\bотмен[её]н\w{0,2}|\bсделк\w[ \t]+закрыт\w?",
        )
    ),
    re.IGNORECASE,
)
#: A mark behind a target or an entry, in the place of its price; in a text that has entries, behind its number.
_MARK = r"[ \t:]*[✅☑✔⛔❌✓](?![ \t:]*\$?\d)"
_MARKED = re.compile(rf"{_NUMBERED}{_MARK}", re.IGNORECASE)
_NUMBER_MARKED = re.compile(rf"{_NUMBERED}(?<=\d){_MARK}", re.IGNORECASE)
#: What makes a status of a sentence something that may come, or that was another time.
_NOT_NOW = re.compile(
    r"\b(?:if|when|whenever|once|after|as[ \t]+soon[ \t]+as|until|till|unless|before|be|previous|last|history|accuracy"
    r"|win[ \t-]?rate|если|когда|после|при|до|прошл\w+|предыдущ\w+)\b",
    re.IGNORECASE,
)
_CONDITION_BEHIND = re.compile(r"[ \t,]*(?:if|when|unless|если|когда)\b", re.IGNORECASE)


def status(scan: Scan, *, entered: bool) -> Extent | None:
    """Returns where a text says what became of a signal; `entered` tells whether it says where to enter."""
    text = scan.text.plain
    for pattern in (_STATUS, _NUMBER_MARKED if entered else _MARKED):
        for match in pattern.finditer(text):
            # No further back than its line or sentence begins.
            before = re.split(r"\n|\. ", text[max(0, match.start() - 80) : match.start()])[-1]
            if not _NOT_NOW.search(before) and not _CONDITION_BEHIND.match(text, match.end()):
                return Extent(*match.span())
    return None
