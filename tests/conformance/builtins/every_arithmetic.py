# Each arithmetic operator of bools, ints, floats and complex numbers, and of containers with what they do not take.
# needs: double
values = [True, False, 3, -7, 1 << 65, 2.5, -0.0, 1 + 2j]
binary = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "//": lambda a, b: a // b,
    "%": lambda a, b: a % b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "<<": lambda a, b: a << b,
    ">>": lambda a, b: a >> b,
    "@": lambda a, b: a @ b,
}


def show(f, *args):
    try:
        r = f(*args)
        return sorted(r) if type(r) in (set, frozenset) else repr(r)
    except (TypeError, ZeroDivisionError, ValueError, OverflowError) as e:
        return type(e).__name__[0]


def iadd(a, b):
    a += b
    return a


def isub(a, b):
    a -= b
    return a


def imul(a, b):
    a *= b
    return a


def iand(a, b):
    a &= b
    return a


def ior(a, b):
    a |= b
    return a


def ixor(a, b):
    a ^= b
    return a


binary.update({"+=": iadd, "-=": isub, "*=": imul, "&=": iand, "|=": ior, "^=": ixor})
for name in binary:
    for a in values:
        print(name, a, *[show(binary[name], a, b) for b in values if name != "<<" or b != 1 << 65])
print([show(lambda v: +v, v) for v in values], [show(lambda v: -v, v) for v in values])
print([show(lambda v: ~v, v) for v in values], [show(abs, v) for v in values])
print([show(int, v) for v in values], [show(float, v) for v in values], [show(complex, v) for v in values])
print([show(pow, a, b) for a in (True, False, 3, -7, 2.5) for b in (True, False, 3, 0.5)])

# Of the containers, each operator: the result, or that there is none. `%` of a text takes about anything.
del binary["%"]
containers = ["ab", b"ab", bytearray(b"ab"), [1], (1,), {1: 2}, {1}, frozenset((2,)), range(2), None, 2]
for name in binary:
    for i in range(len(containers)):
        row = []
        for j in range(len(containers)):
            a = containers[i]
            a = a.copy() if type(a) in (list, dict, set) else bytearray(a) if type(a) is bytearray else a
            row.append(show(binary[name], a, containers[j]))
        print(name, i, *row)
