"""What the figures of a backtest rest on, and what they cannot know."""

from collections.abc import Iterator

from scaleplan.book.rules import Baseline, Rules
from scaleplan.quantity.rounding import rounded
from scaleplan.report.backtest.view import BacktestView
from scaleplan.report.page import Fact, Role
from scaleplan.report.replay.words import JUMPS, file_words, limit_words, liquidation_words, step_words, words_only
from scaleplan.report.visible import visible


def rests_on(view: BacktestView) -> Iterator[Fact]:
    """Yields what the figures rest on, and what they cannot know."""
    manner, rules = view.manner, view.asked.rules
    yield Fact("bars", file_words(view.bars))
    for finer, series in zip(view.finer, view.tape.finer, strict=True):
        yield Fact("finer", f"{file_words(finer)}, {step_words(series.step_ns)}: in place of bars that are left open")
    yield Fact("limits", limit_words(manner.limits, f"{manner.through:f}", two_results=True))
    yield entry_fact(rules)
    if manner.order is not None:
        yield Fact("order", f"{manner.order} alone: an assumption, no bound", Role.CAUTION)
    equity = "as it stands, the worst and the best each their own" if rules.compound else "at the start for each trade"
    yield Fact("size", f"solved anew at each signal, from equity {equity}")
    live = view.found.book.live
    yield Fact("live", f"{rounded(live, 2):f} plans at once on average; the bootstrap's blocks count that")
    yield Fact("mark", f"{visible(view.mark)}: liquidation by it" if view.mark else "none given: last stands for it")
    liquidation = liquidation_words(side.made.ladder for side in view.sides)
    if liquidation:
        yield Fact("liquidation", liquidation, Role.CAUTION)
    funding = view.funding or ("as the plan has it" if view.plan.funding is not None else "")
    if funding:
        yield Fact("funding", f"{visible(funding)}; in equity, not in net or R")
    if any(each.name is Baseline.HOLD for each in view.found.against):
        yield Fact("hold", "the first trade's size, in at the first open and out at the last close, in its 1R")
    yield Fact("seed", str(view.asked.seed))
    yield Fact("unknown", JUMPS)
    words = words_only(view.plan)
    if words:
        yield Fact("not replayed", words)


def entry_fact(rules: Rules) -> Fact:
    """Returns when a market order of tier 1 fills."""
    if rules.at_close:
        return Fact("entry", "filled at the very close that gave the signal", Role.CAUTION)
    return Fact("entry", "a market order fills at the open of the bar after the signal's")
