"""`scaleplan solve`: one unknown of a plan for one promise, put back and checked."""

from typing import TYPE_CHECKING, Any

from scaleplan.cli.command import Call, Command, Option, WrongUsage, choice, number, switch, text
from scaleplan.cli.options import ALLOW_FILES, EQUITY, PLAN, SET, TARGETS, TIERS, settings_of, tiers_of
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.diagnostic import Diagnostic
    from scaleplan.questions.solve import Answered
    from scaleplan.questions.solve.goals import Typed
    from scaleplan.questions.solve.records import Goal, Solution
    from scaleplan.questions.solve.written import Write
    from scaleplan.source import Span
    from scaleplan.study import Study

WHATS = ("size", "leverage", "stop", "margin", "add", "close", "shares", "target", "tiers")
WHAT = Option((), f"What is not known: {', '.join(WHATS)}.", "", "WHAT", choices=WHATS, required=True)
LOSS = text("--loss", "L", "size, stop, tiers: lose at most so much: 600, 1R, 2% of equity.")
MARGIN = text("--margin", "M", "size: post at most so much margin: 5000, 25% of equity.")
BEHIND = text("--behind", "B", "leverage, margin: be liquidated so far behind the stop, or later: 5%.")
STATE = choice("--state", ("worst",), "leverage, margin: in which state; worst is each of `paths`. --tiers names one.")
AT = text("--at", "PRICE", "add: at which price.")
AVERAGE = text("--average", "A", "add: until the average is this price.")
RISK = text("--risk", "R", "add: until the stop loses so much: 1R, 2%, 500.")
LIQUIDATED = text("--liquidated", "L", "add: until it is liquidated at this price, or so far behind the stop: 8%.")
ORDER: Option[str | None] = Option(
    ("--order",), "add: how it is executed; limit if left out.", None, choices=("limit", "stop", "market")
)
TARGET = number("--target", "J", "close: at which target.")
FREE = switch("--free", "close: so that the rest, stopped out, loses nothing.")
WITH_STOP = text("--with-stop", "PRICE", "close: with the stop there from then on.")
EACH = switch("--each", "close: for every count of filled tiers.")
EQUAL_RISK = switch("--equal-risk", "shares: so that every tier risks the same.")
NET = text("--net", "N", "target: net so much, all closed there: 0, 2R, 500, 50% margin.")
STEP = text("--step", "X", "leverage: the steps in which the venue sets it; 1 if left out.")
WRITE = switch("--write", "Put the answer into the plan: size, leverage, stop, margin, close.")
FORMAT = choice("--format", ("text", "json"), "How to say it.")
COMMAND = Command(
    """Solve a plan for one unknown. The answer is put back, and checked on every path; the next one breaks the promise.

    Each unknown has its goal: `solve size` --loss or --margin, `leverage` --behind, `stop` --loss, `margin` --behind,
    `add` --at with --average, --risk or --liquidated, `close` --target with --free, `shares` --equal-risk, `target`
    --net, `tiers` --loss. Exit codes: 1 where nothing keeps the promise.
    """,
    (
        *(WHAT, PLAN, LOSS, MARGIN, BEHIND, STATE, AT, AVERAGE, RISK, LIQUIDATED, ORDER, TARGET, FREE, WITH_STOP, EACH),
        *(EQUAL_RISK, NET, TIERS, TARGETS, STEP, WRITE, FORMAT, EQUITY, SET, ALLOW_FILES),
    ),
    examples=(
        "scaleplan solve leverage plans/breakout-retest-pyramid.yaml --behind 5%",
        "scaleplan solve stop plans/breakout-retest-pyramid.yaml --loss 600",
        "scaleplan solve add plans/range-short.yaml --at 29600 --risk 1R --tiers 1",
    ),
)

