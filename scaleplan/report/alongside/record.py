"""The record of plans beside each other; the CSV has a row a plan with the figures of the JSON."""

from collections.abc import Iterator

from scaleplan.engine.risk import in_r
from scaleplan.questions.alongside import Alongside, ComparedPlan
from scaleplan.report.record import FORMAT_VERSION, Record, digits
from scaleplan.report.show.record import diagnostic_records
from scaleplan.revision.measures import RoomKind
from scaleplan.study import Studied

_FIGURES = (
    *("quantity", "tiers", "average_entry", "worst_loss", "worst_loss_r", "worst_loss_of_equity", "reward", "reward_r"),
    *("reward_to_risk", "margin", "effective_leverage", "liquidation", "behind_stop", "probability_of_profit"),
    *("probability_of_worst", "expected_net", "expected_net_r", "fees"),
)
COLUMNS = ("file", "shape", "name", "symbol", "side", "settle", *_FIGURES)
TEXTS = frozenset({"file", "name", "symbol", "settle"})
_ROOMS = {RoomKind.NONE: "none", RoomKind.UNKNOWN: "unknown", RoomKind.BEHIND: "price", RoomKind.BEFORE: "price"}


def alongside_record(studies: list[Studied], found: Alongside | None) -> Record:
    """Returns the record; where a plan has no figures nothing is put beside another."""
    return {
        "format_version": FORMAT_VERSION,
        "command": "compare",
        "files": [study.file for study in studies],
        "in_money": None if found is None else found.in_money,
        "loss": None if found is None else digits(found.loss),
        "plans": [] if found is None else list(alongside_rows(studies, found)),
        "left_out": [] if found is None else [{"shape": each.name, "reason": each.reason} for each in found.left_out],
        "diagnostics": [record for study in studies for record in diagnostic_records(study)],
    }


def alongside_rows(studies: list[Studied], found: Alongside) -> Iterator[Record]:
    """Yields a row a plan; a baseline has the file of its plan, and its shape."""
    for each in found.plans:
        with_baselines = found.loss is not None
        yield {
            "file": studies[0].file if with_baselines else each.name,
            "shape": each.name if with_baselines else None,
            "name": each.plan.name,
            "symbol": each.plan.symbol.text,
            "side": str(each.plan.side),
            "settle": each.plan.settle,
            **_figures(each),
        }


def _figures(each: ComparedPlan) -> Record:
    totals, measures, summary = each.ladder.totals, each.measures, each.summary
    room = measures.behind_stop
    expected = None if summary is None else summary.expected_net
    return {
        "quantity": digits(totals.quantity),
        "tiers": len(each.plan.tiers),
        "average_entry": digits(totals.average_entry),
        "worst_loss": digits(measures.worst_loss),
        "worst_loss_r": digits(in_r(measures.worst_loss, each.one_r)),
        "worst_loss_of_equity": digits(measures.worst_loss_of_equity),
        "reward": digits(totals.reward),
        "reward_r": digits(in_r(totals.reward, each.one_r)),
        "reward_to_risk": digits(totals.reward_to_risk),
        "margin": digits(measures.margin),
        "effective_leverage": digits(measures.effective_leverage),
        "liquidation": _ROOMS[room.kind],
        "behind_stop": digits(room.ratio),
        "probability_of_profit": digits(None if summary is None else summary.probability_of_profit),
        "probability_of_worst": digits(each.worst_chance),
        "expected_net": digits(expected),
        "expected_net_r": digits(in_r(expected, each.one_r)),
        "fees": digits(totals.fees),
    }
