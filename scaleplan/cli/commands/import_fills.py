"""`scaleplan import-fills`: the fills of exports put into the journal, each into the trade that it is of."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option, switch, text, texts
from scaleplan.cli.journaling import RECORDING
from scaleplan.cli.options import ALLOW_FILES, EQUITY, SET, complete_path

if TYPE_CHECKING:
    from scaleplan.cli.reply import Reply

FILES: Option[tuple[str, ...]] = Option(
    (), "Exports of fills; `-` is standard input.", (), "FILE...", many=True, required=True, complete=complete_path
)
PLAN = text("--plan", "PLAN|T7", "All of them are fills of this plan or trade.")
PLANS = text("--plans", "FOLDER", "Plans that may be locked: the only one whose first tier a fill meets.")
SOURCE = text("--source", "NAME", "Whose export it is, where its head leaves that open; ccxt:VENUE of ccxt's trades.")
ZONE = text("--tz", "ZONE", "The zone of times that have none: +02:00, UTC, Europe/Berlin.")
DATES = text("--dates", "ORDER", "day-first or month-first, where a date reads two ways.")
SYMBOLS = texts("--symbol", "NAME=SYMBOL", "What a venue's symbol means: BTCUSDT=BTC/USDT:USDT.")
SIZES = texts("--contract-size", "N", "How much one contract or lot is; NAME=N for one symbol.")
RATES = texts("--rate", "COIN=N", "What a coin that fees were paid in is worth: BNB=612.40.")
SKIP_BAD = switch("--skip-bad", "Pass over rows that cannot be read.")
AGAIN = switch("--again", "Keep what was typed, or came from another source, beside an import that may be the same.")
COMMAND = Command(
    """Bring fills out of exports into the journal. The venue's own files; nothing is fetched.

    What is known already is passed over, typed fills give way to the venue's, and what belongs to no trade waits for
    one. `scaleplan help imports` has a table of what is read.
    """,
    (
        FILES,
        PLAN,
        PLANS,
        SOURCE,
        ZONE,
        DATES,
        SYMBOLS,
        SIZES,
        RATES,
        SKIP_BAD,
        AGAIN,
        EQUITY,
        SET,
        ALLOW_FILES,
        *RECORDING,
    ),
    examples=("scaleplan import-fills plans/saved/binance-usdm-trades.csv --tz +02:00",),
)


def run(call: Call) -> "Reply":
    """Imports fills."""
    from scaleplan.cli.import_fills import import_fills

    return import_fills(call)
