# type() tells an object's type, and makes new types.
print(type(1) is int, type("") is str, type(None) is type(None))
print(type([]), type({}), type(1.0), type(True))


def hello(self):
    return "hello from " + self.name


Greeter = type("Greeter", (object,), {"hello": hello, "name": "type()"})
g = Greeter()
print(g.hello(), Greeter.__name__, isinstance(g, Greeter))
Loud = type("Loud", (Greeter,), {"name": "loud"})
print(Loud().hello(), issubclass(Loud, Greeter))


class C:
    pass


print(type(C()) == C, type(C()) is not Greeter, type(C) is type)
