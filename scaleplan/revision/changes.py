"""What changed between two plans, by meaning and in the plan's words: one change a key, a tier or a target.

Layout, comments, the order of keys and short forms are no changes; nor is a default that is written out. What follows
from another key (a venue's fees where the venue changed, the stop that an invalidation stands in for) is told once, at
that key.
"""

from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from functools import partial
from typing import NamedTuple, TypeVar

from scaleplan.plan import Plan, Target, Tier
from scaleplan.revision.keys import (
    Keys,
    PlacedPlan,
    are_equal_closes,
    are_equal_shares,
    plan_keys,
    target_keys,
    tier_keys,
    words_of,
    written_at,
)
from scaleplan.revision.matching import matched

_Item = TypeVar("_Item", Tier, Target)

#: The order in which changes are told: what the trade is, where it is wrong, how much it holds, how; costs behind that.
_ORDER = (
    *("symbol", "side", "contract", "stop", "invalidation", "size", "leverage", "margin_mode", "margin"),
    *("extra_margin", "tiers", "targets", "entries_end", "expires", "time_stop", "account", "venue", "maintenance"),
    *("maintenance_on", "bracket_by", "closing_fee", "bankruptcy_fee", "reserve", "fees", "slippage", "spread"),
    *("funding", "swap", "instrument", "risk_unit", "style", "name", "checklist", "notes", "runner"),
)
#: Keys in words: they change no figure.
_WORDS = frozenset({"name", "trigger", "note", "exit", "checklist", "notes", "runner"})


#: Keys that come and go with the contract, or with the maintenance; unwritten, they are told at those.
_OWN = ("margin_mode", "extra_margin")
_WAYS = frozenset((*_OWN, "maintenance_on", "bracket_by", "closing_fee", "bankruptcy_fee", "reserve"))


class Op(StrEnum):
    """What became of a key, a tier or a target."""

    ADD = "add"
    REMOVE = "remove"
    CHANGE = "change"


class KeyChange(NamedTuple):
    """One change. A path is absent where that side has none; values are those of `revision.keys`, a Tier or a Target.

    `key` is the path without numbers, by which a measure knows what it reads; `words` tells that it changes no figure.
    """

    op: Op
    key: str
    path_old: str | None
    path_new: str | None
    old: object
    new: object
    words: bool

    @property
    def of_account(self) -> bool:
        """Whether it is of the account, which changes with every trade."""
        return self.key.startswith("account.")


def are_one_trade(old: Plan, new: Plan) -> bool:
    """Returns whether two plans are of one trade: of one symbol, side, contract and currency of settlement."""
    old_trade, new_trade = (
        (plan.symbol.text.upper(), plan.side, plan.contract, plan.settle.upper()) for plan in (old, new)
    )
    return old_trade == new_trade


def changes_of(old: PlacedPlan, new: PlacedPlan) -> tuple[KeyChange, ...]:
    """Returns every change from one plan to the other; those of words come last."""
    found = [*_keys(old, new), *_tiers(old.plan, new.plan), *_targets(old.plan, new.plan), *_lists_of_words(old, new)]
    return tuple(sorted(found, key=lambda change: (change.words, _ORDER.index(change.key.partition(".")[0]))))


def _keys(old: PlacedPlan, new: PlacedPlan) -> Iterator[KeyChange]:
    keys = plan_keys(old), plan_keys(new)
    venues = [keys.get("venue") for keys in keys]
    for path in dict.fromkeys((*keys[0], *keys[1])):
        was, now = keys[0].get(path), keys[1].get(path)
        # What both leave to another key changes with that key; terms of the venue do where it is another.
        if (was is None or was.inferred) and (now is None or now.inferred):
            is_told = path in ("name", "stop", "style") or (path not in _OWN and venues[0] != venues[1])
            # A way to reckon margin comes and goes with what it is of.
            is_told = is_told or (path in _WAYS and (was is None or now is None))
            if is_told:
                continue
        yield from _change(path, keys, (written_at(old.places, path), written_at(new.places, path)))


