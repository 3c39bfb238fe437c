# Dictionaries: counting, grouping, looking up and deleting.
N = 1


def numbers(n):
    x = 1
    for _ in range(n):
        x = (x * 75 + 74) % 65537
        yield x


counts = {}
for v in numbers(1500 * N):
    key = v % 211
    counts[key] = counts.get(key, 0) + 1
groups = {}
for key, n in counts.items():
    groups.setdefault(n, []).append(key)
names = {"item%d" % k: n for k, n in counts.items()}
hits = 0
for i in range(0, 400):
    if "item%d" % i in names:
        hits += names["item%d" % i]
for k in list(names):
    if names[k] % 2:
        del names[k]
print(len(counts), sum(counts.values()), len(groups), hits, len(names))
