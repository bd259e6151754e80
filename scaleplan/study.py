"""A study is one plan read, reckoned and judged, each once: what every command that takes a plan starts from.

What could not be read as a plan, or has no figures, is `Unread`: it has nothing but what is wrong with it.
"""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from scaleplan.clock import now
from scaleplan.decode import Files, Outline, Reading, read_plan
from scaleplan.decode.kinds import TEMPLATE
from scaleplan.diagnostic import Diagnostic, Severity, count_of, problem
from scaleplan.engine import Unreckonable
from scaleplan.ladder import Ladder, as_reached, climb
from scaleplan.ladder.reach import needs_every_path
from scaleplan.paths import EveryPath
from scaleplan.plan import Plan, Wallet
from scaleplan.policy import EVERYTHING, NO_POLICY, Policies, Policy, Selection
from scaleplan.quantity.exact import exact
from scaleplan.tree.collector import listed

if TYPE_CHECKING:
    from scaleplan.decode.overrides import Change, Override
    from scaleplan.decode.template import SignalBar, Template
    from scaleplan.paths.facts import Facts
    from scaleplan.policy.ignores import Ignores
    from scaleplan.tree import Node, Tree

#: Codes of the rules that judge reading and shape.
_OF_SHAPE = ("SP0", "SP1")
#: Bytes without which a text has no ignores: most have none, and are looked at no further.
MARK = b"scaleplan:"


class Study(NamedTuple):
    """A plan under the name of its file, with its figures and what the rules say of it.

    `today` is the day of the study, from which the age of data counts. `every_path` tells what is known of all paths;
    `facts` are what of it the rules have asked for, absent where the ladder alone could say. `changes` are what the
    command line changed in it. `data` is its text, and `session` the one that can study it again, changed.
    `template` is what it was made of at the session's moment, absent where it was written as a plan. `broken` are the
    codes of the rules that it breaks at error level, those too that a comment or a policy does not want to be told.
    """

    file: str
    plan: Plan
    ladder: Ladder
    diagnostics: tuple[Diagnostic, ...]
    today: date
    every_path: EveryPath
    data: bytes
    session: "Session"
    facts: "Facts | None" = None
    changes: "tuple[Change, ...]" = ()
    template: "Template | None" = None
    broken: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        """Returns what the file is."""
        return "plan"

    def count(self, severity: Severity) -> int:
        """Returns how many problems are of a severity, those counted that are not listed."""
        return count_of(self.diagnostics, severity)


class Unread(NamedTuple):
    """A file that could not be read as a plan, or whose figures cannot be; the diagnostics say why.

    `kind` is `plan`, or what the file is instead: a `template`, or the `account` or the `venue` that plans name.
    """

    file: str
    diagnostics: tuple[Diagnostic, ...] = ()
    kind: str = "plan"
    changes: "tuple[Change, ...]" = ()

    def count(self, severity: Severity) -> int:
        """Returns how many problems are of a severity, those counted that are not listed."""
        return count_of(self.diagnostics, severity)

    @property
    def plan(self) -> None:
        """Returns that there is none."""

    @property
    def ladder(self) -> None:
        """Returns that there is none."""


#: What a file turned out to be.
Studied = Study | Unread


class Verdict(NamedTuple):
    """What is wrong with a file, without the figures that show it; these would cost as much to keep as to reckon.

    `kind` is as in `Unread`; `model` is the margin model of a plan in words, empty where it has none.
    """

    file: str
    diagnostics: tuple[Diagnostic, ...]
    kind: str = "plan"
    model: str = ""
    changes: "tuple[Change, ...]" = ()


class Read(NamedTuple):
    """The plan of a file as it was read, with the policy that holds for it: what a study reckons."""

    file: str
    data: bytes
    policy: Policy
    reading: Reading


class Settings(NamedTuple):
    """How plans are read in one run: what is changed in them, which rules are told, and on which day.

    `allowed` are folders of which plans may name files beside their own. `today` is the clock's where it is not given.
    At a `moment` templates are plans.
    """

    overrides: "tuple[Override, ...]" = ()
    selection: Selection = EVERYTHING
    allowed: tuple[str, ...] = ()
    today: date | None = None
    with_policies: bool = True
    moment: "SignalBar | None" = None


