"""Helps lead to what was meant: a word of the trade to the key that means it, never to one that looks like it."""

import pytest

from scaleplan.diagnostic import Diagnostic
from tests.given import study_of

PLAN = """\
symbol: BTC/USDT:USDT
leverage: 5
maintenance: 0.5%
fees: {maker: 0.02%, taker: 0.05%}
"""
LONG = f"{PLAN}side: long\naccount: {{equity: 10000}}\nsize: 5000 USDT\ntiers: [60000, 59000]\nstop: 57000\n"


def unknown(text: str) -> Diagnostic:
    """Returns the one diagnostic of an unknown key, or of a venue."""
    (found,) = [one for one in study_of(text).diagnostics if one.code in ("SP103", "SP129")]
    return found


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("tp: 64000", "write `targets: [64000]`"),
        ("take_profit: 64000", "write `targets: [64000]`"),
        ("tp1: 64000", "write `targets: [64000]`"),
        ("sl: 57000", "delete it, because `stop` is written already"),
        ("stop_loss: 57000", "delete it, because `stop` is written already"),
        ("entry: 60000", "a tier is an item of `tiers:`: write `60000` there, and delete it here"),
        ("risk: 2%", "`size` is written already; as a limit write `max_risk: 2%` under `account:`, and delete it here"),
        ("trailing_stop: 3%", "write `trail: 3%` at the last target: what is left trails from there"),
        ("amount: 3", "delete it, because `size` is written already"),
        ("qty: 3", "delete it, because `size` is written already"),
        ("balance: 9000", "write `equity: 9000` under `account:`, and delete it here"),
        ("exchange: okx", "write `venue`"),
        ("tick_size: 0.1", "write it under `instrument:`, as `instrument: {tick_size: 0.1}`"),
        ("max_risk: 3%", "write `max_risk: 3%` under `account:`, and delete it here"),
        ("margin_type: isolated", "write `margin_mode`"),
        ("be: 61000", "write `stop: breakeven` at the target after which the stop moves"),
        ("venue: bitget", "write one of binance, bybit, "),
    ],
)
def test_a_word_of_the_trade_leads_to_the_key_that_means_it(line: str, help: str) -> None:
    """Not to the one that is nearest in letters, and not past what is written already."""
    assert unknown(LONG + line + "\n").help.startswith(help)


@pytest.mark.parametrize(
    ("line", "help"),
    [
        ("instrument: {step_size: 0.001}", "write `lot_size`"),
        ("instrument: {tick_value: 12.5}", "delete it: a tick is worth `contract_size` times `tick_size`"),
        ("targets: [{price: 64000, percent: 50%}]", "write `close`"),
        ("funding: {rate: 0.01%, evry: 8h, hold: 1d}", "write `every`"),
    ],
)
def test_a_word_inside_a_mapping_leads_to_its_key(line: str, help: str) -> None:
    """A slip of a letter leads to the key, and another word to the one that means it."""
    assert unknown(LONG + line + "\n").help.startswith(help)
