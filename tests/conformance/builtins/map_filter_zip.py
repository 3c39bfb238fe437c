# map, filter and zip are lazy.
def loud(x):
    print("call", x, end="; ")
    return x * 2


m = map(loud, [1, 2])
print("made")
print(next(m), next(m), next(m, "end"))
print(list(map(lambda a, b: a + b, [1, 2, 3], [10, 20])), list(map(str, range(3))), list(map(int, "123")))
print(list(filter(None, [0, 1, "", "a"])), list(filter(lambda x: x > 1, range(4))), list(filter(str.isdigit, "a1b2")))
print(list(zip("ab", [1, 2])), list(zip("abc", range(2), (7, 8, 9))), list(zip()), list(zip("a")))
print(dict(zip(("x", "y"), (1, 2))), list(zip(*[(1, 2), (3, 4)])), sum(map(len, ["a", "bb"])))
for bad in (lambda: list(map(1, [1])), lambda: list(zip(1)), lambda: list(filter(None, 5))):
    try:
        bad()
    except TypeError:
        print("TypeError")
