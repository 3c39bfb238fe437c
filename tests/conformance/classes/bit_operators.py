# Shifts, bit operators and power are overloadable as well.
class Flags:
    def __init__(self, bits):
        self.bits = bits

    def __and__(self, o):
        return Flags(self.bits & o.bits)

    def __or__(self, o):
        return Flags(self.bits | o.bits)

    def __xor__(self, o):
        return Flags(self.bits ^ o.bits)

    def __lshift__(self, n):
        return Flags(self.bits << n)

    def __rshift__(self, n):
        return Flags(self.bits >> n)

    def __pow__(self, n):
        return Flags(self.bits**n)

    def __matmul__(self, o):
        return ("matmul", self.bits, o.bits)

    def __str__(self):
        return bin(self.bits)


a, b = Flags(0b1100), Flags(0b1010)
print(a & b, a | b, a ^ b, a << 2, a >> 2, b**2)
print(a @ b)
