# start, stop, step, count and index of ranges.
for r in (range(5), range(2, 9), range(10, 0, -3), range(0), range(3, 3, 7), range(-5, 6, 5)):
    print(r.start, r.stop, r.step, len(r), list(r))
    for value in (-5, 0, 1, 4, 7, 10, True, 4.0, "x"):
        try:
            place = r.index(value)
        except ValueError:
            place = None
        print(value, r.count(value), place, value in r)
big = range(0, 10**9, 3)
print(big.index(999999999), big.count(999999998), big.start, big.stop, big.step)
for name in ("start", "stop", "step"):
    try:
        setattr(range(3), name, 1)
    except AttributeError:
        print("AttributeError", name)
