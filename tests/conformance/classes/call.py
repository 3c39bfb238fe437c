# Instances with __call__ are callable.
class Poly:
    def __init__(self, *coefficients):
        self.c = coefficients

    def __call__(self, x, *, offset=0):
        result = 0
        for c in self.c:
            result = result * x + c
        return result + offset


p = Poly(1, 2, 3)
print(p(0), p(1), p(10), p(10, offset=7))
print(list(map(p, range(4))))
print(callable(p), callable(Poly), callable(object()))
print(sorted([3, -1, 2], key=Poly(1, 0, 0)))
