# `__init_subclass__`: bound to the class without being told, with keywords, cooperative.
class Base:
    registry = []

    def __init_subclass__(cls, **kw):
        super().__init_subclass__()
        cls.registry.append((cls.__name__, sorted(kw.items())))


class One(Base):
    pass


class Two(Base, color="red", size=2):
    pass


class Three(One, extra=None):
    pass


print(Base.registry)


class Left:
    def __init_subclass__(cls, left=0, **kw):
        super().__init_subclass__(**kw)
        cls.left = left


class Right:
    @classmethod
    def __init_subclass__(cls, right=0, **kw):
        super().__init_subclass__(**kw)
        cls.right = right


class Both(Left, Right, right=2, left=1):
    pass


class Again(Both, left=5):
    pass


print(Both.left, Both.right, Again.left, Again.right)
options = {"left": 7, "right": 8}


class Starred(Both, **options):
    pass


print(Starred.left, Starred.right)
for bad in ("class X(Left, nope=1): pass", "class X(nope=1): pass", "class X(Both, left=1, **{'left': 2}): pass"):
    try:
        exec(bad)
    except TypeError:
        print("TypeError")


class Raises:
    def __init_subclass__(cls):
        raise ValueError(cls.__name__)


try:

    class Never(Raises):
        pass
except ValueError as e:
    print("ValueError", e)


class Item:
    def __class_getitem__(cls, key):
        return cls.__name__, key


print(Item.__class_getitem__("k"))
