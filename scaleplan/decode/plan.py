"""A plan's mapping to a `Plan`: section by section, all mistakes at once.

The order is that of what refers to what: symbol and contract, account, tier prices and the stop, then sizes, tiers and
targets, which are measured by them.
"""

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import PurePath
from typing import NamedTuple

from scaleplan.decode.account import account
from scaleplan.decode.charges import both_fees, fees, slippage, spread, swap, too_wide
from scaleplan.decode.contract import contract
from scaleplan.decode.distance import Units, units_of
from scaleplan.decode.holding import expiry, funding, risk_unit, time_stop
from scaleplan.decode.keys import PLAN
from scaleplan.decode.kinds import MISSING_KEY
from scaleplan.decode.levels import Ground, plan_stop, price
from scaleplan.decode.margin import closeout, in_contracts, margin_model, per_contract, tiers_in_contracts
from scaleplan.decode.money import Terms, leverage, money
from scaleplan.decode.reader import Fields, Reader
from scaleplan.decode.size import SizeRules, size
from scaleplan.decode.targets import count_targets, targets
from scaleplan.decode.terms import instrument, merged, needs_contract_size, venue
from scaleplan.decode.tiers import TierNodes, tier_prices, tiers
from scaleplan.diagnostic import Severity, has_errors
from scaleplan.plan import Contract, EntriesEnd, MarginMode, Plan, Side, Size, SizeKind, Style
from scaleplan.plan.sizes import sum_of_own
from scaleplan.quantity.amount import Symbol, read_symbol
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.price import Fixed, NoStop
from scaleplan.tree import Mapping, Unreadable

#: Stands in for a symbol that could not be read, so that the rest of the plan is still looked at.
UNKNOWN_SYMBOL = Symbol("", "", "", "")
#: Stands in for a size that could not be read, in an outline.
_ANY_SIZE = Size(SizeKind.NOTIONAL, ONE, "")
_FIRST_KEY = re.compile(r"[^.\[]+")


class Outline(NamedTuple):
    """A plan with mistakes of reading or shape: what could be read of it, and the keys that could not.

    The rules that look at other keys only have something to say of it all the same.
    """

    plan: Plan
    unread: frozenset[str]


def plan(reader: Reader, root: Mapping, plan_name: str) -> Plan | Outline | None:
    """The plan; with any mistake of reading or shape its outline, or nothing where not even the tiers could be read."""
    fields = reader.fields(PLAN, root, "") or {}
    symbol = reader.form(fields.get("symbol"), "symbol", read_symbol)
    side = reader.choice(fields.get("side"), "side", Side)
    traded = contract(reader, fields, symbol, side)
    terms = Terms(symbol or UNKNOWN_SYMBOL, traded or Contract.LINEAR)
    held_by = account(reader, fields.get("account"), terms)
    terms = terms._replace(equity=held_by.equity, currency=held_by.currency, rate=held_by.rate)
    of_venue = venue(reader, fields.get("venue"), fields.get("maintenance"), terms)
    rules_of = merged(instrument(reader, fields.get("instrument"), "instrument"), of_venue.instrument)
    units = units_of(rules_of, terms.symbol)
    found = tier_prices(reader, fields.get("tiers"), units)
    stop, invalidation, ground = _exits(reader, fields, root, found, units)
    if of_venue.margin is not None and needs_contract_size(of_venue.margin) and rules_of.contract_size is None:
        reader.missing(
            "instrument",
            root,
            "",
            "the brackets count contracts, and nothing says how much one contract is",
            "add `instrument: {contract_size: 0.01}`",
        )
    size_rules = SizeRules(has_contract_size=rules_of.contract_size is not None)
    whole = size(reader, fields.get("size"), "size", terms, size_rules)
    entries = None if found is None else tiers(reader, found, side or Side.LONG, terms, ground, size_rules)
    if found is not None and "size" not in fields and not all("size" in tier for tier in found.fields):
        reader.missing("size", root, "", "the plan has no size: the most that it may ever hold")
    style = reader.choice(fields.get("style"), "style", Style)
    exits = targets(reader, fields.get("targets"), ground)
    unit, unit_amount = risk_unit(reader, fields.get("risk_unit"), terms)
    margin_mode = reader.choice(fields.get("margin_mode"), "margin_mode", MarginMode)
    entries_end = reader.choice(fields.get("entries_end"), "entries_end", EntriesEnd)
    set_leverage = leverage(reader, fields.get("leverage"), "leverage")
    posted = per_contract(reader, fields, terms)
    closed_at = closeout(reader, fields.get("margin_closeout"))
    model = margin_model(reader, fields, of_venue.margin, posted, closed_at, set_leverage)
    own_fees = fees(reader, fields.get("fees"), "fees", terms)
    slip = slippage(reader, fields.get("slippage"), units)
    apart = spread(reader, fields.get("spread"), units, ground.first)
    extra = money(reader, fields.get("extra_margin"), "extra_margin", terms, signed=True)
    held = funding(reader, fields.get("funding"))
    nightly = swap(reader, fields.get("swap"), side, terms, held, fields.get("funding"))
    expires = expiry(reader, fields.get("expires"))
    timed = time_stop(reader, fields.get("time_stop"), ground)
    name = reader.text(fields.get("name"), "name")
    checklist = reader.texts(fields.get("checklist"), "checklist")
    notes = reader.texts(fields.get("notes"), "notes")
    if symbol is None or side is None or traded is None or not entries:
        return None
    read = Plan(
        name=name or _name_of_file(plan_name),
        symbol=symbol,
        side=side,
        contract=traded,
        style=style or _style(side, tuple(tier.price for tier in entries)),
        style_written=style is not None,
        account=held_by,
        margin=model,
        margin_mode=margin_mode or MarginMode.ISOLATED,
        leverage=set_leverage or ONE,
        extra_margin=extra or ZERO,
        size=in_contracts(whole, posted) if whole else _ANY_SIZE,
        tiers=tiers_in_contracts(entries, posted),
        invalidation=invalidation,
        stop=stop,
        targets=exits,
        fees=both_fees(own_fees, of_venue.fees),
        slippage=slip.ratio,
        funding=held,
        instrument=rules_of,
        risk_unit=unit,
        risk_unit_amount=unit_amount,
        entries_end=entries_end or EntriesEnd.FIRST_TARGET,
        expires=expires,
        time_stop=timed,
        checklist=checklist,
        notes=notes,
        venue_name=of_venue.name,
        slippage_price=slip.price,
        spread=apart,
        initial_per_contract=posted.initial if posted else None,
        swap=nightly,
    )
    too_wide(reader, fields, read)
    shares = own_fees.shares if own_fees.per_contract is not None else of_venue.fees.shares
    _one_contract(reader, fields, read, known=shares or (posted is not None and posted.shares))
    if whole is None and all(tier.size is not None for tier in entries):
        read = read._replace(size=sum_of_own(read))
    return Outline(read, _unread(reader, fields)) if has_errors(reader.diagnostics) else read


