# round, int, and floor division agree on where halves go.
for v in (0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6, -2.6):
    print(v, round(v), int(v), v // 1)
print(round(2.345, 1), round(2.5, 0), round(-1234.5678, 2), round(1.5), round(7))
print(round(1234, 2), round(0.1 + 0.2, 5))
print(type(round(2.5)) is int, type(round(2.5, 1)) is float)

# What is whole stays as it is, however large.
for x in (2.5e295, -1.5e300, 1e22, 4503599627370497.0, 1.7976931348623157e308):
    print([round(x, n) == x for n in (0, 1, 5, 20)])
print(round(0.1, 30), round(1e-5, 3), round(123.456, 2), round(-2.5, 0))
