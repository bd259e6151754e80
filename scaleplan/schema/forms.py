"""The forms of single values, as JSON Schema: what each may be once an editor's YAML parser has read it.

The reader takes every value as the text that was typed; an editor makes a number of `60000` and a text of `60_000`.
So a form is a pattern for texts, and bounds for numbers where a bare number can stand.
"""

from enum import StrEnum

from scaleplan.decode.steps import MOST
from scaleplan.plan import BracketBy, Contract, EntriesEnd, LevelsLie, MaintenanceOn, MarginMode, Order, Side, Style
from scaleplan.schema import patterns
from scaleplan.venue import VENUE_NAMES

Json = dict[str, object]

_ABOVE_ZERO: Json = {"exclusiveMinimum": 0}
_FROM_ZERO: Json = {"minimum": 0}


def _text(pattern: str, say: str, *examples: object) -> Json:
    """Returns a form that is never a bare number."""
    return {"type": "string", "pattern": pattern, "patternErrorMessage": f"Write {say}.", "examples": list(examples)}


def _number_or(bounds: Json, pattern: str, say: str, *examples: object) -> Json:
    """Returns a form that may be a bare number within bounds."""
    return {**_text(pattern, say, *examples), "type": ["number", "string"], **bounds}


def _choice(words: type[StrEnum]) -> Json:
    """Returns one of a few words: editors offer them in small letters, and any case is read."""
    return _words(*(word.value for word in words))


def _words(*words: str) -> Json:
    listed = f"{', '.join(words[:-1])} or {words[-1]}"
    return _text(patterns.whole(patterns.word(*words)), listed, *words)


#: Words of the trader's own; a YAML parser makes numbers and booleans of some.
TEXT: Json = {"type": ["string", "number", "boolean"]}
SHARES = ("equal", "pyramid", "martingale")

_PRICE = "a price such as `60000`, or a distance from tier 1 such as `-1.5%` or `-24 ticks`"
_MONEY = "an amount such as `25000` or `25000 USDT`"
_SHARE = "a share such as `25%` or `1/3`"

SHARE = _text(patterns.whole(patterns.SHARE), _SHARE, "25%", "1/3")
RATE = _text(patterns.whole(patterns.RATE), "a percentage below 100%, such as `0.05%`", "0.05%")
SHORT_TIER = _number_or(
    _ABOVE_ZERO,
    patterns.whole(patterns.SHORT_TIER_FORM),
    "`60000`, `50% at 60000`, `50% at 60000 stop`, or a mapping with `price`",
    60000,
    "50% at 60000",
)
SHORT_TARGET = _number_or(
    _ABOVE_ZERO,
    patterns.whole(patterns.SHORT_TARGET_FORM),
    "`64000`, `30% at 64000`, `rest at 3R`, or a mapping with `price`",
    "30% at 64000",
    "rest at 3R",
)

