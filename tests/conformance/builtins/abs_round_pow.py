# abs, round, pow, divmod, bin, hex, oct on their accepted types.
print(abs(-5), abs(5), abs(-2.5), abs(-(2**70)), abs(3 + 4j), abs(False))
print(round(2.7), round(-2.7), round(5), round(3.14159, 2), round(2.5), round(3.5))
print(pow(2, 8), pow(2.0, 3), pow(2, -2), pow(3, 4, 7), divmod(17, 5), divmod(-17, 5), divmod(5.5, 2))
print(bin(10), hex(-255), oct(8), bin(0), hex(2**64), bin(True))
for bad in (lambda: abs("a"), lambda: hex(1.5), lambda: round("a"), lambda: pow(1), lambda: divmod(1, "a")):
    try:
        bad()
    except TypeError:
        print("TypeError")
