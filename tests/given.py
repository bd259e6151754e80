"""Plans given as text, and what follows from them: the words in which all tests say what they are given.

`study_of` takes any text. All others fail where the text has no figures, and say what is wrong with it.
"""

import os
import shlex
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from scaleplan.diagnostic import Diagnostic
from scaleplan.ladder import Ladder, climb
from scaleplan.paths import EveryPath
from scaleplan.paths.records import Paths
from scaleplan.plan import Plan
from scaleplan.study import Session, Settings, Studied, Study
from scaleplan.tree import Tree
from scaleplan.tree.read import read_tree
from tests.running import outcome

_RANGE_SHORT = Path(__file__).resolve().parents[1] / "plans" / "range-short.yaml"
#: What is recorded of a trade at its beginning.
_FILLED = (
    f"lock {_RANGE_SHORT} --at '2026-08-21 13:00 Z'",
    "fill T1 29802.5 0.1 --fee 0.59605 --at '2026-08-21 13:05 Z'",
    "stop T1 30050 --at '2026-08-21 13:06 Z'",
)
#: Nothing is wrong with it.
PLAN = "symbol: SOL/USDT\nside: long\nsize: 900 USDT\ntiers: [150, 140, 130]\nstop: 118\n"
#: The stop is on the winning side.
WRONG_PLAN = PLAN.replace("118", "160")
#: It cannot be read as a plan: the size has no unit.
UNREADABLE_PLAN = PLAN.replace("900 USDT", "900")
#: The largest difference of two figures, as a part of the larger or of 1, that rounding to fifty digits may make.
ROUNDING = Fraction(1, 10**40)
#: An account whose limits no plan of a test meets.
LIMITS = "{equity: 1000000, max_risk: 1000000, max_margin: 1000000, max_leverage: 100}"


def drawn(few: int, many: int) -> int:
    """Returns how many cases a law draws: few in each run, many where `SCALEPLAN_EVERY_CASE` is set."""
    return many if os.environ.get("SCALEPLAN_EVERY_CASE") else few


def spot(text: str, size: str = "900 USDT") -> str:
    """Returns a spot long, of whose keys the text says the rest."""
    return f"symbol: BTC/USDT\nside: long\nsize: {size}\n{text}\n"


def linear(side: str, text: str, size: str = "1 BTC", leverage: str = "2", account: str = LIMITS) -> str:
    """Returns a linear contract whose maintenance is known, of whose keys the text says the rest."""
    return (
        f"symbol: BTC/USDT:USDT\nside: {side}\naccount: {account}\nleverage: {leverage}\n"
        f"maintenance: 0.5%\nsize: {size}\n{text}\n{'' if 'fees:' in text else 'fees: {maker: 0%, taker: 0%}'}\n"
    )


def with_keys(text: str, **keys: str) -> str:
    """Returns a plan with some of its keys written otherwise; an empty text leaves a key out."""
    kept = [line for line in text.splitlines() if line.partition(":")[0] not in keys]
    return "\n".join([*kept, *(f"{key}: {value}" for key, value in keys.items() if value)]) + "\n"


def file(folder: Path, text: str, name: str = "plan.yaml") -> str:
    """Writes a plan into a folder. Returns its path."""
    (folder / name).write_text(text, encoding="utf-8")
    return str(folder / name)


def three_plans(folder: Path) -> Path:
    """Writes a plan that is right, one that is wrong and one that cannot be read. Returns their folder."""
    file(folder, PLAN, "good.yaml")
    file(folder, WRONG_PLAN, "wrong.yaml")
    file(folder, UNREADABLE_PLAN, "unreadable.yaml")
    return folder


def journal(folder: Path, *lines: str) -> Path:
    """Makes a journal in a folder of what commands record, and has later ones find it. Returns its path.

    Without lines it has a trade of `plans/range-short.yaml` in which tier 1 was filled and the stop recorded.
    """
    path = folder / "journal.db"
    os.environ["SCALEPLAN_JOURNAL"] = str(path)
    for line in lines or _FILLED:
        ran = outcome(*shlex.split(line))
        assert not ran.code, ran.talk
    return path


def tree_of(text: str, *, libyaml: bool = True) -> Tree:
    """Returns the tree of a text, by libyaml or by what stands in for it."""
    return read_tree("plan.yaml", text.encode("utf-8", "surrogatepass"), libyaml=libyaml)


def study_of(text: str | bytes, named: str = "plan.yaml", today: str = "", **keys: str) -> Studied:
    """Returns the study of a text, whatever it is, with some keys written otherwise; no policy holds for it."""
    data = (with_keys(text, **keys) if keys else text).encode() if isinstance(text, str) else text
    settings = Settings(with_policies=False, today=date.fromisoformat(today) if today else None)
    return Session(settings).study(named, data)


def studied(text: str | bytes, named: str = "plan.yaml", today: str = "", **keys: str) -> Study:
    """Returns the study of a plan that can be reckoned."""
    study = study_of(text, named, today, **keys)
    assert isinstance(study, Study), [diagnostic.message for diagnostic in study.diagnostics]
    return study


def plan_of(text: str, **keys: str) -> Plan:
    """Returns the plan that can be reckoned."""
    return studied(text, **keys).plan


def ladder_of(text: str, **keys: str) -> Ladder:
    """Returns the ladder of a plan."""
    return studied(text, **keys).ladder


def listed(plan: Plan | str) -> Ladder:
    """Returns the ladder of a plan as listed: every tier filled in turn and then every target hit, reached or not."""
    return climb(plan_of(plan) if isinstance(plan, str) else plan)


def walked(
    plan: Plan | str, start: Decimal | str | None = None, edge: Decimal | str | None = None, most: int | None = None
) -> Paths:
    """Returns every path of a plan, at most so many states of them."""
    ladder = ladder_of(plan) if isinstance(plan, str) else climb(plan)
    drift, begin = (None if figure is None else Decimal(figure) for figure in (edge, start))
    return EveryPath(ladder).walked(drift, begin, most)


def known(figure: Decimal | None) -> Decimal:
    """Returns a figure that the plan of a test has."""
    assert figure is not None
    return figure


def same(one: Decimal | Fraction | None, other: Decimal | Fraction | int | str | None, within: int = 1) -> bool:
    """Returns whether two figures differ by no more than `within` times what rounding may make."""
    if one is None or other is None:
        return one is other
    left, right = Fraction(one), Fraction(other)
    return abs(left - right) <= within * ROUNDING * max(abs(left), abs(right), Fraction(1))


def codes(text: str | Studied) -> list[str]:
    """Returns the code of everything that is said of a text, whatever it is."""
    study = study_of(text) if isinstance(text, str) else text
    return [diagnostic.code for diagnostic in study.diagnostics]


def told(code: str, text: str, today: str = "") -> list[Diagnostic]:
    """Returns what is said of a plan under a code."""
    return [diagnostic for diagnostic in studied(text, today=today).diagnostics if diagnostic.code == code]


def the(code: str, text: str) -> Diagnostic:
    """Returns the one thing that is said of a plan under a code."""
    (diagnostic,) = told(code, text)
    return diagnostic
