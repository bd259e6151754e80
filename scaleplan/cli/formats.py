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
    GITHUB = "github"
    SARIF = "sarif"
    JUNIT = "junit"


class RulesFormat(StrEnum):
    """The forms of `scaleplan rules` and `scaleplan explain`."""

    TEXT = "text"
    JSON = "json"
    MD = "md"


class ChecklistFormat(StrEnum):
    """The forms of `scaleplan checklist`."""

    TEXT = "text"
    MD = "md"
    HTML = "html"
    JSON = "json"


class VenuesFormat(StrEnum):
    """The forms of `scaleplan venues`."""

    TABLE = "table"
    JSON = "json"
    MD = "md"


class PathsFormat(StrEnum):
    """The forms of `scaleplan paths`."""

    TABLE = "table"
    JSON = "json"
    MD = "md"
    CSV = "csv"
    DOT = "dot"


class LiquidationFormat(StrEnum):
    """The forms of `scaleplan explain-liquidation`."""

    TEXT = "text"
    MD = "md"
    JSON = "json"
