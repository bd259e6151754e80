"""A trade-plan calculator: reads a plan in YAML, says what is wrong with it, and what each tier would do."""

__version__ = "0.1.0"
