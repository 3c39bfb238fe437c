# An exception that is still being made, before the built-in __init__ has been called, cannot be raised.
class Early(Exception):
    def __init__(self):
        raise self


class Late(Exception):
    def __init__(self):
        super().__init__("late")
        raise self


class Other(Exception):
    def __init__(self):
        raise Late()


class After(Exception):
    def __init__(self, n):
        self.n = n


for make in (Early, Late, Other):
    try:
        make()
    except Exception as e:
        print(make.__name__, type(e).__name__)
e = After(3)
try:
    raise e
except After as caught:
    print(caught is e, caught.n)
