"""The trade's own words for what the language calls otherwise, and where in a plan it is written.

An unknown key is one of three things: a slip of the pen, a word of the trade, or a key at the wrong place. A key is
taken for another by its letters only where one or two of them differ, because `amount` is no `account`.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from scaleplan.decode.keys import ACCOUNT, FEES, INSTRUMENT, MARGIN, PLAN, TARGET, TIER, Section
from scaleplan.diagnostic import Help, write
from scaleplan.quantity.number import NUMBER
from scaleplan.tree import Entry, Scalar

#: What each key is called elsewhere, by where it is written: without signs and in lower case.
_ELSEWHERE = {
    "stop": "sl stoploss stopprice stopat stoplevel slprice initialstop hardstop cutloss",
    "invalidation": "invalid invalidate invalidationlevel",
    "targets": "tp takeprofit takeprofits tps profittarget profittargets targetprice exits exit exitprice goals",
    "tiers": "entry entries entryprice entryprices entryzone buy buyat buys orders dca ladder grid levels legs scalein",
    "size": "amount qty quantity positionsize possize lots lot contracts volume units notional shares stake sz",
    "account.equity": "balance equity capital deposit bankroll accountsize accountbalance wallet portfolio cash",
    "account.max_risk": "maxloss maxdrawdown risklimit maxriskpercent",
    "venue": "exchange broker platform",
    "symbol": "pair ticker market asset coin product underlying tradingpair security epic",
    "side": "direction position positionside type bias action",
    "leverage": "lev x multiplierx gearing",
    "margin_mode": "margintype mode marginmode tdmode",
    "fees": "commission commissions fee feerate tradingfee tradingfees costs",
    "fees.maker": "makerfee makerrate",
    "fees.taker": "takerfee takerrate",
    "fees.per_contract": "pershare perlot perside perunit commissionpercontract commissionperlot",
    "fees.per_order": "pertrade perfill perticket flat",
    "maintenance": "mmr maintenancerate maintenancemarginrate mmrate",
    "funding": "fundingrate",
    "slippage": "slip",
    "instrument.lot_size": "stepsize lotstep qtystep minqty lotsz quantitystep sizeincrement amountstep",
    "instrument.tick_size": "tick mintick pricestep ticksz priceincrement minmove",
    "instrument.contract_size": "multiplier contractvalue contractmultiplier pointvalue ctval bigpointvalue",
    "instrument.min_notional": "minorder mincost minimum mincostusd",
    "time_stop": "timeout maxhold timelimit maxduration",
    "expires": "expiry gtd goodtill gtc cancelafter validuntil expiration",
    "notes": "comment comments description reason remarks",
    "name": "title",
    "style": "strategy",
}
_HOMES = {word: home for home, words in _ELSEWHERE.items() for word in words.split()}
_PARTS = ("percent", "pct", "weight", "allocation", "portion", "part", "fraction")
#: What a word means inside a tier and a target, where it is another key than at the top.
_IN_TIER = {
    **dict.fromkeys(("at", "entry", "entryprice", "limitprice", "level", "tierprice"), "price"),
    **dict.fromkeys((*_PARTS, "shares", "close"), "share"),
    **dict.fromkeys(("amount", "qty", "quantity", "lots", "contracts", "units"), "size"),
    **dict.fromkeys(("ordertype", "type", "kind"), "order"),
    **dict.fromkeys(("condition", "when", "confirmation", "signal", "if"), "trigger"),
    **dict.fromkeys(("comment", "description", "notes", "reason"), "note"),
    **dict.fromkeys(("sl", "stoploss", "stopprice", "movesl", "movestop", "moveslto", "movestopto", "newstop"), "stop"),
}
_IN_TARGET = {
    **_IN_TIER,
    **dict.fromkeys(("tp", "takeprofit", "exitprice", "targetprice"), "price"),
    **dict.fromkeys(("lots", "contracts", "units"), "close"),
    **dict.fromkeys((*_PARTS, "share", "shares", "size", "amount", "qty", "quantity", "sell", "reduce"), "close"),
    **dict.fromkeys(("trailing", "trailingstop", "trailingsl", "trailby", "callback", "callbackrate"), "trail"),
    **dict.fromkeys(("condition", "when", "signal", "if"), "exit"),
}
_IN_ACCOUNT = {
    **dict.fromkeys(("balance", "capital", "deposit", "size", "bankroll", "cash", "wallet", "amount"), "equity"),
    **dict.fromkeys(("risk", "riskpercent", "riskpct", "riskpertrade", "maxloss", "risklimit"), "max_risk"),
    **dict.fromkeys(("leverage", "lev"), "max_leverage"),
    **dict.fromkeys(["margin"], "max_margin"),
}
_IN_MARGIN = {
    **dict.fromkeys(("initialmargin", "daymargin", "day", "open", "intraday"), "initial"),
    **dict.fromkeys(("maintenancemargin", "maint", "keep", "overnight"), "maintenance"),
}
_IN_FEES = {
    **dict.fromkeys(("commission", "commissions", "rate", "fee", "market", "stop", "remove"), "taker"),
    **dict.fromkeys(("limit", "add", "post"), "maker"),
    **dict.fromkeys(("percontract", "pershare", "perlot", "perside", "perunit"), "per_contract"),
    **dict.fromkeys(("pertrade", "perfill", "perticket", "flat"), "per_order"),
}
_INSIDE = {
    TIER.name: _IN_TIER,
    TARGET.name: _IN_TARGET,
    ACCOUNT.name: _IN_ACCOUNT,
    MARGIN.name: _IN_MARGIN,
    FEES.name: _IN_FEES,
}
#: What a value that is a word of the trade means, and how the language writes it.
_VALUES = {
    **dict.fromkeys(("buy", "b", "bid", "bull", "bullish"), "long"),
    **dict.fromkeys(("sell", "s", "ask", "bear", "bearish"), "short"),
    **dict.fromkeys(("lmt", "limitorder", "maker", "resting", "postonly"), "limit"),
    **dict.fromkeys(("mkt", "marketorder", "taker", "atmarket"), "market"),
    **dict.fromkeys(("stp", "stoporder", "stopmarket", "stoplimit", "stopentry", "trigger"), "stop"),
    **dict.fromkeys(("crossed", "crossmargin", "account"), "cross"),
    **dict.fromkeys(("iso", "isolatedmargin", "fixed"), "isolated"),
    **dict.fromkeys(("perp", "perpetual", "swap", "future", "futures", "usdm", "usdtm"), "linear"),
    **dict.fromkeys(("coinm", "coinmargined"), "inverse"),
    **dict.fromkeys(("averaging", "averagingdown", "ladder", "grid"), "dca"),
    **dict.fromkeys(("pyramiding", "turtle", "addtowinners"), "pyramid"),
}
#: Sections whose keys are known by themselves, and the plan's key under which they stand.
_UNDER = ((ACCOUNT, "account"), (INSTRUMENT, "instrument"), (FEES, "fees"))
_RISK = frozenset(("risk", "riskpercent", "riskpct", "riskpertrade", "riskamount"))
_TRAIL = frozenset(("trail", "trailing", "trailingstop", "trailingsl", "trailingstoploss", "callbackrate"))
_MOVES = frozenset(
    ("be", "breakeven", "breakevenat", "breakevenafter", "movesl", "movestop", "moveslto", "movestopto", "slmove")
)
_POSTED = {"maintenancemargin": "maintenance", "initialmargin": "initial", "daymargin": "initial"}
_SIGNS = re.compile(r"[\W_]+")
_PRICE = re.compile(NUMBER)
_RATE = re.compile(NUMBER + "%")


class Meant(NamedTuple):
    """What an unknown key means: the help, and the key of its own mapping that is spoken for by it, if any.

    `whole` is what to write in place of the key and its value, where that alone mends it. `inside` is the key of the
    instrument that it is, which is not missing as well.
    """

    help: Help
    key: str = ""
    whole: str = ""
    is_deleted: bool = False
    inside: str = ""


#: No value is repeated in a help beyond so many characters.
_LONGEST = 60


def meaning_of(word: str, value: str, section: Section, written: set[str]) -> Meant:
    """Returns what an unknown key means in a section where the keys `written` stand already.

    `value` is the text typed behind it, empty where that is no single value. A long one is not repeated, and none that
    may stand in another file than the plan.
    """
    if len(value) > _LONGEST or section not in (PLAN, TIER, TARGET):
        value = ""
    return _of_trade(word, value, section, written) or _misspelt(word, section, written)


def _misspelt(word: str, section: Section, written: set[str]) -> Meant:
    # A key that is there already cannot be what was meant.
    near = slip_of(word, [name for name in section.names if name not in written])
    near = near or slip_of(word, written.intersection(section.names))
    return _renamed(near, written) if near else Meant(Help(f"its keys are {', '.join(section.names)}"))


def _of_trade(word: str, value: str, section: Section, written: set[str]) -> Meant | None:
    """Returns what a word of the trade, or a key of another place, means; absent where it is neither."""
    bare = _SIGNS.sub("", word.lower())
    own = _INSIDE.get(section.name, {}).get(bare) or next(
        (name for name in section.names if name.replace("_", "") == bare), ""
    )
    if own and own in section.known:
        return _renamed(own, written)
    special = _special(bare, value, section, written)
    if special is not None:
        return special
    home = _HOMES.get(bare) or ("targets" if re.fullmatch("(?:tp|target|takeprofit)[1-9]", bare) else "")
    home = home or ("tiers" if re.fullmatch("(?:entry|tier|dca|so)[1-9]", bare) else "") or _place_of(bare)
    meant = _at(home, value, section, written) if home else None
    owner, _, name = home.rpartition(".")
    return meant._replace(inside=name) if meant is not None and owner == "instrument" else meant


def _renamed(name: str, written: set[str]) -> Meant:
    if name in written:
        return Meant(Help(f"delete it, because `{name}` is written already"), is_deleted=True)
    return Meant(write(name), name)


def _place_of(bare: str) -> str:
    for section, owner in _UNDER:
        for name in section.names:
            if name.replace("_", "") == bare:
                return f"{owner}.{name}"
    return next((name for name in PLAN.names if name.replace("_", "") == bare), "")


def _at(home: str, value: str, section: Section, written: set[str]) -> Meant | None:
    """Returns the help for a key that stands at `home`, which is a key of the plan or one under it."""
    owner, _, name = home.rpartition(".")
    shown = value or "..."
    if section is not PLAN:
        inner = next((key for part, key in _UNDER if part is section), "")
        if owner and owner == inner:
            return _renamed(name, written)
        if owner:
            return Meant(Help(f"write `{owner}: {{{name}: {shown}}}` at the top of the plan, and delete it here"))
        return Meant(Help(f"write `{name}` at the top of the plan, and delete it here"))
    if owner:
        if owner in written:
            return Meant(Help(f"write `{name}: {shown}` under `{owner}:`, and delete it here"))
        under = f"{owner}: {{{name}: {shown}}}"
        return Meant(Help(f"write it under `{owner}:`, as `{under}`"), owner, under if value else "")
    if name in ("tiers", "targets") and value:
        return _listed(name, value, written)
    if name == "fees" and name not in written:
        known = f"`fees: {value}`" if _RATE.fullmatch(value) else "`fees: {maker: ..., taker: ...}`"
        return Meant(Help(f"write {known}", (name,) if _RATE.fullmatch(value) else ()), name)
    return _renamed(name, written)


def _listed(name: str, value: str, written: set[str]) -> Meant:
    one = "target" if name == "targets" else "tier"
    if name in written:
        return Meant(Help(f"a {one} is an item of `{name}:`: write `{value}` there, and delete it here"))
    return Meant(Help(f"write `{name}: [{value}]`"), name, f"{name}: [{value}]")


def _special(bare: str, value: str, section: Section, written: set[str]) -> Meant | None:
    """Returns what words mean that are no single key."""
    if bare in _RISK:
        share = value or "..."
        limit = f"as a limit write `max_risk: {share}` under `account:`"
        if section is not PLAN:
            return Meant(Help(f"as a size write `size: {share} risk` at the top of the plan; {limit}"))
        if "size" in written:
            return Meant(Help(f"`size` is written already; {limit}, and delete it here"))
        whole = f"size: {share} risk" if _RATE.fullmatch(value) else ""
        return Meant(Help(f"as a size write `size: {share} risk`; {limit}"), "size", whole)
    if bare in _TRAIL:
        return Meant(Help(f"write `trail: {value or '...'}` at the last target: what is left trails from there"))
    if bare in _MOVES:
        return Meant(Help("write `stop: breakeven` at the target after which the stop moves"))
    if bare in _POSTED:
        shown = f"{value or '...'} {'' if ' ' in value else 'USD '}per contract" if "per" not in value else value
        both = f"initial: {shown}" if _POSTED[bare] == "initial" else f"initial: ..., maintenance: {shown}"
        return Meant(Help(f"write it under `margin:`, for each contract: `margin: {{{both}}}`"))
    if bare == "tickvalue":
        words = "delete it: a tick is worth `contract_size` times `tick_size`, which stand under `instrument:`"
        return Meant(Help(words), is_deleted=True)
    return None


def value_of(word: str, choices: Iterable[str]) -> str | None:
    """Returns the choice that a word of the trade means, or of which it is a slip."""
    meant = _VALUES.get(_SIGNS.sub("", word.lower()), "")
    known = list(choices)
    return meant if meant in known else slip_of(word, known)


def slip_of(word: str, known: Iterable[str], *, letters: int = 2) -> str | None:
    """Returns the known word from which a word differs by a slip: one letter of a short word, two of a longer one."""
    word = word.lower()[:60]
    best: tuple[int, str] | None = None
    for name in known:
        allowed = min(letters, 0 if len(name) < 3 else 1 if len(name) < 6 else 2)
        if abs(len(word) - len(name)) > allowed:
            continue
        distance = _distance(word, name.lower())
        if distance <= allowed and (best is None or distance < best[0]):
            best = distance, name
    return best[1] if best else None


def _distance(first: str, second: str) -> int:
    """Returns how many letters are added, left out, exchanged for others or for their neighbours."""
    above: list[int] = []
    row = list(range(len(second) + 1))
    for at, letter in enumerate(first, 1):
        before, above, row = above, row, [at]
        for to, other in enumerate(second, 1):
            cost = min(row[-1] + 1, above[to] + 1, above[to - 1] + (letter != other))
            if at > 1 and to > 1 and letter == second[to - 2] and first[at - 2] == other:
                cost = min(cost, before[to - 2] + 1)
            row.append(cost)
    return row[-1]


#: `30% at 2100, stop: breakeven`: YAML reads all before the last colon as a key. How the amount is called elsewhere.
_SHORT_WITH_A_KEY = re.compile(r"(?P<amount>[^,]{1,30}) at (?P<price>[^,]{1,30}), (?P<key>[a-z_]{1,20})")
_AMOUNTS = {"a tier": "share", "a target": "close"}


def short_with_a_key(entry: Entry, section: Section) -> str:
    """Returns the mapping that a short form with a key behind it means; empty where an unknown key is none."""
    match = _SHORT_WITH_A_KEY.fullmatch(entry.key.text)
    if match is None or section.name not in _AMOUNTS:
        return ""
    value = entry.value.text if isinstance(entry.value, Scalar) and len(entry.value.text) <= _LONGEST else "..."
    return f"{{price: {match['price']}, {_AMOUNTS[section.name]}: {match['amount']}, {match['key']}: {value}}}"
