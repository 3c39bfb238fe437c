# A name assigned anywhere in a function is local everywhere in it.
x = "global"


def reads_before_write():
    try:
        print(x)
    except NameError as e:
        print(isinstance(e, NameError))
    x = "local"
    print(x)


reads_before_write()
print(x)


def deletes():
    y = 1
    del y
    try:
        y
    except NameError:
        print("y is gone")


deletes()
