# sort: stable, key, reverse, in place.
words = ["pear", "fig", "apple", "kiwi", "date", "plum"]
words.sort()
print(words)
words.sort(key=len)
print(words)
words.sort(key=lambda w: w[-1], reverse=True)
print(words)
pairs = [(i % 3, i) for i in range(10)]
pairs.sort(key=lambda p: p[0])
print(pairs)
n = [5, 2, 9, 1]
print(n.sort(), n)
n.sort(reverse=True)
print(n)
empty, one = [], [7]
empty.sort()
one.sort()
print(empty, one, sorted([True, 0, 2.5, -1]), sorted("hello"), sorted({3: 1, 1: 2}))
try:
    [1, "a"].sort()
except TypeError:
    print("TypeError")
