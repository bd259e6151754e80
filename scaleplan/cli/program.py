"""One run of the program: what the streams show, what was meant, what came of it, and the one write at the end."""

import io
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout

from scaleplan.cli.meant import COMMANDS, meant
from scaleplan.cli.outcome import Exit, Outcome, Screen
from scaleplan.cli.output import screen_of, write


def program(arguments: Sequence[str]) -> int:
    """Run with the arguments behind the program's name, on the streams of the process; returns the exit code."""
    return write(run(arguments, screen_of(sys.stdout, sys.stderr, os.environ)))


def run(arguments: Sequence[str], screen: Screen) -> Outcome:
    """What the arguments come to. Nothing is printed: what typer says by itself is caught and put in order too."""
    said = meant(arguments)
    if said:
        return Outcome("", said, Exit.USAGE)
    from scaleplan.cli.app import Call, command
    from scaleplan.clock import EPOCH, WrongClock

    only = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    call = Call(screen)
    out, talk = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(talk):
            command(only).main(list(arguments), prog_name="scaleplan", obj=call)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else Exit.OK
    except WrongClock as error:
        talk.write(f"scaleplan: {EPOCH}: {error}\n")
        code = Exit.USAGE
    except Exception:  # noqa: BLE001 - whatever it is, it is ours
        import traceback

        talk.write(traceback.format_exc())
        talk.write("scaleplan: this is a mistake in scaleplan, not in your plan; please report the lines above\n")
        code = Exit.BROKEN
    else:
        code = Exit.OK
    if call.outcome is not None:
        return call.outcome
    return Outcome(out.getvalue(), _plain(talk.getvalue()), code)


def _plain(text: str) -> str:
    """What typer says, with control characters that came from the command line made visible."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    from scaleplan.report.visible import visible

    return "\n".join(visible(line) for line in text.split("\n"))
