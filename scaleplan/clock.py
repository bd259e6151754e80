"""The clock: what now is, or for output that repeats the moment that SOURCE_DATE_EPOCH gives."""

import os
from datetime import UTC, datetime

#: The environment's name for a moment, in seconds since 1970, that stands for now.
EPOCH = "SOURCE_DATE_EPOCH"


class WrongClock(Exception):  # noqa: N818 - it is a state of the world, not an error of the program
    """SOURCE_DATE_EPOCH is set, and is no moment."""

    def __init__(self) -> None:
        """Says what is wrong with it."""
        super().__init__("not a number of seconds since 1970")


def now() -> datetime:
    """Returns the moment of this run, with its zone. Raises `WrongClock` where the environment gives no moment."""
    epoch = os.environ.get(EPOCH, "")
    if not epoch:
        return datetime.now(UTC).astimezone()
    try:
        return datetime.fromtimestamp(int(epoch), UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise WrongClock from error
