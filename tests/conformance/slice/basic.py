# Slices of every sequence, with every sign.
text, items, pair = "abcdefgh", list(range(8)), tuple(range(8))
for a, b in ((None, None), (2, 5), (-3, None), (None, -3), (5, 2), (100, 200), (-100, 3), (0, 0)):
    print(a, b, text[a:b], items[a:b], pair[a:b])
for s in (1, 2, 3, -1, -2, -3):
    print(s, items[::s], items[1:6:s], items[6:1:s])


class Show:
    def __getitem__(self, key):
        return key


s = Show()
print(s[1:2], s[:], s[::3], s[1, 2:3], s["k"])
x = s[4:8:2]
print(x.start, x.stop, x.step, type(x).__name__)
try:
    items[::0]
except ValueError:
    print("zero step")
try:
    items["a":"b"]
except TypeError:
    print("TypeError")
