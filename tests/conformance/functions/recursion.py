# Recursion: direct, mutual and through data.
def fact(n):
    return 1 if n < 2 else n * fact(n - 1)


def even(n):
    return True if n == 0 else odd(n - 1)


def odd(n):
    return False if n == 0 else even(n - 1)


def ackermann(m, n):
    if m == 0:
        return n + 1
    if n == 0:
        return ackermann(m - 1, 1)
    return ackermann(m - 1, ackermann(m, n - 1))


def depth(tree):
    return 1 + max([depth(t) for t in tree]) if tree else 0


print(fact(10), fact(25))
print(even(50), odd(51), even(7))
print(ackermann(2, 3))
print(depth([[], [[], [[]]]]))
