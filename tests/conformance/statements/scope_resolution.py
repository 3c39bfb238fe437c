# Local, enclosing, global, built-in: the innermost binding wins.
len_was = len
x = "global"


def outer():
    x = "enclosing"

    def reads():
        return x

    def binds():
        x = "local"
        return x

    def goes_global():
        global x
        return x

    return reads(), binds(), goes_global(), x


print(outer())


def len(obj):
    return "shadowed"


print(len([1]), len_was([1]))
del len
print(len([1, 2]))


def conditional(flag):
    if flag:
        value = 1
    try:
        return value
    except NameError:
        return "unbound"


print(conditional(True), conditional(False))
print([x for x in "ab"], x)
