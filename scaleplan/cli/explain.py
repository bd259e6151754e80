"""`scaleplan explain`: the page of a rule, or of several."""

from collections.abc import Sequence

from scaleplan.cli.formats import RulesFormat
from scaleplan.cli.outcome import Exit, Outcome, Screen
from scaleplan.policy.codes import is_known, read_code
from scaleplan.quantity.mistake import Mistake
from scaleplan.questions.rule_page import RulePage, page_of
from scaleplan.report.visible import visible
from scaleplan.tree.collector import LISTED


def explain(words: Sequence[str], screen: Screen, *, format: RulesFormat) -> Outcome:
    """The pages of the codes, or names, that are asked for; one that is none is answered with the nearest."""
    wrong = [word for word in dict.fromkeys(words) if not is_known(word)]
    unknown = [code for code in map(read_code, wrong[:LISTED]) if isinstance(code, Mistake)]
    talk = "".join(f"scaleplan: {visible(mistake.message)}; {visible(mistake.help)}\n" for mistake in unknown)
    if len(wrong) > LISTED:
        talk += f"scaleplan: {len(wrong) - LISTED} more words are the code or name of no rule\n"
    read = [read_code(word) for word in words if is_known(word)]
    pages = [page_of(code) for code in dict.fromkeys(read) if isinstance(code, str)]
    code = Exit.USAGE if unknown else Exit.OK
    return Outcome(_rendered(pages, screen, format) if pages else "", talk, code)


def _rendered(pages: Sequence[RulePage], screen: Screen, format: RulesFormat) -> str:
    if format is RulesFormat.JSON:
        from scaleplan.report.rules.record import page_record
        from scaleplan.report.show.record import FORMAT_VERSION, to_json

        records = [page_record(page) for page in pages]
        return to_json({"format_version": FORMAT_VERSION, "command": "explain", "rules": records})
    from scaleplan.report.rules.page import render_page, render_page_markdown

    if format is RulesFormat.MD:
        return "\n".join(map(render_page_markdown, pages))
    return "\n\n".join(render_page(page, screen.out.width) for page in pages)
