# enumerate with a start, reversed over sequences and __reversed__.
print(list(enumerate("abc")), list(enumerate(["x"], 5)), list(enumerate([], 1)), list(enumerate("ab", start=1)))
print(list(reversed([1, 2, 3])), list(reversed("abc")), list(reversed((1, 2))), list(reversed(range(3))))
print(list(reversed(b"ab")), list(reversed([])))
for i, (a, b) in enumerate([(1, 2), (3, 4)]):
    print(i, a, b)


class Sized:
    def __len__(self):
        return 3

    def __getitem__(self, i):
        return i * 10


print(list(reversed(Sized())))
e = enumerate("xy")
print(next(e), next(e), next(e, "end"))
try:
    reversed(5)
except TypeError:
    print("TypeError")
