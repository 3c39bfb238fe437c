# Parameters behind * can be given by name only.
def clamp(value, *, low=0, high):
    return max(low, min(high, value))


print(clamp(5, high=3))
print(clamp(-5, high=3))
print(clamp(-5, low=-2, high=3))
try:
    clamp(1, 2, 3)
except TypeError:
    print("positional refused")
try:
    clamp(1)
except TypeError:
    print("required keyword missing")


def tail(*items, last=None):
    return items, last


print(tail(1, 2), tail(1, last=2))
