# `__build_class__` is a value like others: natives give it, containers hold it.
import builtins

found = getattr(builtins, "__build_class__")
print(found is __build_class__, callable(found), [found, found].count(found), {found: 1}[__build_class__])


def body():
    pass


try:
    getattr(builtins, "__build_class__")()
except TypeError:
    print("TypeError")
