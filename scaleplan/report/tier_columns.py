"""The columns of the tier table: the order to type, then the position after it, its risk and its liquidation."""

from collections.abc import Callable

from scaleplan.engine.margin import Answer
from scaleplan.ladder import Ladder, Rung
from scaleplan.plan import Contract, Tier
from scaleplan.report.figures import NONE, Figures, leverage, of_equity, r_loss
from scaleplan.report.layout import Cell, Column, Role, beside
from scaleplan.report.lots import shares_of
from scaleplan.report.offers import WELCOME, WIDE, WIDEST, Offered


def tier_columns(figures: Figures, ladder: Ladder, width: int) -> list[Offered]:
    """The columns of the tier table, from left to right; where there is width, shares stand beside the sizes."""
    plan = figures.plan
    rows = tuple(zip(plan.tiers, ladder.steps, strict=True))

    def column(
        head: str,
        text: Callable[[Tier, Rung], str],
        role: Callable[[Rung], Role] | None = None,
        *,
        left: bool = False,
    ) -> Column:
        cells = []
        for tier, step in rows:
            own = role(step) if role else Role.PLAIN
            cells.append(Cell(text(tier, step), own if step.position.reachable else Role.FAINT))
        return Column(head, tuple(cells), left)

    slips = any(step.fill.price != tier.price for tier, step in rows)
    shares = shares_of(plan, ladder) if width >= WIDE else [""] * len(plan.tiers)
    sizes = beside([figures.order(step.fill.quantity) for step in ladder.steps], shares)
    spot = plan.contract is Contract.SPOT
    on_spot = WELCOME if spot else WIDE
    offers: list[Offered | None] = [
        Offered(column("tier", lambda tier, step: f"{step.tier} {tier.order}", left=True)),
        Offered(column("price", lambda tier, _: figures.price(tier.price))),
        Offered(column("fill", lambda _, step: figures.price(step.fill.price)), WIDEST) if slips else None,
        Offered(column(figures.order_head, lambda _, step: sizes[step.tier - 1])),
        Offered(column(figures.quantity_head, lambda _, step: figures.quantity(step.fill.quantity)), WIDE)
        if plan.instrument.contract_size is not None
        else None,
        # An inverse contract's quantity is its notional.
        None
        if plan.contract is Contract.INVERSE
        else Offered(column("notional", lambda _, step: figures.notional(step.fill.notional)), on_spot),
        Offered(column("fee", lambda _, step: figures.fee(step.fill.fee)), WIDEST) if plan.fees.written else None,
        Offered(column("average", lambda _, step: figures.price(step.position.average_entry))),
        Offered(column("breakeven", lambda _, step: figures.price(step.position.breakeven)), on_spot),
        Offered(column("stop", lambda _, step: figures.stop(step.position.stop))),
        Offered(column("risk", lambda _, step: figures.loss(step.position.risk), _risk_role(ladder))),
        Offered(column("R", lambda _, step: r_loss(step.position.risk_r))),
    ]
    owned = plan.account.equity is not None
    if owned:
        offers.append(Offered(column("% eq", lambda _, step: of_equity(step.position.risk_fraction)), WIDE))
    if owned and not spot:
        offers.append(Offered(column("lev", lambda _, step: leverage(step.position.effective_leverage)), WIDE))
    if not spot:
        offers += [
            Offered(column("margin", lambda _, step: figures.money(step.position.initial_margin)), WIDEST),
            Offered(column("liquidated", lambda _, step: figures.liquidated(step.position), _liquidated_role)),
            *_past_stop(figures, ladder, column),
            Offered(column("buffer", lambda _, step: figures.buffer(step.position)), WIDEST),
            Offered(column("away", lambda _, step: figures.distance(step.position)), WIDEST),
        ]
    return [offer for offer in offers if offer is not None]


def _past_stop(figures: Figures, ladder: Ladder, column: Callable[..., Column]) -> list[Offered]:
    """The room behind the stop; where liquidation is unknown at every tier, the price that it is no later than."""
    if all(step.position.liquidation.answer is Answer.UNKNOWN for step in ladder.steps):
        return [Offered(column("at latest", lambda _, step: latest(figures, step)))]
    return [Offered(column("room", lambda _, step: figures.room(step.position), _room_role))]


def latest(figures: Figures, step: Rung) -> str:
    """The bankruptcy price, which liquidation is no later than."""
    price = step.position.bankruptcy_price
    unbacked = figures.plan.account.equity is None and figures.plan.margin_mode == "cross"
    return NONE if price is None and not unbacked else figures.price(price)


def _risk_role(ladder: Ladder) -> Callable[[Rung], Role]:
    """The worst planned loss stands out, and so does a gain that the stop locks in."""
    worst = ladder.totals.worst_tier
    return lambda step: Role.STRONG if step.tier == worst else Role.GAIN if step.position.risk < 0 else Role.PLAIN


def _room_role(step: Rung) -> Role:
    past = step.position.liquidation_past_stop
    return Role.ALARM if past is not None and past < 0 else Role.PLAIN


def _liquidated_role(step: Rung) -> Role:
    return Role.CAUTION if step.position.liquidation.answer is Answer.UNKNOWN else _room_role(step)
