# Numbers and texts that fill thousands of places, with separators and without: each place holds what it should.
# needs: memory
big = (1 << 9000) - 12345


def crc(text):
    # A sum that tells where each character is.
    n = 0
    for ch in text.encode():
        n = (n * 31 + ch) % 1000003
    return len(text), n


for spec in ("3000d", "<3000d", "^3001d", "03000d", "03000,d", "\u20ac>3000,d", "*=+3000_x", "#03000_b", " >5000", ",d"):
    print(spec, crc(format(-12345678, spec)), crc(format(big, spec)))
for spec in ("3000.2f", "03000,.2f", "\u20ac^3000.3e", "<+3000g", "=3000%"):
    print(spec, crc(format(1.5, spec)), crc(format(-1234.25, spec)), crc(format(float("inf"), spec)))
for text in ("%3000d", "%-3000d|", "%03000d", "%+.3000d", "%#3000x", "%.2000d"):
    print(text, crc(text % 255), crc(text % -big))
for text in ("%3000.2f", "%-3000.1e|", "%03000g"):
    print(text, crc(text % 2.5), crc(text % -0.125))
print(crc("%.1500f" % 0.5), crc("{:.1500f}".format(-1.25)), crc("{:.1500e}".format(3.0)))
print(crc("{:.1200%}".format(0.375)), crc("{:#.1200g}".format(2.0)))
for spec in ("3000", ">3000", "^3001", "\u20ac^3000", "\u20ac<3000.1500", "*>6000.5999"):
    print(spec, crc(format("ab" * 1000, spec)), crc(format("\u00e9x" * 1000, spec)), crc(format("", spec)))
print(crc(ascii("\u00e9\u20ac" * 900 + "ab" * 900)), crc(repr("'" * 1500 + '"' * 1500)), crc("%a" % ("\u00e9" * 2000)))
print(crc("%s|%s|%r" % ("ab" * 2000, "\u00e9" * 2000, "x\n" * 2000)), crc("%5000s%%%-5000s" % ("a" * 10, "b" * 3000)))
