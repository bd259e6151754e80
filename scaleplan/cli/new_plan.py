"""A new plan: from what the command line says, from answers at the terminal, or from an example."""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from scaleplan.cli import INTERRUPTED
from scaleplan.cli.asking import Asker, ask_again, ask_all, field_of
from scaleplan.cli.commands.new import ANSWERS
from scaleplan.cli.reply import ExitCode, Reply, Screen
from scaleplan.cli.talk import line_of, refusal
from scaleplan.decode.reader import nearest
from scaleplan.diagnostic import Diagnostic, Severity
from scaleplan.draft.made import Answers, Draft, draft, wrong_with
from scaleplan.quantity.number import quote
from scaleplan.report.visible import visible
from scaleplan.source import STANDARD_INPUT, Unreachable
from scaleplan.store import create, is_taken
from scaleplan.study import study

#: Where the plan goes that is only printed, as far as paths and policies beside it go.
_UNSTORED = "plan.yaml"
_OTHERWISE = "the plan would read otherwise than it was meant, so nothing was written"
_EXAMPLE = "scaleplan new btc.yaml --long BTC/USDT:USDT 60000 59000 58000 --stop 57000 --risk 250 --leverage 5"
#: What an answer is called on the command line.
_FLAGS = {field: option.name for field, option in ANSWERS.items()} | {
    "symbol": "--long or --short SYMBOL",
    "side": "--long or --short SYMBOL",
    "prices": "the prices of the tiers",
    "size": "--size or --risk",
}


class Wish(NamedTuple):
    """What the command line asks for; `words` are the file and the prices, in whatever order."""

    words: tuple[str, ...]
    output: str
    long: str
    short: str
    answers: Answers
    example: str
    list_examples: bool


class WrongWish(Exception):  # noqa: N818 - the usage is wrong, not the program
    """Wrong usage, in a sentence."""


def new(wish: Wish, screen: Screen, asker: Asker | None) -> Reply:
    """Writes a new plan, or says why not; nothing that is there already is ever overwritten."""
    try:
        if wish.list_examples:
            return _list(wish)
        file, answers = _understood(wish)
        file = file or _asked_for_file(asker)
        if file != STANDARD_INPUT and (refused := _refused(file)):
            return Reply("", refusal(refused), ExitCode.REFUSED)
        if wish.example:
            text = _example(wish)
            if study(file, text.encode()).plan is None:
                return Reply("", line_of(file, _OTHERWISE), ExitCode.ERRORS)
            return _stored(file, text, "")
        return _asked(file, answers, screen, asker)
    except WrongWish as wrong:
        return Reply("", f"scaleplan: new: {visible(str(wrong))}\n", ExitCode.USAGE)
    except KeyboardInterrupt:
        return Reply("", "\nscaleplan: new: nothing was written\n", INTERRUPTED)
    except EOFError:
        return Reply("", "\nscaleplan: new: the answers ended, and nothing was written\n", ExitCode.ERRORS)


def _asked_for_file(asker: Asker | None) -> str:
    file = "" if asker is None else asker.ask("Which file is the plan to be written to, such as btc.yaml?", "")
    if not file:
        raise WrongWish(f"the file is missing; for example: {_EXAMPLE}")
    return file


def _asked(file: str, answers: Answers, screen: Screen, asker: Asker | None) -> Reply:
    """Makes a plan of what the command line says and, where that is not all, of what the terminal does."""
    name = _UNSTORED if file == STANDARD_INPUT else file
    wrong = wrong_with(answers, name)
    if wrong:
        return Reply("", _wrong(wrong), ExitCode.ERRORS)
    asks = asker if answers.missing else None
    if answers.missing and asks is None:
        flags = list(dict.fromkeys(_FLAGS[field] for field in answers.missing))
        raise WrongWish(f"there is no terminal to ask at, and these are missing: {', '.join(flags)}; as in: {_EXAMPLE}")
    if asks is not None:
        asks.say("Enter takes what stands in [brackets]; Ctrl-C leaves, and nothing is written.")
        answers = ask_all(answers, name, asks)
    made = draft(answers, name)
    while made.errors and asks is not None:
        answers = ask_again(answers, made.errors, name, asks)
        made = draft(answers, name)
    if made.errors:
        return Reply("", _wrong(made.errors), ExitCode.ERRORS)
    if not made.says(answers):
        return Reply("", line_of(name, _OTHERWISE), ExitCode.ERRORS)
    return _stored(file, made.text, _warned(made, screen))


