"""`scaleplan schema`: the plan language as a JSON Schema, for editors."""

from scaleplan.cli.command import Call, Command, switch
from scaleplan.cli.reply import ExitCode, Reply

ACCOUNT = switch("--account", "Of the account files that plans name.")
VENUE = switch("--venue", "Of the venue files that plans name.")
COMMAND = Command(
    """Print the plan language as a JSON Schema. It is draft-07, and lets an editor complete and explain keys.

    Write it beside your plans with `> scaleplan.schema.json`, and let their first line name it as
    `# yaml-language-server: $schema=./scaleplan.schema.json`.
    """,
    (ACCOUNT, VENUE),
    examples=("scaleplan schema", "scaleplan schema --account"),
)


def run(call: Call) -> Reply:
    """Prints the schema of a plan, or of the other files that plans name."""
    import json

    from scaleplan.schema import FileKind, schema_of

    if call[ACCOUNT] and call[VENUE]:
        message = "scaleplan: `--account` and `--venue` are schemas of two files; write one of them\n"
        return Reply("", message, ExitCode.USAGE)
    subject = FileKind.ACCOUNT if call[ACCOUNT] else FileKind.VENUE if call[VENUE] else FileKind.PLAN
    return Reply(json.dumps(schema_of(subject), indent=2) + "\n", "", ExitCode.OK)
