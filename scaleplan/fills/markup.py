"""Exports as markup: the tables of a report in HTML, and the trades of a Flex query in XML."""

from collections.abc import Iterator
from html.parser import HTMLParser
from xml.parsers import expat

from scaleplan.fills import FileRefused
from scaleplan.fills.shape import plain_key
from scaleplan.trade.kinds import UNREADABLE_ROW

_TRADES = frozenset({"Trade", "TradeConfirm"})


class _Tables(HTMLParser):
    """Collects the rows of all tables: of each the line, and the text of its cells."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: list[tuple[int, list[str], str]] = []
        self._cells: list[str] | None = None
        self._text: list[str] | None = None
        self._hidden = False
        self._line = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begins a row or a cell; a cell that spans several columns counts as so many."""
        if tag == "tr":
            self._end_row()
            self._cells, self._line = [], self.getpos()[0]
        elif tag in ("td", "th") and self._cells is not None:
            self._end_cell()
            values = dict(attrs)
            # MetaTrader hides cells that its own columns do not have.
            self._hidden = "hidden" in (values.get("class") or "").split()
            self._text = []

    def handle_endtag(self, tag: str) -> None:
        """Ends a row or a cell."""
        if tag in ("td", "th"):
            self._end_cell()
        elif tag in ("tr", "table"):
            self._end_row()

    def handle_data(self, data: str) -> None:
        """Adds text to a cell."""
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is not None and self._cells is not None and not self._hidden:
            self._cells.append(" ".join("".join(self._text).split()))
        self._text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._cells:
            self.rows.append((self._line, self._cells, "\t".join(self._cells)))
        self._cells = None


def html_rows(text: str) -> list[tuple[int, list[str], str]]:
    """Returns the rows of all tables of a report."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    parser._end_row()  # noqa: SLF001 - a report may end without closing its last row
    return parser.rows


def xml_rows(text: str) -> Iterator[tuple[int, dict[str, str], str]]:
    """Yields the trades of a Flex query: the line, attributes by name, and as read. Raises `FileRefused`."""
    found: list[tuple[int, dict[str, str], str]] = []
    parser = expat.ParserCreate()

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name in _TRADES:
            raw = " ".join(f'{key}="{value}"' for key, value in attributes.items())
            values = {plain_key(key): value for key, value in attributes.items()}
            found.append((parser.CurrentLineNumber, values, f"<{name} {raw}/>"))

    def no_entities(*_: object) -> None:
        raise FileRefused(UNREADABLE_ROW, 1, "declares entities, which no export does", "save the export itself")

    parser.StartElementHandler = begin
    parser.EntityDeclHandler = no_entities
    try:
        parser.Parse(text.encode(), True)  # noqa: FBT003 - the parser's own signature
    except expat.ExpatError as error:
        raise FileRefused(
            UNREADABLE_ROW,
            error.lineno,
            f"is no XML from here on: {expat.ErrorString(error.code)}",
            "save the whole export again; it may have been cut",
        ) from error
    yield from found


def is_flex(text: str) -> bool:
    """Returns whether a text of markup is a Flex query."""
    return "<FlexQueryResponse" in text[:4096] or "<FlexStatements" in text[:4096]
