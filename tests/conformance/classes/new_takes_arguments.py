# Arguments that a class's own `__new__` takes need no `__init__`.
class Makes:
    def __new__(cls, *args, **kw):
        self = super().__new__(cls)
        self.args = args, kw
        return self


class MakesToo(Makes):
    pass


print(Makes(1, 2).args, MakesToo(3, x=4).args)


class Plain:
    pass


for f in (lambda: Plain(1), lambda: Plain(x=1), lambda: object(1)):
    try:
        f()
    except TypeError:
        print("TypeError")
