"""`scaleplan paths`: every path of one plan or several, as tables, trees, or for another program."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, WrongUsage, choice, switch, text
from scaleplan.cli.options import ALLOW_FILES, EQUITY, MOMENT, PLANS, SET, STRICT, settings_at
from scaleplan.cli.reply import ExitCode, Reply, Surface

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

    from scaleplan.paths import EveryPath
    from scaleplan.report.paths.words import WalkedPlan
    from scaleplan.study import Studied, Study

TREE = switch("--tree", "Every state once, as a tree to read; with --format table, md or html.")
FORMAT = choice("--format", ("table", "json", "md", "html", "csv", "dot"), "How to show it.")
EDGE = text(
    "--edge",
    "G",
    "Price with a drift instead of the fair price: 1 is none; below 1 it rises, above 1 it falls;"
    " 0: twice the price is as likely as half of it. (g = 1 - 2*mu/sigma^2.)",
)
FROM = text("--from", "PRICE", "Price begins here with nothing filled, not at tier 1.")
COMMAND = Command(
    """Walk every path of a plan: proofs and odds.

    What is proved of it, every way it can end, and how likely each is at a fair price.

    A broken proof shows the shortest path that breaks it; the exit code stays that of the plan, unless --strict.
    """,
    (
        PLANS,
        TREE,
        FORMAT,
        EDGE,
        FROM,
        EQUITY,
        SET,
        *MOMENT,
        STRICT._replace(help="Exit with 1 on warnings and on a broken proof too."),
        ALLOW_FILES,
    ),
    examples=(
        "scaleplan paths plans/range-short.yaml",
        "scaleplan paths plans/range-short.yaml --tree --from 29500",
        "scaleplan paths plans/range-short.yaml --edge 1.5 --format csv",
    ),
)

#: The formats that are pages, on which a tree can stand, and at whose end is what is wrong with a plan.
_PAGES = ("table", "md", "html")
#: Beyond this a drift only says that price never turns.
_FURTHEST_EDGE = 1000
#: Of more states than these the JSON is written while it is made.
_HELD_AT_ONCE = 5_000


def run(call: Call) -> Reply:
    """Walks every path of every plan named.

    A page says at its end what is wrong with a plan; beside the other forms its errors are said.
    """
    from scaleplan.cli.studied import errors_of, records_of, reply_to, study_all
    from scaleplan.cli.talk import line_of

    format, tree = call[FORMAT], call[TREE]
    if tree and format not in _PAGES:
        raise WrongUsage(TREE, f"a tree is text: leave out `--format {format}`, or --tree")
    settings, edge, start = settings_at(call), _edge(call[EDGE]), _start(call[FROM])
    results = study_all(call[PLANS], settings)
    walks = {study.every_path: _walk(study, edge, start) for study in results.shown}
    walked = [walk for walk in walks.values() if not isinstance(walk, str)]
    missing = {study.file: walk for study in results.shown if isinstance(walk := walks[study.every_path], str)}
    beside = "".join(line_of(file, reason) for file, reason in missing.items())
    out = ""
    pieces: Iterable[str] = ()
    if format == "json":
        from scaleplan.report.record import pieces_of_json

        pieces = pieces_of_json(records_of(results, lambda study: _walked(study, walks)))
    else:
        out = _out(walked, call.screen.out, format, tree=tree)
        told_inside = not tree and format in _PAGES
        wrong = [study for study in results.studies if study.ladder is None or not told_inside]
        beside = errors_of(wrong, call.screen.talk) + beside
    if sum(len(walk.paths.states) for walk in walked) <= _HELD_AT_ONCE:
        out, pieces = out + "".join(pieces), ()
    codes = [ExitCode.USAGE] if missing else []
    if call[STRICT] and any(proof.holds is False for walk in walked for proof in walk.paths.proofs):
        codes.append(ExitCode.ERRORS)
    return reply_to(results, out, beside=beside, strict=call[STRICT], codes=codes, pieces=pieces)


def _walk(study: "Study", edge: "Decimal | None", start: "Decimal | None") -> "WalkedPlan | str":
    """Returns what is to be said of the paths of a plan, or why that cannot be reckoned."""
    from scaleplan.engine import Unreckonable
    from scaleplan.report.paths.words import walked_of

    try:
        return walked_of(study, study.every_path.walked(edge, start))
    except Unreckonable as error:
        return f"--edge cannot be reckoned: {error.message}; {error.help}"


def record(study: "Studied") -> dict[str, object]:
    """Returns what the JSON says of the paths of a plan, at fair odds."""
    from scaleplan.report.paths.record import paths_record
    from scaleplan.study import Unread

    return paths_record(study, None if isinstance(study, Unread) else study.every_path.walked())


def _walked(study: "Studied", walks: "Mapping[EveryPath, WalkedPlan | str]") -> dict[str, object]:
    from scaleplan.report.paths.record import paths_record
    from scaleplan.study import Unread

    walk = None if isinstance(study, Unread) else walks[study.every_path]
    if isinstance(walk, str):
        return paths_record(study, None) | {"missing": walk}
    return paths_record(study, walk.paths if walk else None)


def _out(walked: "Sequence[WalkedPlan]", surface: Surface, format: str, *, tree: bool) -> str:
    if not walked:
        return ""
    if format == "csv":
        from scaleplan.report.paths.record import COLUMNS, TEXTS, paths_rows
        from scaleplan.report.record_csv import csv_table

        return csv_table(COLUMNS, TEXTS, (row for walk in walked for row in paths_rows(walk)))
    if format == "dot":
        from scaleplan.report.paths.graph import graphs

        return graphs(walked)
    from scaleplan.cli.studied import paged
    from scaleplan.report.paths.page import paths_page, tree_page

    page = tree_page if tree else paths_page
    return paged(lambda frame: [page(walk, frame) for walk in walked], format, surface)


def _edge(text: str | None) -> "Decimal | None":
    """Returns the drift that the option asks for."""
    if text is None:
        return None
    number = _number(text.strip().removeprefix("-"))
    if number is None or number > _FURTHEST_EDGE:
        message = f"`{text}` is no edge; write a number from -{_FURTHEST_EDGE} to {_FURTHEST_EDGE}, as 0.9 or -1.5"
        raise WrongUsage(EDGE, message)
    return -number if text.strip().startswith("-") else number


def _start(text: str | None) -> "Decimal | None":
    """Returns the price that the option asks for."""
    if text is None:
        return None
    price = _number(text.strip())
    if not price:
        raise WrongUsage(FROM, f"`{text}` is no price; write a number above zero, as 29500")
    return price


def _number(text: str) -> "Decimal | None":
    from scaleplan.quantity.form import Mistake
    from scaleplan.quantity.number import read_number

    number = read_number(text)
    return None if isinstance(number, Mistake) else number
