# zip(strict=True) wants iterables of one length; sum(start=), reversed() of a dict.
print(list(zip([1, 2], "ab", strict=True)), list(zip(strict=True)), list(zip([], [], [], strict=True)))
print(list(zip([1, 2], [3], strict=False)), list(zip([1, 2], [3], strict=0)))
for args in (([1], []), ([], [1]), ([1, 2], [1, 2], [1]), ([1], [1], [1, 2]), (iter([1]), [])):
    try:
        list(zip(*args, strict=True))
    except ValueError as e:
        print(e)
try:
    zip([], other=1)
except TypeError:
    print("TypeError")
print(sum([1, 2], start=3), sum([[1]], start=[0]))
d = {"a": 1, "b": 2, "c": 3}
del d["b"]
print(list(reversed(d)), list(reversed({})))
