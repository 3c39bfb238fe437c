# A small container class with many special methods working together.
class Node:
    def __init__(self, value, rest=None):
        self.value, self.rest = value, rest


class Linked:
    def __init__(self, items=()):
        self.head = None
        for item in reversed(list(items)):
            self.head = Node(item, self.head)

    def __iter__(self):
        node = self.head
        while node:
            yield node.value
            node = node.rest

    def __len__(self):
        return sum(1 for _ in self)

    def __getitem__(self, index):
        for i, value in enumerate(self):
            if i == index:
                return value
        raise IndexError(index)

    def __add__(self, other):
        return Linked(list(self) + list(other))

    def __eq__(self, other):
        return list(self) == list(other)

    def __repr__(self):
        return "Linked(%r)" % list(self)


a = Linked("abc")
print(a, len(a), a[1], a + [1, 2], a == Linked("abc"))
print("b" in a, "z" in a, bool(Linked()), sorted(a + "xyz"))
try:
    a[7]
except IndexError as e:
    print("IndexError", e)
