# Sorting many items, of every shape.
def pseudo_random(n):
    x = 12345
    out = []
    for _ in range(n):
        x = (x * 1103515245 + 12345) & 0x7FFFFFFF
        out.append(x >> 8)
    return out


for data in (pseudo_random(500), list(range(300)), list(range(300, 0, -1)), [7] * 200, [0, 1] * 100):
    s = sorted(data)
    assert all(s[i] <= s[i + 1] for i in range(len(s) - 1))
    r = sorted(data, reverse=True)
    assert r == s[::-1]
    print(len(s), s[0], s[-1], sum(s))
rows = [(v % 10, i) for i, v in enumerate(pseudo_random(200))]
by_digit = sorted(rows, key=lambda r: r[0])
print(all(a[0] < b[0] or a[1] < b[1] for a, b in zip(by_digit, by_digit[1:])))
print(sorted([str(i) for i in range(20)]), sorted([-5, 3, -1], key=abs))
