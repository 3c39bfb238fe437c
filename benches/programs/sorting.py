# Sorting: the built-in with and without a key, and three of our own.
N = 1


def numbers(n):
    x = 1
    out = []
    for _ in range(n):
        x = (x * 75 + 74) % 65537
        out.append(x)
    return out


def insertion(a):
    for i in range(1, len(a)):
        x = a[i]
        j = i
        while j and a[j - 1] > x:
            a[j] = a[j - 1]
            j -= 1
        a[j] = x


def merge(a):
    if len(a) < 2:
        return a
    left, right = merge(a[: len(a) // 2]), merge(a[len(a) // 2 :])
    out = []
    while left and right:
        out.append(left.pop() if left[-1] > right[-1] else right.pop())
    return left + right + out[::-1]


def quick(a, low, high):
    while low < high:
        pivot = a[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while a[i] < pivot:
                i += 1
            while a[j] > pivot:
                j -= 1
            if i <= j:
                a[i], a[j] = a[j], a[i]
                i += 1
                j -= 1
        quick(a, low, j)
        low = i


for _ in range(N):
    data = numbers(150)
    expected = sorted(data)
    a, b = data[:], data[:]
    insertion(a)
    quick(b, 0, len(b) - 1)
    by_key = sorted(data, key=lambda v: (v % 10, -v))
    print(a == expected, b == expected, merge(data) == expected, by_key[:3], sorted(data, reverse=True)[0])
