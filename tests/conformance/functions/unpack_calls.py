# Several * and ** in one call, evaluated left to right.
def f(*args, **kwargs):
    return args, sorted(kwargs.items())


def say(name, value):
    print("evaluating", name)
    return value


print(f(*say("a", [1]), say("b", 2), *say("c", (3, 4))))
print(f(1, *range(3), 9))
print(f(**{"a": 1}, b=2, **{"c": 3}))
print(f(*{}, **{}))
print(f(*(x * x for x in range(4))))
try:
    f(*5)
except TypeError:
    print("5 is not iterable")
