# What docs/DIFFERENCES.md says of names in classes, of types of functions, and of classes on dict.
value = "global"


def outer(value):
    class Inner:
        def method(self):
            return value

        def value(self):
            pass

    return Inner()


print(outer("argument").method())


def gen():
    yield


print(type(gen) is type(outer), isinstance(gen, type(outer)), isinstance(outer, type(gen)))


class Missing(dict):
    def __missing__(self, key):
        return "missing"


try:
    Missing()["x"]
except KeyError:
    print("KeyError")
print(type(Missing.fromkeys("ab")))
try:
    memoryview(b"abcd")[::2]
except NotImplementedError:
    print("NotImplementedError")
print("é".upper(), "É".isalpha())
d = {1: 1}
for key in d:
    if key < 3:
        d[key + 1] = 1
print(len(d))
