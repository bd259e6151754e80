"""The search: each variant of a piece made a template, and traded at its signals.

What a process needs of a sweep it makes once: the bars, the signals of each rule. Variants know nothing of each other.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from scaleplan.bars.indicators import BarSignal, NoColumn, signals_of
from scaleplan.bars.records import Bars, Floats
from scaleplan.book.baselines import Against, against
from scaleplan.book.rules import WITHOUT_SIGN, Baseline
from scaleplan.book.trades import Taken, taken
from scaleplan.decode.template import AtrRule, Template
from scaleplan.diagnostic import Diagnostic, Severity, has_errors
from scaleplan.quantity.exact import exact
from scaleplan.quantity.signal import SignalRule, read_signal
from scaleplan.replay import Tape
from scaleplan.study import Session
from scaleplan.sweep.asked import SweepOrder
from scaleplan.sweep.fast import Kernel, Tried
from scaleplan.sweep.kernel import COMPILED
from scaleplan.sweep.records import COUNTED, Came, Task, VariantTrades, no_variant, variant_of
from scaleplan.template.maker import Maker, TooCoarse


class Variant(NamedTuple):
    """A variant that is a template: what makes its plans, when it is traded, and its signals."""

    maker: Maker
    template: Template
    rule: SignalRule
    signals: list[BarSignal]


class Checked(NamedTuple):
    """A variant done by the exact machine, where the kernel's results differ from that, and what stands beside it."""

    found: VariantTrades
    faults: tuple[str, ...]
    against: tuple[Against, ...] = ()


#: A result of the kernel may differ so much from the exact one, as a share of the plan's size.
_TOLERANCE = 1e-9
#: So many signals of rules are kept, to be there when another variant has the same.
_SIGNALS_KEPT = 500_000
_MINUTE = 60_000_000_000


class Bench:
    """Where one process works a sweep off: its bars, and the signals of each rule, found once."""

    def __init__(self, task: Task, bars: Bars) -> None:
        self.task = task
        self.bars = bars
        self.tape = Tape(bars)
        self._session = Session(task.settings, dict(task.kept))
        self._signals: dict[tuple[str, tuple[int, ...]], list[BarSignal]] = {}
        self._ranges: dict[AtrRule, Floats] = {}
        self._kernel: Kernel | None = None

    def variant(self, number: int | None) -> Variant | str:
        """Returns a variant by its number, or the template as written; the code of what is wrong where it is none."""
        task = self.task
        session, template, found = self._read(number)
        if template is None or has_errors(found):
            return next((each.code for each in found if each.severity is Severity.ERROR), "no template")
        rule = self.rule_of(template)
        if rule is None or (template.by_signal and rule.kind in WITHOUT_SIGN):
            return "no signals"
        try:
            maker = Maker(task.name, template, self.bars, session, self._ranges)
            signals = self.signals(rule, maker.sides)
        except TooCoarse:
            return "bars too coarse"
        except NoColumn:
            return "no column"
        return Variant(maker, template, rule, signals)

    def wrong(self, number: int) -> tuple[Diagnostic, ...]:
        """Returns the errors of a variant by its number, with files that it names as they are now."""
        return tuple(
            each for each in self._read(number, Session(self.task.settings))[2] if each.severity is Severity.ERROR
        )

    def _read(
        self, number: int | None, base: Session | None = None
    ) -> tuple[Session, Template | None, Sequence[Diagnostic]]:
        """Returns a variant as it is read, and what is said of it."""
        task = self.task
        own = () if number is None else task.grid.overrides(number)
        session = (base or self._session).changed((*task.settings.overrides, *own))
        read = session.read(task.name, task.data)
        return session, read.reading.template, session.reckoned(read).diagnostics

    def rule_of(self, template: Template) -> SignalRule | None:
        """Returns when a template is traded: as the sweep says, unless it varies that, or else as it says itself."""
        varied = any(axis.path == "signals" for axis in self.task.grid.axes)
        return template.signals if varied or self.task.rule is None else self.task.rule

    def signals(self, rule: SignalRule, sides: tuple[int, ...]) -> list[BarSignal]:
        """Returns the signals of a rule. Raises `NoColumn`."""
        key = rule.text, sides
        found = self._signals.get(key)
        if found is None:
            found = signals_of(rule, self.bars, sides, self.task.seed)
            if sum(map(len, self._signals.values())) + len(found) > _SIGNALS_KEPT:
                # The kernel keeps them too, as rows.
                self._signals.clear()
                self._kernel = None
            self._signals[key] = found
        return found

    def book(self, variant: Variant) -> Taken:
        """Returns what becomes of a variant in the exact machine."""
        return taken(variant.maker, variant.signals, self.tape, self.task.manner, self.task.rules)

    @exact
    def check(self, number: int | None, claimed: VariantTrades | None, beside: SweepOrder | None = None) -> Checked:
        """Does a variant again exactly, or the template as written, and compares what the kernel has claimed of it.

        With `beside`, what that asks for is set beside it.
        """
        variant = self.variant(number)
        at = -1 if number is None else number
        if isinstance(variant, str):
            return Checked(no_variant(at, variant), ())
        book = self.book(variant)
        found = trades_of(at, variant, book)
        faults = () if claimed is None else self.compared(claimed, found, book)
        names = () if beside is None or not book.trades else beside.baselines
        return Checked(found, faults, tuple(self._against(name, book, beside) for name in names if beside is not None))

    def _against(self, name: Baseline, book: Taken, asked: SweepOrder) -> Against:
        manner = self.task.manner
        if name is Baseline.DCA:
            manner = manner._replace(buys_every=asked.dca_every * _MINUTE)
        return against(name, book.trades, self.tape, manner, self.task.rules, Decimal(book.live), asked.judge.seed)

    def compared(self, claimed: VariantTrades, found: VariantTrades, book: Taken) -> tuple[str, ...]:
        """Returns where what the kernel has claimed differs from what the exact machine found."""
        return () if claimed.exact else tuple(_faults(claimed, found, book))

    def asked_for(self, variants: Iterable[VariantTrades]) -> Iterator[list[BarSignal]]:
        """Yields the signals of each rule by which some variant was traded."""
        for text, sides in sorted({(each.rule, each.sides) for each in variants if not each.code}):
            rule = read_signal(text)
            if isinstance(rule, SignalRule):
                yield self.signals(rule, sides)

    def most_signals(self) -> int:
        """Returns how many signals there may be over all variants, on all sides that they may be taken on."""
        varied = [read_signal(text) for axis in self.task.grid.axes if axis.path == "signals" for text in axis.values]
        rules = [rule for rule in (*varied, self.task.rule) if isinstance(rule, SignalRule)]
        keys: set[int] = set()
        for rule in rules:
            for sides in self._sides(rule):
                try:
                    keys.update(each.bar * 2 + (each.sign > 0) for each in self.signals(rule, sides))
                except NoColumn:
                    continue
        return len(keys)

    def _sides(self, rule: SignalRule) -> tuple[tuple[int, ...], ...]:
        """Returns the sides on which some variant may take signals of a rule."""
        ways: tuple[tuple[int, ...], ...] = ((1,), (-1,), (1, -1))
        if all(axis.path != "side" for axis in self.task.grid.axes):
            template = self._read(None)[1]
            ways = ways if template is None else ((1, -1) if template.by_signal else (template.sign,),)
        return tuple(sides for sides in ways if len(sides) == 1 or rule.kind not in WITHOUT_SIGN)

    def warm(self) -> None:
        """Has the kernel compiled, where it is, before other processes ask for it at the same time."""
        if COMPILED:
            Kernel(self.task, self.bars).warm()

    def piece(self, numbers: Sequence[int]) -> list[VariantTrades]:
        """Returns what becomes of each variant of a piece, by the kernel where that can do it."""
        if self._kernel is None:
            self._kernel = Kernel(self.task, self.bars)
        variants = [(number, self.variant(number)) for number in numbers]
        tried = [
            Tried(number, each.maker, each.signals, each.rule.text)
            for number, each in variants
            if isinstance(each, Variant)
        ]
        fast = {each.number: found for each, found in zip(tried, self._kernel.run(tried), strict=True)}
        return [
            no_variant(number, each)
            if isinstance(each, str)
            else fast[number] or trades_of(number, each, self.book(each))
            for number, each in variants
        ]