#: How plans are read where nothing else is asked for.
AS_WRITTEN = Settings()


def climbed(plan: Plan, today: date | None = None) -> "tuple[Ladder, EveryPath, Facts | None]":
    """Returns the ladder of a plan, its paths, and what these say where more than the order listed has to be seen."""
    ladder = climb(plan)
    every = EveryPath(ladder, today)
    facts = every.facts() if needs_every_path(plan, ladder) else None
    if facts is not None:
        ladder = every.ladder = as_reached(ladder, facts.reached, facts.worst, liquidated=facts.liquidated is not None)
    return ladder, every, facts


class Session:
    """What all studies of one run share: its settings, the day, the files read on the way."""

    __slots__ = ("_files", "_ignores", "_policies", "_settings", "today")

    def __init__(self, settings: Settings = AS_WRITTEN, kept: "Mapping[str, bytes] | None" = None) -> None:
        """Begins a run; with `kept` plans may name these files and no other (see `Files`)."""
        self.today = settings.today or now().date()
        self._settings = settings
        self._files = Files(settings.allowed, kept)
        self._policies = Policies(self._files) if settings.with_policies else None
        # Those of the text read last, because one plan may be studied under many changes.
        self._ignores: tuple[Node, Ignores] | None = None

    @property
    def contents(self) -> "Mapping[str, bytes]":
        """Returns the bytes of every file that plans and policies have named so far, by its name."""
        return self._files.contents

    @property
    def overrides(self) -> "tuple[Override, ...]":
        """Returns what is changed in every plan."""
        return self._settings.overrides

    @property
    def moment(self) -> "SignalBar | None":
        """Returns the moment at which templates are plans."""
        return self._settings.moment

    @property
    def files(self) -> tuple[str, ...]:
        """Returns the files that plans have named so far, and the policies that hold for them."""
        return (*self._files.names, *(self._policies.names if self._policies is not None else ()))

    def changed(self, overrides: "tuple[Override, ...]") -> "Session":
        """Returns a session of the same day and files, with other changes in place of its own."""
        other = Session(self._settings._replace(overrides=overrides, today=self.today, with_policies=False))
        other._files, other._policies, other._ignores = self._files, self._policies, self._ignores
        return other

    def study(self, name: str, data: bytes) -> Studied:
        """Studies the plan in `data`; paths inside the plan are relative to the folder of `name`."""
        return self.reckoned(self.read(name, data))

    def study_tree(self, name: str, data: bytes, tree: "Tree") -> Studied:
        """Studies the plan in `data` by a tree that says the same, whose values have their places elsewhere."""
        self._files.take(name, data, tree)
        return self.study(name, data)

    @exact
    def read(self, name: str, data: bytes) -> Read:
        """Reads the plan in `data`, to be reckoned; paths inside the plan are relative to the folder of `name`."""
        policy = self._policies.of(name) if self._policies is not None else NO_POLICY
        settings = self._settings
        reading = read_plan(name, data, settings.overrides, self._files, policy.account, settings.moment)
        return Read(name, data, policy, reading)

    @exact
    def figures(self, name: str, data: bytes) -> tuple[Plan, Ladder] | None:
        """Returns the plan in `data` and its ladder, without what the rules say; absent where it has no figures."""
        plan = self.read(name, data).reading.plan
        try:
            return None if plan is None else (plan, climbed(plan)[0])
        except Unreckonable:
            return None

    @exact
    def reckoned(self, read: Read, cross: Wallet | None = None) -> Studied:
        """Studies a plan that was read.

        With `cross` it stands on the cross margin that it shares with the other plans of its account.
        """
        # A trade is of a plan that was judged when it was locked: it pays for no rules.
        from scaleplan.rules import UNRECKONABLE, examine, examine_outline  # noqa: PLC0415

        name, data, policy, reading = read
        if reading.template is not None and (wanted := self._lacking(reading.template)):
            return self._template(read, reading.template, wanted)
        plan, places = reading.plan, reading.places
        if cross is not None and plan is not None:
            from scaleplan.ladder.book import as_cross  # noqa: PLC0415 - rare

            plan = as_cross(plan, cross)
        ladder: Ladder | None = None
        every: EveryPath | None = None
        facts: Facts | None = None
        found = list(reading.diagnostics)
        if plan is not None and places is not None:
            try:
                ladder, every, facts = climbed(plan, self.today)
            except Unreckonable as error:
                path = places.nearest(error.path)
                found.append(problem(UNRECKONABLE, places.of(path), path, error.message, error.help))
                found += examine_outline(Outline.of_side(plan), places, today=self.today)
            else:
                found += examine(plan, ladder, places, policy.limits, facts, today=self.today)
        elif reading.outline is not None and places is not None:
            found += examine_outline(reading.outline, places, today=self.today)
        broken = frozenset(each.code for each in found if each.severity is Severity.ERROR)
        if MARK in data:
            found = self._without_ignored(found, reading, ladder)
        if policy.diagnostics:
            # What is wrong with the policy's account is found again in the plan that has no other.
            found = list(dict.fromkeys((*policy.diagnostics, *found)))
        chosen = listed(self._settings.selection.over(policy.selection).of(found))
        if plan is None or ladder is None or every is None:
            return Unread(name, chosen, reading.kind, reading.changes)
        return Study(
            *(name, plan, ladder, chosen, self.today, every, data, self, facts, reading.changes, reading.template),
            broken,
        )

    def _lacking(self, template: "Template") -> str:
        """Returns what has to be said for a template to be a plan; nothing where it is."""
        from scaleplan.decode.lowered import lacking  # noqa: PLC0415 - most are plans

        return " ".join(lacking(template, self._settings.moment))

    def _template(self, read: Read, template: "Template", wanted: str) -> Unread:
        """Returns what can be said of a template without prices: how it is read and shaped."""
        name, data, policy, reading = read
        found = [each for each in reading.diagnostics if each.code[:3] in _OF_SHAPE or each.code == "SP821"]
        message = "a template has no prices of its own: its shape alone was judged"
        help = f"`scaleplan show FILE {wanted}` judges the rest, as the plan that it is at a signal"
        found.append(problem(TEMPLATE, template.place, template.path, message, help))
        if MARK in data:
            found = self._without_ignored(found, reading, None)
        if policy.diagnostics:
            found = list(dict.fromkeys((*policy.diagnostics, *found)))
        chosen = listed(self._settings.selection.over(policy.selection).of(found))
        return Unread(name, chosen, "template", reading.changes)

    @exact
    def beside(self, name: str, data: bytes, kind: str) -> Unread:
        """Studies a file that is no plan as what it is: an `account`, a `venue` or a `policy`."""
        from scaleplan.decode import read_beside  # noqa: PLC0415 - rare
        from scaleplan.policy.file import read_policy  # noqa: PLC0415

        if kind == "policy":
            found = read_policy(name, data, self._files).diagnostics
        else:
            found = read_beside(name, data, kind, self._files.plan(name, data))
        return Unread(name, listed(self._settings.selection.of(found)), kind)

    def _without_ignored(self, found: list[Diagnostic], reading: Reading, ladder: Ladder | None) -> list[Diagnostic]:
        if reading.root is None:
            return found
        if self._ignores is None or self._ignores[0] is not reading.root:
            from scaleplan.policy.ignores import Ignores  # noqa: PLC0415 - paid for only where there may be some

            self._ignores = reading.root, Ignores(reading.root)
        # A plan changed for this run says nothing about what its ignores are for as it is written.
        examined = ladder is not None and not self._settings.overrides
        return self._ignores[1].without_ignored(found, examined=examined)


def study(name: str, data: bytes, overrides: "tuple[Override, ...]" = ()) -> Studied:
    """Studies the one plan in `data`; paths inside the plan are relative to the folder of `name`."""
    return Session(Settings(overrides)).study(name, data)
