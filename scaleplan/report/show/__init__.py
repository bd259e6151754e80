"""`show`: the figures of a plan, the book of several plans, and one wallet for all of them."""
