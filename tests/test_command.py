"""The declaration of commands: what is parsed from it without typer is what typer reads from it."""

from functools import cache
from typing import Any, ClassVar

import pytest

from scaleplan.cli.by_typer import CommandRunner, program
from scaleplan.cli.command import NAMES, Option, load, parsed
from scaleplan.cli.reply import ExitCode, Reply
from tests.running import WIDE_SCREEN, outcome

ALL = [name for word in NAMES for name in (word, *(f"{word} {child}" for child in load(word)[0].children))]


class Recorder(CommandRunner):
    """Keeps what would be run."""

    read: ClassVar[list[tuple[str, dict[str, object]]]] = []

    def run(self, name: str, values: dict[str, object]) -> None:
        """Keeps a command, and the values that differ from the defaults."""
        defaults = {option.name: option.default for option in load(name)[0].options}
        self.read.append((name, {key: value for key, value in values.items() if value != defaults[key]}))


@cache
def recorded() -> Any:  # noqa: ANN401 - click is typer's own
    """Returns typer's program, which takes a while to make."""
    return program(Recorder(WIDE_SCREEN))


def by_typer(*arguments: str) -> tuple[str, dict[str, object]]:
    """Returns the command that typer reads from arguments, and the values that differ from the defaults."""
    Recorder.read.clear()
    with pytest.raises(SystemExit) as ended:
        recorded().main(list(arguments))
    assert ended.value.code in (0, None)
    return Recorder.read[0]


def plainly(name: str, *arguments: str) -> tuple[str, dict[str, object]]:
    """Returns the same of what is parsed from the declaration."""
    found = parsed([*name.split(), *arguments], WIDE_SCREEN)
    assert found is not None, arguments
    run, call = found
    options = load(name)[0].options
    assert run is load(name)[1]
    return name, {option.name: call[option] for option in options if call[option] != option.default}


def value_of(option: Option[object]) -> list[str]:
    """Returns a value to write for an option."""
    return (
        []
        if option.kind is bool
        else ["7"]
        if option.kind is int
        else [option.choices[-1] if option.choices else "-x y"]
    )


def words_of(argument: Option[object]) -> tuple[str, ...]:
    """Returns the words to write for an argument: several, one of its choices, or any."""
    return ("a", "-", "") if argument.many else argument.choices[:1] or ("a",)


@pytest.mark.parametrize("name", ALL)
def test_every_option_is_read_as_typer_reads_it(name: str) -> None:
    """Each option of each command alone and all together, before, between and behind arguments, twice too."""
    options = load(name)[0].options
    places = [word for option in options if not option.flags for word in words_of(option)]
    calls = [places]
    for option in options:
        for flag in option.flags:
            words = [flag, *value_of(option)]
            calls += [
                [*words, *places],
                [*places, *words],
                [*places, *words, *words],
                [*places[:1], *words, *places[1:]],
            ]
            if flag.startswith("--") and len(words) == 2:
                calls += (
                    [[*places, f"{flag}={words[1]}"], [*places, f"{flag}={words[1]}=", *words]]
                    if not option.choices and option.kind is str
                    else []
                )
    calls.append(
        [*places, *(word for option in options if option.flags for word in [option.flags[-1], *value_of(option)])]
    )
    for call in calls:
        assert plainly(name, *call) == by_typer(*name.split(), *call), call


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "shwo a.yaml",
        "show",
        "show a.yaml --help",
        "show -h",
        "show -- a.yaml",
        "show a.yaml --nope",
        "show a.yaml --format",
        "show a.yaml --format xml",
        "show a.yaml --form json",
        "show a.yaml --strict=1",
        "explain-liquidation a.yaml b.yaml",
        "explain-liquidation a.yaml --tier x",
        "explain-liquidation a.yaml --tier +2",
        "explain-liquidation a.yaml --tier 99999999999999999999",
        "new -obtc.yaml",
        "new -o=btc.yaml",
        "rules x",
        "venues shwo",
        "venues --format json show binance",
    ],
)
def test_all_else_is_left_to_typer(typed: str) -> None:
    """Help, wrong usage, and rare forms of right usage: nothing is guessed."""
    assert parsed(typed.split(" "), WIDE_SCREEN) is None


def test_right_usage_in_a_rare_form_runs_all_the_same() -> None:
    """What only typer can read reaches the same function."""
    plain = outcome("venues", "show", "binance", "--format", "md")
    assert outcome("venues", "show", "--format", "md", "--", "binance") == plain
    assert isinstance(plain, Reply)
    assert plain.code == ExitCode.OK


@pytest.mark.parametrize("name", ALL)
def test_declarations_are_whole(name: str) -> None:
    """Every command has a help, examples that begin with its name, and no two options of one name."""
    command, _ = load(name)
    assert command.help
    assert command.examples
    assert any(example.startswith(f"scaleplan {name}") for example in command.examples)
    names = [flag for option in command.options for flag in option.flags or (option.metavar,)]
    assert len(names) == len(set(names))
