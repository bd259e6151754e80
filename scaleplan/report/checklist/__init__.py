"""The checklist: one plan as the sheet to hold in hand, before the trade, in it and after it."""
