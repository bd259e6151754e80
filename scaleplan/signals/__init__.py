"""The text of a signal, as channels write it, to the words of a plan. Nothing is fetched, and nothing is believed.

    bytes -> text (cleaned, each character with its place) -> pairs, heads, prices -> a card -> the words of a plan

A card holds what the text says; what a plan makes of it is decided afterwards, and each decision is a diagnostic at its
place: assumed, left out, odd (SP856 to SP858), or why there is no plan (SP850 to SP855). The plan is written, and read
back, in `scaleplan.draft.imported`.
"""
