"""`scaleplan rules`: every code, what it is called and what it is."""

from scaleplan.cli.command import Call, Command, choice
from scaleplan.cli.reply import ExitCode, Reply

FORMAT = choice("--format", ("text", "json", "md"), "How to list them.")
COMMAND = Command(
    "List what can be wrong with a plan. Code, severity, name.",
    (FORMAT,),
    examples=("scaleplan rules", "scaleplan rules --format md"),
)


def run(call: Call) -> Reply:
    """Lists every kind of problem that a plan can have."""
    from scaleplan.questions.rule_page import kinds

    if call[FORMAT] == "json":
        from scaleplan.report.record import FORMAT_VERSION, to_json
        from scaleplan.report.rules.record import kind_records

        record = {"format_version": FORMAT_VERSION, "command": "rules", "rules": kind_records(kinds())}
        return Reply(to_json(record), "", ExitCode.OK)
    from scaleplan.report.rules.page import render_rules, render_rules_markdown

    if call[FORMAT] == "md":
        return Reply(render_rules_markdown(kinds()), "", ExitCode.OK)
    return Reply(render_rules(kinds(), call.screen.out.width, colour=call.screen.out.colour), "", ExitCode.OK)
