"""SP508 reward-below-risk: every target hit brings less than the worst planned loss takes.

Such a plan has to win more often than it loses only to break even, costs included. A part that runs on behind a
trail, or until an exit in words, is counted at the last target, not at the stop that it starts with: it may bring
more.

Silent without targets or without a stop, where the plan cannot lose, where a part has no exit and is counted at the
stop (SP507), and where a target takes a loss (SP202) or does not cover its costs (SP702).
"""

from collections.abc import Iterator

from scaleplan.diagnostic import Diagnostic, Kind, Severity
from scaleplan.quantity.exact import ONE, same
from scaleplan.quantity.number import brief, told_apart
from scaleplan.rules.outcome import best_result
from scaleplan.rules.subject import Subject, at_least

KIND = Kind("SP508", "reward-below-risk", Severity.WARNING, "Every target hit brings less than the worst loss takes.")


def check(subject: Subject) -> Iterator[Diagnostic]:
    """Compare reward and risk."""
    totals, least = subject.ladder.totals, subject.thresholds.reward_to_risk
    if totals.reward_to_risk is None or totals.reward_to_risk >= least or subject.plan.stop is None:
        return
    reward = best_result(subject, len(subject.plan.tiers) - 1)
    if reward is None or reward >= least * totals.risk or same(reward, least * totals.risk):
        return
    won, lost = told_apart(reward, totals.risk)
    # The ladder counts what runs on at the stop that it starts with, and says less.
    runs_on = (
        "" if totals.reward is None or same(reward, totals.reward) else ", what runs on counted at the last of them"
    )
    times = "" if least == 1 else f"{brief(least)} times "
    wins = f"{at_least(ONE / (ONE + reward / totals.risk))} of such trades" if reward > 0 else "more than all of them"
    yield subject.finding(
        KIND,
        "targets",
        f"all targets bring {won} {subject.plan.settle}{runs_on}, less than {times}the worst loss of {lost}: "
        f"{wins} would have to win to break even",
        "move the targets further, or the stop nearer",
        [(subject.stop_path, "the stop")],
    )
