# In-place operators use their own method, else the plain one.
class Acc:
    def __init__(self):
        self.log = []

    def __iadd__(self, x):
        self.log.append(("iadd", x))
        return self

    def __isub__(self, x):
        self.log.append(("isub", x))
        return self

    def __mul__(self, x):
        return ("mul", x)


a = Acc()
b = a
a += 1
a += 2
a -= 3
print(a is b, a.log)
a *= 4
print(a, b.log)

items = [1]
same = items
items += [2]
print(items, same is items)
t = (1,)
u = t
t += (2,)
print(t, u)
