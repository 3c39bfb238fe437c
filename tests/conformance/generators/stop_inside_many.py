# StopIteration raised inside generators, again and again, keeps its cause while memory is short.
def raises(i):
    yield "before " + str(i)
    raise StopIteration("value " + str(i))


seen = []
for i in range(30):
    try:
        for x in raises(i):
            seen.append(x)
    except RuntimeError as e:
        seen.append(str(e))
        padding = ["x" * i for _ in range(20)]
print(len(seen), seen[0], "|", seen[1], "|", seen[-2], "|", seen[-1])
