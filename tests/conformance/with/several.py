# Several managers in one statement open left to right and close right to left.
class M:
    def __init__(self, name, fail=None):
        self.name, self.fail = name, fail

    def __enter__(self):
        if self.fail == "enter":
            raise RuntimeError(self.name)
        print("+" + self.name, end=" ")
        return self

    def __exit__(self, *details):
        print("-" + self.name, end=" ")
        if self.fail == "exit":
            raise KeyError(self.name)


with M("a") as a, M("b") as b, M("c"):
    print(a.name + b.name, end=" ")
print()
try:
    with M("a"), M("b", "enter"), M("c"):
        print("not reached")
except RuntimeError as e:
    print("RuntimeError", e)
try:
    with M("a"), M("b", "exit"):
        raise ValueError("lost")
except KeyError as e:
    print("KeyError", e.args)
with M("x"):
    with M("y"):
        pass
print()
