# Arithmetic operators call special methods.
class V:
    def __init__(self, x, y):
        self.x, self.y = x, y

    def __repr__(self):
        return "V(%r, %r)" % (self.x, self.y)

    def __add__(self, o):
        return V(self.x + o.x, self.y + o.y)

    def __sub__(self, o):
        return V(self.x - o.x, self.y - o.y)

    def __mul__(self, k):
        return V(self.x * k, self.y * k)

    def __truediv__(self, k):
        return V(self.x / k, self.y / k)

    def __floordiv__(self, k):
        return V(self.x // k, self.y // k)

    def __mod__(self, k):
        return V(self.x % k, self.y % k)

    def __neg__(self):
        return V(-self.x, -self.y)

    def __pos__(self):
        return self

    def __abs__(self):
        return abs(self.x) + abs(self.y)

    def __invert__(self):
        return V(self.y, self.x)


a, b = V(7, -3), V(1, 2)
print(a + b, a - b, a * 2, a // 2, a % 4)
print(V(1, 2) / 4)
print(-a, +a, ~a, abs(a))
try:
    2 * a
except TypeError:
    print("no __rmul__")
