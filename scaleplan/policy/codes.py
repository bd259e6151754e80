"""Codes as a trader writes them: `SP601`, the rule's name, or, where many may be meant, the beginning `SP6`."""

import re
from collections.abc import Callable
from functools import cache, lru_cache

from scaleplan.bars.kinds import KINDS as BARS_KINDS
from scaleplan.decode.kinds import KINDS as DECODE_KINDS
from scaleplan.decode.reader import nearest
from scaleplan.diagnostic import Kind, write
from scaleplan.policy import BAD_IGNORE, UNUSED_IGNORE, is_always_told
from scaleplan.quantity.form import NOT_ONE_OF, Mistake
from scaleplan.quantity.number import quote
from scaleplan.rules import RULES, UNRECKONABLE
from scaleplan.signals.kinds import KINDS as SIGNAL_KINDS
from scaleplan.trade.kinds import KINDS as TRADE_KINDS
from scaleplan.tree.kinds import KINDS as TREE_KINDS

#: Letters that stand where a digit was meant.
_DIGITS_MEANT = str.maketrans("oil", "011")
_BEGINNING = re.compile(r"[Ss][Pp][0-9]{0,2}")


@cache
def known_kinds() -> dict[str, Kind]:
    """Returns every kind of problem by its code, in the order of the codes."""
    of_rules = (rule.kind for rule in RULES)
    beside = (*BARS_KINDS, *SIGNAL_KINDS, *TRADE_KINDS)
    kinds = (*TREE_KINDS, *DECODE_KINDS, UNRECKONABLE, BAD_IGNORE, UNUSED_IGNORE, *of_rules, *beside)
    return {kind.code: kind for kind in sorted(kinds, key=lambda kind: kind.code)}


@cache
def _known_names() -> dict[str, str]:
    """Returns every kind's code by its name."""
    return {kind.name: code for code, kind in known_kinds().items()}


def is_known(word: str) -> bool:
    """Returns whether a word is a code or a name; asked where to say what is near it would be dear."""
    return _code_of(word) in known_kinds()


def read_code(word: str) -> str | Mistake:
    """Reads one code, or the name that stands for it, as a code."""
    code = _code_of(word)
    return code if code in known_kinds() else _unknown(word)


@lru_cache(maxsize=1024)
def read_codes(word: str) -> str | Mistake:
    """Reads a code, a name, or the beginning of codes, as what all codes that are meant begin with."""
    start = _code_of(word)
    if len(start) > 1 and any(code.startswith(start) for code in known_kinds()):
        return start
    return _unknown(word)


def read_ignorable(word: str) -> str | Mistake:
    """Reads like `read_codes` what is not to be told: at least one of the kinds must be such that this can be."""
    start = read_codes(word)
    if isinstance(start, Mistake):
        return start
    meant = [kind for code, kind in known_kinds().items() if code.startswith(start)]
    return _must_be_mended(word, meant[0]) if all(map(is_always_told, meant)) else start


def read_selected(text: str) -> tuple[str, ...] | Mistake:
    """Reads the codes of a list with commas: `SP601,SP4`."""
    return _each(text, read_codes)


def read_not_told(text: str) -> tuple[str, ...] | Mistake:
    """Reads like `read_selected` what is not to be told."""
    return _each(text, read_ignorable)


def _each(text: str, read: Callable[[str], str | Mistake]) -> tuple[str, ...] | Mistake:
    codes: list[str] = []
    for word in dict.fromkeys(map(str.strip, text.split(","))):
        code = read(word)
        if isinstance(code, Mistake):
            return code
        codes.append(code)
    return tuple(dict.fromkeys(codes))


def are_known(text: str) -> bool:
    """Returns whether every word of a list with commas is a code, a name, or the beginning of codes."""
    words = {_code_of(word) for word in text.split(",")}
    return all(len(start) > 1 and any(code.startswith(start) for code in known_kinds()) for start in words)


def read_ignored(word: str) -> str | Mistake:
    """Reads like `read_code` what a comment in a plan ignores."""
    code = read_code(word)
    if isinstance(code, Mistake):
        return code
    kind = known_kinds()[code]
    if kind is UNUSED_IGNORE:
        return Mistake(BAD_IGNORE, f"{quote(word)} is about ignores, and cannot be ignored by one", "delete it")
    return _must_be_mended(word, kind) if is_always_told(kind) else code


def _must_be_mended(word: str, kind: Kind) -> Mistake:
    named = f" ({kind.name})" if _code_of(word) == kind.code and word.lower() != kind.name else ""
    message = f"{quote(word.strip())}{named} cannot be ignored: without it there are no figures"
    return Mistake(NOT_ONE_OF, message, "mend the plan there instead")


def _code_of(word: str) -> str:
    word = word.strip()
    return _known_names().get(word.lower(), word.upper())


def _unknown(word: str) -> Mistake:
    word = word.strip()
    kinds = known_kinds()
    words = {code.lower(): code for code in kinds} | _known_names()
    digits = word.lower().translate(_DIGITS_MEANT)
    near = digits if digits in words else nearest(word, words)
    if _BEGINNING.fullmatch(word):
        help = f"codes begin with {', '.join(dict.fromkeys(code[:3] for code in kinds))}"
    elif near is None:
        help = "write a code such as `SP401`, or its name such as `liquidation-before-stop`"
    else:
        code = words[near]
        help = write(code, more=f" ({kinds[code].name})")
    return Mistake(NOT_ONE_OF, f"{quote(word)} is the code or name of no rule", help)
