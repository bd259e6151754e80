"""`show --cross`: plans solved together, or why they cannot be."""

from collections.abc import Sequence

from scaleplan.cli.formats import ShowFormat
from scaleplan.cli.outcome import Exit, Outcome, Surface
from scaleplan.cli.plans import Text
from scaleplan.cli.talk import changed, refusal, said
from scaleplan.questions.wallet import NotTogether, Stand, solved_together
from scaleplan.source import Unreachable
from scaleplan.study import Session, Studied, Unread


def together(
    session: Session, found: Sequence[Text | Unreachable], talk: Surface, *, format: ShowFormat
) -> tuple[Sequence[Studied | Unreachable], tuple[Stand, ...]] | Outcome:
    """The studies and what each plan holds of the wallet; or the outcome of a run that cannot solve them together."""
    unread = [one for one in found if isinstance(one, Unreachable)]
    if unread:
        return Outcome(_nothing(format), "".join(refusal(one) for one in unread), Exit.REFUSED)
    texts = [(one.name, one.data) for one in found if isinstance(one, Text)]
    if len(texts) < 2:
        return Outcome(
            "", "scaleplan: --cross solves the plans of one account together: name two or more\n", Exit.USAGE
        )
    try:
        studies, stands = solved_together(session, texts)
    except NotTogether as error:
        from scaleplan.report.diagnostics.text import render

        diagnostics = tuple(one for study in error.studies if isinstance(study, Unread) for one in study.diagnostics)
        told = render(diagnostics, width=talk.width, colour=talk.colour) if diagnostics else ""
        why = "".join(
            said(one.file, f"--cross cannot solve the plans together: {one.reason}") for one in error.refusals
        )
        return Outcome(_nothing(format), changed(error.studies) + told + why, Exit.ERRORS)
    return [*studies], stands


def _nothing(format: ShowFormat) -> str:
    """What a program that reads the output finds where there is nothing to show."""
    return "[]\n" if format is ShowFormat.JSON else ""
