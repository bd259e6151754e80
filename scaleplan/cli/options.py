"""Options of several commands, and what is meant by them: `--select`, `--ignore` and `--allow-files`."""

from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from scaleplan.policy import Selection

Select = Annotated[
    list[str] | None,
    typer.Option("--select", metavar="CODE,...", help="Tell these rules only: SP401, its name, or SP4 for all such."),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="CODE,...", help="Do not tell these rules, beside those of .scaleplan.yaml."),
]
_ALLOW = "--allow-files"
AllowFiles = Annotated[
    list[str] | None,
    typer.Option(_ALLOW, metavar="DIR", help="Let plans name account and venue files below DIR too."),
]


def allowed_of(folders: list[str] | None) -> tuple[str, ...]:
    """Returns the folders that the option names; one that is not there is wrong usage."""
    if not folders:
        return ()
    from scaleplan.cli.plans import NOWHERE, is_folder, is_nowhere

    for folder in folders:
        if not is_folder(folder):
            why = f": {NOWHERE}" if is_nowhere(folder) else ""
            raise typer.BadParameter(f"`{folder}` is no folder{why}", param_hint=_ALLOW)
    return tuple(folders)


def selection_of(select: list[str] | None, ignore: list[str] | None) -> "Selection":
    """Returns what the two options choose; a code that is none is wrong usage."""
    from scaleplan.policy import EVERYTHING, Selection

    if not select and not ignore:
        return EVERYTHING
    from scaleplan.policy.codes import read_not_told, read_selected
    from scaleplan.quantity.mistake import Mistake

    chosen: dict[str, tuple[str, ...]] = {}
    for option, written, read in (("--select", select, read_selected), ("--ignore", ignore, read_not_told)):
        chosen[option] = ()
        for text in written or ():
            codes = read(text)
            if isinstance(codes, Mistake):
                raise typer.BadParameter(f"{codes.message}; {codes.help}", param_hint=option)
            chosen[option] += codes
    return Selection(chosen["--select"], chosen["--ignore"])
