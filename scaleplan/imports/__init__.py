"""Venue files made from what a trader saved of an exchange: JSON answers in, terms by symbol out.

    bytes -> saved (JSON) -> shape (whose, and what) -> a source's rules and tables -> combine -> records -> YAML text

Each source's module reads one exchange's answers and knows its traps. Nothing is fetched, and nothing is guessed: what
the answers leave open is an error that names the option by which the trader says it.
"""
