"""A path says where in a plan a value belongs, counted from 0: `tiers[1].price`."""

#: How much of a key a path repeats: a key may be as long as the file.
LONGEST = 60


def key_path(path: str, key: str) -> str:
    """The path of the value of `key` in the mapping at `path`."""
    key = key[:LONGEST]
    return f"{path}.{key}" if path and key else path or key


def item_path(path: str, index: int) -> str:
    """The path of item `index` of the list at `path`."""
    return f"{path}[{index}]"
