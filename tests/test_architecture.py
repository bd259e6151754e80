"""The house table, held: a room imports the rooms above it and no other, and each outside library has one room.

Every test reads the whole package and names each breach as `file:line: what`, so that one run says all of them.
"""

import ast
import subprocess
import sys
from collections.abc import Callable, Container, Iterator
from pathlib import Path

import pytest

import scaleplan

PACKAGE = Path(scaleplan.__file__).parent
#: From the ground up: a room may import the rooms before it.
ROOMS = (
    "source",
    "clock",
    "store",
    "bounds",
    "diagnostic",
    "tree",
    "quantity",
    "plan",
    "venue",
    "decode",
    "schema",
    "layout",
    "engine",
    "ladder",
    "paths",
    "revision",
    "bars",
    "signals",
    "replay",
    "journal",
    "trade",
    "fills",
    "rules",
    "policy",
    "study",
    "statistics",
    "review",
    "template",
    "book",
    "sweep",
    "questions",
    "draft",
    "imports",
    "orders",
    "report",
    "cli",
    "face",
)
#: The one room of each outside library. What is in none of them is imported nowhere.
LIBRARIES = {
    "yaml": "tree",
    "polars": "bars",
    "numpy": ("bars", "statistics", "sweep"),
    "numba": "sweep",
    "distributed": "sweep",
    "typer": "cli",
    "rich": "report",
    "click": None,
    "pydantic": None,
}
#: Search among bars alone: prices are doubles there, and the decimals that were typed in every result.
SEARCHES = (
    "bars/",
    "replay/series.py",
    "statistics/",
    "template/maker.py",
    "book/equity.py",
    "book/metrics.py",
    "sweep/",
    "report/backtest/page.py",
)
#: The rooms that grow fat in every tool of this kind.
SPLIT_BEFORE_300_LINES = ("decode", "cli")
#: Classes that share a name: the face's are the studies that they are made of.
NAMED_TWICE = {"Study", "Unread"}
MODULES = {
    path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for path in sorted(PACKAGE.rglob("*.py"))
    if path.parent != PACKAGE or not path.stem.startswith("__")
}


