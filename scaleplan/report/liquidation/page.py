"""The page of one liquidation price in words: numbered steps, the brackets as a table, the sum, and the shortcut.

Figures are rounded here and nowhere before; values in
the settle currency have the digits that tell the maintenance margin, so that both sides of the check can be compared.
"""

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from scaleplan.engine.margin import Answer
from scaleplan.ladder.explanation import EquationCheck, Explanation, Fixing, MarginSource, Missing, Shortcut, Solved
from scaleplan.plan import Contract, MaintenanceOn, MarginModel
from scaleplan.quantity.exact import same
from scaleplan.quantity.rounding import CONTEXT, Toward, grouped, percent, places_for, rounded, trimmed
from scaleplan.report.assumptions import dated, no_maintenance, unknown_because
from scaleplan.report.figures import NONE, UNKNOWN, Figures, figures_of, written
from scaleplan.report.models import WRITTEN
from scaleplan.report.page import Cell, Column, Fact, FactList, Heading, Page, Part, Role, Sentence, Table, Title
from scaleplan.report.sentences import head
from scaleplan.report.visible import visible
from scaleplan.study import Study

#: Digits behind the point of a rate in percent, of a distance in percent, and of a deduction at most.
_RATE_PLACES = 6
_PERCENT_PLACES = 2
_ROOM_PLACES = 1
#: Prices show at least so many.
_PRICE_PLACES = 2
_MOST_PLACES = 8
#: The check shows so many digits of what the venue asks for.
_CHECK_DIGITS = 4


class _Words(NamedTuple):
    """How the numbers of one explanation are written."""

    explained: Explanation
    figures: Figures
    model: MarginModel | None
    places: int

    def amount(self, value: Decimal) -> str:
        """An amount in settle currency, with the digits of the check."""
        return grouped(rounded(value, self.places))

    @property
    def linear(self) -> bool:
        """Whether P&L is in quote."""
        return self.figures.plan.contract is not Contract.INVERSE


def liquidation_page(study: Study, explained: Explanation) -> Page:
    """Returns the page of an explanation."""
    plan, ladder = study.plan, study.ladder
    figures = figures_of(plan, ladder)
    # A tick of 0.5 hides what a step of this sum does to the price.
    figures = figures._replace(places=figures.places._replace(price=max(_PRICE_PLACES, figures.places.price)))
    asked = explained.check.asked if explained.check else Decimal(0)
    places = max(figures.places.money, min(_MOST_PLACES, places_for(asked, _CHECK_DIGITS)))
    words = _Words(explained, figures, plan.margin, places)
    title = Title(head(plan), tight=True)
    if plan.contract is Contract.SPOT:
        answer = Cell(f"no liquidation {_after(explained)}: spot is bought outright, nothing is borrowed", Role.STRONG)
        return Page((title, Sentence((answer,), lead=True), Heading(), _numbered([_position(words)])))
    before = [_position(words), _margin(words), _equation(words)]
    table: tuple[Part, ...] = ()
    if explained.brackets or explained.fixing is Fixing.PER_CONTRACT:
        before.append(_brackets(words))
        table = (Heading(), Table(_table(words)), Heading()) if len(explained.brackets) > 1 else ()
    after = [
        _sum(words),
        Fact("bankrupt", _bankrupt(words)),
        _room(words),
        _shortcut(words),
        _model(words, study.today),
    ]
    rest = _numbered([fact for fact in after if fact is not None], start=len(before) + 1)
    return Page((title, Sentence((_answer(words),), lead=True), Heading(), _numbered(before), *table, rest))


def _numbered(facts: list[Fact], start: int = 1) -> FactList:
    return FactList(tuple(fact._replace(label=f"{number} {fact.label}") for number, fact in enumerate(facts, start)))


def _after(explained: Explanation) -> str:
    return f"after tier {explained.tier} of {explained.tiers}"


