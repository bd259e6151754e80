"""`scaleplan venues` and the commands below it, as typer wants them."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from scaleplan.cli.complete import complete_venue
from scaleplan.cli.formats import VenuesFormat
from scaleplan.cli.groups import Group

if TYPE_CHECKING:
    from scaleplan.cli.app import Call

Names = Annotated[list[str], typer.Argument(metavar="VENUE...", help="Names of venues.", autocompletion=complete_venue)]
Format = Annotated[VenuesFormat, typer.Option("--format", help="How to print it.")]
Files = Annotated[list[str], typer.Argument(metavar="FILE...", help="Saved answers, as JSON; `-` is standard input.")]
Symbols = Annotated[
    list[str] | None,
    typer.Option("--symbol", metavar="SYMBOL", help="Take this one only, BTC/USDT:USDT or BTCUSDT; once for each."),
]
Name = Annotated[
    str, typer.Option("--name", metavar="NAME", help="The venue's name; a known one gives the margin model.")
]
AsOf = Annotated[
    str, typer.Option("--as-of", metavar="DATE", help="The day of the figures, where not the day in the files.")
]
Rates = Annotated[
    str, typer.Option("--rates", metavar="UNIT", help="How rates are written: percent (0.5) or fraction (0.005).")
]
Precision = Annotated[
    str, typer.Option("--precision", metavar="UNIT", help="How ccxt writes precision: step (0.001) or digits (3).")
]
BracketBy = Annotated[
    str, typer.Option("--bracket-by", metavar="UNIT", help="What brackets count: notional, coin or contracts.")
]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The file to write; `-` prints it.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the file that is there.")]


def venues_group(examples: Callable[..., str]) -> typer.Typer:
    """The group of commands; `examples` lays out the end of a help page."""
    group = typer.Typer(cls=Group, rich_markup_mode=None)
    group.callback(
        invoke_without_command=True,
        epilog=examples("scaleplan venues", "scaleplan venues show binance", "scaleplan venues --format json"),
    )(_venues)
    group.command("show", epilog=examples("scaleplan venues show binance", "scaleplan venues show okx --format md"))(
        _venues_show
    )
    files = "plans/saved/*.json"
    group.command(
        "import",
        epilog=examples(f"scaleplan venues import {files}", f"scaleplan venues import {files} --symbol ETHUSDT"),
    )(_venues_import)
    return group


def _venues(context: typer.Context, format: Format = VenuesFormat.TABLE) -> None:
    """List the venues that a plan may name. With the symbols whose brackets are known, and how old these are."""
    if context.invoked_subcommand is not None:
        return
    from scaleplan.cli.venues import venues

    call: Call = context.obj
    call.outcome = venues(call.screen, format=format)


def _venues_show(context: typer.Context, names: Names, format: Format = VenuesFormat.TABLE) -> None:
    """Show what is known of venues. The formula in words, fees, brackets, contract rules, and their sources."""
    from scaleplan.cli.venues import venues_show

    call: Call = context.obj
    call.outcome = venues_show(names, call.screen, format=format)


def _venues_import(  # noqa: PLR0913, PLR0917 - typer wants each option as a parameter
    context: typer.Context,
    files: Files,
    symbols: Symbols = None,
    name: Name = "",
    as_of: AsOf = "",
    rates: Rates = "",
    precision: Precision = "",
    bracket_by: BracketBy = "",
    output: Output = "-",
    force: Force = False,
) -> None:
    """Make a venue file of saved answers. An exchange's contract rules, its brackets, or both; nothing is fetched.

    Understood are ccxt markets and leverage tiers, Binance exchangeInfo and leverageBracket, Bybit instruments-info and
    risk-limit, OKX instruments and position-tiers, told from what is in the files. A plan takes the result with
    `venue: ./FILE`.
    """
    from scaleplan.cli.venues_import import Request, venues_import

    call: Call = context.obj
    call.outcome = venues_import(
        Request(tuple(files), tuple(symbols or ()), name, as_of, rates, precision, bracket_by, output, force)
    )
