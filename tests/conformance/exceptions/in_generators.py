# Exceptions inside generators end them.
def risky(n):
    try:
        for i in range(n):
            yield 10 // (2 - i)
    except ZeroDivisionError:
        yield "divided by zero"
        raise KeyError("from generator")
    finally:
        print("finally")


g = risky(5)
got = []
try:
    for x in g:
        got.append(x)
except KeyError as e:
    print(got, e.args)
print(list(g))


def forever():
    while True:
        try:
            yield
        except ValueError:
            print("caught inside")


f = forever()
next(f)
f.throw(ValueError("a"))
f.throw(ValueError("b"))
f.close()
