"""`scaleplan new`: a plan that checks clean from a line of flags or from answers; nothing is ever overwritten."""

import os
import pty
import select
import signal
import subprocess
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path

import jsonschema
import pytest

from scaleplan.cli.new_plan import Wish, new
from scaleplan.cli.reply import ExitCode, Reply
from scaleplan.diagnostic import Severity
from scaleplan.draft.answers import Answers
from scaleplan.draft.examples import example_text, examples
from scaleplan.layout import lay_out
from scaleplan.plan import Style
from scaleplan.schema import FileKind, schema_of
from scaleplan.source import Unreachable, plans_folder
from scaleplan.store import create
from scaleplan.study import Study
from tests.given import codes, studied
from tests.running import COMMAND, ROOT, WIDE_SCREEN, environment, outcome, process
from tests.test_schema import as_editors_read

LONG = ("--long", "BTC/USDT:USDT", "--stop", "57000", "--leverage", "5", "--maintenance", "0.5%", "--equity", "25000")
SHORT = ("--short", "BTC/USDT:USDT", "--stop", "63000", "--leverage", "5", "--maintenance", "0.5%", "--equity", "25000")
#: Prices that each style speaks of, for a long and for a short.
PRICES = {
    Style.PYRAMID: ("60000 61000 62000", "60000 59000 58000"),
    Style.CONFIRMATION: ("60000 60500 61000", "60000 59500 59000"),
    Style.DCA: ("60000 59000 58000", "60000 61000 62000"),
    Style.RANGE: ("60000 59500", "60000 60500"),
    Style.SINGLE: ("60000", "60000"),
}


@pytest.fixture(autouse=True)
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, in which the program runs."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def printed(*arguments: str) -> str:
    """The plan that the arguments come to, about which nothing is said."""
    made = outcome("new", "-", *arguments)
    assert (made.code, made.talk) == (0, ""), made.talk
    return made.out


def is_sound(text: str) -> Study:
    """What every new plan is: clean, in canonical layout, and what the schema says."""
    found = studied(text)
    assert [one.message for one in found.diagnostics if one.severity is not Severity.NOTE] == []
    assert lay_out("plan.yaml", text.encode()).text == text
    for value in as_editors_read(text):
        jsonschema.validate(value, schema_of(FileKind.PLAN))
    assert text.startswith("# yaml-language-server: $schema=./scaleplan.schema.json\n")
    assert "scaleplan schema > scaleplan.schema.json" in text
    return found


# From flags


@pytest.mark.parametrize("style", Style)
@pytest.mark.parametrize("size", [("--risk", "250"), ("--size", "0.1 BTC"), ("--risk", "1%")], ids=" ".join)
def test_every_style_checks_clean(style: Style, size: tuple[str, str]) -> None:
    """A long and a short in each style have neither errors nor warnings, a meaning, and the prices asked for."""
    for flags, prices in zip((LONG, SHORT), PRICES[style], strict=True):
        text = printed(*flags, *size, "--style", style, *prices.split())
        plan = is_sound(text).plan
        assert plan is not None
        assert (plan.style, plan.side) == (style, flags[0].removeprefix("--"))
        assert [str(tier.price) for tier in plan.tiers] == prices.split()
        assert plan.targets
        assert plan.account.max_risk is not None


def test_the_line_of_the_issue() -> None:
    """The shortest line for a contract: only where it is liquidated is unknown, and it is said how to mend that."""
    line = "--long BTC/USDT:USDT 60000 59000 58000 --stop 57000 --risk 250 --leverage 5 -o -"
    made = outcome("new", *line.split())
    assert made.code == 0
    assert [one.code for one in studied(made.out).diagnostics if one.severity != "note"] == ["SP406"]
    assert "SP406" in made.talk
    assert "# maintenance: 0.5%" in made.out


def test_spot_needs_no_more() -> None:
    """A spot plan from the least that can be said."""
    plan = is_sound(printed("--long", "SOL/USDT", "150", "140", "130", "--stop", "118", "--size", "900 USDT")).plan
    assert plan is not None
    assert plan.size.text == "900 USDT"


