"""Files beside the plans, read as what they are: an account, or a venue's terms by symbol.

Plans read them through `account:` and `venue:`. Here they are read on their own, without the plan's currency, so that
a hook which is handed every changed file says what is wrong with these too.
"""

from scaleplan.decode.account import read_account
from scaleplan.decode.money import Terms
from scaleplan.decode.plan import UNKNOWN_SYMBOL
from scaleplan.decode.reader import Reader
from scaleplan.decode.terms import NO_TERMS, VenueTerms, read_venue
from scaleplan.diagnostic import Diagnostic
from scaleplan.plan import Contract
from scaleplan.quantity.amount import read_symbol
from scaleplan.quantity.mistake import Mistake
from scaleplan.tree import Entry, Mapping, Tree
from scaleplan.tree.read import read_tree


def read_beside(name: str, data: bytes, kind: str, tree: Tree | None = None) -> tuple[Diagnostic, ...]:
    """Returns what is wrong with a file as an `account` or a `venue`, whichever `kind` says.

    A `tree` that was read of it before need not be read again.
    """
    tree = tree or read_tree(name, data)
    reader = Reader(tree.diagnostics)
    if isinstance(tree.root, Mapping):
        if kind == "account":
            read_account(reader, tree.root, Terms(UNKNOWN_SYMBOL, Contract.LINEAR))
        else:
            for entry in tree.root.entries:
                _venue(reader, entry)
    return tuple(reader.diagnostics)


def read_venue_file(name: str, data: bytes) -> tuple[dict[str, VenueTerms], tuple[Diagnostic, ...]]:
    """Returns the terms of every symbol of a venue file as plans read them, and what is wrong with it."""
    tree = read_tree(name, data)
    reader = Reader(tree.diagnostics)
    entries = tree.root.entries if isinstance(tree.root, Mapping) else ()
    found = {entry.key.text: _venue(reader, entry) for entry in entries}
    return found, tuple(reader.diagnostics)


def _venue(reader: Reader, entry: Entry) -> VenueTerms:
    symbol = read_symbol(entry.key.text.strip())
    if isinstance(symbol, Mistake):
        reader.mistake(symbol, entry.key, "")
        return NO_TERMS
    inverse = bool(symbol.settle) and symbol.settle.upper() == symbol.base.upper()
    return read_venue(reader, entry.value, None, Terms(symbol, Contract.INVERSE if inverse else Contract.LINEAR))
