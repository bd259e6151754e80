"""A mistake is a text that is not of the form it should be: which kind, what clashed, and what to write instead."""

from typing import NamedTuple

from scaleplan.diagnostic import Kind, Severity

NOT_A_NUMBER = Kind("SP106", "not-a-number", Severity.ERROR, "A number is written in a form that could be misread.")
NOT_A_SHARE = Kind("SP107", "not-a-share", Severity.ERROR, "A share is not written as a percentage or a fraction.")
NOT_A_PRICE = Kind("SP108", "not-a-price", Severity.ERROR, "A price is in no form that a price can have here.")
PRICE_NOT_POSITIVE = Kind("SP109", "price-not-positive", Severity.ERROR, "A price is zero or below.")
NOT_MONEY = Kind(
    "SP110", "not-money", Severity.ERROR, "An amount of money is neither a number nor a number with its currency."
)
NOT_A_DURATION = Kind("SP112", "not-a-duration", Severity.ERROR, "A duration has no unit, or one that is not known.")
NOT_A_SIZE = Kind("SP113", "not-a-size", Severity.ERROR, "A size does not say what it counts.")
NOT_ONE_OF = Kind("SP114", "not-one-of", Severity.ERROR, "A word is none of those that can stand here.")
NOT_A_SYMBOL = Kind("SP115", "not-a-symbol", Severity.ERROR, "A symbol is not BASE/QUOTE or BASE/QUOTE:SETTLE.")
NOT_A_DATE = Kind("SP116", "not-a-date", Severity.ERROR, "A date is not written as year-month-day, or does not exist.")
TEMPLATE_ONLY = Kind(
    "SP821", "template-only", Severity.ERROR, "A word of templates stands where it cannot mean anything."
)

KINDS = (
    NOT_A_NUMBER,
    NOT_A_SHARE,
    NOT_A_PRICE,
    PRICE_NOT_POSITIVE,
    NOT_MONEY,
    NOT_A_DURATION,
    NOT_A_SIZE,
    NOT_ONE_OF,
    NOT_A_SYMBOL,
    NOT_A_DATE,
    TEMPLATE_ONLY,
)


class Mistake(NamedTuple):
    """What is wrong with a text, and one way out. `start` and `end` count characters inside the text."""

    kind: Kind
    message: str
    help: str
    start: int = 0
    end: int | None = None
