"""Text in: new plans from a few answers, plans that are typed on one line, and those of signals."""
