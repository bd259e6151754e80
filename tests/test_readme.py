"""The README is run: every console block is what the program answers, every YAML block is a plan that reads.

Set `SCALEPLAN_REWRITE_GOLDEN=1` to write the answers anew, and read the difference before keeping it.
"""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from scaleplan.decode.keys import PLAN, TARGET, TIER
from scaleplan.study import study

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
TEXT = README.read_text(encoding="utf-8")
CONSOLE = re.compile(r"```console\n\$ (?P<command>[^\n]*)\n(?P<answer>.*?)```", re.DOTALL)
YAML = re.compile(r"```yaml\n(?P<plan>.*?)```", re.DOTALL)


def answer(command: str) -> str:
    """What a command line of the README prints, at 80 columns; `| tail -n N` is the only pipe that it uses."""
    program, _, pipe = command.partition(" | tail -n ")
    words = shlex.split(program)
    assert words[0] == "scaleplan"
    ran = subprocess.run(
        [sys.executable, "-m", *words],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    lines = ran.stdout.splitlines(keepends=True)
    return "".join(lines[-int(pipe) :] if pipe else lines)


@pytest.mark.parametrize("block", list(CONSOLE.finditer(TEXT)), ids=lambda block: block["command"])
def test_console_blocks_are_what_the_program_says(block: re.Match[str]) -> None:
    """Each command of the README, run in the checkout, prints what stands under it."""
    said = answer(block["command"])
    if os.environ.get("SCALEPLAN_REWRITE_GOLDEN"):
        text = README.read_text(encoding="utf-8")
        old = f"```console\n$ {block['command']}\n{block['answer']}```"
        README.write_text(text.replace(old, f"```console\n$ {block['command']}\n{said}```"), encoding="utf-8")
        return
    assert said == block["answer"]


@pytest.mark.parametrize("block", list(YAML.finditer(TEXT)), ids=lambda block: block["plan"][:20])
def test_yaml_blocks_are_plans(block: re.Match[str]) -> None:
    """Each plan of the README reads without an error."""
    found = study(str(ROOT / "plans" / "readme.yaml"), block["plan"].encode())
    assert found.plan is not None
    assert not [diagnostic for diagnostic in found.diagnostics if diagnostic.severity == "error"]


def test_the_plan_of_the_readme_is_the_file_that_it_names() -> None:
    """The plan that is printed is the one that is shown."""
    plans = [block["plan"] for block in YAML.finditer(TEXT)]
    kept = (ROOT / "plans" / "breakout-retest-pyramid.yaml").read_text(encoding="utf-8")
    assert any(kept.endswith(plan) for plan in plans)


def test_every_key_is_named() -> None:
    """The keys that the README lists are those that the reader knows."""
    for section in (PLAN, TIER, TARGET):
        assert " ".join(section.names) in " ".join(TEXT.split())
