"""The book of a backtest: each signal of a template replayed, what became of it, equity over all, baselines beside.

Every figure stands twice, over the trades' worst and over their best results: bounds, attained trade by trade and not
always together.
"""
