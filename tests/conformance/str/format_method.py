# str.format: positions, names, widths, nesting.
print("{} {} {}".format(1, "two", 3.5), "{2}{0}{1}".format("a", "b", "c"))
print("{name} is {age}".format(name="Bo", age=4), "{0}{0}".format("x"), "{{}} {{{}}}".format(1))
print("{:>8}|{:<8}|{:^8}|{:*>8}".format("r", "l", "c", "s"))
print("{:{}}|{:>{w}}|{:.{p}f}".format("a", 5, "b", 2.0 / 3, w=4, p=2))
print("{!r} {!s} {!r:>6}".format("q", "q", "q"), "{:5}|{:<5}|{:.2}".format("abc", "abc", "abc"))

for bad, args in (("{} {}", (1,)), ("{", ()), ("}", ()), ("{0} {}", (1, 2)), ("{!x}", (1,)), ("{:d}", ("s",))):
    try:
        print(bad.format(*args))
    except (ValueError, IndexError):
        print("refused", bad)
try:
    "{missing}".format()
except KeyError:
    print("KeyError")
