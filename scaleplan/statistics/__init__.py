"""Statistics of trades: means with their intervals, falls of equity, ratios.

Doubles: none of it is money that is booked. Of each figure the page of `backtest` says what it is.
"""
