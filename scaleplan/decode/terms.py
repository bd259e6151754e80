"""The venue's terms: contract rules, and the margin model with its brackets; its fees are read where a plan's are."""

from decimal import Decimal
from typing import NamedTuple

from scaleplan.decode.charges import NO_FEES, WrittenFees, read_fees
from scaleplan.decode.keys import BRACKET, INSTRUMENT, VENUE
from scaleplan.decode.kinds import BAD_BRACKETS, UNKNOWN_KEY, UNKNOWN_VENUE, WRITTEN_TWICE, WRONG_PLACE, WRONG_SHAPE
from scaleplan.decode.money import Terms, read_amount, read_bounded_rate, read_leverage, read_positive_number
from scaleplan.decode.reader import NO_FIELDS, Fields, Reader, nearest
from scaleplan.decode.steps import read_items
from scaleplan.diagnostic import Related, write
from scaleplan.plan import Bracket, BracketBy, Instrument, LevelsLie, MaintenanceOn, MarginModel
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.form import NOT_A_DATE
from scaleplan.quantity.number import brief, plain, quote, read_number
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence, Unreadable, key_path
from scaleplan.venue import AS_WRITTEN, UNDATED, VENUE_NAMES, date_of


class VenueTerms(NamedTuple):
    """What a venue says, and the name under which it stands below the tables."""

    name: str
    margin: MarginModel | None
    fees: WrittenFees
    instrument: Instrument


NO_TERMS = VenueTerms("", None, NO_FEES, Instrument())


def read_venue(reader: Reader, node: Node | None, maintenance: Node | None, terms: Terms) -> VenueTerms:
    """Returns the terms of `venue`; the plan's own `maintenance` goes over them, and alone is a `written` venue.

    A venue that is known by name is read from its bundled file as if the trader had written what stands there.
    """
    if isinstance(node, Scalar):
        return _known(reader, node, maintenance, terms)
    if node is None or isinstance(node, Unreadable):
        margin = _margin(reader, NO_FIELDS, "written", terms, maintenance) if maintenance is not None else None
        return NO_TERMS._replace(name="written" if margin else "", margin=margin)
    fields = reader.fields(VENUE, node, "venue") or NO_FIELDS
    if "maintenance" in fields and maintenance is not None:
        reader.report(
            WRITTEN_TWICE,
            maintenance.span,
            "maintenance",
            "maintenance is written in the plan and in its venue",
            "keep one of the two",
            [Related(fields["maintenance"].span, "the venue's own")],
        )
    name = reader.text(*fields.at("name")) or "written"
    return _of_fields(reader, fields, name, maintenance if "maintenance" not in fields else None, terms)


def _known(reader: Reader, node: Scalar, maintenance: Node | None, terms: Terms) -> VenueTerms:
    """Returns the terms of a venue that is named."""
    from scaleplan.decode.profiles import as_written, read_profile  # noqa: PLC0415 - the venue may be written out

    name = node.text.strip().lower()
    held: dict[str, Node] = {}
    if name in VENUE_NAMES:
        held = read_profile(name).terms(terms.symbol, terms.contract)
    else:
        # Two letters lead from one venue to another: `bitget` is no `bitmex`.
        near = nearest(name, VENUE_NAMES, letters=1)
        listed_names = ", ".join(VENUE_NAMES)
        message = f"{quote(node.text.strip())} is no venue that is known"
        help = write(near) if near else f"write one of {listed_names}, a path, or a mapping with `maintenance`"
        reader.report(UNKNOWN_VENUE, node.span, "venue", message, help)
    if maintenance is not None:
        # The date and the source of the venue's brackets are not those of the trader's.
        held = {key: value for key, value in held.items() if key not in ("maintenance", "as_of", "source")}
    fields = reader.fields(VENUE, as_written(held, node.span), "venue") or NO_FIELDS
    found = _of_fields(reader, fields, name, maintenance, terms)
    if maintenance is None or found.margin is None:
        return found
    label = f"{name}{AS_WRITTEN}" if held else "written"
    return found._replace(margin=found.margin._replace(name=label))


def _of_fields(reader: Reader, fields: Fields, name: str, maintenance: Node | None, terms: Terms) -> VenueTerms:
    has_margin = maintenance is not None or "maintenance" in fields
    margin = _margin(reader, fields, name, terms, maintenance) if has_margin else None
    charged = read_fees(reader, *fields.at("fees"), terms)
    return VenueTerms(name, margin, charged, read_instrument(reader, *fields.at("instrument")))


