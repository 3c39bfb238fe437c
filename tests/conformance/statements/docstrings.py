# Strings standing alone are statements without effect.
"""A module's docstring."""


def f():
    """Says what f does."""
    "another"
    return 1


class C:
    """Says what C is."""

    x = 2
    """said about x"""


print(f(), C.x)
