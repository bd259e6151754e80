"""A signal imported: its text as a plan in YAML, read back by the plan's own reader before it is said to be one."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from scaleplan.decode.kinds import NEEDS_EQUITY
from scaleplan.diagnostic import Diagnostic, Severity, has_errors, in_order, problem
from scaleplan.draft.imported_text import imported_text
from scaleplan.layout import lay_out
from scaleplan.quantity.exact import exact
from scaleplan.signals.kinds import INCOMPLETE, SEVERAL
from scaleplan.signals.meaning import meant
from scaleplan.signals.remainder import say_remainder
from scaleplan.signals.segments import SignalPart, segments
from scaleplan.signals.text import read_text
from scaleplan.signals.words import Wishes
from scaleplan.source import Span
from scaleplan.study import Session, Study, Unread
from scaleplan.tree.collector import listed

#: What the source of a plan is called that is not saved.
NAME = "import.yaml"
NOTHING_TYPED: Mapping[str, Span] = MappingProxyType({})
#: How many places a message names.
_NAMED = 5


class Imported(NamedTuple):
    """What was made of a text. Without a study there is no plan, and an error among the diagnostics says why."""

    diagnostics: tuple[Diagnostic, ...]
    yaml: str = ""
    study: Study | None = None


@exact
def import_signal(
    name: str,
    data: bytes,
    wishes: Wishes,
    session: Session,
    *,
    file: str = NAME,
    typed: Mapping[str, Span] = NOTHING_TYPED,
) -> Imported:
    """Makes a plan of the text in `data`, spoken of as `name`; it is read back as a file called `file`.

    `typed` has the places of values on the command line, by the key of the plan that each stands behind.
    """
    text = read_text(name, data)
    if isinstance(text, Diagnostic):
        return Imported((text,))
    found = segments(text)
    chosen = _chosen(found, wishes)
    if isinstance(chosen, Diagnostic):
        return Imported((chosen,))
    scan = chosen.scan
    words = meant(scan, chosen.card, wishes)
    if words is None or has_errors(scan.found):
        return Imported(in_order(diagnostic for diagnostic in scan.found if diagnostic.severity is Severity.ERROR))
    say_remainder(scan)
    yaml = _laid_out(imported_text(words))
    study = session.study(file, yaml.encode(errors="surrogatepass"))
    if not isinstance(study, Study):
        return Imported(in_order(_unread(chosen, study, typed)))
    return Imported(listed(scan.found), yaml, study)


def _chosen(found: Sequence[SignalPart], wishes: Wishes) -> SignalPart | Diagnostic:
    """Returns the signal that is asked for: of several one has to be named."""
    number = 1 if wishes.nth is None else wishes.nth
    if 1 <= number <= len(found) and (len(found) == 1 or wishes.nth is not None):
        return found[number - 1]
    spans = [each.scan.span(each.scan.about) for each in found]
    if wishes.nth is not None:
        message = f"there is no signal {number}: the text has {len(found)}"
        return problem(SEVERAL, spans[-1], "", message, f"`--nth` takes 1 to {len(found)}")
    lines = [span.source.position(span.start).line for span in spans]
    named = ", ".join(map(str, lines[:_NAMED])) + (", .." if len(lines) > _NAMED else "")
    message = f"the text has {len(found)} signals (lines {named}), and a plan is one"
    return problem(SEVERAL, spans[1], "", message, f"`--nth 1` to `--nth {len(found)}` takes one of them")


def _laid_out(text: str) -> str:
    return lay_out(NAME, text.encode(errors="surrogatepass")).text or text


def _unread(segment: SignalPart, study: Unread, typed: Mapping[str, Span]) -> Iterator[Diagnostic]:
    """Yields why the plan cannot be read: at the option that says it, or at the signal."""
    scan, card = segment.scan, segment.card
    for found in study.diagnostics:
        if found.severity is not Severity.ERROR:
            continue
        key = found.path.partition(".")[0].partition("[")[0]
        if key in typed:
            yield found._replace(span=typed[key], path="", help=str(found.help), edits=(), related=())
        elif found.kind is NEEDS_EQUITY and card.amounts:
            message = "an amount in percent is one of the account, which the text does not know"
            help = "`--equity 10000` says what the account is worth, `--size` or `--risk` an amount"
            yield problem(INCOMPLETE, scan.span(card.amounts[0].place), "", message, help)
        else:
            message = f"no plan can be made of it: {found.message}"
            yield problem(INCOMPLETE, scan.span(scan.about), "", message, str(found.help))
