"""SP406 liquidation-unknown: the plan has leverage, and nothing says where the position is liquidated.

The liquidation price depends on the venue's maintenance margin. Without it, the bankruptcy price says "no later than",
and nothing more. `venue: binance` brings the brackets of the symbols that this program has data of (`scaleplan venues`
lists them); for any other symbol write `maintenance`, because nothing is guessed.

Silent for spot, where nothing is liquidated, and where the brackets end too early (SP305).
"""

from scaleplan.diagnostic import Help, Kind, Severity
from scaleplan.engine.margin import Answer
from scaleplan.quantity.number import plain
from scaleplan.rules.case import Case, Finding, Findings
from scaleplan.venue import VENUE_NAMES

KIND = Kind("SP406", "liquidation-unknown", Severity.WARNING, "Nothing says where the position is liquidated.")


def check(case: Case) -> Findings:
    """Says what is missing: the maintenance rate, or the equity that a cross position stands on."""
    plan = case.plan
    position = [step.position for step in case.steps if step.position.reachable][-1]
    if position.liquidation.answer is not Answer.UNKNOWN or position.liquidation.past_end:
        return
    bust = position.bankruptcy_price
    no_later = f"; no later than its bankruptcy price of {case.price(bust)}" if bust is not None else ""
    if plan.margin is None:
        why = ""
        if _is_named(case):
            from scaleplan.decode.profiles import unknown_at  # noqa: PLC0415 - few plans name a venue without data

            why = unknown_at(plan.venue_name, plan.symbol, plan.contract)
        venue = plan.venue_name if why and plan.venue_name != "generic" else "the venue"
        why = why or "no maintenance rate is written"
        words = f"add `maintenance: 0.5%` with the rate, or the brackets, that {venue} prints for this symbol"
        help = case.putting(words, "", "maintenance", "0.5%") if "venue" not in case.places.spans else Help(words)
        if plan.initial_per_contract is not None:
            kept = f"{plain(plan.initial_per_contract * 4 / 5)} {plan.settle} per contract"
            words = f"add what keeps a contract open to `margin`: `maintenance: {kept}`"
            help = case.putting(words, "margin", "maintenance", kept)
    else:
        why = "cross margin stands on the account, and no equity is written"
        # What the account holds only the trader knows, and it sets where the position is liquidated.
        form = "`equity` under `account:`" if "account" in case.places.spans else "`account: {equity: ...}`"
        help = Help(f"add {form} with what the account holds")
    place = next((key for key in ("venue", "margin") if key in case.places.spans), "leverage")
    # A broker's margin is the account's without the trader having said so.
    brokers = plan.initial_per_contract is not None or "margin_closeout" in case.places.spans
    severity = Severity.NOTE if plan.margin is not None and brokers else None
    words = f"where it is liquidated is unknown: {why}{no_later}{case.may_lose}"
    yield Finding(place, words, help, severity=severity)


def _is_named(case: Case) -> bool:
    """Returns whether the plan names a venue whose data are bundled, and does not write its terms itself."""
    spans = case.places.spans
    written = any(path.startswith("venue.") for path in spans)
    return "venue" in spans and not written and case.plan.venue_name in VENUE_NAMES
