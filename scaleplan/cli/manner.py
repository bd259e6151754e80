"""Options of how limits fill, and in which order prices of a bar are followed: those of commands that replay."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, WrongUsage, choice, number

if TYPE_CHECKING:
    from decimal import Decimal

    from scaleplan.bars.records import Bars
    from scaleplan.replay import Manner

LIMIT = choice(
    "--limit", ("both", "touch", "through"), "When a limit fills: where price meets it, or goes through it; or both."
)
THROUGH = number("--through", "TICKS", "How far price goes through a limit; 1 where left out.")
ORDER = choice(
    "--order",
    ("every", "worst", "best", "low-first", "high-first", "near"),
    "Every order of prices in a bar, or one alone, to compare with other programs.",
)
#: More ticks than anybody goes through a limit.
_MOST_TICKS = 1_000_000


def manner_of(call: Call, tick: "Decimal | None", bars: "Bars") -> "Manner":
    """Returns how plans are replayed; a limit is gone through by ticks of the plan, or else of the bars."""
    from scaleplan.cli.tape import smallest_step
    from scaleplan.quantity.exact import ZERO
    from scaleplan.replay import BarOrder, LimitFills, Manner

    worlds = {
        "both": (LimitFills.TOUCH, LimitFills.THROUGH),
        "touch": (LimitFills.TOUCH,),
        "through": (LimitFills.THROUGH,),
    }
    asked = call[THROUGH]
    ticks = 1 if asked is None else asked
    if not 1 <= ticks <= _MOST_TICKS:
        raise WrongUsage(THROUGH, f"price goes 1 to {_MOST_TICKS:,} ticks through a limit, not {ticks}")
    limits = worlds[call[LIMIT]]
    if limits == worlds["touch"]:
        if asked is not None:
            raise WrongUsage(THROUGH, "nothing is gone through where a touch fills: leave out --limit touch")
        through = None
    else:
        through = tick or smallest_step(bars)
        if not through:
            # Bars of one price have no step: there is no world in which they go through anything.
            limits = worlds["touch"]
    order = None if call[ORDER] == "every" else BarOrder(call[ORDER])
    return Manner(limits, ZERO if through is None else through * ticks, order=order)
