# any and all stop as soon as the answer is known.
def seen(values):
    for v in values:
        print("saw", v, end="; ")
        yield v


print(any(seen([0, "", 3, 4])))
print(all(seen([1, 0, 2])))
print(any([]), all([]), any([0, None]), all([1, "a"]), any("ab"), all({0: 1}))
