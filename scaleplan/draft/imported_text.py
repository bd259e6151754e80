"""The text of an imported plan: every scalar as the plan's own writer has it, and a comment where a line was assumed.

Nothing of a signal stands in a comment, and what stands in a value is written so that YAML reads that value.
"""

from collections.abc import Iterator

from scaleplan.draft.answers import Answers
from scaleplan.draft.text import EDITOR_LINES
from scaleplan.layout.scalars import typed
from scaleplan.plan import Order
from scaleplan.signals.words import PlanWords, TargetWords, TierWords, ZoneWords, share_text


def imported_text(words: PlanWords) -> str:
    """Returns a plan as YAML."""
    return "".join(f"{line}\n" for line in (EDITOR_LINES[0], *_lines(words)))


def _lines(words: PlanWords) -> Iterator[str]:
    assumed = words.assumed
    yield _line("symbol", typed(words.symbol), assumed)
    yield _line("side", str(words.side), assumed)
    if words.equity:
        yield f"account: {{equity: {typed(words.equity, in_brackets=True)}}}"
    if words.venue:
        yield _line("venue", typed(words.venue), assumed)
    if words.margin_mode is not None:
        yield _line("margin_mode", str(words.margin_mode), assumed)
    if words.leverage:
        yield _line("leverage", typed(words.leverage), assumed)
    size = Answers(symbol=words.symbol, size=words.size, risk=words.risk).whole_size
    yield _line("size", typed(size), assumed)
    yield from _tiers(words.tiers, assumed)
    yield _line("stop", typed(words.stop), assumed)
    if words.targets:
        yield _line("targets", "", assumed)
        yield from (f"  - {_target(target)}" for target in words.targets)


def _line(key: str, value: str, assumed: dict[str, str]) -> str:
    text = f"{key}: {value}".rstrip()
    return f"{text}  # assumed: {assumed[key]}" if key in assumed else text


def _tiers(tiers: tuple[TierWords, ...] | ZoneWords, assumed: dict[str, str]) -> Iterator[str]:
    if isinstance(tiers, ZoneWords):
        keys = {"from": tiers.start.text, "to": tiers.end.text, "count": str(tiers.tiers), "order": _order(tiers.order)}
        yield _line("tiers", _braces(keys), assumed)
    elif all(tier.order is Order.LIMIT and tier.share is None for tier in tiers):
        prices = ", ".join(typed(tier.price.text, in_brackets=True) for tier in tiers)
        yield _line("tiers", f"[{prices}]", assumed)
    else:
        # Without its order a later tier would be what its place behind the first makes of it.
        mixed = len({tier.order for tier in tiers}) > 1
        yield _line("tiers", "", assumed)
        for tier in tiers:
            share = "" if tier.share is None else share_text(tier.share)
            order = str(tier.order) if mixed else _order(tier.order)
            yield f"  - {_braces({'price': tier.price.text, 'share': share, 'order': order})}"


def _order(order: Order) -> str:
    return "" if order is Order.LIMIT else str(order)


def _target(target: TargetWords) -> str:
    close = share_text(target.close)
    return _braces({"price": target.price.text, "close": close, "stop": target.stop, "trail": target.trail})


def _braces(keys: dict[str, str]) -> str:
    inside = ", ".join(f"{key}: {typed(value, in_brackets=True)}" for key, value in keys.items() if value)
    return f"{{{inside}}}"
