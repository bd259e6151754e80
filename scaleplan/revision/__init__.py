"""A plan and its revision: what changed by meaning, what that does to risk, and how a plan read at a revision of git.

`keys` is what a plan says, `matching` pairs tiers and targets, `changes` lists what changed and `forms` says it,
`measures` puts risk side by side, `fingerprint` tells other numbers apart, and `git` reads files as they were.
"""
