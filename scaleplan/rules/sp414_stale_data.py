"""SP414 stale-data: the plan leans on brackets that are more than 90 days old, or whose age is not known.

Venues change their brackets without asking, most often those of large positions. An old table will do where the plan
stays in the first bracket and far from liquidation; elsewhere the liquidation price is only as good as its date.

Told where the data are older than 90 days, undated, or dated after today, and the plan, at full size, either leaves the
first bracket or has less than 10% of room behind its stop. Silent for the plan's own terms without a date (`as_of`).
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.engine.margin import bracket_of
from scaleplan.plan import Contract
from scaleplan.quantity.exact import ZERO
from scaleplan.quantity.number import brief, percent
from scaleplan.rules.case import Case, Finding, Findings, Threshold, at_most
from scaleplan.venue import date_of

KIND = Kind("SP414", "stale-data", Severity.WARNING, "The plan leans on brackets that are old, or of unknown age.")
#: A quarter of a year: long enough that data need no daily care, short enough to notice a venue's change.
DATA_DAYS = Threshold("data_days", Decimal(90))
#: A new rate moves liquidation by its change in percent of price: a tenth is room for several such changes.
DATA_ROOM = Threshold("data_room", Decimal("0.1"))


def check(case: Case) -> Findings:
    """Compares the age of the data with the limit where it matters."""
    plan = case.plan
    if plan.margin is None or plan.contract is Contract.SPOT or not plan.margin.as_of:
        return
    since = date_of(plan.margin.as_of)
    days = None if since is None else (case.today - since).days
    if days is not None and 0 <= days <= case.limit(DATA_DAYS):
        return
    position = case.steps[-1].position
    brackets = plan.margin.brackets
    measure, unit = case.measured(position)
    number = bracket_of(brackets, measure)
    room = position.liquidation_past_stop
    if number > 1:
        end = brackets[0].up_to or ZERO
        why = f"at full size the plan is {brief(measure)} {unit}, past the first bracket's {brief(end)}"
    elif room is not None and ZERO < room < case.limit(DATA_ROOM):
        why = f"at full size it has {at_most(room)} of room behind its stop, less than {percent(case.limit(DATA_ROOM))}"
    else:
        return
    yield Finding(
        "venue.as_of",
        f"the venue's data are {_of(plan.margin.as_of, days)}, and {why}",
        "import newer ones with `scaleplan venues import`, or write the brackets as the venue prints them today",
        [("size", "the size")],
    )


def _of(as_of: str, days: int | None) -> str:
    if days is None:
        return as_of
    return f"of {as_of}, {days} days old" if days >= 0 else f"of {as_of}, which is after today"
