"""The keys of the plan language, section by section: the one declaration that the reader goes by.

Each key has the name of its form and a sentence for people; an editor's schema can be made from the same lines.
"""

from typing import NamedTuple


class Key(NamedTuple):
    """One key: its name, the form of its value, and a sentence that says what it means."""

    name: str
    form: str
    doc: str
    #: What to add where the key is missing, as a trader would type it; empty where it may be missing.
    required: str = ""
    #: Whether it speaks of margin, and means nothing for an asset bought outright.
    margined: bool = False


class Section:
    """The keys of a mapping. `name` is how messages speak of the mapping, `names` are its keys' in their order."""

    __slots__ = ("keys", "known", "name", "names", "required")

    def __init__(self, name: str, keys: tuple[Key, ...]) -> None:
        self.name = name
        self.keys = keys
        self.names = tuple(key.name for key in keys)
        self.known = frozenset(self.names)
        self.required = tuple(key for key in keys if key.required)


PLAN = Section(
    "a plan",
    (
        Key("name", "text", "What the plan is called; the file's name if left out."),
        Key(
            "symbol",
            "symbol",
            "What is traded: BASE/QUOTE, or BASE/QUOTE:SETTLE for a contract.",
            required="`symbol: BTC/USDT`",
        ),
        Key("side", "side", "long or short; in a template also signal.", required="`side: long` or `side: short`"),
        Key("style", "style", "How the plan scales in: pyramid, confirmation, dca, range or single."),
        Key("contract", "contract", "spot, linear (settled in quote) or inverse (settled in base)."),
        Key("account", "account", "Equity and limits, or a path to a file that holds them."),
        Key("venue", "venue", "The exchange: a name, a path, or its terms as a mapping."),
        Key(
            "margin_mode",
            "margin_mode",
            "isolated or cross. Left out: isolated, but cross with a broker's `margin` or `margin_closeout`.",
            margined=True,
        ),
        Key("leverage", "leverage", "The leverage set on the venue.", margined=True),
        Key("margin", "margin", "A broker's margin for each contract, in place of leverage.", margined=True),
        Key(
            "margin_closeout",
            "closeout",
            "The part of the margin in use at which a broker closes out: 50%.",
            margined=True,
        ),
        Key("extra_margin", "signed money", "Margin added to (or taken from) an isolated position.", margined=True),
        Key(
            "maintenance", "maintenance", "The maintenance rate or brackets, short for a venue mapping.", margined=True
        ),
        Key("fees", "fees", "Fee rates, maker and taker; or an amount a contract or an order."),
        Key("slippage", "slip", "How much worse than its level a taker fill is: 0.05%, 1 tick."),
        Key("spread", "slip", "Between bid and ask: 0.8 pips; every fill pays half of it."),
        Key("funding", "funding", "What holding costs: a rate, its period, and the time held.", margined=True),
        Key(
            "swap",
            "swap",
            "What holding costs for each lot and night, as brokers of currencies charge it.",
            margined=True,
        ),
        Key("instrument", "instrument", "Contract rules: tick, lot, minimum, contract size, leverage."),
        Key("size", "size", "The most the plan may ever hold, with its unit."),
        Key(
            "tiers",
            "tiers",
            "The planned entries, in the order in which they should fill.",
            required="`tiers: [150, 140, 130]`",
        ),
        Key("invalidation", "price", "Where the idea is wrong."),
        Key("stop", "stop", "Where the exit order sits; none says on purpose that there is none."),
        Key("targets", "targets", "The planned exits, in the order in which price meets them."),
        Key("time_stop", "time_stop", "What is closed after a time without progress."),
        Key("entries_end", "entries_end", "What cancels unfilled tiers: first target or never."),
        Key("expires", "expiry", "A date or duration after which unfilled tiers are cancelled."),
        Key("atr", "atr", "The ATR of a template: of how many bars, and how long these are."),
        Key("signals", "signals", "When a template is traded: breakout 20, dip 3% in 20, cross 50, every 1d."),
        Key("risk_unit", "risk_unit", "What 1R is: plan, first tier, or an amount."),
        Key("checklist", "texts", "What must be true before the trade, in the trader's words."),
        Key("notes", "texts", "Anything else."),
    ),
)
ACCOUNT = Section(
    "an account",
    (
        Key("equity", "positive money", "What the account is worth."),
        Key("rate", "exchange", "The rate of an account in another currency: 1.27 USD per GBP."),
        Key("max_risk", "share or money", "The most a plan may lose."),
        Key("max_margin", "share or money", "The most margin a plan may tie up."),
        Key("max_leverage", "leverage", "The most effective leverage."),
        Key("reserved", "money", "Cross margin already spoken for by other positions."),
    ),
)
TIER = Section(
    "a tier",
    (
        Key("price", "price", "Where it fills.", required="`price: 60000`"),
        Key("share", "share", "Its share of the size."),
        Key("size", "size", "Its own size, instead of a share."),
        Key("order", "order", "limit, stop or market."),
        Key("after", "after", "A price that must trade first, or a tier that must fill first."),
        Key("trigger", "text", "The objective condition, in words."),
        Key("stop", "stop level", "Where the stop of the whole position moves when this tier fills."),
        Key("note", "text", "Anything else."),
    ),
)


