"""The bundled venues: `venue: binance` as the mapping that a trader would write for the plan's symbol.

A file holds the terms of a family, `linear` or `inverse`, and of symbols, whose terms go over their family's. Its texts
go through the same reader as a plan's own venue; all of them stand where the plan names the venue, so that no message
ever points into the package.
"""

from functools import cache
from typing import NamedTuple

from scaleplan.decode.keys import VENUE
from scaleplan.plan import Contract
from scaleplan.quantity.amount import Symbol
from scaleplan.quantity.number import quote
from scaleplan.source import Span
from scaleplan.tree import Entry, Mapping, Node, Scalar, Sequence, Unreadable
from scaleplan.tree.read import read_tree
from scaleplan.venue import data_of

#: One mapping of a file.
NodesByKey = dict[str, Node]


class Profile(NamedTuple):
    """A venue's file. `families` and `symbols` hold terms by name.

    `writes` are the currencies that the venue itself puts in a market's name for those that it settles in.
    """

    title: str
    families: dict[str, NodesByKey]
    symbols: dict[str, NodesByKey]
    writes: dict[str, str]

    def symbol(self, symbol: Symbol, contract: Contract) -> str:
        """Returns the name under which a plan's symbol stands in the file, if it does."""
        base, quote = symbol.base.upper(), symbol.quote.upper()
        if contract is Contract.INVERSE:
            return f"{base}/{quote}:{base}"
        own = f"{base}/{quote}:{quote}"
        settles = self.writes.get(quote, quote)
        return own if own in self.symbols else f"{base}/{settles}:{settles}"

    def terms(self, symbol: Symbol, contract: Contract) -> NodesByKey:
        """Returns the terms of a plan's symbol: its own, and else its family's; nothing for spot."""
        family = self.families.get(contract.value)
        return {} if family is None else family | self.symbols.get(self.symbol(symbol, contract), {})

    def with_brackets(self, contract: Contract | None = None) -> tuple[str, ...]:
        """Returns the symbols whose maintenance is known, in the file's order; of one family where it is named."""
        return tuple(
            name
            for name, terms in self.symbols.items()
            if "maintenance" in terms and contract in (None, family_of(name))
        )


def family_of(name: str) -> Contract:
    """Returns whether a symbol of a file, `BTC/USD:BTC`, is linear or inverse."""
    pair, _, settle = name.partition(":")
    return Contract.INVERSE if settle == pair.partition("/")[0] else Contract.LINEAR


@cache
def read_profile(name: str) -> Profile:
    """Returns the venue known by `name`, read once in a run: a thousand plans name the same venue."""
    root = read_tree(f"{name}.yaml", data_of(name)).root
    held = terms_in(root)
    return Profile(
        title=text_of(held, "title"),
        families={family: terms_in(held[family]) for family in ("linear", "inverse") if family in held},
        symbols={symbol: terms_in(terms) for symbol, terms in terms_in(held.get("symbols")).items()},
        writes={key: text_of(terms_in(held["writes"]), key) for key in terms_in(held.get("writes"))},
    )


def unknown_at(name: str, symbol: Symbol, contract: Contract) -> str:
    """Says why the liquidation price is unknown at a known venue: what its data lack, and what they have."""
    venue = read_profile(name)
    if contract.value not in venue.families:
        return f"this program has no data of {contract.value} contracts at {name}"
    missing = f"{name} has no brackets for {quote(venue.symbol(symbol, contract))} in this program's data"
    known = venue.with_brackets(contract)
    if known:
        return f"{missing}, which have {', '.join(known)}"
    return f"{missing}, and none for any other symbol"


def text_of(terms: NodesByKey, key: str) -> str:
    """Returns a text of a file; empty where it is not there."""
    node = terms.get(key)
    return node.text.strip() if isinstance(node, Scalar) else ""


def terms_in(node: Node | None) -> NodesByKey:
    """Returns the values of a mapping by key; none where it is not there."""
    return {entry.key.text: entry.value for entry in node.entries} if isinstance(node, Mapping) else {}


def as_written(terms: NodesByKey, span: Span) -> Mapping:
    """Returns terms as a mapping of the plan language at `span`, where the plan names the venue."""
    entries = (Entry(Scalar(key, span), _at(node, span)) for key, node in terms.items() if key in VENUE.known)
    return Mapping(tuple(entries), span)


def _at(node: Node, span: Span) -> Node:
    """Returns a node and all in it with `span` as its place."""
    match node:
        case Scalar(text=text, plain=plain):
            return Scalar(text, span, plain)
        case Sequence(items=items):
            return Sequence(tuple(_at(item, span) for item in items), span)
        case Mapping(entries=entries, flow=flow):
            return Mapping(tuple(Entry(Scalar(key.text, span), _at(value, span)) for key, value in entries), span, flow)
        case Unreadable():
            return Unreadable(span)
