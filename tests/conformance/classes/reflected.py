# Reflected operators serve when the left operand cannot.
class Metre:
    def __init__(self, n):
        self.n = n

    def __radd__(self, o):
        return "radd %r" % o

    def __rsub__(self, o):
        return "rsub %r" % o

    def __rmul__(self, o):
        return "rmul %r" % o

    def __rtruediv__(self, o):
        return "rtruediv %r" % o

    def __rfloordiv__(self, o):
        return "rfloordiv %r" % o

    def __rmod__(self, o):
        return "rmod %r" % o

    def __rpow__(self, o):
        return "rpow %r" % o

    def __rand__(self, o):
        return "rand %r" % o

    def __rlshift__(self, o):
        return "rlshift %r" % o


m = Metre(1)
print(1 + m, 1 - m, 2 * m, 1 / m, 1 // m)
print(5 % m, 2**m, 1 & m, 1 << m)
print(1.5 + m, None + m)