def _unread(reader: Reader, fields: Fields) -> frozenset[str]:
    """The top-level keys of which something could not be read; all of them where a mistake has no key."""
    unread = {name for name, node in fields.items() if isinstance(node, Unreadable)}
    for diagnostic in reader.diagnostics:
        key = _FIRST_KEY.match(diagnostic.path)
        if key is not None:
            unread.add(key[0])
        elif diagnostic.kind is MISSING_KEY:
            unread |= {"size", "stop", "invalidation"} - fields.keys()
        elif diagnostic.severity is Severity.ERROR:
            return frozenset(PLAN.names)
    return frozenset(unread)


def _exits(
    reader: Reader, fields: Fields, root: Mapping, found: TierNodes | None, units: Units
) -> tuple[Decimal | None, Decimal | None, Ground]:
    """The plan's own stop, its invalidation, and the ground that levels stand on."""
    prices = tuple(found.prices) if found is not None else ()
    ground = Ground(prices[0] if prices else None, prices, count_targets(fields.get("targets")), units=units)
    invalidation = price(reader, fields.get("invalidation"), "invalidation", ground)
    if "stop" not in fields:
        if "invalidation" not in fields:
            reader.missing(
                "stop",
                root,
                "",
                "the plan has neither `stop` nor `invalidation`: nothing says where it is wrong",
                "add `stop: 58000`, or `stop: none` if there is none on purpose",
            )
        return invalidation, invalidation, ground
    stop = plan_stop(reader, fields["stop"], "stop", ground)
    if isinstance(stop, NoStop):
        return None, invalidation, ground._replace(has_stop=False)
    return stop.price if isinstance(stop, Fixed) else None, invalidation, ground


def _one_contract(reader: Reader, fields: Fields, read: Plan, *, known: bool) -> None:
    """Tell where an amount is for each contract and nothing says how much one is."""
    if any("contract_size" in one.help for one in reader.diagnostics):
        return
    counts = {read.size.kind, *(tier.size.kind for tier in read.tiers if tier.size is not None)}
    if read.instrument.contract_size is not None or known or SizeKind.CONTRACTS in counts:
        return
    asking = (
        ("fees", read.fees.per_contract != 0),
        ("margin", read.initial_per_contract is not None),
        ("swap", read.swap is not None),
    )
    for name, asks in asking:
        if asks:
            node = fields.get(name) or fields["venue"]
            said = f"{name} are" if name == "fees" else f"the {name} is"
            reader.lacks(
                node,
                name if name in fields else "venue",
                "instrument",
                f"{said} for each contract, and nothing says how much one contract is",
                "add `instrument: {contract_size: 50}`",
            )


def _style(side: Side, prices: tuple[Decimal, ...]) -> Style:
    """The style that the prices speak of: all adds winning, all losing, or some of each."""
    if len(prices) == 1:
        return Style.SINGLE
    steps = [side.sign * (after - before) for before, after in pairwise(prices)]
    if all(step >= 0 for step in steps) and any(step > 0 for step in steps):
        return Style.PYRAMID
    return Style.DCA if all(step <= 0 for step in steps) else Style.CONFIRMATION


def _name_of_file(plan_name: str) -> str:
    if plan_name == "<stdin>":
        return "plan"
    return PurePath(plan_name).stem or "plan"
