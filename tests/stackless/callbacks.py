# sorted(key=) inside __eq__ inside print's __str__: natives that call back, within 2 KB of stack.
class Item:
    def __init__(self, v):
        self.v = v

    def __eq__(self, other):
        order = sorted([3, 1, 2], key=lambda x: (x * self.v) % 5)
        return order[0] == other.v

    def __str__(self):
        return "same" if Item(self.v) == Item(3) else "other"


for v in (1, 2, 3):
    print(Item(v))
print([Item(1) == Item(3)], Item(2) in [Item(1), Item(3)])


class Text:
    def __repr__(self):
        return "<" + ",".join(map(str, sorted((3, 1), key=Key))) + ">"


class Key:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return max([self, other], key=lambda k: k.n) is other


print([Text()], {"t": Text()})
print(list(map(lambda x: min(map(lambda y: x * y, (2, 3))), (1, 2))))
print(sum(len(str(Item(v))) for v in (1, 3)), "%s" % Text(), f"{Item(1)}")
words = ["b", "a"]
words.sort(key=lambda w: sorted(w + "z", key=ord)[0])
print(words)


class Finder:
    def __contains__(self, w):
        return all(map(lambda c: c > "A", w))


print(list(filter(lambda w: w in Finder(), words)))
