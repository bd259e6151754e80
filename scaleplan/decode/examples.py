"""What to add where a key is missing, made of what the plan says already.

An example for a plan at 1.10 is a price near 1.10, on the side on which the key belongs, in the plan's own currency. It
stands here for the trader to change: what is right only the trader knows.
"""

from collections.abc import Iterator
from decimal import ROUND_HALF_EVEN, Decimal

from scaleplan.decode.keys import TARGET, TARGET_LADDER, TIER, TIER_LADDER, Key, Section
from scaleplan.decode.levels import is_currency
from scaleplan.quantity.amount import COUNT_WORDS, read_symbol
from scaleplan.quantity.exact import exact
from scaleplan.quantity.form import Mistake
from scaleplan.quantity.number import plain, read_number
from scaleplan.tree import Mapping, Node, Scalar, Sequence

#: How far an example lies from what is written, as a part of price; less where liquidation would come first.
_AWAY, _OF_MARGIN, _OF_FUTURES = Decimal("0.03"), Decimal("0.3"), Decimal("0.005")
#: The highest leverage of an example, and how often the stop's distance must fit into the way that it leaves.
_LEVERAGES, _ROOM = (10, 5, 3, 2, 1), Decimal("1.5")
_NO_CURRENCIES = frozenset((*COUNT_WORDS, "equity", "margin", "risk", ""))
#: So many significant digits has an example, at least.
_DIGITS = 4