def test_what_is_said_is_in_the_plan() -> None:
    """Targets, triggers, short forms and amounts stand in the plan as they were said."""
    text = printed(
        *LONG, *("50% at 60000", "50% at 61000 stop"), *("--risk", "250 USDT"), *("--style", "pyramid"),
        *("--target", "64000", "--target", "30% at 66000", "--target", "5R"),
        *("--trigger", "RSI > 50, MACD cross", "--trigger", "new high"),
    )  # fmt: skip
    assert '- {price: 60000, share: 50%, trigger: "RSI > 50, MACD cross"}\n' in text
    assert "- {price: 61000, share: 50%, order: stop, trigger: new high}\n" in text
    assert "size: 250 USDT risk\n" in text
    assert "- {price: 64000, close: 1/3, stop: breakeven}\n" in text
    assert "- {price: 66000, close: 30%, stop: target 1}\n" in text
    assert "- {price: 5R, close: rest}\n" in text
    is_sound(text)


def test_default_targets_lie_past_the_tiers() -> None:
    """Far adds of a pyramid are not cancelled by a first target that lies before them."""
    text = printed(*LONG, "--risk", "250", "60000", "63000", "67000", "--style", "pyramid")
    # 1R is 3,000 from tier 1, tier 3 lies 7,000 away: the first target is 3R.
    assert "- {price: 3R, close: 30%, stop: breakeven}\n" in text
    is_sound(text)


def test_a_folder_with_an_account_of_its_own(empty: Path) -> None:
    """Where the folder keeps an account for all plans, it is not written again."""
    (empty / ".scaleplan.yaml").write_text("account: {equity: 25000 USDT, max_risk: 2%}\n")
    text = printed(*LONG[:-2], "--risk", "1%", "60000")
    assert "account:" not in text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("--stop 61000 --risk 250 60000", "--stop: the stop of this long is 61,000.00"),
        ("--stop 57000 --risk 250 60,000", "the prices of the tiers: `60,000` is not a price; write it without commas"),
        ("--stop 57000 --size 900 60000", "--size or --risk: the size `900` does not say what it counts"),
        ("--stop 57000 --risk 250 60000 --style averaging", "--style: `averaging` is none of"),
        ("--stop 57000 --risk 1% 60000", "--size or --risk: `1% risk` is a share of equity, and no equity is written"),
        ("--stop 57000 --risk 250 60000 --target 50000", "--target: "),
        ("--stop 40000 --risk 250 60000 --maintenance 1%", "--stop: "),
        ("--stop 57000 --risk 250 60000 --maintenance half", "--maintenance: `half` is not a rate"),
    ],
)
def test_what_is_wrong_is_said_by_its_flag(line: str, said: str, empty: Path) -> None:
    """What the reader or a rule refuses is said in its words, with the flag that said it; nothing is written."""
    made = outcome("new", "x.yaml", "--long", "BTC/USDT:USDT", "--leverage", "5", *line.split())
    assert (made.out, made.code) == ("", ExitCode.ERRORS)
    assert f"scaleplan: new: {said}" in made.talk
    assert made.talk.endswith("scaleplan: new: nothing was written\n")
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("x.yaml", "--long or --short SYMBOL, the prices of the tiers, --stop, --size or --risk; as in:"),
        ("x.yaml --long BTC/USDT:USDT 60000 --stop 57000 --risk 250", "these are missing: --leverage;"),
        ("x.yaml --short BTC/USDT 60000 --stop 63000 --risk 250", "these are missing: --leverage;"),
        ("--long BTC/USDT 60000 --stop 57000 --risk 250", "the file is missing"),
        ("", "the file is missing"),
        ("x.yaml --long A/B --short A/B", "not both"),
        ("x.yaml --long A/B --size 1 --risk 1", "--risk says the size"),
        ("x.yaml --from range-shrot", "there is no example `range-shrot`; did you mean `range-short`?"),
        ("x.yaml --from zzz", "`scaleplan new --list` names them"),
        ("x.yaml --from range-short --stop 5", "an example is taken as it is"),
        ("x.yaml --list", "--list stands alone"),
        ("x.yaml --levrage 5", "--leverage"),
    ],
)
def test_wrong_usage(line: str, said: str, empty: Path) -> None:
    """What is missing or clashes is named, with exit code 2; nothing waits, and nothing is written."""
    made = outcome("new", *line.split())
    assert (made.out, made.code) == ("", ExitCode.USAGE)
    assert said in made.talk
    assert list(empty.iterdir()) == []


