"""The shape of an export: what it is called, by which heads or keys it is known, and which field each of them is.

Heads and keys are compared by their letters and digits alone, in lower case and without a zone behind them, so that
`Filled Qty`, `filled_qty` and `filledQty` are one.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from scaleplan.fills.row import RowReader

_ZONE = re.compile(r"\(\s*(?:UTC|GMT)[^)]*\)", re.IGNORECASE)


class Cells(NamedTuple):
    """The cells of one row by what they are; empty where the export has no such column."""

    time: str = ""
    clock: str = ""
    symbol: str = ""
    side: str = ""
    effect: str = ""
    price: str = ""
    quantity: str = ""
    amount: str = ""
    fee: str = ""
    fee2: str = ""
    fee3: str = ""
    fee_currency: str = ""
    order: str = ""
    id: str = ""
    liquidity: str = ""
    type: str = ""
    status: str = ""
    position: str = ""
    multiplier: str = ""
    funding: str = ""
    unit: str = ""
    quote: str = ""
    comment: str = ""
    extra: str = ""
    extra2: str = ""
    kind: str = ""


FIELDS = Cells._fields
#: What a side is called: which way it trades, and the side of the position where it says that too.
Sides = Mapping[str, tuple[str, str | None]]
SIDES: dict[str, tuple[str, str | None]] = {
    "buy": ("buy", None),
    "sell": ("sell", None),
    "b": ("buy", None),
    "s": ("sell", None),
    "a": ("sell", None),
    "bid": ("buy", None),
    "ask": ("sell", None),
    "bot": ("buy", None),
    "sld": ("sell", None),
    "bought": ("buy", None),
    "sold": ("sell", None),
    "short": ("sell", None),
    "sellshort": ("sell", None),
    "ss": ("sell", None),
    "shortsell": ("sell", None),
    "cover": ("buy", None),
    "buytocover": ("buy", None),
    "btc": ("buy", None),
    "long": ("buy", None),
    "buytoopen": ("buy", None),
    "selltoclose": ("sell", None),
    "openlong": ("buy", "long"),
    "closelong": ("sell", "long"),
    "openshort": ("sell", "short"),
    "closeshort": ("buy", "short"),
    "buyopen": ("buy", "long"),
    "sellclose": ("sell", "long"),
    "sellopen": ("sell", "short"),
    "buyclose": ("buy", "short"),
    "kauf": ("buy", None),
    "kaufen": ("buy", None),
    "verkauf": ("sell", None),
    "verkaufen": ("sell", None),
    "compra": ("buy", None),
    "comprar": ("buy", None),
    "venta": ("sell", None),
    "vender": ("sell", None),
    "venda": ("sell", None),
    "achat": ("buy", None),
    "acheter": ("buy", None),
    "vente": ("sell", None),
    "vendre": ("sell", None),
    "acquisto": ("buy", None),
    "acquista": ("buy", None),
    "vendita": ("sell", None),
    "vendi": ("sell", None),
    "kupno": ("buy", None),
    "sprzedaż": ("sell", None),
    "покупка": ("buy", None),
    "купить": ("buy", None),
    "продажа": ("sell", None),
    "продать": ("sell", None),
    "alış": ("buy", None),
    "satış": ("sell", None),
    "al": ("buy", None),
    "sat": ("sell", None),
    "买": ("buy", None),
    "买入": ("buy", None),
    "買入": ("buy", None),
    "買": ("buy", None),
    "卖": ("sell", None),
    "卖出": ("sell", None),
    "賣出": ("sell", None),
    "賣": ("sell", None),
    "매수": ("buy", None),
    "매도": ("sell", None),
    "買い": ("buy", None),
    "売り": ("sell", None),
    "开多": ("buy", "long"),
    "平多": ("sell", "long"),
    "开空": ("sell", "short"),
    "平空": ("buy", "short"),
}


def plain_key(text: str) -> str:
    """Returns a head, a key or a word by its letters and digits alone, without a zone in brackets."""
    return "".join(char for char in _ZONE.sub("", text).casefold() if char.isalnum())


class Shape(NamedTuple):
    """One export of a venue. `columns` has the names of each field, the first that is there counts.

    All of `needs` have to be there, of `never` none. `venue` is the venue with its market, or what tells it of a row.
    `fee_sign` is -1 where what was paid is below 0. `fee_in` names the fee's currency where no column does: `settle`,
    `quote`, `received` (what was bought), or nothing. `unit` says what a quantity counts, by the unified symbol: `base`
    (inverse: value), `contracts`, or `lots`. `before` looks at a row first: it raises `Passed` for what is no fill.
    `averages` is whether a price may be the mean of an order's fills. `gather` puts rows together that are one fill.
    """

    name: str
    venue: "str | Callable[[Cells, RowReader], str]"
    columns: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...] = ("time", "symbol", "side", "price", "quantity")
    keys: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    fee_sign: int = 1
    fee_in: str = ""
    unit: "str | Callable[[str, str], str]" = "base"
    before: "Callable[[Cells, RowReader], Cells] | None" = None
    role: "Callable[[Cells], str | None] | None" = None
    sides: Sides = SIDES
    year_first: bool = False
    day_first: bool | None = None
    averages: bool = False
    gather: "Callable[[Sequence[Cells]], list[Cells]] | None" = None

    def matches(self, heads: Mapping[str, int]) -> int:
        """Returns how many of the heads are fields of this export; 0 where one is missing that it needs."""
        if any(key in heads for key in self.never) or not all(key in heads for key in self.keys):
            return 0
        found = 0
        for field, names in self.columns.items():
            if any(name in heads for name in names):
                found += 1
            elif field in self.needs:
                return 0
        return found + len(self.keys)

    def places(self, heads: Mapping[str, int]) -> tuple[int, ...]:
        """Returns the place of each field among the cells; -1 where there is no such column."""
        return tuple(
            next((heads[name] for name in self.columns.get(field, ()) if name in heads), -1) for field in FIELDS
        )


class NoFills(NamedTuple):
    """An export that has no fills: known by `keys`, it is refused with the name of the export to ask for."""

    name: str
    keys: tuple[str, ...]
    why: str
    instead: str
    never: tuple[str, ...] = ()

    def matches(self, heads: Mapping[str, int]) -> int:
        """Returns how many of the heads it is known by; 0 where one is missing."""
        if any(key in heads for key in self.never) or not all(key in heads for key in self.keys):
            return 0
        return len(self.keys)
