"""Exports of MetaTrader 5: deals of the account's history, as a table or a report, in the languages of the terminal."""

from scaleplan.fills.row import RowReader, passed
from scaleplan.fills.shape import Cells, NoFills, Shape

_HOLDS = {("buy", "in"): "long", ("sell", "out"): "long", ("sell", "in"): "short", ("buy", "out"): "short"}


def _deal(cells: Cells, reader: RowReader) -> Cells:
    kind = cells.side.strip().lower()
    if kind not in ("buy", "sell"):
        raise passed(f"{kind or 'no kind'}, no trade")
    way = cells.effect.strip().lower().replace("out by", "out")
    return cells._replace(effect=_HOLDS.get((kind, way), ""))


def _role(cells: Cells) -> str | None:
    word = cells.comment.strip().lower()
    if word.startswith(("[sl", "sl ")):
        return "stop"
    return "liquidation" if word.startswith(("so:", "[so", "so ")) or "stop out" in word else None


_TIME = (
    *(
        "time",
        "zeit",
        "ora",
        "heure",
        "fechahora",
        "fecha",
        "hora",
        "tiempo",
        "horário",
        "horario",
        "время",
        "czas",
        "时间",
    ),
    *("時間", "시간", "zaman", "tijd", "tid", "čas", "χρόνος", "idő", "datetime", "timeutc"),
)
_SYMBOL = (
    "symbol",
    "simbolo",
    "símbolo",
    "symbole",
    "символ",
    "ativo",
    "品种",
    "交易品种",
    "銘柄",
    "심볼",
    "sembol",
    "instrument",
)
_TYPE = ("type", "typ", "tipo", "тип", "类型", "タイプ", "유형", "tür", "soort")
_VOLUME = ("volume", "volumen", "объем", "объём", "wolumen", "交易量", "数量", "成交量", "볼륨", "hacim")
_PRICE = (
    "price",
    "preis",
    "prezzo",
    "prix",
    "precio",
    "preço",
    "цена",
    "cena",
    "价格",
    "価格",
    "가격",
    "fiyat",
    "kurs",
)
_DEAL = (
    *(
        "deal",
        "dealid",
        "affare",
        "operazione",
        "geschäft",
        "abschluss",
        "trade",
        "transacción",
        "operación",
        "opération",
    ),
    *(
        "transaction",
        "oferta",
        "negócio",
        "negocio",
        "сделка",
        "transakcja",
        "成交",
        "交易",
        "約定",
        "거래",
        "işlem",
        "ticket",
    ),
)
_DIRECTION = (
    *(
        "direction",
        "richtung",
        "direzione",
        "dirección",
        "direcção",
        "direção",
        "направление",
        "kierunek",
        "趋势",
        "方向",
    ),
    *("新規決済", "방향", "yön", "entry"),
)
SHAPES = (
    Shape(
        "mt5 deals",
        "mt5",
        {
            "time": _TIME,
            "id": _DEAL,
            "symbol": _SYMBOL,
            "side": _TYPE,
            "effect": _DIRECTION,
            "quantity": _VOLUME,
            "price": _PRICE,
            "order": (
                "order",
                "orderid",
                "ordine",
                "auftrag",
                "orden",
                "ordre",
                "ordem",
                "ордер",
                "zlecenie",
                "订单",
                "注文",
                "emir",
            ),
            "fee": (
                *("commission", "commissions", "kommission", "commissione", "commissioni", "comisión", "comisiones"),
                *("comissão", "комиссия", "prowizja", "手续费", "手数料", "수수료", "komisyon", "provision"),
            ),
            "fee2": ("fee", "gebühr", "tariffa", "tasa", "frais", "taxa", "сбор", "opłata", "费用", "ücret", "tarifa"),
            "funding": ("swap", "swaps", "echange", "échange", "своп", "库存费", "隔夜利息", "スワップ", "스왑"),
            "comment": (
                "comment",
                "kommentar",
                "commento",
                "comentario",
                "comentário",
                "commentaire",
                "комментарий",
                "注释",
                "yorum",
            ),
        },
        needs=("time", "symbol", "side", "effect", "quantity", "price", "id"),
        before=_deal,
        role=_role,
        unit="lots",
        fee_sign=-1,
    ),
)
_ASK = "the Deals (History > right click > Deals, then Report; a report as HTML has them too)"
REFUSALS = (
    NoFills("mt5 positions", ("sl", "tp", "swap"), "a row is a whole position, not its deals", _ASK),
    NoFills("mt5 positions", ("position", "symbol", "sl", "tp"), "a row is a whole position, not its deals", _ASK),
    NoFills("mt5 positions", ("sl", "tp"), "a row is a whole position or an order, not its deals", _ASK),
)
