"""`scaleplan schema`: the plan language as a JSON Schema, for editors."""

import json

from scaleplan.cli.outcome import Exit, Outcome
from scaleplan.schema import Subject, schema_of


def schema(*, account: bool, venue: bool) -> Outcome:
    """Print the schema of a plan, or of the other files that plans name."""
    if account and venue:
        return Outcome(
            "", "scaleplan: `--account` and `--venue` are schemas of two files; write one of them\n", Exit.USAGE
        )
    subject = Subject.ACCOUNT if account else Subject.VENUE if venue else Subject.PLAN
    return Outcome(json.dumps(schema_of(subject), indent=2) + "\n", "", Exit.OK)
