# return with several values, without a value, and from nested blocks.
def divmod2(a, b):
    return a // b, a % b


quotient, remainder = divmod2(17, 5)
print(quotient, remainder, divmod2(9, 3))


def find(rows, wanted):
    for y, row in enumerate(rows):
        for x, cell in enumerate(row):
            if cell == wanted:
                return y, x
    return


print(find(["abc", "def"], "e"), find([], 1))


def early(n):
    while True:
        if n > 10:
            return n
        n += 3


print(early(0))
