# Annotations are read everywhere, and say nothing at run time inside functions.
x: int
y: "text" = 5
print(y)


def f(a: int, *b: str, c: undefined_in_functions if False else int = 3, **d) -> "result":
    local: not_looked_up_inside_functions = 4
    unset: int
    try:
        unset
    except NameError:
        print("unset")
    return local, a, b, c, d


print(f(1, "x", c=2, e=5))


class C:
    a: int = 1
    b: str

    def __init__(self):
        self.z: int = 6


print(C.a, hasattr(C, "b"), C().z)
z = {}
z["k"]: int = 7
(w): int = 8
print(z, w)
