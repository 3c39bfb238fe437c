# Runs at boot; C calls scale() afterwards.
def scale(value, by=2):
    if value < 0:
        raise ValueError("negative: %d" % value)
    return value * by
