# One chain through every kind of call, 200 links long.
class Any:
    def __init__(self, n):
        self.n = n
        self.value = 0 if n == 0 else 1 + KINDS[n % len(KINDS)](n - 1)

    @property
    def prop(self):
        return self.value

    def __add__(self, other):
        return Any(self.n).value

    def __getattr__(self, name):
        return Any(self.n_for(name)).value

    def n_for(self, name):
        return int(name[1:])

    def __getitem__(self, n):
        return Any(n).prop

    def __enter__(self):
        return self.value

    def __exit__(self, *details):
        pass

    def __iter__(self):
        yield self.value


class Bare(Any):
    def __init__(self, n):
        self.n = n


def through_with(n):
    with Any(n) as v:
        return v


def through_for(n):
    for v in Any(n):
        return v


KINDS = (
    lambda n: Any(n).prop,
    lambda n: Bare(n) + 1,
    lambda n: Bare(0)[n],
    through_with,
    through_for,
    lambda n: [Any(m).value for m in (n,)][0],
    lambda n: eval("Any(n).value", {"Any": Any, "n": n}),
)
print(Any(140).value)
