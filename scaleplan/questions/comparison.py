"""A comparison is one plan under the rules of every venue whose data hold its symbol.

The plan is read anew for each venue, with that venue's terms in place of the plan's own venue, maintenance, fees and
contract rules; everything else stands as written. A symbol is the same where base and family (linear, inverse) are;
dollars are taken as equal: what one venue settles in USDT another settles in USD or USDC. A size in contracts is taken
as the quantity that it is, because a contract is not the same everywhere.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.overrides import Override, taken_away
from scaleplan.decode.profiles import Profile, as_written, read_profile
from scaleplan.diagnostic import Diagnostic, Severity
from scaleplan.plan import Contract, Plan, Size, SizeKind
from scaleplan.quantity.amount import Symbol, read_symbol
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.number import plain
from scaleplan.rules.sp305_beyond_last_bracket import KIND as BEYOND_LAST_BRACKET
from scaleplan.source import Source, Span
from scaleplan.study import Studied, Study, Unread
from scaleplan.tree import Entry, Mapping, Scalar
from scaleplan.venue import VENUE_NAMES

#: Currencies that stand for a dollar: a comparison takes them as one.
DOLLARS = frozenset({"USD", "USDT", "USDC"})
#: The keys of a plan that a venue's terms stand in for.
_OWN_TERMS = ("maintenance", "margin_closeout", "fees", "instrument")


class Row(NamedTuple):
    """The plan by the rules of one venue, `symbol` being the venue's own name for what is traded.

    The plan's own terms have no venue and no symbol here. `problems` are the errors that the venue's rules bring, and
    that its brackets end below the position; where rules leave no figures, the study has no ladder.
    """

    venue: str
    symbol: str
    study: Studied
    problems: tuple[Diagnostic, ...]


class Absent(NamedTuple):
    """A venue that is not compared: its name for the symbol where it has contract rules for it, else empty."""

    venue: str
    symbol: str


class Comparison(NamedTuple):
    """The plan by its own terms, by those of the venues (nearest liquidation at full size first), and the others.

    `in_quantity` is the size that a size in contracts is taken as; empty where the size counts something else.
    """

    own: Row
    rows: tuple[Row, ...]
    absent: tuple[Absent, ...]
    in_quantity: str


def compare(own: Studied) -> Comparison:
    """Compares a plan; one that cannot be read, or is spot, has no other rows."""
    first = Row("", "", own, ())
    if isinstance(own, Unread) or own.plan.contract is Contract.SPOT:
        return Comparison(first, (), (), "")
    kept = tuple(change for change in own.session.overrides if change.steps[0] not in ("venue", *_OWN_TERMS))
    sized = tuple(_sizes(own.plan))
    rows: list[Row] = []
    absent: list[Absent] = []
    for venue in VENUE_NAMES:
        held = read_profile(venue)
        symbol = _symbol_at(held, own.plan)
        if symbol is None or not _has_brackets(held, symbol, own.plan.contract):
            absent.append(Absent(venue, symbol.text if symbol else ""))
            continue
        terms = _terms_of(venue, held, symbol, own.plan.contract)
        study = own.session.changed((*kept, *sized, *terms)).study(own.file, own.data)
        if not _is_own(venue, own, study):
            rows.append(Row(venue, symbol.text, study, _brought(own, study)))
    rows.sort(key=_nearest)
    counted = own.plan.size.kind is SizeKind.CONTRACTS
    return Comparison(first, tuple(rows), tuple(absent), _quantity(own.plan, own.plan.size) if counted else "")


def _symbol_at(held: Profile, plan: Plan) -> Symbol | None:
    """The venue's name for what a plan trades: in the plan's own quote, else in another dollar, with brackets first."""
    found = [
        symbol for name in held.symbols if isinstance(symbol := read_symbol(name), Symbol) and _is_same(symbol, plan)
    ]
    found.sort(
        key=lambda symbol: (
            not _has_brackets(held, symbol, plan.contract),
            symbol.quote.upper() != plan.symbol.quote.upper(),
        )
    )
    return found[0] if found else None


def _is_same(symbol: Symbol, plan: Plan) -> bool:
    family = Contract.INVERSE if symbol.settle == symbol.base else Contract.LINEAR
    quotes = {symbol.quote.upper(), plan.symbol.quote.upper()}
    equal = len(quotes) == 1 or quotes <= DOLLARS
    return family is plan.contract and symbol.base.upper() == plan.symbol.base.upper() and equal


def _has_brackets(held: Profile, symbol: Symbol, contract: Contract) -> bool:
    return "maintenance" in held.terms(symbol, contract)


def _terms_of(venue: str, held: Profile, symbol: Symbol, contract: Contract) -> Iterator[Override]:
    """What puts a venue's terms in the place of the plan's own, as a venue that the trader might have written."""
    span = Span(Source(f"venue {venue}", venue), 0, len(venue))
    terms = as_written(held.terms(symbol, contract), span)
    named = Mapping((Entry(Scalar("name", span), Scalar(venue, span)), *terms.entries), span)
    yield Override(("venue",), named, span)
    for key in _OWN_TERMS:
        yield taken_away(key, span)


def _sizes(plan: Plan) -> Iterator[Override]:
    """What makes sizes in contracts the quantities that they are by the plan's own contract size."""
    span = Span(Source("size", plan.size.text), 0, len(plan.size.text))
    if plan.size.text and plan.size.kind is SizeKind.CONTRACTS:
        yield Override(("size",), Scalar(_quantity(plan, plan.size), span), span)
    for index, tier in enumerate(plan.tiers):
        if tier.size is not None and tier.size.kind is SizeKind.CONTRACTS:
            yield Override(("tiers", index, "size"), Scalar(_quantity(plan, tier.size), span), span)


def _quantity(plan: Plan, size: Size) -> str:
    """A size in contracts as quantity in base (inverse: value in quote), as a trader writes it."""
    unit = plan.symbol.quote if plan.contract is Contract.INVERSE else plan.symbol.base
    return f"{plain(size.amount * (plan.instrument.contract_size or ONE))} {unit}"


def _is_own(venue: str, own: Study, study: Studied) -> bool:
    """Whether a venue's terms are those of the plan itself, so that its row says nothing new."""
    if isinstance(study, Unread) or own.plan.venue_name != venue:
        return False
    return all(
        mine == theirs
        for mine, theirs in zip(
            (own.plan.margin, own.plan.fees, own.plan.instrument),
            (study.plan.margin, study.plan.fees, study.plan.instrument),
            strict=True,
        )
    )


def _brought(own: Study, study: Studied) -> tuple[Diagnostic, ...]:
    """The errors that the venue's rules bring, beside those that the plan has by itself, and where its data end."""
    had = {(each.code, each.path) for each in own.diagnostics}
    return tuple(
        each
        for each in study.diagnostics
        if (each.severity is Severity.ERROR or each.kind is BEYOND_LAST_BRACKET) and (each.code, each.path) not in had
    )


def _nearest(row: Row) -> tuple[int, Decimal]:
    """Nearest liquidation at full size first, then those without one, then those without figures."""
    plan, ladder = row.study.plan, row.study.ladder
    if plan is None or ladder is None:
        return 2, ZERO
    price = ladder.steps[-1].position.liquidation.price
    return (1, ZERO) if price is None else (0, -plan.sign * price)
