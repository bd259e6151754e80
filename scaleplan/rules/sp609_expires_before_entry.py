"""SP609 expires-before-entry: unfilled tiers are cancelled before they can fill.

`expires` cancels what has not filled. A date that is past cancels every tier, and the plan is one that nobody can
enter; after fewer minutes than the candle takes that a tier waits for, that tier never fills.

Looked at are a date, against today, and a duration, against what the triggers of tiers after the first say in words
(`4h close`, `daily close`). Silent on the day itself.
"""

import re
from datetime import date

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.amount import say_duration
from scaleplan.rules.case import Case, Finding, Findings

KIND = Kind("SP609", "expires-before-entry", Severity.WARNING, "Tiers are cancelled before they can fill.")
_CANDLE = r"\b(?:([1-9][0-9]{0,2}) ?-?(m|min|h|hours?|d|days?|w|weeks?)|(hourly|daily|weekly))\b"
_CLOSE = _CANDLE + r"(?:[ -](?:candles?|bars?|chart))?[ -]?(?:close[sd]?|closing)\b"
_MINUTES = {"m": 1, "h": 60, "d": 24 * 60, "w": 7 * 24 * 60}


def check(case: Case) -> Findings:
    """Compares `expires` with today, or with the candles that tiers wait for."""
    plan, expires = case.plan, case.plan.expires
    if isinstance(expires, date):
        if plan.has_expired(case.today):
            yield Finding(
                "expires",
                f"the plan expired on {expires}: its unfilled tiers are cancelled",
                "write a date to come, or a duration such as `3d`; nothing to mend where the trade is over",
            )
        return
    if expires is None:
        return
    for index, tier in enumerate(plan.tiers):
        match = re.search(_CLOSE, tier.trigger, re.IGNORECASE) if index else None
        if match is None:
            continue
        minutes = int(match[1] or 1) * _MINUTES[(match[2] or match[3])[0].lower()]
        if minutes > expires:
            yield Finding(
                "expires",
                f"unfilled tiers are cancelled after {say_duration(expires)}, and tier {index + 1} waits for a candle "
                f"of {say_duration(minutes)}",
                "give the tier more time than one candle takes, or wait for a shorter one",
                [(f"tiers[{index}].trigger", f"tier {index + 1}")],
            )
            return
