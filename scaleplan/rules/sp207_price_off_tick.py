"""SP207 price-off-tick: a price lies between two ticks.

A venue takes prices in whole ticks (`tick_size`). One that lies between two of them is refused, or moved by whoever
types it in, and the figures are those of another plan.

A written number is an error. A price that comes from a percentage, or from a ladder written short, is a warning, told
once for all such tiers: nobody can type it, and the order will lie a tick beside it. Looked at are the prices of tiers
and targets, what a tier waits for, the stops and the invalidation. Silent for levels that only the position knows
(`2R`, `entry`, `breakeven`): the trader rounds those when the time comes, or writes
`instrument: {levels: on ticks}`. Silent without a `tick_size`.
"""

from decimal import ROUND_FLOOR, Decimal

from scaleplan.diagnostic import Help, Kind, Severity, write
from scaleplan.quantity.exact import same
from scaleplan.quantity.number import plain, significant
from scaleplan.quantity.rounding import grouped
from scaleplan.rules.case import Case, Finding, Findings, named
from scaleplan.rules.sp206_price_far_off import Price, fixed_prices

KIND = Kind("SP207", "price-off-tick", Severity.ERROR, "A price lies between two ticks.")


def check(case: Case) -> Findings:
    """Divides every price that stands still by the tick."""
    tick = case.plan.instrument.tick_size
    if tick is None:
        return
    off = [price for price in fixed_prices(case) if not _on(price.price, tick)]
    typed = {price.place: price.price for price in off if _is_number(case, price.place)}
    for place, amount in typed.items():
        yield _finding(tick, place, f"{_amount(amount, tick)} lies", amount, Severity.ERROR)
    # What is measured from a price that is wrong itself moves with it.
    if "tiers[0].price" in typed or "tiers.from" in typed:
        return
    wrong = set(typed.values())
    for owner in ("tiers", "targets"):
        rows = [price for price in off if price.row is not None and price.path.startswith(owner)]
        found = [price for price in rows if price.place not in typed]
        if found and f"{owner}.from" not in typed and f"{owner}.to" not in typed:
            path = owner if f"{owner}.from" in case.places.spans else found[0].path
            yield _together(tick, path, owner, found)
        wrong.update(price.price for price in found)
    for _, place, who, amount, row in off:
        # A stop at `tier 2` is as far off as tier 2 is.
        if row is None and place not in typed and amount not in wrong:
            yield _finding(tick, place, f"{who} at {_amount(amount, tick)} lies", amount, Severity.WARNING)


def _on(price: Decimal, tick: Decimal) -> bool:
    ticks = price / tick
    return same(ticks, ticks.to_integral_value())


def _is_number(case: Case, path: str) -> bool:
    """Returns whether a price is written as a number, not as a distance from another."""
    span = case.places.spans.get(path)
    text = "" if span is None else span.text.strip("'\" ")
    return text[:1].isdigit() and text[-1:].isdigit()


def _together(tick: Decimal, path: str, owner: str, found: list[Price]) -> Finding:
    """Returns one finding for all tiers, or targets, whose prices no one has typed."""
    first = found[0]
    text = f"{first.who} at {_amount(first.price, tick)} lies"
    if len(found) > 1:
        who = named(owner.removesuffix("s"), [price.row or 0 for price in found])
        text = f"{who} lie off the tick of {plain(tick)}: {_amount(first.price, tick)} lies"
    return _finding(tick, path, text, first.price, Severity.WARNING, several=len(found) > 1)


def _finding(
    tick: Decimal, path: str, text: str, price: Decimal, severity: Severity, *, several: bool = False
) -> Finding:
    below = (price / tick).to_integral_value(rounding=ROUND_FLOOR) * tick
    above = plain(below + tick)
    ticks = (plain(below), above) if below > 0 else (above,)
    either = " or ".join(f"`{price}`" for price in ticks)
    low, high = grouped(below.normalize()), grouped((below + tick).normalize())
    where = f"between the ticks {low} and {high}" if below > 0 else f"below one tick of {high}"
    help = write(*ticks, how="" if severity is Severity.ERROR else "a price: ")
    if several:
        help = Help(f"write prices, such as {either} for the first of them")
    return Finding(path, f"{text} {where}", help, [("instrument.tick_size", "the tick")], severity)


def _amount(price: Decimal, tick: Decimal) -> str:
    """Returns a price with as many digits as it takes to see that it is off the tick."""
    shown = (significant(price, digits) for digits in (8, 12, 20))
    return grouped(next((figure for figure in shown if not _on(figure, tick)), price))
