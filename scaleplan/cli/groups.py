"""A group of commands in help: each with the first sentence of its own help, whole, where typer would cut it."""

from typing import TYPE_CHECKING, ClassVar

from typer.core import TyperGroup

if TYPE_CHECKING:
    from typer._click import Context, HelpFormatter

#: More characters than a first sentence has: it is wrapped at narrow widths, never cut.
_WHOLE = 1000


class Group(TyperGroup):
    """Commands that stand together under one head."""

    heads: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()

    def format_commands(self, ctx: "Context", formatter: "HelpFormatter") -> None:
        """Write the commands under their heads, with the sentences in one column."""
        known = {name: self.commands[name].get_short_help_str(_WHOLE) for name in self.list_commands(ctx)}
        width = max(map(len, known))
        for head, names in self.heads or (("Commands", tuple(known)),):
            with formatter.section(head):
                formatter.write_dl([(name.ljust(width), known[name]) for name in names])


class Commands(Group):
    """All commands, by what they are for."""

    heads: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = (
        ("Write a plan", ("new", "fmt", "schema")),
        ("Before the trade", ("check", "show", "paths", "checklist")),
        ("Liquidation and venues", ("explain-liquidation", "compare-venues", "venues")),
        ("Rules", ("rules", "explain")),
    )
