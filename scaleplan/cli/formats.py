"""What `--format` offers, apart from the commands, so that `--help` need not load them."""

from enum import StrEnum


class ShowFormat(StrEnum):
    """The forms of `scaleplan show`."""

    TABLE = "table"
    JSON = "json"
    MD = "md"
    CSV = "csv"


class CheckFormat(StrEnum):
    """The forms of `scaleplan check`."""

    TEXT = "text"
    JSON = "json"