def test_no_terminal_no_waiting(empty: Path) -> None:
    """With a pipe that stays open for standard input the program does not wait for it."""
    read, write = os.pipe()
    try:
        done = process("new", "x.yaml", stdin=read, cwd=empty)
    finally:
        os.close(read)
        os.close(write)
    assert done.returncode == ExitCode.USAGE
    assert b"there is no terminal to ask at" in done.stderr


# Files


def test_the_file_is_written_and_named(empty: Path) -> None:
    """The file may stand before or behind the rest; what is written is what `-` prints, and what is next is said."""
    rest = ("--risk", "250", "60000", *LONG)
    for arguments in (("x.yaml", *rest), (*rest, "y.yml"), ("-o", "z", *rest), ("plan", *rest)):
        made = outcome("new", *arguments)
        assert (made.out, made.code) == ("", 0)
        assert "written; now: scaleplan show " in made.talk
    texts = {path.name: path.read_text() for path in empty.iterdir()}
    assert set(texts) == {"x.yaml", "y.yml", "z", "plan"}
    assert set(texts.values()) == {printed(*rest)}
    umask = os.umask(0)
    os.umask(umask)
    assert (empty / "x.yaml").stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize("made_by", ["file", "folder", "link that leads nowhere"])
def test_nothing_is_overwritten(made_by: str, empty: Path) -> None:
    """Whatever goes by that name already stays, and it is said so before anything is asked."""
    path = empty / "x.yaml"
    if made_by == "file":
        path.write_text("mine")
    elif made_by == "folder":
        path.mkdir()
    else:
        path.symlink_to("elsewhere.yaml")
    made = outcome("new", "x.yaml")
    assert (made.out, made.code) == ("", ExitCode.REFUSED)
    assert made.talk == "scaleplan: x.yaml: is there already, and nothing is overwritten\n"
    assert [one.name for one in empty.iterdir()] == ["x.yaml"]
    assert path.is_symlink() or path.is_dir() or path.read_text() == "mine"


