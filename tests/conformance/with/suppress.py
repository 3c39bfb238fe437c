# A true result of __exit__ swallows the exception.
class Suppress:
    def __init__(self, *kinds):
        self.kinds = kinds

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.caught = value
        return kind is not None and issubclass(kind, self.kinds)


with Suppress(ValueError) as s:
    raise ValueError("hidden")
print("went on after", type(s.caught).__name__, s.caught)
try:
    with Suppress(ValueError):
        raise KeyError("shown")
except KeyError:
    print("KeyError passed")


def f():
    with Suppress(ZeroDivisionError):
        return 1 // 0
    return "after with"


print(f())
