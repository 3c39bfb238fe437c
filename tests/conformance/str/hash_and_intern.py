# Equal strings are equal keys, however they were made.
a = "key" + str(1)
b = "".join(["k", "e", "y", "1"])
d = {a: "first"}
d[b] = "second"
print(d, hash(a) == hash(b), a == b, {a, b, "key1"} == {"key1"})
table = {}
for i in range(100):
    table["item%d" % i] = i
print(sum(table["item" + str(i)] for i in range(100)), "item100" in table)


class C:
    pass


c = C()
setattr(c, "dyn" + "amic", 5)
print(c.dynamic, getattr(c, "".join(("dyna", "mic"))))
