from . import shown
from .low import leaf as inner

value = shown + " by side"


def leaf_name():
    return inner.__name__
