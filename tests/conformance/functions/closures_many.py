# Closures that share, shadow and pass variables down several levels.
def outer(a, *args, b=2, **kw):
    c = a + b

    def middle(d):
        nonlocal c
        c += d
        e = [a, b, c, d, args, sorted(kw)]

        def inner():
            nonlocal c
            c += 100
            return e, c, (lambda: a + c)()

        return inner

    def read():
        return c

    return middle, read


middle, read = outer(1, 9, 8, b=5, z=0, y=1)
inner = middle(10)
print(inner())
print(read(), inner()[1], read())
again, other_read = outer(0)
again(1)
print(other_read(), read())
