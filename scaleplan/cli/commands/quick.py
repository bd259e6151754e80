"""`scaleplan quick`: a plan on one line, shown, printed as YAML or saved."""

from typing import TYPE_CHECKING, Any

from scaleplan.cli.command import Call, Command, Option, WrongUsage, choice, switch, text, texts
from scaleplan.cli.options import ALLOW_FILES, STRICT, allowed_of, complete_path
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from scaleplan.draft.quick import Quick
    from scaleplan.study import Settings, Study

WORDS: Option[tuple[str, ...]] = Option(
    (),
    "long or short, the symbol, and the tiers: 60000:25%, 59500:25%:after=60500, or 60000..57000:4 for all of them.",
    (),
    "SIDE SYMBOL TIER...",
    many=True,
    required=True,
)
#: What says something of the plan; `scaleplan.draft.quick` reads it from the line as typed.
PLAN_OPTIONS: tuple[Option[Any], ...] = (
    text("--stop", "PRICE", "Where the exit order sits; none for none."),
    text("--wrong", "PRICE", "Where the idea is wrong."),
    texts("--target", "TARGET", "61000:25%:breakeven, 3R:rest, 68000:trail=2%; once for each."),
    text("--size", "SIZE", "The most it may hold: '900 USDT', '0.5 BTC', '5% margin'."),
    text("--risk", "AMOUNT", "The size by what it may lose: 250, or 1%."),
    text("--equity", "AMOUNT", "What the account is worth."),
    text("--account", "FILE", "The file that says it.")._replace(complete=complete_path),
    text("--leverage", "X", "What is set on the venue."),
    text("--margin-mode", "MODE", "isolated or cross."),
    text("--venue", "NAME", "Brackets, fees and lots of a venue: binance."),
    text("--maintenance", "RATE", "The venue's rate, such as 0.5%."),
    text("--fees", "MAKER/TAKER", "0.02%/0.05%."),
    text("--slippage", "RATE", "How much worse a stop or market order fills."),
    text("--style", "STYLE", "pyramid, confirmation, dca, range or single."),
    text("--name", "TEXT", "What the plan is called."),
)
YAML = switch("--yaml", "Print the plan instead.")
SAVE = text("--save", "FILE", "Save the plan.")._replace(complete=complete_path)
FORCE = switch("--force", "Replace the file that is there.")
FORMAT = choice("--format", ("table", "json", "md", "html", "csv"), "How to show it.")
_OTHERWISE = "the plan would not read the same there (account, policy, files that it names), so it is not written"
COMMAND = Command(
    """Show a plan typed on one line.

    A price may be -1.5%, from tier 1. Behind a tier's price stand its share, its order (limit, stop, market),
    after=61200 or after=tier2, and stop=breakeven.
    """,
    (WORDS, *PLAN_OPTIONS, YAML, SAVE, FORCE, FORMAT, STRICT, ALLOW_FILES),
    examples=(
        "scaleplan quick long SOL/USDT 150 140 130 --stop 118 --size '900 USDT'",
        "scaleplan quick short A/USDT 10 +2% --stop 11 --risk 50 --leverage 3 --yaml",
    ),
)


def run(call: Call) -> Reply:
    """Shows the plan; with `--yaml` prints it, with `--save` keeps it too."""
    from scaleplan.bounds import is_yaml
    from scaleplan.cli.commands.show import output, told_beside
    from scaleplan.cli.studied import StudiedFiles, errors_of, reply_to, written
    from scaleplan.cli.talk import line_of
    from scaleplan.draft.quick import NAME, quick
    from scaleplan.study import Session, Settings, Study

    file, format, talk = call[SAVE], call[FORMAT], call.screen.talk
    if file == "-":
        raise WrongUsage(SAVE, "`--yaml` prints the plan")
    if file is not None and not is_yaml(file):
        raise WrongUsage(SAVE, f"`{file}` is not named as plans are; name it `{file or 'plan'}.yaml`")
    if call[YAML] and format != FORMAT.default:
        raise WrongUsage(YAML, f"it prints the plan as YAML: leave out `--format {format}`")
    beside = {flag: option.kind is not bool for option in COMMAND.options for flag in option.flags}
    settings = Settings(allowed=allowed_of(call))
    found = quick(Session(settings), call.typed[1:], beside)
    study = found.studied
    last, code = "", ExitCode.OK
    if isinstance(study, Study):
        if file is not None:
            last, code = _saved(found, file, settings, call)
        if call[YAML] or format == "json":
            text = found.yaml()
            again = Session(settings).study(NAME, text.encode(errors="surrogatepass"))
            if again.plan != study.plan:
                return Reply("", line_of(NAME, _OTHERWISE), ExitCode.ERRORS)
            if call[YAML]:
                said = errors_of((study,), talk)
                return reply_to(StudiedFiles([study]), text, beside=said, last=last, strict=call[STRICT], codes=[code])
            # Programs have the places of the plan as YAML.
            study = again
    results = StudiedFiles([study])
    out = "" if call[YAML] else output(results, (), call.screen.out, format)
    if out and format == FORMAT.default and file is None and isinstance(study, Study):
        out += f"\n`--save {_file_of(study)}` keeps this plan\n"
    said = written(told_beside(results.studies, format), talk)
    return reply_to(results, out, beside=said, last=last, strict=call[STRICT], codes=[code])


def _saved(found: "Quick", file: str, settings: "Settings", call: Call) -> tuple[str, ExitCode]:
    """Saves the plan, where it says the same in that file; returns what to say, and the exit code."""
    import os

    from scaleplan.cli.saving import save
    from scaleplan.cli.studied import errors_of
    from scaleplan.cli.talk import line_of
    from scaleplan.study import Session, Unread

    data = found.yaml(os.path.split(file)[0]).encode(errors="surrogatepass")
    again = Session(settings).study(file, data)
    if again.plan == found.studied.plan:
        return save(file, data, force=call[FORCE])
    why = errors_of((again,), call.screen.talk) if isinstance(again, Unread) else ""
    return why + line_of(file, _OTHERWISE), ExitCode.ERRORS


def _file_of(study: "Study") -> str:
    """Returns a name for the file of a plan: its base, in the letters that a shell takes as they are."""
    base = "".join(sign for sign in study.plan.symbol.base.lower() if sign.isascii() and sign.isalnum())
    return f"{base or 'plan'}.yaml"
