"""The kinds of mistakes in bars (SP8xx): what is wrong with a file of prices, said at its line."""

from scaleplan.diagnostic import Kind, Severity

_ERROR, _WARNING, _NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE

BROKEN = Kind("SP801", "bar-broken", _ERROR, "The high of a bar is not its highest price, or the low not its lowest.")
OUT_OF_ORDER = Kind("SP802", "bar-out-of-order", _ERROR, "A bar begins before the bar above it.")
TWICE = Kind("SP803", "bar-twice", _ERROR, "Two bars begin at the same time.")
NO_NUMBER = Kind("SP804", "bar-no-number", _ERROR, "A price of a bar is empty, a text, or no finite number.")
NOT_POSITIVE = Kind("SP805", "bar-not-positive", _ERROR, "A price of a bar is zero or below.")
COLUMNS = Kind("SP806", "bar-columns", _ERROR, "A column that bars need is missing, or there twice.")
MISSING = Kind("SP807", "bars-missing", _WARNING, "Bars are missing between others.")
SPLIT = Kind("SP808", "looks-like-a-split", _WARNING, "A bar opens at a fraction, or a multiple, of the close above.")
TIME = Kind("SP809", "bar-time", _ERROR, "The time of a bar cannot be read, or does not exist in its zone.")
OFF_SCALE = Kind("SP810", "bars-off-scale", _WARNING, "The first price of a plan lies outside of all bars.")
OFF_TICK = Kind("SP811", "bars-off-tick", _NOTE, "Prices of bars are no multiple of the plan's tick.")
FINER_DISAGREES = Kind("SP812", "finer-disagrees", _WARNING, "Finer bars do not add up to the bar over them.")

KINDS = (
    *(BROKEN, OUT_OF_ORDER, TWICE, NO_NUMBER, NOT_POSITIVE, COLUMNS),
    *(MISSING, SPLIT, TIME, OFF_SCALE, OFF_TICK, FINER_DISAGREES),
)
