"""`rules` and `explain`: the kinds of problems, and a page for each."""
