# The arguments of an exception, and how it prints.
for e in (ValueError(), ValueError(1, "two"), KeyError("k", None)):
    print(e.args, repr(e))
print(str(ValueError("text")), "|", str(ValueError()), "|", str(ValueError(1, 2)))
print(OSError(2).args, StopIteration(5).value, StopIteration().value)
e = OSError(13, "no access")
print(e.errno, e.args)
print(SystemExit(3).args)
print([ValueError("in", "a list")])
