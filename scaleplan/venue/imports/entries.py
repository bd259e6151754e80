"""Rules and tables of one exchange, joined by the names that they give each instrument."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from scaleplan.plan import Contract
from scaleplan.quantity.number import quote
from scaleplan.venue.imports.names import contract_of
from scaleplan.venue.imports.records import Exchange, Part, Rules, Table, Unusable

_ONE_EACH = "name one file of each answer"


class Entry(NamedTuple):
    """What is known of one instrument: rules, table, or both, and the parts that they come from."""

    symbol: str
    rules: Rules | None
    table: Table | None
    parts: tuple[Part, ...]

    @property
    def contract(self) -> Contract:
        """Which kind of contract it is."""
        return self.rules.contract if self.rules is not None else contract_of(self.symbol)

    @property
    def ids(self) -> tuple[str, ...]:
        """Every name it goes by."""
        return (
            self.symbol,
            *(self.rules.ids if self.rules is not None else ()),
            *(self.table.ids if self.table is not None else ()),
        )

    @property
    def expires(self) -> bool:
        """Whether it is a contract with an end."""
        return self.rules.expires if self.rules is not None else self.table is not None and self.table.expires


def entries_of(parts: Sequence[Part]) -> Iterator[Entry]:
    """Every instrument that the parts speak of."""
    tables = _gathered(parts)
    by_id = {name: table for table in tables for name in table[0].ids}
    used: set[int] = set()
    seen: dict[str, str] = {}
    for part in parts:
        for rules in part.rules:
            name = rules.ids[0]
            if name in seen:
                raise Unusable(f"{quote(name)} is described twice, in {seen[name]} and in {part.label}", _ONE_EACH)
            seen[name] = part.label
            found = next((by_id[one] for one in rules.ids if one in by_id), None)
            if found is None or rules.contract is Contract.SPOT:
                yield Entry(rules.symbol, rules, None, (part,))
            else:
                used.add(id(found[0]))
                yield Entry(rules.symbol, rules, found[0], (*found[1], part))
    for table, of_parts in tables:
        if id(table) not in used:
            yield Entry(table.symbol, None, table, of_parts)


def _gathered(parts: Sequence[Part]) -> list[tuple[Table, tuple[Part, ...]]]:
    """Each table once: Bybit's pages may cut one in two, of others it must not be there twice."""
    found: dict[tuple[str, ...], tuple[Table, tuple[Part, ...]]] = {}
    for part in parts:
        for table in part.tables:
            before = found.get(table.ids)
            if before is None:
                found[table.ids] = table, (part,)
            elif part.exchange is Exchange.BYBIT:
                had = set(before[0].rows)
                rows = before[0].rows + tuple(row for row in table.rows if row not in had)
                found[table.ids] = table._replace(rows=rows), (*before[1], part)
            else:
                where = f"in {before[1][0].label} and in {part.label}"
                raise Unusable(f"{quote(table.ids[0])} has two tables, {where}", _ONE_EACH)
    return list(found.values())
