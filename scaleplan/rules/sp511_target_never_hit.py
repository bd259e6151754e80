"""SP511 target-never-hit: no path that price can take hits a target.

Nothing is held any more by then, or the plan has been stopped. What the target was to close, or the stop that it was to
move, never comes.

Asked of the machine that walks every path, where the targets before it close everything or where another order of
tiers than the one listed can be. Silent where the closes pass what is held (SP303) or a target lies on the losing side
(SP202).
"""

from scaleplan.diagnostic import Kind, Severity
from scaleplan.rules.case import Case, Finding, Findings, named

KIND = Kind("SP511", "target-never-hit", Severity.WARNING, "No path that price can take hits a target.")


def check(case: Case) -> Findings:
    """Looks for targets that no path hits; the first is told, and the others are named with it."""
    if case.facts is None:
        return
    never = [index for index in range(len(case.plan.targets)) if index not in case.facts.targets]
    if not never:
        return
    yield Finding(
        f"targets[{never[0]}].price",
        f"{named('target', never)} {'is' if len(never) == 1 else 'are'} never hit: "
        "on every path nothing is held any more by then",
        _help(case, never),
    )


def _help(case: Case, never: list[int]) -> str:
    """Returns a way out: of what closes all before, or of what ends the plan while something is held."""
    it = "it" if len(never) == 1 else "them"
    if case.ladder.exits[never[0]].reached:
        return f"leave {it} out, or let the targets before {it} close less"
    plan = case.plan
    tiers = [named("tier", [index]) for index, tier in enumerate(plan.tiers) if tier.stop is not None]
    targets = [named("target", [index]) for index in range(never[0]) if plan.targets[index].stop is not None]
    moved = tiers + targets
    by = f", such as the stop of {' or '.join(moved)}" if moved else ""
    return f"leave {it} out, or mend what ends the plan before on every path{by}: `scaleplan paths` lists the ends"