def _ladder(item: str, first: str, last: str, *more: Key) -> Section:
    """Returns the keys of a ladder of tiers or targets; `first` and `last` are the forms of its two prices."""
    return Section(
        f"a ladder of {item}s",
        (
            Key("from", first, f"The first {item}'s price.", required="`from: 60000`"),
            Key("to", last, f"The last {item}'s price.", required="`to: 57000`"),
            Key("count", "count", f"How many {item}s.", required="`count: 4`"),
            Key(
                "spacing",
                "spacing",
                "even (equal steps), geometric (equal ratios), or 1.5x (each so many times the one before).",
            ),
            Key(
                "shares",
                "shares",
                "equal, pyramid, martingale, 1.1x (each so many times the one before), or a list of shares.",
            ),
            Key("order", "order", f"The order of every {item}."),
            *more,
            Key("note", "text", "Anything else."),
        ),
    )


TIER_LADDER = _ladder("tier", "first price", "price", Key("trigger", "text", "The trigger of every tier."))
TARGET = Section(
    "a target",
    (
        Key("price", "target price", "Where it is hit; the last may have an `exit` in words instead."),
        Key("close", "close", "How much is closed; left out in the whole list, all close equal shares."),
        Key("stop", "stop level", "Where the stop moves when it is hit."),
        Key("trail", "trail", "The distance at which what is left trails from here."),
        Key("exit", "text", "Another exit of what is left, in words; at the last target without a price the only one."),
        Key("order", "order", "limit, stop or market."),
        Key("note", "text", "Anything else."),
    ),
)
TARGET_LADDER = _ladder("target", "target price", "target price")
TIME_STOP = Section(
    "a time stop",
    (
        Key("after", "duration", "The time since the first fill.", required="`after: 48h`"),
        Key("unless", "progress", "The progress that lets the position live."),
        Key("close", "part", "How much of what is held is closed; all of it if left out."),
    ),
)
ATR = Section(
    "an ATR",
    (
        Key("bars", "bars", "How many bars it is the average of; 14 if left out."),
        Key("of", "duration", "How long a bar is; those given if left out."),
    ),
)
FEES = Section(
    "fees",
    (
        Key("maker", "signed rate", "The fee rate of limit orders; negative for a rebate."),
        Key("taker", "signed rate", "The fee rate of stop and market orders and of stop-outs."),
        Key("per_contract", "money", "What every fill pays for each contract, lot or share."),
        Key("per_order", "money", "What every fill pays for its order."),
    ),
)
MARGIN = Section(
    "a margin for each contract",
    (
        Key(
            "initial",
            "money per contract",
            "What opens one contract: 500 USD per contract.",
            required="`initial: 500 USD per contract`",
        ),
        Key("maintenance", "money per contract", "What keeps one contract open."),
    ),
)
SWAP = Section(
    "a swap",
    (
        Key("long", "signed money per contract", "What a long is paid for each lot and night; below 0 it pays."),
        Key("short", "signed money per contract", "What a short is paid for each lot and night; below 0 it pays."),
        Key("nights", "nights", "How many nights the position is held.", required="`nights: 3`"),
    ),
)
FUNDING = Section(
    "funding",
    (
        Key("rate", "signed rate", "Paid by longs for each period where positive.", required="`rate: 0.5%`"),
        Key("every", "duration", "The period.", required="`every: 8h`"),
        Key("hold", "duration", "How long the position is held.", required="`hold: 3d`"),
    ),
)
INSTRUMENT = Section(
    "an instrument",
    (
        Key("tick_size", "number", "The smallest step of price."),
        Key("pip_size", "number", "A pip in price, where it is not the usual one of the pair."),
        Key(
            "lot_size", "number", "The smallest step of quantity: contracts where there is a contract size, else base."
        ),
        Key("min_notional", "number", "The smallest order, in quote."),
        Key("contract_size", "number", "Base (inverse: quote) per contract."),
        Key("max_leverage", "leverage", "The most leverage that the venue sets."),
        Key("levels", "levels", "exact or on ticks: where `2R`, `entry` and `breakeven` lie, of the position held."),
    ),
)
VENUE = Section(
    "a venue",
    (
        Key("name", "text", "The venue's name."),
        Key("as_of", "text", "The date of its figures."),
        Key("source", "text", "Where the figures come from."),
        Key("maintenance_on", "maintenance_on", "mark or entry: the value that maintenance is taken of."),
        Key("closing_fee", "rate", "A rate on the value at the liquidation price."),
        Key("bankruptcy_fee", "rate", "A rate on the value at the bankruptcy price, kept beside isolated margin."),
        Key("reserve", "money", "A fixed amount held back."),
        Key("maintenance", "maintenance", "A rate, or brackets."),
        Key("deduction", "money", "The deduction of a single rate."),
        Key("bracket_by", "bracket_by", "notional, coin or contracts: what chooses the bracket."),
        Key("fees", "fees", "Fee rates, maker and taker; or an amount a contract or an order."),
        Key("instrument", "instrument", "Contract rules."),
    ),
)
BRACKET = Section(
    "a bracket",
    (
        Key("up_to", "number", "Where it ends; the last may be left open."),
        Key("rate", "rate", "The maintenance rate.", required="`rate: 0.5%`"),
        Key("max_leverage", "leverage", "The most leverage in it."),
    ),
)

SECTIONS = (
    PLAN,
    ACCOUNT,
    TIER,
    TIER_LADDER,
    TARGET,
    TARGET_LADDER,
    TIME_STOP,
    ATR,
    FEES,
    MARGIN,
    SWAP,
    FUNDING,
    INSTRUMENT,
    VENUE,
    BRACKET,
)


class Inside(NamedTuple):
    """The keys inside a form that may be a mapping, and those of its items where it may be a list."""

    mapping: Section | None = None
    item: Section | None = None


#: The forms that hold keys of their own; all others are single values or lists of them.
INSIDE = {
    "account": Inside(ACCOUNT),
    "venue": Inside(VENUE),
    "maintenance": Inside(item=BRACKET),
    "tiers": Inside(TIER_LADDER, TIER),
    "targets": Inside(TARGET_LADDER, TARGET),
    "time_stop": Inside(TIME_STOP),
    "atr": Inside(ATR),
    "fees": Inside(FEES),
    "margin": Inside(MARGIN),
    "swap": Inside(SWAP),
    "funding": Inside(FUNDING),
    "instrument": Inside(INSTRUMENT),
}
