"""A table for spreadsheets: one rectangle of cells, none of which is run.

A spreadsheet takes a text for a formula by its first sign, and passes over blanks before it; in the East it takes signs
of full width too. Such a text is led by an apostrophe.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from scaleplan.report.visible import visible

#: The signs that begin a formula, and the minus of print, which compatibility does not make one of them.
_SIGNS = frozenset("=+-@\u2212")
#: Blanks of all kinds, controls, and what has no width.
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me"})
#: Letters and a symbol that show nothing either.
_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_BREAKS = ("\t", "\r", "\n")
_FIGURE = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")


def csv_table(
    columns: Sequence[str], texts: frozenset[str], rows: Iterable[Mapping[str, object]], *, line_end: str = "\n"
) -> str:
    """Returns the rows under their head. `texts` are the columns in which the trader's own words stand."""
    out = io.StringIO()
    table = csv.DictWriter(out, columns, restval="", lineterminator=line_end)
    table.writeheader()
    for row in rows:
        table.writerow({name: _cell(value, is_text=name in texts) for name, value in row.items()})
    return out.getvalue()


def _cell(value: object, *, is_text: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return text if not is_text and _FIGURE.fullmatch(text) else guarded(text)


def guarded(text: str) -> str:
    """Returns a text that no spreadsheet takes for a formula, with control characters made visible."""
    return visible(f"'{text}" if text.startswith(_BREAKS) or _begins_formula(text) else text)


def _begins_formula(text: str) -> bool:
    for character in text:
        plain = unicodedata.normalize("NFKC", character)
        if not _SIGNS.isdisjoint(plain[:1]):
            return True
        if character not in _FILLERS and unicodedata.category(character) not in _UNSEEN:
            return False
    return False
