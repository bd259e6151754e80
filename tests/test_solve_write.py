"""`solve --write`: the bytes of one value change and no other, and the file reads as the plan that was checked."""

import os
import stat
import threading
from pathlib import Path

import pytest

from scaleplan import store
from scaleplan.cli.reply import ExitCode, Reply
from tests.given import plan_of
from tests.running import joined, outcome, process

PLAN = """\
# My plan: every byte of it is mine.
symbol: SOL/USDT:USDT
side:   long          # up only
account: {equity: 10000}
leverage: 4           # as set on the venue
maintenance: 1%
fees: {maker: 0%, taker: 0%}
size: 20 SOL
tiers: [100, 90]

invalidation: 80
stop: 80   # where the order sits
targets:
  - {price: 120, close: 50%}   # half
  - price: 140
    close: rest
"""


def write(folder: Path, text: str | bytes, *words: str, name: str = "plan.yaml") -> tuple[Reply, bytes]:
    """Solves a plan and writes the answer. Returns what is said, and what the file then holds."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    found = outcome("solve", words[0], str(path), *words[1:], "--write")
    return found, path.read_bytes()


@pytest.mark.parametrize(
    ("words", "line", "new"),
    [
        # 1,900 - 20*85 = 200.
        (("stop", "--loss", "200"), "stop: 80   # where the order sits", "stop: 85   # where the order sits"),
        # 300 are lost with 20, 150 with 10.
        (("size", "--loss", "150"), "size: 20 SOL", "size: 10 SOL"),
        # 1,000/287.2 = 3.48 at 10%.
        (
            ("leverage", "--behind", "10%"),
            "leverage: 4           # as set on the venue",
            "leverage: 3           # as set on the venue",
        ),
        # 37.2 are missing: see `test_solve`.
        (
            ("margin", "--behind", "10%"),
            "leverage: 4           # as set on the venue\n",
            "leverage: 4           # as set on the venue\nextra_margin: 37.2\n",
        ),
        (("close", "--target", "1", "--free"), "close: 50%}   # half", "close: 37.5%}   # half"),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_one_value_changes(
    tmp_path: Path, words: tuple[str, ...], line: str, new: str, ending: str, mark: bytes
) -> None:
    """Comments, blanks, line ends and the byte order mark stay; a key that is missing comes behind its neighbour."""
    before = mark + PLAN.replace("\n", ending).encode()
    found, after = write(tmp_path, before, *words)
    assert found.code == ExitCode.OK
    assert after == mark + PLAN.replace(line, new).replace("\n", ending).encode()
    assert "write" in found.out
    again = outcome("solve", words[0], str(tmp_path / "plan.yaml"), *words[1:], "--write")
    assert (tmp_path / "plan.yaml").read_bytes() == after
    if words[0] != "margin":
        assert "the plan has" in joined(again.out)


@pytest.mark.parametrize(
    ("old", "new", "words", "then"),
    [
        ("stop: 80   # where the order sits", 'stop: "80"', ("stop", "--loss", "200"), 'stop: "85"'),
        ("stop: 80   # where the order sits", "stop: '80'", ("stop", "--loss", "200"), "stop: '85'"),
        # The stop left out is the invalidation.
        ("stop: 80   # where the order sits\n", "", ("stop", "--loss", "200"), "invalidation: 80\nstop: 85\n"),
        ("{price: 120, close: 50%}", "50% at 120", ("close", "--target", "1", "--free"), "- 37.5% at 120   # half"),
        ("{price: 120, close: 50%}", '"50% at 120"', ("close", "--target", "1", "--free"), '- "37.5% at 120"   # half'),
        (
            "{price: 120, close: 50%}",
            "{price: 120}",
            ("close", "--target", "1", "--free"),
            "{price: 120, close: 37.5%}",
        ),
        (
            "  - {price: 120, close: 50%}   # half\n",
            "  - price: 120 # first\n    note: mine\n",
            ("close", "--target", "1", "--free"),
            "  - price: 120 # first\n    close: 37.5%\n    note: mine\n",
        ),
    ],
)
def test_every_layout_keeps_its_own(tmp_path: Path, old: str, new: str, words: tuple[str, ...], then: str) -> None:
    """Quotes, short forms, braces and blocks: the value stands as the one before it did."""
    text = PLAN.replace(old, new)
    assert text != PLAN
    found, after = write(tmp_path, text, *words)
    assert then in after.decode(), joined(found.talk)
    assert found.code == ExitCode.OK
    plan_of(after.decode())


def test_a_plan_in_braces(tmp_path: Path) -> None:
    """A whole plan in braces takes a missing key behind its neighbour's value, in its own line."""
    text = (
        "{symbol: SOL/USDT:USDT, side: long, account: {equity: 10000}, leverage: 4, maintenance: 1%,\n"
        " fees: {maker: 0%, taker: 0%}, size: 20 SOL, tiers: [100, 90], stop: 80}"
    )
    found, after = write(tmp_path, text, "margin", "--behind", "10%")
    assert found.code == ExitCode.OK
    assert after.decode() == text.replace("leverage: 4,", "leverage: 4, extra_margin: 37.2,")