def trades_of(number: int, variant: Variant, book: Taken) -> VariantTrades:
    """Returns the trades of a book in doubles; one that has no 1R to measure by has no number for R."""
    nothing = float("nan")
    rows = [
        (
            trade.signal.bar,
            trade.sign,
            trade.last,
            nothing if trade.worst.r is None else float(trade.worst.r),
            nothing if trade.best.r is None else float(trade.best.r),
            float(trade.worst.result.net),
            float(trade.best.result.net),
        )
        for trade in book.trades
    ]
    counts = {name: getattr(book.counts, name) for name in COUNTED}
    came = Came(
        counts, book.counts.no_plan, float(book.live), exact=True, rule=variant.rule.text, sides=variant.maker.sides
    )
    return variant_of(number, rows, came)


def _counts(found: VariantTrades) -> str:
    return ", ".join(f"{count} {name}" for name, count in {**found.counts, **found.no_plan}.items() if count)


def _faults(claimed: VariantTrades, found: VariantTrades, book: Taken) -> Iterator[str]:
    """Yields what differs between kernel and exact machine, the first of each kind."""
    if dict(claimed.counts) != dict(found.counts) or dict(claimed.no_plan) != dict(found.no_plan):
        yield f"signals: {_counts(claimed)} by the kernel, {_counts(found)} exactly"
    if claimed.bar.tolist() != found.bar.tolist() or claimed.sign.tolist() != found.sign.tolist():
        yield f"trades: {len(claimed.bar)} by the kernel, {len(found.bar)} exactly, not all of the same signals"
        return
    for at, trade in enumerate(book.trades):
        made = trade.worst.made
        size = float(made.ladder.steps[-1].state.held.position.cost)
        one_r = float(made.ladder.totals.r or 0)
        for which, scale in (("net", size), ("r", size / one_r if one_r > 0 else 0.0)):
            for side in ("worst", "best"):
                mine, theirs = (float(getattr(each, f"{side}_{which}")[at]) for each in (claimed, found))
                if abs(mine - theirs) > _TOLERANCE * scale:
                    yield f"signal of bar {trade.signal.bar}: {side} {which} {mine!r} by the kernel, {theirs!r} exactly"
                    return
        if claimed.last[at] != found.last[at]:
            bars = f"{claimed.last[at]} by the kernel, {found.last[at]} exactly"
            yield f"signal of bar {trade.signal.bar}: over at bar {bars}"
            return