def room_of(module: str) -> str:
    """Returns the room that a module belongs to."""
    return module.partition("/")[0].removesuffix(".py")


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yields every module that a module imports, wherever the import stands, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "scaleplan":
            yield from ((node.lineno, f"scaleplan.{alias.name}") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def wrong_import(module: str, name: str) -> bool:
    """Returns whether an import is relative, reaches a room below, or takes a library into a room not its own."""
    first, _, rest = name.partition(".")
    if first == "scaleplan":
        room = rest.partition(".")[0]
        return room not in ("", "__version__", *ROOMS[: ROOMS.index(room_of(module)) + 1])
    homes = LIBRARIES.get(first, room_of(module))
    return not first or room_of(module) not in ((homes,) if isinstance(homes, str | None) else homes)


def is_float(node: ast.AST) -> bool:
    """Returns whether a float is written, made or declared."""
    if isinstance(node, ast.Name):
        return node.id == "float"
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def is_printing(node: ast.AST) -> bool:
    """Returns whether a node prints, takes a standard stream or ends the process."""
    if isinstance(node, ast.Name):
        return node.id == "print"
    return (
        isinstance(node, ast.Attribute)
        and node.attr in ("stdout", "stderr", "exit")
        and isinstance(node.value, ast.Name)
        and node.value.id == "sys"
    )


def places(unwanted: Callable[[ast.AST], bool], rooms: Container[str]) -> list[str]:
    """Returns where modules of these rooms hold an unwanted node, and its code."""
    return [
        f"{module}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)}"
        for module, tree in MODULES.items()
        if room_of(module) in rooms
        for node in ast.walk(tree)
        if unwanted(node)
    ]


def none_of(breaches: list[str]) -> None:
    """Fails with every breach, a line each."""
    assert not breaches, "\n" + "\n".join(breaches)


def test_every_module_lives_in_a_room() -> None:
    """A new room is given its place in the table before it is used."""
    none_of([module for module in MODULES if room_of(module) not in ROOMS])


def test_imports_go_one_way() -> None:
    """Bytes to source to tree to plan to figures to report to terminal, never back; each library has one room."""
    found = [(module, *at) for module, tree in MODULES.items() for at in imports(tree)]
    none_of([f"{module}:{line}: imports {name}" for module, line, name in found if wrong_import(module, name)])


def test_money_is_never_a_float() -> None:
    """Prices and amounts are exact decimals everywhere in the package."""
    none_of([place for place in places(is_float, ROOMS) if not place.startswith(SEARCHES)])


def test_only_the_command_line_prints() -> None:
    """Every room but `cli` returns what it has to say; there a few modules write for all the commands."""
    none_of(places(is_printing, set(ROOMS) - {"cli"}))
    assert len({place.partition(":")[0] for place in places(is_printing, {"cli"})}) <= 4


def is_writing_csv(node: ast.AST) -> bool:
    """Returns whether a node makes a writer of tables."""
    return isinstance(node, ast.Attribute) and node.attr in ("writer", "DictWriter")


def test_one_module_writes_csv() -> None:
    """Every table for a spreadsheet goes through the one that guards its cells; another reads those of venues."""
    using = {module for module, tree in MODULES.items() for _, name in imports(tree) if name == "csv"}
    assert len({place.partition(":")[0] for place in places(is_writing_csv, ROOMS)}) == 1
    assert using == {"report/record_csv.py", "fills/tables.py"}


def test_a_class_name_means_one_thing() -> None:
    """A name that two modules give to a class is read as the other by whoever knows it from there."""
    homes: dict[str, list[str]] = {}
    for module, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and node.name not in NAMED_TWICE:
                homes.setdefault(node.name, []).append(module)
    none_of([f"{name}: {', '.join(modules)}" for name, modules in homes.items() if len(modules) > 1])


def test_modules_open_with_what_they_are() -> None:
    """Each module's docstring opens with one plain sentence."""
    opening = {module: (ast.get_docstring(tree) or "").partition("\n\n")[0] for module, tree in MODULES.items()}
    none_of([f"{module}: {text!r}" for module, text in opening.items() if not text.endswith(".")])


def test_decoder_and_command_line_stay_split() -> None:
    """The two places that grow fat in every tool of this kind are split by section and by command."""
    files = [path for room in SPLIT_BEFORE_300_LINES for path in sorted((PACKAGE / room).rglob("*.py"))]
    lengths = {path.name: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    none_of([f"{name}: {length} lines" for name, length in lengths.items() if length > 300])


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--help"], ["yaml", "scaleplan.decode", "scaleplan.report"]),
        (["check", "-"], ["scaleplan.report.show.page", "scaleplan.report.show.record", "json"]),
        (["show", "-"], ["scaleplan.report.show.record", "scaleplan.report.show.book", "json"]),
        (["show", "-", "--format", "json"], ["scaleplan.report.show.page", "scaleplan.report.layout"]),
        (["paths", "-"], ["scaleplan.report.show.page", "json"]),
        (["checklist", "-"], ["scaleplan.report.show.page"]),
    ],
    ids=" ".join,
)
def test_commands_load_only_what_they_need(arguments: list[str], unneeded: list[str]) -> None:
    """A start pays for what its command uses: no table for `check`, no YAML for `--help`, rich for colour alone.

    Nothing that bars and a sweep need is loaded by a command that has none: neither the libraries nor our own rooms.
    """
    started = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "scaleplan", *arguments],
        input="{symbol: SOL/USDT, side: long, size: 900 USDT, tiers: [150, 140, 130], stop: 118}",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    loaded = {line.rpartition("|")[2].strip() for line in started.stderr.splitlines()}
    assert "scaleplan.cli.program" in loaded
    libraries = {"numpy", "polars", "numba", "distributed", "dask"}
    rooms = {f"scaleplan.{room}" for room in ("bars", "template.maker", "replay", "book", "statistics", "sweep")}
    assert not loaded & {"pydantic", "rich", *libraries, *rooms, *unneeded}
