# Division of big ints, in all sign combinations.
numbers = (10**20, 10**20 + 7, 3**50, 2**64, 12345678901234567890123, 7, 2**31)
for a in numbers:
    for b in (3, 10**9 + 7, 2**32, 2**64 - 1, 10**25):
        q, r = divmod(a, b)
        print(q, r, -a // b, -a % b, a // -b, a % -b, -a // -b, -a % -b)
        assert q * b + r == a and 0 <= r < b
print(2**200 // 2**190, 2**200 % (2**100 - 1), -(2**200) % 7)
try:
    2**100 // 0
except ZeroDivisionError:
    print("ZeroDivisionError")
