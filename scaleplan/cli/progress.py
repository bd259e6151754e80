"""How far long work is: a line on a terminal's standard error that is written over, and gone when the work is done."""

import sys
import time

#: No word before this, and then so often, in nanoseconds.
_PATIENCE, _EVERY = 1_000_000_000, 200_000_000


class Progress:
    """Tells how far work is of which there is so much; silent where standard error is no terminal."""

    __slots__ = ("_all", "_before", "_last", "_next", "_said", "_what")

    def __init__(self, what: str, count: int) -> None:
        self._what = what
        self._all = max(count, 1)
        self._next = time.monotonic_ns() + _PATIENCE
        self._said = False
        #: What earlier rounds have done, and where the last word was.
        self._before = self._last = 0

    def at(self, done: int, more: str = "") -> None:
        """Says how much is done, and more; a smaller number than before begins the next round."""
        if done < self._last:
            self._before += self._last
        self._last = done
        now = time.monotonic_ns()
        if now < self._next or not _is_terminal():
            return
        self._next = now + _EVERY
        self._said = True
        part = min(100 * (self._before + done) // self._all, 100)
        _write(f"\r{self._what} {part}%{more}\x1b[K" if more else f"\r{self._what} {part}%")

    def done(self) -> None:
        """Takes the line away."""
        if self._said:
            _write("\r\x1b[K")


def _write(text: str) -> None:
    """Writes to the process's own standard error: what a command prints is caught until its end."""
    if sys.__stderr__ is not None:
        sys.__stderr__.write(text)
        sys.__stderr__.flush()


def _is_terminal() -> bool:
    stream = sys.__stderr__
    return stream is not None and not stream.closed and stream.isatty()
