"""The maker of plans from a template: at each signal it is read anew, with the prices that the signal's bar gives it.

What makes no plan is counted by the code of what is wrong: errors of SP1xx, SP2xx and SP3xx that prices or sizes make,
but none that walks paths or reads the venue's brackets.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

from scaleplan.bars.indicators import BarSignal, average_true_range, column_of, priced, short
from scaleplan.bars.records import Bars, Floats
from scaleplan.decode import Places
from scaleplan.decode.lowered import lowered, settled
from scaleplan.decode.plan import decode_plan
from scaleplan.decode.reader import Reader
from scaleplan.decode.template import AtrRule, SignalBar, Template
from scaleplan.diagnostic import Severity
from scaleplan.engine import Unreckonable
from scaleplan.ladder import Ladder
from scaleplan.plan import Plan
from scaleplan.quantity.exact import exact
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import plain, read_number
from scaleplan.rules import NO_LIMITS, RULES, UNRECKONABLE
from scaleplan.rules.case import Case
from scaleplan.study import Session, climbed
from scaleplan.tree import Entry, Mapping, Scalar

#: The rules that a plan of a template has to keep: of prices, sides, sizes and shares, by the plan as listed.
_KEPT = tuple(
    rule
    for rule in RULES
    if rule.kind.code[:3] in ("SP2", "SP3") and rule.kind.severity is Severity.ERROR and rule.kind.code != "SP305"
)
_MINUTE = 60_000_000_000
_AMOUNT = re.compile(r"[0-9][0-9_.]*")


class Made(NamedTuple):
    """The plan that a template is at a signal, with its ladder and what the signal's bar gave it."""

    plan: Plan
    ladder: Ladder
    bar: SignalBar


class TooCoarse(Exception):  # noqa: N818 - it is a state of the bars, not an error of the program
    """The ATR of a template is of bars that are shorter than those given."""


class NoLevel(NamedTuple):
    """A signal whose bar has no price in a column, or no ATR yet."""


class NoPlan(NamedTuple):
    """A signal at which the template is no plan: the code of what is wrong."""

    code: str


class Maker:
    """Makes plans of one template on one series of bars. Raises `NoColumn` and `TooCoarse`.

    `ranges` keeps the average true ranges of these bars for other makers of them.
    """

    def __init__(
        self, name: str, template: Template, bars: Bars, session: Session, ranges: dict[AtrRule, Floats] | None = None
    ) -> None:
        self._name = name
        self.template = template
        self._bars = bars
        self._today = session.today
        atr = template.atr
        if template.needs_atr and atr.minutes is not None and atr.minutes * _MINUTE < bars.step_ns:
            raise TooCoarse
        self.atr: Floats | None = None
        if template.needs_atr:
            known = {} if ranges is None else ranges
            if atr not in known:
                known[atr] = average_true_range(bars, atr.bars, atr.minutes)
            self.atr = known[atr]
        self._columns = {column: column_of(bars, column) for column in template.columns}

    @property
    def sides(self) -> tuple[int, ...]:
        """Returns the sides that the template takes."""
        return (1, -1) if self.template.by_signal else (self.template.sign,)

    @property
    def columns(self) -> tuple[str, ...]:
        """Returns the columns that prices of the template stand in."""
        return tuple(self._columns)

    def values(self, column: str) -> Any:  # noqa: ANN401 - a column of any kind
        """Returns a column that prices stand in."""
        return self._columns[column]

    def bar_of(self, signal: BarSignal) -> SignalBar | NoLevel:
        """Returns what the bar of a signal gives: its close as it was typed, the ATR, prices of columns."""
        atr = None
        if self.atr is not None:
            value = float(self.atr[signal.bar])
            if not value > 0:
                return NoLevel()
            atr = Decimal(short(value))
        columns = {}
        for name, values in self._columns.items():
            price = read_number(priced(values, signal.bar))
            if isinstance(price, Mistake) or price <= 0:
                return NoLevel()
            columns[name] = price
        return SignalBar(self._bars.exact(signal.bar)[3], atr, columns, signal.sign or self.template.sign)

    @exact
    def made(self, signal: BarSignal, equity: Decimal | None = None) -> Made | NoLevel | NoPlan:
        """Returns the plan at a signal; with another `equity`, in settle currency, than is written."""
        bar = self.bar_of(signal)
        return bar if isinstance(bar, NoLevel) else self.at(bar, equity)

    @exact
    def written(self, bar: SignalBar) -> Plan | None:
        """Returns the plan where a bar is as given, before its levels are put on ticks; absent where it is none."""
        reader = Reader()
        reader.root = lowered(self.template, bar)
        decoded = decode_plan(reader, reader.root, self._name)
        return decoded if isinstance(decoded, Plan) else None

    @exact
    def at(self, bar: SignalBar, equity: Decimal | None = None) -> Made | NoPlan:
        """Returns the plan where a bar is as given."""
        root = lowered(self.template, bar)
        if equity is not None:
            root = _with_equity(root, equity)
        reader = Reader()
        reader.root = root
        decoded = decode_plan(reader, root, self._name)
        if not isinstance(decoded, Plan):
            return NoPlan(next(found.code for found in reader.diagnostics if found.severity is Severity.ERROR))
        plan = settled(self.template, bar, decoded)
        try:
            ladder, _, _ = climbed(plan)
        except Unreckonable:
            return NoPlan(UNRECKONABLE.code)
        code = self._broken(plan, ladder, Places(root))
        return Made(plan, ladder, bar) if code is None else NoPlan(code)

    def _broken(self, plan: Plan, ladder: Ladder, places: Places) -> str | None:
        """Returns the code of the first rule of prices and sizes that a plan breaks."""
        case = Case(plan, ladder, places, NO_LIMITS, today=self._today)
        for rule in _KEPT:
            for finding in rule.check(case):
                if finding.severity in (None, Severity.ERROR):
                    return rule.kind.code
        return None


def _with_equity(root: Mapping, equity: Decimal) -> Mapping:
    """Returns a plan's tree with another amount of equity, in the currency that is written."""

    def change(entry: Entry, name: str, inner: Callable[[Entry], Entry]) -> Entry:
        return inner(entry) if entry.key.text == name else entry

    def of_account(entry: Entry) -> Entry:
        if not isinstance(entry.value, Mapping):
            return entry
        entries = tuple(change(each, "equity", amount) for each in entry.value.entries)
        return Entry(entry.key, entry.value._replace(entries=entries))

    def amount(entry: Entry) -> Entry:
        if not isinstance(entry.value, Scalar):
            return entry
        text = _AMOUNT.sub(plain(round(equity, 12)), entry.value.text, count=1)
        return Entry(entry.key, entry.value._replace(text=text))

    return root._replace(entries=tuple(change(entry, "account", of_account) for entry in root.entries))