FORMS: dict[str, Json] = {
    "text": TEXT,
    "texts": {"type": [*("string", "number", "boolean"), "array"], "items": TEXT},
    "symbol": _text(
        patterns.whole(patterns.SYMBOL), "BASE/QUOTE or BASE/QUOTE:SETTLE", "BTC/USDT", "BTC/USDT:USDT", "BTC/USD:BTC"
    ),
    "side": _words(*(side.value for side in Side), "signal"),
    "style": _choice(Style),
    "contract": _choice(Contract),
    "margin_mode": _choice(MarginMode),
    "order": _choice(Order),
    "entries_end": _choice(EntriesEnd),
    "maintenance_on": _choice(MaintenanceOn),
    "bracket_by": _choice(BracketBy),
    "levels": _choice(LevelsLie),
    "spacing": _text(
        patterns.whole(patterns.word("even", "geometric"), patterns.FACTOR),
        "`even` (equal steps), `geometric` (equal ratios), or `1.5x` (each step so many times the one before)",
        "even",
        "geometric",
        "1.5x",
    ),
    "shares": {
        "type": ["string", "array"],
        "pattern": patterns.whole(patterns.word(*SHARES), patterns.FACTOR),
        "patternErrorMessage": "Write equal, pyramid, martingale, a factor such as 1.1x, or a list of shares.",
        "examples": [*SHARES, "1.1x"],
        "items": SHARE | {"pattern": patterns.whole(patterns.ANY_SHARE)},
    },
    "count": {
        **_number_or({"minimum": 2, "maximum": MOST}, patterns.whole(patterns.NUMBER), "a whole number from 2 on", 4),
        "type": ["integer", "string"],
    },
    "number": _number_or(_ABOVE_ZERO, patterns.whole(patterns.POSITIVE), "a number above zero", 1),
    "leverage": _number_or(_ABOVE_ZERO, patterns.whole(patterns.LEVERAGE), "a number such as `10`", 10),
    "share": SHARE,
    "rate": RATE,
    "signed rate": _text(
        patterns.whole(patterns.SIGNED_RATE), "a percentage below 100%, such as `0.02%` or `-0.005%`", "0.02%"
    ),
    "part": _text(
        patterns.whole(patterns.word("rest", "all"), patterns.POSITIVE_PART), f"{_SHARE}, or `rest`", "50%", "rest"
    ),
    "close": _text(
        patterns.whole(patterns.CLOSE),
        f"{_SHARE}, `30% of rest`, `2 contracts`, or `rest`",
        "30%",
        "1/3",
        "30% of rest",
        "2 contracts",
        "rest",
    ),
    "trail": _number_or(
        _ABOVE_ZERO,
        patterns.whole(patterns.TRAIL),
        "a distance such as `2%` or `10 ticks`, or one in price such as `500`",
        "2%",
        "10 ticks",
    ),
    "slip": _text(
        patterns.whole(patterns.SLIP),
        "a percentage such as `0.05%`, or `1 tick`, `0.5 points`, `2 pips`",
        "0.05%",
        "1 tick",
    ),
    "fees": _text(
        patterns.whole(patterns.MONEY_PER, patterns.SIGNED_PERCENTAGE),
        "rates as `{maker: 0.02%, taker: 0.05%}`, one for both as `0.1%`, or an amount as `2.25 USD per contract` or "
        "`1 USD per order`",
        "2.25 USD per contract",
        "1 USD per order",
    ),
    "money per contract": _text(
        patterns.whole(patterns.MONEY_PER_CONTRACT), "an amount such as `500 USD per contract`", "500 USD per contract"
    ),
    "signed money per contract": _text(
        patterns.whole(patterns.SIGNED_MONEY_PER_CONTRACT),
        "an amount such as `-6.20 USD per lot`, below 0 where it is charged",
        "-6.20 USD per lot",
    ),
    "exchange": _text(
        patterns.whole(patterns.EXCHANGE), "a rate of exchange such as `1.27 USD per GBP`", "1.27 USD per GBP"
    ),
    "closeout": _text(patterns.whole(patterns.POSITIVE_PART), "a part of the margin in use such as `50%`", "50%"),
    "nights": {
        **_number_or({"minimum": 1, "maximum": 9999}, patterns.whole(patterns.NUMBER), "a whole number from 1 on", 3),
        "type": ["integer", "string"],
    },
    "money": _number_or(_FROM_ZERO, patterns.whole(patterns.MONEY), _MONEY, "200 USDT"),
    "positive money": _number_or(_ABOVE_ZERO, patterns.whole(patterns.POSITIVE_MONEY), _MONEY, "25000 USDT"),
    "signed money": _number_or({}, patterns.whole(patterns.SIGNED_MONEY), _MONEY, "200 USDT"),
    "share or money": _number_or(
        _ABOVE_ZERO, patterns.whole(patterns.SHARE_OR_MONEY), f"{_SHARE}, or {_MONEY}", "2%", "250 USDT"
    ),
    "risk_unit": _number_or(
        _ABOVE_ZERO,
        patterns.whole(patterns.word("plan", "first tier"), patterns.POSITIVE_MONEY),
        f"`plan`, `first tier`, or {_MONEY}",
        "plan",
        "first tier",
        "250 USDT",
    ),
    "size": _text(
        patterns.whole(patterns.SIZE),
        "an amount and what it counts: `900 USDT`, `0.5 BTC`, `12 contracts`, `150% equity`, `5% margin`, `1% risk`",
        "900 USDT",
        "0.5 BTC",
        "12 contracts",
        "150% equity",
        "5% margin",
        "1% risk",
        "250 USDT risk",
    ),
    "time_stop": _text(patterns.whole(patterns.DURATION), "a time such as `48h`, or `{after: 48h, close: 50%}`", "48h"),
    "duration": _text(patterns.whole(patterns.DURATION), "a duration such as `90m`, `48h`, `3d` or `2w`", "48h", "3d"),
    "expiry": _text(
        patterns.whole(patterns.DURATION, patterns.DATE),
        "a date such as `2026-12-24`, or a duration such as `3d`",
        "3d",
        "2026-12-24",
    ),
    "first price": _number_or(
        _ABOVE_ZERO,
        patterns.whole(patterns.POSITIVE, patterns.AT_SIGNAL),
        "a price such as `60000`, or `signal` in a template",
        60000,
    ),
    "bars": {
        **_number_or({"minimum": 1, "maximum": 1_000_000}, patterns.whole(patterns.NUMBER), "a whole number", 14),
        "type": ["integer", "string"],
    },
    "signals": _text(
        patterns.whole(patterns.SIGNALS),
        "when a template is traded: `breakout 20`, `dip 3% in 20`, `cross 50`, `every 1d`, `column NAME`, `random 1%`",
        "breakout 20",
        "dip 3% in 20",
        "cross 50",
        "every 1d",
    ),
    "price": _number_or(_ABOVE_ZERO, patterns.whole(patterns.PRICE), _PRICE, 60000, "-1.5%"),
    "target price": _number_or(
        _ABOVE_ZERO,
        patterns.whole(patterns.TARGET_PRICE),
        f"{_PRICE}, in R such as `2R`, or from the average such as `entry +1.5%` or `breakeven +30 pips`",
        64000,
        "2R",
        "entry +1.5%",
    ),
    "progress": _number_or(
        _ABOVE_ZERO, patterns.whole(patterns.PROGRESS), f"{_PRICE}, or one in R such as `2R`", 64000, "0.5R"
    ),
    "stop level": _number_or(
        _ABOVE_ZERO,
        patterns.whole(patterns.STOP_LEVEL),
        f"{_PRICE}, in R such as `+1R`, or a level: `entry`, `breakeven`, `tier 2`, `target 1`, `entry +0.2%`",
        "breakeven",
        "entry",
        "+1R",
        "target 1",
        "tier 1",
    ),
    "stop": _number_or(
        _ABOVE_ZERO, patterns.whole(patterns.PLAN_STOP), f"{_PRICE}, or `none`", 58000, "-3%", "tier 2 -0.5%", "none"
    ),
    "after": _number_or(
        _ABOVE_ZERO, patterns.whole(patterns.AFTER), f"{_PRICE}, or a tier such as `tier 2`", 61200, "tier 2"
    ),
    "account": _text(
        r"\S", "the keys of an account, or the path of its file within the plan's repository", "./account.yaml"
    ),
    "venue": _text(
        patterns.whole(patterns.VENUE_NAME, ".*/.*", r".*\.ya?ml"),
        "the venue's terms, the path of their file within the plan's repository, or one of the names that are known",
        *VENUE_NAMES,
        "./venue.yaml",
    ),
    "maintenance": RATE,
}
