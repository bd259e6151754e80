"""The page of many trades: expectancy first, then tiers, planned against done, spacing, adherence, costs."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import accumulate

from scaleplan.quantity.number import counted
from scaleplan.quantity.rounding import grouped, rounded
from scaleplan.questions.review import Review
from scaleplan.report.drawings import FloatingBar, FloatingBars, Sticks
from scaleplan.report.figures import UNKNOWN
from scaleplan.report.page import (
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
    column,
    table_of,
)
from scaleplan.report.review.words import (
    DONE,
    STEP_NAMES,
    followed_share,
    listed,
    money,
    money_places,
    r_of,
    share,
    shown_steps,
    span,
    step_text,
    told_apart,
    trades_with,
)
from scaleplan.report.visible import visible
from scaleplan.review.spacing import LumpComparison
from scaleplan.review.summary import ReviewSummary, TiersGroup
from scaleplan.statistics.intervals import MeanInterval


def review_page(found: Review, medium: Medium) -> Page:
    """Returns the page of a review; a document has the waterfall and the R of every trade drawn."""
    summary = found.summary
    parts: list[Part] = [Title((Cell("Review", Role.STRONG), Cell(_over(found))))] if medium.document else []
    parts += [Sentence((Cell(text),), hang=0) for text in _counted(found, is_document=medium.document)]
    if not summary.trades:
        return Page(tuple(parts))
    if summary.expectancy is not None:
        parts.append(FactList(tuple(_answers(summary))))
        if medium.document:
            parts += [Heading("The R of every trade"), sticks_of(summary)]
        parts += [Heading("By tiers filled"), _tiers(summary), _outcome()]
        if summary.targets:
            parts += [Heading("By target"), _targets(summary)]
        parts += [Heading("Planned against done"), *_waterfall(summary, is_document=medium.document)]
        if summary.spacing is not None:
            parts += [Heading("Was the spacing worth it"), *_spacing(summary.spacing)]
    parts += [Heading("Kept to the plan"), FactList(tuple(_adherence(summary)))]
    parts += [Heading("Costs"), _costs(summary)]
    if found.with_bars:
        parts.append(FactList((_excursions(summary),)))
    parts += [Heading(), *(Sentence((Cell(text, Role.FAINT),), hang=0) for text in _rests_on(summary))]
    return Page(tuple(parts))


def _over(found: Review) -> str:
    """Returns how many trades are over, and from when to when they ended."""
    if not found.summary.trades:
        return "no trade is over"
    return f"{counted(found.counts.over, 'trade')} over, {trades_with(found.summary.trades)}"


def _counted(found: Review, *, is_document: bool) -> Iterator[str]:
    counts = found.counts
    beside = [f"{counts.open:,} open"] if counts.open else []
    beside += [f"{counts.released:,} released"] if counts.released else []
    beside += [f"{counted(counts.unassigned, 'fill')} in no plan"] if counts.unassigned else []
    late = ""
    if counts.late:
        were, whose = ("was", "its promise proves") if counts.late == 1 else ("were", "their promise proves")
        late = f"{counts.late:,} {were} locked after the first fill: {whose} little"
    texts = [] if is_document else [_over(found)]
    texts += [text for text in (listed(beside), late) if text]
    if counts.unreckoned:
        texts.append(f"{counted(counts.unreckoned, 'trade')} cannot be reckoned, locked by another scaleplan")
    if found.summary.without_r:
        texts.append(f"{counted(found.summary.without_r, 'trade')} without a 1R: only the money is counted")
    if texts:
        yield "; ".join(texts)


def _answers(summary: ReviewSummary) -> Iterator[Fact]:
    mean = summary.expectancy
    if mean is None:
        return
    interval = f", 95% {span(mean)}" if mean.low is not None else ""
    yield Fact("expectancy", f"{r_of(mean.mean)}R a trade{interval}: {told_apart(mean)}", Role.STRONG)
    wins = summary.wins
    if wins is not None:
        low, high = share(wins.share.low), share(wins.share.high)
        text = f"{wins.won:,} of {mean.values:,} = {share(wins.share.share)}% (95% {low} to {high}%)"
        if wins.pays is not None and wins.needs is not None:
            text += f", pay {grouped(rounded(wins.pays, 2))} to 1, need {rounded(100 * wins.needs, 1):f}%"
        yield Fact("wins", text)
    worst = summary.worst
    fall = grouped(rounded(worst.fall, 2))
    losses = "no loss" if not worst.run else f"worst run {worst.run:,} loss{'' if worst.run == 1 else 'es'}"
    yield Fact("all", f"{r_of(summary.sum)}R; {losses}, worst fall {fall}R")


def sticks_of(summary: ReviewSummary) -> Sticks:
    """Returns the R of every trade as sticks, in the order in which they ended."""
    known = [(trade, r) for trade in summary.trades if (r := trade.r) is not None]
    names = [f"T{trade.number}, {trade.closed_at:%Y-%m-%d}" for trade, _ in (known[0], known[-1])]
    values = tuple(r for _, r in known)
    words = f"the net result in R of {counted(len(values), 'trade')}, in the order in which they ended"
    return Sticks(f"Each trade in R, {counted(len(values), 'trade')}", words, values, "R", names[0], names[1])


def _tiers(summary: ReviewSummary) -> Table:
    groups = summary.tiers
    return Table(
        (
            column("tiers", [_tiers_name(group) for group in groups], left=True),
            column("trades", [f"{group.done.values:,}" for group in groups]),
            column("planned R", [r_of(group.planned) for group in groups]),
            column("done R", [r_of(group.done.mean) for group in groups]),
            column("95%", [span(group.done) for group in groups]),
            column("all R", [r_of(group.sum) for group in groups]),
        )
    )


def _tiers_name(group: TiersGroup) -> str:
    """Returns which tiers were completed: `1-2`, or `any 2` where trades of the group left earlier ones out."""
    if not group.tiers:
        return "none whole"
    if not group.first:
        return f"any {group.tiers}"
    return "1" if group.tiers == 1 else f"1-{group.tiers}"


def _outcome() -> Sentence:
    return Sentence((Cell("how many tiers fill is an outcome too: more is not better by this table", Role.FAINT),))


def _targets(summary: ReviewSummary) -> Table:
    groups = summary.targets
    rows = [
        (
            f"{group.target}",
            f"{group.hit:,} of {group.trades:,}",
            f"{share_of(group.hit, group.trades)}",
            "-" if group.target == 1 else f"{group.hit:,} of {group.before:,}",
            "-" if group.target == 1 else share_of(group.hit, group.before),
        )
        for group in groups
    ]
    heads = ("target", "hit", "share", "of those before", "its share")
    return table_of(heads, rows)


def share_of(part: int, whole: int) -> str:
    """Returns a part of a whole in percent; `n/a` of nothing."""
    return f"{grouped(rounded(Decimal(100 * part) / whole, 0))}%" if whole else UNKNOWN


def _waterfall(summary: ReviewSummary, *, is_document: bool) -> Iterator[Part]:
    shown = shown_steps(summary.waterfall)
    done = sum(shown, Decimal(0))
    if is_document:
        yield spans_of(shown, "Planned against done, all R")
        return
    names, texts = [*STEP_NAMES, DONE], [*map(step_text, shown), step_text(done)]
    yield Table((column("planned against done", names, left=True), column("all R", texts)))


def spans_of(shown: tuple[Decimal, ...], title: str) -> FloatingBars:
    """Returns the steps of a waterfall as bars: what was planned, what each thing adds, what was done."""
    ends = list(accumulate(shown))
    begins = [Decimal(0), *ends[:-1]]
    steps = [
        FloatingBar(name, step_text(step), begin, end, whole=not at)
        for at, (name, step, begin, end) in enumerate(zip(STEP_NAMES, shown, begins, ends, strict=True))
    ]
    steps.append(FloatingBar(DONE, step_text(ends[-1]), Decimal(0), ends[-1], whole=True))
    words = "; ".join(f"{step.label} {step.text}" for step in steps)
    return FloatingBars(title, words, tuple(steps))


def _spacing(spacing: LumpComparison) -> Iterator[Part]:
    rows = [*spacing.groups, spacing.all] if len(spacing.groups) > 1 else [spacing.all]
    yield Table(
        (
            column("all R", [group.end for group in rows], left=True),
            column("trades", [f"{group.trades:,}" for group in rows]),
            column("scaled", [r_of(group.scaled) for group in rows]),
            column("same size", [r_of(group.same_size) for group in rows]),
            column("same risk", [r_of(group.same_risk) for group in rows]),
        )
    )
    facts = [Fact("same size", _paired(spacing.same_size))]
    if spacing.same_risk is not None:
        fewer = spacing.same_risk.values != spacing.all.trades
        count = f" ({counted(spacing.same_risk.values, 'trade')})" if fewer else ""
        text = f"{_paired(spacing.same_risk)}{count}"
        facts.append(Fact("same risk", text))
    fair = f"neither way is better but by its costs: scaling by {r_of(spacing.at_fair)}R a trade here"
    facts.append(Fact("fair price", fair))
    yield FactList(tuple(facts))
    how = "the other way: the whole size at the first fill's price, closed wherever the trade was"
    yield Sentence((Cell(how, Role.FAINT),))


def _paired(mean: MeanInterval) -> str:
    """Returns what scaling brought over the lump, a trade."""
    if mean.low is None:
        return f"{r_of(mean.mean)}R; one trade has no interval"
    tells = "not told apart from 0" if mean.holds_0 else "0 lies outside"
    return f"scaling brought {r_of(mean.mean)}R a trade, 95% {span(mean)}: {tells}"


def _adherence(summary: ReviewSummary) -> Iterator[Fact]:
    found = summary.adherence
    if found.applicable:
        parts = [f"{part.check} {followed_share(part.followed, part.applicable)}" for part in found.parts]
        whole = followed_share(found.followed, found.applicable)
        yield Fact("followed", f"{whole}% of {found.applicable:,}: {listed(parts)}")
    groups = (("without a deviation", found.clean), ("others", found.deviating))
    texts = [f"{name} {counted(mean.values, 'trade')} {r_of(mean.mean)}R" for name, mean in groups if mean is not None]
    difference = found.difference
    if difference is not None:
        interval = "" if difference.low is None else f" (95% {span(difference)})"
        texts.append(f"difference {r_of(difference.mean)}R{interval}")
    if texts:
        yield Fact("clean", listed(texts))


def _costs(summary: ReviewSummary) -> Table:
    rows = []
    for costs in summary.costs:
        places = money_places(costs.money)
        rows.append((visible(costs.settle), *(money(amount, places) for amount in costs.money)))
    if summary.expectancy is not None:
        totals = [sum((each[at] for each in (costs.in_r for costs in summary.costs)), Decimal(0)) for at in range(3)]
        rows.append(("R", *(money(total, 2) for total in totals)))
    heads = ("paid in all", "fees", "slippage", "funding")
    return table_of(heads, rows)


def _excursions(summary: ReviewSummary) -> Fact:
    found = summary.excursions
    if found is None:
        return Fact("excursions", "none: the bars cover no trade from its first fill to its last")
    text = f"closed at once, at worst {r_of(found.mae)}R and at best {r_of(found.mfe)}R on the mean of "
    text += counted(found.trades, "trade")
    if found.kept is not None:
        text += f"; kept {share(found.kept)}% of the best"
    uncovered = len(summary.trades) - summary.without_r - found.trades
    if uncovered:
        text += f"; {counted(uncovered, 'trade')} not covered by the bars"
    if found.left_out:
        text += f"; {counted(found.left_out, 'bar')} with fills inside left out"
    return Fact("excursions", text)


def _rests_on(summary: ReviewSummary) -> Iterator[str]:
    if summary.intervals:
        drawn = counted(summary.intervals, "interval")
        yield f"{drawn} of 95% {'was' if summary.intervals == 1 else 'were'} drawn: one in twenty misleads"
    yield "R is the net result, fees in and funding apart, over 1R as first locked"
    stood = sum(trade.stands_in for trade in summary.trades)
    if stood:
        yield f"the plan's own fee stands in for {counted(stood, 'fill')}"
