"""The tables of a journal: rows that can only be added, and one column that follows from them.

Columns have no type, because SQLite would turn a float into text before a check sees it; the checks name the storage
class of each. Updates and deletes are refused by triggers, and so is an insert in the place of a row, which no trigger
for deletes would see. Nothing here is newer than SQLite 3.31.
"""

#: `SPJ1`, in the file's header.
APPLICATION_ID = 0x53504A31
VERSION = 1
_WHOLE = "CHECK (typeof({0}) IN ('integer', 'null'))"
_TEXT = "CHECK (typeof({0}) IN ('text', 'null'))"

#: The columns of an event between its number and its digest, and whether each is a whole number.
EVENT_COLUMNS = (
    ("id", False),
    ("batch", True),
    ("kind", False),
    ("at", False),
    ("zone", False),
    ("trade", False),
    ("source", False),
    ("source_id", False),
    ("side", False),
    ("price", False),
    ("quantity", False),
    ("contracts", False),
    ("fee", False),
    ("fee_currency", False),
    ("liquidity", False),
    ("order_id", False),
    ("symbol", False),
    ("tier", True),
    ("target", True),
    ("role", False),
    ("refers", False),
    ("plan", False),
    ("text", False),
    ("raw", False),
)
_NEEDED = frozenset({"id", "batch", "kind", "at", "zone"})


def _event_columns() -> str:
    lines = []
    for name, is_whole in EVENT_COLUMNS:
        needed = " NOT NULL" if name in _NEEDED else ""
        lines.append(f"{name}{needed} {(_WHOLE if is_whole else _TEXT).format(name)}")
    return ",\n    ".join(lines)


_TABLES = (
    """CREATE TABLE plan (
    digest NOT NULL PRIMARY KEY CHECK (typeof(digest) = 'text'),
    name NOT NULL CHECK (typeof(name) = 'text'),
    data NOT NULL CHECK (typeof(data) = 'blob'),
    files NOT NULL CHECK (typeof(files) = 'text'),
    overrides NOT NULL CHECK (typeof(overrides) = 'text'),
    version NOT NULL CHECK (typeof(version) = 'text')
)""",
    """CREATE TABLE trade (
    number INTEGER PRIMARY KEY,
    id NOT NULL UNIQUE CHECK (typeof(id) = 'text'),
    path NOT NULL CHECK (typeof(path) = 'text'),
    symbol NOT NULL CHECK (typeof(symbol) = 'text'),
    side NOT NULL CHECK (typeof(side) = 'text'),
    open NOT NULL CHECK (typeof(open) = 'integer' AND open IN (0, 1))
)""",
    """CREATE TABLE batch (
    number INTEGER PRIMARY KEY,
    id NOT NULL UNIQUE CHECK (typeof(id) = 'text'),
    recorded NOT NULL CHECK (typeof(recorded) = 'text'),
    command NOT NULL CHECK (typeof(command) = 'text'),
    version NOT NULL CHECK (typeof(version) = 'text')
)""",
    f"""CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    {_event_columns()},
    digest NOT NULL CHECK (typeof(digest) = 'text'),
    UNIQUE (id),
    FOREIGN KEY (batch) REFERENCES batch (number),
    FOREIGN KEY (trade) REFERENCES trade (id),
    FOREIGN KEY (refers) REFERENCES event (id),
    FOREIGN KEY (plan) REFERENCES plan (digest)
)""",
    "CREATE INDEX event_of_trade ON event (trade)",
    "CREATE INDEX event_refers ON event (refers) WHERE refers IS NOT NULL",
    "CREATE INDEX event_of_batch ON event (batch)",
    "CREATE INDEX event_lock ON event (source_id) WHERE kind = 'lock'",
    "CREATE INDEX trade_open ON trade (open) WHERE open = 1",
    "CREATE INDEX trade_path ON trade (path)",
    "CREATE INDEX event_without_trade ON event (kind) WHERE trade IS NULL",
)
_KEYS = {"plan": "digest = NEW.digest", "trade": "number = NEW.number OR id = NEW.id"} | dict.fromkeys(
    ("batch",), "number = NEW.number OR id = NEW.id"
)
_KEYS["event"] = "seq = NEW.seq OR id = NEW.id"


def statements() -> tuple[str, ...]:
    """Returns what makes an empty file a journal."""
    triggers = []
    for table, same in _KEYS.items():
        refused = f"SELECT RAISE(ABORT, 'a {table} of the journal is never changed')"
        updated = f"UPDATE OF {'number, id, path, symbol, side' if table == 'trade' else _all_of(table)}"
        there = f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608
        triggers += [
            f"CREATE TRIGGER {table}_kept BEFORE {updated} ON {table} BEGIN {refused}; END",
            f"CREATE TRIGGER {table}_stays BEFORE DELETE ON {table} BEGIN {refused}; END",
            f"CREATE TRIGGER {table}_alone BEFORE INSERT ON {table} {there} BEGIN {refused}; END",
        ]
    return (*_TABLES, *triggers, f"PRAGMA application_id = {APPLICATION_ID}", f"PRAGMA user_version = {VERSION}")


def _all_of(table: str) -> str:
    names = {
        "plan": ("digest", "name", "data", "files", "overrides", "version"),
        "batch": ("number", "id", "recorded", "command", "version"),
        "event": ("seq", *(name for name, _ in EVENT_COLUMNS), "digest"),
    }
    return ", ".join(names[table])
