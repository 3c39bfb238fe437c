# Calls and functions with many arguments.
def many(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p):
    return a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p


print(many(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16))
print(many(*range(16)))
print(many(*range(15), p=100))


def count(*args, **kw):
    return len(args), len(kw)


print(count(*range(300)))
print(count(**{"k%d" % i: i for i in range(60)}))
