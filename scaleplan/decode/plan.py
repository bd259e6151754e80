"""A plan's mapping to a `Plan`: section by section, all mistakes at once.

The order is that of what refers to what: symbol and contract, account, tier prices and the stop, then sizes, tiers and
targets, which are measured by them.
"""

import os
import re
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

from scaleplan.decode.charges import merge_fees, read_fees, read_slippage, read_spread, report_too_wide
from scaleplan.decode.contract import (
    choose_margin_model,
    in_contracts,
    read_closeout,
    read_contract,
    read_margin,
    tiers_in_contracts,
)
from scaleplan.decode.holding import read_expiry, read_funding, read_risk_unit, read_swap, read_time_stop
from scaleplan.decode.keys import PLAN
from scaleplan.decode.kinds import CUT_AT_COMMA, EMPTY_VALUE, MISSING_KEY
from scaleplan.decode.levels import Ground, Units, read_fixed_price, read_plan_stop, units_of
from scaleplan.decode.money import Terms, read_account, read_amount, read_leverage
from scaleplan.decode.reader import NO_FIELDS, Fields, Reader
from scaleplan.decode.size import SizeRules, contract_size_added, read_size
from scaleplan.decode.targets import count_targets, read_targets
from scaleplan.decode.terms import merge_instruments, needs_contract_size, read_instrument, read_venue
from scaleplan.decode.tiers import TierNodes, read_tier_prices, read_tiers
from scaleplan.diagnostic import Severity, has_errors
from scaleplan.plan import (
    Contract,
    EntriesEnd,
    Instrument,
    LevelsLie,
    MarginMode,
    Order,
    Plan,
    Side,
    Size,
    SizeKind,
    Style,
    Tier,
)
from scaleplan.plan.sizes import sum_of_own
from scaleplan.quantity.amount import Symbol, read_symbol
from scaleplan.quantity.exact import ONE, ZERO
from scaleplan.quantity.number import read_number
from scaleplan.quantity.price import NUMBER_OR_PERCENT, Fixed, NoStop
from scaleplan.tree import Mapping, Scalar, Unreadable

#: Stands in for a symbol that could not be read, so that the rest of the plan is still looked at.
UNKNOWN_SYMBOL = Symbol("", "", "", "")
#: Stands in for a size that could not be read, in an outline.
#: Keys of the trader's own words: no figure rests on them.
_WORDS = frozenset({"name", "trigger", "note", "checklist", "notes"})
_ANY_SIZE = Size(SizeKind.NOTIONAL, ONE, "")
_ALL_BUT_THE_SIDE = frozenset(PLAN.names) - {"side"}
_OF_FIRST_PRICE = r"(?:tiers(?:\[0\])?\.)?[^.\[]+"
_FIRST_KEY = re.compile(r"[^.\[]+")


class Outline(NamedTuple):
    """A plan with mistakes of reading or shape: what could be read of it, and the keys that could not.

    The rules that look at other keys only have something to say of it all the same. Where symbol, contract or tiers
    could not be read, others stand in for them, the tiers one at tier 1's price, and no key but the side counts as
    read.
    """

    plan: Plan
    unread: frozenset[str]

    @classmethod
    def of_side(cls, plan: Plan) -> "Outline":
        """Returns a plan of which nothing but the side, and prices, can be relied upon."""
        return cls(plan, _ALL_BUT_THE_SIDE)


