# Names have 255 bytes at most, wherever they come from.
class Empty:
    pass


def keywords(**kw):
    return len(kw)


for n in (255, 256):
    name = "n" * n
    spaces = {}
    for what in (
        lambda: exec(name + " = 1", spaces),
        lambda: setattr(Empty, name, 1),
        lambda: getattr(Empty(), name),
        lambda: hasattr(Empty, name),
        lambda: delattr(Empty, name),
        lambda: keywords(**{name: 1}),
        lambda: type(name, (), {}),
        lambda: "%%(%s)d" % name % {name: 1},
        lambda: ("{%s}" % name).format(**{name: 1}),
        lambda: __import__(name),
    ):
        try:
            what()
            print("fine", end=" ")
        except RuntimeError as e:
            print(e, end=" ")
        except ImportError:
            print("ImportError", end=" ")
    print()
# Strings are no names.
print(len({"k" * 1000: 1}), "k" * 1000 in {"k" * 1000: 1})
