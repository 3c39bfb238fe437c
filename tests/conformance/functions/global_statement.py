# global binds a name of the module from inside a function.
total = 0


def add(n):
    global total, created
    total += n
    created = "made inside"


add(3)
add(4)
print(total, created)


def nested():
    def inner():
        global total
        total = -1

    inner()


nested()
print(total)


def remove():
    global created
    del created


remove()
try:
    created
except NameError:
    print("created is gone")
