"""A plan on one line: its words as the tree of a plan, each value with its place on the line, and as YAML.

    long BTC/USDT:USDT 60000:25% 59500:25% 60200:50%:stop --stop 58800 --target 61000:25%:breakeven --risk 1%

The first word is the side, the second the symbol, all others without dashes are tiers. Every part of a word is a form
of the plan language, and is read by its own reader; here words are only taken apart.
"""

import os
import re
from collections.abc import Mapping, Sequence
from shlex import quote as shell_quote
from types import MappingProxyType
from typing import NamedTuple

from scaleplan.decode.files import is_path
from scaleplan.decode.kinds import BAD_LADDER, EMPTY_VALUE, MISSING_KEY, UNKNOWN_KEY, WRITTEN_TWICE
from scaleplan.decode.reader import nearest
from scaleplan.decode.short import ORDERS
from scaleplan.diagnostic import Diagnostic, Kind, problem, write
from scaleplan.draft.answers import Answers
from scaleplan.quantity.form import Form, Mistake, any_case
from scaleplan.quantity.number import NUMBER, RATIO, SHARE, quote, read_number
from scaleplan.source import Span, is_option, typed_line
from scaleplan.study import Session, Studied, Unread
from scaleplan.tree import Entry, Node, Scalar, Tree
from scaleplan.tree import Mapping as MappingNode
from scaleplan.tree import Sequence as SequenceNode

#: What the source of these plans is called.
NAME = "quick"
#: The options that a plan's key takes as they are.
_KEYS = {
    "--name": "name",
    "--style": "style",
    "--venue": "venue",
    "--margin-mode": "margin_mode",
    "--leverage": "leverage",
    "--maintenance": "maintenance",
    "--slippage": "slippage",
    "--wrong": "invalidation",
    "--stop": "stop",
}
_TARGET, _SIZE, _RISK, _EQUITY, _ACCOUNT, _FEES = "--target", "--size", "--risk", "--equity", "--account", "--fees"
#: Every option that says something of the plan; each takes a value.
OPTIONS = (*_KEYS, _TARGET, _SIZE, _RISK, _EQUITY, _ACCOUNT, _FEES)
#: The order in which a plan is written.
_ORDER = (
    *("name", "symbol", "side", "style", "account", "venue", "margin_mode", "leverage", "maintenance", "fees"),
    *("slippage", "size", "tiers", "invalidation", "stop", "targets"),
)
_SIZES = (
    "type `--size '900 USDT'` (money), '0.5 BTC' (quantity), '12 contracts', '150% equity' or '5% margin', "
    "or what it may lose: `--risk 1%`"
)
_NEEDS = re.compile("a plan needs `([a-z]+)`, and it is missing")
#: What is written where, of what no option says.
_BEHIND = {
    "side": "begin with `long` or `short`",
    "symbol": "write it behind the side, as `long BTC/USDT:USDT`",
    "tiers": "write prices behind the symbol, as `60000:50% 59000:50%`",
}
_SIDES = {"buy": "long", "sell": "short"}
_FLAGS = {key: flag for flag, key in _KEYS.items()} | {"size": _SIZE}
_SPACINGS = ("even", "geometric")
_TRAIL = "trail="
_CLOSE = Form("(?:") + SHARE + "|" + RATIO + ")(?: (?i:of rest))?|" + any_case("rest") + "|" + NUMBER
_CLOSE = _CLOSE + " (?i:contracts?|lots?|shares?)"
#: What begins as a share that is closed and goes on otherwise: the reader of shares says how it is written.
_NEARLY_CLOSE = re.compile(r"(?i)[0-9./]+ *(?:% *(?:of.*)?|of .*|contracts?|lots?|shares?)|rest .*")
#: A number so many times smaller than the price beside it is no stop but a share without its sign: `61000:25`.
_NO_STOP = 10
_LETTERS = re.compile(r"[A-Za-z]+")
#: `tier2`, which needs no quotes in a shell.
_NUMBERED = re.compile(r"(?i)(tier|target)(?=[0-9])")
#: A line of a plan inside a help: `key: value`.
_KEY_AND_VALUE = re.compile(r"`([a-z_]+): ([^`]+)`")
_EQUITY_INSIDE = re.compile(r"\{equity: ([^{},]+)\}")


