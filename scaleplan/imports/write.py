"""A venue file as text: a mapping by symbol, one bracket a line, and above it where the figures come from.

The text is laid out as `scaleplan fmt` would lay it out, and the same terms give the same bytes.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from scaleplan.decode import read_venue_file
from scaleplan.decode.charges import WrittenFees
from scaleplan.decode.terms import VenueTerms
from scaleplan.diagnostic import Severity
from scaleplan.imports.records import SymbolTerms, Unusable
from scaleplan.layout.scalars import typed
from scaleplan.plan import Bracket, Instrument, MarginModel
from scaleplan.quantity.number import FRACTION_DIGITS, WHOLE_DIGITS, plain
from scaleplan.tree.kinds import TOO_MANY_NODES
from scaleplan.tree.text import BYTES

_FEWER = "name the symbols wanted with `--symbol`"
#: What every file of this command begins with.
HEADER = "# Made by `scaleplan venues import` from "


def venue_text(terms: Sequence[SymbolTerms], labels: Iterable[str]) -> str:
    """Returns the file, read back. Raises `Unusable` where a plan could not read it, or would read something else."""
    lines = [
        f"{HEADER}{', '.join(labels)}.",
        "# A plan beside this file takes its terms with `venue:` and the file's path. Deductions are derived.",
    ]
    for one in terms:
        lines.extend(_lines(one))
    text = "".join(f"{line}\n" for line in lines)
    size = len(text.encode())
    if size > BYTES:
        raise Unusable(
            f"{len(terms)} symbols make a file of {size:,} bytes, and plans read files up to {BYTES:,}",
            _FEWER,
        )
    _must_say(text, terms)
    return text


def _must_say(text: str, terms: Sequence[SymbolTerms]) -> None:
    """Reads the file back as plans will. Raises `Unusable` where it would say something else."""
    read, found = read_venue_file("venue file", text.encode())
    wrong = [one for one in found if one.severity is Severity.ERROR]
    if wrong:
        help = _FEWER if wrong[0].kind is TOO_MANY_NODES else wrong[0].help
        raise Unusable(f"the file would not be read: {wrong[0].message}; nothing was written", help)
    if read != {one.symbol: _as_read(one) for one in terms}:
        raise Unusable("the file would read otherwise than it was meant; nothing was written", "take other words")


def _as_read(one: SymbolTerms) -> VenueTerms:
    """Returns the terms of a symbol as plans should read them."""
    name, source, day = one.name.strip(), one.source.strip(), one.as_of.isoformat()
    basis, closing_fee = one.model.maintenance_on, one.model.closing_fee
    margin = MarginModel(name, day, source, basis, one.bracket_by, one.brackets, closing_fee)
    return VenueTerms(name, margin if one.brackets else None, WrittenFees(one.maker, one.taker), one.instrument)


def _lines(one: SymbolTerms) -> Iterator[str]:
    model = one.model
    yield f"{one.symbol}:"
    yield f"  name: {typed(one.name)}"
    yield f"  as_of: {one.as_of.isoformat()}"
    yield f"  source: {typed(one.source)}"
    if one.brackets:
        yield f"  maintenance_on: {model.maintenance_on}"
        yield f"  closing_fee: {_percent(model.closing_fee, one)}"
        yield "  maintenance:"
        for bracket in one.brackets:
            yield f"    - {_bracket(bracket, one)}"
        yield f"  bracket_by: {one.bracket_by}"
    fees = _flow((("maker", one.maker, "%"), ("taker", one.taker, "%")), one)
    if fees:
        yield f"  fees: {fees}"
    instrument = _flow(((name, getattr(one.instrument, name), "") for name in Instrument._fields), one)
    if instrument:
        yield f"  instrument: {instrument}"


def _bracket(bracket: Bracket, one: SymbolTerms) -> str:
    parts = (("up_to", bracket.up_to, ""), ("rate", bracket.rate, "%"), ("max_leverage", bracket.max_leverage, ""))
    return _flow(parts, one)


def _flow(parts: Iterable[tuple[str, Decimal | None, str]], one: SymbolTerms) -> str:
    said = [
        f"{name}: {_percent(value, one) if unit else _number(value, one)}"
        for name, value, unit in parts
        if value is not None
    ]
    return f"{{{', '.join(said)}}}" if said else ""


def _percent(rate: Decimal, one: SymbolTerms) -> str:
    if abs(rate) >= 1:
        raise Unusable(f"{one.symbol}: the rate {plain(rate * 100)}% is not below 100%", "leave the symbol out")
    sign = "-" if rate < 0 else ""
    return f"{sign}{_number(abs(rate) * 100, one)}%"


def _number(value: Decimal, one: SymbolTerms) -> str:
    digits = plain(value)
    whole, _, fraction = digits.partition(".")
    if len(whole) > WHOLE_DIGITS or len(fraction) > FRACTION_DIGITS:
        raise Unusable(
            f"{one.symbol}: {digits} has more digits than a plan can write, {WHOLE_DIGITS} before the point and "
            f"{FRACTION_DIGITS} behind it",
            "leave the symbol out",
        )
    return digits
