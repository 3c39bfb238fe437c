# with needs both methods, and looks for them on the class.
class OnlyEnter:
    def __enter__(self):
        return self


for thing in (5, OnlyEnter(), None):
    try:
        with thing:
            print("not reached")
    except (AttributeError, TypeError):
        print("refused", type(thing).__name__)


class Target:
    def __enter__(self):
        return (1, [2, 3])

    def __exit__(self, *a):
        return False


box = {}
with Target() as (x, (y, z)):
    print(x, y, z)
with Target() as box["key"]:
    print(box)
