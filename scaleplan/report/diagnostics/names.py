"""Names of files for programs that look for them: relative to a folder, with forward slashes, or as an address."""

from pathlib import Path, PurePath

from scaleplan.source import STANDARD_INPUT, name_of

#: What messages call a text that lies in no file: standard input, and the options that change a plan.
_NO_FILES = (name_of(STANDARD_INPUT), "--set", "--vary", "--equity")


def relative_name(name: str, folder: Path) -> str | None:
    """The name as seen from `folder`, with forward slashes; absolute outside it, absent for what is no file."""
    if name in _NO_FILES:
        return None
    path = PurePath(name)
    if path.is_absolute() and path.is_relative_to(folder):
        path = path.relative_to(folder)
    return path.as_posix()
