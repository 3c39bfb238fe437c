# Functions stored on an instance are not bound; on a class they are.
class Host:
    pass


def method(self_or_arg):
    return "got " + type(self_or_arg).__name__


h = Host()
h.free = method
Host.bound = method
print(h.free(1), h.bound())
Host.builtin = len
print(h.builtin("four"))
Host.static = staticmethod(method)
print(h.static("s"))


class Adds(Host):
    def bound(self):
        return "adds, " + super().bound()


print(Adds().bound())