def _answer(words: _Words) -> Cell:
    """The answer in a line."""
    explained, figures = words.explained, words.figures
    standing = explained.standing
    answer, price, *_ = standing.liquidation
    if answer is Answer.UNKNOWN:
        return Cell(f"liquidation {UNKNOWN} {_after(explained)}: {_missing(words)}", Role.CAUTION)
    if price is None:
        covers = "down to a price of 0" if words.linear else "however high the price goes"
        return Cell(f"no liquidation {_after(explained)}: the margin covers the position {covers}", Role.STRONG)
    shown = figures.liquidated(standing)
    if explained.at_once:
        average = figures.price(standing.average_entry)
        text = f"liquidated at once {_after(explained)}: at {shown}, not on the losing side of the average {average}"
        return Cell(text, Role.ALARM)
    text = f"liquidated at {shown} {_after(explained)}"
    away, past = standing.liquidation_distance, standing.liquidation_past_stop
    if away is not None:
        text += f", {_share(away)} from that tier's {figures.price(figures.plan.tiers[explained.tier - 1].price)}"
    if past is None:
        return Cell(text, Role.STRONG)
    stop = figures.price(standing.stop)
    if past < 0:
        return Cell(f"{text}: before the stop at {stop}", Role.ALARM)
    return Cell(f"{text}, {_share(past)} past the stop at {stop}", Role.STRONG)


def _missing(words: _Words) -> str:
    """What an unknown price waits for, and what to write."""
    texts = {
        Missing.MAINTENANCE: no_maintenance(words.figures.plan),
        Missing.EQUITY: "cross margin needs `equity` under `account:`",
        Missing.BRACKETS: unknown_because(words.figures, words.explained.standing),
    }
    return "; ".join(texts[each] for each in words.explained.missing)


def _position(words: _Words) -> Fact:
    explained, figures = words.explained, words.figures
    symbol = figures.plan.symbol
    fills = " + ".join(f"{figures.quantity(fill.quantity)} at {figures.price(fill.price)}" for fill in explained.fills)
    average = figures.price(explained.standing.average_entry)
    value = f"worth {words.amount(explained.position.cost)} {visible(figures.plan.settle)} there"
    text = f"{fills} = {visible(figures.held(explained.position.quantity))}, average {average}, {value}"
    if not words.linear and len(explained.fills) > 1:
        text += f" (harmonic: the {visible(symbol.quote)} over the coins that they were worth)"
    return Fact("position", text)


def _margin(words: _Words) -> Fact:
    backing, settle = words.explained.backing, visible(words.figures.plan.settle)
    if backing.amount is None:
        return Fact("margin", f"{UNKNOWN}: cross margin is the account's, and no equity is written", Role.CAUTION)
    amount = f"{words.amount(backing.amount)} {settle}"
    if backing.ground is MarginSource.ACCOUNT:
        text = f"equity {written(backing.equity or Decimal(0))} - reserved {written(backing.reserved)}"
        text += f" - fees paid {words.amount(backing.fees)} = {amount}: cross, the account stands behind it"
        return Fact("margin", text)
    if backing.per_contract is not None:
        text = f"{trimmed(backing.contracts)} contracts x {written(backing.per_contract)}"
    else:
        text = f"value {words.amount(backing.value)} / {written(backing.leverage)}"
    if backing.extra:
        text += f" {'+' if backing.extra > 0 else '-'} {written(abs(backing.extra))} extra"
    if backing.closing:
        text += f" + {words.amount(backing.closing)} fee to close at the bankruptcy price"
    return Fact("margin", f"{text} = {amount}: isolated, nothing else stands behind it")


def _equation(words: _Words) -> Fact:
    """The equation with everything put in but the price P."""
    explained, figures, model = words.explained, words.figures, words.model
    backing, position = explained.backing, explained.position
    size = figures.quantity(position.quantity)
    average = figures.price(explained.standing.average_entry)
    first, last = ("P", average) if position.slope > 0 else (average, "P")
    change = f"({first} - {last})" if words.linear else f"(1/{average} - 1/P)"
    if not words.linear and position.sign < 0:
        change = f"(1/P - 1/{average})"
    elif words.linear and position.sign < 0:
        change = f"({average} - P)"
    margin = "margin" if backing.amount is None else words.amount(backing.amount)
    left = f"{margin} + {size} x {change}"
    worth = f"{size} x P" if words.linear else f"{size} / P"
    right = "the maintenance margin, which nothing says" if model is None else _asked(words, model, worth)
    condition = "liquidated at the mark price P where margin + P&L = what the venue asks for"
    return Fact("equation", f"{condition}: {left} = {right}")


