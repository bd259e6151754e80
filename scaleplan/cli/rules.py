"""`scaleplan rules`: every code, what it is called and what it is."""

from scaleplan.cli.formats import RulesFormat
from scaleplan.cli.outcome import Exit, Outcome, Screen
from scaleplan.questions.rule_page import kinds


def rules(screen: Screen, *, format: RulesFormat) -> Outcome:
    """List every kind of problem that can be told of a plan."""
    if format is RulesFormat.JSON:
        from scaleplan.report.rules.record import kind_records
        from scaleplan.report.show.record import FORMAT_VERSION, to_json

        record = {"format_version": FORMAT_VERSION, "command": "rules", "rules": kind_records(kinds())}
        return Outcome(to_json(record), "", Exit.OK)
    from scaleplan.report.rules.page import render_rules, render_rules_markdown

    markdown = format is RulesFormat.MD
    out = render_rules_markdown(kinds()) if markdown else render_rules(kinds(), screen.out.width)
    return Outcome(out, "", Exit.OK)
