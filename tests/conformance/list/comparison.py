# Lists and tuples compare item by item, with equality first.
pairs = (
    ([], [1]),
    ([1, 2], [1, 2]),
    ([1, 2], [1, 3]),
    ([2], [1, 9, 9]),
    (["a", 1], ["a", 2]),
    ([[1], [2]], [[1], [3]]),
    ([1.0, 2], [1, 2.5]),
)
for a, b in pairs:
    print(a < b, a <= b, a == b, a != b, a > b, a >= b, tuple(a) < tuple(b))


class Odd:
    def __eq__(self, other):
        return True


print([Odd()] == [5], [5] == [Odd()], (Odd(), 1) == (2, 1), Odd() in [3])
nan = float("nan")
print([1, nan, 2].index(2), nan == nan)
try:
    print([1, "a"] < [1, 2])
except TypeError:
    print("TypeError")
