# Each comparison of each type that has it, of equal, smaller and longer operands, and of other types.
from array import array
from collections import OrderedDict, deque

groups = [
    [frozenset(), frozenset((1, 2)), frozenset((1, 2, 3)), frozenset((4,)), {1, 2}, {1, 2, 3}],
    [b"", b"ab", b"abc", b"b", bytearray(b"ab"), bytearray(b"b")],
    ["", "ab", "abc", "b", "\xe9", "\u20ac"],
    [array("B"), array("B", [1, 2]), array("B", [1, 2, 3]), array("B", [2])],
    [(), (1, 2), (1, 2, 3), (2,), (1, "a"), (1.0, 2.0)],
    [[], [1, 2], [1, 2, 3], [2], [1.0, 2.0]],
    [range(0), range(3), range(0, 3, 1), range(0, 4, 2), range(0, 3, 2), range(5, 5)],
    [{}, {1: 2}, {1: 2.0}, {2: 1}, {1: 2, 2: 1}, {2: 1, 1: 2}],
    [OrderedDict(), OrderedDict([(1, 2), (2, 1)]), OrderedDict([(2, 1), (1, 2)]), {1: 2, 2: 1}],
    [{1: 2}.keys(), {1: 2, 3: 4}.keys(), {3: 4, 1: 2}.keys(), {1, 3}, frozenset([1])],
    [{1: 2}.items(), {1: 2, 3: 4}.items(), {3: 4, 1: 2}.items(), {(1, 2)}],
    [True, False, 0, 1, 1.0, 2.5, -1, 1 << 70, -(1 << 70), float("inf"), 1 + 0j],
    [None, ..., NotImplemented],
    [[].append, [].append, len, len, int, int],
]
names = "< > == <= >= !=".split()
operators = [
    lambda a, b: a < b,
    lambda a, b: a > b,
    lambda a, b: a == b,
    lambda a, b: a <= b,
    lambda a, b: a >= b,
    lambda a, b: a != b,
]


def show(f, a, b):
    try:
        r = f(a, b)
        return "FT"[r] if type(r) is bool else repr(r)
    except TypeError:
        return "x"


for group in groups:
    for name, f in zip(names, operators):
        print(name, " ".join("".join(show(f, a, b) for b in group + ["s"]) for a in group))

deques = [deque((), 9), deque([1, 2], 9), deque([1, 2], 5), deque([2], 9), deque([1], 9)]
views = [memoryview(b""), memoryview(b"ab"), memoryview(bytearray(b"ab")), b"ab", bytearray(b"b")]
arrays = [array("B", [97, 98]), memoryview(b"ab"), memoryview(b"c")]
wide = [array("H", [1, 2]), memoryview(array("H", [1, 2])), array("H", [2])]
for f in (operators[2], operators[5]):
    for group in deques, views, arrays, wide:
        print(" ".join("".join(show(f, a, b) for b in group + [1]) for a in group))

# Bound methods of one object are equal; hashes of equal ranges and methods too.
class C:
    def m(self):
        pass


c, d = C(), C()
print(c.m == c.m, c.m != c.m, c.m == d.m, c.m != d.m, hash(c.m) == hash(c.m), c.m == 5, c.m != None)
print(hash(range(3)) == hash(range(0, 3, 1)), hash(range(0, 3, 2)) == hash(range(0, 4, 2)), len({range(0), range(4, 4)}))
