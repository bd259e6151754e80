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


def venue_text(all_terms: Sequence[SymbolTerms], labels: Iterable[str]) -> str:
    """Returns the file, read back. Raises `Unusable` where a plan could not read it, or would read something else."""
    lines = [
        f"{HEADER}{', '.join(labels)}.",
        "# A plan beside this file takes its terms with `venue:` and the file's path. Deductions are derived.",
    ]
    for terms in all_terms:
        lines.extend(_lines(terms))
    text = "".join(f"{line}\n" for line in lines)
    size = len(text.encode())
    if size > BYTES:
        raise Unusable(
            f"{len(all_terms)} symbols make a file of {size:,} bytes, and plans read files up to {BYTES:,}",
            _FEWER,
        )
    _must_say(text, all_terms)
    return text


def _must_say(text: str, all_terms: Sequence[SymbolTerms]) -> None:
    """Reads the file back as plans will. Raises `Unusable` where it would say something else."""
    read, found = read_venue_file("venue file", text.encode())
    wrong = [problem for problem in found if problem.severity is Severity.ERROR]
    if wrong:
        help = _FEWER if wrong[0].kind is TOO_MANY_NODES else wrong[0].help
        raise Unusable(f"the file would not be read: {wrong[0].message}; nothing was written", help)
    if read != {terms.symbol: _as_read(terms) for terms in all_terms}:
        raise Unusable("the file would read otherwise than it was meant; nothing was written", "take other words")


def _as_read(terms: SymbolTerms) -> VenueTerms:
    """Returns the terms of a symbol as plans should read them."""
    name, source, day = terms.name.strip(), terms.source.strip(), terms.as_of.isoformat()
    basis, closing_fee = terms.model.maintenance_on, terms.model.closing_fee
    margin = MarginModel(name, day, source, basis, terms.bracket_by, terms.brackets, closing_fee)
    return VenueTerms(name, margin if terms.brackets else None, WrittenFees(terms.maker, terms.taker), terms.instrument)


def _lines(terms: SymbolTerms) -> Iterator[str]:
    model = terms.model
    yield f"{terms.symbol}:"
    yield f"  name: {typed(terms.name)}"
    yield f"  as_of: {terms.as_of.isoformat()}"
    yield f"  source: {typed(terms.source)}"
    if terms.brackets:
        yield f"  maintenance_on: {model.maintenance_on}"
        yield f"  closing_fee: {_percent(model.closing_fee, terms)}"
        yield "  maintenance:"
        for bracket in terms.brackets:
            yield f"    - {_bracket(bracket, terms)}"
        yield f"  bracket_by: {terms.bracket_by}"
    fees = _flow((("maker", terms.maker, "%"), ("taker", terms.taker, "%")), terms)
    if fees:
        yield f"  fees: {fees}"
    instrument = _flow(((name, getattr(terms.instrument, name), "") for name in Instrument._fields), terms)
    if instrument:
        yield f"  instrument: {instrument}"


def _bracket(bracket: Bracket, terms: SymbolTerms) -> str:
    parts = (("up_to", bracket.up_to, ""), ("rate", bracket.rate, "%"), ("max_leverage", bracket.max_leverage, ""))
    return _flow(parts, terms)


def _flow(parts: Iterable[tuple[str, Decimal | None, str]], terms: SymbolTerms) -> str:
    written = [
        f"{name}: {_percent(value, terms) if unit else _number(value, terms)}"
        for name, value, unit in parts
        if value is not None
    ]
    return f"{{{', '.join(written)}}}" if written else ""


def _percent(rate: Decimal, terms: SymbolTerms) -> str:
    if abs(rate) >= 1:
        raise Unusable(f"{terms.symbol}: the rate {plain(rate * 100)}% is not below 100%", "leave the symbol out")
    sign = "-" if rate < 0 else ""
    return f"{sign}{_number(abs(rate) * 100, terms)}%"


def _number(value: Decimal, terms: SymbolTerms) -> str:
    digits = plain(value)
    whole, _, fraction = digits.partition(".")
    if len(whole) > WHOLE_DIGITS or len(fraction) > FRACTION_DIGITS:
        raise Unusable(
            f"{terms.symbol}: {digits} has more digits than a plan can write, {WHOLE_DIGITS} before the point and "
            f"{FRACTION_DIGITS} behind it",
            "leave the symbol out",
        )
    return digits
