# Attributes by name: getattr, setattr, delattr, hasattr.
class Bag:
    kind = "bag"


b = Bag()
for i, name in enumerate(("x", "y", "long_attribute_name")):
    setattr(b, name, i)
print(b.x, b.y, b.long_attribute_name)
print(getattr(b, "x"), getattr(b, "nope", None), getattr(b, "kind"))
print(hasattr(b, "y"), hasattr(b, "z"))
delattr(b, "y")
print(hasattr(b, "y"))
try:
    getattr(b, "y")
except AttributeError:
    print("AttributeError")
setattr(Bag, "total", 3)
print(b.total)
for i in range(40):
    setattr(b, "a%d" % i, i)
print(sum(getattr(b, "a%d" % i) for i in range(40)))
