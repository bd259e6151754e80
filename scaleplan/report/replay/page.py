"""The page of `replay`: what happened, line by line, then the worst beside the best and what both rest on."""

from bisect import bisect_right
from collections.abc import Iterator
from decimal import Decimal

from scaleplan.engine.event import EventKind
from scaleplan.replay.curve import equity_band
from scaleplan.replay.records import BarOrder, LimitFills
from scaleplan.replay.result import Between, ReplayResult
from scaleplan.replay.series import without_mark
from scaleplan.report.drawings import Band, BandMark, BandSpan
from scaleplan.report.figures import UNKNOWN, r_signed
from scaleplan.report.page import (
    UNLIMITED,
    Branches,
    Cell,
    Fact,
    FactList,
    Heading,
    Medium,
    Page,
    Part,
    Role,
    Sentence,
    Table,
    Title,
    table_of,
)
from scaleplan.report.paths.words import chance, price, signed_money
from scaleplan.report.replay.words import (
    JUMPS,
    MOST_LINES,
    ReplayView,
    end_words,
    file_words,
    limit_words,
    lines_of,
    liquidation_words,
    moment,
    step_words,
    words_only,
)
from scaleplan.report.sentences import head, wrong
from scaleplan.report.words import first_targets, numbers


def replay_page(view: ReplayView, medium: Medium) -> Page:
    """Returns what came of a plan on bars; `medium` changes nothing but the width."""
    doubts = wrong(view.study)
    parts: list[Part] = [Title(head(view.plan)), answer(view)]
    parts.append(Sentence((Cell(bars_words(view)),), lead=not medium.document, limit=UNLIMITED, hang=0))
    if doubts:
        parts.append(Sentence((doubts,), lead=True, limit=UNLIMITED, hang=0))
    for title, lines in _told(view):
        parts += [Heading(title, shown=True), Branches(lines)]
    parts += [Heading("Equity", shown=True), band_of(view)]
    parts += [Heading("Worst and best"), _table(view), Heading("What it rests on"), FactList(tuple(_rests_on(view)))]
    return Page(tuple(parts), view.diagnostics, answer(view) if view.diagnostics else None)


def answer(view: ReplayView) -> Sentence:
    """Returns what came of it in a sentence."""
    worst, best = view.worst, view.best
    if not view.replay.undecided:
        text = f"{end_words(worst.end)}: {_both(view, worst)}"
        return Sentence((Cell(text, Role.STRONG),), lead=True, limit=UNLIMITED)
    low, high = (f"{_both(view, result)}, {end_words(result.end)}" for result in (worst, best))
    cells = (Cell(f"undecided: worst {low}", Role.STRONG), Cell(f"best {high}", Role.STRONG))
    return Sentence(cells, lead=True, limit=UNLIMITED)


def _both(view: ReplayView, result: ReplayResult) -> str:
    """A result in R with the money behind it."""
    money = f"{signed_money(view.figures, result.net)} {view.plan.settle}"
    return money if result.net_r is None else f"{r_signed(result.net_r)} ({money})"


def bars_words(view: ReplayView) -> str:
    """The bars: how long, how many, from when to when, and how many of them leave something open."""
    bars, start = view.replay.tape.bars, view.replay.start
    first, last = int(bars.time[start]), int(bars.time[len(bars) - 1])
    count = len(bars) - start
    span = f"{moment(first, bars.step_ns)} to {moment(last, bars.step_ns)}"
    text = f"{count:,} {'bar' if count == 1 else 'bars'} of {step_words(bars.step_ns)}, {span}"
    forks = {(fork.series, fork.bar) for world in view.replay.worlds for fork in world.forks}
    return f"{text} UTC, {len(forks):,} of them open" if forks else f"{text} UTC, none of them open"


#: The steps of a band: no screen or page shows more.
_STEPS = 720
_LETTERS = {
    EventKind.TARGET: "T",
    EventKind.STOP: "S",
    EventKind.LIQUIDATION: "L",
    EventKind.TRAIL: "S",
    EventKind.TIME_STOP: "C",
}


def band_of(view: ReplayView) -> Band:
    """Returns the equity at each close as a band from the worst to the best, with what happened on the worst way."""
    replay = view.replay
    points = equity_band(replay, _STEPS)
    step = replay.tape.bars.step_ns
    times = [point.time for point in points]
    spans = [
        BandSpan(
            moment(point.time, step),
            min(point.worst.least, point.best.least),
            max(point.worst.most, point.best.most),
            point.worst.fall,
        )
        for point in points
    ]
    marks = [
        BandMark(
            max(bisect_right(times, event.time) - 1, 0),
            str(event.number) if event.kind is EventKind.TIER else _LETTERS[event.kind],
            f"{event.event} at {price(view.figures, event.level)}",
        )
        for event in view.worst.events
        if event.kind is EventKind.TIER or event.kind in _LETTERS
    ]
    what = "Equity" if view.plan.account.equity is not None else "Result"
    title = f"{what} at each close, worst to best, {view.plan.settle}"
    words = f"{what} at each close as a band from the worst to the best; marked is the way to the worst"
    return Band(title, words, tuple(spans), tuple(marks), view.figures.places.money)


def replay_svg(view: ReplayView) -> str:
    """Returns the drawing of a replay alone, as a document of SVG."""
    from scaleplan.report.band import band_drawing  # noqa: PLC0415 - few ask for it
    from scaleplan.report.svg import group, svg, text_drawing  # noqa: PLC0415

    texts = [
        "  ".join(cell.text for cell in head(view.plan)),
        *(cell.text for cell in answer(view).cells),
        bars_words(view),
    ]
    band = band_of(view)
    return svg(group((text_drawing(texts), band_drawing(band))), view.plan.name, band.words, alone=True)


