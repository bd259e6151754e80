"""Places in a text, and the reading of files: what comes back, how much of it, and what is refused."""

import io
import os
import pickle
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scaleplan.source import Place, Source, Span, Unreachable, joined, name_of, read_bytes


def reason_of(path: str) -> str:
    """Why a path is refused."""
    with pytest.raises(Unreachable) as refused:
        read_bytes(path, 100)
    assert refused.value.name == name_of(path)
    return refused.value.reason


@contextmanager
def pipe_filled_with(data: bytes) -> Iterator[str]:
    """The path of a pipe's reading end, as a shell's process substitution gives it, while another thread fills it."""
    reading, writing = os.pipe()

    def fill() -> None:
        # The reader may have had enough before all is written.
        with suppress(BrokenPipeError), os.fdopen(writing, "wb") as file:
            file.write(data)

    thread = threading.Thread(target=fill)
    thread.start()
    try:
        yield f"/dev/fd/{reading}"
    finally:
        os.close(reading)
        thread.join(timeout=60)


@pytest.mark.parametrize(
    ("offset", "line", "column"),
    [(0, 1, 1), (1, 1, 2), (2, 1, 3), (3, 2, 1), (5, 2, 3), (7, 3, 1), (9, 4, 1), (10, 4, 2), (99, 4, 2), (-1, 1, 1)],
)
def test_lines_end_as_in_an_editor(offset: int, line: int, column: int) -> None:
    """LF, CR LF and a lone CR end a line; a place beyond the text is its end."""
    #               0  1 2   3 4 5 6    7 8   9
    source = Source("x", "\U0001f600\u9577\nab\r\nc\rd")
    assert source.position(offset) == Place(line, column)


def test_a_line_comes_without_its_end() -> None:
    """`line` counts from 1 and leaves out the characters that end the line; there is no line beyond the last."""
    source = Source("x", "a\r\nbb\rccc\n")
    assert [source.line(number) for number in range(6)] == ["", "a", "bb", "ccc", "", ""]


def test_a_part_of_a_span_is_counted_from_its_beginning() -> None:
    """The part 2 to 4 of `60,000` in `{price: 60,000}` is `,0`."""
    span = Span(Source("x", "{price: 60,000}"), 8, 14)
    assert span.text == "60,000"
    assert span.part(2, 4).text == ",0"


@given(st.text(alphabet="ab\n\r\u2028\x85\U0001f600"), st.integers(0, 40))
def test_a_position_leads_back_to_its_character(text: str, offset: int) -> None:
    """Line and column together say which character is meant, whatever else YAML takes for the end of a line."""
    source = Source("x", text)
    offset = min(offset, len(text))
    line, column = source.position(offset)
    assert source.line_starts[line - 1] + column - 1 == offset
    if offset < len(text) and text[offset] not in "\r\n":
        assert source.line(line)[column - 1] == text[offset]


def test_a_file_is_read_whole(tmp_path: Path) -> None:
    """The bytes come back as they are, line ends and all."""
    plan = tmp_path / "plan.yaml"
    plan.write_bytes(b"side: long\r\n\xff")
    assert read_bytes(str(plan), 100) == b"side: long\r\n\xff"


def test_no_more_is_read_than_one_byte_past_the_limit(tmp_path: Path) -> None:
    """A file of the limit comes whole; of a longer one the extra byte says that there is more."""
    plan = tmp_path / "plan.yaml"
    plan.write_bytes(b"x" * 1000)
    assert len(read_bytes(str(plan), 1000)) == 1000
    assert len(read_bytes(str(plan), 10)) == 11


def test_a_process_substitution_is_read_like_a_file() -> None:
    """`scaleplan show <(make-plan)` hands over the path of a pipe."""
    with pipe_filled_with(b"side: long\n") as path:
        assert read_bytes(path, 100) == b"side: long\n"


def test_an_endless_pipe_is_read_to_the_limit() -> None:
    """What never ends is left after the limit, so that nothing hangs and no memory is filled."""
    with pipe_filled_with(b"y\n" * 500_000) as path:
        assert len(read_bytes(path, 1000)) == 1001


def test_a_named_pipe_is_read(tmp_path: Path) -> None:
    """A FIFO in the file system is a pipe like any other."""
    fifo = tmp_path / "plan.yaml"
    os.mkfifo(fifo)
    thread = threading.Thread(target=fifo.write_bytes, args=(b"side: short\n",))
    thread.start()
    assert read_bytes(str(fifo), 100) == b"side: short\n"
    thread.join(timeout=60)


def test_a_named_pipe_that_nobody_writes_to_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its opening waits for nobody, and its reading for so long alone; so too one that goes quiet in the middle."""
    monkeypatch.setattr("scaleplan.source._PATIENCE", 0.2)
    monkeypatch.setattr("scaleplan.source._PAUSE", 0.3)
    fifo = tmp_path / "plan.yaml"
    os.mkfifo(fifo)
    assert reason_of(str(fifo)) == "is a pipe through which nothing came for 0.2 s"
    writing = os.open(fifo, os.O_RDWR)
    try:
        os.write(writing, b"side: ")
        assert reason_of(str(fifo)) == "is a pipe through which nothing came for 0.3 s"
    finally:
        os.close(writing)


def test_a_pipe_that_was_written_before_it_is_read_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a command in `<(...)` wrote is there when it has long ended, and nothing of it is nothing."""
    monkeypatch.setattr("scaleplan.source._PATIENCE", 0.2)
    for data in (b"side: long\n", b""):
        reading, writing = os.pipe()
        os.write(writing, data)
        os.close(writing)
        assert read_bytes(f"/dev/fd/{reading}", 100) == data
        os.close(reading)


