# The match statement on one value of each kind.
def kind(x):
    match x:
        case 0:
            return "zero"
        case [first, *rest]:
            return "list of %d" % (1 + len(rest))
        case {"id": n}:
            return "record %s" % n
        case str() | bytes():
            return "text"
        case _:
            return "other"


print([kind(x) for x in (0, [1, 2], {"id": 7}, "s", 5)])
