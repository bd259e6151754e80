"""The kinds of what is said of trades: how the plan was left (SP901 to SP919), and what cannot be recorded (SP951 on).

A deviation is about discipline, and is reckoned anew from the events in force; it keeps nothing from being recorded.
"""

from scaleplan.diagnostic import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

PLAN_CHANGED = Kind("SP901", "plan-changed", _WARNING, "The plan's numbers are not those that were locked.")
PLAN_RISKIER = Kind("SP902", "plan-riskier", _ERROR, "The plan was made riskier after its first fill.")
LOCKED_LATE = Kind("SP903", "locked-late", _WARNING, "The plan was locked after its first fill.")
CHASED = Kind("SP904", "chased", _WARNING, "An entry is worse than its tier's planned price.")
OUT_OF_ORDER = Kind("SP905", "out-of-order", _WARNING, "Fills and exits came in an order that no path of the plan has.")
OVERSIZED = Kind("SP906", "oversized", _ERROR, "A tier took more than was planned for it.")
BEYOND_MAXIMUM = Kind("SP907", "beyond-maximum", _ERROR, "More was entered than the plan may ever hold.")
RE_ENTRY = Kind("SP908", "re-entry", _ERROR, "An entry came after the plan's entries had ended.")
SAME_PLAN_AGAIN = Kind("SP909", "same-plan-again", _NOTE, "A plan was locked with the numbers of a trade that is over.")
NO_STOP = Kind("SP910", "no-stop", _ERROR, "Something is held, the plan has a stop, and none is recorded.")
STOP_NOT_MOVED = Kind("SP911", "stop-not-moved", _ERROR, "The plan moved the stop, and it is still recorded elsewhere.")
STOP_LOOSENED = Kind("SP912", "stop-loosened", _ERROR, "The stop was recorded further away than the plan has it.")
STOP_QUANTITY = Kind("SP913", "stop-quantity", _ERROR, "The stop covers another quantity than is held.")
CLOSED_BY_HAND = Kind("SP914", "closed-by-hand", _WARNING, "An exit came where the plan has none.")
NO_PLAN = Kind("SP915", "no-plan", _WARNING, "Fills belong to no trade.")
PAST_TIME = Kind("SP916", "past-time", _WARNING, "A time stop or an expiry is past, and nothing was done.")
LIQUIDATED = Kind("SP917", "liquidated", _ERROR, "The position was liquidated.")
HELD_DIFFERS = Kind("SP918", "held-differs", _ERROR, "The venue states another position than the journal has.")
EARLY = Kind("SP919", "early", _WARNING, "A stop order was entered before its price: its trigger was not waited for.")

CLOSES_MORE = Kind("SP951", "closes-more-than-held", _ERROR, "A close is larger than what is held.")
AMBIGUOUS_TIER = Kind("SP952", "ambiguous-tier", _ERROR, "An entry may be of either of two tiers.")
OTHER_SYMBOL = Kind("SP953", "other-symbol", _ERROR, "A fill is of another symbol than the plan.")
UNKNOWN_SOURCE = Kind("SP954", "unknown-source", _ERROR, "A file is none of the exports that are known.")
UNREADABLE_ROW = Kind("SP955", "unreadable-row", _ERROR, "A row, or what was typed, cannot be read.")
NO_ZONE = Kind("SP956", "no-zone", _ERROR, "A time has no zone, and nothing says whose clock it is.")
AMBIGUOUS_TIME = Kind(
    "SP957",
    "ambiguous-time",
    _ERROR,
    "A time reads two ways: it occurs twice or never, or day and month may change places.",
)
NO_CONTRACT_SIZE = Kind("SP958", "no-contract-size", _ERROR, "Contracts are counted, and nothing says how much one is.")
FEE_NOT_CONVERTED = Kind("SP959", "fee-not-converted", _NOTE, "A fee was paid in a coin whose price nobody gave.")
SAME_ID_DIFFERS = Kind(
    "SP960", "same-id-differs", _ERROR, "An execution is in the journal already, with other figures."
)
WOULD_DOUBLE = Kind("SP961", "would-double", _ERROR, "The same was recorded just before, or typed.")
NOT_FILLS = Kind("SP962", "not-fills", _ERROR, "An export has no fills in it.")
AMOUNT_DISAGREES = Kind("SP963", "amount-disagrees", _ERROR, "Price times quantity is not the amount of its row.")
AHEAD_OF_CLOCK = Kind("SP964", "ahead-of-the-clock", _WARNING, "A moment lies in the future.")
NOTHING_OPEN = Kind("SP965", "nothing-open", _ERROR, "Nothing is held that could be closed.")
TRADE_IS_OVER = Kind("SP966", "trade-is-over", _ERROR, "The trade is over.")
LOCK_IN_USE = Kind("SP967", "lock-in-use", _ERROR, "An undo would take the lock of a trade from its other events.")

#: Every kind above, in the order of the codes.
KINDS = tuple(kind for kind in tuple(globals().values()) if isinstance(kind, Kind))
