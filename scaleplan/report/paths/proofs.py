"""Proofs in words, and why no path fills a tier or hits a target, as far as the plan and its states tell it."""

from collections.abc import Sequence
from typing import NamedTuple

from scaleplan.engine.event import EventKind
from scaleplan.engine.levels import reached
from scaleplan.paths.proofs import Untold
from scaleplan.paths.records import Claim, Paths, Proof
from scaleplan.plan import AfterPrice, AfterTier, Contract, Plan, Tier
from scaleplan.quantity.exact import ZERO, same
from scaleplan.quantity.price import Fixed
from scaleplan.quantity.rounding import CONTEXT
from scaleplan.report.assumptions import brackets_end, no_maintenance
from scaleplan.report.figures import (
    NONE,
    UNKNOWN,
    Figures,
    level_text,
    leverage,
    r_signed,
    written,
)
from scaleplan.report.page import Fact, Role
from scaleplan.report.paths.words import (
    ENDLESS,
    WalkedPlan,
    path_words,
    price,
)
from scaleplan.report.words import expired_words, numbers


def proofs(walked: WalkedPlan) -> list[Fact]:
    """Returns every claim: held, broken with the shortest path that breaks it, or n/a."""
    return [_proved(walked, proof) for proof in walked.paths.proofs]


def _proved(walked: WalkedPlan, proof: Proof) -> Fact:
    text = _claim(walked, proof)
    if proof.holds is None:
        return Fact(UNKNOWN, f"{text}: {missing(walked, proof.missing)}", Role.FAINT, mark=Role.FAINT)
    if proof.holds:
        return Fact("holds", text, mark=Role.GAIN)
    way = path_words(walked.figures, proof.counterexample)
    return Fact("BROKEN", text, Role.ALARM, f"{way}{_on_the_way(walked, proof)}", Role.ALARM)


def _on_the_way(walked: WalkedPlan, proof: Proof) -> str:
    """Returns what the path that is shown comes to, where it is not the worst that is told above it."""
    shown, value, limit = proof.shown, proof.value, proof.limit
    if shown is None or value is None or same(shown, value):
        return ""
    figures, settle = walked.figures, walked.plan.settle
    match proof.claim:
        case Claim.MAX_LEVERAGE:
            return f"; this path carries {leverage(shown, limit)}"
        case Claim.MAX_MARGIN:
            return f"; this path ties up {figures.loss_against(shown, limit or ZERO)} {settle}"
        case _:
            return f"; this path loses {figures.loss_against(shown, limit or ZERO)} {settle}"


def _claim(walked: WalkedPlan, proof: Proof) -> str:
    """A claim and both its numbers, as far as they are known."""
    match proof.claim:
        case Claim.WORST_PLANNED:
            return _joined("no path loses more than planned", _loss(walked, proof, "planned", in_r=True))
        case Claim.MAX_RISK:
            return _joined("no path loses more than `max_risk`", _loss(walked, proof, "limit", in_r=False))
        case Claim.NO_LIQUIDATION:
            spot = walked.plan.contract is Contract.SPOT
            return _joined("no path is liquidated", "spot is bought outright" if spot else "")
        case Claim.TIERS:
            return _joined("every tier can fill", _tiers(walked, proof))
        case Claim.TARGETS:
            return _joined("every target can be hit", _targets(walked, proof))
        case Claim.MAX_LEVERAGE:
            return _joined("leverage stays within `max_leverage`", _leverage(proof))
        case Claim.MAX_MARGIN:
            return _joined("margin stays within `max_margin`", _margin(walked, proof))
        case Claim.LOCKED:
            return _joined("no stop that locks a gain or breaks even loses after costs", _locked(walked, proof))


def _loss(walked: WalkedPlan, proof: Proof, word: str, *, in_r: bool) -> str:
    value, limit, one_r = proof.value, proof.limit, walked.ladder.totals.r
    if value is None:
        return "" if proof.holds is None else f"one loses more, {word} {walked.figures.loss(limit)}"
    if limit is None:
        return f"at most {walked.figures.loss(value)} {walked.plan.settle}"
    text = (
        f"at most {walked.figures.loss_against(value, limit)} {walked.plan.settle}, {word} {walked.figures.loss(limit)}"
    )
    if in_r and one_r is not None and one_r > 0:
        text += f" = {r_signed(CONTEXT.divide(limit, one_r)).removeprefix('+')}"
    return text


