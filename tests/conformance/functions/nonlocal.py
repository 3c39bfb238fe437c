# nonlocal writes to the enclosing function's variable.
def counter(start=0):
    count = start

    def up(step=1):
        nonlocal count
        count += step
        return count

    def reset():
        nonlocal count
        count = start

    return up, reset


up, reset = counter(10)
print(up(), up(), up(5))
reset()
print(up())
other, _ = counter()
print(other(), up())
