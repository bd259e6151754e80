"""`scaleplan import`: the text of a signal to a plan, with what was assumed, left out or odd said at its place."""

from typing import TYPE_CHECKING, Any

from scaleplan.cli.command import Call, Command, Option, WrongUsage, choice, number, switch, text
from scaleplan.cli.options import complete_path
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from decimal import Decimal

    from scaleplan.draft.imported import ImportedSignal
    from scaleplan.plan import Side
    from scaleplan.signals.words import Wishes
    from scaleplan.source import Span

FILE: Option[str] = Option((), "The file with the text; `-`, and left out, is standard input.", "-", "FILE")
SIZE = text("--size", "SIZE", "The most it may hold: '900 USDT', '5% margin'.")
RISK = text("--risk", "AMOUNT", "The size by what it may lose: 250, or 1%.")
EQUITY = text("--equity", "AMOUNT", "What the account is worth.")
LEVERAGE = text("--leverage", "X", "What is set on the venue, whatever the text says.")
PRICE = text("--price", "P", "What an entry at the market fills at.")
QUOTE = text("--quote", "Q", "What the pair is paid in: USDT.")
SIDE = text("--side", "S", "long or short, whatever the text says.")
ZONE_TIERS = number("--zone-tiers", "N", "How many tiers a zone is; 4 where it is left out.")
SCALE = text("--scale", "X", "What every price of the text is multiplied by: 0.0001.")
VENUE = text("--venue", "V", "Brackets, fees and lots of a venue: binance.")
NTH = number("--nth", "N", "Which signal of a text with several, from 1.")
OUTPUT = text("--output", "FILE", "Save the plan.", short="-o")._replace(complete=complete_path)
FORCE = switch("--force", "Replace the file that is there.")
FORMAT = choice("--format", ("yaml", "json", "show"), "The plan, a record of it, or its figures as `show` has them.")
#: What a value on the command line says in the plan, by its key there.
_KEYS: dict[str, tuple[Option[str | None], ...]] = {
    "size": (SIZE, RISK),
    "account": (EQUITY,),
    "leverage": (LEVERAGE,),
    "venue": (VENUE,),
}
#: The longest name of a currency, and the fewest tiers of a zone.
_LONGEST_QUOTE, _FEWEST = 10, 2
COMMAND = Command(
    """Make a plan of the text of a signal. What it assumes, leaves out or finds odd is said on standard error.

    It reads what channels write: pair, side, leverage, entries, targets, stop, shares, stop moves, in English or
    Russian, in lines or in one. Nothing is believed: the plan is as good as its signal, and `check` says what is not.
    """,
    (
        *(FILE, SIZE, RISK, EQUITY, LEVERAGE, PRICE, QUOTE, SIDE, ZONE_TIERS, SCALE, VENUE, NTH),
        *(OUTPUT, FORCE, FORMAT),
    ),
    examples=(
        "scaleplan import plans/signals/breakout.txt",
        "scaleplan import plans/signals/breakout.txt --risk 50 --format show",
    ),
)


def run(call: Call) -> Reply:
    """Makes the plan; prints it or what it comes to, and saves it where that is asked for."""
    from scaleplan.bounds import is_yaml
    from scaleplan.cli.plans import NOWHERE, is_nowhere
    from scaleplan.cli.talk import refusal
    from scaleplan.draft.imported import NAME, import_signal
    from scaleplan.signals.text import MOST_BYTES
    from scaleplan.source import STANDARD_INPUT, Unreachable, name_of, read_bytes
    from scaleplan.study import Session

    path, output = call[FILE] or STANDARD_INPUT, call[OUTPUT]
    if output is not None and output != STANDARD_INPUT and not is_yaml(output):
        raise WrongUsage(OUTPUT, f"`{output}` is not named as plans are; name it `{output or 'plan'}.yaml`")
    wishes = _wishes(call)
    if is_nowhere(path):
        return Reply("", refusal(Unreachable(path, NOWHERE)), ExitCode.REFUSED)
    try:
        data = read_bytes(path, MOST_BYTES)
    except Unreachable as error:
        return Reply("", refusal(error), ExitCode.REFUSED)
    file = "" if output in (None, STANDARD_INPUT) else str(output)
    found = import_signal(name_of(path), data, wishes, Session(), file=file or NAME, typed=_typed(call))
    return _reply(call, found, name_of(path), file)


