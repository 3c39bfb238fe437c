# Built-in types can be extended.
class Stack(list):
    def push(self, x):
        self.append(x)

    def top(self):
        return self[-1]


s = Stack([1, 2])
s.push(3)
print(s.top(), len(s), s[0], list(s), 2 in s, isinstance(s, list))
s[0] = 9
print(s.pop(), s == [9, 2])


class Default(dict):
    def __init__(self, make):
        super().__init__()
        self.make = make

    def get_or_make(self, key):
        if key not in self:
            self[key] = self.make()
        return self[key]


d = Default(list)
d.get_or_make("a").append(1)
d.get_or_make("a").append(2)
print(d["a"], len(d), list(d.keys()))


class Meters(int):
    def double(self):
        return self * 2


print(Meters(4).double(), Meters(3) + 1)
