"""One deviation: where the trader left the plan, and what it cost."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from scaleplan.diagnostic import Kind, Severity
from scaleplan.revision.measures import RiskChange
from scaleplan.trade import TradeMoment


class Deviation(NamedTuple):
    """One deviation: what it is of, since when, and its cost in settle currency; absent where it has none.

    `event` is the row that it is about, absent where it is about what did not happen. `numbers` are the two that clash,
    for the message that a report makes of it. `can_be_mended` says whether something can still be done. `risk` is what
    a change of the plan does to it.
    """

    kind: Kind
    severity: Severity
    at: datetime
    event: str | None
    words: tuple[str, ...]
    numbers: tuple[Decimal, ...] = ()
    cost: Decimal | None = None
    can_be_mended: bool = False
    risk: RiskChange | None = None


def deviation(  # noqa: PLR0913 - each is a part of the deviation
    kind: Kind,
    at: datetime,
    words: Iterable[str],
    numbers: Iterable[Decimal] = (),
    *,
    event: TradeMoment | None = None,
    cost: Decimal | None = None,
    severity: Severity | None = None,
    mend: bool = False,
) -> Deviation:
    """Returns a deviation, at the severity of its kind unless another is given; `mend` says that it can be mended."""
    name = None if event is None else event.event.name
    return Deviation(kind, severity or kind.severity, at, name, tuple(words), tuple(numbers), cost, mend)


def span_of(span: timedelta) -> str:
    """Returns a span of time in words, by its two largest units: `12 min`, `3 h`, `99 d 12 h`."""
    minutes = int(span.total_seconds()) // 60
    days, minutes = divmod(minutes, 24 * 60)
    hours, minutes = divmod(minutes, 60)
    parts = [f"{count} {unit}" for count, unit in ((days, "d"), (hours, "h"), (minutes, "min")) if count]
    return " ".join(parts[:2]) or "less than a minute"
