# `:=` in a comprehension within a comprehension binds the name of the function (or module) around all of them.


def function():
    rows = [[seen := i * j for i in range(3)] for j in range(3)]
    return rows, seen


def both():
    rows = [b := [a := j for i in range(2)] for j in range(2)]
    return rows, a, b


def first_hits():
    hits = [any((hit := x) > 1 for x in row) for row in ([1, 2], [0, 5])]
    return hits, hit


def read_between():
    total = 0
    rows = [[total := total + i for i in range(3)] + [total] for _ in range(2)]
    return rows, total


def deep():
    def inner():
        nonlocal n
        return [[[n := n + 1 for _ in "ab"] for _ in "ab"] for _ in "ab"]

    n = 0
    return inner(), n


def declared():
    global made
    return [[made := i for i in range(2)] for _ in range(2)]


print(function(), both(), first_hits(), read_between(), deep())
print(declared(), made)
print([[top := i for i in range(3)] for j in range(2)], top)
print({k: {(last := v) for v in row} for k, row in {"a": [1], "b": [2]}.items()}, last)
