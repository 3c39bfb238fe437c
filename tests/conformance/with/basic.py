# __enter__ gives the value, __exit__ runs on every way out.
class Guard:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        print("enter", self.name)
        return self.name.upper()

    def __exit__(self, kind, value, traceback):
        print("exit", self.name, kind.__name__ if kind else None, value)


with Guard("a") as a:
    print("inside", a)

try:
    with Guard("b"):
        raise ValueError("oops")
except ValueError as e:
    print("caught", e)


def leave():
    with Guard("c"):
        return "returned"


print(leave())
for i in range(3):
    with Guard("loop"):
        if i == 0:
            continue
        break
