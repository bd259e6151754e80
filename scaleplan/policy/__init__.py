"""The policy: what the trader has decided not to be told, and what holds for every plan of a folder.

Three places say it: a comment in the plan (`# scaleplan: ignore[SP601] why`), a `.scaleplan.yaml` beside the plans or
above them, and the command line. A mistake for which there are no figures (SP0xx, SP1xx) is told whatever they say.

The policy of a plan is the nearest `.scaleplan.yaml` from the plan's folder upward. The search ends at the folder that
holds `.git`: what lies above a repository is not its own.
"""

import os
from collections.abc import Iterable, Mapping
from decimal import Decimal
from stat import S_ISREG
from typing import NamedTuple

from scaleplan.bounds import POLICY_NAME, leads_out
from scaleplan.decode import Files
from scaleplan.decode.files import folder_of
from scaleplan.decode.kinds import BAD_FILE
from scaleplan.diagnostic import Diagnostic, Kind, Severity, problem
from scaleplan.source import Source, Span, Unreachable, read_bytes
from scaleplan.tree import Node
from scaleplan.tree.text import BYTES

#: The thresholds of a policy that sets none.
NO_LIMITS: Mapping[str, Decimal] = {}
BAD_IGNORE = Kind(
    "SP018", "bad-ignore", Severity.ERROR, "A comment that ignores a rule gives no reason, or names no rule."
)
UNUSED_IGNORE = Kind(
    "SP019", "unused-ignore", Severity.WARNING, "A comment ignores a rule that has nothing to say there."
)


def is_always_told(kind: Kind) -> bool:
    """Returns whether nothing can keep a kind from being told: without what it asks for there are no figures.

    Nor can what keeps a fill from being recorded be kept from being told.
    """
    return (kind.severity is Severity.ERROR and kind.code < "SP2") or kind.code >= "SP95"


class Selection(NamedTuple):
    """What the codes begin with that are told (all, where none are selected), and those that are not."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def over(self, other: "Selection") -> "Selection":
        """Returns this selection, made for one run, over a folder's: what it selects goes over both lists."""
        if self.select:
            return self
        return Selection(other.select, (*other.ignore, *self.ignore))

    def tells(self, kind: Kind) -> bool:
        """Returns whether a kind is told."""
        if is_always_told(kind):
            return True
        selected = not self.select or kind.code.startswith(self.select)
        return selected and not kind.code.startswith(self.ignore)

    def of(self, diagnostics: Iterable[Diagnostic]) -> Iterable[Diagnostic]:
        """Returns those of the diagnostics that are told."""
        if not self.select and not self.ignore:
            return diagnostics
        return [diagnostic for diagnostic in diagnostics if self.tells(diagnostic.kind)]


EVERYTHING = Selection()


class TradePolicy(NamedTuple):
    """What holds for trades: where their journal is, as seen from `folder`, and how soon and near things have to be.

    `stop_grace` is in minutes and `fill_tolerance` a ratio; absent where the usual one holds.
    """

    journal: str = ""
    stops_recorded: bool = True
    stop_grace: int | None = None
    fill_tolerance: Decimal | None = None
    folder: str = ""


class Policy(NamedTuple):
    """What holds for the plans of a folder, as far as it could be read, and the mistakes of the file that says it.

    `limits` are the thresholds of rules that it sets, by name.
    """

    selection: Selection = EVERYTHING
    limits: Mapping[str, Decimal] = NO_LIMITS
    account: Node | None = None
    trades: TradePolicy = TradePolicy()
    diagnostics: tuple[Diagnostic, ...] = ()


NO_POLICY = Policy()


class Policies:
    """The policies of the folders of one run; each folder is searched once, and each file read once."""

    __slots__ = ("_files", "_of_file", "_of_folder")

    def __init__(self, files: Files) -> None:
        self._files = files
        self._of_folder: dict[str, Policy] = {}
        self._of_file: dict[str, Policy] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Returns the files of the policies found so far."""
        return tuple(self._of_file)

    def of(self, plan_name: str) -> Policy:
        """Returns the policy of the plan in the file called `plan_name`; for standard input the current folder's."""
        folder = folder_of(plan_name)
        policy = self._of_folder.get(folder)
        if policy is None:
            policy = self._of_folder[folder] = self._search(folder)
        return policy

    def _search(self, folder: str) -> Policy:
        kept = self._files.kept
        if kept is not None:
            name = next((name for name in kept if os.path.basename(name) == POLICY_NAME), "")  # noqa: PTH119
            if not name:
                return NO_POLICY
            from scaleplan.policy.file import read_policy  # noqa: PLC0415 - few locked plans have one

            return read_policy(name, kept[name], self._files)
        # Links are not followed, which could lead out of the repository.
        here, below = os.path.abspath(folder), ""  # noqa: PTH100
        while here != below:
            file = os.path.join(here, POLICY_NAME)  # noqa: PTH118
            if os.path.lexists(file):
                policy = self._of_file.get(file)
                if policy is None:
                    name = file if os.path.isabs(folder) else os.path.relpath(file)  # noqa: PTH117
                    policy = self._of_file[file] = self._read(name)
                return policy
            if os.path.lexists(os.path.join(here, ".git")):  # noqa: PTH118
                break
            here, below = os.path.dirname(here), here  # noqa: PTH120
        return NO_POLICY

    def _read(self, name: str) -> Policy:
        try:
            if leads_out(name, os.path.dirname(name)):  # noqa: PTH120 - the folder of no folder is the current one
                reason = "it is a link out of its repository or folder, or to no YAML file"
            # A FIFO in its place would make a check wait for ever.
            elif S_ISREG(os.stat(name).st_mode):  # noqa: PTH116
                # Most folders have none, and its reading is not paid for there.
                from scaleplan.policy.file import read_policy  # noqa: PLC0415

                data = self._files.contents[name] = read_bytes(name, BYTES)
                return read_policy(name, data, self._files)
            else:
                reason = "it is not a regular file"
        except OSError as error:
            reason = (error.strerror or "unknown error").lower()
        except Unreachable as error:
            reason = error.reason
        message, help = f"the policy cannot be read: {reason}", "give it read permission, or take it away"
        return Policy(diagnostics=(problem(BAD_FILE, Span(Source(name, ""), 0, 0), "", message, help),))