def test_the_last_line_needs_no_end(tmp_path: Path) -> None:
    """A key that comes behind the last line of a file without a line end begins one."""
    text = PLAN.replace("leverage: 4           # as set on the venue\n", "") + "leverage: 4 # last"
    found, after = write(tmp_path, text, "margin", "--behind", "10%")
    assert found.code == ExitCode.OK
    assert after.decode() == f"{text}\nextra_margin: 37.2"


def test_a_link_is_followed_and_the_mode_stays(tmp_path: Path) -> None:
    """What the link leads to is written; it keeps its permissions, and nothing else is left in the folder."""
    (tmp_path / "kept").mkdir()
    real = tmp_path / "kept" / "real.yaml"
    real.write_text(PLAN)
    real.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to("kept/real.yaml")
    assert outcome("solve", "stop", str(link), "--loss", "200", "--write").code == ExitCode.OK
    assert link.is_symlink()
    assert "stop: 85 " in real.read_text()
    assert stat.S_IMODE(real.stat().st_mode) == 0o640
    assert [path.name for path in (tmp_path / "kept").iterdir()] == ["real.yaml"]


@pytest.mark.parametrize(
    ("text", "words", "code", "says"),
    [
        (PLAN, ("shares", "--equal-risk"), 2, "write `share: 33.33%` in tier 1, `share: 66.67%` in tier 2"),
        (PLAN, ("target", "--net", "2R"), 2, "write `125` where it belongs"),
        (PLAN, ("add", "--at", "95", "--risk", "300", "--tiers", "1"), 2, "write `6.66666 SOL`"),
        (PLAN, ("tiers", "--loss", "250"), 2, "write `1` where it belongs"),
        (
            PLAN,
            ("close", "--target", "1", "--free", "--tiers", "1", "--with-stop", "95"),
            2,
            "write `stop: 95` and `close: 20%` in target 1",
        ),
        (
            PLAN,
            ("stop", "--loss", "200", "--set", "size=10 SOL"),
            1,
            "the answer holds for the plan with `size: 10 SOL`",
        ),
        (PLAN, ("stop", "--loss", "200", "--set", "stop=70"), 1, "with `stop: 70`: write that first, then `stop: 85`"),
        (PLAN, ("stop", "--loss", "2%", "--equity", "9000"), 1, "then `stop: 86`"),
        # Equal shares end where one is written. 6.67 closed at 110 bring 100, the rest loses 200 at 80:
        # each SOL closed at 120 brings 40 more, 2.5 of 20 are missing.
        (
            f"{PLAN.partition('targets')[0]}targets: [110, 120, 140]\n",
            ("close", "--target", "2", "--free"),
            1,
            "write `targets[1].close: 12.5%`, `targets[0].close: 1/3`, `targets[2].close: 1/3`",
        ),
        # A price alone has no place for a share, nor has a ladder written short.
        (
            PLAN.replace("{price: 120, close: 50%}", "120"),
            ("close", "--target", "1", "--free"),
            1,
            "write `37.5% at 120`",
        ),
        (
            PLAN.replace("[100, 90]", "{from: 100, to: 90, count: 2}"),
            ("shares", "--equal-risk"),
            2,
            "write `shares: [33.33%, 66.67%]` in the ladder of tiers",
        ),
        (
            f"{PLAN.partition('targets')[0]}targets: {{from: 120, to: 140, count: 2}}\n",
            ("close", "--target", "1", "--free"),
            1,
            "write each on its own, with `close: 37.5%` in target 1",
        ),
    ],
)
def test_what_cannot_be_written_says_what_to_type(
    tmp_path: Path, text: str, words: tuple[str, ...], code: int, says: str
) -> None:
    """The answer is there, the file is as it was."""
    found, after = write(tmp_path, text, *words)
    assert found.code == code
    assert after == text.encode()
    assert says in joined(found.talk)
    assert found.out