class TypedPart(NamedTuple):
    """A part of a word as it was typed, and its place."""

    text: str
    span: Span

    def __bool__(self) -> bool:
        """Returns whether anything was typed."""
        return bool(self.text)

    def part(self, start: int, end: int) -> "TypedPart":
        """Returns a part of it; of a word that a shell wants in more than plain quotes the place is the whole word."""
        is_plain = self.span.text == self.text
        return TypedPart(self.text[start:end], self.span.part(start, end) if is_plain else self.span)

    def split(self, sign: str) -> "list[TypedPart]":
        """Returns the parts between signs."""
        found, start = [], 0
        for text in self.text.split(sign):
            found.append(self.part(start, start + len(text)))
            start += len(text) + len(sign)
        return found

    def behind(self, begin: str) -> "TypedPart":
        """Returns what follows its beginning."""
        return self.part(len(begin), len(self.text))


class Quick(NamedTuple):
    """A plan on one line, studied, and the tree of it; what is wrong is found at its word."""

    studied: Studied
    root: MappingNode

    def yaml(self, folder: str = "") -> str:
        """Returns the plan as the text of a file in a folder, from which the files that it names are seen."""
        # What prints and saves is not loaded for what only shows.
        from scaleplan.layout import lay_out  # noqa: PLC0415

        text = _yaml(_seen_from(folder, self.root) if folder else self.root)
        return lay_out(NAME, text.encode(errors="surrogatepass")).text or text


def quick(session: Session, words: Sequence[str], beside: Mapping[str, bool] = MappingProxyType({})) -> Quick:
    """Studies the plan that the words behind `scaleplan quick` say; the data of the study are the line itself.

    `beside` are the options that say nothing of the plan, and whether each takes a value.
    """
    found = _TypedWords(words, beside)
    root = found.root()
    data = root.span.text.encode(errors="surrogatepass")
    studied = session.study_tree(NAME, data, Tree(root, tuple(found.diagnostics)))
    if isinstance(studied, Unread):
        studied = studied._replace(diagnostics=tuple(map(_as_typed, studied.diagnostics)))
    return Quick(studied, root)


