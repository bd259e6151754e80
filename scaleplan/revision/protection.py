"""What a change takes away that no measure of risk counts: stops that move, trails, and limits of time.

The measures are losses, sizes and room at their worst. A stop that follows a trade in its favour changes what is lost
later and not the worst of it, so that a plan without it measures the same.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from scaleplan.ladder import Ladder
from scaleplan.ladder.records import TargetExit
from scaleplan.plan import EntriesEnd, Level, Plan, TimeStop, Trail
from scaleplan.quantity.price import Fixed, RMultiple
from scaleplan.revision.keys import Duration
from scaleplan.revision.matching import Counterparts, matched


class Guard(StrEnum):
    """What protects a position, or ends a trade that comes to nothing."""

    STOP = "stop"
    LATER = "later"
    TRAIL = "trail"
    TIME_STOP = "time stop"
    UNLESS = "time stop unless"
    TIME_CLOSE = "time stop close"
    EXPIRY = "expires"
    ENTRIES = "entries_end"


class Loosened(NamedTuple):
    """One guard that is gone or looser: what it was, and what it is now, absent where it is gone.

    `path` is where the old plan has it, without a place where it has none. `at` is the price of the target or tier.
    """

    guard: Guard
    path: str
    old: object
    new: object = None
    at: object = None


def loosened(old: Ladder, new: Ladder) -> tuple[Loosened, ...]:
    """Returns every guard of one plan that the other has no more, or has looser."""
    return (*_tiers(old, new), *_targets(old, new), *_time(old.machine.plan, new.machine.plan))


def _tiers(old: Ladder, new: Ladder) -> Iterator[Loosened]:
    was, now = old.machine.plan, new.machine.plan
    for pair in matched(was.tiers, now.tiers, lambda tier: tier.price):
        if pair.old is None or pair.new is None:
            continue
        before, after = was.tiers[pair.old], now.tiers[pair.new]
        stops = old.steps[pair.old].position.stop, new.steps[pair.new].position.stop
        if before.stop is not None and before.stop != after.stop and _is_looser(was, *stops):
            yield Loosened(Guard.STOP, f"tiers[{pair.old}]", before.stop, after.stop, before.price)


def _targets(old: Ladder, new: Ladder) -> Iterator[Loosened]:
    for pair in matched(old.machine.plan.targets, new.machine.plan.targets, lambda target: target.price):
        if pair.old is not None:
            yield from _target(old, new, pair, pair.old)


def _target(old: Ladder, new: Ladder, pair: Counterparts, index: int) -> Iterator[Loosened]:
    was, path = old.machine.plan, f"targets[{index}]"
    before = was.targets[index]
    after = None if pair.new is None else new.machine.plan.targets[pair.new]
    exits = _exits(old).get(index), None if pair.new is None else _exits(new).get(pair.new)
    if before.stop is not None:
        stops = tuple(None if each is None else each.stop for each in exits)
        if after is None or (before.stop != after.stop and _is_looser(was, *stops)):
            yield Loosened(Guard.STOP, path, before.stop, None if after is None else after.stop, before.price)
    if before.trail is not None:
        is_flat = exits[1] is not None and not exits[1].remaining
        if after is None or (after.trail is None and not is_flat):
            yield Loosened(Guard.TRAIL, path, before.trail, None, before.price)
        elif after.trail is not None and exits[0] is not None and exits[1] is not None:
            ways = _way(before.trail, exits[0].price), _way(after.trail, exits[1].price)
            if before.trail != after.trail and ways[1] > ways[0]:
                yield Loosened(Guard.TRAIL, path, before.trail, after.trail, before.price)
    has_guard = after is not None and (before.stop is not None or before.trail is not None)
    if has_guard and after is not None and exits[0] is not None and exits[1] is not None:
        is_later = before.price != after.price and was.sign * (exits[1].price - exits[0].price) > 0
        if is_later and (before.stop, before.trail) == (after.stop, after.trail):
            yield Loosened(Guard.LATER, path, before.price, after.price, before.price)


def _exits(ladder: Ladder) -> dict[int, TargetExit]:
    """Returns the exits by the place of their target, from 0."""
    return {each.target - 1: each for each in ladder.exits}


def _is_looser(plan: Plan, old: Decimal | None = None, new: Decimal | None = None) -> bool:
    """Returns whether a stop is further from the winning side than another; where there was none it is not."""
    return old is not None and (new is None or plan.sign * (old - new) > 0)


def _way(trail: Trail, price: Decimal) -> Decimal:
    return trail.ratio * price if trail.ratio is not None else trail.distance or Decimal(0)


def _time(old: Plan, new: Plan) -> Iterator[Loosened]:
    if old.time_stop is not None:
        yield from _time_stop(old, old.time_stop, new.time_stop)
    was, now = old.expires, new.expires
    if was is not None and (now is None or _is_later(was, now)):
        yield Loosened(Guard.EXPIRY, "expires", _said(was), None if now is None else _said(now))
    if old.entries_end is EntriesEnd.FIRST_TARGET and new.entries_end is EntriesEnd.NEVER and new.targets:
        yield Loosened(Guard.ENTRIES, "entries_end", old.entries_end, new.entries_end)


def _time_stop(plan: Plan, old: TimeStop, new: TimeStop | None) -> Iterator[Loosened]:
    if new is None:
        yield Loosened(Guard.TIME_STOP, "time_stop", Duration(old.after_minutes))
        return
    if new.after_minutes > old.after_minutes:
        yield Loosened(Guard.TIME_STOP, "time_stop.after", Duration(old.after_minutes), Duration(new.after_minutes))
    if new.close < old.close:
        yield Loosened(Guard.TIME_CLOSE, "time_stop.close", old.close, new.close)
    if new.unless is not None and (old.unless is None or _is_nearer(plan, old.unless, new.unless)):
        yield Loosened(Guard.UNLESS, "time_stop.unless", old.unless, new.unless)


def _is_nearer(plan: Plan, old: Level, new: Level) -> bool:
    """Returns whether price gets to a level sooner than to another of its kind."""
    if isinstance(old, RMultiple) and isinstance(new, RMultiple):
        return new.n < old.n
    return isinstance(old, Fixed) and isinstance(new, Fixed) and plan.sign * (old.price - new.price) > 0


def _is_later(old: date | int, new: date | int) -> bool:
    """Returns whether an expiry comes later; of a date and a duration nobody knows."""
    if isinstance(old, int) or isinstance(new, int):
        return isinstance(old, int) and isinstance(new, int) and new > old
    return new > old


def _said(expires: date | int) -> object:
    return Duration(expires) if isinstance(expires, int) else expires.isoformat()
