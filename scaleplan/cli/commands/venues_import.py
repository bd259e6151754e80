"""`scaleplan venues import`: a venue file from answers of an exchange that were saved as JSON. Nothing is fetched."""

from typing import TYPE_CHECKING

from scaleplan.cli.command import Call, Command, Option, switch, text, texts

if TYPE_CHECKING:
    from scaleplan.cli.reply import Reply

FILES: Option[tuple[str, ...]] = Option(
    (), "Saved answers, as JSON; `-` is standard input.", (), "FILE...", many=True, required=True
)
SYMBOLS = texts("--symbol", "SYMBOL", "Take this one only, BTC/USDT:USDT or BTCUSDT; once for each.")
NAME = text("--name", "NAME", "The venue's name; a known one gives the margin model.")
AS_OF = text("--as-of", "DATE", "The day of the figures, where not the day in the files.")
RATES = text("--rates", "UNIT", "How rates are written: percent (0.5) or fraction (0.005).")
PRECISION = text("--precision", "UNIT", "step (0.001), digits (3) or significant; price=UNIT,amount=UNIT each.")
BRACKET_BY = text("--bracket-by", "UNIT", "What brackets count: notional, coin or contracts.")
CONTRACT_SIZE = text("--contract-size", "N", "How much one contract is where no file says it; SYMBOL=N for one.")
OUTPUT = text("--output", "FILE", "The file to write; `-` prints it.", short="-o", default="-")
FORCE = switch("--force", "Replace the file that is there.")
_SAVED = "plans/saved/*.json"
COMMAND = Command(
    """Make a venue file of saved answers. An exchange's contract rules, its brackets, or both; nothing is fetched.

    Understood are ccxt markets and leverage tiers, Binance exchangeInfo and leverageBracket, Bybit instruments-info and
    risk-limit, OKX instruments and position-tiers, told from what is in the files. A plan takes the result with
    `venue: ./FILE`.
    """,
    (FILES, SYMBOLS, NAME, AS_OF, RATES, PRECISION, BRACKET_BY, CONTRACT_SIZE, OUTPUT, FORCE),
    examples=(f"scaleplan venues import {_SAVED}", f"scaleplan venues import {_SAVED} --symbol ETHUSDT"),
)


def run(call: Call) -> "Reply":
    """Makes a venue file, or says why not."""
    from scaleplan.cli.venues_import import Request, venues_import

    return venues_import(
        Request(
            call[FILES],
            call[SYMBOLS],
            call[NAME] or "",
            call[AS_OF] or "",
            call[RATES] or "",
            call[PRECISION] or "",
            call[BRACKET_BY] or "",
            call[CONTRACT_SIZE] or "",
            call[OUTPUT] or "",
            call[FORCE],
        )
    )