class _TypedWords:
    """The words of a line, taken apart; what has no place on it is in `diagnostics`."""

    def __init__(self, words: Sequence[str], beside: Mapping[str, bool]) -> None:
        self.diagnostics: list[Diagnostic] = []
        spans = typed_line(NAME, (NAME, *words))
        self._source = spans[0].source
        self._plain: list[TypedPart] = []
        #: What is written behind each option, with the option itself.
        self._given: dict[str, list[tuple[Span, TypedPart]]] = {}
        rest = [TypedPart(word, span) for word, span in zip(words, spans[1:], strict=True)][::-1]
        ended = False
        while rest:
            word = rest.pop()
            if word.text == "--" and not ended:
                ended = True
                continue
            if ended or not is_option(word.text):
                self._plain.append(word)
                continue
            flag, equals, _ = word.text.partition("=")
            if flag not in OPTIONS:
                if flag not in beside:
                    self._no_option(word, flag)
                elif beside[flag] and not equals and rest:
                    rest.pop()
                continue
            # An option behind an option is no value of it.
            follows = bool(rest) and rest[-1].text.partition("=")[0] not in (*OPTIONS, *beside)
            value = word.behind(f"{flag}=") if equals else rest.pop() if follows else None
            if value is None or not value.text.strip():
                self._report(EMPTY_VALUE, word.span, f"`{flag}` has no value", "write a value behind it")
                continue
            at = word.part(0, len(flag)).span
            if flag in self._given and flag != _TARGET:
                self._report(WRITTEN_TWICE, at, f"`{flag}` is written twice", "delete one of them")
            self._given.setdefault(flag, []).append((at, value))

    def _report(self, kind: Kind, span: Span, message: str, help: str) -> None:
        self.diagnostics.append(problem(kind, span, "", message, help))

    def _no_option(self, word: TypedPart, flag: str) -> None:
        near = nearest(flag, OPTIONS)
        help = write(near) if near else f"its options are {', '.join(OPTIONS)}"
        self._report(UNKNOWN_KEY, word.part(0, len(flag)).span, f"there is no option {quote(flag)}", help)

    def root(self) -> MappingNode:
        """Returns the tree of the plan."""
        found = self._head() | self._options()
        tiers = self._tiers(self._plain[2:])
        if tiers is not None:
            found["tiers"] = tiers
        entries = tuple(Entry(Scalar(key, found[key].span), found[key]) for key in _ORDER if key in found)
        return MappingNode(entries, Span(self._source, 0, len(self._source.text)))

    def _head(self) -> dict[str, Node]:
        """Returns side, symbol, and the name: left out, one is made of both, so that no file gives it its own."""
        found: dict[str, Node] = {}
        if self._plain:
            side = _scalar(self._plain[0])
            side = side._replace(text=_SIDES.get(side.text.lower(), side.text))
            found["side"] = side
            if len(self._plain) > 1:
                symbol = found["symbol"] = _scalar(self._plain[1])
                name = f"{symbol.text.partition('/')[0]} {side.text.lower()}"
                found["name"] = Scalar(name, symbol.span, plain=False)
        return found

    def _options(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        for flag, given in self._given.items():
            at, value = given[-1]
            if flag in _KEYS:
                found[_KEYS[flag]] = _scalar(value)
            elif flag == _TARGET:
                found["targets"] = SequenceNode(tuple(self._target(target) for _, target in given), value.span)
            elif flag == _EQUITY and _ACCOUNT in self._given:
                help = f"delete `{_EQUITY}`, or `{_ACCOUNT}`"
                self._report(WRITTEN_TWICE, at, f"the file of `{_ACCOUNT}` says the equity already", help)
            elif flag == _EQUITY:
                found["account"] = _mapping(value.span, {"equity": value})
            elif flag == _ACCOUNT:
                found["account"] = _scalar(value)
            elif flag == _FEES:
                maker, *taker = value.split("/")
                rest = value.behind(f"{maker.text}/")
                found["fees"] = _mapping(value.span, {"maker": maker, "taker": rest}) if taker else _scalar(value)
        return found | self._size()

    def _size(self) -> dict[str, Node]:
        """Returns the size; `--risk 1%` is `1% risk`."""
        risks = self._given.get(_RISK)
        sizes = self._given.get(_SIZE)
        if risks is None:
            return {} if sizes is None else {"size": _scalar(sizes[-1][1])}
        at, risk = risks[-1]
        if sizes is not None:
            self._report(WRITTEN_TWICE, at, "`--size` and `--risk` both say the size", "delete one of them")
        symbol = self._plain[1].text if len(self._plain) > 1 else ""
        size = Answers(symbol=symbol, risk=risk.text.strip()).whole_size
        return {"size": Scalar(size, risk.span, plain=False)}

    # Tiers and targets

    def _tiers(self, words: Sequence[TypedPart]) -> Node | None:
        if not words:
            return None
        whole = words[0].span._replace(end=words[-1].span.end)
        ladder = next((word for word in words if ".." in word.text), None)
        if ladder is None:
            return SequenceNode(tuple(map(self._tier, words)), whole)
        if len(words) > 1:
            other = words[1] if ladder is words[0] else words[0]
            message = f"{quote(ladder.text)} is all tiers, and {quote(other.text)} is another"
            self._report(BAD_LADDER, other.span, message, "write each tier by itself, or all of them as one ladder")
        return self._ladder(ladder)

    def _tier(self, word: TypedPart) -> Node:
        price, *parts = word.split(":")
        found = {"price": price}
        for part in parts:
            key, value = self._key_of_tier(part, found)
            self._put(found, key, value, word)
        return _mapping(word.span, found)

    def _key_of_tier(self, part: TypedPart, found: Mapping[str, TypedPart]) -> tuple[str, TypedPart]:
        begin, equals, _ = part.text.partition("=")
        if equals and begin.lower() in ("after", "stop"):
            return begin.lower(), part.behind(f"{begin}=")
        is_order = part.text.lower() in ORDERS or "share" in found or _LETTERS.fullmatch(part.text) is not None
        return "order" if is_order else "share", part

    def _ladder(self, word: TypedPart) -> Node:
        prices, *parts = word.split(":")
        start, end, *more = prices.split("..")
        if more:
            end = prices.behind(f"{start.text}..")
        found = {"from": start, "to": end}
        for index, part in enumerate(parts):
            if index == 0:
                key = "count"
            else:
                key = "spacing" if part.text.lower() in _SPACINGS or "shares" in found else "shares"
            self._put(found, key, part, word)
        return _mapping(word.span, found)

    def _target(self, word: TypedPart) -> Node:
        price, *parts = word.split(":")
        found = {"price": price}
        for part in parts:
            if part.text.lower().startswith(_TRAIL):
                self._put(found, "trail", part.behind(_TRAIL), word)
            else:
                closes = "close" not in found and self._closes(part.text.strip(), price.text.strip())
                self._put(found, "close" if closes else "stop", part, word)
        return _mapping(word.span, found)

    def _closes(self, text: str, price: str) -> bool:
        """Returns whether a part of a target says what is closed there; all else is a stop."""
        if _CLOSE.fullmatch(text) or _NEARLY_CLOSE.fullmatch(text):
            return True
        first = self._plain[2].text.partition(":")[0].partition("..")[0] if len(self._plain) > 2 else ""
        beside = read_number(price)
        near = read_number(first) if isinstance(beside, Mistake) else beside
        stop = read_number(text)
        return not isinstance(stop, Mistake) and not isinstance(near, Mistake) and stop * _NO_STOP < near

    def _put(self, found: dict[str, TypedPart], key: str, value: TypedPart, word: TypedPart) -> None:
        if not value.text.strip():
            place = value.span if value.span.start < value.span.end else word.span
            self._report(EMPTY_VALUE, place, f"{quote(word.text)} has a part without a value", "delete its `:`")
        elif key in found:
            message = f"{quote(word.text)} says `{key}` twice: {quote(found[key].text)} and {quote(value.text)}"
            self._report(WRITTEN_TWICE, value.span, message, "delete one of them")
        else:
            found[key] = value


def _scalar(piece: TypedPart) -> Scalar:
    """Returns a value; `tier2` is the level that a plan writes `tier 2`."""
    text = piece.text.strip()
    numbered = _NUMBERED.match(text)
    return Scalar(f"{numbered[1]} {text[numbered.end(1) :]}" if numbered else text, piece.span, plain=False)


def _mapping(span: Span, parts: Mapping[str, TypedPart]) -> MappingNode:
    entries = (Entry(Scalar(key, piece.span), _scalar(piece)) for key, piece in parts.items())
    return MappingNode(tuple(entries), span, flow=True)


# As YAML


def _yaml(root: MappingNode) -> str:
    from scaleplan.draft.text import EDITOR_LINES  # noqa: PLC0415 - as above

    lines = [EDITOR_LINES[0]]
    for key, value in root.entries:
        if isinstance(value, SequenceNode):
            lines += [f"{key.text}:", *(f"  - {_flow(item)}" for item in value.items)]
        else:
            written = _flow(value) if isinstance(value, MappingNode) else _text(value, in_brackets=False)
            lines.append(f"{key.text}: {written}")
    return "\n".join(lines) + "\n"


def _flow(node: Node) -> str:
    if not isinstance(node, MappingNode):
        return _text(node, in_brackets=True)
    return f"{{{', '.join(f'{entry.key.text}: {_text(entry.value, in_brackets=True)}' for entry in node.entries)}}}"


def _text(node: Node, *, in_brackets: bool) -> str:
    from scaleplan.layout.scalars import typed  # noqa: PLC0415 - as above

    return typed(node.text, in_brackets=in_brackets) if isinstance(node, Scalar) else ""


def _seen_from(folder: str, root: MappingNode) -> MappingNode:
    """Returns the tree with the files that it names as they are seen from another folder than the current one."""
    entries = []
    for key, value in root.entries:
        node = value
        if isinstance(value, Scalar) and not os.path.isabs(value.text) and _names_file(key.text, value.text):  # noqa: PTH117
            node = value._replace(text=os.path.relpath(value.text, folder))
        entries.append(Entry(key, node))
    return root._replace(entries=tuple(entries))


def _names_file(key: str, text: str) -> bool:
    return key == "account" or (key == "venue" and is_path(text))


# What is said of a line that is no plan


def _as_typed(diagnostic: Diagnostic) -> Diagnostic:
    """Returns what is wrong with a line in the words of a line: options in the place of keys, and no lines to add."""
    if diagnostic.span.source.name != NAME:
        return diagnostic
    help, edits = diagnostic.help, diagnostic.edits
    if diagnostic.kind is MISSING_KEY and diagnostic.message.startswith("the plan has no size"):
        return diagnostic._replace(help=_SIZES, edits=())
    needed = _NEEDS.fullmatch(diagnostic.message)
    if diagnostic.kind is MISSING_KEY and needed is not None and needed[1] in _BEHIND:
        return diagnostic._replace(help=_BEHIND[needed[1]], edits=())
    if diagnostic.kind is MISSING_KEY and help == "add `count: 4`":
        return diagnostic._replace(help=write(f"{diagnostic.span.text}:4"), edits=())
    if diagnostic.path.partition("[")[0] not in ("tiers", "targets"):
        help = _KEY_AND_VALUE.sub(_option_for, str(help))
        help = help if help == str(diagnostic.help) else help.replace("add `", "type `")
    edits = tuple(edit for edit in edits if "\n" not in edit.text and edit.span.start < edit.span.end)
    return diagnostic._replace(help=help, edits=edits)


def _option_for(match: re.Match[str]) -> str:
    flag = _FLAGS.get(match[1])
    value = match[2]
    if match[1] == "account":
        equity = _EQUITY_INSIDE.fullmatch(value)
        return f"`{_EQUITY} {equity[1]}`" if equity else match[0]
    if flag is None:
        return match[0]
    return f"`{flag} {shell_quote(value)}`"
