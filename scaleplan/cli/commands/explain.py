"""`scaleplan explain`: the page of a rule, or of several."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option, choice
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleplan.questions.rule_page import RulePage


def complete_code(incomplete: str) -> list[str]:
    """Returns the codes, or names, that begin with what is typed."""
    from scaleplan.policy.codes import known_kinds

    kinds = known_kinds().values()
    codes = [kind.code for kind in kinds if kind.code.startswith(incomplete.upper())]
    return codes or [kind.name for kind in kinds if kind.name.startswith(incomplete.lower())]


CODES: Option[tuple[str, ...]] = Option(
    (), "Codes, or names, of rules.", (), "CODE...", many=True, required=True, complete=complete_code
)
FORMAT = choice("--format", ("text", "json", "md"), "How to print it.")
COMMAND = Command(
    "Explain rules, each with a plan that has it. Why, what is said of the plan, and the same plan mended.",
    (CODES, FORMAT),
    examples=("scaleplan explain SP401", "scaleplan explain martingale SP606"),
)


def run(call: Call) -> Reply:
    """Explains the codes, or names, that are asked for; one that is none is answered with the nearest."""
    from scaleplan.policy.codes import is_known, read_code
    from scaleplan.quantity.form import Mistake
    from scaleplan.questions.rule_page import page_of
    from scaleplan.report.visible import visible
    from scaleplan.tree.collector import LISTED

    words = call[CODES]
    wrong = [word for word in dict.fromkeys(words) if not is_known(word)]
    unknown = [code for code in map(read_code, wrong[:LISTED]) if isinstance(code, Mistake)]
    talk = "".join(f"scaleplan: {visible(mistake.message)}; {visible(mistake.help)}\n" for mistake in unknown)
    if len(wrong) > LISTED:
        talk += f"scaleplan: {len(wrong) - LISTED} more words are the code or name of no rule\n"
    codes = [read_code(word) for word in words if is_known(word)]
    pages = [page_of(code) for code in dict.fromkeys(codes) if isinstance(code, str)]
    out = _out(pages, call[FORMAT], call.screen.out.width, colour=call.screen.out.colour) if pages else ""
    return Reply(out, talk, ExitCode.USAGE if unknown else ExitCode.OK)


def _out(pages: "Sequence[RulePage]", format: str, width: int | None, *, colour: bool) -> str:
    if format == "json":
        from scaleplan.report.record import FORMAT_VERSION, to_json
        from scaleplan.report.rules.record import page_record

        records = [page_record(page) for page in pages]
        return to_json({"format_version": FORMAT_VERSION, "command": "explain", "rules": records})
    from scaleplan.report.rules.page import render_page, render_page_markdown

    if format == "md":
        return "\n".join(map(render_page_markdown, pages))
    return "\n\n".join(render_page(page, width, colour=colour) for page in pages)
