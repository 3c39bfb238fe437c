# hex, oct, bin and the presentation types of ints.
for n in (0, 1, 255, -255, 2**40, -(2**70)):
    print(hex(n), oct(n), bin(n))
for n in (0, 42, -42, 2**33):
    print("%d|%5d|%-5d|%05d|%+d|%x|%X|%o" % (n, n, n, n, n, n, n, n))
    print("{:d}|{:6}|{:<6}|{:^6}|{:06d}|{:+}|{: }|{:x}|{:X}|{:o}|{:b}".format(*[n] * 11))
print("{:#x} {:#o} {:#b} {:#X}".format(255, 8, 5, 255))
print("{:,} {:,}".format(1234567, -1000), "{:c}".format(65), "%c%c" % (66, "C"))
print("{:>30}|{:030}|{:x}".format(10**20, -(10**20), 10**20))
