"""Words of trades: their figures, their events, and each deviation in a sentence with the two numbers that clash."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from scaleplan.engine.event import EventKind
from scaleplan.engine.risk import in_r as as_r
from scaleplan.engine.sizing import lot_of
from scaleplan.journal import EventRow, RowKind
from scaleplan.plan import Contract, Plan
from scaleplan.quantity.number import plain
from scaleplan.report.figures import UNKNOWN, Figures, figures_of, r_signed
from scaleplan.report.measures import Sides, moved
from scaleplan.report.paths.words import signed_money
from scaleplan.report.visible import visible
from scaleplan.revision.measures import OF_POSITION, Measure, Turn
from scaleplan.trade import Trade, TradeMoment, kinds
from scaleplan.trade.deviation import Deviation, span_of
from scaleplan.trade.play import moment_of
from scaleplan.trade.standing import Action, Due, StopDue, StopState, TradeStanding, exits_at_once, outgrown
from scaleplan.trade.words import shown_at

#: Nothing is known by its name.
NO_NAMES: Mapping[str, str] = {}
_WHAT = {EventKind.LIQUIDATION: "liquidated", EventKind.BY_HAND: "by hand"}


def figures_for(trade: Trade) -> Figures:
    """Returns how the figures of a trade are written: as its plan's, with quantities as fine as what was filled."""
    version = trade.version
    figures = figures_of(version.plan, version.ladder)
    quantities = [moment.held for moment in trade.moments]
    quantities += [part.quantity for moment in trade.moments for part in moment.parts]
    quantities += [moment.taken for moment in trade.moments]
    figures = figures.finer([quantity for quantity in quantities if quantity])
    lot = lot_of(version.plan)
    # What was executed is no whole lot only where somebody typed it, or the venue's lot is another.
    odd = [quantity for quantity in quantities if lot is not None and quantity % lot]
    return figures.with_digits(odd) if odd else figures


def in_r(trade: Trade, amount: Decimal | None) -> str:
    """Returns a result in R of the first lock: `+0.57R`; `n/a` where there is none."""
    return r_signed(as_r(amount, trade.one_r))


def when(moment: datetime, zone: str, *, long: bool = True) -> str:
    """Returns a moment in words: `2026-08-21 14:02 +02:00`, or short `14:02`."""
    at = shown_at(moment, zone)
    seconds = f":{at:%S}" if at.second else ""
    return f"{at:%Y-%m-%d %H:%M}{seconds} {zone}" if long else f"{at:%H:%M}{seconds}"


def closed_words(kind: EventKind, number: int) -> str:
    """Returns what a close was: `target 1`, `stop`, `by hand`."""
    return f"target {number}" if kind is EventKind.TARGET else _WHAT.get(kind, str(kind))


def fill_words(figures: Figures, trade: Trade, moment: TradeMoment) -> str:
    """Returns a fill in words: `tier 1: sold 0.10 at 29,802.50, 2.50 better than planned`."""
    price = moment.event.price or Decimal(0)
    done = "bought" if moment.event.side == "buy" else "sold"
    said = []
    for part in moment.parts:
        name = "no tier (extra)" if part.tier is None else f"tier {part.tier}"
        text = f"{name}: {done} {figures.quantity(part.quantity)} at {figures.price(price)}"
        if part.tier is not None and part.tier <= len(trade.plan.tiers):
            planned = trade.machine.holdings.own_fill(part.tier - 1).price
            better = trade.machine.sign * (planned - price)
            if better:
                text += f", {figures.price(abs(better))} {'better' if better > 0 else 'worse'} than planned"
        said.append(text)
    if moment.closed is not None:
        name = closed_words(moment.closed, moment.target)
        said.append(
            f"{name}: {done} {figures.quantity(moment.taken)} at {figures.price(price)},"
            f" {signed_money(figures, moment.result)} = {in_r(trade, moment.result)}"
        )
    return "; ".join(said)


def event_words(
    event: EventRow,
    moment: TradeMoment | None,
    figures: Figures | None,
    trade: Trade | None,
    names: Mapping[str, str] = NO_NAMES,
) -> str:
    """Returns an event of a journal in one line, without its number and time; `names` are those of other events."""
    if moment is not None and figures is not None and trade is not None and (moment.is_entry or moment.is_exit):
        return fill_words(figures, trade, moment)
    text = visible(event.text or "")
    price = "" if event.price is None else plain(event.price)
    quantity = "" if event.quantity is None else plain(event.quantity)
    if figures is not None and event.kind is RowKind.STOP:
        price = "" if event.price is None else figures.price(event.price)
        quantity = "" if event.quantity is None else figures.quantity(event.quantity)
    about = names.get(event.refers or "", "an event")
    done = "bought" if event.side == "buy" else "sold"
    stop = f"stop at {price} for {quantity or 'all that is held'}" if price else "stop cancelled"
    return {
        RowKind.LOCK: f"locked: {text}" if text else "locked",
        RowKind.AMEND: f"accepted as it is now: {text}",
        RowKind.RELEASE: f"released: {text}",
        RowKind.NOTE: f"note: {text}",
        RowKind.FUNDING: _funding_words(event),
        RowKind.STOP: stop,
        RowKind.ASSIGN: f"{about} is put into this trade" if event.trade else f"{about} is taken out of its trade",
        RowKind.VOID: f"takes back {about}",
        RowKind.FILL: f"{done} {quantity} {visible(event.symbol or '')} at {price}",
    }[event.kind]