def _stored(file: str, text: str, warned: str) -> Reply:
    if file == STANDARD_INPUT:
        return Reply(text, warned, ExitCode.OK)
    try:
        create(file, text.encode())
    except Unreachable as error:
        return Reply("", refusal(error), ExitCode.REFUSED)
    return Reply("", warned + line_of(file, f"written; now: scaleplan show {file}"), ExitCode.OK)


def _warned(made: Draft, screen: Screen) -> str:
    """Returns the warnings that the answers leave; a note is for `check`."""
    warnings = [found for found in made.study.diagnostics if found.severity is Severity.WARNING]
    if not warnings:
        return ""
    from scaleplan.report.diagnostics.text import render

    return render(warnings, width=screen.talk.width, colour=screen.talk.colour) + "\n"


def _wrong(wrong: Iterable[Diagnostic]) -> str:
    """Returns what is wrong with the answers, by the flag of each."""
    lines = [
        f"scaleplan: new: {_FLAGS[field_of(one.path)]}: {visible(one.message)}; {visible(one.help)}" for one in wrong
    ]
    return "".join(f"{line}\n" for line in [*lines, "scaleplan: new: nothing was written"])


# What the command line means


def _understood(wish: Wish) -> tuple[str, Answers]:
    """Returns the file and the answers."""
    if wish.long and wish.short:
        raise WrongWish("a plan is --long or --short, not both")
    if wish.answers.size and wish.answers.risk:
        raise WrongWish("--risk says the size by what it may lose; write it or --size")
    side = "long" if wish.long else "short" if wish.short else ""
    file, prices = _file_and_prices(wish)
    answers = wish.answers._replace(symbol=wish.long or wish.short, side=side, prices=prices)
    if wish.example and answers != Answers():
        raise WrongWish("an example is taken as it is: --from goes with a file and nothing else")
    return file, answers


def _file_and_prices(wish: Wish) -> tuple[str, tuple[str, ...]]:
    """Returns both. The file is what ends like one, or else the first word that does not begin like a price."""
    if wish.output:
        return wish.output, wish.words
    files = [word for word in wish.words if word == STANDARD_INPUT or word.lower().endswith((".yaml", ".yml"))]
    files = files or [word for word in wish.words[:1] if not word[:1].isdigit()]
    if not files:
        return "", wish.words
    words = list(wish.words)
    words.remove(files[0])
    return files[0], tuple(words)


def _refused(file: str) -> Unreachable | None:
    """Returns why no file of that name can be written, as far as it is known before it is tried."""
    try:
        if is_taken(file):
            return Unreachable(file, "is there already, and nothing is overwritten")
        folder = os.path.split(file)[0]
        return Unreachable(file, "there is no such folder") if folder and not Path(folder).is_dir() else None
    except OSError as error:
        return Unreachable(file, (error.strerror or "cannot be written").lower())
    except ValueError:
        return Unreachable(file, "no file can have such a name")


# Examples


def _list(wish: Wish) -> Reply:
    from scaleplan.draft.examples import examples

    if wish.words or wish.output or wish.example or wish.long or wish.short or wish.answers != Answers():
        raise WrongWish("--list stands alone; `scaleplan new FILE --from NAME` takes one of them")
    found = examples()
    width = max(len(example.name) for example in found)
    return Reply("".join(f"{example.name:{width}}  {example.line}\n" for example in found), "", ExitCode.OK)


def _example(wish: Wish) -> str:
    from scaleplan.draft.examples import example_text, examples

    names = [example.name for example in examples()]
    name = wish.example.removesuffix(".yaml")
    if name not in names:
        near = nearest(name, names)
        meant = f"did you mean `{near}`?" if near else "`scaleplan new --list` names them"
        raise WrongWish(f"there is no example {quote(wish.example)}; {meant}")
    return example_text(name)