def test_a_pipe_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A command in `<(...)` that takes its time before its first byte and between two is read to its end."""
    monkeypatch.setattr("scaleplan.source._PATIENCE", 30)
    reading, writing = os.pipe()

    def fill() -> None:
        for data in (b"side: ", b"long\n"):
            time.sleep(0.3)
            os.write(writing, data)
        os.close(writing)

    thread = threading.Thread(target=fill)
    thread.start()
    assert read_bytes(f"/dev/fd/{reading}", 100) == b"side: long\n"
    thread.join(timeout=60)
    os.close(reading)


def test_a_link_stands_for_what_it_leads_to(tmp_path: Path) -> None:
    """Links are followed before anything is asked, so a link to a device is a device, and a dead one is missing."""
    (tmp_path / "plan.yaml").write_bytes(b"a: 1")
    for name, target in (("good", tmp_path / "plan.yaml"), ("device", Path("/dev/null")), ("dead", tmp_path / "no")):
        (tmp_path / name).symlink_to(target)
    assert read_bytes(str(tmp_path / "good"), 100) == b"a: 1"
    assert reason_of(str(tmp_path / "device")) == "is a device, not a file"
    assert reason_of(str(tmp_path / "dead")) == "no such file"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("no/such/plan.yaml", "no such file"),
        ("", "no such file: the name is empty"),
        (".", "is a directory, not a file"),
        ("/dev/null", "is a device, not a file"),
        ("/dev/zero", "is a device, not a file"),
        ("a\0b.yaml", "no such file: the name has a character that no file name can have"),
        (__file__ + "/plan.yaml", "no such file: a part of the path is not a directory"),
        ("x" * 5000, "file name too long"),
    ],
)
def test_what_is_no_file_is_refused_in_a_sentence(path: str, reason: str) -> None:
    """What the operating system does not give is one exception with a name and a reason, never another one."""
    assert reason_of(path) == reason


def test_a_socket_is_refused(tmp_path: Path) -> None:
    """A socket cannot be opened as a file, and is told as what it is."""
    path = tmp_path / "socket"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        assert reason_of(str(path)) == "is a socket, not a file"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_forbidden_file_is_refused(tmp_path: Path) -> None:
    """Without the permission to read, the reason is that permission."""
    plan = tmp_path / "plan.yaml"
    plan.write_bytes(b"a: 1")
    plan.chmod(0)
    assert reason_of(str(plan)) == "permission denied"


def test_the_sentence_names_the_file_first() -> None:
    """As text the exception is what the command line prints behind its own name."""
    assert str(Unreachable("plan.yaml", "no such file")) == "plan.yaml: no such file"


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """`-` reads standard input, up to the limit, under the name `<stdin>`."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"side: long\n" * 50)))
    assert read_bytes("-", 20) == (b"side: long\n" * 2)[:21]
    assert name_of("-") == "<stdin>"
    assert name_of("./-") == "./-"


def test_a_closed_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Started with `<&-` there is no standard input at all, or one that is closed."""
    closed = io.TextIOWrapper(io.BytesIO(b""))
    closed.close()
    for stdin in (None, closed):
        monkeypatch.setattr(sys, "stdin", stdin)
        assert reason_of("-") == "standard input is closed"


def test_a_directory_as_standard_input_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """`scaleplan check - < folder` is answered like the folder itself."""

    class Folder(io.RawIOBase):
        def readinto(self, _buffer: object) -> int:
            raise IsADirectoryError

        def readable(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BufferedReader(Folder())))
    assert reason_of("-") == "is a directory, not a file"


def test_a_refusal_can_be_handed_to_another_process() -> None:
    """What a child process found is pickled on its way: name, reason and sentence arrive as they were."""
    written = pickle.dumps(Unreachable("a: b.yaml", "no such file"))
    refused = pickle.loads(written)  # noqa: S301 - our own
    assert isinstance(refused, Unreachable)
    assert (refused.name, refused.reason, str(refused)) == ("a: b.yaml", "no such file", "a: b.yaml: no such file")


@pytest.mark.parametrize("line", ["a" * 50, "\u9577" * 300_000, "a" * 8_000 + "b" * 3_000 + " " * 90_000 + "c" * 50])
def test_a_condensed_source_says_the_same_around_its_places(line: str) -> None:
    """The positions are the same, and the line's beginning, length, and 2,000 characters around a place."""
    text = f"one\r\n{line}\rthree\n" + "more\n" * 50_000
    source = Source("x", text)
    places = [5, 5 + len(line) // 2, 5 + len(line), len(text)]
    kept = source.condensed(places)
    assert (kept.name, kept.text) == ("x", "")
    assert [kept.position(place) for place in places] == [source.position(place) for place in places]
    short = kept.line(2)
    assert len(short) == len(line)
    assert short[:10_000] == line[:10_000]
    assert short[-1_900:] == line[-1_900:]
    middle = slice(max(0, len(line) // 2 - 1_900), len(line) // 2 + 1_900)
    assert short[middle] == line[middle]
    assert len(pickle.dumps(kept)) < 100_000


def test_a_small_source_is_kept_whole() -> None:
    """What is no longer than what would be kept of one line stays what it is."""
    source = Source("x", "a\n" * 5_000)
    assert source.condensed([1]) is source


@pytest.mark.parametrize(
    ("folder", "path"),
    [
        ("", "a.yaml"),
        ("plans", "./account.yaml"),
        ("/x/", "../a//b.yaml"),
        ("a/../b", "./././c"),
        ("", ""),
        ("/", "y"),
        ("a", "/abs/./z"),
        ("", ".."),
    ],
)
def test_a_path_is_joined_as_pathlib_joins_it(folder: str, path: str) -> None:
    """Without pathlib, which takes a twentieth of a start to load, a file has the same name in messages."""
    assert joined(folder, path) == str(Path(folder) / path)
