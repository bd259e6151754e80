"""The policy: what the trader has decided not to be told, and what holds for every plan of a folder.

Three places say it: a comment in the plan (`# scaleplan: ignore[SP601] why`), a `.scaleplan.yaml` beside the plans or
above them, and the command line. A mistake for which there are no figures (SP0xx, SP1xx) is told whatever they say.
"""

from scaleplan.policy.kinds import KINDS
from scaleplan.policy.records import EVERYTHING, NO_POLICY, Policy, Selection
from scaleplan.policy.search import Policies

__all__ = ["EVERYTHING", "KINDS", "NO_POLICY", "Policies", "Policy", "Selection"]
