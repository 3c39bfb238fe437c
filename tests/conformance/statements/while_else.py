# while with break, continue and else.
def search(limit, wanted):
    n = 0
    while n < limit:
        n += 1
        if n % 2:
            continue
        if n == wanted:
            print("found", n)
            break
    else:
        print("not found below", limit)
    return n


print(search(10, 6), search(5, 8), search(0, 1))
while True:
    while True:
        break
    else:
        print("never")
    break
else:
    print("never")
while False:
    pass
else:
    print("else of an empty loop")
