"""Finding the policy of a plan: the nearest `.scaleplan.yaml` from the plan's folder upward.

The search ends at the folder that holds `.git`: what lies above a repository is not its own.
"""

import os
from pathlib import Path
from stat import S_ISREG

from scaleplan.bounds import POLICY_NAME, leads_out
from scaleplan.decode import Files
from scaleplan.decode.files import folder_of
from scaleplan.decode.kinds import BAD_FILE
from scaleplan.diagnostic import problem
from scaleplan.policy.records import NO_POLICY, Policy
from scaleplan.source import Source, Span, Unreachable, read_bytes
from scaleplan.tree.text import BYTES


class Policies:
    """The policies of the folders of one run; each folder is searched once, and each file read once."""

    __slots__ = ("_files", "_of_file", "_of_folder")

    def __init__(self, files: Files) -> None:
        self._files = files
        self._of_folder: dict[str, Policy] = {}
        self._of_file: dict[str, Policy] = {}

    def of(self, plan_name: str) -> Policy:
        """The policy of the plan in the file called `plan_name`; of standard input, that of the current folder."""
        folder = folder_of(plan_name)
        policy = self._of_folder.get(folder)
        if policy is None:
            policy = self._of_folder[folder] = self._search(folder)
        return policy

    def _search(self, folder: str) -> Policy:
        start = Path(os.path.abspath(folder))  # noqa: PTH100 - `resolve` would follow links out of the repository
        for here in (start, *start.parents):
            file = here / POLICY_NAME
            if os.path.lexists(file):
                return self._policy(file, folder)
            if os.path.lexists(here / ".git"):
                break
        return NO_POLICY

    def _policy(self, file: Path, folder: str) -> Policy:
        policy = self._of_file.get(str(file))
        if policy is None:
            name = str(file) if Path(folder).is_absolute() else os.path.relpath(file)
            policy = self._of_file[str(file)] = self._read(name)
        return policy

    def _read(self, name: str) -> Policy:
        try:
            if leads_out(name, os.path.dirname(name)):  # noqa: PTH120 - the folder of no folder is the current one
                reason = "it is a link out of its repository or folder, or to no YAML file"
            # A FIFO in its place would make a check wait for ever.
            elif S_ISREG(Path(name).stat().st_mode):
                # Most folders have none, and its reading is not paid for there.
                from scaleplan.policy.file import read_policy  # noqa: PLC0415

                return read_policy(name, read_bytes(name, BYTES), self._files)
            else:
                reason = "it is not a regular file"
        except OSError as error:
            reason = (error.strerror or "unknown error").lower()
        except Unreachable as error:
            reason = error.reason
        nowhere = Span(Source(name, ""), 0, 0)
        message, help = f"the policy cannot be read: {reason}", "give it read permission, or take it away"
        return Policy(diagnostics=(problem(BAD_FILE, nowhere, "", message, help),))