def _tiers(walked: WalkedPlan, proof: Proof) -> str:
    text = _reached(proof)
    if not proof.numbers:
        return text
    many = len(proof.numbers) > 1
    text += f"; tier{'s' if many else ''} {numbers(proof.numbers)} never fill{'' if many else 's'}"
    if walked.plan.has_expired(walked.study.today):
        return f"{text}: {expired_words(walked.plan)}"
    return f"{text}: {tiers_unreached(walked.figures, walked.paths, proof.numbers)}"


def _targets(walked: WalkedPlan, proof: Proof) -> str:
    text = _reached(proof)
    if not proof.numbers:
        return text
    many = len(proof.numbers) > 1
    text += f"; target{'s' if many else ''} {numbers(proof.numbers)} {'are' if many else 'is'} never hit"
    if walked.plan.has_expired(walked.study.today):
        return f"{text}: {expired_words(walked.plan)}"
    return f"{text}: {target_unreached(walked.figures, walked.paths, proof.numbers[0])}"


def _reached(proof: Proof) -> str:
    if proof.value is None or proof.limit is None:
        return ""
    if not proof.limit:
        return "the plan has none"
    surely = "for sure " if proof.holds is None else ""
    return f"{surely}{proof.value} of {proof.limit}"


def _leverage(proof: Proof) -> str:
    if proof.value is None:
        return "" if proof.holds is None else f"without a stop more than {written(proof.limit or ZERO)}x"
    limit = "" if proof.limit is None else f", limit {written(proof.limit)}x"
    return f"at most {leverage(proof.value, proof.limit)} from any fill to the stop{limit}"


def _margin(walked: WalkedPlan, proof: Proof) -> str:
    if proof.value is None:
        return ""
    if proof.limit is None:
        return f"at most {walked.figures.loss(proof.value)} {walked.plan.settle}"
    shown = walked.figures.loss_against(proof.value, proof.limit)
    return f"at most {shown} {walked.plan.settle}, limit {walked.figures.loss(proof.limit)}"


def _locked(walked: WalkedPlan, proof: Proof) -> str:
    if proof.value is None:
        return "" if proof.holds is None else "none is moved there"
    if proof.holds is False:
        return f"what is held then loses {walked.figures.loss(proof.value)} {walked.plan.settle}"
    return f"what is held then brings at least {walked.figures.money(-proof.value)} {walked.plan.settle}"


def missing(walked: WalkedPlan, what: str) -> str:
    """What is not written, by its key; what is too large to be walked says so itself."""
    if not what:
        return ENDLESS
    if what == Untold.MAINTENANCE:
        return no_maintenance(walked.plan)
    if what == Untold.BRACKETS:
        return brackets_end(walked.plan)
    parent, point, key = what.partition(".")
    return f"no `{key}` under `{parent}:`" if point and " " not in what else what


def _joined(claim: str, figures: str) -> str:
    return f"{claim}: {figures}" if figures else claim


def tiers_unreached(figures: Figures, paths: Paths, never: Sequence[int]) -> str:
    """What keeps each tier of `never` from filling; tiers with the same reason are named together."""
    plan = figures.plan
    touched = _touched(paths)
    on_tiers: list[int] = []
    on_prices: list[int] = []
    on_the_one_before: list[int] = []
    behind_stop: list[int] = []
    over: list[int] = []
    for number in never:
        tier = plan.tiers[number - 1]
        match tier.after:
            case AfterTier(other) if other in never:
                on_tiers.append(number)
                continue
            case AfterPrice() if number not in touched:
                on_prices.append(number)
                continue
        if number in paths.waits and number - 1 in never:
            on_the_one_before.append(number)
        elif _behind_stop(plan, paths, number):
            behind_stop.append(number)
        else:
            over.append(number)
    groups = (
        (on_prices, _waits_for_price),
        (on_the_one_before, _waits_for_the_one_before),
        (behind_stop, _stopped_before),
        (over, _over_before),
        (on_tiers, _waits_for_tier),
    )
    reasons = [(found, words) for found, words in groups if found]
    return "; ".join(words(_Unreached(figures, found, len(reasons) == 1)) for found, words in reasons)


