# Positional arguments and the errors when their number is wrong.
def area(width, height):
    return width * height


print(area(3, 4))
print(area(2.5, 2))
for args in ((), (1,), (1, 2, 3)):
    try:
        print(area(*args))
    except TypeError:
        print("TypeError for", len(args))


def nothing():
    pass


print(nothing())