def read_instrument(reader: Reader, node: Node | None, path: str) -> Instrument:
    """Reads contract rules; what is not written is absent."""
    fields = (reader.fields(INSTRUMENT, node, path) or NO_FIELDS) if node is not None else NO_FIELDS
    return Instrument(
        tick_size=read_positive_number(reader, *fields.at("tick_size")),
        lot_size=read_positive_number(reader, *fields.at("lot_size")),
        min_notional=read_positive_number(reader, *fields.at("min_notional")),
        contract_size=read_positive_number(reader, *fields.at("contract_size")),
        max_leverage=read_leverage(reader, *fields.at("max_leverage")),
        pip_size=read_positive_number(reader, *fields.at("pip_size")),
        levels=reader.choice(*fields.at("levels"), LevelsLie),
    )


def merge_instruments(own: Instrument, of_venue: Instrument) -> Instrument:
    """Returns the plan's contract rules, each else the venue's."""
    written = {name: value for name, value in own._asdict().items() if value is not None}
    return of_venue._replace(**written)


def needs_contract_size(model: MarginModel) -> bool:
    """Returns whether a position's bracket is found by its number of contracts."""
    return model.bracket_by is BracketBy.CONTRACTS and len(model.brackets) > 1


def _margin(reader: Reader, fields: Fields, name: str, terms: Terms, written: Node | None) -> MarginModel | None:
    """Returns the margin model of a venue's keys, with the plan's own maintenance where that is `written`."""
    basis = reader.choice(*fields.at("maintenance_on"), MaintenanceOn)
    by = reader.choice(*fields.at("bracket_by"), BracketBy) or BracketBy.NOTIONAL
    closing_fee = read_bounded_rate(reader, *fields.at("closing_fee")) or ZERO
    reserve = read_amount(reader, *fields.at("reserve"), terms) or ZERO
    maintenance, where = fields.at("maintenance")
    if written is not None:
        maintenance, where = written, "maintenance"
    brackets = _brackets(reader, maintenance, where, by, closing_fee)
    deduction, deduction_path = fields.at("deduction")
    if deduction is not None and isinstance(maintenance, Sequence):
        message = "brackets have deductions of their own, derived so that the margin is continuous"
        help = "delete it, or write a single rate as `maintenance`"
        reader.report(WRONG_PLACE, deduction.span, deduction_path, message, help)
    elif brackets:
        amount = read_amount(reader, deduction, deduction_path, terms) or ZERO
        brackets = (brackets[0]._replace(deduction=amount), *brackets[1:]) if deduction is not None else brackets
    if not brackets:
        return None
    return MarginModel(
        name=name,
        as_of=_as_of(reader, *fields.at("as_of")),
        source=reader.text(*fields.at("source")) or "",
        maintenance_on=basis or MaintenanceOn.MARK,
        bracket_by=by,
        brackets=brackets,
        closing_fee=closing_fee,
        reserve=reserve,
        bankruptcy_fee=read_bounded_rate(reader, *fields.at("bankruptcy_fee")) or ZERO,
    )


def _as_of(reader: Reader, node: Node | None, path: str) -> str:
    """Reads the date of a venue's figures; a date that cannot be read would never grow old."""
    text = reader.text(node, path) or ""
    if node is not None and text != UNDATED and date_of(text) is None and not isinstance(node, Unreadable):
        message = f"{quote(text)} is not a date"
        help = f"write year, month and day, as `2026-12-24`, or `{UNDATED}`"
        reader.report(NOT_A_DATE, node.span, path, message, help)
        return ""
    return text


def _brackets(
    reader: Reader, node: Node | None, path: str, by: BracketBy, closing_fee: Decimal
) -> tuple[Bracket, ...] | None:
    if not isinstance(node, Sequence):
        value = _maintenance_rate(reader, node, path, closing_fee)
        return None if value is None else (Bracket(None, value, ZERO),)
    items = read_items(reader, node, path, "`maintenance: [{up_to: 50000, rate: 0.4%}, {rate: 2.5%}]`")
    if items is None:
        return None
    brackets: list[Bracket] = []
    for index, item in enumerate(items):
        bracket = _bracket(reader, item, f"{path}[{index}]", brackets, closing_fee, last=index == len(items) - 1)
        if bracket is None:
            continue
        if brackets and by is not BracketBy.CONTRACTS:
            before = brackets[-1]
            step = (before.up_to or ZERO) * (bracket.rate - before.rate)
            bracket = bracket._replace(deduction=before.deduction + step)
        brackets.append(bracket)
    return tuple(brackets) if len(brackets) == len(items) else None


