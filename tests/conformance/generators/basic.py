# A generator runs up to each yield and waits there.
def talk():
    print("start")
    yield 1
    print("middle")
    yield 2
    print("end")


g = talk()
print("made")
print(next(g))
print(next(g))
print(next(g, "no more"))
print(next(g, "still no more"))
for x in talk():
    print("got", x)
print(list(talk()), iter(g) is g)
