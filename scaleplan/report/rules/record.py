"""The list of rules and their pages as records for other programs."""

from collections.abc import Iterable

from scaleplan.diagnostic import Kind
from scaleplan.questions.rule_page import RulePage
from scaleplan.report.diagnostics.record import to_json_record


def kind_record(kind: Kind) -> dict[str, object]:
    """One kind of problem."""
    return {"code": kind.code, "name": kind.name, "severity": kind.severity.value, "what": kind.what}


def kind_records(kinds: Iterable[Kind]) -> list[dict[str, object]]:
    """Every kind of problem, in the order given."""
    return [kind_record(kind) for kind in kinds]


def page_record(page: RulePage) -> dict[str, object]:
    """One page; what no plan can show is null."""
    return {
        **kind_record(page.kind),
        "page": list(page.paragraphs),
        "bad": page.bad or None,
        "said": [to_json_record(diagnostic) for diagnostic in page.said],
        "mended": page.mended or None,
    }
