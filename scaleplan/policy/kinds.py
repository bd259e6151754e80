"""The kinds of problem that an ignore itself can have."""

from scaleplan.diagnostic import Kind, Severity

BAD_IGNORE = Kind(
    "SP018", "bad-ignore", Severity.ERROR, "A comment that ignores a rule gives no reason, or names no rule."
)
UNUSED_IGNORE = Kind(
    "SP019", "unused-ignore", Severity.WARNING, "A comment ignores a rule that has nothing to say there."
)

KINDS = (BAD_IGNORE, UNUSED_IGNORE)


def is_always_told(kind: Kind) -> bool:
    """Whether nothing can keep a kind from being told: without what it asks for there are no figures."""
    return kind.severity is Severity.ERROR and kind.code < "SP2"
