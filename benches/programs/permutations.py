# Lists in place: how often prefixes must be turned until the first is 1, over all orders.
N = 1


def flips(order):
    p = list(order)
    n = 0
    first = p[0]
    while first != 1:
        p[:first] = p[first - 1 :: -1] if first == len(p) else p[:first][::-1]
        n += 1
        first = p[0]
    return n


def orders(n):
    order = list(range(1, n + 1))
    counts = [0] * n
    yield order
    i = 0
    while i < n:
        if counts[i] < i:
            j = counts[i] if i & 1 else 0
            order[j], order[i] = order[i], order[j]
            yield order
            counts[i] += 1
            i = 0
        else:
            counts[i] = 0
            i += 1


for _ in range(N):
    most = total = 0
    for order in orders(6):
        n = flips(order)
        total += n
        if n > most:
            most = n
    print(most, total)