def test_a_file_that_appears_meanwhile_is_not_overwritten(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody else may be quicker: the name is taken in one step, with links or without."""
    (empty / "x.yaml").write_text("theirs")
    for links in (True, False):
        if not links:
            monkeypatch.setattr("os.link", _refuse)
        with pytest.raises(Unreachable, match="is there already"):
            create("x.yaml", b"mine")
        assert {path.name: path.read_text() for path in empty.iterdir()} == {"x.yaml": "theirs"}
    create("y.yaml", b"mine")
    assert (empty / "y.yaml").read_bytes() == b"mine"


def _refuse(*_: object) -> None:
    raise PermissionError(1, "Operation not permitted")


def test_nothing_half_written_is_left(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk leaves no file at all, and is said."""

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    made = outcome("new", "x.yaml", "--risk", "250", "60000", *LONG)
    assert (made.code, made.talk) == (ExitCode.REFUSED, "scaleplan: x.yaml: no space left on device\n")
    assert list(empty.iterdir()) == []


def test_a_folder_that_is_not_there() -> None:
    """A file in no folder is refused before anything is asked."""
    made = outcome("new", "none/x.yaml")
    assert (made.code, made.talk) == (ExitCode.REFUSED, "scaleplan: none/x.yaml: there is no such folder\n")


# At the terminal


class Person:
    """Somebody who gives the answers one after the other, and keeps what was shown."""

    def __init__(self, answers: Iterable[str | BaseException]) -> None:
        self._answers = iter(answers)
        self.seen: list[str] = []

    def say(self, text: str) -> None:
        """Take note."""
        self.seen.append(text)

    def ask(self, question: str, default: str) -> str:
        """Give the next answer."""
        self.seen.append(f"{question} [{default}]")
        answer = next(self._answers)
        if isinstance(answer, BaseException):
            raise answer
        return answer or default


def asked(person: Person, *, file: str = "x.yaml", answers: Answers = Answers(), long: str = "") -> Reply:  # noqa: B008
    """A new plan from what a person answers."""
    return new(Wish((), file, long, "", answers, "", list_examples=False), WIDE_SCREEN, person)


EVERYTHING = ("BTC/USDT:USDT", "long", "5", "0.5%", "60000, 61000 62000", "", "57000", "25000", "250 USDT risk", "")


def test_questions_make_the_plan_that_flags_make(empty: Path) -> None:
    """Every question answered is the plan of the same flags; Enter takes what is suggested."""
    person = Person([*EVERYTHING, "", "new high", ""])
    assert asked(person).code == 0
    text = (empty / "x.yaml").read_text()
    is_sound(text)
    condition = ("--trigger", "4h close above 60000", "--trigger", "new high")
    assert text == printed(*LONG, "--risk", "250", "60000", "61000", "62000", *condition)
    assert "The style: pyramid, confirmation, dca, range or single? [pyramid]" in person.seen
    assert "What must be seen before tier 2 at 61000 fills? [4h close above 61000]" in person.seen


def test_wrong_answers_are_asked_again(empty: Path) -> None:
    """What cannot be read, or makes no plan with the answers before, is told in the reader's words and asked anew."""
    wrong = {
        "symbol": "BTCUSDT",
        "side": "up",
        "leverage": "lots",
        "maintenance": "5",
        "prices": "60,000",
        "style": "averaging",
        "stop": "63000",
        "equity": "much",
        "size": "250",
        "targets": "50000",
    }
    answers: list[str] = []
    for bad, good in zip(wrong.values(), EVERYTHING, strict=True):
        answers += [bad, good]
    person = Person([*answers, "", "", ""])
    assert asked(person).code == 0
    told = [line for line in person.seen if line.startswith("  ")]
    assert len(told) >= len(wrong)
    assert "  `BTCUSDT` is not a symbol; write BASE/QUOTE or BASE/QUOTE:SETTLE, as `BTC/USDT`" in told
    assert any(line.startswith("  the stop of this long is 63,000.00") for line in told)
    is_sound((empty / "x.yaml").read_text())


def test_what_cannot_be_left_out_is_asked_until_it_is_there(empty: Path) -> None:
    """An empty answer to what a plan needs is no answer."""
    person = Person(["", "SOL/USDT", "long", "150 140", "", "118", "", "", "900 USDT", "", "", ""])
    assert asked(person).code == 0
    assert person.seen.count("  there is no plan without it") == 2


def test_only_what_is_missing_is_asked(empty: Path) -> None:
    """Flags beside the terminal are answers already; where all is said nothing is asked."""
    said = Answers(stop="118", size="900 USDT", style="dca", equity="5000")
    person = Person(["150 140", "", "", ""])
    assert asked(person, long="SOL/USDT", answers=said).code == 0
    assert len([line for line in person.seen if line.endswith("]")]) == 4
    quiet = Person([])
    whole = said._replace(prices=())
    made = new(Wish(("150",), "y.yaml", "SOL/USDT", "", whole, "", list_examples=False), WIDE_SCREEN, quiet)
    assert (made.code, quiet.seen) == (0, [])


@pytest.mark.parametrize(("end", "code"), [(EOFError(), 1), (KeyboardInterrupt(), 130)], ids=["Ctrl-D", "Ctrl-C"])
@pytest.mark.parametrize("number", [0, 1, 5])
def test_leaving_writes_nothing(end: BaseException, code: int, number: int, empty: Path) -> None:
    """Ctrl-C and the end of input at any question leave nothing behind, and say so."""
    made = asked(Person([*EVERYTHING[:number], end]))
    assert (made.out, made.code) == ("", code)
    assert "nothing was written" in made.talk
    assert list(empty.iterdir()) == []


def test_at_a_real_terminal(empty: Path) -> None:
    """Questions and answers go over a terminal, the questions by standard error: standard output has only the plan."""
    screen, keyboard = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "new", "-", "--long", "SOL/USDT", "--stop", "118", "--size", "900 USDT"],
        stdin=keyboard,
        stdout=subprocess.PIPE,
        stderr=keyboard,
        env=environment(TERM="dumb"),
        cwd=empty,
    ) as running:
        os.close(keyboard)
        os.write(screen, b"60,000\n150 140\n\n\n\n\n\n")
        out, _ = running.communicate(timeout=30)
        seen = _seen(screen)
    assert running.returncode == 0
    is_sound(out.decode())
    assert b"At which prices" in seen
    assert b"`60,000` is not a price" in seen


