"""Reports of a plan's orders: the list for people, rows for a spreadsheet, calls of ccxt, a signal, a script."""
