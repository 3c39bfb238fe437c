# Functions are values: stored, compared, passed and returned.
def twice(f, x):
    return f(f(x))


table = {"inc": lambda x: x + 1, "neg": lambda x: -x, "len": len}
print(twice(table["inc"], 5), twice(table["neg"], 5), table["len"]("four"))
print(twice is twice, twice == table)
print([f("12") for f in (int, float, str, len)])
apply = [twice][0]
print(apply(str.upper, "loud"))
print(callable(twice), callable(3))
