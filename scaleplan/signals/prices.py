"""The prices behind a head: a list of them, numbered or not, with shares, up to the first word that is none of it."""

import re
from typing import NamedTuple
from unicodedata import category

from scaleplan.signals.numbers import CHUNK, Chunk
from scaleplan.signals.scan import Extent, Scan
from scaleplan.signals.text import MASK
from scaleplan.tree.quoting import quote

#: What stands between and around prices, and says nothing.
_FILLERS = frozenset(
    {
        *(
            "a",
            "and",
            "or",
            "to",
            "at",
            "the",
            "is",
            "will",
            "be",
            "from",
            "between",
            "around",
            "near",
            "approx",
            "about",
        ),
        *("price", "prices", "level", "levels", "zone", "below", "above", "under", "over", "limit", "close", "closes"),
        *("closing", "candle", "daily", "sat", "sats", "satoshi", "satoshis"),
        *("usd", "usdt", "usdc", "busd", "fdusd", "eur", "gbp", "jpy", "btc", "eth", "bnb"),
        *("и", "до", "от", "или", "около", "в", "по", "цена", "зона", "зоны", "зоне", "зону", "ниже", "выше", "лимит"),
    }
)
#: What a number in front of it counts: no prices.
_UNITS = frozenset(
    {
        *("h", "hr", "hrs", "hour", "hours", "d", "day", "days", "w", "week", "weeks", "m", "min", "mins", "minute"),
        *("minutes", "month", "months", "pip", "pips", "point", "points", "tick", "ticks", "times"),
        *("ч", "час", "часа", "часов", "д", "день", "дня", "дней", "нед", "мин", "пункт", "пунктов"),
    }
)
#: Behind the number of a target: what happens to it, and no price.
_HAPPENS = frozenset({"is", "was", "has", "gets", "got", "hit", "hits", "reached", "done", "filled"})
_DASH = "–—-"  # three dashes
_NUMBER = r"\d+(?:[.,]\d+)?"
_SMALL_DIGITS = "₀-₉⁰¹²³⁴-⁹"
#: A number of another kind: digits below the line that count zeros, an exponent.
_SMALL = rf"[{_SMALL_DIGITS}][\d{_SMALL_DIGITS}]*|[eE][+-]?\d+"
_KILO = r"[ \t]?(?P<kilo>[kKкК])(?![^\W_])"
#: What stands behind the number of an item; `1.0.7993` is the first of a list too.
_MARK = rf"[)\].:](?=\s|[${MASK}]|[^\w\s.])|[)\]:](?=[\d.])|\.(?=\d+\.\d)(?!\d{{3}}\.\d{{3}}(?!\d))"
_TOKEN = re.compile(
    "|".join(
        (
            r"(?P<line>\n)",
            r"(?P<grace>\([ \t]*grace\b[^)\n]{0,20}\))",
            rf"(?P<profit>[(\[{_DASH}]?[ \t]*{_NUMBER}[ \t]*%[ \t]+(?:of[ \t]+)?(?:profit|gain|roi)s?\b[ \t]*[)\]]?)",
            rf"(?P<gain>[(\[][ \t]*[+{_DASH}][ \t]?{_NUMBER}[ \t]*%[ \t]*[)\]]?|\+[ \t]?{_NUMBER}[ \t]?%)",
            rf"(?P<percent>[({_DASH}]?[ \t]*(?P<share>{_NUMBER})[ \t]*%[ \t]*\)?)",
            r"(?P<market>(?:at[ \t]+)?\bmarket\b(?:[ \t]+price)?|по[ \t]+рынку|\bрыноч\w*|\bnow\b|\bimmediately\b)",
            r"(?P<current>\bcurrent(?:[ \t]+market)?[ \t]+price\b|\bcmp\b|текущ\w+(?:[ \t]+цен\w+)?)",
            rf"(?P<index>[#№]?(?P<ordinal>\d{{1,2}})[ \t]*(?P<mark>{_MARK}))",
            rf"(?P<number>(?P<digits>{CHUNK})(?P<small>{_SMALL})?(?:{_KILO})?(?P<glued>[^\W\d_]+)?)",
            r"(?P<word>[^\W\d_]+)",
            r"(?P<open>\()",
            r"(?P<close>\))",
            r"(?P<other>[\s\S])",
        )
    ),
    re.IGNORECASE,
)
_WORD_BEHIND = re.compile(r"[^\S\n]*([^\W\d_]+)")
#: A word of so many letters is one.
_WORD = 3
#: No list of a signal is longer: what is, is no signal.
MOST = 200
_LAST_ORDINAL = 40
_CLOSES = re.compile(r"\b(?:close|closes|closing|candle|daily)\b|\b\d{1,2}[hd]\b", re.IGNORECASE)


