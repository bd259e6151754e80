"""SP508 reward-below-risk: every target hit brings less than the worst planned loss takes.

Such a plan has to win more often than it loses only to break even, costs included. A part that runs on behind a
trail, or until an exit in words, is counted at the last target, not at the stop that it starts with: it may bring
more.

Silent without targets or without a stop, where the plan cannot lose, where a part has no exit and is counted at the
stop (SP507), and where a target takes a loss (SP202) or does not cover its costs (SP702).
"""

from decimal import Decimal

from scaleplan.diagnostic import Kind, Severity
from scaleplan.quantity.exact import ONE, same
from scaleplan.quantity.number import brief
from scaleplan.rules.case import Case, Finding, Findings, Threshold, at_least

KIND = Kind("SP508", "reward-below-risk", Severity.WARNING, "Every target hit brings less than the planned loss takes.")
#: Below this a plan has to win more often than it loses.
REWARD_TO_RISK = Threshold("reward_to_risk", Decimal(1))


def check(case: Case) -> Findings:
    """Compares reward and risk."""
    totals, least = case.ladder.totals, case.limit(REWARD_TO_RISK)
    if totals.reward_to_risk is None or totals.reward_to_risk >= least or case.plan.stop is None:
        return
    reward, risk = case.best_result(len(case.plan.tiers) - 1), totals.risk
    if reward is None or risk is None or reward >= least * risk or same(reward, least * risk):
        return
    won, lost = case.money_apart(reward, risk)
    # The ladder counts what runs on at the stop that it starts with, and says less.
    runs_on = (
        "" if totals.reward is None or same(reward, totals.reward) else ", what runs on counted at the last of them"
    )
    times = "" if least == 1 else f"{brief(least)} times "
    wins = f"{at_least(ONE / (ONE + reward / risk))} of such trades" if reward > 0 else "more than all of them"
    yield Finding(
        "targets",
        f"all targets bring {won} {case.plan.settle}{runs_on}, less than {times}the planned loss of {lost}: "
        f"{wins} would have to win to break even",
        "move the targets further, or the stop nearer",
        [(case.stop_path, "the stop")],
    )
