# Modules are objects with attributes.
# needs: files
import helpers.shapes as m

m.added = 5
print(m.added, hasattr(m, "nothing"), getattr(m, "UNIT"), "area" in dir(m))
setattr(m, "by_name", [1])
m.by_name.append(2)
print(m.by_name)
del m.added
try:
    m.added
except AttributeError:
    print("AttributeError")
import math

print(type(m) is type(math), hasattr(math, "pi"))