class Examples:
    """What a plan says, as far as examples need it: nothing is reported, and what cannot be read is absent."""

    __slots__ = ("_root", "leverage", "side", "stop", "tick", "tiers")

    def __init__(self, root: Mapping) -> None:
        self._root = root
        self.tiers = tuple(_prices(self.at("tiers")))
        self.stop = _number(self.at("stop")) or _number(self.at("invalidation"))
        self.leverage = _number(self.at("leverage"), ends="xX")
        self.tick = _number(self.at("instrument", "tick_size"))
        self.side = self._side()

    def at(self, *names: str) -> Node | None:
        """Returns the node of a key, or of a key inside a key."""
        node: Node | None = self._root
        for name in names:
            entries = node.entries if isinstance(node, Mapping) else ()
            node = next((entry.value for entry in entries if entry.key.text == name), None)
        return node

    @property
    def sign(self) -> int:
        """The direction of the plan; that of a long where it is not known."""
        return -1 if self.side == "short" else 1

    @property
    def quote(self) -> str:
        """The currency of prices."""
        return self._names()[1]

    @property
    def settle(self) -> str:
        """The currency of the account."""
        base, quote, settle = self._names()
        return base if settle == base else quote

    def lines(self, section: Section, key: Key, path: str) -> tuple[str, ...]:
        """Returns what may be added to a section for a key that it needs, as `key: value`; the key's own otherwise."""
        made: tuple[str, ...] = ()
        if key.name == "side":
            made = (self.side,) if self.side else ("long",) if self.is_spot else ("long", "short")
        elif key.name == "symbol":
            made = (self._symbol(),)
        elif key.name == "tiers" and self.stop is not None:
            made = (f"[{', '.join(self._tiers(self.stop))}]",)
        elif key.name in ("price", "from", "to"):
            made = self._row(section, key.name, path)
        return tuple(f"{key.name}: {value}" for value in made) or tuple(key.required.strip("`").split("` or `"))

    @property
    def is_spot(self) -> bool:
        """Whether nothing is borrowed."""
        return not self._names()[2] and self.at("leverage") is None and self.at("margin") is None

    def stop_line(self) -> str:
        """Returns a stop beyond the tiers, before liquidation where the leverage lets there be room."""
        if not self.tiers:
            return "stop: -3%"
        last = min(self.tiers) if self.sign > 0 else max(self.tiers)
        return f"stop: {self._beside(last, -self.sign)}"

    def size_line(self) -> str:
        """Returns a size: a part of the equity where that is known."""
        if self.at("instrument", "contract_size") is not None:
            many = max(1, len(self.tiers))
            return f"size: {many} contract{'' if many == 1 else 's'}"
        equity = self._equity()
        amount = Decimal(900) if equity is None or self.settle != self.quote else equity / 10
        return f"size: {self._round(amount)} {self.quote}"

    def leverage_line(self) -> str:
        """Returns a leverage that leaves room behind the stop."""
        first, stop = next(iter(self.tiers), None), self.stop
        away = abs(first - stop) / first if first and stop is not None else _AWAY
        return f"leverage: {next((most for most in _LEVERAGES if most * away * _ROOM <= 1), 1)}"

    def tick_line(self, name: str) -> str:
        """Returns a tick, or a pip, of the last digit that the plan's prices have."""
        digits = max((_exponent(price) for price in self.tiers), default=0)
        return f"{name}: {plain(Decimal(1).scaleb(-digits))}"

    def row_line(self, section: Section, path: str) -> str:
        """Returns the price of a tier or target at `path` that lacks it."""
        return f"price: {next(iter(self._row(section, 'price', path)), '60000')}"

    def contract_size_line(self) -> str:
        """Returns how much one contract is: what a tick of it is worth says that, or a currency's lot; else nothing."""
        worth, tick = _number(self.at("instrument", "tick_value")), self.tick
        if worth and tick:
            return f"contract_size: {plain(worth / tick)}"
        base, quote, _ = self._names()
        return "contract_size: 100000" if is_currency(base) and is_currency(quote) else ""

    def _names(self) -> tuple[str, str, str]:
        node = self.at("symbol")
        symbol = read_symbol(node.text) if isinstance(node, Scalar) else None
        if symbol is None or isinstance(symbol, Mistake):
            return "BTC", "USDT", ""
        return symbol.base, symbol.quote, symbol.settle

    def _symbol(self) -> str:
        """Returns a symbol of the currencies that stand behind the plan's amounts."""
        of_size, of_account = _unit(self.at("size")), _unit(self.at("account", "equity")) or _unit(self.at("fees"))
        quote = next((unit for unit in (of_account, of_size) if unit and is_currency(unit)), "USDT")
        base = next((unit for unit in (of_size, of_account) if unit and not is_currency(unit)), "BTC")
        if self.at("leverage") is None:
            return f"{base}/{quote}"
        settle = base if of_account == base else quote
        return f"{base}/{'USD' if settle == base else quote}:{settle}"

    @exact
    def _tiers(self, stop: Decimal) -> list[str]:
        """Returns prices between the stop and the targets, as many as there are contracts for, three at most."""
        words = _words(self.at("size"))
        many = _decimal(words[0]) if len(words) > 1 and words[1].lower().rstrip("s") in COUNT_WORDS else None
        steps = range(min(3, int(many) if many is not None and many >= 1 else 3), 0, -1)
        targets = list(_prices(self.at("targets")))
        if targets and (targets[0] - stop) * self.sign > 0:
            return [self._round(stop + (targets[0] - stop) * step / 5, stop) for step in steps]
        return [self._beside(stop, self.sign * step) for step in steps]

    def _equity(self) -> Decimal | None:
        words = _words(self.at("account", "equity"))
        return _decimal(words[0]) if words else None

    def _side(self) -> str:
        node = self.at("side")
        if isinstance(node, Scalar):
            return node.text.lower() if node.text.lower() in ("long", "short") else ""
        if self.tiers and self.stop is not None and self.stop != self.tiers[0]:
            return "long" if self.stop < self.tiers[0] else "short"
        return ""

    @exact
    def _beside(self, price: Decimal, steps: int) -> str:
        """Returns a price so many steps above (below 0: below) another, on the tick where there is one."""
        step = min(_AWAY, _OF_MARGIN / self.leverage) if self.leverage else _AWAY
        step = _OF_FUTURES if self.at("margin") is not None else step
        return self._round(price * (1 + steps * step), price)

    @exact
    def _round(self, value: Decimal, like: Decimal | None = None) -> str:
        if like is not None and self.tick:
            return plain((value / self.tick).to_integral_value() * self.tick)
        digits = Decimal(1).scaleb(value.adjusted() - _DIGITS + 1)
        return plain(value.quantize(digits, rounding=ROUND_HALF_EVEN))

    def _row(self, section: Section, name: str, path: str) -> tuple[str, ...]:
        """Returns the price of a tier or target that lacks it, or of an end of a ladder."""
        index = int(path.rpartition("[")[2].rstrip("]")) if path.endswith("]") else 0
        if section is TIER and self.tiers:
            return (self._beside(self.tiers[-1], -self.sign) if self.stop is None else self._before_stop(self.stop),)
        if section is TARGET and self.tiers:
            return (self._beside(self.tiers[0], self.sign * (index + 1)),)
        other = _number(self.at("tiers" if section is TIER_LADDER else "targets", "to" if name == "from" else "from"))
        if other is None or section not in (TIER_LADDER, TARGET_LADDER):
            return ()
        onward = self.sign if section is TARGET_LADDER else -self.sign
        return (self._beside(other, onward if name == "to" else -onward),)

    @exact
    def _before_stop(self, stop: Decimal) -> str:
        """Returns a price half way from the nearest tier to the stop."""
        near = min(self.tiers, key=lambda price: abs(price - stop))
        return self._round((near + stop) / 2, near)


def _words(node: Node | None) -> list[str]:
    return node.text.split() if isinstance(node, Scalar) else []


def _unit(node: Node | None) -> str:
    """Returns the currency behind an amount; nothing where there is none."""
    word = next(iter(_words(node)[1:2]), "").upper()
    return "" if word.lower().rstrip("s") in _NO_CURRENCIES else word


def _exponent(value: Decimal) -> int:
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def _decimal(text: str) -> Decimal | None:
    found = read_number(text)
    return found if isinstance(found, Decimal) and found > 0 else None


def _number(node: Node | None, ends: str = "") -> Decimal | None:
    return _decimal(node.text.strip().rstrip(ends)) if isinstance(node, Scalar) else None


def _prices(tiers: Node | None) -> Iterator[Decimal]:
    """Yields the prices of tiers that are written as numbers; of a ladder its two ends."""
    entries = tiers.entries if isinstance(tiers, Mapping) else ()
    nodes: list[Node] = [entry.value for entry in entries if entry.key.text in ("from", "to")]
    for item in tiers.items if isinstance(tiers, Sequence) else ():
        inside = item.entries if isinstance(item, Mapping) else ()
        nodes += [entry.value for entry in inside if entry.key.text == "price"] or [item]
    for node in nodes:
        price = _number(node)
        if price is not None:
            yield price
