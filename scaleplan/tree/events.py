"""The event stream of a YAML text, and where it breaks: the only module that imports yaml.

libyaml makes the events; where PyYAML was built without it, PyYAML's own scanner and parser do, more slowly and with
a tab between values refused. No composer, resolver or constructor ever runs: they recurse (the C loader crashes the
process at 25,000 brackets), they leak ValueError and KeyError, and merge keys take them seconds.
"""

from collections.abc import Iterator

from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

try:
    from yaml._yaml import CParser
except ModuleNotFoundError:
    # Not for want of memory or of files that may be open, in which a plan must not be read otherwise than else.
    LIBYAML = False
else:
    LIBYAML = True

__all__ = [
    "LIBYAML",
    "AliasEvent",
    "Broken",
    "DocumentStartEvent",
    "Event",
    "MappingEndEvent",
    "MappingStartEvent",
    "NodeEvent",
    "ScalarEvent",
    "SequenceEndEvent",
    "SequenceStartEvent",
    "events",
]


_BAD_NUMBER = "found a number that means nothing"


class Broken(Exception):  # noqa: N818 - the text is broken, not the program
    """YAML reads no further: what the parser says, at which character, and what it was reading since where."""

    def __init__(self, problem: str, at: int, context: str, since: int | None) -> None:
        """Keeps what the parser says."""
        super().__init__(problem)
        self.problem = problem
        self.at = at
        self.context = context
        self.since = since

    @property
    def is_too_deep(self) -> bool:
        """Returns whether the parser met its own limit of nesting: since 0.2.6, in PyYAML 6.0.4, libyaml has 1,000."""
        return self.problem.startswith("exceeded max")


class _PurePythonParser(Reader, Scanner, Parser):
    """PyYAML's own parser, without the composer and constructor that its loaders add."""

    def __init__(self, text: str) -> None:
        """Sets up the three parts."""
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)


def events(text: str, *, libyaml: bool = LIBYAML) -> Iterator[tuple[Event, int, int]]:
    """Yields the events of `text`, each with the characters from and to which it reaches.

    Raises `Broken` where they end too early.
    """
    parser: CParser | _PurePythonParser | None = None
    try:
        parser = CParser(text) if libyaml else _PurePythonParser(text)
        next_event = parser.get_event
        while (event := next_event()) is not None:
            start, end = event.start_mark, event.end_mark
            yield event, start.index if start else 0, end.index if end else 0
    except MarkedYAMLError as error:
        since = error.context_mark.index if error.context_mark else None
        at = error.problem_mark.index if error.problem_mark else since or 0
        raise Broken(error.problem or "", at, error.context or "", since) from error
    except YAMLError as error:
        raise Broken(str(error).partition("\n")[0], getattr(error, "position", 0), "", None) from error
    except (ValueError, OverflowError) as error:
        # The pure-Python scanner hands the numbers of escapes and directives to int() and chr() unchecked.
        at = parser.index if isinstance(parser, _PurePythonParser) else 0
        raise Broken(_BAD_NUMBER, at, "while scanning an escape", 0) from error
