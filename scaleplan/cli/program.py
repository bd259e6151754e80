"""One run of the program: what the streams show, what was meant, what came of it, and the one write at the end."""

import io
import os
import sys
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout

from scaleplan.cli import failure
from scaleplan.cli.meant import COMMANDS, OF_PLANS, meant
from scaleplan.cli.outcome import Exit, Outcome, Screen
from scaleplan.cli.output import screen_of, write
from scaleplan.quantity.exact import exact

#: Words on the command line that are longer are repeated no further than that.
_LONG = 200
_REPEATED = 60


@exact
def program(arguments: Sequence[str]) -> int:
    """Run with the arguments behind the program's name, on the streams of the process; returns the exit code."""
    return write(run(arguments, screen_of(sys.stdout, sys.stderr, os.environ)))


@exact
def run(arguments: Sequence[str], screen: Screen) -> Outcome:
    """What the arguments come to. Nothing is printed: what typer says by itself is caught and put in order too."""
    said = meant(arguments)
    if said:
        return Outcome("", _plain(_cut(said, arguments)), Exit.USAGE)
    from scaleplan.clock import EPOCH, WrongClock

    out, talk = io.StringIO(), io.StringIO()
    try:
        with redirect_stdout(out), redirect_stderr(talk):
            answer = _without_options(arguments, screen) or _with_options(arguments, screen)
    except WrongClock as error:
        talk.write(f"scaleplan: {EPOCH}: {error}\n")
        code = int(Exit.USAGE)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is met here
        said, code = failure(error)
        talk.write(said)
    else:
        if isinstance(answer, Outcome):
            return answer
        code = answer
    return Outcome(out.getvalue(), _plain(_cut(talk.getvalue(), arguments)), code)


def _without_options(arguments: Sequence[str], screen: Screen) -> Outcome | None:
    """The outcome of the plainest calls, `show PLAN...` and `check PLAN...`; nothing where there is any option.

    They have no use for typer, which takes a third of such a run to load.
    """
    command, *paths = arguments or ("",)
    if command not in OF_PLANS or not paths or any(path.startswith("-") and path != "-" for path in paths):
        return None
    from scaleplan.cli.formats import CheckFormat, ShowFormat

    if command == "show":
        from scaleplan.cli.show import show
        from scaleplan.policy import EVERYTHING

        return show(paths, (), EVERYTHING, screen, format=ShowFormat.TABLE, strict=False)
    from scaleplan.cli.check import check
    from scaleplan.policy import EVERYTHING

    return check(paths, (), EVERYTHING, screen, format=CheckFormat.TEXT, strict=False)


def _with_options(arguments: Sequence[str], screen: Screen) -> Outcome | int:
    """The outcome of a command as typer reads it, or the exit code where typer itself has all to say."""
    from scaleplan.cli.app import Call, command

    only = arguments[0] if arguments and arguments[0] in COMMANDS else ""
    call, code = Call(screen), int(Exit.OK)
    try:
        command(only).main(list(arguments), prog_name="scaleplan", obj=call)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else Exit.OK
    return code if call.outcome is None else call.outcome


def _cut(text: str, arguments: Sequence[str]) -> str:
    """What is said of wrong usage, with the beginning alone of each long word, or half of one at its `=`."""
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
    """What typer says, with control characters that came from the command line made visible."""
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    from scaleplan.report.visible import visible

    return "\n".join(visible(line) for line in text.split("\n"))
