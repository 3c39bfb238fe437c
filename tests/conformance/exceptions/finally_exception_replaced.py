# An exception in except or finally replaces the one in flight.
def in_finally():
    try:
        raise ValueError("first")
    finally:
        {}["second"]


def in_except():
    try:
        raise ValueError("first")
    except ValueError:
        [][0]


def cleared():
    try:
        raise ValueError("first")
    finally:
        try:
            raise KeyError("inner")
        except KeyError as e:
            print("handled", e.args)


for f in (in_finally, in_except, cleared):
    try:
        f()
    except Exception as e:
        print(f.__name__, type(e).__name__)
