"""Statuses: messages of what became of a signal, which look like one and are none."""

import re

from scaleplan.signals.scan import Extent, Scan

_WHAT = r"(?:entry|entries|targets?|tps?|take[ \t-]*profits?|stop[ \t-]*loss|stop|sl)"
_HAPPENED = r"(?:hit|achieved|reached|filled|triggered|done|completed|smashed|booked)"
_NUMBERED = rf"\b{_WHAT}(?:[ \t-]+(?:targets?|price))?[ \t]*#?\d{{0,2}}"
#: The beginning of a line, with signs.
_FIRST = r"(?m:^)[^\w\n]*"
_NAME = r"[#$]?[A-Z0-9]{2,15}(?:[ \t]?/[ \t]?[A-Z]{2,6})?(?:\.P)?"
_SIDES = r"(?:long|short|buy|sell|лонг|шорт)"
_ITS = r"(?:this|the|that|our|your|my|all|previous|last|above|pending)"
_THING = r"(?:signals?|trades?|setups?|positions?|deals?|orders?|calls?|plans?)"
#: What is called off: a pair, a side, a signal, or nothing further on the line.
_OBJECT = rf"(?:\b[^\w\n]*(?:\n|\Z)|[^\w\n]+(?:{_ITS}[ \t]+)?(?:{_THING}\b|{_SIDES}\b|(?-i:{_NAME})(?![a-z])))"
_OBJECT_CLOSED = rf"(?:\b[^\w\n]*(?:\n|\Z)|[^\w\n]+(?:{_ITS}[ \t]+)?(?:{_THING}\b|{_SIDES}\b|now\b|(?-i:[#$]{_NAME})))"
_PAIR_AND_SIDE = rf"(?m:^)[^\w\n]*(?-i:{_NAME})[^\w\n]+(?:{_SIDES}[^\w\n]+)?"
_NO_PRICE = r"(?![ \t]*(?:above|below|over|under|candle))"
_STATUS = re.compile(
    "|".join(
        (
            rf"\ball[ \t]+{_WHAT}[^\n.]{{0,25}}?\b{_HAPPENED}\b",
            rf"{_NUMBERED}[ \t]*(?:(?:was|is|has|have|been|got)[ \t]+){{0,2}}{_HAPPENED}\b",
            r"\bcancell?ed\b",
            r"\b(?:trade|signal|position|deal|setup)[ \t]+(?:(?:is|was|has|been|now|fully)[ \t]+){0,3}closed\b",
            rf"\bhits?[ \t]+(?:(?:our|the|its|first|second|third|all|final|last)[ \t]+){{0,2}}{_WHAT}\d{{0,2}}\b",
            r"\bstopped[ \t]+out\b",
            r"\b(?:manually[ \t]+)?closed[ \t]+(?:at|by|due|after|in|manually|with)\b",
            r"\b(?:цель|тейк|стоп|вход)\w{0,2}[ \t]*№?\d{0,2}[ \t]*(?:достигнут|взят|сработал|выбит|исполнен)\w{0,2}",
            r"\bотмен[её]н\w{0,2}|\bсделк\w[ \t]+закрыт\w?",
        )
    ),
    re.IGNORECASE,
)
#: What calls a signal off, or says that the trade is over or changed: at the beginning of a line, or behind its pair.
_CALLED_OFF = re.compile(
    "|".join(
        (
            rf"{_FIRST}(?:cancel(?:ling|lation)?|ignore|delete|invalid(?:ated)?|void){_OBJECT}",
            rf"{_FIRST}clos(?:e|ed|ing){_OBJECT_CLOSED}",
            rf"{_PAIR_AND_SIDE}(?:(?:is|was|now)[ \t]+)?(?:closed|invalid(?:ated)?)\b{_NO_PRICE}",
            rf"{_FIRST}(?:(?:trade|signal|setup)[ \t]+)?update\b(?![ \t]*(?:your|soon))",
            rf"{_PAIR_AND_SIDE}update\b",
            r"(?m:^)[^\w\n]*обновлени[ея]\b|(?m:^)[^\w\n]*(?:отмен(?:а|яем|ить)|закрыва(?:ем|ю|йте)|закрыли)\b",
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
#: Right before it: something that has not happened yet.
_COMING = re.compile(r"\b(?:to|will|should|could|can|may|might|not|must)[ \t]+\Z", re.IGNORECASE)
#: What makes a rule of a sentence that calls something off: `Cancel the trade if it falls below 140`.
_RULE_BEHIND = re.compile(
    r"[^\n.;]{0,60}?\b(?:if|when|once|unless|after|если|когда|после)\b"
    r"|[^\w\n]*(?:(?:at|on|by)[ \t]+(?:the[ \t]+)?(?:(?:first|last|final)[ \t]+)?(?:tps?|targets?|take|stop|sl|end)"
    r"|before|until|till|до|при)(?![^\W\d_])",
    re.IGNORECASE,
)


def status(scan: Scan, *, entered: bool) -> Extent | None:
    """Returns where a text says what became of a signal; `entered` tells whether it says where to enter."""
    text = scan.text.plain
    for pattern in (_STATUS, _CALLED_OFF, _NUMBER_MARKED if entered else _MARKED):
        behind = _RULE_BEHIND if pattern is _CALLED_OFF else _CONDITION_BEHIND
        for match in pattern.finditer(text):
            # No further back than its line or sentence begins.
            before = re.split(r"\n|\. ", text[max(0, match.start() - 80) : match.start()])[-1]
            if not (_NOT_NOW.search(before) or _COMING.search(before)) and not behind.match(text, match.end()):
                return Extent(*match.span())
    return None
