"""Text in: new plans from a few answers, and plans that are typed on one line."""