#: The goals of each unknown (one of each group has to be there), and what else it takes.
_GOALS: dict[str, tuple[tuple[Option[Any], ...], ...]] = {
    "size": ((LOSS, MARGIN),),
    "leverage": ((BEHIND,),),
    "stop": ((LOSS,),),
    "margin": ((BEHIND,),),
    "add": ((AT,), (AVERAGE, RISK, LIQUIDATED)),
    "close": ((TARGET,), (FREE,)),
    "shares": ((EQUAL_RISK,),),
    "target": ((NET,),),
    "tiers": ((LOSS,),),
}
_TAKES: dict[str, tuple[Option[Any], ...]] = {
    "leverage": (TIERS, TARGETS, STEP),
    "margin": (TIERS, TARGETS),
    "add": (ORDER, TIERS, TARGETS),
    "close": (WITH_STOP, EACH, TIERS),
    "target": (TIERS, TARGETS),
}
_EXAMPLES = {
    LOSS: "--loss 600",
    MARGIN: "--margin 25%",
    BEHIND: "--behind 5%",
    AT: "--at 41000",
    AVERAGE: "--average 40200",
    RISK: "--risk 1R",
    LIQUIDATED: "--liquidated 8%",
    TARGET: "--target 1",
    FREE: "--free",
    EQUAL_RISK: "--equal-risk",
    NET: "--net 2R",
}
_OPTIONS = (*_EXAMPLES, ORDER, WITH_STOP, EACH, TIERS, TARGETS, STEP)
_TEXTS = (LOSS, MARGIN, BEHIND, AT, AVERAGE, RISK, LIQUIDATED, WITH_STOP, NET, STEP)
#: What a plan has a key for.
_WRITTEN = ("size", "leverage", "stop", "margin", "close")


def run(call: Call) -> Reply:
    """Solves one plan, and with --write puts the answer into it."""
    from scaleplan.cli.studied import StudiedFiles, reply_to, study_one, written
    from scaleplan.cli.talk import line_of
    from scaleplan.questions.solve import solve
    from scaleplan.questions.solve.goals import read_goal
    from scaleplan.questions.solve.records import Goal, NoState
    from scaleplan.study import Unread

    typed = _typed(call)
    study = study_one(call[PLAN], settings_of(call))
    if isinstance(study, Reply):
        return study
    if isinstance(study, Unread):
        out = ""
        if call[FORMAT] == "json":
            from scaleplan.report.record import to_json
            from scaleplan.report.solve.record import unread_record

            out = to_json(unread_record(study, typed.what))
        beside = "" if out else written(study.diagnostics, call.screen.talk)
        return reply_to(StudiedFiles([study]), out, beside=beside)
    goal = read_goal(study, typed)
    if not isinstance(goal, Goal):
        return Reply("", written(goal, call.screen.talk), ExitCode.USAGE)
    try:
        answered = solve(study, goal)
    except NoState as error:
        return Reply("", line_of(study.file, str(error)), ExitCode.USAGE)
    return _reply(call, study, goal, answered)


def _reply(call: Call, study: "Study", goal: "Goal", answered: "Answered") -> Reply:
    """Returns what is said of an answer, once it is written if that is asked for."""
    from scaleplan.cli.studied import StudiedFiles, errors_of, reply_to
    from scaleplan.cli.talk import line_of, refusal
    from scaleplan.source import Unreachable

    write, unwritable = _write_of(call, study, answered)
    then = _brought(study, answered)
    beside, codes, wrote, last = "", [], False, ""
    none = answered.none
    if none is not None and str(none.why.reason) != "nothing":
        codes.append(ExitCode.ERRORS)
    if call[WRITE] and answered.solution is not None:
        if write is None:
            last = line_of(study.file, f"nothing is written: {unwritable}")
            codes.append(ExitCode.USAGE if _is_usage(call) else ExitCode.ERRORS)
        elif write.data != study.data:
            from scaleplan.store import replace

            try:
                replace(study.file, write.data, study.data)
            except Unreachable as error:
                last = refusal(error)
                codes.append(ExitCode.REFUSED)
            else:
                wrote = True
    # What was written is judged as it stands in the file.
    judged = study.session.study(study.file, write.data) if wrote and write is not None else study
    if call[FORMAT] == "json":
        from scaleplan.report.record import to_json
        from scaleplan.report.solve.record import answer_record

        out = to_json(answer_record(study, goal, answered, write, then))
    else:
        from scaleplan.cli.studied import paged
        from scaleplan.report.solve.page import solve_page

        out = paged(
            lambda _: [solve_page(study, goal, answered, write, then, wrote=wrote)], call[FORMAT], call.screen.out
        )
        beside = errors_of((judged,), call.screen.talk)
    return reply_to(StudiedFiles([judged]), out, beside=beside, last=last, codes=codes)


def _is_usage(call: Call) -> bool:
    """Returns whether nothing could have been written, whatever the answer: standard input, or no key of a plan."""
    return call[PLAN] == "-" or call[WHAT] not in _WRITTEN or call[WITH_STOP] is not None


def _write_of(call: Call, study: "Study", answered: "Answered") -> "tuple[Write | None, str]":
    """Returns what writing the answer would change; or why it cannot be written, and what to type."""
    solution = answered.solution
    if solution is None or solution.answer is None:
        return None, ""
    by_hand = _by_hand(call, answered, solution)
    if by_hand:
        return None, by_hand
    from scaleplan.questions.solve.written import Unwritable, write_of

    try:
        return write_of(study, solution.path, solution.answer.typed[0], solution.plan), ""
    except Unwritable as error:
        return None, str(error)


