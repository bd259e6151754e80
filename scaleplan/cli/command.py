"""Commands as data: what is typed, the help, the options, the examples, and the function that runs it.

A new command is a file in `cli/commands/` and a word in `HEADS`. The file is named as the command is typed, with `_`
for each `-`, and holds a declaration and a function:

    FORMAT = choice("--format", ("text", "json"), "How to say it.")
    COMMAND = Command(
        "Say when a plan was written. The sentence before this one is its line in `scaleplan --help`.",
        (PLANS, FORMAT, EQUITY),
        examples=("scaleplan written plans/range-short.yaml",),
    )

    def run(call: Call) -> Reply:
        '''Returns the day of each plan.'''
        from scaleplan.study import Session
        if call[FORMAT] == "json": ...

A command that prints a plan as JSON has `record(study)` besides, and so `Study.as_dict` has it too.

Options of several commands stand in `scaleplan.cli.options`. `scaleplan --help` loads every one of these files, so at
their head they import nothing but `scaleplan.cli` and types; what a run needs is imported in the run.

Right usage is parsed here. Help, completion and wrong usage are typer's, which is handed the same declaration by
`scaleplan.cli.by_typer`; it takes a third of a start to load.
"""

from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from scaleplan.source import is_option

if TYPE_CHECKING:
    from scaleplan.cli.reply import Reply, Screen
    from scaleplan.study import Studied

Value = TypeVar("Value")
_Value_co = TypeVar("_Value_co", covariant=True)

#: Every command, by what it is for, in the order of `scaleplan --help`.
HEADS = {
    "Write a plan": ("new", "import", "fmt", "schema"),
    "Before the trade": (
        "check",
        "show",
        "quick",
        "at",
        "chart",
        "paths",
        "solve",
        "diff",
        "compare",
        "checklist",
        "export",
    ),
    "On prices": ("replay", "backtest", "sweep"),
    "In the trade": (
        "status",
        "lock",
        "fill",
        "exit",
        "stop",
        "log",
        "note",
        "undo",
        "assign",
        "import-fills",
        "journal",
    ),
    "After the trade": ("review",),
    "Liquidation and venues": ("explain-liquidation", "compare-venues", "venues"),
    "Rules": ("rules", "explain"),
    "More to read": ("help",),
}
#: More digits than a whole number on a command line has.
_DIGITS = 9
NAMES = tuple(name for names in HEADS.values() for name in names)


class Option(NamedTuple, Generic[_Value_co]):
    """What a command takes; without `flags` it is an argument, told by its place.

    `kind` is what one value is read as; a `bool` takes none. With `many` the value is the tuple of all that are given.
    `complete` returns what a shell offers for the beginning of a value.
    """

    flags: tuple[str, ...]
    help: str
    default: _Value_co
    metavar: str = ""
    kind: type = str
    choices: tuple[str, ...] = ()
    many: bool = False
    required: bool = False
    complete: Callable[[str], list[str]] | None = None

    @property
    def name(self) -> str:
        """Returns what tells it from the others of its command."""
        return self.flags[0] if self.flags else self.metavar


class Command(NamedTuple):
    """A command as declared; the first sentence of `help` is its line in the list of commands.

    `children` are the second words of the commands below it, each in a file of its own (`venues_show.py`).
    """

    help: str
    options: tuple[Option[Any], ...] = ()
    examples: tuple[str, ...] = ()
    children: tuple[str, ...] = ()


class WrongUsage(Exception):  # noqa: N818 - the usage is wrong, not the program
    """Raised where the value of an option is none; the message is a sentence."""

    def __init__(self, option: Option[Any], message: str) -> None:
        super().__init__(message)
        self.option = option


