"""`scaleplan help`: the list of topics, a topic for a pipe and for a terminal, and a word that is none."""

import re

import pytest

from scaleplan.cli.commands.help import complete_topic
from scaleplan.cli.reply import Screen, Surface
from tests.running import ROOT, outcome, screen_of

TOPICS = {path.stem: path.read_text("utf-8") for path in sorted((ROOT / "scaleplan" / "help").glob("*.md"))}
PIPE = screen_of(None)
TERMINAL = Screen(*[Surface(width=80, colour=True)] * 2)
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def test_without_a_topic_all_are_listed() -> None:
    """Each has a line: its name, and what its first line says that it is about."""
    listed = [line.split(maxsplit=1) for line in outcome("help", screen=PIPE).out.splitlines()]
    assert [name for name, _ in listed] == list(TOPICS)
    for name, about in listed:
        assert re.match(rf"# {name}: {re.escape(about)}\n", TOPICS[name], re.IGNORECASE)


@pytest.mark.parametrize("name", TOPICS)
def test_a_pipe_gets_plain_text(name: str) -> None:
    """What is written, without the targets of links: they lead nowhere from there."""
    found = outcome("help", name, screen=PIPE)
    assert (found.code, found.talk) == (0, "")
    assert not re.search(r"\]\(|\x1b", found.out)
    assert found.out == re.sub(r"\[([^]]+)\]\([^)]+\)", r"\1", TOPICS[name])


@pytest.mark.parametrize("name", TOPICS)
def test_a_terminal_gets_it_laid_out(name: str) -> None:
    """In colour; prose is wrapped, the lines of plans and of output are not."""
    coloured = outcome("help", name, screen=TERMINAL).out
    plain = outcome("help", name, screen=screen_of(80)).out
    assert coloured != plain
    assert ESCAPE.sub("", coloured).split() == plain.split()
    blocks = "\n".join(re.findall(r"^```\w*\n(.*?)^```", TOPICS[name], re.DOTALL | re.MULTILINE)).splitlines()
    lines = plain.splitlines()
    assert {line.rstrip() for line in blocks} <= set(lines)
    assert [line for line in lines if len(line) > 80 and line not in blocks] == []


@pytest.mark.parametrize("width", [60, 80])
def test_the_list_fits_the_terminal(width: int) -> None:
    """A long title goes on below itself, and says the same."""
    narrow = outcome("help", screen=screen_of(width)).out
    assert all(len(line) <= width for line in narrow.splitlines())
    assert narrow.split() == outcome("help", screen=PIPE).out.split()


@pytest.mark.parametrize("arguments", [("help", "language"), ("rules",), ("explain", "SP401"), ("show", "range-short")])
def test_no_colour_vanishes_on_a_light_or_a_dark_terminal(arguments: tuple[str, ...]) -> None:
    """No background is set, nothing is black or white, and words are the same without any."""
    command, *names = arguments
    names = [str(ROOT / "plans" / f"{name}.yaml") if command == "show" else name for name in names]
    found = outcome(command, *names, screen=TERMINAL).out
    codes = {int(code) for each in re.findall(r"\x1b\[([0-9;]*)m", found) for code in each.split(";")}
    assert codes
    # 0 to 4: plain, bold, dim, underlined; 31 to 36: the colours that are legible on both.
    assert codes <= {0, 1, 2, 3, 4, 31, 32, 33, 34, 35, 36}


def test_case_does_not_matter() -> None:
    """`CI` is `ci`."""
    assert outcome("help", "CI") == outcome("help", "ci")


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("liqidation", "there is no topic `liqidation`. Try:\n\n  scaleplan help liquidation\n"),
        ("zzz", "there is no topic `zzz`. Try:\n\n  scaleplan help\n"),
        ("show", "`show` is a command and no topic. Try:\n\n  scaleplan show --help\n"),
        ("\x1b[31m", "there is no topic `\\x1b[31m`. Try:\n\n  scaleplan help\n"),
        ("../rules", "Try:\n\n  scaleplan help rules\n"),
    ],
)
def test_a_word_that_is_no_topic(word: str, said: str) -> None:
    """The nearest topic is named, a command is told apart, and no file is looked for by what is typed."""
    found = outcome("help", word)
    assert (found.code, found.out) == (2, "")
    assert said in found.talk


def test_a_shell_completes_topics() -> None:
    """By what is typed so far, in any case."""
    assert complete_topic("li") == ["liquidation"]
    assert complete_topic("C") == ["checklist", "choices", "ci"]
    assert complete_topic("") == list(TOPICS)