def decode_plan(reader: Reader, root: Mapping, plan_name: str) -> Plan | Outline | None:
    """Returns the plan; with any mistake an `Outline`, or nothing where side or tier 1's price could not be read."""
    fields = reader.fields(PLAN, root, "") or NO_FIELDS
    symbol = reader.form(*fields.at("symbol"), read_symbol)
    side = reader.choice(*fields.at("side"), Side)
    contract = read_contract(reader, fields, symbol, side)
    terms = Terms(symbol or UNKNOWN_SYMBOL, contract or Contract.LINEAR)
    account = read_account(reader, fields.get("account"), terms)
    terms = terms._replace(equity=account.equity, currency=account.currency, rate=account.rate)
    venue = read_venue(reader, fields.get("venue"), fields.get("maintenance"), terms)
    instrument = _instrument(reader, fields, root, venue.instrument)
    units = units_of(instrument, terms.symbol)
    tier_nodes = read_tier_prices(reader, fields.get("tiers"), units)
    stop, invalidation, ground = _read_exits(reader, fields, root, tier_nodes, units, side)
    if venue.margin is not None and needs_contract_size(venue.margin) and instrument.contract_size is None:
        reader.missing(
            "contract_size",
            root,
            "",
            "the brackets count contracts, and nothing says how much one contract is",
            contract_size_added(reader),
        )
    size_rules = SizeRules(has_contract_size=instrument.contract_size is not None)
    size = read_size(reader, *fields.at("size"), terms, size_rules)
    tiers = None
    if tier_nodes is not None:
        tiers = read_tiers(reader, tier_nodes, side or Side.LONG, terms, ground, size_rules)
        if "size" not in fields and not all("size" in tier for tier in tier_nodes.fields):
            reader.missing(
                "size",
                root,
                "",
                "the plan has no size: the most that it may ever hold",
                reader.added("", reader.examples().size_line()),
            )
    style = reader.choice(*fields.at("style"), Style)
    exits = read_targets(reader, fields.get("targets"), ground, has_contract_size=size_rules.has_contract_size)
    risk_unit, risk_unit_amount = read_risk_unit(reader, fields.get("risk_unit"), terms)
    margin_mode = reader.choice(*fields.at("margin_mode"), MarginMode)
    entries_end = reader.choice(*fields.at("entries_end"), EntriesEnd)
    leverage = read_leverage(reader, *fields.at("leverage"))
    posted = read_margin(reader, fields, terms)
    closeout = read_closeout(reader, fields.get("margin_closeout"))
    margin = choose_margin_model(reader, fields, venue.margin, posted, closeout, leverage)
    fees = read_fees(reader, *fields.at("fees"), terms)
    slippage = read_slippage(reader, fields.get("slippage"), units)
    spread = read_spread(reader, fields.get("spread"), units, ground.first)
    extra_margin = read_amount(reader, *fields.at("extra_margin"), terms, signed=True)
    funding = read_funding(reader, fields.get("funding"))
    swap = read_swap(reader, fields.get("swap"), side, terms, funding, fields.get("funding"))
    expires = read_expiry(reader, fields.get("expires"))
    time_stop = read_time_stop(reader, fields.get("time_stop"), ground)
    name = reader.text(*fields.at("name"))
    checklist = reader.texts(*fields.at("checklist"))
    notes = reader.texts(*fields.at("notes"))
    if side is None or not (listed := tiers or _first_tier(fields, ground)):
        return None
    plan = Plan(
        name=name or _name_of_file(plan_name),
        symbol=symbol or UNKNOWN_SYMBOL,
        side=side,
        contract=contract or Contract.LINEAR,
        style=style or _style_of(side, tuple(tier.price for tier in listed)),
        style_written=style is not None,
        account=account,
        margin=margin,
        margin_mode=margin_mode or (MarginMode.CROSS if posted or closeout else MarginMode.ISOLATED),
        leverage=leverage or ONE,
        extra_margin=extra_margin or ZERO,
        size=in_contracts(size, posted) if size else _ANY_SIZE,
        tiers=tiers_in_contracts(listed, posted),
        invalidation=invalidation,
        stop=stop,
        targets=exits.targets,
        fees=merge_fees(fees, venue.fees),
        slippage=slippage.ratio,
        funding=funding,
        instrument=instrument,
        risk_unit=risk_unit,
        risk_unit_amount=risk_unit_amount,
        entries_end=entries_end or EntriesEnd.FIRST_TARGET,
        expires=expires,
        time_stop=time_stop,
        checklist=checklist,
        notes=notes,
        venue_name=venue.name,
        slippage_price=slippage.price,
        spread=spread,
        initial_per_contract=posted.initial if posted else None,
        swap=swap,
        runner=exits.runner,
    )
    report_too_wide(reader, fields, plan)
    by_share = fees.shares if fees.per_contract is not None else venue.fees.shares
    if not by_share and not (posted is not None and posted.shares):
        _check_contract_size(reader, fields, plan)
    if size is None and all(tier.size is not None for tier in listed):
        plan = plan._replace(size=sum_of_own(plan))
    return (
        _outline(reader, fields, plan, is_whole=None not in (symbol, contract) and bool(tiers))
        if has_errors(reader.diagnostics)
        else plan
    )


def _outline(reader: Reader, fields: Fields, plan: Plan, *, is_whole: bool) -> Outline:
    """Returns a plan with mistakes; where something stands in for a part of it, no key but the side counts as read."""
    unread = _unread(reader, fields)
    # What a comma has cut reads as a number, and another than was meant.
    if any(one.kind is CUT_AT_COMMA and re.fullmatch(_OF_FIRST_PRICE, one.path) for one in reader.diagnostics):
        unread = frozenset(PLAN.names)
    return Outline(plan, unread if is_whole else unread | _ALL_BUT_THE_SIDE)


