"""Options of several commands, and what they ask for: how plans are read in this run."""

from typing import TYPE_CHECKING, Any

from scaleplan.cli.command import Call, Option, WrongUsage, number, switch, text, texts

if TYPE_CHECKING:
    from decimal import Decimal

    from scaleplan.decode.overrides import Override
    from scaleplan.decode.template import SignalBar
    from scaleplan.policy import Selection
    from scaleplan.study import Settings

#: More changes than anybody types for one run; each looks through every plan.
_CHANGES = 200


def complete_path(incomplete: str) -> list[str]:
    """Returns the YAML files and the folders that begin with what is typed; hidden ones only where a dot is typed."""
    from pathlib import Path

    from scaleplan.cli.plans import is_folder

    folder, slash, start = incomplete.rpartition("/")
    try:
        entries = sorted(Path(folder + slash or ".").iterdir())
    except OSError:
        return []
    offered = []
    for entry in entries:
        if not entry.name.startswith(start) or (entry.name.startswith(".") and not start.startswith(".")):
            continue
        if is_folder(str(entry)):
            offered.append(f"{folder}{slash}{entry.name}/")
        elif entry.suffix.lower() in (".yaml", ".yml"):
            offered.append(f"{folder}{slash}{entry.name}")
    return offered


PLAN = Option((), "A plan, as a YAML file; `-` is standard input.", "", "PLAN", required=True, complete=complete_path)
PLANS: Option[tuple[str, ...]] = Option(
    (),
    "Plans, as YAML files; `-` is standard input.",
    (),
    "PLAN...",
    many=True,
    required=True,
    complete=complete_path,
)
PLANS_AND_FOLDERS = PLANS._replace(
    help="Plans, as YAML files, or folders that hold some; `-` is standard input.", metavar="PLAN|FOLDER..."
)
EQUITY = text("--equity", "AMOUNT", "The account's equity for this run; as --set account.equity=.")
SET = texts("--set", "PATH=VALUE", "Change the plan for this run: stop=2640, tier2.price=140.")
SELECT = texts("--select", "CODE,...", "Tell these rules only: SP401, its name, or SP4 for all such.")
IGNORE = texts("--ignore", "CODE,...", "Do not tell these rules, beside those of .scaleplan.yaml.")
STRICT = switch("--strict", "Exit with 1 on warnings too.")
WATCH = switch("--watch", "Draw again each time the plan, or a file that it names, is saved.")
TIERS = text("--tiers", "N", "What is filled: 2 is tiers 1 and 2, else 1,3.")
TARGETS = number("--targets", "N", "How many targets have been hit.")
ALLOW_FILES = texts("--allow-files", "DIR", "Let plans name account and venue files below DIR too.")


AT = text("--at", "PRICE", "Of a template: the plan that it is where a signal's bar closes at PRICE.")
AT_ATR = text("--atr", "DISTANCE", "The ATR at that signal, in price.")
AT_COLUMN = texts("--column", "NAME=PRICE", "A price of the signal's bar that the template names.")
#: What makes a plan of a template.
MOMENT = (AT, AT_ATR, AT_COLUMN)


def settings_at(call: Call) -> "Settings":
    """Returns how plans are read in a run, templates at the moment that is asked for."""
    return settings_of(call)._replace(moment=_moment(call))


def _moment(call: Call) -> "SignalBar | None":
    price, distance = call[AT], call[AT_ATR]
    if price is None:
        for option in (AT_ATR, AT_COLUMN):
            if call[option]:
                raise WrongUsage(option, "says nothing without the price of the signal: add --at PRICE")
        return None
    from scaleplan.decode.template import SignalBar

    columns = {}
    for written in call[AT_COLUMN]:
        name, _, price = written.partition("=")
        columns[name.strip()] = _price(AT_COLUMN, price.strip())
    return SignalBar(_price(AT, price), None if distance is None else _price(AT_ATR, distance), columns)


def _price(option: "Option[Any]", written: str) -> "Decimal":
    from scaleplan.quantity.form import Mistake
    from scaleplan.quantity.number import read_number

    value = read_number(written)
    if isinstance(value, Mistake):
        raise WrongUsage(option, f"{value.message}; {value.help}")
    if not value:
        raise WrongUsage(option, "a price is above zero")
    return value


def settings_of(call: Call) -> "Settings":
    """Returns how plans are read in a run; raises `WrongUsage` where an option says what there is not."""
    from scaleplan.study import Settings

    return Settings(_overrides(call), _selection(call), allowed_of(call))


def tiers_of(call: Call) -> tuple[int, ...] | None:
    """Returns the filled tiers, from 1, that `--tiers` names; raises `WrongUsage` for what is no such list."""
    written = call[TIERS]
    if written is None:
        return None
    parts = [part.strip() for part in written.split(",")]
    digits = all(part.isascii() and part.isdecimal() and len(part) < 4 and int(part) > 0 for part in parts)
    if not digits:
        raise WrongUsage(TIERS, f"`{written}` names no tiers; write `2` for tiers 1 and 2, or `1,3`")
    numbers = tuple(map(int, parts))
    return tuple(range(1, numbers[0] + 1)) if len(numbers) == 1 else tuple(sorted(set(numbers)))


def _overrides(call: Call) -> "tuple[Override, ...]":
    """Returns the changes that `--set` and `--equity` ask for."""
    equity, written = call[EQUITY], call[SET]
    if equity is None and not written:
        return ()
    if len(written) > _CHANGES:
        raise WrongUsage(SET, f"{len(written):,} changes are more than {_CHANGES}; write them into a plan")
    from scaleplan.decode.overrides import equity_override, read_override

    options: list[tuple[Option[Any], Override | str]] = [(SET, read_override(change)) for change in written]
    # The option that says what it is for goes over a path that says the same.
    options += [(EQUITY, equity_override(equity))] if equity is not None else []
    overrides = []
    for option, override in options:
        if isinstance(override, str):
            raise WrongUsage(option, override)
        overrides.append(override)
    return tuple(overrides)


def _selection(call: Call) -> "Selection":
    """Returns the rules that `--select` and `--ignore` choose."""
    from scaleplan.policy import EVERYTHING, Selection

    if not call[SELECT] and not call[IGNORE]:
        return EVERYTHING
    from scaleplan.policy.codes import read_not_told, read_selected
    from scaleplan.quantity.form import Mistake

    chosen: dict[str, tuple[str, ...]] = {}
    for option, read in ((SELECT, read_selected), (IGNORE, read_not_told)):
        chosen[option.name] = ()
        for written in call[option]:
            codes = read(written)
            if isinstance(codes, Mistake):
                raise WrongUsage(option, f"{codes.message}; {codes.help}")
            chosen[option.name] += codes
    return Selection(chosen[SELECT.name], chosen[IGNORE.name])


def allowed_of(call: Call) -> tuple[str, ...]:
    """Returns the folders of `--allow-files`."""
    if not call[ALLOW_FILES]:
        return ()
    from scaleplan.cli.plans import NOWHERE, is_folder, is_nowhere

    for folder in call[ALLOW_FILES]:
        if not is_folder(folder):
            why = f": {NOWHERE}" if is_nowhere(folder) else ""
            raise WrongUsage(ALLOW_FILES, f"`{folder}` is no folder{why}")
    return call[ALLOW_FILES]
