"""The kinds of shape mistakes (SP1xx): the text is YAML, but not a plan, or not one that can be reckoned."""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.form import KINDS as FORM_KINDS

_ERROR = Severity.ERROR

CUT_AT_COMMA = Kind("SP016", "cut-at-comma", _ERROR, "A comma inside braces or brackets ended a number or a text.")
NOT_A_PLAN = Kind("SP101", "not-a-plan", _ERROR, "The file is YAML, but not a mapping of a plan's keys.")
MISSING_KEY = Kind("SP102", "missing-key", _ERROR, "A key without which the plan says too little is missing.")
UNKNOWN_KEY = Kind("SP103", "unknown-key", _ERROR, "A key is none that the plan language knows at this place.")
WRONG_SHAPE = Kind("SP104", "wrong-shape", _ERROR, "A list, a mapping or a text stands where another of them belongs.")
EMPTY_VALUE = Kind("SP105", "empty-value", _ERROR, "A key has no value.")
WRONG_CURRENCY = Kind("SP111", "wrong-currency", _ERROR, "An amount is in another currency than the one that settles.")
QUANTO = Kind("SP117", "quanto-contract", _ERROR, "The contract settles in a third currency, which is not supported.")
CONTRACT_CLASH = Kind(
    "SP118", "contract-clash", _ERROR, "The contract contradicts the symbol, or a key of another contract."
)
NEEDS_EQUITY = Kind("SP119", "needs-equity", _ERROR, "A share of equity is written, but no equity.")
NEEDS_STOP = Kind(
    "SP120", "needs-stop", _ERROR, "A distance in R, or a size in risk, is written, but no stop to measure it by."
)
SHARE_OR_SIZE = Kind(
    "SP121", "share-or-size", _ERROR, "Some tiers have a share and others a size or neither, or one has both."
)
NO_SUCH_LEVEL = Kind("SP122", "no-such-level", _ERROR, "A tier or target is named that the plan does not have.")
WRONG_PLACE = Kind("SP123", "wrong-place", _ERROR, "A form is written where it cannot mean anything.")
BAD_LADDER = Kind("SP124", "bad-ladder", _ERROR, "A ladder written short does not say how its steps lie.")
BAD_BRACKETS = Kind("SP125", "bad-brackets", _ERROR, "Maintenance brackets fall, overlap, leave a gap, or reach 100%.")
BAD_FILE = Kind("SP126", "bad-file", _ERROR, "A file that the plan names cannot be read.")
OVERRIDE_MISSES = Kind("SP127", "override-misses", _ERROR, "An override names a place that the plan does not have.")
TOO_MANY = Kind("SP128", "too-many", _ERROR, "There are more tiers, targets or brackets than a plan can bear.")
UNKNOWN_VENUE = Kind("SP129", "unknown-venue", _ERROR, "A venue is named that is not known.")
OUT_OF_BOUNDS = Kind("SP130", "out-of-bounds", _ERROR, "A value lies outside of what it can be.")
WAITS_FOR_ITSELF = Kind(
    "SP131", "waits-for-itself", _ERROR, "Tiers wait for each other, so that none of them can fill."
)
WRITTEN_TWICE = Kind("SP133", "written-twice", _ERROR, "The same thing is written in two places.")
BAD_SHORT_FORM = Kind("SP134", "bad-short-form", _ERROR, "A tier or target written short is not AMOUNT at PRICE.")
FILE_NOT_ALLOWED = Kind("SP135", "file-not-allowed", _ERROR, "A plan names a file that it may not read.")
TEMPLATE = Kind(
    "SP820", "template", Severity.NOTE, "A template has no prices of its own: only reading and shape can be judged."
)

#: Every kind above, and those of single values.
KINDS = (*(kind for kind in tuple(globals().values()) if isinstance(kind, Kind)), *FORM_KINDS)
