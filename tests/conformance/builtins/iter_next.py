# iter and next, with defaults, and iter() over every container.
it = iter([1, 2])
print(next(it), next(it), next(it, "default"))
try:
    next(it)
except StopIteration:
    print("StopIteration")
for thing in ([1], (2,), "3", b"4", {5: 6}, {7}, range(8, 9), (x for x in [9])):
    print(next(iter(thing)), end=" ")
print()
print(iter(it) is it, next(iter({"k": "v"}.items())), next(iter({"k": "v"}.values())))
for bad in (lambda: iter(5), lambda: next(5), lambda: next([]), lambda: iter(None)):
    try:
        bad()
    except TypeError:
        print("TypeError")
