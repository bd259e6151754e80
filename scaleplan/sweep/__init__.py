"""A sweep: variants of a template, each backtested, ranked by their worst bound and judged where they were not chosen.

`vary` says what is tried, `search` what becomes of each variant (`kernel` in doubles, or the exact machine), `engines`
where the pieces are worked off, `judge` what of it is more than luck. Results are doubles; whatever is printed of a
variant by name was done again exactly.
"""
