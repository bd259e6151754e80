"""Studies as one rectangular table for spreadsheets: a row a tier, a target, a cell of the matrix, a total.

The figures are those of the JSON, unrounded, and bear its names; where a fill and the position after it share a name,
the position's begins with `position_`. A text that a spreadsheet would take for a formula is led by an apostrophe.
"""

from collections.abc import Iterable, Iterator

from scaleplan.report.record_csv import csv_table
from scaleplan.report.show.record import Record, matrix_records, show_record
from scaleplan.study import Study

_HEAD = ("row", "file", "name", "symbol", "side", "number")
_FILL = (
    "price",
    "fill_price",
    "quantity",
    "contracts",
    "notional",
    "fee",
    "order",
    "after",
    "trigger",
    "wanted_quantity",
)
_SHARED = ("quantity", "contracts", "notional")
_POSITION = (
    *(f"position_{name}" for name in _SHARED),
    "average_entry",
    "breakeven",
    "stop",
    "risk",
    "risk_r",
    "risk_fraction",
    "reward",
    "reward_r",
    "initial_margin",
    "effective_leverage",
    "liquidation",
    "liquidation_price",
    "liquidation_distance",
    "liquidation_past_stop",
    "liquidation_buffer",
    "bankruptcy_price",
    "reachable",
)
_TARGET = ("r_multiple", "pnl", "realized", "realized_r", "remaining", "locked", "locked_r")
_TOTAL = ("r", "reward_to_risk", "breakeven_win_rate", "fees", "funding", "all_at_first", "rounded_off")

_MATRIX = ("tiers", "targets", "end", "net", "net_r", "depends_on_order")

#: The columns, the same for every plan.
COLUMNS = (*_HEAD, *_FILL, *_POSITION, *_TARGET, *_TOTAL, *_MATRIX)
_TEXTS = frozenset({"file", "name", "symbol", "after", "trigger"})


def render_csv(studies: Iterable[Study]) -> str:
    """All plans as one table; a plan that could not be read has no rows."""
    return csv_table(COLUMNS, _TEXTS, (row for study in studies for row in _rows(show_record(study), _matrix(study))))


def _rows(record: Record, matrix: list[Record]) -> Iterator[Record]:
    plan = record["plan"]
    if plan is None or record["totals"] is None:
        return
    about = {"file": record["file"], **{name: plan[name] for name in ("name", "symbol", "side")}}
    for tier in record["tiers"]:
        fill = {name: tier[name] for name in _FILL if name in tier}
        yield {"row": "tier", **about, "number": tier["tier"], **fill, **_of_position(tier["position"])}
    for target in record["targets"]:
        yield {"row": "target", **about, "number": target.pop("target"), **target}
    for cell in matrix:
        # Numbers with blanks between: a spreadsheet would take `1-2` for a date.
        yield {"row": "matrix", **about, **cell, "tiers": " ".join(map(str, cell["tiers"]))}
    yield {"row": "total", **about, **_of_position(record["totals"])}


def _matrix(study: Study) -> list[Record]:
    """What can happen by tiers filled and targets hit; nothing where that is too much to list."""
    return matrix_records(study.every_path.matrix(), study.ladder) or []


def _of_position(figures: Record) -> Record:
    return {f"position_{name}" if name in _SHARED else name: value for name, value in figures.items()}
