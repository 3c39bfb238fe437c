# & | ^ ~ behave as if negative numbers had endless ones on the left.
small = (0, 1, -1, 5, -6, 0x55, -0x56)
for a in small:
    print(~a, [a & b for b in small], [a | b for b in small], [a ^ b for b in small])
big = (2**64 - 1, -(2**64), 2**65 + 12345, -(2**65) - 54321, 3, -3)
for a in big:
    print(~a, [a & b for b in big], [a | b for b in big], [a ^ b for b in big])
print(0xFFFF & ~0xFF, ~0, -1 & 0xFFFFFFFF, -1 ^ 2**40, 2**40 | -(2**40))
print(True & 6, False | 5, True ^ 3, True + True)