def target_unreached(figures: Figures, paths: Paths, first: int) -> str:
    """What keeps price from the first target that is never hit; those behind it only wait for it."""
    plan = figures.plan
    before = [state for state in paths.states if state.targets == first - 1 and state.quantity]
    level = level_text(plan.targets[first - 1].price)
    if not any(state.quantity for state in paths.states):
        return "nothing ever fills"
    if not before:
        return f"nothing is left after target {first - 1}"
    # A state in which something happens at once has no other side, whatever lies there.
    free = [state for state in before if not any(move and move.at_once for move in (state.up, state.down))]
    unpriced = free and all((state.up if plan.sign > 0 else state.down) is None for state in free)
    if unpriced and not isinstance(plan.targets[first - 1].price, Fixed):
        return f"{level} lies at no price above zero"
    return f"the plan is over before price comes to {_price_of_target(figures, first)}"


def _touched(paths: Paths) -> set[int]:
    """The tiers whose `after` price some path comes to."""
    moves = (move for state in paths.states for move in (state.up, state.down) if move is not None)
    return {move.event.number for move in moves if move.event.kind is EventKind.AFTER}


def _behind_stop(plan: Plan, paths: Paths, number: int) -> bool:
    """Whether price comes to the plan's stop on its way to a tier."""
    if plan.stop is None or paths.start is not None:
        return False
    moves = [move for state in paths.states for move in (state.up, state.down) if move is not None]
    moved = any(state.stop not in (None, plan.stop) for state in paths.states)
    if moved or any(move.event.kind is EventKind.LIQUIDATION for move in moves):
        return False
    return reached(plan.tiers[number - 1].price, plan.stop, plan.sign)


class _Unreached(NamedTuple):
    """The tiers that a reason is for; `alone` where they have just been named, and there is no other reason."""

    figures: Figures
    found: list[int]
    alone: bool

    @property
    def tier(self) -> Tier:
        """The first of them."""
        return self.figures.plan.tiers[self.found[0] - 1]

    @property
    def single(self) -> bool:
        """Whether it is a single tier."""
        return len(self.found) == 1

    @property
    def name(self) -> str:
        """`tier 2`, `it`, `tiers 2-3` or `they`."""
        if self.alone:
            return "it" if self.single else "they"
        return f"tier{'' if self.single else 's'} {numbers(self.found)}"

    @property
    def place(self) -> str:
        """What price does not come to: `tier 2 at 90`, `it at 90`, `tiers 2-3` or `them`."""
        if self.single:
            return f"{self.name} at {price(self.figures, self.tier.price)}"
        return "them" if self.alone else self.name


def _waits_for_price(who: _Unreached) -> str:
    after = who.tier.after
    if who.single and isinstance(after, AfterPrice):
        return f"{who.name} waits for {price(who.figures, after.price)}, and no path gets there"
    return f"{who.name} wait for prices that no path gets to"


def _waits_for_tier(who: _Unreached) -> str:
    after = who.tier.after
    if who.single and isinstance(after, AfterTier):
        return f"{who.name} waits for tier {after.tier}, which never fills"
    return f"{who.name} wait for tiers that never fill"


def _waits_for_the_one_before(who: _Unreached) -> str:
    if who.single:
        return f"{who.name} would execute at once, and so waits for tier {who.found[0] - 1}, which never fills"
    return f"{who.name} would execute at once, and so wait for the tier before, which never fills"


def _stopped_before(who: _Unreached) -> str:
    stop = who.figures.plan.stop
    at = NONE if stop is None else price(who.figures, stop)
    if who.single and who.tier.price == stop:
        return f"{who.name} lies at the stop"
    return f"price comes to the stop at {at} before {who.place}"


def _over_before(who: _Unreached) -> str:
    return f"entries have ended, or the plan is over, before price comes to {who.place}"


def _price_of_target(figures: Figures, number: int) -> str:
    level = figures.plan.targets[number - 1].price
    return price(figures, level.price) if isinstance(level, Fixed) else level_text(level)