def _asked(words: _Words, model: MarginModel, worth: str) -> str:
    """The right side of the equation in words and numbers."""
    explained = words.explained
    entry = words.amount(explained.position.cost)
    check = explained.check
    if model.per_contract:
        parts = [f"{trimmed(explained.backing.contracts)} contracts x {written(model.per_contract)}"]
    else:
        moves = explained.fixing is Fixing.MARK
        known = model.brackets[0].rate if explained.fixing is Fixing.SINGLE else check.rate if check else None
        rate = "rate" if moves or known is None else _rate(known)
        parts = [f"{rate} x {worth if model.maintenance_on is MaintenanceOn.MARK else entry}"]
        if moves:
            parts[0] += " - deduction"
        elif check is not None and check.deduction:
            parts[0] += f" - {_deduction(check.deduction)}"
    if model.closing_fee:
        parts.append(f"{_rate(model.closing_fee)} x {worth} closing fee")
    if model.reserve:
        parts.append(f"{written(model.reserve)} reserve")
    return " + ".join(parts)


def _brackets(words: _Words) -> Fact:
    """Which bracket decides, and why."""
    explained, model = words.explained, words.model
    if model is None or explained.fixing is Fixing.PER_CONTRACT:
        each = written(model.per_contract) if model else UNKNOWN
        return Fact("bracket", f"none: a fixed {each} for each of {trimmed(explained.backing.contracts)} contracts")
    basis = "the value at P" if model.maintenance_on is MaintenanceOn.MARK else "the value at the average entry"
    if explained.fixing is Fixing.SINGLE:
        text = f"one rate, {_rate(model.brackets[0].rate)} of {basis}"
        row = explained.brackets[0]
        return Fact("bracket", text if row.inside else f"{text}{_outside(row)}")
    if explained.fixing is Fixing.MARK:
        return Fact("brackets", _by_mark(words))
    row = explained.brackets[0]
    what = {
        Fixing.ENTRY: "the value at the average entry",
        Fixing.NOTIONAL: "the notional",
        Fixing.COIN: "the position in coin",
        Fixing.CONTRACTS: "the number of contracts",
    }[explained.fixing or Fixing.ENTRY]
    place = f"{_range(row)} of {len(model.brackets)} brackets" if row.inside else f"of {len(model.brackets)}"
    text = f"by {what}, {_measure(row.measured)}, which the price does not move: bracket {row.number} {place}"
    if explained.fixing is Fixing.CONTRACTS:
        text += f"; the whole position takes its {_rate(row.rate)} of {basis}"
    elif explained.fixing is Fixing.ENTRY:
        text += f"; {_rate(row.rate)} of it, less {_deduction(row.deduction)}"
    elif explained.check is not None:
        text += f"; {_rate(row.rate)} less {_deduction(row.deduction)} of {_measure(row.measured)} is"
        text += f" {_rate(explained.check.rate)} of {basis}"
    return Fact("bracket", text if row.inside else f"{text}{_outside(row)}")


def _by_mark(words: _Words) -> str:
    """Why every bracket is solved, and which price holds."""
    explained = words.explained
    text = "maintenance is the largest over all brackets, so each is solved alone and the price nearest the entry holds"
    row = next((each for each in explained.brackets if each.decides), None)
    if row is None:
        end = explained.standing.liquidation
        if end.past_end:
            return f"{text}; none does: {unknown_because(words.figures, explained.standing)}"
        return f"{text}; no bracket has a price"
    if row.value is None or explained.at_once:
        return f"{text}: bracket {row.number}"
    text += f": bracket {row.number}"
    if not row.inside:
        return text + _outside(row)
    text += f", in whose range the value there, {words.amount(row.value)}, lies"
    entry = explained.shortcuts[-1].number if explained.shortcuts else row.number
    if entry != row.number:
        text += f"; the entry's own value, {words.amount(explained.position.cost)}, lies in bracket {entry}"
    return text


