"""The policy file, `.scaleplan.yaml`: what is told, thresholds, and the account of plans that have none.

`{ignore: [SP406, SP6], thresholds: {liquidation_buffer: 25%}, account: ./account.yaml}` is one; `select` is its fourth
key. It is read like a plan: values as typed, all mistakes at once, each with its place.
"""

from collections.abc import Mapping
from decimal import Decimal

from scaleplan.decode import Files
from scaleplan.decode.files import folder_of, read_named_file
from scaleplan.decode.keys import Key, Section
from scaleplan.decode.money import Terms, read_account
from scaleplan.decode.plan import UNKNOWN_SYMBOL
from scaleplan.decode.reader import NO_FIELDS, Fields, Reader
from scaleplan.diagnostic import Diagnostic
from scaleplan.plan import Contract
from scaleplan.policy import NO_LIMITS, Policy, Selection, TradePolicy
from scaleplan.policy.codes import are_known, read_not_told, read_selected
from scaleplan.quantity.amount import read_duration
from scaleplan.quantity.form import NOT_ONE_OF, Mistake
from scaleplan.quantity.number import quote, read_number, read_rate
from scaleplan.rules import thresholds
from scaleplan.tree import Node, Scalar, Sequence
from scaleplan.tree.read import parse_text
from scaleplan.tree.text import decode_text

#: Whether stops are put into the journal.
_STOPS = ("recorded", "not recorded")

POLICY = Section(
    "a policy",
    (
        Key("ignore", "codes", "Codes or names of what is not told; SP6 stands for all that begin so."),
        Key("select", "codes", "Codes or names of what is told, and nothing else."),
        Key("thresholds", "thresholds", "From where on rules speak up."),
        Key("account", "account", "The account of plans that have none, or a path to a file that holds it."),
        Key("journal", "file", "The journal of trades, as seen from this file's folder, which it may not leave."),
        Key("stops", "word", "`not recorded` where stops are not put into the journal."),
        Key("stop_grace", "duration", "How soon a stop has to be recorded: 5m."),
        Key("fill_tolerance", "share", "How near to a planned price a fill is its tier's, of the way to the stop: 5%."),
    ),
)
THRESHOLDS = Section(
    "thresholds",
    tuple(Key(name, "number or share", "The last value at which its rule is silent.") for name in thresholds()),
)


def read_policy(name: str, data: bytes, files: Files) -> Policy:
    """Read the policy in `data`, a file called `name`; a path in it is relative to its folder."""
    source = decode_text(name, data)
    if isinstance(source, Diagnostic):
        return Policy(diagnostics=(source,))
    tree = parse_text(source)
    root = tree.root
    if root is None or (isinstance(root, Scalar) and root.plain and not root.text):
        return Policy(diagnostics=tree.diagnostics)
    reader = Reader(tree.diagnostics)
    fields = reader.fields(POLICY, root, "") or NO_FIELDS
    select = _codes(reader, fields.get("select"), "select")
    ignore = _codes(reader, fields.get("ignore"), "ignore")
    limits = _limits(reader, fields.get("thresholds"))
    account = _account(reader, fields, name, files)
    trades = TradePolicy(
        reader.form(fields.get("journal"), "journal", _path) or "",
        reader.form(fields.get("stops"), "stops", _recorded) is not False,
        reader.form(fields.get("stop_grace"), "stop_grace", read_duration),
        reader.form(fields.get("fill_tolerance"), "fill_tolerance", read_rate),
        folder_of(name),
    )
    return Policy(Selection(select, ignore), limits, account, trades, tuple(reader.diagnostics))


def _path(text: str) -> str | Mistake:
    """Reads the path of a journal, which does not lead out of the folder that it is seen from."""
    inside = not text.startswith(("/", "~", "\\")) and ".." not in text.replace("\\", "/").split("/")
    return text if inside else Mistake(NOT_ONE_OF, f"{quote(text)} leads out of the folder", "write `journal.db`")


def _recorded(text: str) -> bool | Mistake:
    """Reads whether stops are put into the journal."""
    if text.lower() in _STOPS:
        return text.lower() == _STOPS[0]
    return Mistake(NOT_ONE_OF, f"{quote(text)} is not one of {', '.join(_STOPS)}", "write `stops: not recorded`")


def _codes(reader: Reader, node: Node | None, path: str) -> tuple[str, ...]:
    read = read_not_told if path == "ignore" else read_selected
    items = node.items if isinstance(node, Sequence) else (node,)
    paths = [f"{path}[{index}]" for index in range(len(items))] if isinstance(node, Sequence) else [path]
    found = [
        reader.form(item, at, read)
        for item, at in zip(items, paths, strict=True)
        # What is near a word that is none is only looked for where it would be listed.
        if not isinstance(item, Scalar) or are_known(item.text) or reader.has_room(NOT_ONE_OF, item.span)
    ]
    return tuple(dict.fromkeys(code for codes in found for code in codes or ()))


def _limits(reader: Reader, node: Node | None) -> Mapping[str, Decimal]:
    if node is None:
        return NO_LIMITS
    fields = reader.fields(THRESHOLDS, node, "thresholds") or NO_FIELDS
    read = {name: reader.form(value, f"thresholds.{name}", _ratio) for name, value in fields.items()}
    return {name: value for name, value in read.items() if value is not None}


def _ratio(text: str) -> Decimal | Mistake:
    return read_rate(text) if text.endswith("%") or "/" in text else read_number(text, what="a threshold")


def _account(reader: Reader, fields: Fields, name: str, files: Files) -> Node | None:
    node = fields.get("account")
    if isinstance(node, Scalar):
        node = read_named_file(node, "account", folder_of(name), reader, files)
    # Read here too, without a plan's currency, so that its mistakes are told even where every plan has its own.
    read_account(reader, node, Terms(UNKNOWN_SYMBOL, Contract.LINEAR))
    return node
