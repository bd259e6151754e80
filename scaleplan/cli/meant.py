"""What was meant where the first word is no command: a plan without one, or a command misspelled."""

import os
from collections.abc import Sequence

from scaleplan.cli.command import NAMES, load

#: The options that stand without a command.
_ALONE = ("--help", "-h", "--version", "--install-completion", "--show-completion", "--")

#: What people type at any program, and how it is written here.
_OTHERS = {"version": "--version"}
_FORMATS = {"--json": "json", "--csv": "csv", "--md": "md", "--markdown": "md"}


def meant(arguments: Sequence[str]) -> str:
    """Returns what to say about the first word; empty where it is a command, an option, or not there."""
    if not arguments:
        return ""
    first, *rest = arguments
    if first in NAMES:
        return _format(arguments)
    if first.startswith("-") and first != "-":
        return _option(first, rest)
    if _is_plan(first) or os.path.lexists(first):
        return _plan(first, rest)
    return _word(first, rest)


def _is_plan(word: str) -> bool:
    return word == "-" or word.lower().endswith((".yaml", ".yml"))


def _format(arguments: Sequence[str]) -> str:
    """Returns what to say to `--json`, as other programs write it."""
    wrong = next((word for word in arguments if word in _FORMATS or word == "--"), None)
    if wrong is None or wrong == "--":
        return ""
    command, _ = load(arguments[0])
    offered = next((option.choices for option in command.options if option.name == "--format"), ())
    if _FORMATS[wrong] not in offered:
        return ""
    others = [word for word in arguments if word != wrong]
    return try_instead(f"`{wrong}` is no option", *others, "--format", _FORMATS[wrong])


def _option(option: str, rest: Sequence[str]) -> str:
    if option in _ALONE:
        return ""
    command = next((word for word in rest if word in NAMES), None)
    if command is None:
        command = "show" if any(map(_is_plan, rest)) else None
    if command is None:
        return ""
    others = [word for word in rest if word != command]
    return try_instead(f"`{option}` belongs behind the command", command, option, *others)


def _plan(path: str, rest: Sequence[str]) -> str:
    # Only here, where the command line is wrong.
    from scaleplan.cli.plans import is_folder

    what = "standard input" if path == "-" else "a folder" if is_folder(path) else "a plan"
    named = next((word for word in rest if word in NAMES), "check" if what == "a folder" else "show")
    others = [word for word in rest if word != named]
    return try_instead(f"`{path}` is {what}, and a command comes first", named, path, *others)


def _word(word: str, rest: Sequence[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), [*NAMES, *_OTHERS], n=1)
    if near:
        option = _OTHERS.get(near[0])
        return try_instead(f"there is no command `{word}`", *((option,) if option else (near[0], *rest)))
    *others, last = (f"`{command}`" for command in NAMES)
    known = f"{', '.join(others)} and {last}"
    return try_instead(f"there is no command `{word}`; there are {known}", "--help")


def try_instead(wrong: str, *words: str) -> str:
    """Returns what to say of a wrong command line, and the words that were probably meant."""
    from shlex import join

    from scaleplan.report.visible import visible

    return f"scaleplan: {visible(wrong)}. Try:\n\n  scaleplan {visible(join(words))}\n"
