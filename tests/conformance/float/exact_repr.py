# Every float prints as the shortest text that reads back as itself.
# needs: double
values = [0.1, 0.2, 0.3, 1 / 3, 2 / 3, 1e23, 9.999999999999999e22, 4.35, 2.675, 1.1, 1e-5]
values += [2.0**k for k in (-1074, -1022, -500, -30, 30, 52, 53, 54, 500, 1023)]
values += [123456.789, 5e-324, 8.41e21, 9.5367431640625e-07, 299792458.0, 6.02214076e23]
for v in values:
    text = repr(v)
    assert float(text) == v, text
    print(text)
n = 12345
for _ in range(30):
    n = n * 1103515245 + 12345 & 0x7FFFFFFF
    v = n / 1000003
    assert float(str(v)) == v
print(n)
