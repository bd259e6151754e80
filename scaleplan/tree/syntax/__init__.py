"""Why YAML cannot read a text, in the trader's words: what stands there, and the one way out.

The two parsers word their complaints for people who know the grammar ("did not find expected key"), and differ in
wording; so only the sort of complaint is taken from them, and the rest is read off the lines around the place.
"""
