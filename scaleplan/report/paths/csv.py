"""The ends of plans as one rectangular table for spreadsheets: a row an end, worst first, figures unrounded.

The figures are those of the JSON and bear its names. Tiers are numbers with blanks between, because a spreadsheet would
take `1-2` for a date.
"""

from collections.abc import Iterable, Iterator

from scaleplan.report.paths.parts import Told
from scaleplan.report.paths.record import Money, outcome_record
from scaleplan.report.paths.words import event_words
from scaleplan.report.record_csv import csv_table
from scaleplan.report.show.record import Record, digits

_FIGURES = ("gross", "net", "net_r", "net_worst", "probability", "profit")
#: The columns, the same for every plan.
COLUMNS = ("file", "name", "symbol", "side", "edge", "start", "end", "tiers", "targets", *_FIGURES, "path")
_TEXTS = frozenset({"file", "name", "symbol", "path"})


def render_csv(told: Iterable[Told]) -> str:
    """All plans as one table; the ends that the clock makes have no figures."""
    return csv_table(COLUMNS, _TEXTS, (row for one in told for row in _rows(one)))


def _rows(one: Told) -> Iterator[Record]:
    plan = one.plan
    about = {
        "file": one.study.file,
        "name": plan.name,
        "symbol": plan.symbol.text,
        "side": str(plan.side),
        "edge": digits(one.paths.edge),
        "start": digits(one.paths.start),
    }
    money = Money(one.paths)
    for outcome in one.paths.outcomes:
        record = outcome_record(outcome, money)
        yield {
            **about,
            "end": record["end"],
            "tiers": " ".join(map(str, outcome.tiers)),
            "targets": outcome.targets,
            **{name: record[name] for name in _FIGURES},
            "path": "; ".join(event_words(one.figures, event) for event in outcome.path),
        }
    for extra in one.paths.timed:
        yield {**about, "end": extra.end}
