"""The ladder and what it pays, drawn."""