def _outside(row: Solved) -> str:
    """What to say of a value that no bracket reaches."""
    if row.measured is None or row.up_to is None or row.measured <= row.up_to:
        return ""
    what = _measure(row.measured)
    return f"; {what} is past {_measure(row.up_to)}, where the brackets end: what is asked for there is not known"


def _range(row: Solved) -> str:
    above = _measure(row.above)
    return f"(above {above})" if row.up_to is None else f"({above} to {_measure(row.up_to)})"


def _table(words: _Words) -> tuple[Column, ...]:
    """All brackets beside each other: what each says alone, and where its own price puts the value."""
    rows = words.explained.brackets
    roles = [Role.STRONG if row.decides else Role.PLAIN for row in rows]

    def column(head: str, texts: list[str], *, left: bool = False) -> Column:
        return Column(head, tuple(Cell(text, role) for text, role in zip(texts, roles, strict=True)), left)

    return (
        column("bracket", [f"{row.number} decides" if row.decides else str(row.number) for row in rows], left=True),
        column("up to", ["open" if row.up_to is None else _measure(row.up_to) for row in rows]),
        column("rate", [_rate(row.rate) for row in rows]),
        column("deduction", [_deduction(row.deduction) for row in rows]),
        column("price", [NONE if row.price is None else words.figures.price(row.price) for row in rows]),
        column("value there", ["-" if row.value is None else words.amount(row.value) for row in rows]),
        column("which is", [_lies(row) for row in rows], left=True),
    )


def _lies(row: Solved) -> str:
    if row.inside:
        return "inside"
    if row.measured is None:
        return "-"
    return "below" if row.measured < row.above else "past it"


def _sum(words: _Words) -> Fact | None:
    """Both sides of the equation, at the price."""
    explained = words.explained
    check, model = explained.check, words.model
    if check is None or model is None:
        return None
    gained = f"{'-' if check.pnl < 0 else '+'} {words.amount(abs(check.pnl))}"
    left = f"{words.amount(check.margin)} {gained} = {words.amount(check.held)}"
    right = f"{_maintenance(words, check, model)} = {words.amount(check.asked)}"
    where = _where(words, check)
    if explained.standing.liquidation.answer is Answer.NONE:
        more = "no less" if check.held >= check.asked else "less"
        return Fact("check", f"{where}margin + P&L, {left}, is {more} than what is asked for, {right}")
    if same(check.held, check.asked) or abs(CONTEXT.subtract(check.held, check.asked)) < Decimal("1e-30"):
        return Fact("check", f"{where}margin + P&L is {left}; asked for is {right}")
    return Fact("check", f"{where}margin + P&L is {left}, less already than what is asked for, {right}", Role.ALARM)


def _where(words: _Words, check: EquationCheck) -> str:
    if check.price is None:
        return "where price is so high that the position is worth nothing, "
    if not check.price:
        return "at a price of 0, "
    value = f"{words.amount(check.value)} {visible(words.figures.plan.settle)}"
    return f"at {words.figures.price(check.price)} it is worth {value}: "


def _maintenance(words: _Words, check: EquationCheck, model: MarginModel) -> str:
    if model.per_contract:
        parts = [f"{trimmed(words.explained.backing.contracts)} x {written(model.per_contract)}"]
    else:
        taken = f"{_rate(check.rate)} x {words.amount(check.taken_of)}"
        parts = [f"{taken} - {_deduction(check.deduction)}" if check.deduction else taken]
    if model.closing_fee:
        parts.append(f"closing fee {_rate(model.closing_fee)} x {words.amount(check.value)}")
    if check.reserve:
        parts.append(f"reserve {written(check.reserve)}")
    return " + ".join(parts)


def _bankrupt(words: _Words) -> str:
    explained, figures = words.explained, words.figures
    bust = explained.standing.bankruptcy_price
    if bust is None:
        if explained.backing.amount is None:
            return f"{UNKNOWN}, as the margin is"
        return f"{NONE}: margin + P&L never comes to 0"
    of_it = ", the fee left out," if explained.backing.closing else ""
    text = f"{figures.price(bust)}, where margin + P&L{of_it} is 0"
    return (
        f"{text}: liquidated no later than there" if explained.standing.liquidation.answer is Answer.UNKNOWN else text
    )


