"""The commands and their options, as typer wants them."""

from typing import TYPE_CHECKING, Annotated, cast

import typer
from typer.core import TyperGroup

from scaleplan import __version__
from scaleplan.cli.complete import complete_code, complete_path
from scaleplan.cli.formats import CheckFormat, ChecklistFormat, RulesFormat, ShowFormat
from scaleplan.cli.groups import Commands
from scaleplan.cli.meant import OF_LIQUIDATION
from scaleplan.cli.new_command import new_command
from scaleplan.cli.options import AllowFiles, Ignore, Select, allowed_of, selection_of
from scaleplan.cli.outcome import Outcome, Screen
from scaleplan.cli.welcome import WELCOME

if TYPE_CHECKING:
    from scaleplan.decode import Override

#: More changes than anybody types for one run; each looks through every plan.
_CHANGES = 200


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
    typer.Option("--set", metavar="PATH=VALUE", help="Change the plan for this run: stop=2640, tier2.price=140."),
]
Equity = Annotated[
    str | None,
    typer.Option("--equity", metavar="AMOUNT", help="The account's equity for this run; as --set account.equity=."),
]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")]


def command(only: str = "") -> TyperGroup:
    """The commands, put together; or `only` the one that is meant, because each takes a part of a millisecond."""
    app = typer.Typer(
        cls=Commands,
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
            "scaleplan show plans/three-buys-by-money.yaml --equity 21500 --set stop=88",
        ),
    )(_show)
    app.command(
        "check",
        epilog=_examples("scaleplan check plans", "scaleplan check plans/breakout-retest-pyramid.yaml --strict"),
    )(_check)
    app.command(
        "new",
        epilog=_examples(
            "scaleplan new - --long SOL/USDT 150 140 130 --stop 118 --size '900 USDT'",
            "scaleplan new - --from range-short",
            "scaleplan new --list",
        ),
    )(new_command)
    app.command(
        "fmt",
        epilog=_examples(
            "scaleplan fmt --check plans/breakout-retest-pyramid.yaml",
            "scaleplan fmt --check plans/account.yaml plans/range-short.yaml",
        ),
    )(_fmt)
    app.command("schema", epilog=_examples("scaleplan schema", "scaleplan schema --account"))(_schema)
    app.command(
        "checklist",
        epilog=_examples(
            "scaleplan checklist plans/breakout-retest-pyramid.yaml",
            "scaleplan checklist plans/range-short.yaml --equity 21500 --format html",
        ),
    )(_checklist)
    app.command("rules", epilog=_examples("scaleplan rules", "scaleplan rules --format md"))(_rules)
    app.command("explain", epilog=_examples("scaleplan explain SP401", "scaleplan explain martingale SP606"))(_explain)
    app.registered_commands = [one for one in app.registered_commands if only in ("", one.name)]
    if only in ("", *OF_LIQUIDATION):
        from scaleplan.cli.liquidation_commands import add_liquidation_commands

        add_liquidation_commands(app, _examples)
    if only in ("", "paths"):
        from scaleplan.cli.paths_command import add_paths_command

        add_paths_command(app, _examples)
    if only in ("", "venues"):
        from scaleplan.cli.venues_command import venues_group

        app.add_typer(venues_group(_examples), name="venues")
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


def _show(  # noqa: PLR0913, PLR0917 - typer wants each option as a parameter
    context: typer.Context,
    plans: Plans,
    format: Annotated[ShowFormat, typer.Option("--format", help="How to show it.")] = ShowFormat.TABLE,
    equity: Equity = None,
    overrides: Set = None,
    select: Select = None,
    ignore: Ignore = None,
    strict: Strict = False,
    allow_files: AllowFiles = None,
    cross: Annotated[
        bool, typer.Option("--cross", help="Solve the plans of one account together, on its cross margin.")
    ] = False,
) -> None:
    """Show what each tier and target would do."""
    from scaleplan.cli.show import show

    call: Call = context.obj
    changed, chosen = overrides_of(equity, overrides), selection_of(select, ignore)
    allowed = allowed_of(allow_files)
    call.outcome = show(plans, changed, chosen, call.screen, format=format, strict=strict, cross=cross, allowed=allowed)


