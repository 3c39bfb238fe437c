# A cache that forgets what was least recently used.
class Cache:
    def __init__(self, size, load):
        self.size = size
        self.load = load
        self.items = {}
        self.hits = self.misses = 0

    def get(self, key):
        if key in self.items:
            self.hits += 1
            value = self.items.pop(key)
        else:
            self.misses += 1
            if len(self.items) >= self.size:
                oldest = next(iter(self.items))
                print("forget", oldest)
                del self.items[oldest]
            value = self.load(key)
        self.items[key] = value
        return value


c = Cache(3, lambda k: k * k)
for k in (1, 2, 3, 1, 4, 1, 5, 2, 1, 1):
    print(k, c.get(k))
print(c.hits, c.misses, list(c.items.items()))
for k in range(6, 40):
    c.load = lambda k: -k
    if k % 3:
        c.size = 40
        c.get(k % 9)
print(c.hits, c.misses, sum(c.items.values()))
