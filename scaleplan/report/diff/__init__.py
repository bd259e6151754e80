"""A plan's change as a page, a record, and annotations of a pull request."""