def _room(words: _Words) -> Fact | None:
    standing, figures = words.explained.standing, words.figures
    stop, price, past = standing.stop, standing.liquidation.price, standing.liquidation_past_stop
    if stop is None or price is None or past is None:
        return None
    where = f"{figures.price(abs(CONTEXT.subtract(stop, price)))} of price"
    at = f"the stop at {figures.price(stop)}"
    text = f"{where} behind {at}" if past >= 0 else f"{where} before {at}, which never comes"
    return Fact("room", text, Role.PLAIN if past >= 0 else Role.ALARM)


def _shortcut(words: _Words) -> Fact | None:
    """What calculators that know only entry, leverage and one rate would have said."""
    explained, sign = words.explained, words.explained.position.sign
    if not explained.shortcuts:
        return None
    way, back = ("-", "+") if sign > 0 else ("+", "-")
    formula = f"E x (1 {way} 1/L {back} rate)"
    if not words.linear:
        formula = f"E x L / (L {back} 1 {way} rate x L)"
    texts = [f"with {_rate(each.rate)}{_whose(explained, each)} {_off(words, each)}" for each in explained.shortcuts]
    ignored = _ignored(words)
    text = f"{formula}: {'; '.join(texts)}"
    return Fact("shortcut", f"{text}; it leaves out {ignored}" if ignored else text)


def _whose(explained: Explanation, shortcut: Shortcut) -> str:
    """Whose rate it is, where there are two."""
    if len(explained.shortcuts) == 1:
        return ""
    return f" (bracket {shortcut.number}, the entry's)" if shortcut is explained.shortcuts[-1] else " (bracket 1)"


def _off(words: _Words, each: Shortcut) -> str:
    figures, price = words.figures, words.explained.standing.liquidation.price
    if each.price is None:
        return "there is none" if price is not None else "the same: none"
    text = figures.price(each.price)
    if each.off is None or price is None:
        answer = words.explained.standing.liquidation.answer
        return f"{text}, where there is none" if answer is Answer.NONE else f"{text}; how far off, nobody can tell yet"
    if same(each.price, price):
        return f"the same, {text}"
    way = "too far, which is optimistic" if each.off > 0 else "too near"
    return f"{text}, {figures.price(abs(each.off))} ({_small(abs(each.off_fraction or Decimal(0)))}) {way}"


def _ignored(words: _Words) -> str:
    """What the shortcut knows nothing of, and this position has."""
    explained, model = words.explained, words.model
    if model is None:
        return ""
    deducts = any(row.decides and row.deduction for row in explained.brackets)
    known = (
        (explained.backing.ground is MarginSource.ACCOUNT, "the account behind cross margin"),
        (bool(explained.backing.extra), "the extra margin"),
        (model.maintenance_on is MaintenanceOn.MARK, "that maintenance falls on the value at P"),
        (deducts, "the deduction"),
        (bool(model.closing_fee), "the closing fee"),
        (bool(model.reserve), "the reserve"),
    )
    *others, last = [text for holds, text in known if holds] or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _model(words: _Words, today: date | None) -> Fact | None:
    model = words.model
    if model is None:
        return None
    parts = ["maintenance as the plan writes it" if model.name == WRITTEN else visible(model.name)]
    if model.as_of:
        parts.append(dated(model.as_of, today))
    if model.source:
        parts.append(visible(model.source))
    return Fact("model", ", ".join(parts))


def _measure(value: Decimal | None) -> str:
    """A bracket's end, or what is compared with it."""
    return UNKNOWN if value is None else trimmed(rounded(value, _MOST_PLACES if abs(value) < 1000 else 2))


def _deduction(value: Decimal) -> str:
    return trimmed(rounded(value, _MOST_PLACES))


def _rate(value: Decimal) -> str:
    return f"{trimmed(rounded(percent(value), _RATE_PLACES))}%"


def _share(value: Decimal) -> str:
    """A distance as percent, rounded down."""
    return f"{grouped(rounded(percent(value), _ROOM_PLACES, Toward.DOWN))}%"


def _small(value: Decimal) -> str:
    """How far off, as percent; never nothing."""
    shown = rounded(percent(value), _PERCENT_PLACES)
    return f"{grouped(shown)}%" if shown else "less than 0.01%"
