"""`scaleplan paths`, as typer wants it."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated

import typer

from scaleplan.cli.app import Call, Equity, Plans, Set, overrides_of
from scaleplan.cli.formats import PathsFormat
from scaleplan.cli.options import AllowFiles, allowed_of

#: Beyond this a drift only says that price never turns.
_FURTHEST_EDGE = 1000

Edge = Annotated[
    str | None,
    typer.Option(
        "--edge",
        metavar="G",
        help="Price with a drift instead of the fair price: 1 is none; below 1 it rises, above 1 it falls;"
        " 0: twice the price is as likely as half of it. (g = 1 - 2*mu/sigma^2.)",
    ),
]
From = Annotated[
    str | None,
    typer.Option("--from", metavar="PRICE", help="Price begins here with nothing filled, not at tier 1."),
]
Tree = Annotated[bool, typer.Option("--tree", help="Every state once, as a tree to read; with --format table or md.")]
Strict = Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings and on a broken proof too.")]


def add_paths_command(app: typer.Typer, examples: Callable[..., str]) -> None:
    """Add the command; `examples` lays out the end of a help page."""
    app.command(
        "paths",
        epilog=examples(
            "scaleplan paths plans/range-short.yaml",
            "scaleplan paths plans/range-short.yaml --tree --from 29500",
            "scaleplan paths plans/range-short.yaml --edge 1.5 --format csv",
        ),
    )(_paths)


def _paths(  # noqa: PLR0913, PLR0917 - typer wants each option as a parameter
    context: typer.Context,
    plans: Plans,
    tree: Tree = False,
    format: Annotated[PathsFormat, typer.Option("--format", help="How to show it.")] = PathsFormat.TABLE,
    edge: Edge = None,
    start: From = None,
    equity: Equity = None,
    overrides: Set = None,
    strict: Strict = False,
    allow_files: AllowFiles = None,
) -> None:
    """Walk every path of a plan: proofs and odds.

    What is proved of it, every way it can end, and how likely each is at a fair price.

    A broken proof shows the shortest path that breaks it; the exit code stays that of the plan, unless --strict.
    """
    from scaleplan.cli.paths import paths

    if tree and format not in (PathsFormat.TABLE, PathsFormat.MD):
        raise typer.BadParameter(f"a tree is text: leave out `--format {format}`, or --tree", param_hint="--tree")
    call: Call = context.obj
    changed = overrides_of(equity, overrides)
    call.outcome = paths(
        plans,
        changed,
        call.screen,
        format=format,
        tree=tree,
        edge=_edge(edge),
        start=_start(start),
        strict=strict,
        allowed=allowed_of(allow_files),
    )


def _edge(text: str | None) -> Decimal | None:
    """The drift that the option asks for."""
    if text is None:
        return None
    number = _number(text.strip().removeprefix("-"))
    if number is None or number > _FURTHEST_EDGE:
        raise typer.BadParameter(
            f"`{text}` is no edge; write a number from -{_FURTHEST_EDGE} to {_FURTHEST_EDGE}, as 0.9 or -1.5",
            param_hint="--edge",
        )
    return -number if text.strip().startswith("-") else number


def _start(text: str | None) -> Decimal | None:
    """The price that the option asks for."""
    if text is None:
        return None
    price = _number(text.strip())
    if not price:
        raise typer.BadParameter(f"`{text}` is no price; write a number above zero, as 29500", param_hint="--from")
    return price


def _number(text: str) -> Decimal | None:
    from scaleplan.quantity.number import read_number

    number = read_number(text)
    return number if isinstance(number, Decimal) else None
