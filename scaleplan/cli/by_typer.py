"""Help, completion and wrong usage: the declared commands, put together as typer wants them."""

import os
from collections.abc import Callable, Sequence
from inspect import Parameter, Signature
from typing import TYPE_CHECKING, Any, ClassVar, Literal, cast

import typer
from typer.core import TyperGroup

from scaleplan import __version__
from scaleplan.cli.command import HEADS, NAMES, Call, Option, WrongUsage, load
from scaleplan.cli.reply import ExitCode, Reply, Screen
from scaleplan.source import is_option

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

#: What `scaleplan` alone says: ten lines that take a newcomer to the first table.
WELCOME = """\
scaleplan works out a trade plan before the trade: average entry, risk in R,
leverage and liquidation price after each entry, and what is wrong with it.
Paste these five lines into a file, sol.yaml:
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140, 130]
stop: 118

Then type: scaleplan show sol.yaml          (all there is: scaleplan --help)
"""
#: More characters than a first sentence has: it is wrapped at narrow widths, never cut.
_WHOLE = 1000
_HELP = """Work out a trade plan before the trade.

A plan is a YAML file. Exit codes: 0 nothing is wrong, 1 a plan has errors, 2 wrong usage, 3 a file or the output
is refused by the operating system.
"""
_EXAMPLE = "scaleplan show plans/breakout-retest-pyramid.yaml"


