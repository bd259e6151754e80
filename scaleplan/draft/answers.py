"""Answers: what a trader says when asked for a new plan, word for word; the reader judges them."""

import re
from typing import NamedTuple

from scaleplan.quantity.amount import Symbol, read_symbol
from scaleplan.quantity.number import NUMBER

_BARE = re.compile(rf"{NUMBER}")


class Answers(NamedTuple):
    """Each is the text as typed, and empty where nothing was said; `risk` is another way to say the size."""

    symbol: str = ""
    side: str = ""
    prices: tuple[str, ...] = ()
    stop: str = ""
    size: str = ""
    risk: str = ""
    leverage: str = ""
    maintenance: str = ""
    equity: str = ""
    style: str = ""
    targets: tuple[str, ...] = ()
    triggers: tuple[str, ...] = ()

    @property
    def is_contract(self) -> bool:
        """Returns whether a leverage is asked for: a symbol that settles somewhere, or a short."""
        return ":" in self.symbol.partition("/")[2] or self.side == "short"

    @property
    def missing(self) -> tuple[str, ...]:
        """Returns the names of what a plan cannot do without and has not been said."""
        found = [name for name in ("symbol", "side", "prices", "stop") if not getattr(self, name)]
        if not self.size and not self.risk:
            found.append("size")
        if self.is_contract and not self.leverage:
            found.append("leverage")
        return tuple(found)

    @property
    def whole_size(self) -> str:
        """Returns the size as a plan writes it: `--risk 250` is `250 USDT risk`."""
        if self.size or not self.risk:
            return self.size
        symbol = read_symbol(self.symbol)
        # For an inverse contract a bare amount could be coin or money: the reader asks which.
        linear = isinstance(symbol, Symbol) and symbol.settle.upper() != symbol.base.upper()
        if _BARE.fullmatch(self.risk) and isinstance(symbol, Symbol) and linear:
            return f"{self.risk} {symbol.quote} risk"
        return f"{self.risk.removesuffix(' risk')} risk"

    @property
    def filled(self) -> "Answers":
        """The answers with something harmless where nothing has been said, so that what has been can be judged."""
        symbol = self.symbol or "BTC/USDT"
        read = read_symbol(symbol)
        filled = self._replace(
            symbol=symbol, side=self.side or "long", leverage=self.leverage or ("1" if self.is_contract else "")
        )
        if not self.prices:
            # Stop and targets are measured by the prices.
            filled = filled._replace(prices=("100",), stop="", targets=())
        if not filled.stop:
            filled = filled._replace(stop="none", targets=(), size="", risk="")
        if not filled.size and not filled.risk:
            filled = filled._replace(size=f"1 {read.quote if isinstance(read, Symbol) else 'USDT'}")
        return filled
