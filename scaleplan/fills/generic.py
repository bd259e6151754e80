"""Tables in the open: Tradervue's generic form, and the columns that this program names itself."""

from scaleplan.fills.shape import NoFills, Shape

SHAPES = (
    Shape(
        "tradervue generic",
        "tradervue",
        {
            "time": ("date",),
            "clock": ("time",),
            "symbol": ("symbol",),
            "side": ("side",),
            "price": ("price",),
            "quantity": ("quantity", "qty"),
            "fee": ("commission",),
            "fee2": ("transfee", "fees", "fee"),
            "fee3": ("ecnfee",),
        },
        needs=("time", "clock", "symbol", "side", "price", "quantity"),
    ),
    Shape(
        "generic table",
        "generic",
        {
            "time": ("time", "datetime", "timestamp", "date"),
            "symbol": ("symbol",),
            "side": ("side",),
            "quantity": ("quantity", "qty"),
            "price": ("price",),
            "fee": ("fee", "commission"),
            "fee_currency": ("feecurrency",),
            "order": ("order", "orderid"),
            "id": ("id", "tradeid"),
        },
        never=("realizedprofit", "status"),
    ),
)
REFUSALS = (
    NoFills(
        "bingx fills",
        ("filledtime", "volume", "orderid"),
        "a fill does not say whether it was bought or sold",
        "ccxt's trades of the account, or a generic table: time,symbol,side,quantity,price,fee,id",
        never=("side",),
    ),
)
