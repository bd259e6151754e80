"""`scaleplan explain-liquidation` and `scaleplan compare-venues`, as typer wants them."""

from collections.abc import Callable
from typing import Annotated

import typer

from scaleplan.cli.app import Call, Equity, Set, overrides_of
from scaleplan.cli.complete import complete_path
from scaleplan.cli.formats import LiquidationFormat, ShowFormat
from scaleplan.cli.options import AllowFiles, allowed_of

OnePlan = Annotated[
    str,
    typer.Argument(metavar="PLAN", help="A plan, as a YAML file; `-` is standard input.", autocompletion=complete_path),
]
Tier = Annotated[int | None, typer.Option("--tier", metavar="N", help="After which tier; the last if left out.")]


def add_liquidation_commands(app: typer.Typer, examples: Callable[..., str]) -> None:
    """Add the two commands; `examples` lays out the end of a help page."""
    app.command(
        "explain-liquidation",
        epilog=examples(
            "scaleplan explain-liquidation plans/inverse-long.yaml",
            "scaleplan explain-liquidation plans/range-short.yaml --tier 1",
        ),
    )(_explain_liquidation)
    app.command(
        "compare-venues",
        epilog=examples(
            "scaleplan compare-venues plans/range-short.yaml",
            "scaleplan compare-venues plans/range-short.yaml --set leverage=10",
        ),
    )(_compare_venues)


def _explain_liquidation(
    context: typer.Context,
    plan: OnePlan,
    tier: Tier = None,
    format: Annotated[LiquidationFormat, typer.Option("--format", help="How to say it.")] = LiquidationFormat.TEXT,
    equity: Equity = None,
    overrides: Set = None,
    allow_files: AllowFiles = None,
) -> None:
    """Walk through one liquidation price. Margin, P&L, every bracket, the sum, and what the shortcut would say."""
    from scaleplan.cli.explain_liquidation import explain_liquidation

    call: Call = context.obj
    changed, allowed = overrides_of(equity, overrides), allowed_of(allow_files)
    call.outcome = explain_liquidation(plan, tier, changed, call.screen, format=format, allowed=allowed)


def _compare_venues(
    context: typer.Context,
    plan: OnePlan,
    format: Annotated[ShowFormat, typer.Option("--format", help="How to show it.")] = ShowFormat.TABLE,
    equity: Equity = None,
    overrides: Set = None,
    allow_files: AllowFiles = None,
) -> None:
    """Put a plan under the rules of each venue. Those that have its symbol, side by side: liquidation, room, fees."""
    from scaleplan.cli.compare_venues import compare_venues

    call: Call = context.obj
    changed, allowed = overrides_of(equity, overrides), allowed_of(allow_files)
    call.outcome = compare_venues(plan, changed, call.screen, format=format, allowed=allowed)
