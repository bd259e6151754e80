"""`scaleplan assign`: fills put into a trade, mapped anew, or taken out of it."""

from scaleplan.cli.command import Call, Command, Option, WrongUsage, number, switch
from scaleplan.cli.commands.exit import ROLES, role_of
from scaleplan.cli.journaling import RECORDING, recorded, words_of
from scaleplan.cli.options import ALLOW_FILES, EQUITY, SET
from scaleplan.cli.reply import Reply

WORDS: Option[tuple[str, ...]] = Option(
    (),
    "Fills by their number, E31, and behind them the plan or the trade.",
    (),
    "EVENT... PLAN",
    many=True,
    required=True,
)
TIER = number("--tier", "N", "They were this tier.")
NO_PLAN = switch("--no-plan", "They belong to no plan: no trade has them.")
COMMAND = Command(
    """Put fills into a trade, or map them anew. With --no-plan they are taken out of all trades.

    What a fill was follows from its price; this says it instead.
    """,
    (WORDS, TIER, *ROLES, NO_PLAN, EQUITY, SET, ALLOW_FILES, *RECORDING),
    examples=("scaleplan assign E2 T1 --tier 1",),
)


def run(call: Call) -> Reply:
    """Assigns fills."""
    from scaleplan.questions.trades import event_number

    words = list(call[WORDS])
    plan = None if call[NO_PLAN] else words.pop()
    if plan is not None and event_number(plan) is not None:
        raise WrongUsage(WORDS, "name the plan behind the fills, or give --no-plan")
    names = []
    for word in words:
        name = event_number(word)
        if name is None:
            raise WrongUsage(WORDS, f"`{word}` is no fill: fills are E31, as `scaleplan log` names them")
        names.append(name)
    if not names:
        raise WrongUsage(WORDS, "name at least one fill, as E31")
    role = role_of(call)
    if role is not None and call[TIER] is not None:
        raise WrongUsage(TIER, "a fill is an entry of a tier or a close: leave one of the two out")
    if plan is None and (role is not None or call[TIER] is not None):
        raise WrongUsage(NO_PLAN, "what is in no trade is neither a tier nor a close: leave one of the two out")
    closed = None if role is None else (str(role[0]), role[1])
    command = words_of("assign", *call[WORDS])
    return recorded(call, "assign", command, lambda recorder: recorder.assign(names, plan, call[TIER], closed))