def _told(view: ReplayView) -> Iterator[tuple[str, tuple[tuple[int, str], ...]]]:
    """What happened in each world of limits, those in which the same did together."""
    told = [(world.limits, tuple(lines_of(view, world))) for world in view.replay.worlds]
    if len({lines for _, lines in told}) == 1:
        told = told[:1]
        titles = ["What happened"]
    else:
        titles = [f"What happened if {_manner(view, limits)}" for limits, _ in told]
    for title, (_, lines) in zip(titles, told, strict=True):
        more = len(lines) - MOST_LINES
        kept = lines if more <= 0 else (*lines[:MOST_LINES], (0, f"and {more:,} lines more"))
        yield title, kept


def _manner(view: ReplayView, limits: LimitFills) -> str:
    if limits is LimitFills.TOUCH:
        return "a touch fills a limit"
    return f"limits fill where price goes {price(view.figures, view.replay.manner.through)} through them"


def _table(view: ReplayView) -> Table:
    """The worst beside the best."""
    results = (view.worst, view.best)
    unit = view.plan.settle
    rows: list[tuple[str, ...]] = [
        ("end", *(end_words(result.end) for result in results)),
        ("tiers", *(numbers(result.tiers) for result in results)),
        ("targets", *(first_targets(result.targets) for result in results)),
        ("R", *(r_signed(result.net_r) for result in results)),
        (f"net {unit}", *(signed_money(view.figures, result.net) for result in results)),
        (f"fees {unit}", *(view.figures.fee(result.fees) for result in results)),
        ("against", *(_between(result.mae_r) for result in results)),
        ("for", *(_between(result.mfe_r) for result in results)),
    ]
    if view.worst.funding or view.best.funding:
        rows.append((f"funding {unit}", *(signed_money(view.figures, -result.funding) for result in results)))
    if any(chances is not None for chances in view.chances):
        rows.append(("chance", *map(chance, view.chances)))
    return table_of(("", "worst", "best"), rows)


def _planned(view: ReplayView) -> Fact:
    """What was planned, to lose and to make."""
    totals, unit = view.study.ladder.totals, view.plan.settle
    loss = None if totals.risk is None else -totals.risk
    words = [
        f"{name} {UNKNOWN}"
        if amount is None
        else f"{name} {signed_money(view.figures, amount)} {unit}{_r(amount, totals.r)}"
        for name, amount in (("loss", loss), ("all targets", totals.reward))
    ]
    return Fact("planned", ", ".join(words))


def _r(amount: Decimal, one_r: Decimal | None) -> str:
    return "" if one_r is None or one_r <= 0 else f" = {r_signed(amount / one_r)}"


def _between(span: Between | None) -> str:
    """How far price went, in R: between two bounds, or where they are alike once."""
    if span is None:
        return UNKNOWN
    least, most = r_signed(span.least).lstrip("+"), r_signed(span.most).lstrip("+")
    return least if least == most else f"{least} to {most}"


def _rests_on(view: ReplayView) -> Iterator[Fact]:
    """What the figures rest on, and what they cannot know."""
    replay, manner = view.replay, view.replay.manner
    yield _planned(view)
    yield Fact("bars", file_words(view.bars))
    for number, (finer, series) in enumerate(zip(view.finer, replay.tape.finer, strict=True)):
        yield Fact("finer", f"{file_words(finer)}, {step_words(series.step_ns)}: {_covered(view, number)}")
    through = price(view.figures, manner.through)
    yield Fact("limits", limit_words(manner.limits, through, two_results=True))
    if manner.order is not None:
        yield Fact("order", _order_words(manner.order), Role.CAUTION)
    yield Fact("mark", _mark_words(view))
    liquidation = liquidation_words([view.study.ladder])
    if liquidation:
        yield Fact("liquidation", liquidation, Role.CAUTION)
    funding = view.funding or ("as the plan has it" if view.plan.funding is not None else "")
    if funding:
        yield Fact("funding", f"{funding}; beside the net result, not in it")
    if any(chances is not None for chances in view.chances):
        yield Fact("chance", "of this end at the fair price, of all paths from where price begins (`paths`)")
    yield Fact("against, for", "the furthest that price went against and for what was held, before fees, in R")
    yield Fact("unknown", JUMPS)
    words = words_only(view.plan)
    if words:
        yield Fact("not replayed", words)


def _covered(view: ReplayView, number: int) -> str:
    """What the finer bars over those of a number (0: the bars given) were walked for, and for what they were not."""
    left = {fork.bar for world in view.replay.worlds for fork in world.forks if fork.series == number}
    words = "in place of bars that leave something open"
    return f"{words}; {len(left):,} of these they do not cover" if left else words


def _mark_words(view: ReplayView) -> str:
    """Which prices liquidate, and for how many bars there are none."""
    replay = view.replay
    if replay.tape.mark is None:
        return "none given: the last price stands for it"
    left = without_mark(replay.tape.bars, replay.start, replay.last + 1, replay.tape.mark)
    words = f"{view.mark}: liquidation by it"
    return (
        f"{words}; in {left:,} of {replay.last + 1 - replay.start:,} bars the last price stands for it"
        if left
        else words
    )


def _order_words(order: BarOrder) -> str:
    match order:
        case BarOrder.WORST | BarOrder.BEST:
            return f"the {order} alone"
        case BarOrder.NEAR:
            return "the nearer extreme first: an assumption, no bound"
        case _:
            return f"{order.replace('-', ' ')}: an assumption, no bound"
