# int(), float(), complex(), len(), abs() and friends on instances.
class Number:
    def __init__(self, v):
        self.v = v

    def __int__(self):
        return int(self.v)

    def __float__(self):
        return float(self.v)

    def __abs__(self):
        return abs(self.v)

    def __len__(self):
        return 3

    def __divmod__(self, o):
        return ("divmod", o)

    def __reversed__(self):
        return iter([3, 2, 1])


n = Number(-7.5)
print(int(n), float(n), abs(n), len(n), list(reversed(n)))
print("%d %.2f" % (int(n), float(n)), bool(n))