def _reply(call: Call, found: "ImportedSignal", name: str, file: str) -> Reply:
    """Returns what is said of a text, and the plan in the format that is asked for."""
    from scaleplan.cli.studied import written

    format = call[FORMAT]
    talk = "" if format == "json" else written(found.diagnostics, call.screen.talk)
    saved, code = "", ExitCode.OK
    if found.study is None:
        code = ExitCode.ERRORS
    elif file:
        from scaleplan.cli.saving import save

        saved, code = save(file, found.yaml.encode(errors="surrogatepass"), force=call[FORCE])
    if format == "json":
        from scaleplan.report.record import to_json
        from scaleplan.report.signals.record import import_record

        return Reply(to_json(import_record(found, name)), saved, code)
    if found.study is None:
        return Reply("", talk, code)
    if format == "show":
        from scaleplan.cli.commands.show import output
        from scaleplan.cli.studied import StudiedFiles, exit_code

        results = StudiedFiles([found.study])
        shown = output(results, (), call.screen.out, "table")
        return Reply(shown, talk + saved, max(code, exit_code(found.study.diagnostics, refused=False, strict=False)))
    return Reply("" if file else found.yaml, talk + saved, code)


def _wishes(call: Call) -> "Wishes":
    """Returns what the options say. Raises `WrongUsage` for a value that is none."""
    from scaleplan.signals.words import Wishes

    if call[SIZE] is not None and call[RISK] is not None:
        raise WrongUsage(RISK, f"it says the size, and `{SIZE.name}` does too: leave one out")
    quote = (call[QUOTE] or "").upper()
    if call[QUOTE] is not None and not (quote.isascii() and quote.isalnum() and len(quote) <= _LONGEST_QUOTE):
        raise WrongUsage(QUOTE, f"`{call[QUOTE]}` is no name of a currency, as `USDT` is")
    tiers, nth = call[ZONE_TIERS], call[NTH]
    if tiers is not None and tiers < _FEWEST:
        raise WrongUsage(ZONE_TIERS, f"a zone is {_FEWEST} tiers or more")
    if nth is not None and nth < 1:
        raise WrongUsage(NTH, "signals are counted from 1")
    return Wishes(
        size=_said(call, SIZE),
        risk=_said(call, RISK),
        equity=_said(call, EQUITY),
        leverage=_said(call, LEVERAGE),
        venue=_said(call, VENUE),
        quote=quote,
        price=_number(call, PRICE),
        side=_side(call),
        zone_tiers=tiers,
        scale=_number(call, SCALE),
        nth=nth,
    )


def _said(call: Call, option: Option[str | None]) -> str:
    value = call[option]
    if value is not None and not value.strip():
        raise WrongUsage(option, "its value is empty")
    return (value or "").strip()


def _number(call: Call, option: Option[str | None]) -> "Decimal | None":
    from scaleplan.quantity.form import Mistake
    from scaleplan.quantity.number import read_number

    written = call[option]
    if written is None:
        return None
    value = read_number(written.strip())
    if isinstance(value, Mistake):
        raise WrongUsage(option, f"{value.message}; {value.help}")
    if not value:
        raise WrongUsage(option, "it is above zero")
    return value


def _side(call: Call) -> "Side | None":
    from scaleplan.plan import Side

    word = call[SIDE]
    if word is None:
        return None
    sides = {"long": Side.LONG, "buy": Side.LONG, "short": Side.SHORT, "sell": Side.SHORT}
    if word.strip().lower() not in sides:
        raise WrongUsage(SIDE, f"`{word}` is neither long nor short")
    return sides[word.strip().lower()]


def _typed(call: Call) -> "dict[str, Span]":
    """Returns the place of each value on the command line, by the key of the plan that it stands behind."""
    from scaleplan.source import typed_line

    spans = typed_line("import", call.typed)
    found: dict[str, Span] = {}
    flags: dict[str, tuple[str, Option[Any]]] = {
        flag: (key, option) for key, options in _KEYS.items() for option in options for flag in option.flags
    }
    for index, word in enumerate(call.typed):
        flag, equals, _ = word.partition("=")
        if flag in flags and call[flags[flag][1]] is not None:
            key = flags[flag][0]
            found[key] = spans[index] if equals else spans[min(index + 1, len(spans) - 1)]
    return found