def _by_hand(call: Call, answered: "Answered", solution: "Solution") -> str:
    """Returns what to type where an answer is no one value of a file; empty where it is."""
    path, typed = solution.path, solution.answer.typed if solution.answer else ()
    each = "share" if call[WHAT] == "shares" else "size"
    listed = ", ".join(f"`{each}: {text}` in tier {index}" for index, text in enumerate(typed, start=1))
    key = path.rpartition(".")[2]
    if call[WHAT] == "shares":
        ladder = f"`shares: [{', '.join(typed)}]` in the ladder of tiers"
        return f"write {ladder if answered.trials.is_ladder('tiers') else listed}"
    if call[WHAT] not in _WRITTEN:
        return f"a plan has no key for it: write `{typed[0]}` where it belongs"
    if not path and call[WHAT] == "close":
        closes = ", ".join(f"`{place}: {text}`" for place, text in solution.values)
        return f"the targets close equal shares that nobody wrote: write {closes}"
    if not path:
        return f"the tiers have sizes of their own: write {listed}"
    if call[PLAN] == "-":
        return f"standard input has no place for it: write `{key}: {typed[0]}`"
    if call[WITH_STOP] is None:
        return ""
    both = f"`stop: {call[WITH_STOP]}` and `{key}: {typed[0]}` in target {call[TARGET]}"
    return f"the answer holds with another stop: write {both}"


def _brought(study: "Study", answered: "Answered") -> "tuple[Diagnostic, ...]":
    """Returns what is wrong with the plan that has the answer, and was not before."""
    solution = answered.solution
    if solution is None or not solution.values:
        return ()
    from scaleplan.diagnostic import Severity

    after = answered.trials.session(solution.values).study(study.file, study.data)
    known = {(found.code, found.path) for found in study.diagnostics}
    new = [found for found in after.diagnostics if (found.code, found.path) not in known]
    return tuple(found for found in new if found.severity is not Severity.NOTE)


# What was typed


def _typed(call: Call) -> "Typed":
    """Returns the question as typed. Raises `WrongUsage` where a goal is missing, or is that of another unknown."""
    from scaleplan.plan import Order
    from scaleplan.questions.solve.goals import Typed
    from scaleplan.questions.solve.records import What

    what = call[WHAT]
    groups, takes = _GOALS[what], _TAKES.get(what, ())
    goals = [option for group in groups for option in group]
    for option in _OPTIONS:
        if _is_given(call, option) and option not in goals and option not in takes:
            raise WrongUsage(option, f"`solve {what}` has no use for it; write {_examples(what)}")
    for group in groups:
        given = [option for option in group if _is_given(call, option)]
        if not given:
            raise WrongUsage(group[0], f"`solve {what}` needs its goal: write {_examples(what)}")
        if len(given) > 1:
            raise WrongUsage(given[1], f"`solve {what}` has one goal at a time: leave out {given[0].name}")
    texts = {option.name.removeprefix("--"): call[option] for option in _TEXTS if call[option] is not None}
    return Typed(
        What(what),
        {name: value for name, value in texts.items() if value is not None},
        order=Order(call[ORDER] or "limit"),
        target=call[TARGET] or 0,
        each=call[EACH],
        tiers=tiers_of(call),
        targets=call[TARGETS],
        places=_places(call),
    )


def _places(call: Call) -> "dict[str, Span]":
    """Returns where the values of options stand on the command line as it was typed, by their names without dashes."""
    from scaleplan.source import typed_line

    names = {option.name: option.name.removeprefix("--") for option in _TEXTS}
    spans, found = typed_line("solve", call.typed), {}
    for index, (word, span) in enumerate(zip(call.typed, spans, strict=True)):
        flag, equals, value = word.partition("=")
        if word in names and index + 1 < len(spans):
            found[names[word]] = spans[index + 1]
        elif equals and flag in names and span.text == word:
            found[names[flag]] = span.part(len(word) - len(value), len(word))
    return found


def _is_given(call: Call, option: Option[Any]) -> bool:
    return call[option] is not None and call[option] is not False


def _examples(what: str) -> str:
    """Returns the goals of an unknown as they are typed: `--loss 600` or `--margin 25%`."""
    groups = [" or ".join(f"`{_EXAMPLES[option]}`" for option in group) for group in _GOALS[what]]
    return " with ".join(groups)