def test_control_c_at_a_real_terminal(empty: Path) -> None:
    """Ctrl-C at a question ends with 130 and a word, without a traceback."""
    screen, keyboard = pty.openpty()
    with subprocess.Popen(
        [*COMMAND, "new", "x.yaml"], stdin=keyboard, stdout=keyboard, stderr=keyboard, env=environment(), cwd=empty
    ) as running:
        os.close(keyboard)
        shown = b""
        while b"> " not in shown:
            shown += _seen(screen)
        time.sleep(0.1)
        running.send_signal(signal.SIGINT)
        running.wait(timeout=30)
        shown += _seen(screen)
    assert running.returncode == 130
    assert b"nothing was written" in shown
    assert b"Traceback" not in shown
    assert list(empty.iterdir()) == []


def _seen(screen: int) -> bytes:
    """What a terminal shows so far."""
    shown = b""
    while select.select([screen], [], [], 0.3)[0]:
        try:
            more = os.read(screen, 65536)
        except OSError:
            break
        if not more:
            break
        shown += more
    return shown


# Examples


def test_the_list_names_every_plan() -> None:
    """`--list` has a line for each plan that is bundled, with its name, what it is, and what it trades."""
    lines = outcome("new", "--list").out.splitlines()
    plans = {path.stem for path in (ROOT / "plans").glob("*.yaml")} - {"account"}
    assert {line.split()[0] for line in lines} == plans
    assert "range-short              Range-top short (range, short BTC/USDT:USDT)" in lines


@pytest.mark.parametrize("name", [one.name for one in examples()])
def test_an_example_stands_alone(name: str, empty: Path) -> None:
    """An example taken elsewhere says what it says at home, with its account written out and the editor's line."""
    assert outcome("new", "x.yaml", "--from", name).code == 0
    text = (empty / "x.yaml").read_text()
    assert text == example_text(name)
    home = studied((plans_folder() / f"{name}.yaml").read_bytes(), str(plans_folder() / f"{name}.yaml"))
    here = studied(text, f"{name}.yaml")
    assert here.plan == home.plan
    assert codes(here) == codes(home)
    assert text.startswith("# yaml-language-server: $schema=./scaleplan.schema.json\n")
    assert lay_out("x.yaml", text.encode()).text == text


def test_the_wheel_has_every_plan() -> None:
    """The wheel takes the plans of the checkout along, to where they are looked for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"] == {"plans": "scaleplan/plans"}


def test_plans_are_found_in_a_package(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Once installed they lie inside the package; in a checkout beside it."""
    assert plans_folder() == ROOT / "plans"
    (empty / "scaleplan" / "plans").mkdir(parents=True)
    monkeypatch.setattr("scaleplan.source.__file__", str(empty / "scaleplan" / "source.py"))
    assert plans_folder() == empty / "scaleplan" / "plans"
