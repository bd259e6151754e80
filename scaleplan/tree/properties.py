"""The anchor and the tag in front of a value: `&base !!map {...}`."""

import re

from scaleplan.diagnostic import Diagnostic, Kind, problem
from scaleplan.source import Source, Span
from scaleplan.tree.kinds import ANCHOR, TAG
from scaleplan.tree.quoting import quote, quote_help

#: Why a plan may not copy or convert.
AS_IT_STANDS = "a plan is read as it stands"

_PROPERTY = re.compile(r"!<[^>\s]*>|[&!][^\s,\[\]{}]*")
_BETWEEN = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+")


def properties(text: str, start: int, end: int) -> tuple[list[tuple[int, int]], int]:
    """Where the anchor and the tag stand, and where the value behind them begins; nothing is read past `end`."""
    places = []
    while start < end and (match := _PROPERTY.match(text, start, end)):
        places.append(match.span())
        between = _BETWEEN.match(text, match.end(), end)
        start = between.end() if between else match.end()
    return places, start


def kind_of(text: str, place: tuple[int, int]) -> Kind:
    """The kind of mistake that one of them is."""
    return ANCHOR if text.startswith("&", place[0]) else TAG


def refused(source: Source, place: tuple[int, int], path: str, value: str | None) -> Diagnostic:
    """The diagnostic for one of them; `value` is all that was typed, if it may be meant as text."""
    span = Span(source, *place)
    kind = kind_of(source.text, place)
    means = "names a value so that it can be copied (a YAML anchor)"
    if kind is TAG:
        means = "gives a value a type (a YAML tag)"
    message = f"{quote(span.text)} {means}, and {AS_IT_STANDS}"
    remedy = "delete it" if value is None or span.text.startswith("!!") else quote_help(value)
    return problem(kind, span, path, message, remedy)
