"""What `scaleplan` alone says: ten lines that take a newcomer to the first table."""

WELCOME = """\
scaleplan works out a trade plan before the trade: average entry, risk in R,
leverage and liquidation price after each entry, and what is wrong with it.
Paste these five lines into a file, sol.yaml:
symbol: SOL/USDT
side: long
size: 900 USDT
tiers: [150, 140, 130]
stop: 118

Then type: scaleplan show sol.yaml          (all there is: scaleplan --help)
"""
