"""The options of `scaleplan new`, as typer wants them: the one command with so many that they have a module."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scaleplan.cli.app import Call

Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="[FILE] [PRICE]...", help="The file to write (`-` prints it), and the tiers' prices."),
]
Texts = list[str] | None
Long = Annotated[str, typer.Option("--long", metavar="SYMBOL", help="Buy this: BTC/USDT, BTC/USDT:USDT.")]
Short = Annotated[str, typer.Option("--short", metavar="SYMBOL", help="Sell this short.")]
Stop = Annotated[str, typer.Option("--stop", metavar="PRICE", help="Where the exit order sits.")]
Size = Annotated[str, typer.Option("--size", metavar="SIZE", help="The most it may hold: '900 USDT', '0.5 BTC'.")]
Risk = Annotated[str, typer.Option("--risk", metavar="AMOUNT", help="The size by what it may lose: 250, or 1%.")]
Leverage = Annotated[str, typer.Option("--leverage", metavar="X", help="What is set on the venue.")]
Maintenance = Annotated[str, typer.Option("--maintenance", metavar="RATE", help="The venue's rate, such as 0.5%.")]
Equity = Annotated[str, typer.Option("--equity", metavar="AMOUNT", help="What the account is worth.")]
Style = Annotated[str, typer.Option("--style", metavar="STYLE", help="pyramid, confirmation, dca, range or single.")]
Target = Annotated[Texts, typer.Option("--target", metavar="PRICE", help="A target, 64000 or 3R; once for each.")]
Trigger = Annotated[Texts, typer.Option("--trigger", metavar="TEXT", help="What must be seen; once for each tier.")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="The file to write; `-` prints it.")]
From = Annotated[str, typer.Option("--from", metavar="NAME", help="Take a bundled example instead.")]
List = Annotated[bool, typer.Option("--list", help="List the bundled examples.")]


def new_command(  # noqa: PLR0913, PLR0917 - typer wants each option as a parameter
    context: typer.Context,
    words: Words = None,
    long: Long = "",
    short: Short = "",
    stop: Stop = "",
    size: Size = "",
    risk: Risk = "",
    leverage: Leverage = "",
    maintenance: Maintenance = "",
    equity: Equity = "",
    style: Style = "",
    target: Target = None,
    trigger: Trigger = None,
    output: Output = "",
    example: From = "",
    list_examples: List = False,
) -> None:
    """Write a new plan, from flags or by asking. It comes with comments, and never over a file that is there."""
    from scaleplan.cli.new import Wish, new
    from scaleplan.cli.prompt import terminal
    from scaleplan.draft import Answers

    answers = Answers(
        stop=stop,
        size=size,
        risk=risk,
        leverage=leverage,
        maintenance=maintenance,
        equity=equity,
        style=style,
        targets=tuple(target or ()),
        triggers=tuple(trigger or ()),
    )
    call: Call = context.obj
    wish = Wish(tuple(words or ()), output, long, short, answers, example, list_examples)
    call.outcome = new(wish, call.screen, terminal(call.screen.talk.width))
