# float() from text, and its errors.
for text in ("1", "1.5", "-2.5e3", " 3.25 ", ".5", "5.", "1e5", "1E-5", "+7", "1e400", "-1e400", "1e-400"):
    print(repr(text), float(text))
print(float(), float(3), float("0.1") == 0.1)
for bad in ("", "1e", "abc", "1.2.3", "--1", "0x10", "1 2"):
    try:
        print(float(bad))
    except ValueError:
        print("ValueError", repr(bad))
try:
    float([])
except TypeError:
    print("TypeError")
