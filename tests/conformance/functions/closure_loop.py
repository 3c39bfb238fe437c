# A closure sees the variable, not the value it had: the classic loop surprise.
late = []
for i in range(3):
    late.append(lambda: i)
print([f() for f in late])

bound = []
for i in range(3):
    bound.append(lambda i=i: i)
print([f() for f in bound])


def outer():
    fs = []
    for j in range(3):
        fs.append(lambda: j * 10)
    return fs


print([f() for f in outer()])