def _check(  # noqa: PLR0913, PLR0917 - typer wants each option as a parameter
    context: typer.Context,
    plans: PlansAndFolders,
    format: Annotated[CheckFormat, typer.Option("--format", help="How to say it.")] = CheckFormat.TEXT,
    equity: Equity = None,
    overrides: Set = None,
    select: Select = None,
    ignore: Ignore = None,
    strict: Strict = False,
    allow_files: AllowFiles = None,
) -> None:
    """Say everything that is wrong, and where."""
    from scaleplan.cli.check import check

    call: Call = context.obj
    changed, chosen, more = overrides_of(equity, overrides), selection_of(select, ignore), allowed_of(allow_files)
    call.outcome = check(plans, changed, chosen, call.screen, format=format, strict=strict, allowed=more)


def _fmt(
    context: typer.Context,
    plans: PlansAndFolders,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; name the files that would change.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
) -> None:
    """Lay out plans in one way, in place. Keys in their order, one tier a line; comments and values stay.

    With --check and --diff the exit code is 1 where something would change; `-` goes to standard output.
    """
    from scaleplan.cli.fmt import fmt

    call: Call = context.obj
    call.outcome = fmt(plans, call.screen, check=check, diff=diff)


def _schema(
    context: typer.Context,
    account: Annotated[bool, typer.Option("--account", help="Of the account files that plans name.")] = False,
    venue: Annotated[bool, typer.Option("--venue", help="Of the venue files that plans name.")] = False,
) -> None:
    """Print the plan language as a JSON Schema. It is draft-07, and lets an editor complete and explain keys.

    Write it beside your plans with `> scaleplan.schema.json`, and let their first line name it as
    `# yaml-language-server: $schema=./scaleplan.schema.json`.
    """
    from scaleplan.cli.schema import schema

    call: Call = context.obj
    call.outcome = schema(account=account, venue=venue)


def _checklist(
    context: typer.Context,
    plans: Plans,
    format: Annotated[ChecklistFormat, typer.Option("--format", help="How to print it.")] = ChecklistFormat.TEXT,
    equity: Equity = None,
    overrides: Set = None,
    strict: Strict = False,
    allow_files: AllowFiles = None,
) -> None:
    """Print the sheet to hold in hand. What to settle before, orders, what to do when, and the log."""
    from scaleplan.cli.checklist import checklist

    call: Call = context.obj
    changed, more = overrides_of(equity, overrides), allowed_of(allow_files)
    call.outcome = checklist(plans, changed, call.screen, format=format, strict=strict, allowed=more)


def _rules(
    context: typer.Context,
    format: Annotated[RulesFormat, typer.Option("--format", help="How to list them.")] = RulesFormat.TEXT,
) -> None:
    """List what can be wrong with a plan. Code, severity, name."""
    from scaleplan.cli.rules import rules

    call: Call = context.obj
    call.outcome = rules(call.screen, format=format)


def _explain(
    context: typer.Context,
    codes: Annotated[
        list[str],
        typer.Argument(metavar="CODE...", help="Codes, or names, of rules.", autocompletion=complete_code),
    ],
    format: Annotated[RulesFormat, typer.Option("--format", help="How to print it.")] = RulesFormat.TEXT,
) -> None:
    """Explain rules, each with a plan that has it. Why, what is said of the plan, and the same plan mended."""
    from scaleplan.cli.explain import explain

    call: Call = context.obj
    call.outcome = explain(codes, call.screen, format=format)


def overrides_of(equity: str | None, written: list[str] | None) -> "tuple[Override, ...]":
    """The changes that the options ask for."""
    if equity is None and not written:
        return ()
    if written is not None and len(written) > _CHANGES:
        message = f"{len(written):,} changes are more than {_CHANGES}; write them into a plan"
        raise typer.BadParameter(message, param_hint="--set")
    from scaleplan.decode import equity_override, read_override

    options = [("--set", read_override(text)) for text in written or ()]
    # The option that says what it is for goes over a path that says the same.
    options += [("--equity", equity_override(equity))] if equity is not None else []
    overrides = []
    for option, override in options:
        if isinstance(override, str):
            raise typer.BadParameter(override, param_hint=option)
        overrides.append(override)
    return tuple(overrides)
