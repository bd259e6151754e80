"""A wallet is the plans of one account solved together: each on cross margin, the others at their entries.

Two passes: the first tells what every plan keeps for itself (see `ladder.book`), the second takes from each what the
others keep. Plans of one market are liquidated together: the others of it are taken at the price where that is. Only
plans that settle in one currency share a wallet; spot is bought outright and holds none of it.
"""

from collections.abc import Sequence
from decimal import Context, Decimal
from typing import NamedTuple

from scaleplan.engine.margin import NO_LIQUIDATION, Joint, jointly, money_behind
from scaleplan.ladder.book import Held, beside, held_by, spoken_for_at
from scaleplan.plan import ALONE, Contract, MarginMode, Plan, Wallet
from scaleplan.quantity.exact import ZERO
from scaleplan.study import Session, Studied, Study
from scaleplan.venue import VENUE_NAMES

_FORTY_DIGITS = Context(prec=40)


class Stand(NamedTuple):
    """One plan in the wallet: what it keeps, what the others keep from it (settle currency), and its study with that.

    `written_isolated` says that the plan itself asks for isolated margin, and was taken as cross all the same; `spot`
    are the files named beside it that hold none of the wallet. `joint` is where it is liquidated with the others of its
    market, all fully filled; absent where it is alone there.
    """

    study: Study
    held: Held
    spoken_for: Decimal
    written_isolated: bool
    spot: tuple[str, ...]
    joint: Joint | None = None


class Refusal(NamedTuple):
    """Why plans cannot be solved together: the file at fault and what is wrong with it."""

    file: str
    reason: str


def solved_together(
    session: Session, texts: Sequence[tuple[str, bytes]]
) -> tuple[tuple[Studied, ...], tuple[Stand, ...]]:
    """The studies of all plans, in order, and the stands of those that share a wallet. Raises `NotTogether`."""
    read = [session.read(name, data) for name, data in texts]
    alone = _solvable([session.reckoned(each, cross=ALONE) for each in read])
    held = [held_by(each.plan, each.ladder) for each in alone]
    spot = tuple(each.file for each, kept in zip(alone, held, strict=True) if kept is None)
    studies: list[Studied] = []
    stands: list[Stand] = []
    for index, (each, own) in enumerate(zip(alone, held, strict=True)):
        if own is None:
            studies.append(each)
            continue
        others = [
            (alone[place], other)
            for place, other in enumerate(held)
            if place != index and other is not None and alone[place].plan.settle == each.plan.settle
        ]
        near = [(other, kept) for other, kept in others if _one_market(other.plan, each.plan)]
        elsewhere = sum((kept.amount for other, kept in others if not _one_market(other.plan, each.plan)), ZERO)
        wallet = Wallet(elsewhere, tuple(beside(other.plan, other.ladder) for other, _ in near))
        solved = session.reckoned(read[index], cross=wallet)
        joint = _joint(solved) if isinstance(solved, Study) and near else None
        # Plans of one market lose, or gain, at the price that liquidates this one; all others stand at their entries.
        at = None if joint is None else joint.on(each.plan.sign).price
        spoken_for = elsewhere + sum(
            (kept.amount if at is None else spoken_for_at(other.plan, other.ladder, at) for other, kept in near), ZERO
        )
        # What the price of a quotient carries at its fiftieth digit is no figure to be shown.
        spoken_for = _FORTY_DIGITS.plus(spoken_for)
        written = read[index].reading.plan
        if isinstance(solved, Study) and written is not None:
            isolated = written.margin_mode is MarginMode.ISOLATED
            stands.append(Stand(solved, own, spoken_for, isolated, spot, joint))
        studies.append(solved)
    return tuple(studies), tuple(stands)


def _one_market(plan: Plan, other: Plan) -> bool:
    """Whether two plans trade one contract."""
    return (plan.symbol, plan.contract) == (other.symbol, other.contract)


def _joint(study: Study) -> Joint | None:
    """Where a plan, fully filled, is liquidated with the others of its market, whichever way price goes."""
    position = study.ladder.steps[-1].state.held.position
    behind = money_behind(study.plan, position, ZERO)
    return None if behind is None else jointly(study.plan, position, behind)


class NotTogether(Exception):  # noqa: N818 - it is a state of the plans, told to the trader
    """Plans that cannot be solved together; `studies` are those of the first look, `refusals` say why not."""

    def __init__(self, studies: tuple[Studied, ...], refusals: tuple[Refusal, ...]) -> None:
        super().__init__("the plans cannot be solved together")
        self.studies = studies
        self.refusals = refusals


def _solvable(studies: list[Studied]) -> list[Study]:
    """The studies where they can be solved together; raises `NotTogether` where they cannot."""
    if all(each.plan is not None and each.plan.contract is Contract.SPOT for each in studies):
        raise NotTogether(tuple(studies), (Refusal(studies[0].file, "it is spot like the others: none has margin"),))
    refusals = [refusal for each in studies if (refusal := _refusal(each, studies)) is not None]
    if refusals:
        raise NotTogether(tuple(studies), tuple(refusals))
    return [each for each in studies if isinstance(each, Study)]


def _refusal(each: Studied, studies: list[Studied]) -> Refusal | None:
    plan = each.plan
    if plan is None:
        return Refusal(each.file, "it cannot be reckoned, and what it keeps of the account is not known")
    if plan.contract is Contract.SPOT:
        return None
    if plan.account.equity is None:
        return Refusal(each.file, "cross margin needs the equity of the account; write `account: {equity: ...}`")
    if plan.margin is None:
        return Refusal(each.file, "its maintenance margin is not known; write `maintenance:` or `venue:`")
    found = each.ladder.steps[-1].position.liquidation if isinstance(each, Study) else NO_LIQUIDATION
    if found.past_end and found.not_before is None:
        reason = "its position is past the last bracket, and what it keeps of the account is not known"
        return Refusal(each.file, f"{reason}; add the brackets beyond it")
    elsewhere = next((other for other in studies if other.plan is not None and _is_elsewhere(plan, other.plan)), None)
    if elsewhere is not None and elsewhere.plan is not None:
        return Refusal(
            each.file,
            f"it is on {plan.venue_name}, and {elsewhere.file} on {elsewhere.plan.venue_name}: these are two accounts",
        )
    first = next(other.plan for other in studies if other.plan is not None and _shares(plan, other.plan))
    if first.account.equity != plan.account.equity:
        return Refusal(
            each.file,
            f"its account holds {plan.account.equity:,f} {plan.settle} and that of the first plan "
            f"{first.account.equity:,f}; plans share a wallet only on one equity: name one file (`account: "
            "./account.yaml`), or give it for this run (--equity)",
        )
    return None


def _is_elsewhere(plan: Plan, other: Plan) -> bool:
    """Whether two plans that settle alike name two venues."""
    named = plan.venue_name in VENUE_NAMES and other.venue_name in VENUE_NAMES
    return named and plan.venue_name != other.venue_name and _shares(plan, other)


def _shares(plan: Plan, other: Plan) -> bool:
    return other.settle == plan.settle and other.contract is not Contract.SPOT and other.account.equity is not None
