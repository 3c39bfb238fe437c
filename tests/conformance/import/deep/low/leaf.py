from . import level
from .. import shown as above
from ..low import level as again


def too_far():
    from .... import anything


def sideways():
    from ..side import value

    return value