def _funding_words(event: EventRow) -> str:
    """Returns a payment in words: above 0 it was paid."""
    fee = event.fee or Decimal(0)
    way = "paid" if fee >= 0 else "received"
    return f"funding {way}: {plain(abs(fee))} {visible(event.fee_currency or '')}".rstrip()


def order_words(plan: Plan, due: Due) -> str:
    """Returns an order as the checklist calls it: `sell stop`, `buy stop, reduce-only`."""
    text = f"{due.side} {due.order or 'market'}"
    is_exit = due.action in (Action.STOP, Action.EXIT, Action.TIME)
    return f"{text}, reduce-only" if is_exit and plan.contract is not Contract.SPOT else text


def due_words(figures: Figures, trade: Trade, due: Due, stop: StopDue | None) -> tuple[str, str]:
    """Returns what is due of one order: what it is about, and what to do, in a line."""
    plan = trade.plan
    price = "at market" if due.price is None else figures.price(due.price)
    quantity = "" if due.quantity is None else figures.quantity(due.quantity)
    late = "" if due.overdue is None else f"  OVERDUE {span_of(due.overdue)}"
    match due.action:
        case Action.STOP:
            return "stop", _stop_words(figures, trade, due, stop) + late
        case Action.CANCEL:
            return f"tier {due.tier}", f"CANCEL {due.side} {due.order} {price}: {due.because}"
        case Action.TIME:
            return "time stop", f"{order_words(plan, due)}, {quantity} at market{late}"
        case Action.EXIT:
            return f"target {due.target}", f"{order_words(plan, due)}  {price}  {quantity}"
        case Action.ENTER:
            waits = f"  waits for {_waits(figures, due)}" if due.waits else ""
            return f"tier {due.tier}", f"{order_words(plan, due)}  {price}  {quantity}{waits}"


def _waits(figures: Figures, due: Due) -> str:
    return due.waits if due.waits.startswith("tier") else figures.price(Decimal(due.waits))


def _stop_words(figures: Figures, trade: Trade, due: Due, stop: StopDue | None) -> str:
    recorded, quantity = trade.recorded, figures.quantity(due.quantity or Decimal(0))
    price = figures.price(due.price)
    if stop is None or recorded is None or recorded.price is None:
        is_away = recorded is not None and recorded.price is None
        return f"{order_words(trade.plan, due)}  {price}  for {quantity}  {'cancelled' if is_away else 'none recorded'}"
    # Of a stop for all that is held stands here what that was when it was recorded.
    covers = recorded.quantity or recorded.held
    covered = f" for {figures.quantity(covers) if covers else 'all held'}"
    was = f"is {figures.price(recorded.price)}{covered}"
    if stop.state is StopState.RESIZE:
        return f"for {quantity} at {figures.price(recorded.price)}; {was}"
    return f"to {price} for {quantity}; {was}"


def stop_doubts(figures: Figures, standing: TradeStanding) -> list[str]:
    """Returns what is odd about the stop as recorded, though it leaves nothing due: a sentence each."""
    trade, found = standing.trade, []
    recorded = trade.recorded
    if recorded is None or recorded.price is None:
        return []
    stop, price, quantity = figures.price(recorded.price), figures.price(standing.price), figures.quantity
    if exits_at_once(trade, standing.price):
        way = ("sell", "above") if trade.machine.sign > 0 else ("buy", "below")
        lies = f"lies {way[1]} {price}" if recorded.price != standing.price else f"lies at {price}"
        found.append(
            f"the {way[0]} stop recorded at {stop} {lies}, the last price known:"
            " if price is not beyond it by now, it exits at once"
        )
    before = outgrown(trade)
    if before is not None:
        found.append(
            f"the stop at {stop} was recorded for all that was held, then {quantity(before)};"
            f" if it does not grow by itself, it covers that of {quantity(trade.held)}"
        )
    return found


def money_words(figures: Figures, trade: Trade, amount: Decimal | None) -> str:
    """Returns a cost: `45.46 USDT = 0.25R`."""
    if amount is None:
        return ""
    share = "" if as_r(amount, trade.one_r) is None else f" = {in_r(trade, abs(amount)).removeprefix('+')}"
    return f"{figures.money(abs(amount))} {trade.plan.settle}{share}"


