name = "one"
import ring.two


def late():
    return ring.two.name + " through one"
