# for over range: every sign of step, big bounds, changed variable.
def collect(*args):
    out = []
    for i in range(*args):
        out.append(i)
        i = 100
    return out


print(collect(4), collect(0), collect(-3), collect(2, 5), collect(5, 2))
print(collect(0, 10, 3), collect(10, 0, -4), collect(0, 10, -1), collect(3, 4, 100))
n = 0
for i in range(1 << 62, (1 << 62) + 3):
    n += i
print(n)
for i in range(-2, 3):
    print(i, end=" ")
print()
step = -2
for i in range(6, -1, step):
    print(i, end=" ")
print()
try:
    for i in range(0, 5, 0):
        pass
except ValueError:
    print("a step of zero is refused")
