# Matrices of ints: product, transpose, determinant, power.
def mul(a, b):
    t = list(zip(*b))
    return [[sum(x * y for x, y in zip(r, c)) for c in t] for r in a]


def det(m):
    if len(m) == 1:
        return m[0][0]
    total = 0
    for i, x in enumerate(m[0]):
        minor = [r[:i] + r[i + 1 :] for r in m[1:]]
        total += (-x if i % 2 else x) * det(minor)
    return total


def power(m, n):
    result = [[int(i == j) for j in range(len(m))] for i in range(len(m))]
    while n:
        if n & 1:
            result = mul(result, m)
        m = mul(m, m)
        n >>= 1
    return result


a = [[1, 2, 3], [0, 1, 4], [5, 6, 0]]
for row in mul(a, a):
    print(row)
print(det(a), det(mul(a, a)), [list(r) for r in zip(*a)])
print(power([[1, 1], [1, 0]], 40)[0][1])
print(det([[i * j % 7 for j in range(1, 5)] for i in range(2, 6)]))
