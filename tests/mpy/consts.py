# Every kind of constant.
a = 12345678901234567890, -(10**30), 2**62, -1, 1073741824, -1073741824
b = 1.5, -0.0, 1e100, 0.1, 2j
c = "a long enough string, with é and \0", b"bytes\xff", b"", ...
d = ("nested", (1, (2.5, (None, True, False, ())), b"x"))
e = {d: c}
