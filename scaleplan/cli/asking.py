"""The questions of `scaleplan new`, in the order in which one answer helps to judge the next.

They go to standard error, so that the plan can still go elsewhere.
"""

import re
import sys
from collections.abc import Callable, Iterable
from textwrap import wrap
from typing import NamedTuple, Protocol

from scaleplan.diagnostic import Diagnostic
from scaleplan.draft.made import Answers, suggested_conditions, suggested_style, wrong_with
from scaleplan.report.visible import visible

_BETWEEN_PRICES = re.compile(r",?\s+")
_BETWEEN_SHORT_FORMS = re.compile(r",\s*")


class Asker(Protocol):
    """Somebody who can be asked."""

    def say(self, text: str) -> None:
        """Shows a line."""

    def ask(self, question: str, default: str) -> str:
        """Returns the answer, or `default` where it is empty. Raises `EOFError` at the end of input."""


class Terminal:
    """The person at the keyboard, who sees lines of `width` columns."""

    __slots__ = ("_width",)

    def __init__(self, width: int | None) -> None:
        self._width = width

    def say(self, text: str) -> None:
        """Shows a text at once; `sys.stderr` itself is kept until the end."""
        indent = " " * (len(text) - len(text.lstrip(" ")))
        lines = wrap(visible(text), self._width or 80, subsequent_indent=indent, break_long_words=False)
        if sys.__stderr__ is not None:
            sys.__stderr__.write("".join(f"{line}\n" for line in lines))
            sys.__stderr__.flush()

    def ask(self, question: str, default: str) -> str:
        """Asks in one line and reads the next one."""
        self.say(f"{question} [{default}]" if default else question)
        if sys.__stderr__ is not None:
            sys.__stderr__.write("> ")
            sys.__stderr__.flush()
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.strip() or default


def terminal(width: int | None) -> Terminal | None:
    """Returns the terminal, if there is somebody who sees the questions and can answer them."""
    for stream in (sys.stdin, sys.__stderr__):
        if stream is None or stream.closed or not stream.isatty():
            return None
    return Terminal(width)


class Question(NamedTuple):
    """What is asked for one answer, and whether nothing is an answer too."""

    field: str
    text: str
    optional: bool = False
    wanted: Callable[[Answers], bool] = lambda _: True


QUESTIONS = (
    Question(
        "symbol", "What is traded? BTC/USDT:USDT is a contract that settles in USDT, BTC/USDT is the coin itself."
    ),
    Question("side", "Long or short?"),
    Question("leverage", "What leverage is set on the venue?", wanted=lambda answers: answers.is_contract),
    Question(
        "maintenance",
        "The venue's maintenance rate, such as 0.5%? Nothing: where this is liquidated stays unknown.",
        optional=True,
        wanted=lambda answers: bool(answers.leverage),
    ),
    Question("prices", "At which prices do you enter? The first tier first, blanks between: 60000 59000 58000."),
    Question("style", "The style: pyramid, confirmation, dca, range or single?", optional=True),
    Question("stop", "Where does the stop sit?"),
    Question("equity", "What is the account worth, such as 25000? Nothing: it stays unsaid.", optional=True),
    Question(
        "size",
        "How much, at most? 250 USDT risk is what it may lose; or 1% risk, 900 USDT, 0.5 BTC, 5% margin.",
        wanted=lambda answers: not answers.risk,
    ),
    Question("targets", "Where does it end? Prices, or in R: 64000 3R. Nothing: targets of the style.", optional=True),
)
#: Where an answer stands in the plan, by the path that mistakes name; what is found nowhere is asked at the stop.
_PLACES = {
    "symbol": "symbol",
    "side": "side",
    "leverage": "leverage",
    "maintenance": "maintenance",
    "tiers": "prices",
    "style": "style",
    "stop": "stop",
    "account": "equity",
    "size": "size",
    "targets": "targets",
}


def field_of(path: str) -> str:
    """Returns the answer that a mistake at a path of the plan is about."""
    return _PLACES.get(re.split(r"[.\[]", path, maxsplit=1)[0], "stop")


def ask_all(answers: Answers, name: str, asker: Asker) -> Answers:
    """Asks for everything that has not been said yet."""
    for question in QUESTIONS:
        if question.wanted(answers) and not getattr(answers, question.field):
            answers = _ask(question, answers, name, asker)
    return answers if answers.triggers else answers._replace(triggers=_ask_triggers(answers, name, asker))


def ask_again(answers: Answers, wrong: Iterable[Diagnostic], name: str, asker: Asker) -> Answers:
    """Says what is wrong with the whole, and asks anew for what it is about."""
    found = list(wrong)
    for diagnostic in found:
        asker.say(_sentence(diagnostic))
    field = field_of(found[0].path)
    if field == "size":
        answers = answers._replace(risk="")
    question = next(question for question in QUESTIONS if question.field == field)
    return _ask(question, _with(answers, field, type(getattr(answers, field))()), name, asker)


def _ask(question: Question, answers: Answers, name: str, asker: Asker) -> Answers:
    default = suggested_style(answers, name) if question.field == "style" else ""
    is_list = isinstance(getattr(answers, question.field), tuple)
    while True:
        text = asker.ask(question.text, default)
        if not text:
            if question.optional:
                return answers
            asker.say("  there is no plan without it")
            continue
        more = _with(answers, question.field, _split(text) if is_list else _as_written(question.field, text))
        wrong = wrong_with(more, name)
        if not wrong:
            return more
        for diagnostic in wrong:
            asker.say(_sentence(diagnostic))


def _with(answers: Answers, field: str, answer: str | tuple[str, ...]) -> Answers:
    return Answers(**{**answers._asdict(), field: answer})


def _ask_triggers(answers: Answers, name: str, asker: Asker) -> tuple[str, ...]:
    """Asks what must be seen before each tier fills; the style suggests something where it asks for it."""
    found = []
    for number, suggested in enumerate(suggested_conditions(answers, name), start=1):
        price = answers.prices[number - 1]
        found.append(asker.ask(f"What must be seen before tier {number} at {price} fills?", suggested))
    return tuple(found)


def _split(text: str) -> tuple[str, ...]:
    """Returns several answers of one line: prices, or short forms such as `50% at 60000, 50% at 59000`."""
    between = _BETWEEN_SHORT_FORMS if " at " in text else _BETWEEN_PRICES
    return tuple(word for word in between.split(text) if word)


def _as_written(field: str, text: str) -> str:
    return text.lower() if field in ("side", "style") else text


def _sentence(found: Diagnostic) -> str:
    return f"  {found.message}; {found.help}"
