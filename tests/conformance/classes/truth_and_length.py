# Truth comes from __bool__, else __len__, else it is True.
class Always:
    pass


class Never:
    def __bool__(self):
        return False


class Sized:
    def __init__(self, n):
        self.n = n

    def __len__(self):
        return self.n


for thing in (Always(), Never(), Sized(0), Sized(2)):
    print("yes" if thing else "no", not thing, bool(thing))
print(len(Sized(7)))
try:
    len(Always())
except TypeError:
    print("no length")


class Both:
    def __bool__(self):
        return True

    def __len__(self):
        return 0


print(bool(Both()))
