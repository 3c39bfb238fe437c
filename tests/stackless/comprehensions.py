# Comprehensions and generator expressions that recurse, 200 deep.
def as_list(n):
    return [0] if n == 0 else [x + 1 for x in as_list(n - 1)]


def inside(n):
    return 0 if n == 0 else [1 + inside(n - 1) for _ in (1,)][0]


def as_dict(n):
    return 0 if n == 0 else {k: 1 + as_dict(n - 1) for k in "k"}["k"]


def as_set(n):
    for x in {inside_set(n) for _ in (1,)}:
        return x


def inside_set(n):
    return 0 if n == 0 else 1 + as_set(n - 1)


def lazy(n):
    if n == 0:
        return 0
    for x in (1 + lazy(n - 1) for _ in (1,)):
        return x


print(as_list(200), inside(200), as_dict(200), as_set(100), lazy(200))
