"""The page of `backtest`: what a trade brings and how sure that is, tiers, ends, baselines, equity, assumptions."""

from bisect import bisect_right
from decimal import Decimal
from itertools import pairwise

from scaleplan.book.baselines import Against
from scaleplan.book.equity import Drawdown
from scaleplan.book.metrics import Group, Interval, group_order
from scaleplan.book.rules import Baseline
from scaleplan.plan import Plan
from scaleplan.quantity.number import counted
from scaleplan.quantity.rounding import grouped, rounded
from scaleplan.replay.result import Between
from scaleplan.replay.series import Series
from scaleplan.report.backtest.assumptions import rests_on
from scaleplan.report.backtest.view import BacktestView
from scaleplan.report.drawings import Band, BandSpan, BandTrade
from scaleplan.report.figures import UNKNOWN, r_pair, r_signed
from scaleplan.report.page import (
    UNLIMITED,
    Cell,
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
from scaleplan.report.paths.words import signed_money
from scaleplan.report.replay.words import (
    end_words,
    moment,
    step_words,
)
from scaleplan.report.visible import visible

#: The steps of a band: no screen or page shows more.
_STEPS = 720


def backtest_page(view: BacktestView, medium: Medium) -> Page:
    """Returns what came of a template on bars; `medium` changes nothing but the width."""
    parts: list[Part] = [Title(_head(view)), answer(view)]
    parts += [
        Sentence((Cell(text),), lead=not medium.document, limit=UNLIMITED, hang=0)
        for text in (bars_words(view), *alone_words(view), signal_words(view))
    ]
    if view.trades:
        worst, best = view.found.metrics
        parts += [Heading("By tiers filled"), _groups("tiers", worst.tiers_filled, best.tiers_filled)]
        parts += [Heading("By end"), _groups("end", worst.ends, best.ends)]
        if view.found.against:
            parts += [Heading("Against"), against_table(view.found.against)]
        parts += [Heading("Worst and best"), _table(view)]
        parts += [Heading("Equity", shown=True), band_of(view)]
    parts += [Heading("What it rests on"), FactList(tuple(rests_on(view)))]
    return Page(tuple(parts), view.diagnostics, answer(view) if view.diagnostics else None)


def head_of(plan: Plan, bars: Series, *, by_signal: bool) -> tuple[Cell, ...]:
    """Returns the head: the plan that was made of a template, its side, and the days of the bars."""
    side = "BOTH SIDES" if by_signal else str(plan.side).upper()
    days = " to ".join(moment(int(bars.time[bar]))[:10] for bar in (0, len(bars) - 1))
    return (
        Cell(visible(plan.name), Role.STRONG),
        Cell(visible(plan.symbol.text)),
        Cell(side, Role.STRONG),
        Cell(days),
    )


def _head(view: BacktestView) -> tuple[Cell, ...]:
    return head_of(view.plan, view.tape.bars, by_signal=view.by_signal)


def answer(view: BacktestView) -> Sentence:
    """Returns what a trade brings in a sentence."""
    worst, best = (metrics.expectancy for metrics in view.found.metrics)
    if worst is None or best is None:
        text = "no trade came of it" if not view.trades else "no R: the plans have no worst loss to measure by"
        return Sentence((Cell(text, Role.STRONG),), lead=True, limit=UNLIMITED)
    cells = [Cell(f"a trade brings {r_pair(worst, best)}", Role.STRONG)]
    ci = view.ci
    if ci is None:
        count = len(view.trades)
        cells.append(Cell(f"no interval: {counted(count, 'trade')} {_are(count)} too few"))
    elif ci.low <= 0 <= ci.high:
        cells.append(Cell(f"95% {r_pair(ci.low, ci.high)}: not told from nothing", Role.CAUTION))
    else:
        cells.append(Cell(f"95% {r_pair(ci.low, ci.high)}"))
    return Sentence(tuple(cells), lead=True, limit=UNLIMITED)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def bars_words(view: BacktestView) -> str:
    """Returns the bars, and what they leave open."""
    bars = view.tape.bars
    count = len(view.trades)
    text = f"{len(bars):,} bars of {step_words(bars.step_ns)}"
    if view.finer:
        text += f", finer of {', '.join(step_words(series.step_ns) for series in view.tape.finer)}"
    if not count:
        return text
    return f"{text}: {view.undecided:,} of {counted(count, 'trade')} undecided, {view.forks:,} bars left open"


def alone_words(view: BacktestView) -> tuple[str, ...]:
    """Returns what the bars say without the finer ones."""
    alone = view.found.alone
    if alone is None or alone.worst is None or alone.best is None:
        return ()
    step = step_words(view.tape.bars.step_ns)
    result = r_pair(alone.worst, alone.best)
    return (f"{step} bars alone: {result}, {alone.undecided:,} of {counted(alone.trades, 'trade')} undecided",)


def signal_words(view: BacktestView) -> str:
    """Returns what became of signals."""
    counts = view.found.book.counts
    parts = [f"{counted(len(view.trades), 'trade')} of {counts.found:,} signals ({visible(view.asked.rule.text)})"]
    told = (
        (counts.overlapping, "while one was live" if view.asked.rules.overlap == 1 else "while too many were live"),
        (counts.not_entered, "not entered"),
        (counts.no_level, "without a level"),
        (counts.no_margin, "without margin"),
        (counts.too_late, "too late"),
    )
    parts += [f"{number:,} {words}" for number, words in told if number]
    parts += [f"{number:,} no plan ({code})" for code, number in counts.no_plan.items()]
    text = ", ".join(parts)
    if counts.still_live:
        text += f"; {counts.still_live:,} not entered still stood at the end"
    return text


def _groups(name: str, worst: tuple[Group, ...], best: tuple[Group, ...]) -> Table:
    """Returns trades and mean R by what they have in common, on the worst ways and on the best."""
    by_name = [{group.name: group for group in groups} for groups in (worst, best)]
    names = sorted({*by_name[0], *by_name[1]}, key=group_order)
    counts = [[_count(groups.get(each)) for each in names] for groups in by_name]
    results = [[_mean(groups.get(each)) for each in names] for groups in by_name]
    heads = [name, "worst", "R", "best", "R"]
    written = [end_words_of(each) for each in names] if name == "end" else names
    if counts[0] == counts[1] and results[0] == results[1]:
        heads = [name, "trades", "R"]
        columns = [written, counts[0], results[0]]
    else:
        columns = [written, counts[0], results[0], counts[1], results[1]]
    return table_of(heads, [*zip(*columns, strict=True)])


def end_words_of(name: str) -> str:
    """Returns an end in a few words."""
    from scaleplan.engine.event import End  # noqa: PLC0415 - names of ends alone

    return end_words(End(name))


def _count(group: Group | None) -> str:
    return "0" if group is None else f"{group.trades:,}"


def _mean(group: Group | None) -> str:
    return UNKNOWN if group is None or group.mean_r is None else r_signed(group.mean_r)


def against_table(against: tuple[Against, ...]) -> Table:
    """Returns the baselines: what each brings, how much better the plan is, and how sure that is."""
    rows = [
        (
            str(each.name),
            UNKNOWN if each.worst is None or each.best is None else r_pair(each.worst, each.best),
            _better(each),
            UNKNOWN if each.ci is None else r_pair(each.ci.low, each.ci.high),
        )
        for each in against
    ]
    heads = ("against", "R a trade", "better by", "95%")
    return table_of(heads, rows)


def _better(each: Against) -> str:
    if each.name is Baseline.RANDOM:
        if each.rank is None:
            return UNKNOWN
        low, high = (f"{grouped(rounded(100 * part, 0))}%" for part in sorted(each.rank))
        return f"than {low}" if low == high else f"than {low} to {high}"
    if each.better is None:
        return UNKNOWN
    if each.alike:
        return "the same"
    words = r_pair(min(each.better), max(each.better))
    return f"{words}, undecided" if each.undecided else words


def _table(view: BacktestView) -> Table:
    """Returns the figures over the worst results beside those over the best."""
    worst, best = view.found.metrics
    unit = visible(view.plan.settle)
    rows: list[tuple[str, ...]] = [("R a trade", *(_r(each.expectancy) for each in (worst, best)))]
    rows.append(("95%", *(_span(each.ci) for each in (worst, best))))
    if any(each.equity.funding for each in (worst, best)):
        rows.append(("R after funding", *(_r(each.expectancy_funded) for each in (worst, best))))
    rows += [
        ("wins", *(_percent(each.win_rate) for each in (worst, best))),
        ("profit factor", *(_number(each.profit_factor) for each in (worst, best))),
        ("payoff", *(_number(each.payoff) for each in (worst, best))),
        ("against, R", *(_between(each.mae_r) for each in (worst, best))),
        ("for, R", *(_between(each.mfe_r) for each in (worst, best))),
        ("capture", *(_r(each.capture) for each in (worst, best))),
        (f"net {unit}", *(signed_money(view.figures, each.equity.net) for each in (worst, best))),
        (f"fees {unit}", *(_money(view, each.fees) for each in (worst, best))),
        ("drawdown", *(_fall(view, each.equity.drawdown) for each in (worst, best))),
        ("drawdown from", *(_moment(view, each.equity.drawdown, of_high=True) for each in (worst, best))),
        ("drawdown to", *(_moment(view, each.equity.drawdown, of_high=False) for each in (worst, best))),
        ("inside bars", *(_fall(view, each.equity.intrabar_drawdown) for each in (worst, best))),
        ("inside from", *(_moment(view, each.equity.intrabar_drawdown, of_high=True) for each in (worst, best))),
        ("inside to", *(_moment(view, each.equity.intrabar_drawdown, of_high=False) for each in (worst, best))),
        ("exposure", *(_percent(each.equity.exposure) for each in (worst, best))),
        ("Sharpe", *(_float(each.equity.ratios.sharpe) for each in (worst, best))),
        ("Sortino", *(_float(each.equity.ratios.sortino) for each in (worst, best))),
    ]
    return table_of(("", "worst", "best"), rows)


def _r(value: Decimal | None) -> str:
    return UNKNOWN if value is None else r_signed(value)


def _span(span: Interval | None) -> str:
    return UNKNOWN if span is None else r_pair(span.low, span.high)


def _percent(ratio: Decimal | None) -> str:
    return UNKNOWN if ratio is None else f"{rounded(100 * ratio, 1):f}%"


def _number(value: Decimal | None) -> str:
    return UNKNOWN if value is None else grouped(rounded(value, 2))


def _float(value: float | None) -> str:
    return UNKNOWN if value is None else f"{rounded(Decimal(repr(value)), 2):f}"


def _money(view: BacktestView, value: Decimal) -> str:
    return grouped(rounded(value, view.figures.places.money))


def _between(span: Between | None) -> str:
    if span is None:
        return UNKNOWN
    low, high = (f"{rounded(each, 2):f}" for each in span)
    return low if low == high else f"{low} to {high}"


def _fall(view: BacktestView, fall: Drawdown | None) -> str:
    """Returns a fall of equity in money, and as a share of its high."""
    if fall is None:
        return "none"
    amount = _money(view, fall.amount)
    return amount if fall.ratio is None or fall.ratio > 1 else f"{amount} ({_percent(fall.ratio)})"


def _moment(view: BacktestView, fall: Drawdown | None, *, of_high: bool) -> str:
    """Returns when a fall began or ended: the bars of its high and of its low."""
    if fall is None:
        return ""
    time = fall.since if of_high else fall.until
    return "the start" if time is None else moment(time, view.tape.bars.step_ns)


def band_of(view: BacktestView) -> Band:
    """Returns the equity at each close as a band: between the lesser and the greater of the two ways."""
    bars = view.tape.bars
    worst, best = view.found.equities
    count = len(bars)
    points = min(_STEPS, count)
    edges = [count * number // points for number in range(points + 1)]
    spans = []
    for (begin, stop), fall in zip(pairwise(edges), worst.falls(edges), strict=True):
        asked = set()
        for equity in (worst, best):
            closes = equity.closes[begin:stop]
            asked |= {begin + int(closes.argmin()), begin + int(closes.argmax())}
        values = [equity.at(bar) for equity in (worst, best) for bar in asked]
        spans.append(BandSpan(moment(int(bars.time[begin]), bars.step_ns), min(values), max(values), fall))
    what = "Equity" if view.start else "Result"
    unit = view.plan.settle
    title = f"{what} at each close, worst to best, {unit}"
    words = f"{what} at each close as a band from the worst to the best"
    trades = tuple(
        BandTrade(bisect_right(edges, trade.signal.bar + 1) - 1, low, high)
        for trade in view.trades
        if (low := trade.worst.r) is not None and (high := trade.best.r) is not None
    )
    return Band(title, words, tuple(spans), (), view.figures.places.money, trades)


def backtest_svg(view: BacktestView) -> str:
    """Returns the drawing of a backtest alone, as a document of SVG."""
    from scaleplan.report.band import band_drawing  # noqa: PLC0415 - few ask for it
    from scaleplan.report.svg import group, svg, text_drawing  # noqa: PLC0415

    texts = [
        "  ".join(cell.text for cell in _head(view)),
        *(cell.text for cell in answer(view).cells),
        bars_words(view),
        *alone_words(view),
        signal_words(view),
    ]
    band = band_of(view)
    return svg(group((text_drawing(texts), band_drawing(band))), view.plan.name, band.words, alone=True)
