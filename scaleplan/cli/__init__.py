"""The command line: options, one call, print, exit. No arithmetic; the only room that knows typer.

Each command is a file in `commands/`; how to add one stands in `command`.

Nothing is imported here but the modules that every start has loaded, so that Ctrl-C during the imports of the rest, and
a system that refuses them, end as quietly as they do later.
"""

import errno
import gc
import os
import sys

__all__ = ["main"]

#: What a shell reports for a program that Ctrl-C ended: 128 and the number of SIGINT.
INTERRUPTED = 130

#: The exit codes `ExitCode.REFUSED` and `ExitCode.BROKEN`, of which nothing is loaded yet.
_REFUSED = 3
_BROKEN = 70

_NO_MEMORY = "there is not enough memory"
_MEMORY_MESSAGE = f"scaleplan: {_NO_MEMORY}\n"
#: What Python says where a function failed and there was no memory left to say why.
_LOST = ("without setting an exception", "without exception set")
_NO_FOLDER = "there is no current folder, it was removed; change to another, as with `cd ~`"


def main() -> int:
    """Runs the program with the arguments of the process; the number returned is the exit code."""
    # A start makes some hundred thousand objects that live to the end. To look for garbage among them while they are
    # made finds none and takes 6 % of the start. Plans leave no cycles either: 3,000 in one run hold 27 MB.
    gc.disable()
    sys.unraisablehook = _unraisable
    try:
        from scaleplan.cli.program import program

        return program(sys.argv[1:])
    except KeyboardInterrupt:
        _silence()
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001 - none may leave with the exit code of a plan that has errors
        return _failed(error)
    finally:
        # The interpreter, ending, looks once more through all that it can see; what is frozen it cannot: 9 % of a run.
        gc.freeze()


def _failed(error: Exception) -> int:
    """Says what has failed, at once and without the streams of Python, which take memory and may be what has failed."""
    try:
        message, code = failure(error)
    except Exception:  # noqa: BLE001 - not even that much memory
        message, code = _MEMORY_MESSAGE, _REFUSED
    try:
        if sys.stderr is not None:
            os.write(2, message.encode(errors="backslashreplace"))
    except (MemoryError, OSError):
        code = max(code, _REFUSED)
    _silence()
    return code


def _unraisable(found: "sys.UnraisableHookArgs") -> None:
    """Passes over what has no memory while an error that tells of it is on its way."""
    if not issubclass(found.exc_type, MemoryError):
        sys.__unraisablehook__(found)


def failure(error: Exception) -> tuple[str, int]:
    """Returns what to say of an error that no command has foreseen, and the exit code."""
    reason = _refusal(error)
    if reason:
        return f"scaleplan: {reason}\n", _REFUSED
    import traceback

    report = "scaleplan: this is a mistake in scaleplan, not in your plan; please report the lines above\n"
    return "".join(traceback.format_exception(error)) + report, _BROKEN


def _refusal(error: BaseException) -> str:
    """Returns what the operating system refuses, where an error comes of that; empty where it is the program's own."""
    cause: BaseException | None = error
    while cause is not None:
        # Whatever else went wrong went wrong for want of it. Python itself loses the word now and then.
        lost = isinstance(cause, SystemError) and str(cause).endswith(_LOST)
        if lost or isinstance(cause, MemoryError) or (isinstance(cause, OSError) and cause.errno == errno.ENOMEM):
            return _NO_MEMORY
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, OSError):
        reason = (error.strerror or str(error) or "unknown error").lower()
        if error.filename is not None:
            return f"{_visible(str(error.filename))}: {reason}"
        return reason if has_folder() else _NO_FOLDER
    if isinstance(error, ImportError) and error.path and not error.path.endswith(".py"):
        # A shared object that the system does not load; only its words say why.
        return f"{_NO_MEMORY}, or Python is not whole: {_visible(str(error))}"
    return ""


def has_folder() -> bool:
    """Returns whether there is a current folder; it may have been removed."""
    try:
        return bool(os.getcwd())  # noqa: PTH109 - pathlib is not loaded yet
    except OSError:
        return False


def _visible(text: str) -> str:
    """Returns text without control characters. That of the reports is not loaded yet."""
    return "".join(letter if letter.isprintable() else ascii(letter)[1:-1] for letter in text)


def _silence() -> None:
    """Drops whatever the streams still hold."""
    try:
        from scaleplan.cli.reply import silence

        silence()
    except (OSError, ImportError, MemoryError):
        # Where it cannot be loaded nothing was written to them either.
        return
