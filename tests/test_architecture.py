"""The house table, held: a room imports the rooms above it and no other, and each outside library has one room."""

import ast
import subprocess
import sys
from collections.abc import Iterator
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
    "rules",
    "policy",
    "study",
    "questions",
    "draft",
    "report",
    "cli",
)
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or not path.stem.startswith("__"))
#: The rooms that grow fat in every tool of this kind.
SPLIT_BEFORE_300_LINES = ("decode", "cli")


def name_of(path: Path) -> str:
    """The path as failures show it."""
    return path.relative_to(PACKAGE).as_posix()


def room_of(path: Path) -> str:
    """The room that a module belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Every module that a module names in an import, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: imports are written in full"
            assert node.module is not None
            if node.module == "scaleplan":
                yield from (f"scaleplan.{alias.name}" for alias in node.names)
            else:
                yield node.module


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_room_imports_only_rooms_above_it(path: Path) -> None:
    """One direction: bytes to source to tree to plan to figures to report to terminal, and never back."""
    allowed = ROOMS[: ROOMS.index(room_of(path)) + 1]
    named = {name.split(".")[1] for name in imports(path) if name.startswith("scaleplan.")}
    assert named - {"__version__"} <= set(allowed)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_outside_libraries_keep_to_their_room(path: Path) -> None:
    """Only `tree` knows YAML, only these modules of `cli` typer, and only the terminal part of `report` rich."""
    outside = {name.partition(".")[0] for name in imports(path)} & {"yaml", "rich", "typer", "click", "pydantic"}
    allowed = {"tree": {"yaml"}}.get(room_of(path), set())
    alone = {
        f"cli/{module}.py": {"typer"}
        for module in (
            "app",
            "groups",
            "new_command",
            "options",
            "liquidation_commands",
            "paths_command",
            "venues_command",
        )
    }
    alone["report/terminal.py"] = {"rich"}
    allowed = alone.get(name_of(path), allowed)
    assert outside <= allowed


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_money_is_never_a_float(path: Path) -> None:
    """No float is written, made or declared anywhere in the package: prices and amounts are exact decimals."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not (isinstance(node, ast.Name) and node.id == "float"), f"line {node.lineno}: float"
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"line {node.lineno}: a float"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_the_command_line_prints(path: Path) -> None:
    """Every room but `cli` returns what it has to say; there one module writes, or `main` where that is not loaded."""
    printing = {
        node.lineno
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if (isinstance(node, ast.Name) and node.id == "print")
        or (isinstance(node, ast.Attribute) and node.attr in ("stdout", "stderr", "exit") and _is_sys(node.value))
    }
    assert not printing or name_of(path) in ("cli/__init__.py", "cli/program.py", "cli/output.py", "cli/plans.py")


def _is_sys(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "sys"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_open_with_what_they_are(path: Path) -> None:
    """Each module's docstring opens with one plain sentence on one line."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    first = docstring.partition("\n\n")[0]
    assert first.endswith("."), first


@pytest.mark.parametrize("room", SPLIT_BEFORE_300_LINES)
def test_decoder_and_command_line_stay_split(room: str) -> None:
    """The two places that grow fat in every tool of this kind are split by section and by command."""
    for path in sorted((PACKAGE / room).glob("*.py")):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 300, name_of(path)


def test_every_module_lives_in_a_room() -> None:
    """A new top-level module is given its place in the table before it is used."""
    assert {room_of(path) for path in MODULES} <= set(ROOMS)


@pytest.mark.parametrize(
    ("arguments", "unneeded"),
    [
        (["--help"], ["yaml", "scaleplan.decode", "scaleplan.report"]),
        (["check", "-"], ["scaleplan.report.show_table", "scaleplan.report.show_json", "json"]),
        (["show", "-"], ["scaleplan.report.show_json", "scaleplan.report.book_table", "json"]),
        (["show", "-", "--format", "json"], ["scaleplan.report.show_table", "scaleplan.report.layout"]),
    ],
    ids=" ".join,
)
def test_commands_load_only_what_they_need(arguments: list[str], unneeded: list[str]) -> None:
    """A start pays for what its command uses: no table for `check`, no YAML for `--help`, never pydantic."""
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
    drawn = arguments[0] == "show" and "json" not in arguments
    assert not loaded & {"pydantic", *unneeded, *(() if drawn else ("rich",))}
