# Reading a closure variable that is not bound raises NameError.
def unset():
    def inner():
        return value

    try:
        inner()
    except NameError:
        print("not bound yet")
    value = 1
    print(inner())
    del value
    try:
        inner()
    except NameError:
        print("deleted")


unset()
