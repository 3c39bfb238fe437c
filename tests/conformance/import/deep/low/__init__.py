from .. import hidden

level = __name__.count(".")
