"""`scaleplan help`: a topic, or the list of all."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import NAMES, Call, Command, Option
from scaleplan.cli.reply import ExitCode, Reply

if TYPE_CHECKING:
    from pathlib import Path


def complete_topic(incomplete: str) -> list[str]:
    """Returns the topics that begin with what is typed."""
    return [name for name in _topics() if name.startswith(incomplete.lower())]


TOPIC: Option[str | None] = Option(
    (), "What to read about; left out, the list of all.", None, "[TOPIC]", complete=complete_topic
)
COMMAND = Command(
    "Read about language, figures, paths, rules. Without a topic, all are listed.",
    (TOPIC,),
    examples=("scaleplan help", "scaleplan help liquidation"),
)


def run(call: Call) -> Reply:
    """Prints a topic, or a line for each; a word that is none is answered with the nearest."""
    topics, word = _topics(), call[TOPIC]
    if word is None:
        from scaleplan.report.topic import render_list

        titles = {name: _title(path) for name, path in topics.items()}
        return Reply(render_list(titles, call.screen.out.width), "", ExitCode.OK)
    path = topics.get(word.lower())
    if path is None:
        return Reply("", _instead(word, topics), ExitCode.USAGE)
    from scaleplan.report.topic import render_topic

    out = call.screen.out
    return Reply(render_topic(path.read_text("utf-8"), out.width, colour=out.colour), "", ExitCode.OK)


def _topics() -> "dict[str, Path]":
    from pathlib import Path

    folder = Path(__file__).parents[2] / "help"
    return {path.stem: path for path in sorted(folder.glob("*.md"))}


def _title(path: "Path") -> str:
    """Returns what the first line of a topic says behind its name."""
    with path.open(encoding="utf-8") as file:
        return file.readline().partition(": ")[2].strip()


def _instead(word: str, topics: "dict[str, Path]") -> str:
    """Returns what to type in place of a word that is no topic."""
    from difflib import get_close_matches

    from scaleplan.cli.meant import try_instead

    if word in NAMES:
        return try_instead(f"`{word}` is a command and no topic", word, "--help")
    near = get_close_matches(word.lower(), topics, n=1)
    return try_instead(f"there is no topic `{word}`", "help", *near)
