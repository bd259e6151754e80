"""How much a contract is by the plans at hand: that which is named, those of a folder, and those of open trades."""

import os
from decimal import Decimal

from scaleplan.journal.database import reading
from scaleplan.plan import Plan
from scaleplan.policy import TradePolicy
from scaleplan.questions.recording import Asked
from scaleplan.questions.trades import Locking, NoTrade, Trades, habits_of, locking, trade_number
from scaleplan.source import Unreachable, read_bytes
from scaleplan.tree.text import BYTES


def contract_sizes(
    journal: str, policy: TradePolicy, named: str | None, folder: str | None, asked: Asked
) -> dict[str, Decimal]:
    """Returns how much a contract is, by symbol in capitals; of a symbol with two sizes the first that is found.

    What cannot be read is no plan, and says nothing here.
    """
    found: dict[str, Decimal] = {}
    paths = [] if named is None or trade_number(named) is not None else [named]
    if folder is not None and os.path.isdir(folder):  # noqa: PTH112
        names = sorted(
            name
            for name in os.listdir(folder)  # noqa: PTH208
            if name.endswith((".yaml", ".yml"))
        )
        paths += [os.path.join(folder, name) for name in names]  # noqa: PTH118
    for path in paths:
        try:
            plan = locking(path, read_bytes(path, BYTES), asked.settings, asked.written)
        except Unreachable:
            continue
        if isinstance(plan, Locking):
            _add(found, plan.study.plan)
    with reading(journal) as opened:
        if opened is not None:
            trades = Trades(opened, habits_of(policy))
            for row in opened.trades("open = 1"):
                try:
                    _add(found, trades.trade(row).plan)
                except NoTrade:
                    continue
    return found


def _add(found: dict[str, Decimal], plan: Plan) -> None:
    size, symbol = plan.instrument.contract_size, plan.symbol
    if size is None:
        return
    pair = f"{symbol.base}/{symbol.quote}"
    for name in (symbol.text, pair, f"{pair}:{plan.settle}", symbol.base):
        found.setdefault(name.upper(), size)
