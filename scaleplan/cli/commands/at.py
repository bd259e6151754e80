"""`scaleplan at`: standing at a price, with what has been filled by then."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option, WrongUsage, choice
from scaleplan.cli.options import ALLOW_FILES, EQUITY, PLAN, SET, STRICT, TARGETS, TIERS, WATCH, settings_of, tiers_of
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scaleplan.questions.stance import Finished, Stance
    from scaleplan.source import Span
    from scaleplan.study import Studied, Study

PRICES: Option[tuple[str, ...]] = Option(
    (), "Where price is now: 41000, -1.5%, entry, 'tier 2', 2R.", (), "PRICE...", many=True, required=True
)
FORMAT = choice("--format", ("table", "json", "md", "csv"), "How to show it.")
COMMAND = Command(
    """Stand at a price, with what comes next.

    Without --tiers and --targets price has gone straight there from tier 1. With them it is the likeliest state of
    that name from which price goes straight there.
    """,
    (PLAN, PRICES, TIERS, TARGETS, FORMAT, EQUITY, SET, STRICT, ALLOW_FILES, WATCH),
    examples=(
        "scaleplan at plans/breakout-retest-pyramid.yaml 41000 --tiers 2",
        "scaleplan at plans/range-short.yaml -2% entry --format json",
    ),
)
#: More prices than anybody looks at in one run.
_MOST = 200


def run(call: Call) -> Reply:
    """Shows where the plan stands, with `--watch` each time that it is saved."""
    if call[WATCH]:
        from scaleplan.cli.watch import watched

        return watched(call, [call[PLAN]], FORMAT, _shown)
    return _shown(call)


def _shown(call: Call) -> Reply:
    """Shows a block for each price; a word that is no price, or a state that is none, is wrong usage."""
    from scaleplan.cli.studied import StudiedFiles, errors_of, reply_to, study_one, written
    from scaleplan.cli.talk import line_of
    from scaleplan.study import Study

    if len(call[PRICES]) > _MOST:
        raise WrongUsage(PRICES, f"{len(call[PRICES]):,} prices are more than {_MOST}")
    if not all(price.strip() for price in call[PRICES]):
        raise WrongUsage(PRICES, "a price is empty")
    if (call[TARGETS] or 0) < 0:
        raise WrongUsage(TARGETS, f"{call[TARGETS]} is no number of targets; 0 is none")
    tiers = tiers_of(call)
    study = study_one(call[PLAN], settings_of(call))
    if isinstance(study, Reply):
        return study
    results, strict = StudiedFiles([study]), call[STRICT]
    if not isinstance(study, Study):
        from scaleplan.report.record import to_json

        out = to_json(record(study)) if call[FORMAT] == "json" else ""
        return reply_to(results, out, beside=errors_of((study,), call.screen.talk), strict=strict)
    from scaleplan.questions.stance import NoStance, stance
    from scaleplan.questions.typed_levels import read_goals

    goals, wrong = read_goals(study.plan, _places(call))
    if wrong:
        return Reply("", written(wrong, call.screen.talk), ExitCode.USAGE)
    stances = [stance(study, goal, tiers, call[TARGETS]) for goal in goals]
    refused = [there.message for there in stances if isinstance(there, NoStance)]
    if refused:
        return Reply("", "".join(line_of(study.file, why) for why in dict.fromkeys(refused)), ExitCode.USAGE)
    out = _out(study, [there for there in stances if not isinstance(there, NoStance)], call)
    beside = "" if call[FORMAT] == "json" else errors_of((study,), call.screen.talk)
    return reply_to(results, out, beside=beside, strict=strict)


def _out(study: "Study", stances: "Sequence[Stance | Finished]", call: Call) -> str:
    if call[FORMAT] == "json":
        from scaleplan.report.at.record import at_record
        from scaleplan.report.record import to_json

        records = [at_record(study, there) for there in stances]
        return to_json(records[0] if len(records) == 1 else records)
    if call[FORMAT] == "csv":
        from scaleplan.report.at.record import COLUMNS, TEXTS, at_rows
        from scaleplan.report.record_csv import csv_table

        return csv_table(COLUMNS, TEXTS, (row for there in stances for row in at_rows(study, there)))
    from scaleplan.cli.studied import paged
    from scaleplan.report.at.page import at_page

    return paged(lambda _: [at_page(study, there) for there in stances], call[FORMAT], call.screen.out)


def record(study: "Studied") -> dict[str, object]:
    """Returns what the JSON says of a plan at tier 1's price, with that filled."""
    from scaleplan.questions.stance import began
    from scaleplan.report.at.record import at_record
    from scaleplan.study import Study

    return at_record(study, began(study.ladder.machine) if isinstance(study, Study) else None)


def _places(call: Call) -> "list[Span]":
    """Returns the place of each price on the command line as it was typed: what is no option, nor the value of one."""
    from scaleplan.source import is_option, typed_line

    takes = {flag for option in COMMAND.options if option.kind is not bool for flag in option.flags}
    found: list[Span] = []
    is_value = ended = False
    for word, span in zip(call.typed, typed_line("at", call.typed), strict=True):
        if is_value:
            is_value = False
        elif word == "--" and not ended:
            ended = True
        elif not ended and is_option(word):
            is_value = word in takes
        else:
            found.append(span)
    # Before them stand the command and the plan.
    return found[2:]