class Item(NamedTuple):
    """One price of a list, and where all that is said of it stands. Without a chunk it is a number of a list alone."""

    chunk: Chunk | None
    place: Extent
    ordinal: int = 0
    share: str = ""


class PriceList(NamedTuple):
    """What stands behind a head. `market` and `current` tell of words in the place of a price.

    `closes` tells of a stop that waits for a bar to close.
    """

    items: tuple[Item, ...]
    market: Extent | None = None
    current: Extent | None = None
    closes: Extent | None = None
    #: Words before the first price that say how it is meant: `above`, `zone`.
    words: frozenset[str] = frozenset()

    @property
    def chunks(self) -> tuple[Chunk, ...]:
        """Returns the numbers that are prices."""
        return tuple(item.chunk for item in self.items if item.chunk is not None)


def read_prices(scan: Scan, text: str, body: Extent, *, lines: bool) -> PriceList:
    """Reads the prices at the beginning of a place of what is left of a text, and takes them.

    Without `lines` the list ends with its line.
    """
    return _Lister(scan, text, body, lines=lines).read()


class _Lister:
    """The state of a list while it is read: what is open, and whether its line has begun."""

    def __init__(self, scan: Scan, text: str, body: Extent, *, lines: bool) -> None:
        self._scan = scan
        self._text = text
        self._body = body
        self._lines = lines
        self._items: list[Item] = []
        self._open: Item | None = None
        self._depth = 0
        #: Whether nothing of the line has been read, and whether it is a line behind that of the head.
        self._fresh, self._below = True, False
        self._found: dict[str, Extent] = {}
        self._words: set[str] = set()
        self._fillers: list[Extent] = []
        #: Whether the first price stands on the line of the head.
        self._inline = False
        self._end = body.start
        self._at = body.start

    def read(self) -> PriceList:
        """Returns the list."""
        while self._at < self._body.end and len(self._items) <= MOST:
            match = _TOKEN.match(self._text, self._at, self._body.end)
            if match is None or not self._token(match):
                break
        self._close()
        for filler in self._fillers:
            if filler.end <= self._end and self._items:
                self._scan.take(*filler)
        found = self._found
        return PriceList(
            tuple(self._items),
            found.get("market"),
            found.get("current"),
            found.get("closes"),
            frozenset(self._words),
        )

    def _token(self, match: re.Match[str]) -> bool:
        """Reads a token; returns whether the list goes on."""
        self._at = match.end()
        kind = match.lastgroup
        if match["line"]:
            self._depth, self._fresh, self._below = 0, True, True
            return self._lines or self._open is None or self._open.ordinal > 0
        if match["number"]:
            return self._number(match)
        if match["word"]:
            return self._word(match)
        if match["index"]:
            return self._index(match)
        if match["market"] or match["current"]:
            self._found.setdefault("market" if match["market"] else "current", self._take(match))
        elif match["grace"]:
            self._scan.left_out(
                self._take(match), "the grace of a price has no place in a plan: the price alone stands"
            )
        elif match["profit"] or match["gain"] or match["percent"]:
            self._percent(match)
        elif match["open"] or match["close"]:
            self._depth += 1 if match["open"] else -1
        if kind != "other":
            self._fresh = False
        return True

    def _take(self, match: re.Match[str]) -> Extent:
        self._end = max(self._end, match.end())
        return self._scan.take(match.start(), match.end())

    def _index(self, match: re.Match[str]) -> bool:
        """Reads what numbers an item. A number that ends a sentence or a bracket is a price."""
        ordinal = int(match["ordinal"])
        expected = max((item.ordinal for item in (*self._items, *filter(None, [self._open]))), default=0) + 1
        closes = match["mark"] in (")", "]") and self._depth > 0
        certain = match["mark"] in (")", "]") and ordinal <= _LAST_ORDINAL
        if closes or (not certain and ordinal != expected):
            self._at = match.start("ordinal")
            number = re.compile(r"\d+").match(self._text, self._at)
            if number is not None:
                self._at = number.end()
                self._put(Chunk(Extent(*number.span()), number[0]))
            return True
        self._close()
        place = self._take(match)
        self._open = Item(None, place, ordinal)
        self._fresh = False
        return True

    def _number(self, match: re.Match[str]) -> bool:
        glued = (match["glued"] or "").lower()
        if len(glued) >= _WORD and match["glued"].istitle() and glued not in _UNITS:
            # `0.0767Cross`: another line, without its end.
            self._at = match.start("glued")
            glued = ""
        behind = _WORD_BEHIND.match(self._text, match.end(), self._body.end)
        word = glued or (behind[1].lower() if behind else "")
        if word in _UNITS or word in _HAPPENS or (glued and glued not in _FILLERS):
            if _CLOSES.fullmatch(match[0]):
                self._found.setdefault("closes", Extent(match.start(), match.end()))
            return True
        if self._fresh and self._below and word and word not in _FILLERS and (self._open is None):
            return False
        if self._fresh and self._below and self._is_of_another(match.start()):
            return False
        text = match["digits"] + (match["small"] or "")
        place = Extent(match.start(), match.end() - len(match["glued"] or ""))
        following = self._glued_ordinal(match, text)
        if following:
            # `1) 2872) 285` is a list without line ends: the 2 is the number of what follows.
            place, text = Extent(place.start, place.end - len(following)), text[: -len(following)]
            self._at = place.end
            message = f"{quote(match['digits'])} is {text}, and {following} numbers what follows"
            self._scan.assumed(place, message, "write each price on a line of its own")
        self._put(Chunk(place, text, match["kilo"] is not None))
        return True

    def _glued_ordinal(self, match: re.Match[str], text: str) -> str:
        """Returns the number of the next item, where it is the end of a price: no line end stands between them."""
        waiting = self._open
        if waiting is None or not waiting.ordinal or self._depth > 0 or match["small"] or match["kilo"]:
            return ""
        following = str(waiting.ordinal + 1)
        is_glued = self._text.startswith(")", match.end()) and text.endswith(following)
        return following if is_glued and text[: -len(following)][-1:].isdigit() else ""

    def _is_of_another(self, at: int) -> bool:
        """Returns whether a line with a sign of its own follows prices on the line of their head.

        `🔸 61000` below `🔹 Entry: 60000` is no entry. Prices below their head may have any sign, each its own.
        """
        line = self._text.rfind("\n", 0, at) + 1
        return self._inline and any(category(sign) == "So" for sign in self._text[line:at])

    def _put(self, chunk: Chunk) -> None:
        """Adds a price: to the number that waits for one, or by itself."""
        self._fresh = False
        if not self._below:
            self._inline = True
        self._scan.take(*chunk.place)
        self._end = max(self._end, chunk.place.end)
        waiting = self._open if self._open is not None and self._open.chunk is None else None
        if waiting is None:
            self._close()
        self._open = Item(chunk, chunk.place, waiting.ordinal if waiting else 0)

    def _percent(self, match: re.Match[str]) -> None:
        """Reads a percentage: the share of the price before it, or what the way to that price is."""
        item = self._open
        place = self._take(match)
        if match["percent"] and item is not None and item.chunk is not None and not item.share and not self._fresh:
            self._open = item._replace(
                share=match["share"].replace(",", "."), place=Extent(item.place.start, place.end)
            )
        elif match["profit"]:
            self._scan.left_out(place, "a percentage of profit is no share of the position")
        elif match["gain"]:
            self._scan.left_out(place, "how far a price lies away is no share of it")
        else:
            self._scan.left_out(
                place, "a percentage without a price", "a target in percent of price is `+2%` in a plan"
            )

    def _word(self, match: re.Match[str]) -> bool:
        word = match["word"].lower()
        if word in _FILLERS:
            if _CLOSES.fullmatch(word):
                self._found.setdefault("closes", Extent(match.start(), match.end()))
            if not self._items and self._open is None:
                self._words.add(word)
            self._fillers.append(Extent(match.start(), match.end()))
            return True
        if self._fresh and self._below and (self._open is None or self._open.chunk is not None):
            return False
        # What is behind a word is none of the list, as far as its line goes.
        end = self._text.find("\n", match.end(), self._body.end)
        self._at = self._body.end if end < 0 else end
        return True

    def _close(self) -> None:
        if self._open is not None:
            self._items.append(self._open)
            self._open = None