def _first_tier(fields: Fields, ground: Ground) -> tuple[Tier, ...]:
    """Returns a tier at tier 1's price, to stand in for tiers that could not be read; none where that could not."""
    price = ground.first
    ladder = fields.get("tiers")
    if price is None and isinstance(ladder, Mapping):
        starts = [entry.value for entry in ladder.entries if entry.key.text == "from"]
        found = read_number(starts[0].text) if starts and isinstance(starts[0], Scalar) else None
        price = found if isinstance(found, Decimal) and found > 0 else None
    if price is None:
        return ()
    return (
        Tier(price, Fraction(1), None, Order.LIMIT, order_written=False, after=None, trigger="", stop=None, note=""),
    )


def _unread(reader: Reader, fields: Fields) -> frozenset[str]:
    """Returns the top-level keys of which something could not be read; all of them where a mistake has no key."""
    unread = {name for name, node in fields.items() if isinstance(node, Unreadable) and name not in _WORDS}
    for diagnostic in reader.diagnostics:
        if diagnostic.kind is EMPTY_VALUE and diagnostic.path.rpartition(".")[2].partition("[")[0] in _WORDS:
            continue
        key = _FIRST_KEY.match(diagnostic.path)
        if key is not None:
            unread.add(key[0])
        elif diagnostic.kind is MISSING_KEY:
            unread |= {"size", "stop", "invalidation"} - fields.keys()
        elif diagnostic.severity is Severity.ERROR:
            return frozenset(PLAN.names)
    return frozenset(unread)


def _instrument(reader: Reader, fields: Fields, root: Mapping, of_venue: Instrument) -> Instrument:
    """Returns the plan's contract rules, else the venue's; levels on ticks need one."""
    instrument = merge_instruments(read_instrument(reader, *fields.at("instrument")), of_venue)
    if instrument.levels is LevelsLie.ON_TICKS and instrument.tick_size is None:
        message = "levels are to lie on ticks, and nothing says how much a tick is"
        help = reader.added("instrument", reader.examples().tick_line("tick_size"))
        reader.missing("tick_size", root, "", message, help)
    return instrument


def _read_exits(
    reader: Reader, fields: Fields, root: Mapping, tier_nodes: TierNodes | None, units: Units, side: Side | None
) -> tuple[Decimal | None, Decimal | None, Ground]:
    """Returns the plan's own stop, its invalidation, and the ground that levels stand on."""
    prices = tuple(tier_nodes.prices) if tier_nodes is not None else ()
    ground = Ground(prices[0] if prices else None, prices, count_targets(fields.get("targets")), units=units, side=side)
    invalidation = read_fixed_price(
        reader, *fields.at("invalidation"), ground, NUMBER_OR_PERCENT._replace(sign=ground.losing)
    )
    if "stop" not in fields:
        if "invalidation" not in fields:
            reader.missing(
                "stop",
                root,
                "",
                "the plan has neither `stop` nor `invalidation`: nothing says where it is wrong",
                reader.added("", reader.examples().stop_line(), ", or `stop: none` if there is none on purpose"),
            )
        return invalidation, invalidation, ground
    stop = read_plan_stop(reader, fields["stop"], "stop", ground)
    if isinstance(stop, NoStop):
        return None, invalidation, ground._replace(has_stop=False)
    return stop.price if isinstance(stop, Fixed) else None, invalidation, ground


def _check_contract_size(reader: Reader, fields: Fields, plan: Plan) -> None:
    """Reports an amount for each contract where nothing says how much one contract is."""
    counted_in = {plan.size.kind, *(tier.size.kind for tier in plan.tiers if tier.size is not None)}
    if plan.instrument.contract_size is not None or SizeKind.CONTRACTS in counted_in:
        return
    amounts = (
        ("fees", "fees are", plan.fees.per_contract != 0),
        ("margin", "the margin is", plan.initial_per_contract is not None),
        ("swap", "the swap is", plan.swap is not None),
    )
    for name, subject, is_written in amounts:
        if is_written:
            reader.lacks(
                fields.get(name) or fields["venue"],
                name if name in fields else "venue",
                "contract_size",
                f"{subject} for each contract, and nothing says how much one contract is",
                contract_size_added(reader),
            )


def _style_of(side: Side, prices: tuple[Decimal, ...]) -> Style:
    """Returns the style that the prices show: all adds winning, all losing, or some of each."""
    if len(prices) == 1:
        return Style.SINGLE
    steps = [side.sign * (after - before) for before, after in pairwise(prices)]
    if all(step >= 0 for step in steps) and any(step > 0 for step in steps):
        return Style.PYRAMID
    return Style.DCA if all(step <= 0 for step in steps) else Style.CONFIRMATION


def _name_of_file(plan_name: str) -> str:
    if plan_name == "<stdin>":
        return "plan"
    name = os.path.basename(plan_name)  # noqa: PTH119
    stem, _, end = name.rpartition(".")
    return stem if stem and end else name or "plan"
