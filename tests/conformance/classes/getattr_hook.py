# __getattr__ serves names that are not found otherwise.
class Lazy:
    present = "class"

    def __init__(self):
        self.own = "instance"
        self.asked = []

    def __getattr__(self, name):
        if name.startswith("no_"):
            raise AttributeError(name)
        self.asked.append(name)
        return name.upper()


z = Lazy()
print(z.present, z.own, z.missing, z.other)
print(z.asked)
print(hasattr(z, "anything"), hasattr(z, "no_such"))
print(getattr(z, "no_such", "default"))
try:
    z.no_way
except AttributeError as e:
    print("AttributeError", e)


class Forward:
    def __init__(self, target):
        self.target = target

    def __getattr__(self, name):
        return getattr(self.target, name)


print(Forward("text").upper(), Forward([3, 1]).index(1))
