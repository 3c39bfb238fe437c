# __getattr__ that asks another object's __getattr__, 200 deep.
class Proxy:
    def __init__(self, target):
        self.target = target

    def __getattr__(self, name):
        return getattr_of(self.target, name)


def getattr_of(target, name):
    return target.missing if name == "missing" else target.other


class End:
    missing = "the end"

    def __getattr__(self, name):
        raise AttributeError(name)


p = End()
for _ in range(200):
    p = Proxy(p)
print(p.missing)
try:
    p.other
except AttributeError as e:
    print("AttributeError", e)
