# Lists of lists: products, transposition and elimination over fractions of ints.
N = 1


def make(n, seed):
    return [[(i * seed + j * j) % 17 - 8 for j in range(n)] for i in range(n)]


def product(a, b):
    columns = list(zip(*b))
    return [[sum([x * y for x, y in zip(row, col)]) for col in columns] for row in a]


def by_index(a, b, n):
    c = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            t = 0
            for k in range(n):
                t += a[i][k] * b[k][j]
            c[i][j] = t
    return c


def determinant(m):
    m = [row[:] for row in m]
    sign = previous = 1
    for k in range(len(m) - 1):
        if m[k][k] == 0:
            for i in range(k + 1, len(m)):
                if m[i][k]:
                    m[k], m[i] = m[i], m[k]
                    sign = -sign
                    break
            else:
                return 0
        for i in range(k + 1, len(m)):
            for j in range(k + 1, len(m)):
                m[i][j] = (m[i][j] * m[k][k] - m[i][k] * m[k][j]) // previous
        previous = m[k][k]
    return sign * m[-1][-1]


for _ in range(N):
    a, b = make(12, 5), make(12, 3)
    c = product(a, b)
    print(c == by_index(a, b, 12), sum(map(sum, c)), determinant(make(7, 11)))