#: What is said of each deviation. `price` and `other` are the prices that clash, `quantity` and `held` the quantities,
#: `money` and `after` amounts, `what` and `how` its words, `at` the moment, `cost` what it cost.
_SENTENCES = {
    kinds.PLAN_CHANGED: "the file has other numbers than were locked: {all}{effect}",
    kinds.PLAN_RISKIER: "a change after the first fill, {what}{effect}",
    kinds.LOCKED_LATE: "locked {what} after the first fill: its promise was written afterwards",
    kinds.CHASED: "{what} was filled at {price}, planned {other}{cost}",
    kinds.EARLY: "{what} was filled at {price}, before its stop order at {other}: its trigger was not waited for",
    kinds.OUT_OF_ORDER: "{what} came {how}, and no path of the plan has that",
    kinds.OVERSIZED: "{what} has {quantity}, planned {held}{risk}",
    kinds.BEYOND_MAXIMUM: "{quantity} were entered, and the plan holds {held} at most{risk}",
    kinds.RE_ENTRY: "an entry at {price} came at {at}, after the entries had ended",
    kinds.NO_STOP: "no stop was recorded for {what} from {at} on; due is {price}",
    kinds.STOP_NOT_MOVED: "{what} moved the stop to {how} at {at}, and it {still} recorded at {price}{lie}",
    kinds.STOP_LOOSENED: "the stop was recorded at {price} at {at}, looser than the {other} due{cost}",
    kinds.STOP_QUANTITY: "the stop covers {quantity}, and {held} are held",
    kinds.CLOSED_BY_HAND: "{quantity} were closed at {other}, where the plan has no exit",
    kinds.PAST_TIME: "the {what} was due {how} ago, and nothing was done",
    kinds.LIQUIDATED: "{quantity} were liquidated at {other}{cost}",
    kinds.SAME_PLAN_AGAIN: "{what} was locked with these numbers, and is over",
    kinds.HELD_DIFFERS: "the venue says {quantity}, and the journal holds {held}: something is missing",
}
#: The plan's own stop, which no tier and no target has moved.
_FIRST_STOP = "the plan's stop of {other} is due since {at}, and it {still} recorded at {price}{lie}"


def one_r_words(figures: Figures, trade: Trade) -> str:
    """Returns 1R in money: `180.48 USDT`; `n/a` where nobody knows it."""
    return UNKNOWN if trade.one_r is None else f"{figures.money(trade.one_r)} {trade.plan.settle}"


def deviation_words(figures: Figures, trade: Trade, found: Deviation) -> str:
    """Returns a deviation in a sentence, with the two numbers that clash and what it cost."""
    cost = money_words(figures, trade, found.cost)
    words, numbers = (*map(visible, found.words), "", ""), (*found.numbers, Decimal(0), Decimal(0))
    is_first = found.kind is kinds.STOP_NOT_MOVED and not words[1]
    sentence = _FIRST_STOP if is_first else _SENTENCES[found.kind]
    return sentence.format(
        what=words[0],
        how=words[1],
        all="; ".join(map(visible, found.words)),
        price=figures.price(numbers[0]),
        other=figures.price(numbers[1]),
        quantity=figures.quantity(numbers[0]),
        held=figures.quantity(numbers[1]),
        money=figures.money(numbers[0]),
        after=figures.money(numbers[1]),
        at=_clock(trade, found),
        cost=f": {cost}" if cost else "",
        risk=f": {cost} more at risk" if cost else "",
        lie=f": {cost} {'lie' if found.can_be_mended else 'lay'} open" if cost else "",
        still="is still" if found.can_be_mended else "stayed",
        effect=_effect(figures, trade, found),
    )


def _clock(trade: Trade, found: Deviation) -> str:
    """Returns the time of a deviation by the clock of its event, with the zone where that is not the lock's."""
    own = next((moment.event.zone for moment in trade.moments if moment.event.name == found.event), None)
    zone = own or trade.versions[-1].zone
    text = when(found.at, zone, long=False)
    return text if zone == trade.versions[0].zone else f"{text} {zone}"


def _effect(figures: Figures, trade: Trade, found: Deviation) -> str:
    """Returns what a change of the plan does to its risk, by the measures of `diff`; empty where it does nothing."""
    if found.risk is None:
        return ": that is another trade, and its risk is not compared" if found.kind is kinds.PLAN_CHANGED else ""
    sides = Sides(figures, found.risk.before, found.risk.after, trade.one_r)
    parts = [
        moved(sides, measure) for measure in found.risk.turned(Turn.WORSE, OF_POSITION) if _says_more(found, measure)
    ]
    if found.kind is kinds.PLAN_CHANGED:
        better = found.risk.turned(Turn.BETTER, OF_POSITION)
        parts += [moved(sides, measure) for measure in better if _says_more(found, measure)]
    else:
        parts += found.words[1:]
    return f": {', '.join(parts)}" if parts else ""


def _says_more(found: Deviation, measure: Measure) -> bool:
    """Returns whether a measure is no other by another name: the worst loss is mostly the one that was planned."""
    sides = () if found.risk is None else found.risk
    return measure is not Measure.WORST_LOSS or any(each.planned_loss != each.worst_loss for each in sides)


def event_at(event: EventRow) -> str:
    """Returns when an event was, in the zone in which it was written."""
    return when(moment_of(event.at), event.zone)
