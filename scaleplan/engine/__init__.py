"""One trade: what is held, what stands behind it, and the machine that applies an event to a state.

The only rules of what a plan does. Whatever follows a plan feeds the same `Machine`: the ladder in the order listed,
`paths` in every order, real fills as they came.
"""
