"""Every bad plan in `plans/bad` says what its name says, word for word as the text beside it.

`SPnnn-name.yaml` is the mistake and `SPnnn-name.out` what `check` answers: documentation and test at once. Set
`SCALEPLAN_REWRITE_GOLDEN=1` to write the answers anew, and read the difference before keeping it.
"""

from pathlib import Path

import pytest

from scaleplan.decode.kinds import KINDS as DECODE_KINDS
from scaleplan.questions.rule_page import page_of
from scaleplan.report.diagnostics.text import render
from scaleplan.rules import RULES, UNRECKONABLE
from scaleplan.study import Session, Settings, study
from scaleplan.tree.kinds import KINDS as TREE_KINDS
from tests.running import approved

ROOT = Path(__file__).parent.parent
BAD = sorted((ROOT / "plans" / "bad").glob("*.yaml"))
KINDS = (*TREE_KINDS, *DECODE_KINDS, *(rule.kind for rule in RULES), UNRECKONABLE)
#: Kinds whose mistake is in the bytes, in the sheer amount, or in the command line; other tests show them.
WITHOUT_A_PLAN = {"SP001", "SP002", "SP003", "SP005", "SP006", "SP008", "SP017", "SP127", "SP128"}


@pytest.fixture(autouse=True)
def _at_the_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_plan_says_what_its_name_says(path: Path) -> None:
    """The code in the file's name is reported under that name, and the whole answer is the text beside it."""
    name = path.relative_to(ROOT).as_posix()
    found = study(name, path.read_bytes())
    code, _, pattern = path.stem.partition("-")
    assert (code, pattern) in {(diagnostic.code, diagnostic.kind.name) for diagnostic in found.diagnostics}
    answer = render(found.diagnostics, width=None, colour=False)
    approved(answer, path.with_suffix(".out"))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_a_bad_plan_is_mended_by_the_plan_of_the_same_name(path: Path) -> None:
    """`explain` shows both, and of the one that it calls mended nothing worse than a note is said."""
    page = page_of(path.stem.partition("-")[0])
    mended = ROOT / "plans" / "mended" / path.name
    assert (page.bad, page.mended) == (path.read_text(encoding="utf-8"), mended.read_text(encoding="utf-8"))
    assert page.said
    found = Session(Settings(with_policies=False)).study("plan.yaml", mended.read_bytes())
    assert found.ladder is not None
    assert {diagnostic.severity.value for diagnostic in found.diagnostics} <= {"note"}
    assert page.kind.code not in {diagnostic.code for diagnostic in found.diagnostics}


def test_every_kind_has_a_bad_plan() -> None:
    """No kind of mistake exists without a plan that has it, and no code or name stands for two kinds."""
    shown = {path.stem.partition("-")[0] for path in BAD}
    assert {kind.code for kind in KINDS} - shown == WITHOUT_A_PLAN
    assert [path.name for path in sorted((ROOT / "plans" / "mended").iterdir())] == [path.name for path in BAD]
    assert len({kind.code for kind in KINDS}) == len({kind.name for kind in KINDS}) == len(KINDS)
