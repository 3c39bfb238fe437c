# `__set_name__` may add, replace and delete members of its class: each member that was there is still told.
class Tell:
    def __init__(self, act):
        self.act = act

    def __set_name__(self, owner, name):
        print("set_name", name)
        self.act(owner, name)


def nothing(owner, name):
    pass


class Grows:
    for_more = Tell(lambda owner, name: [setattr(owner, "more%d" % i, i) for i in range(20)])
    last = Tell(nothing)


print(Grows.more0, Grows.more19)


class Swaps:
    a = Tell(lambda owner, name: setattr(owner, "b", "from a"))
    b = Tell(lambda owner, name: setattr(owner, "a", "from b"))


print(Swaps.a, Swaps.b)


class Drops:
    a = Tell(lambda owner, name: delattr(owner, "b"))
    b = Tell(lambda owner, name: delattr(owner, "a"))


print(hasattr(Drops, "a"), hasattr(Drops, "b"))


class Replaces:
    a = Tell(lambda owner, name: setattr(owner, name, name * 2))


print(Replaces.a)