class CommandGroup(TyperGroup):
    """Commands in help: each with the first sentence of its own help, whole, where typer would cut it."""

    heads: ClassVar[dict[str, tuple[str, ...]]] = {}

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Writes the commands under their heads, with the sentences in one column."""
        known = {name: self.commands[name].get_short_help_str(_WHOLE) for name in self.list_commands(ctx)}
        width = max(map(len, known))
        for head, names in (self.heads or {"Commands": tuple(known)}).items():
            with formatter.section(head):
                formatter.write_dl([(name.ljust(width), known[name]) for name in names])


class AllCommands(CommandGroup):
    """All commands, by what they are for."""

    heads = HEADS


class CommandRunner:
    """What the commands run with, and the reply once one has come to it.

    With `wrong` there is no run: what is wrong with the usage is known already, and is said by typer.
    """

    def __init__(self, screen: Screen, wrong: WrongUsage | None = None, typed: Sequence[str] = ()) -> None:
        self.reply: Reply | None = None
        self._typed = typed
        self._screen = screen
        self._wrong = wrong

    def run(self, name: str, values: dict[str, Any]) -> None:
        """Runs a command by what is typed for it."""
        try:
            if self._wrong is not None:
                raise self._wrong
            self.reply = load(name)[1](Call(values, self._screen, self._typed))
        except WrongUsage as wrong:
            raise typer.BadParameter(str(wrong), param_hint=wrong.option.name) from wrong


def reply_of_typer(arguments: Sequence[str], screen: Screen, wrong: WrongUsage | None) -> Reply | int:
    """Returns what a command replies as typer reads it, or the exit code where typer itself has said all."""
    only = arguments[0] if arguments and arguments[0] in NAMES else ""
    runner, code = CommandRunner(screen, wrong, arguments), int(ExitCode.OK)
    try:
        program(runner, only, listing=not only and _only_lists(arguments)).main(
            _prices_last(arguments), prog_name="scaleplan"
        )
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else ExitCode.OK
    return code if runner.reply is None else runner.reply


def _only_lists(arguments: Sequence[str]) -> bool:
    """Returns whether nothing but the list of all commands can come of these words; completion may ask for more."""
    return "_SCALEPLAN_COMPLETE" not in os.environ and not any(word in NAMES for word in arguments)


def _prices_last(arguments: Sequence[str]) -> list[str]:
    """Returns the arguments with prices such as `-1.5%`, which typer takes for options, behind `--`.

    What follows an option that takes a value is its value, whatever it begins with.
    """
    command = load(arguments[0])[0] if arguments and arguments[0] in NAMES else None
    takes = {flag for option in command.options if option.kind is not bool for flag in option.flags} if command else ()
    prices = [
        at
        for at, word in enumerate(arguments)
        if word.startswith("-") and word != "-" and not is_option(word) and arguments[at - 1] not in takes
    ]
    if not prices or "--" in arguments:
        return list(arguments)
    others = [word for at, word in enumerate(arguments) if at not in prices]
    return [*others, "--", *(arguments[at] for at in prices)]


def program(runner: CommandRunner, only: str = "", *, listing: bool = False) -> TyperGroup:
    """Returns the commands, put together; or `only` the one that is meant, because each takes time.

    With `listing` they have names and help, and nothing that is typed for them.
    """
    app = typer.Typer(
        cls=AllCommands,
        # Plain help: rich's panels would be loaded for it, and cut long words at narrow widths.
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )

    def root(context: typer.Context, **_: object) -> None:
        if context.invoked_subcommand is None:
            typer.echo(WELCOME, nl=False)

    help = "Show the version and exit."
    version = typer.Option(False, "--version", help=help, callback=_version, is_eager=True)  # noqa: FBT003
    _sign(root, {"version": (bool, version)})
    app.callback(invoke_without_command=True, help=_HELP, epilog=_examples((_EXAMPLE,)))(root)
    for name in (only,) if only else NAMES:
        if listing:
            app.command(name, help=load(name)[0].help)(_nothing)
        else:
            _add(app, name, runner)
    return cast("TyperGroup", typer.main.get_command(app))


def _nothing() -> None:
    """Stands for a command in a list."""


def _add(app: typer.Typer, name: str, runner: CommandRunner) -> None:
    """Adds a command, and those below it."""
    command, _ = load(name)
    word, epilog = name.rpartition(" ")[2], _examples(command.examples)

    def body(context: typer.Context, **given: object) -> None:
        if context.invoked_subcommand is None:
            values = {
                option.name: tuple(value) if isinstance(value, list) else value
                for option, value in zip(command.options, given.values(), strict=True)
                if value is not None
            }
            runner.run(name, values)

    _sign(body, {f"value_{index}": _parameter(option) for index, option in enumerate(command.options)})
    if not command.children:
        app.command(word, help=command.help, epilog=epilog)(body)
        return
    group = typer.Typer(cls=CommandGroup, rich_markup_mode=None)
    group.callback(invoke_without_command=True, help=command.help, epilog=epilog)(body)
    for child in command.children:
        _add(group, f"{name} {child}", runner)
    app.add_typer(group, name=word)


def _sign(body: Callable[..., None], parameters: dict[str, tuple[Any, Any]]) -> None:
    """Gives a function the parameters that typer reads a command from, each a type and what typer takes as default."""
    kinds = {"context": typer.Context} | {name: kind for name, (kind, _) in parameters.items()}
    defaults = {name: default for name, (_, default) in parameters.items()}
    body.__annotations__ = kinds
    body.__signature__ = Signature(  # type: ignore[attr-defined]
        [
            Parameter(name, Parameter.KEYWORD_ONLY, default=defaults.get(name, Parameter.empty), annotation=kind)
            for name, kind in kinds.items()
        ]
    )


def _parameter(option: Option[Any]) -> tuple[Any, Any]:
    """Returns the type of an option, and the option as typer wants it."""
    kind: Any = Literal[option.choices] if option.choices else option.kind
    kind = list[kind] if option.many else kind
    if not option.required and option.default in (None, ()):
        kind = kind | None
    default = ... if option.required else option.default or None
    if option.flags:
        return kind, typer.Option(default, *option.flags, metavar=option.metavar or None, help=option.help)
    return kind, typer.Argument(default, metavar=option.metavar, help=option.help, autocompletion=option.complete)


def _examples(lines: Sequence[str]) -> str:
    # The \b tells the help's paragraphs to keep their lines as they are.
    return "\b\n" + "\n".join(("Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)))


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it so
    if value:
        typer.echo(f"scaleplan {__version__}")
        raise typer.Exit
