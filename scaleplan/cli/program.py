"""One run of the program: what the streams show, what was meant, what came of it, and the one write at the end."""

import io
import os
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout

from scaleplan.cli import failure
from scaleplan.cli.command import WrongUsage, parsed
from scaleplan.cli.reply import ExitCode, Reply, Screen, current_screen, write
from scaleplan.quantity.exact import exact

#: Words on the command line that are longer are repeated no further than that.
_LONG = 200
_REPEATED = 60


@exact
def program(arguments: Sequence[str]) -> int:
    """Runs with the arguments behind the program's name, on the streams of the process; returns the exit code."""
    return write(run(arguments, current_screen()))


@exact
def run(arguments: Sequence[str], screen: Screen) -> Reply:
    """Returns the reply to the arguments. Nothing is printed: what typer says is caught and put in order."""
    from scaleplan.clock import EPOCH, WrongClock

    out, talk = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(talk):
            reply = _reply(arguments, screen)
    except WrongClock as error:
        talk.write(f"scaleplan: {EPOCH}: {error}\n")
        code = int(ExitCode.USAGE)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is met here
        message, code = failure(error)
        talk.write(message)
    else:
        if isinstance(reply, Reply):
            return reply
        code = reply
    return Reply(out.getvalue(), _plain(_cut(talk.getvalue(), arguments)), code)


def _reply(arguments: Sequence[str], screen: Screen) -> Reply | int:
    """Returns the reply to right usage, or what typer says of all else, help included.

    Right usage has no need of typer, which takes a third of a run to load.
    """
    wrong = None
    # A shell that completes asks through the environment.
    call = None if "_SCALEPLAN_COMPLETE" in os.environ else parsed(arguments, screen)
    if call is None:
        from scaleplan.cli.meant import meant

        message = meant(arguments)
        if message:
            return Reply("", _plain(_cut(message, arguments)), ExitCode.USAGE)
    else:
        run_command, values = call
        try:
            return run_command(values)
        except WrongUsage as error:
            wrong = error
    from scaleplan.cli.by_typer import reply_of_typer

    return reply_of_typer(arguments, screen, wrong)


def _cut(text: str, arguments: Sequence[str]) -> str:
    """Returns what is said of wrong usage, with the beginning alone of each long word, or half of one at its `=`."""
    long = [word for word in arguments if len(word) > _LONG]
    if not long:
        return text
    from shlex import quote

    from scaleplan.report.visible import visible

    for part in (part for word in long for part in (word, *word.split("=", 1)) if len(part) > _LONG):
        # As a shell wants it, as we write it, as typer writes it, and as it was typed.
        for written in (visible(quote(part)), visible(part), repr(part)[1:-1], part):
            text = text.replace(written, f"{part[:_REPEATED]}...")
    return text


def _plain(text: str) -> str:
    """Returns what typer says, with control characters that came from the command line made visible."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    from scaleplan.report.visible import visible

    return "\n".join(visible(line) for line in text.split("\n"))
