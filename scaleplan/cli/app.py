"""The commands and their options, as typer wants them. It knows typer, and no other module does."""

from typing import TYPE_CHECKING, Annotated, cast

import typer
from typer.core import TyperGroup

from scaleplan import __version__
from scaleplan.cli.complete import complete_path
from scaleplan.cli.formats import CheckFormat, ShowFormat
from scaleplan.cli.outcome import Outcome, Screen
from scaleplan.cli.welcome import WELCOME

if TYPE_CHECKING:
    from scaleplan.decode import Override


class Call:
    """One run: what the screen shows, and the outcome once a command has come to it."""

    __slots__ = ("outcome", "screen")

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.outcome: Outcome | None = None


Plans = Annotated[
    list[str],
    typer.Argument(
        metavar="PLAN...", help="Plans, as YAML files; `-` is standard input.", autocompletion=complete_path
    ),
]
PlansAndFolders = Annotated[
    list[str],
    typer.Argument(
        metavar="PLAN|FOLDER...",
        help="Plans, as YAML files, or folders that hold some; `-` is standard input.",
        autocompletion=complete_path,
    ),
]
Set = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change the plan for this run: stop=2640, tiers[1].price=140."),
]
Equity = Annotated[
    str | None,
    typer.Option("--equity", metavar="AMOUNT", help="The account's equity for this run; as --set account.equity=."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")]


def command() -> TyperGroup:
    """The commands, put together."""
    app = typer.Typer(
        # Plain help: rich's panels would be loaded for it, and cut long words at narrow widths.
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    app.callback(invoke_without_command=True, epilog=_examples("scaleplan show plans/breakout-retest-pyramid.yaml"))(
        _root
    )
    app.command(
        "show",
        epilog=_examples(
            "scaleplan show plans/breakout-retest-pyramid.yaml",
            "scaleplan show plans/three-buys-by-money.yaml --equity 21500 --set stop=88 --format json",
        ),
    )(_show)
    app.command(
        "check",
        epilog=_examples("scaleplan check plans", "scaleplan check plans/breakout-retest-pyramid.yaml --strict"),
    )(_check)
    return cast("TyperGroup", typer.main.get_command(app))


def _examples(*lines: str) -> str:
    # The \b tells the help's paragraphs to keep their lines as they are.
    return "\b\n" + "\n".join(("Example:" if len(lines) == 1 else "Examples:", *(f"  {line}" for line in lines)))


def _version(value: bool) -> None:  # noqa: FBT001 - typer calls it so
    if value:
        typer.echo(f"scaleplan {__version__}")
        raise typer.Exit


def _root(
    context: typer.Context,
    version: Annotated[  # noqa: ARG001 - its callback answers
        bool, typer.Option("--version", help="Show the version and exit.", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Work out a trade plan before the trade.

    A plan is a YAML file. Exit codes: 0 nothing is wrong, 1 a plan has errors, 2 wrong usage, 3 a file or the output
    is refused by the operating system.
    """
    if context.invoked_subcommand is None:
        typer.echo(WELCOME, nl=False)


def _show(
    context: typer.Context,
    plans: Plans,
    format: Annotated[ShowFormat, typer.Option("--format", help="How to show it.")] = ShowFormat.TABLE,
    equity: Equity = None,
    overrides: Set = None,
    strict: Strict = False,
) -> None:
    """Show what each tier and each target of a plan would do."""
    from scaleplan.cli.show import show

    call: Call = context.obj
    call.outcome = show(plans, _overrides(equity, overrides), call.screen, format=format, strict=strict)


def _check(
    context: typer.Context,
    plans: PlansAndFolders,
    format: Annotated[CheckFormat, typer.Option("--format", help="How to say it.")] = CheckFormat.TEXT,
    equity: Equity = None,
    overrides: Set = None,
    strict: Strict = False,
) -> None:
    """Say everything that is wrong with plans, and where."""
    from scaleplan.cli.check import check

    call: Call = context.obj
    call.outcome = check(plans, _overrides(equity, overrides), call.screen, format=format, strict=strict)


def _overrides(equity: str | None, written: list[str] | None) -> "tuple[Override, ...]":
    if equity is None and not written:
        return ()
    from scaleplan.decode import equity_override, read_override

    options = [("--equity", equity_override(equity))] if equity is not None else []
    options += [("--set", read_override(text)) for text in written or ()]
    overrides = []
    for option, override in options:
        if isinstance(override, str):
            raise typer.BadParameter(override, param_hint=option)
        overrides.append(override)
    return tuple(overrides)
