from . import kind
from .. import sounds
from ..noise import NOISE


def speak():
    return kind + " says quack, not " + NOISE


def from_parent():
    return sounds()
