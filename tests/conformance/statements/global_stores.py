# Globals that functions store over and over: what is remembered of where they lie holds only while the dict stays as it is.


def put(v):
    global a
    a = v


def get():
    return a


def drop():
    global a
    del a


for i in range(5):
    put(i)
print(a, get(), globals()["a"])

# Deleted between two stores, from inside and from outside.
drop()
try:
    get()
except NameError:
    print("none")
put(10)
print(get())
del globals()["a"]
put(11)
print(get(), "a" in globals())

# The dict moves its entries while it grows.
for i in range(60):
    globals()["more%d" % i] = i
    put(("round", i))
    assert a == ("round", i), a
print(get(), more59)

# Entries move down when others are taken out and the dict is made anew.
for i in range(0, 60, 2):
    del globals()["more%d" % i]
    put(i)
    assert get() == i
for i in range(100, 140):
    globals()["more%d" % i] = i
    put(i)
    assert get() == i and globals()["more%d" % i] == i
print(a, more1, more139)

# The same code with other globals.
source = """
def put(v):
    global b
    b = v
    return b
"""
one, two = {}, {}
exec(source, one)
exec(source, two)
for i in range(3):
    one["put"](i)
    two["put"](-i)
print(one["b"], two["b"])
code = compile("b = b + 1\ndef f():\n    global b\n    b += 10\nf()\nf()\n", "x", "exec")
for d in (one, two, one):
    exec(code, d)
print(one["b"], two["b"])

# A name of `builtins` that becomes a global, and is one no more.


def length(v):
    return len(v)


def cover(f):
    global len
    len = f


def uncover():
    global len
    del len


print(length("abc"))
cover(lambda v: "mine")
cover(lambda v: "other")
print(length("abc"))
uncover()
print(length("abc"))
cover(lambda v: "again")
print(length("abc"))
uncover()
print(length("abcd"))


# Objects that only a global holds live as long as it does.
class Big:
    def __init__(self, n):
        self.items = [n] * 20


def churn():
    global keep
    for n in range(200):
        keep = Big(n)
        [n] * 50
        assert keep.items[0] == n
    return keep.items[19]


print(churn())
