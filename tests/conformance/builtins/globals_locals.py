# globals() is the module's dict itself.
answer = 42
g = globals()
print(g["answer"], "g" in g, g["__name__"])
g["made"] = "through globals"
print(made)
answer = 43
print(g["answer"])


def f():
    global inside
    inside = 1
    globals()["also"] = 2
    return globals() is g


print(f(), inside, also)
print("answer" in locals(), locals()["made"])
del g["made"]
print("made" in globals())
