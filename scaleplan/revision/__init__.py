"""A plan and its revision: what changed by meaning, what that does to risk, and how a plan read at a revision of git.

`parts` is what a plan says by path, `matching` pairs tiers and targets, `changes` lists what changed, `measures` puts
risk side by side, and `git` reads files as they were.
"""
