# throw() raises at the waiting yield.
def patient():
    n = 0
    while True:
        try:
            n += 1
            yield n
        except ValueError as e:
            print("inside", e)
            yield "recovered"
        finally:
            print("finally", n)


p = patient()
print(next(p))
print(p.throw(ValueError("v1")))
print(next(p))
try:
    p.throw(KeyError("k"))
except KeyError as e:
    print("escaped", e.args)
print(next(p, "finished"))


def untouched():
    yield 1


u = untouched()
try:
    u.throw(IndexError)
except IndexError:
    print("thrown before the start")
print(list(u))
