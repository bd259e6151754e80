"""The record of `at`: a state, what it is worth at a price, its levels, and what comes next on either side.

Of a plan that is over before price gets there `over` has the end and the result, and the figures are absent. The CSV
has a row a level, with the figures of the stance beside it.
"""

from collections.abc import Iterator

from scaleplan.engine.holding import bits
from scaleplan.engine.risk import in_r
from scaleplan.engine.state import State
from scaleplan.questions.stance import Finished, Stance
from scaleplan.questions.stance_figures import Away, Coming, figures_of
from scaleplan.report.record import Record, digits, event_record, of
from scaleplan.report.show.record import about, diagnostic_records
from scaleplan.study import Studied, Study

_FIGURES = (
    *("unrealised", "unrealised_r", "roe", "realised", "closed_now", "closed_now_r", "if_stopped", "if_stopped_r"),
    *("if_liquidated", "if_liquidated_r", "equity", "effective_leverage", "margin", "margin_ratio", "breakeven"),
)
_STATE = ("tiers", "targets", "quantity", "average_entry", "stop")
_LEVEL = ("level", "index", "level_price", "distance", "distance_fraction", "distance_r", "latest")
_OVER = ("end", "net", "net_r")
#: The columns of the CSV, and those in which the trader's own words stand.
COLUMNS = ("file", "name", "price", *_STATE, *_FIGURES, "liquidation", "liquidation_price", *_LEVEL, *_OVER)
TEXTS = frozenset({"file", "name"})


def at_record(study: Studied, there: Stance | Finished | None) -> Record:
    """Returns the record of one stance; of a plan that could not be read only the diagnostics are there."""
    figures = figures_of(study, there) if isinstance(there, Stance) and isinstance(study, Study) else None
    state = None if there is None else there.state
    price = there.price if isinstance(there, Finished) else None if state is None else state.price
    return {
        **about(study, "at"),
        "price": digits(price),
        "state": None if state is None else state_record(state),
        **(dict.fromkeys(_FIGURES) if figures is None else of(figures, *_FIGURES)),
        "liquidation": None if figures is None else str(figures.liquidation.answer),
        "liquidation_price": None if figures is None else digits(figures.liquidation.price),
        "liquidation_not_before": None if figures is None else digits(figures.liquidation.not_before),
        "levels": [] if figures is None else [_level(level) for level in figures.levels],
        "next": None if figures is None else {"up": _coming(figures.up), "down": _coming(figures.down)},
        "waiting": [] if figures is None else list(figures.waits),
        "path": [] if there is None else [event_record(event) for event in there.way],
        "others": there.others if isinstance(there, Stance) else 0,
        "over": _over(study, there) if isinstance(there, Finished) and isinstance(study, Study) else None,
        "diagnostics": diagnostic_records(study),
    }


def at_rows(study: Study, there: Stance | Finished) -> Iterator[Record]:
    """Yields the rows of the CSV: one a level, or one where the plan is over."""
    record = at_record(study, there)
    state = record["state"] | {"tiers": " ".join(map(str, record["state"]["tiers"]))}
    row = {"file": record["file"], "name": record["plan"]["name"], "price": record["price"], **state}
    row |= {name: record[name] for name in (*_FIGURES, "liquidation", "liquidation_price")}
    if record["over"] is not None:
        yield row | {name: record["over"][name] for name in _OVER}
    for level in record["levels"]:
        yield row | level | {"price": record["price"], "level_price": level["price"]}


def state_record(state: State) -> Record:
    """Returns a state by its name, and what is held."""
    position = state.held.position
    return {
        "tiers": list(bits(state.held.filled)),
        "targets": state.hits,
        "quantity": digits(position.quantity),
        "average_entry": digits(position.average_entry if position.quantity else None),
        "stop": digits(state.stop),
    }


def _level(level: Away) -> Record:
    return {
        "level": "breakeven" if level.kind is None else str(level.kind),
        "index": level.number or None,
        "price": digits(level.price),
        "distance": digits(level.distance),
        "distance_fraction": digits(level.fraction),
        "distance_r": digits(level.in_r),
        "latest": level.latest,
    }


def _coming(coming: Coming | None) -> Record | None:
    if coming is None:
        return None
    step = coming.step
    return {
        **event_record(step.event),
        "probability": digits(coming.probability),
        "at_once": step.at_once,
        "state": None if step.state is None else state_record(step.state),
        "end": None if step.over is None else str(step.over.end),
        "net": digits(coming.net),
        "net_r": digits(coming.net_r),
    }


def _over(study: Study, there: Finished) -> Record:
    return {
        "end": str(there.over.end),
        **event_record(there.way[-1]),
        "net": digits(there.net),
        "net_r": digits(in_r(there.net, study.ladder.totals.r)),
    }