def _change(path: str, keys: tuple[Keys, Keys], at: tuple[str, str], of: str = "") -> Iterator[KeyChange]:
    """Yields the change of one key, if there is one; `of` is what the key is known by where it is inside a list."""
    words = path in _WORDS
    was, now = keys[0].get(path), keys[1].get(path)
    if was is not None and now is not None:
        if was.meaning != now.meaning:
            yield KeyChange(Op.CHANGE, of + path, at[0], at[1], was.value, now.value, words)
    elif now is not None:
        yield KeyChange(Op.ADD, of + path, None, at[1], None, now.value, words)
    elif was is not None:
        yield KeyChange(Op.REMOVE, of + path, at[0], None, was.value, None, words)


def _tiers(old: Plan, new: Plan) -> Iterator[KeyChange]:
    equal = are_equal_shares(old) and are_equal_shares(new)
    yield from _items("tiers", (old, new), (old.tiers, new.tiers), partial(tier_keys, equal=equal))


def _targets(old: Plan, new: Plan) -> Iterator[KeyChange]:
    equal = are_equal_closes(old) and are_equal_closes(new)
    yield from _items("targets", (old, new), (old.targets, new.targets), partial(target_keys, equal=equal))


def _items(
    name: str,
    plans: tuple[Plan, Plan],
    items: tuple[Sequence[_Item], Sequence[_Item]],
    keys_of: Callable[[Plan, _Item, dict[int, int]], Keys],
) -> Iterator[KeyChange]:
    """Yields the changes of the tiers or targets of two plans, counterparts key by key."""
    old, new = items
    pairs = matched(old, new, lambda item: item.price)
    # Both are known by the numbers of the new plan.
    numbers = (
        {pair.old + 1: pair.new + 1 for pair in pairs if pair.old is not None and pair.new is not None},
        {number: number for number in range(1, len(new) + 1)},
    )
    for pair in pairs:
        was: Keys = {} if pair.old is None else keys_of(plans[0], old[pair.old], numbers[0])
        now: Keys = {} if pair.new is None else keys_of(plans[1], new[pair.new], numbers[1])
        if pair.old is None and pair.new is not None:
            yield KeyChange(Op.ADD, name, None, f"{name}[{pair.new}]", None, new[pair.new], words=False)
            yield from _words_of_item(name, (was, now), pair.new)
        elif pair.new is None and pair.old is not None:
            yield KeyChange(Op.REMOVE, name, f"{name}[{pair.old}]", None, old[pair.old], None, words=False)
            yield from _words_of_item(name, (was, now), pair.old)
        else:
            for path in dict.fromkeys((*was, *now)):
                at = f"{name}[{pair.old}].{path}", f"{name}[{pair.new}].{path}"
                yield from _change(path, (was, now), at, f"{name}.")


def _words_of_item(name: str, keys: tuple[Keys, Keys], index: int) -> Iterator[KeyChange]:
    """Yields the words of a tier or target that came or went: the item itself says its figures alone."""
    for path in (*keys[0], *keys[1]):
        if path in _WORDS:
            at = f"{name}[{index}].{path}"
            yield from _change(path, keys, (at, at), f"{name}.")


def _lists_of_words(old: PlacedPlan, new: PlacedPlan) -> Iterator[KeyChange]:
    was, now = dict(words_of(old.plan)), dict(words_of(new.plan))
    for name in dict.fromkeys((*was, *now)):
        before, after = was.get(name, ()), now.get(name, ())
        for at_old, at_new in matched(before, after, lambda text: text):
            if at_old is None and at_new is not None:
                yield KeyChange(Op.ADD, name, None, f"{name}[{at_new}]", None, after[at_new], words=True)
            elif at_new is None and at_old is not None:
                yield KeyChange(Op.REMOVE, name, f"{name}[{at_old}]", None, before[at_old], None, words=True)
            elif at_old is not None and at_new is not None and before[at_old] != after[at_new]:
                texts = before[at_old], after[at_new]
                yield KeyChange(Op.CHANGE, name, f"{name}[{at_old}]", f"{name}[{at_new}]", *texts, words=True)
