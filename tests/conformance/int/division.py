# // and % round towards minus infinity; divmod agrees with them.
for a in (7, -7, 8, -8, 0, 1, -1):
    for b in (2, -2, 3, -3, 8, -8):
        print(a, b, a // b, a % b, divmod(a, b), a == a // b * b + a % b)
for f in (lambda: 1 // 0, lambda: 1 % 0, lambda: divmod(1, 0), lambda: 1 / 0):
    try:
        f()
    except ZeroDivisionError:
        print("ZeroDivisionError")
print(7 / 2, -7 / 2, 6 / 3, 3 / 4)
