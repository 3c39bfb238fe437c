from .noise import NOISE


def sounds():
    return NOISE.upper()
