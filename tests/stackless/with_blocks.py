# __enter__ and __exit__ that open further with blocks, 200 deep.
class Enter:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        if self.n == 0:
            return 0
        with Enter(self.n - 1) as inner:
            return inner + 1

    def __exit__(self, *details):
        exits.append(self.n)


class Exit:
    def __init__(self, n):
        self.n = n

    def __enter__(self):
        return self.n

    def __exit__(self, *details):
        if self.n:
            with Exit(self.n - 1) as inner:
                exits.append(inner)


def nested(n):
    if n == 0:
        raise ValueError("bottom")
    with Exit(0):
        nested(n - 1)


exits = []
with Enter(200) as depth:
    print(depth, len(exits))
exits = []
with Exit(200):
    pass
print(len(exits), exits[0], exits[-1])
try:
    nested(200)
except ValueError as e:
    print(e)
