# *args collects a tuple, **kwargs a dict.
def show(first, *rest, **options):
    print(first, rest, sorted(options.items()))


show(1)
show(1, 2, 3)
show(1, 2, colour="red", size=4)
show(*[1, 2, 3])
show(*"abc")
show(**{"first": "f", "second": "s"})
show(0, *(1, 2), **{"k": "v"})


def only_keywords(**kw):
    return kw


kept = {"a": 1}
copy = only_keywords(**kept)
copy["b"] = 2
print(kept, sorted(copy))
