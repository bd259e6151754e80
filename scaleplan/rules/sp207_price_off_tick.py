"""SP207 price-off-tick: a price lies between two ticks.

A venue takes prices in whole ticks (`tick_size`). One that lies between two of them is refused, or moved by whoever
types it in, and the figures are those of another plan.

A written number is an error. A price that comes from a percentage, or from a ladder written short, is a warning, told
once for all such tiers: nobody can type it, and the order will lie a tick beside it. Looked at are the prices of tiers
and targets, what a tier waits for, the stops and the invalidation. Silent for levels that only the position knows
(`2R`, `entry`, `breakeven`): the trader rounds those when the time comes. Silent without a `tick_size`.
"""

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal
from typing import NamedTuple

from scaleplan.diagnostic import Kind, Severity
from scaleplan.plan import AfterPrice, Level, Plan
from scaleplan.quantity.exact import same
from scaleplan.quantity.number import brief, plain
from scaleplan.quantity.price import Fixed
from scaleplan.rules.case import Case, Finding, named

KIND = Kind("SP207", "price-off-tick", Severity.ERROR, "A price lies between two ticks.")


class _Price(NamedTuple):
    """A price that stands still: where it is written, and in words whose it is."""

    path: str
    who: str
    price: Decimal


def check(case: Case) -> Iterator[Finding]:
    """Divide every price that stands still by the tick."""
    tick = case.plan.instrument.tick_size
    if tick is None:
        return
    off = [one for one in _prices(case.plan) if not _on(one.price, tick)]
    if not off:
        return
    spans = case.places.spans
    typed = {_place(case, one) for one in off if _is_number(case, _place(case, one))}
    told: set[str] = set()
    for one in off:
        path = _place(case, one)
        if path in typed and path not in told:
            told.add(path)
            yield _finding(case, path, f"{_amount(one.price, tick)} lies", one.price, Severity.ERROR)
    # What is measured from a price that is wrong itself moves with it.
    if typed.intersection(("tiers[0].price", "tiers.from")):
        return
    wrong = {one.price for one in off if _place(case, one) in typed}
    for owner in ("tiers", "targets"):
        ends = {f"{owner}.from", f"{owner}.to"}
        found = [
            one
            for one in off
            if one.path.startswith(owner) and one.path.endswith(".price") and _place(case, one) not in typed
        ]
        if found and not ends & typed:
            yield _together(case, owner, found, short=f"{owner}.from" in spans)
        wrong.update(one.price for one in found)
    for one in off:
        path = _place(case, one)
        # A stop at `tier 2` is as far off as tier 2 is.
        if path in typed or one.price in wrong or (one.path.startswith("t") and one.path.endswith(".price")):
            continue
        yield _finding(case, path, f"{one.who} at {_amount(one.price, tick)} lies", one.price, Severity.WARNING)


def _prices(plan: Plan) -> Iterator[_Price]:
    for number, tier in enumerate(plan.tiers, start=1):
        path, who = f"tiers[{number - 1}]", f"tier {number}"
        yield _Price(f"{path}.price", who, tier.price)
        if isinstance(tier.after, AfterPrice):
            yield _Price(f"{path}.after", f"what {who} waits for", tier.after.price)
        yield from _fixed(f"{path}.stop", f"the stop of {who}", tier.stop)
    for number, target in enumerate(plan.targets, start=1):
        path, who = f"targets[{number - 1}]", f"target {number}"
        yield from _fixed(f"{path}.price", who, target.price)
        yield from _fixed(f"{path}.stop", f"the stop of {who}", target.stop)
    if plan.stop is not None:
        yield _Price("stop", "the stop", plan.stop)
    if plan.invalidation is not None:
        yield _Price("invalidation", "the invalidation", plan.invalidation)


def _fixed(path: str, who: str, level: Level | None) -> Iterator[_Price]:
    if isinstance(level, Fixed):
        yield _Price(path, who, level.price)


def _on(price: Decimal, tick: Decimal) -> bool:
    ticks = price / tick
    return same(ticks, ticks.to_integral_value())


def _place(case: Case, one: _Price) -> str:
    """Where a price is written; the ends of a ladder written short are its first and its last."""
    plan, spans = case.plan, case.places.spans
    owner, bracket, _ = one.path.partition("[")
    if bracket and f"{owner}.from" in spans:
        rows = plan.tiers if owner == "tiers" else plan.targets
        ends = {f"{owner}[0].price": f"{owner}.from", f"{owner}[{len(rows) - 1}].price": f"{owner}.to"}
        return ends.get(one.path, one.path)
    if one.path == "stop":
        return case.stop_path
    return one.path


def _is_number(case: Case, path: str) -> bool:
    """Whether a price is written as a number, not as a distance from another."""
    span = case.places.spans.get(path)
    text = "" if span is None else span.text.strip("'\" ")
    return text[:1].isdigit() and text[-1:].isdigit()


def _together(case: Case, owner: str, found: list[_Price], *, short: bool) -> Finding:
    """One diagnostic for all tiers, or targets, whose prices no one has typed."""
    tick = case.plan.instrument.tick_size or Decimal(1)
    first = found[0]
    who = named(owner.removesuffix("s"), [int(one.who.rpartition(" ")[2]) - 1 for one in found])
    at = _amount(first.price, tick)
    said = f"{first.who} at {at} lies" if len(found) == 1 else f"{who} lie off the tick of {plain(tick)}: {at} lies"
    path = owner if short else first.path
    return _finding(case, path, said, first.price, Severity.WARNING, several=len(found) > 1)


def _finding(case: Case, path: str, said: str, price: Decimal, severity: Severity, *, several: bool = False) -> Finding:
    tick = case.plan.instrument.tick_size or Decimal(1)
    below = (price / tick).to_integral_value(rounding=ROUND_FLOOR) * tick
    above = plain(below + tick)
    either = f"`{plain(below)}` or `{above}`" if below > 0 else f"`{above}`"
    help = f"write {either}"
    if severity is Severity.WARNING:
        help = f"write prices, such as {either} for the first of them" if several else f"write a price: {either}"
    message = (
        f"{said} between the ticks {plain(below)} and {above}" if below > 0 else f"{said} below one tick of {above}"
    )
    return Finding(path, message, help, [("instrument.tick_size", "the tick")], severity=severity)


def _amount(price: Decimal, tick: Decimal) -> str:
    """A price with as many digits as it takes to see that it is off the tick."""
    return next(
        (said for said in (brief(price, digits) for digits in (8, 12, 20)) if not _on(Decimal(said), tick)),
        plain(price),
    )
