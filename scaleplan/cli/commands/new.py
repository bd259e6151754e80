"""`scaleplan new`: a commented plan from flags or from answers at the terminal, or one of the bundled examples."""

from typing import TYPE_CHECKING, Any

from scaleplan.cli.command import Call, Command, Option, switch, text, texts

if TYPE_CHECKING:
    from scaleplan.cli.reply import Reply

WORDS: Option[tuple[str, ...]] = Option(
    (), "The file to write (`-` prints it), and the tiers' prices.", (), "[FILE] [PRICE]...", many=True
)
LONG = text("--long", "SYMBOL", "Buy this: BTC/USDT, BTC/USDT:USDT.")
SHORT = text("--short", "SYMBOL", "Sell this short.")
#: By the field of `Answers` that an option fills.
ANSWERS: dict[str, Option[Any]] = {
    "stop": text("--stop", "PRICE", "Where the exit order sits."),
    "size": text("--size", "SIZE", "The most it may hold: '900 USDT', '0.5 BTC'."),
    "risk": text("--risk", "AMOUNT", "The size by what it may lose: 250, or 1%."),
    "leverage": text("--leverage", "X", "What is set on the venue."),
    "maintenance": text("--maintenance", "RATE", "The venue's rate, such as 0.5%."),
    "equity": text("--equity", "AMOUNT", "What the account is worth."),
    "style": text("--style", "STYLE", "pyramid, confirmation, dca, range or single."),
    "targets": texts("--target", "PRICE", "A target: 64000, 3R, entry +1.5%; once for each."),
    "triggers": texts("--trigger", "TEXT", "What must be seen; once for each tier."),
}
OUTPUT = text("--output", "FILE", "The file to write; `-` prints it.", short="-o")
FROM = text("--from", "NAME", "Take a bundled example instead.")
LIST = switch("--list", "List the bundled examples.")
COMMAND = Command(
    "Write a new plan, from flags or by asking. It comes with comments, and never over a file that is there.",
    (WORDS, LONG, SHORT, *ANSWERS.values(), OUTPUT, FROM, LIST),
    examples=(
        "scaleplan new - --long SOL/USDT 150 140 130 --stop 118 --size '900 USDT'",
        "scaleplan new - --from range-short",
        "scaleplan new --list",
    ),
)


def run(call: Call) -> "Reply":
    """Writes a new plan, or says why not; nothing that is there already is ever overwritten."""
    from scaleplan.cli.asking import terminal
    from scaleplan.cli.new_plan import Wish, new
    from scaleplan.draft.answers import Answers

    answers = Answers(**{field: call[option] for field, option in ANSWERS.items() if call[option] is not None})
    long, short, output, example = (call[option] or "" for option in (LONG, SHORT, OUTPUT, FROM))
    wish = Wish(call[WORDS], output, long, short, answers, example, call[LIST])
    return new(wish, call.screen, terminal(call.screen.talk.width))
