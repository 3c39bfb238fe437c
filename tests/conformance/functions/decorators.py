# Decorators apply from the bottom up, and may take arguments.
def tag(name):
    print("tag", name)

    def wrap(f):
        print("wrap", name)
        return lambda *args: "<%s>%s</%s>" % (name, f(*args), name)

    return wrap


@tag("b")
@tag("i")
def text(s):
    return s


print(text("hello"))


def register(cls):
    registry.append(cls.__name__)
    return cls


registry = []


@register
class Plugin:
    pass


print(registry, Plugin().__class__ is Plugin)
