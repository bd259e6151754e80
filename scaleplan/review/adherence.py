"""Adherence: of a trade each thing that could be followed, and whether it was.

Entries, sizes, exits and stop moves count once a tier, exit or move, all others once a trade. A stop that was recorded
looser than the plan's own, which nothing has moved yet, counts as a move that was not followed.
"""

from collections.abc import Iterable, Sequence

from scaleplan.review import AdherencePart, Followed
from scaleplan.trade import Trade, TradeMoment, kinds
from scaleplan.trade.deviation import Deviation
from scaleplan.trade.stops import stop_moves

_PRICES = (kinds.CHASED, kinds.EARLY)
_STOP_SET = (kinds.NO_STOP, kinds.STOP_QUANTITY)
_STOP_MOVES = (kinds.STOP_NOT_MOVED, kinds.STOP_LOOSENED)


def followed_of(trade: Trade, deviations: Iterable[Deviation], *, knows_orders: bool) -> tuple[Followed, ...]:
    """Returns what could be followed of a trade that is over, in the order of the checks; what could not is left out.

    `deviations` are all of them, those that the plan wants not to be told too. Unless it `knows_orders`, the plan has
    too many paths for the order of events to be judged.
    """
    found = tuple(deviations)
    tiers = sorted({part.tier for moment in trade.moments for part in moment.parts if part.tier is not None})
    checks = [
        _counted(
            AdherencePart.ENTRIES, tiers, {tier for each in found if each.kind in _PRICES for tier in _tiers_in(each)}
        ),
        _sizes(trade, tiers, found),
        *([_once(AdherencePart.ORDER, found, kinds.OUT_OF_ORDER)] if knows_orders else []),
    ]
    if trade.habits.stops_recorded:
        if any(version.plan.stop is not None for version in trade.versions):
            checks.append(_once(AdherencePart.STOP_SET, found, *_STOP_SET))
        checks.append(_moves(trade, found))
    exits = [moment for moment in trade.moments if moment.is_exit and not moment.continues]
    by_hand = sum(each.kind is kinds.CLOSED_BY_HAND for each in found)
    checks += [
        Followed(AdherencePart.EXITS, len(exits) - by_hand, len(exits)),
        _once(AdherencePart.NO_RE_ENTRY, found, kinds.RE_ENTRY),
        _once(AdherencePart.PLAN_KEPT, found, kinds.PLAN_RISKIER),
        _once(AdherencePart.LOCKED_IN_TIME, found, kinds.LOCKED_LATE),
    ]
    return tuple(check for check in checks if check.applicable)


def _once(check: AdherencePart, found: Sequence[Deviation], *of: object) -> Followed:
    return Followed(check, int(not any(each.kind in of for each in found)), 1)


def _counted(check: AdherencePart, tiers: Sequence[int], left: set[int]) -> Followed:
    return Followed(check, sum(tier not in left for tier in tiers), len(tiers))


def _tiers_in(found: Deviation) -> list[int]:
    """Returns the tier that a deviation is of."""
    return [int(word.removeprefix("tier ")) for word in found.words if word.startswith("tier ")]


def _sizes(trade: Trade, tiers: Sequence[int], found: Sequence[Deviation]) -> Followed:
    """Returns how many tiers had no more than planned; each extra fill is one more that was not planned at all."""
    left = {tier for each in found if each.kind is kinds.OVERSIZED for tier in _tiers_in(each)}
    extra = 0
    for each in found:
        if each.kind is not kinds.BEYOND_MAXIMUM:
            continue
        moment = _moment_of(trade, each)
        if moment is None or "extra" in each.words:
            extra += moment is None or not moment.continues
        else:
            left |= {part.tier for part in moment.parts if part.tier is not None}
    counted = _counted(AdherencePart.SIZE, tiers, left)
    return counted._replace(applicable=counted.applicable + extra)


def _moment_of(trade: Trade, found: Deviation) -> TradeMoment | None:
    return next((moment for moment in trade.moments if moment.event.name == found.event), None)


def _moves(trade: Trade, found: Sequence[Deviation]) -> Followed:
    """Returns how many moves of the stop due were recorded as they were due."""
    moves = stop_moves(trade)
    left: set[object] = set()
    for each in found:
        if each.kind in _STOP_MOVES:
            left.add(max((move for move in moves if move <= each.at), default=None))
    own = int(None in left)
    return Followed(AdherencePart.STOP_MOVES, len(moves) - len(left) + own, len(moves) + own)
