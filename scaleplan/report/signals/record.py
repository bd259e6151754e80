"""The record of `import`: the plan that was made of a signal's text, and all that was said of that text.

`yaml` is the plan as it is printed; it and `plan` are absent where there is none, and an error among `diagnostics` says
why. `assumed`, `left_out` and `odd` count them. `plan_diagnostics` are what `check` says of the plan.
"""

from scaleplan.draft.imported import Imported
from scaleplan.report.diagnostics.record import to_json_record
from scaleplan.report.record import FORMAT_VERSION, Record
from scaleplan.report.show.record import about, diagnostic_records
from scaleplan.signals.kinds import ASSUMED, LEFT_OUT, ODD


def import_record(found: Imported, file: str) -> Record:
    """Returns what the JSON says of a text, spoken of as `file`."""
    study = found.study
    counted = {"assumed": ASSUMED, "left_out": LEFT_OUT, "odd": ODD}
    return {
        "format_version": FORMAT_VERSION,
        "command": "import",
        "file": file,
        "yaml": found.yaml or None,
        "plan": None if study is None else about(study, "import")["plan"],
        **{
            name: sum(said.counts_as for said in found.diagnostics if said.kind is kind)
            for name, kind in counted.items()
        },
        "diagnostics": [to_json_record(said) for said in found.diagnostics],
        "plan_diagnostics": [] if study is None else diagnostic_records(study),
    }
