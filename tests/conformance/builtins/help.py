# help: an object's own names with what they are.


class Thing:
    limit = 3
    name = "thing"


class Other(Thing):
    pass


help(Thing)
help(Other)
help(int)
help(7)
help([1, 2])
help(help)
print(help(None))