def _bracket(
    reader: Reader, item: Node, path: str, before: list[Bracket], closing_fee: Decimal, *, last: bool
) -> Bracket | None:
    fields = reader.fields(BRACKET, _without_begin(reader, item, path, before), path)
    if fields is None:
        return None
    up_to = read_positive_number(reader, *fields.at("up_to"))
    value = _maintenance_rate(reader, *fields.at("rate"), closing_fee)
    most = read_leverage(reader, *fields.at("max_leverage"))
    if value is None or (up_to is None and "up_to" in fields):
        return None
    problem: tuple[Node, str, str, str] | None = None
    if up_to is None and not last:
        problem = (item, path, "only the last bracket may be open", "add `up_to`")
    elif before and up_to is not None and up_to <= (before[-1].up_to or ZERO):
        end = brief(before[-1].up_to or ZERO)
        message = f"the bracket ends at {brief(up_to)}, but the one before it ends at {end}"
        problem = (fields["up_to"], key_path(path, "up_to"), message, f"write an `up_to` above {end}")
    elif before and value < before[-1].rate:
        low, high = plain(value * 100), plain(before[-1].rate * 100)
        message = f"the rate falls from {high}% to {low}%: a larger position needs no less margin"
        problem = (fields["rate"], key_path(path, "rate"), message, f"write a rate of at least `{high}%`")
    if problem is None:
        return Bracket(up_to, value, ZERO, most)
    reader.report(BAD_BRACKETS, problem[0].span, problem[1], problem[2], problem[3])
    return None


def _maintenance_rate(reader: Reader, node: Node | None, path: str, closing_fee: Decimal) -> Decimal | None:
    if node is not None and not isinstance(node, Scalar | Unreadable):
        reader.report(
            WRONG_SHAPE, node.span, path, "a mapping stands where a rate or a list of brackets belongs", "write `0.5%`"
        )
        return None
    value = read_bounded_rate(reader, node, path)
    if value is None or node is None or value + closing_fee < 1:
        return value
    reader.report(
        BAD_BRACKETS,
        node.span,
        path,
        f"the rate {plain(value * 100)}% and the closing fee {plain(closing_fee * 100)}% together are not below 100%",
        "write rates as the venue does, such as `0.5%`",
    )
    return None


#: What the lower bound is called in exchanges' tables.
_BEGIN_WORDS = frozenset({"from", "min", "above", "over", "floor", "minNotional", "notionalFloor", "qtyFloor", "minSz"})


def _without_begin(reader: Reader, item: Node, path: str, before: list[Bracket]) -> Node:
    """Returns a bracket without the keys that say where it begins, and reports each of them.

    Where a bracket begins is not written: it is where the one before it ends, so that no table has gaps or overlaps.
    Exchanges print both bounds, and who copies a table copies both. A bound that fits says nothing new, one that does
    not is the gap or the overlap itself.
    """
    if not isinstance(item, Mapping):
        return item
    written = [entry for entry in item.entries if entry.key.text in _BEGIN_WORDS]
    for entry in written:
        # A bracket that was not understood leaves the list shorter than the place of this one.
        _report_begin(reader, entry, path, before if path.endswith(f"[{len(before)}]") else None)
    left = tuple(entry for entry in item.entries if entry not in written)
    return Mapping(left, item.span, item.flow) if written else item


def _report_begin(reader: Reader, entry: Entry, path: str, before: list[Bracket] | None) -> None:
    key, value = entry
    begin = read_number(value.text.strip()) if isinstance(value, Scalar) else None
    end = ZERO if before == [] else before[-1].up_to if before else None
    if isinstance(begin, Decimal) and end is not None and begin != end:
        clash = "no bracket holds between them" if begin > end else "they overlap"
        where = f"the one before it ends at {brief(end)}" if before else "the first one holds from 0"
        message = f"the bracket begins at {brief(begin)}, but {where}: {clash}"
        help = f"delete {quote(key.text)}, or mend the `up_to` before it" if before else f"delete {quote(key.text)}"
        reader.report(BAD_BRACKETS, value.span, key_path(path, key.text), message, help)
        return
    message = f"{quote(key.text)} is not a key of a bracket"
    help = "delete it: a bracket begins where the one before it ends"
    reader.report(UNKNOWN_KEY, key.span, key_path(path, key.text), message, help)
