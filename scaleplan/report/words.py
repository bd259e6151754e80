"""Words under a row of a table: why a tier never fills, what must come first, where the stop goes."""

from scaleplan.ladder import Rung
from scaleplan.plan import Target, Tier
from scaleplan.quantity.price import Fixed, say_price
from scaleplan.report.figures import Figures, after_text, level_text, rate
from scaleplan.report.visible import visible

_NEVER = {
    "liquidated": "the tiers before it are liquidated first",
    "stopped": "the tiers before it are stopped first",
    "entries ended": "a target has ended the entries by then",
}


def never_fills(step: Rung) -> str:
    """Why a tier never fills, or does not in the order listed; empty where it does."""
    position = step.position
    because = _NEVER.get(position.unreachable_because, "no path gets to it")
    if position.fills:
        return "" if position.reachable else f"not as listed: {because}"
    return f"never fills: {because}"


def tier_words(tier: Tier) -> str:
    """What a tier waits for and what it does to the stop."""
    after = after_text(tier.after)
    return _joined(
        f"after {after}" if after else "",
        visible(tier.trigger),
        f"stop to {say_price(tier.stop)}" if tier.stop is not None else "",
        visible(tier.note),
    )


def target_words(figures: Figures, target: Target) -> str:
    """How a target's level is written, what it does to the stop, and what else takes the rest out."""
    return _joined(
        "" if isinstance(target.price, Fixed) else f"at {level_text(target.price)}",
        f"stop to {say_price(target.stop)}" if target.stop is not None else "",
        trails(figures, target),
        f"or {visible(target.exit)}" if target.exit else "",
        visible(target.note),
    )


def trails(figures: Figures, target: Target) -> str:
    """What a trail does; empty where there is none."""
    if target.trail is None:
        return ""
    ratio = target.trail.ratio
    return f"trails {figures.price(target.trail.distance)} of price" if ratio is None else f"trails {rate(ratio)}"


def _joined(*parts: str) -> str:
    return "; ".join(part for part in parts if part)