class Call:
    """One run of a command: the values of its options, what the streams are able to show, and all words as typed."""

    __slots__ = ("_values", "screen", "typed")

    def __init__(self, values: dict[str, Any], screen: "Screen", typed: Sequence[str] = ()) -> None:
        self._values = values
        self.screen = screen
        self.typed = tuple(typed)

    def __getitem__(self, option: Option[Value]) -> Value:
        """Returns what was given for an option, or its default; so too where the command does not have it."""
        value: Value = self._values.get(option.name, option.default)
        return value

    def on(self, screen: "Screen") -> "Call":
        """Returns the same call on streams that show something else by now."""
        return Call(self._values, screen, self.typed)


Run = Callable[[Call], "Reply"]


def switch(flag: str, help: str) -> Option[bool]:
    """Returns an option that is given or not."""
    return Option((flag,), help, default=False, kind=bool)


def text(flag: str, metavar: str, help: str, *, short: str = "", default: str | None = None) -> Option[str | None]:
    """Returns an option with one value, as typed."""
    return Option((flag, short) if short else (flag,), help, default, metavar)


def texts(flag: str, metavar: str, help: str) -> Option[tuple[str, ...]]:
    """Returns an option that may be given several times."""
    return Option((flag,), help, (), metavar, many=True)


def number(flag: str, metavar: str, help: str) -> Option[int | None]:
    """Returns an option with a whole number."""
    return Option((flag,), help, None, metavar, int)


def choice(flag: str, choices: tuple[str, ...], help: str) -> Option[str]:
    """Returns an option with one of a few words; the first is the default."""
    return Option((flag,), help, choices[0], choices=choices)


def load(name: str) -> tuple[Command, Run]:
    """Returns a command, by what is typed for it (`venues show`), and the function that runs it."""
    module = _module(name)
    return module.COMMAND, module.run


def record_function(name: str) -> "Callable[[Studied], dict[str, object]] | None":
    """Returns the function for the JSON of one plan, where a command has one: its `record`."""
    found: Callable[[Studied], dict[str, object]] | None = getattr(_module(name), "record", None)
    return found


def _module(name: str) -> ModuleType:
    return import_module(f"scaleplan.cli.commands.{name.replace('-', '_').replace(' ', '_')}")


def parsed(arguments: Sequence[str], screen: "Screen") -> tuple[Run, Call] | None:
    """Returns what to run for arguments of the plain form; for all others nothing, and typer has the word.

    The plain form is a command, and behind it its arguments and options, each option as it is declared: `--format json`
    or `--format=json`, `-o FILE`.
    """
    if not arguments or arguments[0] not in NAMES:
        return None
    name, *words = arguments
    command, run = load(name)
    if words and words[0] in command.children:
        command, run = load(f"{name} {words.pop(0)}")
    values = _values(command, words)
    return None if values is None else (run, Call(values, screen, arguments))


def _values(command: Command, words: Iterable[str]) -> dict[str, Any] | None:
    """Returns the value of each option that is given; nothing where a word is none of the plain form."""
    flags = {flag: option for option in command.options for flag in option.flags}
    places = [option for option in command.options if not option.flags]
    values: dict[str, Any] = {}
    rest = iter(words)
    for word in rest:
        written: str | None = word
        if not is_option(word):
            option = next((place for place in places if place.many or place.name not in values), None)
        else:
            flag, equals, behind = word.partition("=")
            option = flags.get(flag)
            if option is None or (equals and (option.kind is bool or not flag.startswith("--"))):
                return None
            if option.kind is not bool:
                written = behind if equals else next(rest, None)
        if option is None or written is None or not _put(values, option, written):
            return None
    return None if any(option.required and option.name not in values for option in command.options) else values


def _put(values: dict[str, Any], option: Option[Any], written: str) -> bool:
    """Adds what is written for an option to the values; returns whether it is a value of it."""
    value: Any = True if option.kind is bool else written
    if option.choices and written not in option.choices:
        return False
    if option.kind is int:
        # Numbers written otherwise, as +2 or with more digits than an int takes, are left to typer.
        if not written.isascii() or not written.isdecimal() or len(written) > _DIGITS:
            return False
        value = int(written)
    values[option.name] = (*values.get(option.name, ()), value) if option.many else value
    return True
