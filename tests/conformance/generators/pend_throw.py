# pend_throw: an exception that the generator meets when it is resumed; what was pending comes back.
def counts():
    for i in range(3):
        try:
            yield i
        except ValueError as e:
            print("caught", e.args)


g = counts()
print(next(g))
print(g.pend_throw(ValueError("soon")))
print(next(g))
print(g.pend_throw(ValueError("first")))
print(type(g.pend_throw(None)))
print(next(g))
g = counts()
next(g)
g.pend_throw(KeyError("not caught"))
try:
    g.send(1)
except KeyError as e:
    print("KeyError", e.args)
print(list(g))
g = counts()
g.pend_throw(ValueError("before it began"))
try:
    next(g)
except ValueError as e:
    print("not begun:", e.args)