def test_standard_input_is_not_written(tmp_path: Path) -> None:
    """There is no file: exit 2 with what to type, behind the answer."""
    ended = process("solve", "stop", "-", "--loss", "200", "--write", stdin=PLAN.encode(), cwd=tmp_path)
    assert ended.returncode == ExitCode.USAGE
    assert b"85.00" in ended.stdout
    assert b"standard input has no place for it: write `stop: 85`" in ended.stderr


def test_no_answer_writes_nothing(tmp_path: Path) -> None:
    """Neither what is out of reach nor what is so already touches the file."""
    for words, code in ((("stop", "--loss", "0.001"), 1), (("margin", "--behind", "1%"), 0)):
        found, after = write(tmp_path, PLAN, *words)
        assert (found.code, after) == (code, PLAN.encode())


def test_a_disk_that_is_full_leaves_the_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit 3 in the system's own words, the plan as it was, and nothing beside it."""

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "write", full)
    found, after = write(tmp_path, PLAN, "stop", "--loss", "200")
    assert found.code == ExitCode.REFUSED
    assert after == PLAN.encode()
    assert "no space left on device" in found.talk
    assert [path.name for path in tmp_path.iterdir()] == ["plan.yaml"]


def test_a_plan_that_was_edited_meanwhile_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What another program wrote after the plan was read stays."""
    edited = PLAN.replace("20 SOL", "30 SOL")
    replace = store.replace

    def later(path: str, data: bytes, was: bytes | None = None) -> None:
        Path(path).write_text(edited)
        replace(path, data, was)

    monkeypatch.setattr(store, "replace", later)
    found, after = write(tmp_path, PLAN, "stop", "--loss", "200")
    assert found.code == ExitCode.REFUSED
    assert after == edited.encode()
    assert "was changed by another program meanwhile" in found.talk


def test_what_is_no_regular_file_is_read_and_not_written(tmp_path: Path) -> None:
    """A FIFO is a plan like any, and no place for an answer; a folder is none at all."""
    fifo = tmp_path / "fifo.yaml"
    os.mkfifo(fifo)
    feeder = threading.Thread(target=lambda: fifo.write_text(PLAN))
    feeder.start()
    found = outcome("solve", "stop", str(fifo), "--loss", "200", "--write")
    feeder.join()
    assert found.code == ExitCode.REFUSED
    assert "85.00" in found.out
    assert outcome("solve", "stop", str(tmp_path), "--loss", "200", "--write").code == ExitCode.REFUSED


@pytest.mark.parametrize(
    "data",
    [b"\xff\xfe\x00", b"size: \x1b[31m", b"# " + b"x" * (1 << 20) + b"\n", PLAN.replace("100, 90", "0, 90").encode()],
)
def test_what_is_no_plan_is_a_sentence(tmp_path: Path, data: bytes) -> None:
    """No traceback and no half a file: other bytes, control characters, too many of them, a price of 0."""
    found, after = write(tmp_path, data, "stop", "--loss", "200")
    assert (found.code, after) == (ExitCode.ERRORS, data)
    assert "error SP" in found.talk
    assert "\x1b" not in found.talk


def test_text_of_a_plan_is_never_markup(tmp_path: Path) -> None:
    """A size that the trader names strangely reaches no terminal as it stands."""
    text = PLAN.replace("stop: 80 ", 'stop: "8\\x300" ')
    found, after = write(tmp_path, text, "stop", "--loss", "200")
    # Its value is written in a form that cannot be put in the same quotes.
    assert (found.code, after) == (ExitCode.ERRORS, text.encode())
    assert "write `stop: 85`" in found.talk
