# __setattr__ and __delattr__ see every assignment and deletion.
class Watched:
    def __setattr__(self, name, value):
        log.append((name, value))
        object.__setattr__(self, name, value)

    def __delattr__(self, name):
        log.append(("del", name))
        object.__delattr__(self, name)


log = []
w = Watched()
w.a = 1
w.a += 5
setattr(w, "b", 2)
del w.b
print(w.a, hasattr(w, "b"), log)


class Frozen:
    def __setattr__(self, name, value):
        raise AttributeError("frozen: " + name)


f = Frozen()
try:
    f.x = 1
except AttributeError as e:
    print(e)
Frozen.y = 5
print(f.y)
