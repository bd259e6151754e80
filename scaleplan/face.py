"""The package for a notebook or a bot: a plan is read, and its study says what the commands say.

What is here and named in `scaleplan.__all__` is public; everything else may change with any version.
"""

import json
import shlex
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, NoReturn

from scaleplan import study as studies
from scaleplan.cli.command import NAMES, record_function
from scaleplan.decode.overrides import read_override
from scaleplan.draft.quick import quick as quick_study
from scaleplan.quantity.exact import exact
from scaleplan.report.record import pieces_of_json
from scaleplan.source import Unreachable, read_bytes
from scaleplan.tree.text import BYTES

if TYPE_CHECKING:
    from scaleplan.paths.records import Paths

_NOTHING: Mapping[str, str] = {}


class Study(studies.Study):
    """A plan that was read, its figures, and what the rules say of it.

    `plan` is what was written, `ladder` the figures after each tier and target, `diagnostics` what is wrong, `today`
    the day from which the age of data counts. Figures are exact decimals.

    >>> study = reads("{symbol: SOL/USDT, side: long, size: 900 USDT, tiers: [150, 140, 130], stop: 118}")
    >>> study.plan.stop
    Decimal('118')
    """

    __slots__ = ()

    @exact
    def paths(self) -> "Paths":
        """Returns every path of the plan at fair odds: its states, how it can end, what is proved of it.

        >>> study = reads("{symbol: SOL/USDT, side: long, size: 900 USDT, tiers: [150, 140], stop: 118}")
        >>> study.paths().summary.worst_r
        Decimal('-1')
        """
        return self.every_path.walked()

    def as_dict(self, command: str) -> dict[str, Any]:
        """Returns what a command prints with `--format json`: "check", "show", "paths", "checklist" ...

        >>> study = reads("{symbol: SOL/USDT, side: long, size: 900 USDT, tiers: [150, 140], stop: 118}")
        >>> study.as_dict("check")["valid"]
        True
        """
        return _as_dict(self, command)


class Unread(studies.Unread):
    """A file that could not be read as a plan, or whose figures cannot be; `diagnostics` say why.

    >>> [diagnostic.code for diagnostic in reads("side: long").diagnostics]
    ['SP102', 'SP102', 'SP102']
    """

    __slots__ = ()

    def paths(self) -> NoReturn:
        """Raises `ValueError`: what has no figures has no paths."""
        raise ValueError(f"{self.file} has no figures; its diagnostics say why")

    def as_dict(self, command: str) -> dict[str, Any]:
        """Returns what a command prints with `--format json`, which has the diagnostics and no figures."""
        return _as_dict(self, command)


def read(path: str, *, overrides: Mapping[str, str] = _NOTHING, today: date | None = None) -> Study | Unread:
    """Reads a plan from a file. Raises `OSError` where the system does not give us the file.

    `overrides` are changes for this time, as `--set` takes them: `{"stop": "2640", "tier2.price": "140"}`. `today` is
    the day from which the age of data counts, the present one if it is left out.

    >>> read("no-such-plan.yaml")
    Traceback (most recent call last):
    OSError: no-such-plan.yaml: no such file
    """
    try:
        data = read_bytes(path, BYTES)
    except Unreachable as error:
        raise OSError(str(error)) from error
    return _studied(path, data, overrides, today)


def reads(
    text: str, *, name: str = "plan.yaml", overrides: Mapping[str, str] = _NOTHING, today: date | None = None
) -> Study | Unread:
    """Reads a plan from its text. What `name` says is used in diagnostics, and for files that the plan names.

    >>> text = "{symbol: SOL/USDT, side: long, size: 900 USDT, tiers: [150], stop: 118}"
    >>> reads(text, overrides={"stop": "120"}).plan.stop
    Decimal('120')
    """
    return _studied(name, text.encode(errors="surrogatepass"), overrides, today)


def quick(line: str, *, today: date | None = None) -> Study | Unread:
    """Reads a plan from a line, which is what is typed behind `scaleplan quick`; diagnostics point at its words.

    Raises `ValueError` for a quote that is not closed. `today` is as in `read`.

    >>> quick("long SOL/USDT 150 140 130 --stop 118 --size '900 USDT'").plan.stop
    Decimal('118')
    """
    study = quick_study(studies.Session(studies.Settings(today=today)), shlex.split(line)).studied
    return Study(*study) if isinstance(study, studies.Study) else Unread(*study)


def _studied(name: str, data: bytes, overrides: Mapping[str, str], today: date | None) -> Study | Unread:
    changes = []
    for place, value in overrides.items():
        change = read_override(f"{place}={value}")
        if isinstance(change, str):
            raise ValueError(change)  # noqa: TRY004 - the text says what is wrong with the value
        changes.append(change)
    session = studies.Session(studies.Settings(tuple(changes), today=today))
    study = session.study(name, data)
    if isinstance(study, studies.Study):
        return Study(*study)
    return Unread(*(study if study.kind in ("plan", "template") else session.beside(name, data, study.kind)))


@exact
def _as_dict(study: Study | Unread, command: str) -> dict[str, Any]:
    record = record_function(command) if command in NAMES else None
    if record is None:
        known = ", ".join(name for name in NAMES if record_function(name))
        raise ValueError(f"{command!r} is no command that prints a plan as JSON; these do: {known}")
    # As text and back: what is said of numbers, lists and what is made while it is written is the same then.
    found: dict[str, Any] = json.loads("".join(pieces_of_json(record(study))))
    return found
